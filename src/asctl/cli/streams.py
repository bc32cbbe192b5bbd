"""Writing to stdout when the reader may have gone away or the disk may be full."""

from __future__ import annotations

import contextlib
import os
import sys

TYPE_CHECKING = False  # what ``typing`` offers, without the time its import takes
if TYPE_CHECKING:
    from typing import NoReturn, TextIO


def put(stream: TextIO, text: str = "") -> OSError | None:
    """Write and send all that is buffered. Returns what went wrong; the stream then leads nowhere, so that Python's own
    flush at exit does not meet the same trouble again."""
    try:
        stream.write(text)
        stream.flush()
    except OSError as error:
        _lead_nowhere(stream)
        return error
    return None


def own_streams(stdout: TextIO, stderr: TextIO) -> tuple[TextIO, TextIO]:
    """Both on descriptors that only we know. Number 1, which libraries and processes of plugins write to, leads to ``stderr``
    from here on; in a process that a plugin forks ours lead nowhere, so that nobody waits for it to close them."""
    own = _own(stdout, 1), _own(stderr, 2)
    if own[0] is not stdout:
        os.dup2(stderr.fileno(), 1)
    for stream in {*own} - {stdout, stderr}:
        os.register_at_fork(after_in_child=lambda stream=stream: _lead_nowhere(stream))
    return own


def leave(code: int, *streams: TextIO) -> NoReturn:
    """End the process now, once the streams are written: threads, processes and exit handlers that plugins left behind have no
    say in when it ends, and with what."""
    if "multiprocessing" in sys.modules:
        with contextlib.suppress(Exception):
            for child in sys.modules["multiprocessing"].active_children():
                child.kill()
    for stream in streams:
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _own(stream: TextIO, number: int) -> TextIO:
    try:
        if stream.fileno() != number:
            return stream
    except OSError:  # a stream in memory has none
        return stream
    by_line = number == 2 or stream.isatty()
    return open(os.dup(number), "w", 1 if by_line else -1, stream.encoding, stream.errors)


def _lead_nowhere(stream: TextIO) -> None:
    try:
        descriptor = stream.fileno()
    except OSError:  # a stream in memory has none
        return
    os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)
