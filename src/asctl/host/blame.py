"""What a plugin raised, in words: what plugins raise may not even be able to say what it is."""

from __future__ import annotations

import os
import sys
import traceback

from asctl.host.checks import name_of

_LONGEST = 200
_OURS = {"asctl", "pluggy", "importlib_metadata"}
"""What brings plugins in. The last one takes the standard library's place as soon as anything imports it, as keyring does."""


def in_words(error: BaseException) -> str:
    """An exception on one line, with the place in the plugin where it came from, as far as both are known."""
    name, place = name_of(error), place_of(error)
    try:
        said = " ".join(str(error).split())[:_LONGEST]
    except BaseException:  # its own words are code of the plugin's
        said = ""
    words = f"{name}: {said}" if said else name
    return f"{words} ({place})" if place and not isinstance(error, SyntaxError) else words


def class_and_place(error: BaseException) -> str:
    """As :func:`in_words`, without its own words: they may quote what the plugin was given."""
    place = place_of(error)
    return f"{name_of(error)} ({place})" if place else name_of(error)


def place_of(error: BaseException) -> str:
    """File, line and function in which a plugin's own code was last, such as ``asctl_swift.py line 41 in track``; empty where none
    of it was at work. What it imports from elsewhere is not meant, nor is the folder told."""
    frames = [
        (str(frame.f_globals.get("__name__")).partition(".")[0], frame.f_code, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    theirs = [frame for frame in frames if frame[0] not in _OURS and frame[0] not in sys.stdlib_module_names]
    if not theirs:
        return ""
    _root, code, line = [frame for frame in theirs if frame[0] == theirs[0][0]][-1]
    where = f"{os.path.basename(code.co_filename)} line {line}"
    return where if code.co_name == "<module>" else f"{where} in {code.co_name}"


def traceback_of(error: BaseException) -> list[str]:
    """Its traceback, line by line. For the warden to call: an exception's words are code of the plugin's."""
    return "".join(traceback.format_exception(error)).rstrip().splitlines()
