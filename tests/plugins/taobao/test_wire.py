from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl_taobao.wire import figure, listed, money, optional_moment, root_of, text, waybill, written, yes

ROW = {"tid": 1, "status": "X"}


@pytest.mark.parametrize(
    ("member", "rows"),
    [
        (None, []),
        ([], []),
        ([ROW], [ROW]),
        ({"trade": [ROW, ROW]}, [ROW, ROW]),
        ({"trade": ROW}, [ROW]),
        ({"trade": {"tid": 1}}, [{"tid": 1}]),
        ({"trade": None}, []),
        ({"trade": []}, []),
        (ROW, [ROW]),
        ({"string": ["a", "b"]}, ["a", "b"]),
    ],
)
def test_listed(member: Any, rows: list[Any]) -> None:
    """A list is read from every form it has been seen in, whatever its inner name."""
    assert listed(member) == rows


@given(st.lists(st.dictionaries(st.text(), st.integers())), st.text())
def test_any_inner_name(rows: list[dict[str, int]], inner: str) -> None:
    """The inner name never matters."""
    assert listed({inner: rows}) == rows == listed(rows)


def test_written() -> None:
    """Business parameters are written as section 1.2 says; times in China."""
    assert written(True) == "true"
    assert written(False) == "false"
    assert written(("a", "b")) == "a,b"
    assert written(40) == "40"
    assert written(datetime(2026, 1, 1, 16, 0, tzinfo=UTC)) == "2026-01-02 00:00:00"


@pytest.mark.parametrize(
    ("method", "root"),
    [
        ("taobao.trade.fullinfo.get", "trade_fullinfo_get_response"),
        ("tmall.exchange.receive.get", "tmall_exchange_receive_get_response"),
        ("alibaba.einvoice.apply.get", "alibaba_einvoice_apply_get_response"),
    ],
)
def test_root(method: str, root: str) -> None:
    """Only the prefix taobao is dropped."""
    assert root_of(method) == root


def test_identifiers_are_text() -> None:
    """Nineteen digits survive, as number or as text."""
    assert text(4000000000000000101) == text(" 4000000000000000101 ") == "4000000000000000101"


def test_waybill_typed_by_hand() -> None:
    """A return waybill typed with blanks, small letters and full width becomes the usual form."""
    assert waybill(" yt ０００１ 23\n") == "YT000123"
    assert waybill(None) == ""


@pytest.mark.parametrize("odd", [None, "", "0000-00-00 00:00:00", "明天"])
def test_odd_optional_time(odd: Any) -> None:
    """A time that is none counts as absent."""
    assert optional_moment(odd) is None


def test_money() -> None:
    """Yuan as text or number; absent is zero; nonsense is an error and not zero."""
    assert money("200.07") == Decimal("200.07")
    assert money(None) == money("") == Decimal("0.00")
    with pytest.raises(ValueError, match="amount"):
        money("免费")


@pytest.mark.parametrize(
    ("value", "flag"), [(True, True), ("true", True), (False, False), ("False", False), (None, False)]
)
def test_flags(value: object, flag: bool) -> None:
    """A flag may come as text; one that is absent says no."""
    assert yes(value) is flag


def test_figures() -> None:
    """Places are kept, absence is told apart from zero, and what is no number is not let through."""
    assert [figure(value) for value in ("0.130", 2, 0, "", None)] == [
        Decimal("0.130"),
        Decimal(2),
        Decimal(0),
        None,
        None,
    ]
    for wrong in ("NaN", "-Infinity", "13%"):
        with pytest.raises((ArithmeticError, ValueError)):
            figure(wrong)
