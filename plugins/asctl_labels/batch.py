"""A batch of labels into one file: the same course for every format."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from typing import BinaryIO

from asctl.api import BadInput, LabelContent, LabelForm, RenderedLabels
from asctl.api import translate as _
from asctl_labels.fonts import Typefaces
from asctl_labels.layout import load_layout
from asctl_labels.painter import Painter
from asctl_labels.sheet import label_surface
from asctl_labels.surface import Surface

Begin = Callable[[float, float, Typefaces, LabelContent], Surface]
"""Makes a surface for papers of (width, height) points; the label is the first of the batch."""


def draw_batch(labels: Iterable[LabelContent], form: LabelForm, out: BinaryIO, begin: Begin) -> RenderedLabels:
    """Draw labels one after the other and write the file, or nothing at all.

    Raises :class:`BadInput` for an unknown size (``unknown_size``), a number that no code of that size can hold
    (``unprintable_code``), and for no labels (``no_labels``); :class:`BadConfiguration` for a bad layout.
    """
    layout, faces = load_layout(form), Typefaces()
    rest = iter(labels)
    first = next(rest, None)
    if first is None:
        raise BadInput(
            _("there is no label to print"), code="no_labels", hint=_("name at least one RMA: asctl rma list")
        )
    surface = label_surface(form.size, layout, lambda width, height: begin(width, height, faces, first))
    painter = Painter(surface, layout, faces)
    pages = tuple(painter.label(content) for content in chain([first], rest))
    surface.save(out)
    return RenderedLabels(pages, frozenset(faces.missing))
