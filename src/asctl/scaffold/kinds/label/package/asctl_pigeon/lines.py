"""What stands on a label, as lines of text: pure functions."""

from collections.abc import Iterator
from unicodedata import east_asian_width

from asctl.api import LabelContent, china_text


def lines_of(label: LabelContent) -> Iterator[str]:
    """What stands on a label, line by line. The texts are ready for people, the customer is masked already."""
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
    yield f"{label.approved_by} {china_text(label.approved_at)} / {china_text(label.valid_until)}"


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
