"""Reading an answer's body within its limits of size and time."""

from __future__ import annotations

import time

from requests import Response

_PIECE = 64 * 1024


class TooLarge(Exception):
    """The body is larger than allowed; the rest was not read."""


class TooSlow(Exception):
    """The body did not end within the call's total time."""


def read_body(response: Response, most: int, deadline: float) -> bytes:
    """The whole body, decoded. ``deadline`` is on ``time.monotonic``.

    Raises :class:`TooLarge`, :class:`TooSlow`, or what urllib3 raises for a body that breaks off. The connection goes
    back to the pool only when all was read.
    """
    if _announced(response) > most:
        raise TooLarge
    pieces: list[bytes] = []
    size = 0
    # read1 returns after one packet, so a far side that drips bytes cannot outwait the deadline.
    while piece := response.raw.read1(_PIECE, decode_content=True):
        pieces.append(piece)
        size += len(piece)
        if size > most:
            raise TooLarge
        if time.monotonic() > deadline:
            raise TooSlow
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _announced(response: Response) -> int:
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isascii() and length.isdigit() else 0
