"""The PDF renderer: one file, one or more pages for each label (T10, R11-R13)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from asctl.api import Context, LabelContent, LabelForm, RenderedLabels
from asctl_labels.batch import draw_batch
from asctl_labels.canvas import PdfCanvas
from asctl_labels.fonts import Typefaces
from asctl_labels.layout import standard_layout


class PdfLabels:
    """A :class:`~asctl.api.LabelRenderer`. The same labels give the same bytes."""

    def __init__(self, context: Context) -> None:
        """Nothing of the context is needed: no settings, no network, no clock."""

    def layout(self, size: str) -> str:
        """The TOML text of a size's standard layout. Raises :class:`BadInput` (``unknown_size``)."""
        return standard_layout(size)

    def render(self, labels: Iterable[LabelContent], form: LabelForm, out: BinaryIO) -> RenderedLabels:
        """Write one PDF with every label in order, or nothing at all. Raises what :func:`draw_batch` does.

        A page no longer takes memory when the next one begins, so ``labels`` may be a stream without end in sight.
        """
        return draw_batch(labels, form, out, _canvas)


def _canvas(width: float, height: float, faces: Typefaces, first: LabelContent) -> PdfCanvas:
    return PdfCanvas(width, height, faces, first.approved_at)
