"""The machine's clock against the far side's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.capabilities.specs import ProviderKind
from asctl.domain.errors import CredentialsRefused
from asctl.services.account_checks import AccountState, Standing, judged_by_clock
from asctl.settings import Account

READY = AccountState(Account("flagship", ProviderKind.ORDER_SOURCE, "shops.flagship", "taobao", {}), Standing.READY)


@given(st.floats(-60, 60))
def test_a_minute_is_nothing(skew: float) -> None:
    """Up to 60 seconds either way nothing is said."""
    assert judged_by_clock(READY, skew) == READY


@given(st.floats(60.01, 599.99), st.sampled_from([1, -1]))
def test_minutes_are_a_caution(size: float, sign: int) -> None:
    """Up to ten minutes the account works, and the direction is told."""
    state = judged_by_clock(READY, sign * size)
    assert state.standing is Standing.READY
    assert state.error is None
    assert ("ahead" if sign > 0 else "slow") in state.caution


@given(st.floats(600, 10**7), st.sampled_from([1, -1]))
def test_ten_minutes_are_too_much(size: float, sign: int) -> None:
    """From ten minutes on calls are refused, so the account counts as refused for its clock."""
    state = judged_by_clock(READY, sign * size)
    assert state.standing is Standing.CLOCK_OFF
    assert isinstance(state.error, CredentialsRefused)
    assert state.error.code == "clock_off"
    assert state.error.account == "flagship"


@pytest.mark.parametrize(("skew", "told"), [(75.4, "75 s ahead"), (-75.4, "75 s slow")])
def test_the_caution_counts_seconds(skew: float, told: str) -> None:
    """The number of seconds is told, rounded."""
    assert told in judged_by_clock(READY, skew).caution
