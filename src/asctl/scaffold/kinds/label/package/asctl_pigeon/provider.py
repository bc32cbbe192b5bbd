"""The capability: ``LabelRenderer``. No network, no clock: the same labels give the same bytes."""

from collections.abc import Iterable
from typing import BinaryIO

from asctl.api import BadInput, Context, LabelContent, LabelForm, RenderedLabels
from asctl_pigeon import COLUMNS
from asctl_pigeon.lines import lines_of, wrapped

END = "\f"
"""What ends a label: a form feed. With ESC/POS, the bytes that cut."""


class PigeonLabels:
    """Draws."""

    def __init__(self, context: Context) -> None:
        """Every factory is handed a context; a renderer needs nothing of it."""

    def render(self, labels: Iterable[LabelContent], form: LabelForm, out: BinaryIO) -> RenderedLabels:
        """One page each. All of them are drawn before the first byte is written, so that a file is whole or not there."""
        columns = COLUMNS.get(form.size)
        if columns is None:
            hint = f"choose one of: {', '.join(COLUMNS)}"
            raise BadInput(f"there is no paper of the size {form.size[:20]!r}", code="unknown_size", hint=hint)
        pages = [_page(label, columns) for label in labels]
        if not pages:
            raise BadInput("there is no label to print", code="no_labels", hint="name an RMA: asctl rma list")
        out.write("".join(pages).encode("utf-8", "replace"))
        return RenderedLabels(pages=(1,) * len(pages))


def _page(label: LabelContent, columns: int) -> str:
    rows = [row for line in lines_of(label) for row in wrapped(line, columns)]
    return "\n".join(["-" * columns, *rows, END])
