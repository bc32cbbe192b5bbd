"""A PDF file written object by object, so that what is finished no longer takes memory (ISO 32000-1, 7.3 to 7.5)."""

from __future__ import annotations

import zlib
from array import array
from typing import IO

_HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"  # the four bytes tell transports that the file is no text
_LATER = 0


class PdfFile:
    """Objects by number, in the order in which they are put into ``out``. All that is kept of one is its place."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._places = array("Q")
        self._end = 0
        self._write(_HEAD)

    def reserve(self) -> int:
        """The number of an object that others may refer to before it is put."""
        self._places.append(_LATER)
        return len(self._places)

    def put(self, body: bytes, number: int = 0) -> int:
        """Write an object, under a reserved ``number`` if one is given, and return its number."""
        number = number or self.reserve()
        self._places[number - 1] = self._end
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
        return number

    def put_stream(self, data: bytes, entries: bytes = b"") -> int:
        """Write a compressed stream, with further ``entries`` of its dictionary, and return its number."""
        packed = zlib.compress(data)
        head = b"<<%b/Filter/FlateDecode/Length %d>>" % (entries, len(packed))
        return self.put(b"%b\nstream\n%b\nendstream" % (head, packed))

    def close(self, catalog: int, info: int) -> None:
        """Write the table of all places. Every reserved object must have been put."""
        start, size = self._end, len(self._places) + 1
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
        for place in self._places:
            self._write(b"%010d 00000 n \n" % place)
        self._write(b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R>>\n" % (size, catalog, info))
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._end += len(data)
