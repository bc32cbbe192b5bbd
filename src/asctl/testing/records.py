"""What a provider made of a record, beside the record as it stands in the world."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from asctl.testing.rules import expect

_CENT = -2


def same(told: Any, stands: Any, needed: Iterable[str], welcome: Iterable[str] = (), what: str = "") -> None:
    """Every field ``needed`` is as it stands; those that are ``welcome`` are so, or are not told at all.

    Raises :class:`~asctl.testing.rules.Broken`, which names the field and no person's data.
    """
    for name in needed:
        seen, wanted = getattr(told, name), getattr(stands, name)
        expect(seen == wanted, f"{what}{name} is {seen!r}, and should be {wanted!r}")
    empty = {field.name: field.default for field in fields(stands)}
    for name in welcome:
        seen, wanted = getattr(told, name), getattr(stands, name)
        expect(seen in (wanted, empty[name]), f"{what}{name} is {seen!r}, and should be {wanted!r}, or empty")


def zoned(record: Any) -> None:
    """Every moment in a record, and in the records inside, names its zone."""
    for name, value in _values(record):
        if isinstance(value, datetime):
            expect(value.tzinfo is not None, f"{name} names no zone: {value.isoformat()}")


def exact(record: Any) -> None:
    """Every amount in a record is a ``Decimal`` with at most two places. No field of the records is a ``float``."""
    for name, value in _values(record):
        expect(not isinstance(value, float), f"{name} is a float: {value!r}; amounts are Decimal")
        if isinstance(value, Decimal):
            expect(value == value.quantize(Decimal(1).scaleb(_CENT)), f"{name} has more than two places: {value}")


def _values(record: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if is_dataclass(record):
        for field in fields(record):
            yield from _values(getattr(record, field.name), f"{name}.{field.name}".lstrip("."))
    elif isinstance(record, tuple):
        for place, item in enumerate(record):
            yield from _values(item, f"{name}.{place}")
    else:
        yield name, record
