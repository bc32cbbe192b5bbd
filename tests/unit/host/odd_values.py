"""Values that no plugin may answer with, most of them; some harm whoever touches them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from asctl.api import ParcelStatus, TrackAnswer, TrackQuery, Unavailable

QUERY = TrackQuery("sto", "773000000000001")


class Odd:
    """Claims to be anything, and raises wherever it is touched."""

    __class__ = property(lambda _self: tuple)

    def __getattr__(self, name: str) -> Any:
        raise SystemError(name)

    def __len__(self) -> int:
        raise SystemError

    __iter__ = __eq__ = __bool__ = __hash__ = __len__  # type: ignore[assignment]


class Text(str):
    """Text with a mind of its own."""

    def __str__(self) -> str:
        raise SystemError

    __repr__ = __format__ = __str__  # type: ignore[assignment]


ODD = [
    None, 0, -1, True, 1.5, float("nan"), 2**70, "x", "", b"x", "\ud83d", (), (5,), [5], [None], {}, {1}, object(), type, len,
    Decimal("NaN"), date(2026, 1, 1), datetime(2026, 1, 1), datetime(1, 1, 1, tzinfo=UTC), timedelta.max,  # noqa: DTZ001
    ParcelStatus.LOST, QUERY, ValueError("x"), Odd(), Text("x"), TrackAnswer(QUERY), Unavailable(5), (Odd(),),  # type: ignore[arg-type]
]  # fmt: skip
