"""Return labels as plain text: ``LabelRenderer``. For receipt printers, and for reading what a label would say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO
from unicodedata import east_asian_width

from asctl.api import BadInput, Context, LabelContent, LabelForm, RenderedLabels, china_text
from asctl.api import translate as _

COLUMNS = {"100x150": 48, "76x130": 36}
"""So many narrow characters stand in a line of each size; Chinese ones count for two."""
_NEXT_PAGE = "\f"


class TextLabels:
    """No network, no clock, no settings: the same labels give the same bytes."""

    def __init__(self, context: Context) -> None:
        """Every factory is handed a context; a renderer needs nothing of it."""

    def render(self, labels: Iterable[LabelContent], form: LabelForm, out: BinaryIO) -> RenderedLabels:
        """One page each, with a form feed between them. Text can hold every character, so none is missing.

        Raises :class:`BadInput`: ``unknown_size``, ``no_labels``.
        """
        if form.size not in COLUMNS:
            raise BadInput(
                _("labels of text have no size {size!r}").format(size=form.size[:20]),
                code="unknown_size",
                hint=_("choose one of: {sizes}").format(sizes=", ".join(COLUMNS)),
            )
        pages = ["\n".join(_page(label, COLUMNS[form.size])) + "\n" for label in labels]
        if not pages:
            raise BadInput(
                _("there is no label to print"), code="no_labels", hint=_("name at least one RMA: asctl rma list")
            )
        out.write(_NEXT_PAGE.join(pages).encode("utf-8", "replace"))
        return RenderedLabels(pages=(1,) * len(pages))


def _page(label: LabelContent, columns: int) -> Iterator[str]:
    for line in _lines(label):
        yield from _wrapped(" ".join(line.split()), columns)


def _lines(label: LabelContent) -> Iterator[str]:
    """What stands on a label is ready for people; what is empty has no line."""
    yield label.rma
    yield f"{label.kind} {label.reason}"
    yield f"{label.shop} {label.order_id}"
    yield f"{label.customer} {label.contact}"
    yield f"-> {label.return_name} {label.return_phone}"
    yield label.return_address
    if label.waybill:
        yield f"{label.courier} {label.waybill}"
    for goods in label.goods:
        yield f"{goods.quantity} x {goods.title} {goods.sku} {goods.rma}"
    for case in label.others:
        yield f"+ {case.rma} {case.kind} {case.reason} {case.order_id}"
    yield f"{label.approved_by} {china_text(label.approved_at)} / {china_text(label.valid_until)}"


def _wrapped(line: str, columns: int) -> Iterator[str]:
    """A line as wide as the paper, broken where it is full: addresses have no blanks to break at."""
    row, width = "", 0
    for character in line:
        wide = 2 if east_asian_width(character) in "WF" else 1
        if width + wide > columns:
            yield row
            row, width = "", 0
        row, width = row + character, width + wide
    yield row
