"""Tax arithmetic to the cent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.domain.tax import add_up, split, spread, to_cent

RATES = st.sampled_from([Decimal(rate) for rate in ("0.17", "0.13", "0.09", "0.06", "0.05", "0.03", "0.01", "0")])
CENTS = st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100)


@pytest.mark.parametrize(
    ("gross", "rate", "net", "tax"),
    [
        ("180.00", "0.09", "165.14", "14.86"), ("1.00", "0.13", "0.88", "0.12"), ("5.65", "0.13", "5.00", "0.65"),
        ("226.00", "0.13", "200.00", "26.00"), ("0.01", "0.13", "0.01", "0.00"), ("7.00", "0", "7.00", "0.00"),
    ],
)  # fmt: skip
def test_split(gross: str, rate: str, net: str, tax: str) -> None:
    """The amounts that providers were seen to print."""
    assert split(Decimal(gross), Decimal(rate)) == (Decimal(net), Decimal(tax))


@given(CENTS, RATES)
def test_split_adds_up_and_fits_its_rate(gross: Decimal, rate: Decimal) -> None:
    """Net and tax are the gross exactly, neither is below zero, and the tax is that of the net to within a cent."""
    net, tax = split(gross, rate)
    assert net + tax == gross
    assert net >= 0 <= tax
    assert abs(net * rate - tax) <= Decimal("0.01")


def test_half_a_cent_goes_up() -> None:
    """Half up, not to the even cent, and away from zero for what is negative."""
    assert [to_cent(Decimal(x)) for x in ("0.005", "0.015", "0.025", "-0.005")] == [
        Decimal(x) for x in ("0.01", "0.02", "0.03", "-0.01")
    ]


def test_spread_of_a_refund() -> None:
    """What does not come out even falls where the roundings meet, not on the last line."""
    parts = spread(Decimal("10.00"), [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")])
    assert parts == (Decimal("3.33"), Decimal("3.34"), Decimal("3.33"))


@given(st.lists(CENTS, min_size=1, max_size=12), st.integers(0, 10_000))
def test_spread_adds_up_within_each_part(over: list[Decimal], per_myriad: int) -> None:
    """No part exceeds its own or falls below zero, and all of them are the amount exactly."""
    amount = to_cent(add_up(over) * per_myriad / 10_000)
    parts = spread(amount, over)
    assert sum(parts) == amount
    assert all(0 <= part <= whole for part, whole in zip(parts, over, strict=True))


@pytest.mark.parametrize(
    ("amount", "over"), [("1.01", ["1.00"]), ("-0.01", ["1.00"]), ("0.00", ["-1.00"]), ("0.01", [])]
)
def test_what_cannot_be_spread(amount: str, over: list[str]) -> None:
    """More than there is, or less than nothing, is a mistake of the caller."""
    with pytest.raises(ValueError, match="cannot be shared"):
        spread(Decimal(amount), [Decimal(part) for part in over])


def test_nothing_spread_over_nothing() -> None:
    """Lines of no value get no part, and the sum of none has its two places."""
    assert spread(Decimal("0.00"), [Decimal(0), Decimal(0)]) == (Decimal(0), Decimal(0))
    assert str(add_up([])) == "0.00"
