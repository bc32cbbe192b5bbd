"""What a label says, as the words that layouts may use in braces."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from asctl.api import CHINA, LabelContent
from asctl_labels.text import clean

Words = Mapping[str, str]

_CONTENT_WORDS = (
    "rma",
    "qr",
    "order_id",
    "shop",
    "kind",
    "reason",
    "customer",
    "contact",
    "return_name",
    "return_phone",
    "return_address",
    "approved_by",
    "courier",
    "waybill",
)
_CASE_WORDS = ("rma", "order_id", "kind", "reason")
_TAIL = 5  # digits at the end of an RMA number: the day's count and the check digit

WORDS = frozenset(
    {
        *_CONTENT_WORDS,
        "valid_until",
        "approved_at",
        "goods_count",
        "cases_count",
        "others",
        "reprint",
        "page",
        "goods_here",
    }
)
"""Words of a page."""
GOODS_WORDS = frozenset({"title", "sku", "quantity", "rma"})
"""Words of a row of goods."""
CASE_WORDS = frozenset(_CASE_WORDS)
"""Words of a row of the table of cases."""

TYPICAL = {
    "rma": "RMA2611210001X",
    "waybill": "SF1234567890123",
    "order_id": "4012345678901234567",
    "qr": "ASCTL1|RMA2611210001X|4012345678901234567|flagship",
}
"""Numbers of usual length, to see whether a layout has room for their codes."""


def label_words(content: LabelContent) -> dict[str, str]:
    """Every word but those of a single page, cleaned; dates are China's.

    ``reprint`` is empty on the first print, ``others`` and ``cases_count`` where the parcel holds one case.
    """
    words = {name: clean(getattr(content, name)) for name in _CONTENT_WORDS}
    pieces = sum(line.quantity for line in content.goods)
    return words | {
        "valid_until": _day(content.valid_until),
        "approved_at": _day(content.approved_at),
        "goods_count": f"共 {len(content.goods)} 种 {pieces} 件",
        "cases_count": str(1 + len(content.others)) if content.others else "",
        "others": "  ".join(clean(case.rma) for case in content.others),
        "reprint": "补打" if content.reprint else "",
    }


def page_words(page: int, pages: int, lines: int) -> dict[str, str]:
    """Which page of how many, empty where there is only one; how many ``lines`` of goods stand on it, empty for none."""
    return {"page": f"第 {page}/{pages} 页" if pages > 1 else "", "goods_here": str(lines or "")}


def goods_words(content: LabelContent) -> list[dict[str, str]]:
    """The words of each line of goods; ``rma`` is the end of its case's number, empty where the parcel holds one case."""
    short = _short_numbers({content.rma, *(case.rma for case in content.others)}) if content.others else {}
    return [
        {
            "title": clean(line.title),
            "sku": clean(line.sku),
            "quantity": str(line.quantity),
            "rma": clean(short.get(line.rma, line.rma)) if content.others else "",
        }
        for line in content.goods
    ]


def case_words(content: LabelContent) -> list[dict[str, str]]:
    """The words of each other case in the parcel."""
    return [{name: clean(getattr(case, name)) for name in _CASE_WORDS} for case in content.others]


def _short_numbers(numbers: Collection[str]) -> dict[str, str]:
    """The ends of RMA numbers, where those tell them apart."""
    apart = len({number[-_TAIL:] for number in numbers}) == len(numbers)
    return {number: "…" + number[-_TAIL:] for number in numbers if len(number) > _TAIL} if apart else {}


def _day(moment: datetime) -> str:
    return moment.astimezone(CHINA).strftime("%Y-%m-%d")
