"""Our own courier codes with their Chinese names, and what a waybill's shape hints at.

The list is not closed: a courier spec may serve codes of its own (``ProviderSpec.couriers``), which then go without a
Chinese name and are never guessed.
Platforms spell couriers differently (reference/couriers/README.md section 3), so each plugin maps its own codes to
these and never compares strings across platforms. Shapes overlap: they are hints, not proof (section 4).
"""

from __future__ import annotations

import re

NAMES = {
    "sf": "顺丰速运",
    "zto": "中通快递",
    "yto": "圆通速递",
    "sto": "申通快递",
    "yunda": "韵达快递",
    "jd": "京东快递",
    "jt": "极兔速递",
    "ems": "EMS",
    "post": "邮政快递包裹",
    "deppon": "德邦快递",
    "best": "百世快递",
}

_STRONG_SHAPES = (
    ("sf", re.compile(r"SF\d{13}")),
    ("yto", re.compile(r"YT\d{13}")),
    ("yunda", re.compile(r"YD\d{13}(\d{2})?")),
    ("jd", re.compile(r"JD[A-Z]{0,2}\d{11,18}")),
    ("jt", re.compile(r"JT\d{13}")),
    ("ems", re.compile(r"[A-Z]{2}\d{9}CN")),
    ("deppon", re.compile(r"DPK\d{12}")),
    ("zto", re.compile(r"7[356789]\d{12}")),
    ("sto", re.compile(r"77\d{13}")),
)
_IN_TEXT = re.compile(rf"(?<![0-9A-Z])(?:{'|'.join(shape.pattern for _courier, shape in _STRONG_SHAPES)})(?![0-9A-Z])")


def guess_courier(waybill: str) -> str | None:
    """The one courier whose unmistakable shape the waybill has, or ``None``; weak shapes are never guessed from."""
    return next((courier for courier, shape in _STRONG_SHAPES if shape.fullmatch(waybill)), None)


def waybills_in(text: str) -> tuple[str, ...]:
    """The waybills of unmistakable shape that stand in a longer text, each once; ``text`` is in upper case."""
    return tuple(dict.fromkeys(found[0] for found in _IN_TEXT.finditer(text)))
