"""The ZPL renderer: every page as graphics, so that what was proved to scan is what Zebra's printers burn (T10).

From Zebra's ZPL II programming guide: ``^GF`` takes at most 99,999 bytes of picture, a set bit is black; in ``Z64`` they
come deflated, in Base64, with the CRC-16 of the Base64. No text of people ever stands in the file.
"""

from __future__ import annotations

import zlib
from base64 import b64encode
from binascii import crc_hqx
from collections.abc import Iterable, Iterator
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from PIL import Image, ImageChops

from asctl.api import BadInput, Context, LabelContent, LabelForm, RenderedLabels
from asctl.api import translate as _
from asctl_labels import LABEL_SIZES
from asctl_labels.batch import draw_batch
from asctl_labels.layout import standard_layout
from asctl_labels.marks import dot_of
from asctl_labels.raster import Raster

_MOST_BYTES = 99_999  # in a graphic field
_IN_MEMORY = 4 * 1024 * 1024  # bytes of finished pages
# What another program may have left set in the printer: home, orientation, reversal, mirroring.
_FRESH = "^LH0,0^FWN^LRN^PMN"


class ZplLabels:
    """A :class:`~asctl.api.LabelRenderer`. The same labels give the same bytes."""

    def __init__(self, context: Context) -> None:
        """Nothing of the context is needed: no settings, no network, no clock."""

    def layout(self, size: str) -> str:
        """The TOML text of a size's standard layout. Raises :class:`BadInput` (``unknown_size``)."""
        return standard_layout(size)

    def render(self, labels: Iterable[LabelContent], form: LabelForm, out: BinaryIO) -> RenderedLabels:
        """Write one ZPL stream with every label in order, or nothing at all.

        Raises what :func:`draw_batch` and :func:`dot_of` do.
        """
        if form.size not in LABEL_SIZES:
            raise BadInput(
                _("label printers have no paper of size {size!r}").format(size=form.size[:20]),
                code="unknown_size",
                hint=_("choose one of: {sizes}").format(sizes=", ".join(LABEL_SIZES)),
            )
        dot = dot_of(form.dpi)
        return draw_batch(
            labels,
            form,
            out,
            lambda width, height, faces, _first: Raster(width, height, faces, dot, ZplFile()),
        )


class ZplFile:
    """Pages as ZPL formats, packed as they come, so that memory does not grow with their number."""

    def __init__(self) -> None:
        self._formats = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115

    def add(self, page: Image.Image) -> None:
        """Take the next page."""
        fields = "\n".join(_fields(ImageChops.invert(page)))
        self._formats.write(f"^XA^PW{page.width}^LL{page.height}{_FRESH}\n{fields}\n^XZ\n".encode())

    def write(self, out: BinaryIO) -> None:
        """Write all pages."""
        with self._formats:
            self._formats.seek(0)
            copyfileobj(cast(BinaryIO, self._formats), out)


def _fields(ink: Image.Image) -> Iterator[str]:
    """Graphic fields with all that is black, each as high as its bytes allow, without the white around it."""
    rows = _MOST_BYTES // -(-ink.width // 8)
    for top in range(0, ink.height, rows):
        band = ink.crop((0, top, ink.width, min(top + rows, ink.height)))
        place = band.getbbox()
        if place:
            picture = band.crop(place)
            yield f"^FO{place[0]},{top + place[1]}{_graphic(picture)}^FS"


def _graphic(picture: Image.Image) -> str:
    bits, row = picture.tobytes(), -(-picture.width // 8)
    data = b64encode(zlib.compress(bits))
    return f"^GFA,{len(bits)},{len(bits)},{row},:Z64:{data.decode()}:{crc_hqx(data, 0):04X}"
