"""Writing to stdout when the reader may have gone away or the disk may be full."""

from __future__ import annotations

import os

TYPE_CHECKING = False  # what ``typing`` offers, without the time its import takes
if TYPE_CHECKING:
    from typing import TextIO


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


def _lead_nowhere(stream: TextIO) -> None:
    try:
        descriptor = stream.fileno()
    except OSError:  # a stream in memory has none
        return
    os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)
