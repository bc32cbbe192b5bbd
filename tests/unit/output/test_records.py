from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

from asctl.domain.orders import OrderStatus
from asctl.output.records import RecordShape, batch_shape, plain

SHAPE = RecordShape("thing", ("name", "size", "error_code"), ("name",))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (datetime(2026, 11, 21, 4, 0, 0, 999, tzinfo=UTC), "2026-11-21T12:00:00+08:00"),
        (Decimal("0E-2"), "0.00"),
        (Decimal("1200.50"), "1200.50"),
        (OrderStatus.TO_SHIP, "to_ship"),
        (("b", "a"), ["b", "a"]),
        (frozenset({"b", "a"}), ["a", "b"]),
        ("", None),
        (None, None),
        (0, 0),
        (False, False),
    ],
)
def test_plain_values(value: object, shown: object) -> None:
    """Times carry an offset, money is decimal text, enums are their value, empty text is absent."""
    assert plain(value) == shown


def test_a_record_has_every_field() -> None:
    """Fields come from values first, then from the object; a failed row's fields wait empty."""
    assert SHAPE.of(SimpleNamespace(name="a", size=1), size=2) == {"name": "a", "size": 2, "error_code": None}
    assert SHAPE.record(name="a") == {"name": "a", "size": None, "error_code": None}


def test_a_misspelt_field_is_found_at_once() -> None:
    """A field that the shape does not have, or the object does not give, is an error of the programmer."""
    with pytest.raises(TypeError, match="naem"):
        SHAPE.record(naem="a")
    with pytest.raises(AttributeError):
        SHAPE.of(SimpleNamespace(name="a"))


def test_a_batch_record_frames_the_object() -> None:
    """One record per input: input and status first, the error last."""
    shape = batch_shape("label", ("rma", "file"), whole=("file",))
    assert shape.fields == ("input", "status", "rma", "file", "error_family", "error_code", "error_message")
    assert shape.table == ("input", "status", "rma", "file", "error_message")
    assert shape.outcome
