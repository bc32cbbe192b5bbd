"""TOP's shapes (reference/taobao-top.md sections 1.2 and 1.4): parameters out, members in."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from asctl.api import china_text, china_time, yuan

Row = Mapping[str, Any]
# The parameters that say which order or application a call is about.
SUBJECTS = ("tid", "refund_id", "dispute_id", "platform_tid")
ODD = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What reading a member raises that is missing or not what it should be."""

Value = str | int | bool | datetime | tuple[str, ...]


def written(value: Value) -> str:
    """A business parameter as the gateway wants it: lists joined by commas, times in China, ``true`` and ``false``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return china_text(value)
    if isinstance(value, tuple):
        return ",".join(value)
    return str(value)


def root_of(method: str) -> str:
    """The one member an answer to ``method`` has."""
    return method.removeprefix("taobao.").replace(".", "_") + "_response"


def listed(value: Any) -> list[Any]:
    """A list member, however it came: absent, plain, inside its wrapper, or as the single object of old data."""
    if isinstance(value, dict) and len(value) == 1:
        value = next(iter(value.values()))
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def text(value: Any) -> str:
    """Text and numbers alike (every id may come as either) as trimmed text; absent is empty."""
    return "" if value is None else str(value).strip()


def waybill(value: Any) -> str:
    """A waybill as our other parts write it: half width, upper case, no blanks (buyers type theirs by hand)."""
    return "".join(unicodedata.normalize("NFKC", text(value)).split()).upper()


def moment(value: Any) -> datetime:
    """A time that must be there, at +08:00. Raises ``ValueError``."""
    return china_time(text(value))


def optional_moment(value: Any) -> datetime | None:
    """A time that may be absent; one that is no time counts as absent, so that it never loses the order."""
    try:
        return moment(value)
    except ValueError:
        return None


def yes(value: Any) -> bool:
    """A flag, as JSON has it or as text; absent is no."""
    return text(value).lower() == "true"


def figure(value: Any) -> Decimal | None:
    """A number of any places; absent is ``None``. Raises ``ValueError`` or ``ArithmeticError`` for what is none."""
    told = text(value)
    number = Decimal(told) if told else None
    if number is not None and not number.is_finite():
        raise ValueError(f"not a number: {told!r}")
    return number


def money(value: Any) -> Decimal:
    """Yuan; absent is zero. Raises ``ValueError``."""
    return yuan(text(value) or 0)
