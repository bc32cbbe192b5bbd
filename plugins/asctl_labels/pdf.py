"""The PDF renderer: one file, one or more pages for each label (T10, R11-R13)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import BinaryIO

from asctl.api import BadInput, Context, LabelContent, RenderedLabels
from asctl.api import translate as _
from asctl_labels.canvas import PdfCanvas
from asctl_labels.fonts import Typefaces
from asctl_labels.layout import load_layout
from asctl_labels.painter import MM, Painter


class PdfLabels:
    """A :class:`~asctl.api.LabelRenderer`. The same labels give the same bytes."""

    def __init__(self, context: Context) -> None:
        """Nothing of the context is needed: no settings, no network, no clock."""

    def render(self, labels: Iterable[LabelContent], size: str, out: BinaryIO) -> RenderedLabels:
        """Write one PDF with every label in order, or nothing at all.

        Raises :class:`BadInput` for an unknown size (``unknown_size``), a number that no barcode of that size can
        hold (``unprintable_code``), and for no labels (``no_labels``).
        """
        layout = load_layout(size)
        rest = iter(labels)
        first = next(rest, None)
        if first is None:
            raise BadInput(
                _("there is no label to print"), code="no_labels", hint=_("name at least one RMA: asctl rma list")
            )
        faces = Typefaces()
        canvas = PdfCanvas(layout.width * MM, layout.height * MM, faces, first.approved_at)
        painter = Painter(canvas, layout, faces)
        pages = tuple(painter.label(content) for content in chain([first], rest))
        canvas.save(out)
        return RenderedLabels(pages, frozenset(faces.missing))
