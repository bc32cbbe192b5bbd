"""Pigeon: return labels as plain text, for receipt printers. A whole plugin in one file.

It works as it stands. Put your printer's facts in place of Pigeon's, in the order of the numbers; after each, pytest
tells what does not fit yet. A renderer has no account, no network and no clock. Guide: asctl help authors
"""

from collections.abc import Iterable, Iterator
from typing import BinaryIO
from unicodedata import east_asian_width

from asctl import api

# 1. The sizes of paper, and how many narrow characters stand in a line of each; Chinese ones count for two.
COLUMNS = {"58mm": 32, "80mm": 48}
# 2. What ends a label: here a form feed. With ESC/POS, the bytes that cut.
END = "\f"


@api.hookimpl
def asctl_label_renderers() -> list[api.ProviderSpec]:
    """What this plugin offers: its id is what --format says."""
    limits = api.LabelLimits(sizes=tuple(COLUMNS), suffix=".txt")
    return [
        api.ProviderSpec(
            id="pigeon",
            title="Return labels as plain text",
            api_version=1,
            factory="asctl_pigeon:PigeonLabels",
            capabilities=(api.Capability("LabelRenderer", limits),),
        )
    ]


def lines_of(label: api.LabelContent) -> Iterator[str]:
    """3. What stands on a label, line by line. The texts are ready for people, the customer is masked already."""
    yield f"{label.rma}  {label.kind}  {label.reason}"
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
    yield f"{label.approved_by} {api.china_text(label.approved_at)} / {api.china_text(label.valid_until)}"


def wrapped(text: str, columns: int) -> Iterator[str]:
    """A line as wide as the paper, broken where it is full: addresses have no blanks to break at."""
    row, width = "", 0
    for character in " ".join(text.split()):
        wide = 2 if east_asian_width(character) in "WF" else 1
        if width + wide > columns:
            yield row
            row, width = "", 0
        row, width = row + character, width + wide
    yield row


class PigeonLabels:
    """The provider: LabelRenderer."""

    def __init__(self, context: api.Context) -> None:
        """Every factory is handed a context; a renderer needs nothing of it."""

    def render(self, labels: Iterable[api.LabelContent], form: api.LabelForm, out: BinaryIO) -> api.RenderedLabels:
        """One page each. All of them are drawn before the first byte is written, so that a file is whole or not there."""
        columns = COLUMNS.get(form.size)
        if columns is None:
            hint = f"choose one of: {', '.join(COLUMNS)}"
            raise api.BadInput(f"there is no paper of the size {form.size[:20]!r}", code="unknown_size", hint=hint)
        pages = [self._page(label, columns) for label in labels]
        if not pages:
            raise api.BadInput("there is no label to print", code="no_labels", hint="name an RMA: asctl rma list")
        out.write("".join(pages).encode("utf-8", "replace"))
        return api.RenderedLabels(pages=(1,) * len(pages))

    def _page(self, label: api.LabelContent, columns: int) -> str:
        rows = [row for line in lines_of(label) for row in wrapped(line, columns)]
        return "\n".join(["-" * columns, *rows, END])
