"""What may follow on a command line: verbs, options and choices from ``commands.json``, the rest from who knows it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from asctl.cli.completing.place import Node, Place
from asctl.text import _

if TYPE_CHECKING:
    from asctl.cli.completing.known import Candidates

PATIENCE_S = 1.5
"""So long may configuration, store and plugins take; who types has gone on by then."""
GRACE_S = 0.3
"""So long, after that, until the process is ended from outside the interpreter."""

PART = "part"
"""The kind of a value that is a name in the topic before it."""


def following(words: list[str], environ: Mapping[str, str]) -> tuple[str, Candidates]:
    """What may stand in place of the last of ``words``, and its kind: ``plain``, ``file`` or ``dir``.

    Raises whatever configuration, store and plugins raise.
    """
    before, begun = words[1:-1], words[-1]
    nodes = _nodes()
    place = Place(nodes, before)
    command = place.path.partition(" ")[0]
    if command not in nodes:
        from asctl.cli.completing.plugins import after_plugin_command, silent_run

        _hurry()
        return after_plugin_command(silent_run(place.config, environ), command, before, begun)
    if place.awaited:
        return _value(place.awaited, begun, place, environ)
    if begun.startswith("-") and not place.options_end:
        return _option(begun, place, environ)
    if place.verbs():
        return "plain", _verbs(begun, place, environ)
    argument = place.argument()
    return _value(argument, begun, place, environ) if argument else ("plain", _options(place))


def _nodes() -> dict[str, Node]:
    with open(os.path.join(os.path.dirname(__file__), "commands.json"), encoding="utf-8") as file:
        nodes: dict[str, Node] = json.load(file)
    return nodes


def _verbs(begun: str, place: Place, environ: Mapping[str, str]) -> Candidates:
    """The verbs; at the beginning of a line the commands, those of plugins only where none of ours begins so."""
    verbs = place.verbs()
    if not place.path and not any(name.startswith(begun) for name, _help in verbs):
        from asctl.cli.completing.plugins import plugin_commands, silent_run

        _hurry()
        return plugin_commands(silent_run(place.config, environ))
    return [(name, _sentence(help_)) for name, help_ in verbs]


def _option(begun: str, place: Place, environ: Mapping[str, str]) -> tuple[str, Candidates]:
    """The options; after ``--name=`` the values of that one."""
    name, equals, value = begun.partition("=")
    if not equals:
        return "plain", _options(place)
    option = place.option(name)
    if option is None:
        return "plain", ()
    kind, found = _value(option, value, place, environ)
    return kind, [(f"{name}={word}", about) for word, about in found]


def _options(place: Place) -> Candidates:
    return [(option["names"][0], _sentence(option["help"])) for option in place.options()]


def _value(taker: Node, begun: str, place: Place, environ: Mapping[str, str]) -> tuple[str, Candidates]:
    """The values of an option or argument."""
    takes = taker.get("takes", "")
    if isinstance(takes, list):
        return "plain", [(word, "") for word in takes]
    if takes in ("", "file", "dir"):
        return takes or "plain", ()
    if takes == PART:
        from asctl.cli.completing.parts import parts_of

        return "plain", parts_of(place.given[0], begun)
    from asctl.cli.completing.known import known

    _hurry()
    return "plain", known(takes, begun, place.config, environ)


def _sentence(text: str) -> str:
    """The first sentence of a help text, in the language of the user."""
    told = _(text)
    return told.partition(". ")[0].partition("。")[0].rstrip(".")


def _hurry() -> None:
    """Answer soon or not at all, whatever a lock, a server or a plugin waits for. What holds the interpreter itself (a regular
    expression without end) is ended from outside of it, with exit 1; stderr leads nowhere by then."""
    import faulthandler
    import threading

    timer = threading.Timer(PATIENCE_S, os._exit, (0,))
    timer.daemon = True
    timer.start()
    faulthandler.dump_traceback_later(PATIENCE_S + GRACE_S, exit=True, file=2)
