"""What a label says, as the words that layouts may use in braces."""

from __future__ import annotations

from datetime import datetime

from asctl.api import CHINA, LabelContent
from asctl_labels.text import clean

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
WORDS = frozenset((*_CONTENT_WORDS, "valid_until", "approved_at", "goods_count", "reprint", "page"))
GOODS_WORDS = frozenset({"title", "sku", "quantity"})


def label_words(content: LabelContent) -> dict[str, str]:
    """Every word but ``page``, cleaned; dates are China's; ``reprint`` is empty on the first print."""
    words = {name: clean(getattr(content, name)) for name in _CONTENT_WORDS}
    pieces = sum(line.quantity for line in content.goods)
    return words | {
        "valid_until": _day(content.valid_until),
        "approved_at": _day(content.approved_at),
        "goods_count": f"共 {len(content.goods)} 种 {pieces} 件",
        "reprint": "补打" if content.reprint else "",
    }


def page_word(page: int, pages: int) -> str:
    """Which page of how many; empty where there is only one."""
    return f"第 {page}/{pages} 页" if pages > 1 else ""


def goods_words(content: LabelContent) -> list[dict[str, str]]:
    """The words of each line of goods."""
    return [
        {"title": clean(line.title), "sku": clean(line.sku), "quantity": str(line.quantity)} for line in content.goods
    ]


def _day(moment: datetime) -> str:
    return moment.astimezone(CHINA).strftime("%Y-%m-%d")
