"""The PNG renderer: one label as a picture in printer's dots, its pages below each other (T10)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import BinaryIO

from PIL import Image

from asctl.api import BadInput, Context, LabelContent, LabelForm, RenderedLabels
from asctl.api import translate as _
from asctl_labels.batch import draw_batch
from asctl_labels.layout import standard_layout
from asctl_labels.marks import dot_of
from asctl_labels.raster import Raster

_MM_PER_INCH = 25.4


class PngLabels:
    """A :class:`~asctl.api.LabelRenderer` of one label a file. The same label gives the same bytes."""

    def __init__(self, context: Context) -> None:
        """Nothing of the context is needed: no settings, no network, no clock."""

    def layout(self, size: str) -> str:
        """The TOML text of a size's standard layout. Raises :class:`BadInput` (``unknown_size``)."""
        return standard_layout(size)

    def render(self, labels: Iterable[LabelContent], form: LabelForm, out: BinaryIO) -> RenderedLabels:
        """Write the label's picture.

        Raises what :func:`draw_batch` and :func:`dot_of` do, and :class:`BadInput` for a second label
        (``one_label_a_file``).
        """
        one = list(islice(labels, 2))
        if len(one) > 1:
            raise BadInput(
                _("a PNG holds one label"),
                code="one_label_a_file",
                hint=_("draw each label into a file of its own, or all into a PDF"),
            )
        dot = dot_of(form.dpi)
        return draw_batch(
            one,
            form,
            out,
            lambda width, height, faces, _first: Raster(width, height, faces, dot, PngStrip(dot)),
        )


class PngStrip:
    """Pages of one height, one below the other, in dots of ``dot`` mm."""

    def __init__(self, dot: float) -> None:
        self._dpi = _MM_PER_INCH / dot
        self._pages: list[Image.Image] = []

    def add(self, page: Image.Image) -> None:
        """Take the next page."""
        self._pages.append(page)

    def write(self, out: BinaryIO) -> None:
        """Write the picture, which knows its resolution."""
        width, height = self._pages[0].size
        strip = Image.new("1", (width, height * len(self._pages)))
        for number, page in enumerate(self._pages):
            strip.paste(page, (0, number * height))
        strip.save(out, "PNG", dpi=(self._dpi, self._dpi))
