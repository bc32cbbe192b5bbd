from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from asctl.domain.orders import Flag
from asctl.domain.times import CHINA
from asctl.store.opening import Store
from asctl.store.orders import get_orders, put_orders
from asctl.store.tables import cursors, orders
from tests.store_support import NOW, an_order

FIRST, LAST = datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2100-01-01")
ON_BOTH = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@ON_BOTH
@given(moment=st.datetimes(min_value=FIRST, max_value=LAST, timezones=st.just(timezone(timedelta(hours=-5)))))
def test_moment_survives(store: Store, moment: datetime) -> None:
    """A moment of any zone comes back to the microsecond, at +08:00."""
    with store.write() as tx:
        tx.execute(cursors.delete())
        tx.execute(insert(cursors).values(shop="a", feed="orders", at=moment))
        found = tx.execute(select(cursors.c.at)).scalar_one()
    assert found == moment
    assert found.utcoffset() == timedelta(hours=8)


def test_moments_compare_as_moments(store: Store) -> None:
    """What is stored from one zone is found by a moment of another."""
    with store.write() as tx:
        tx.execute(insert(cursors).values(shop="a", feed="orders", at=NOW))
        same = select(cursors.c.shop).where(cursors.c.at <= NOW.astimezone(UTC))
        earlier = select(cursors.c.shop).where(cursors.c.at < NOW.astimezone(UTC))
        assert tx.execute(same).scalars().all() == ["a"]
        assert tx.execute(earlier).scalars().all() == []


def test_naive_moment_is_refused(store: Store) -> None:
    """A moment without a zone is our own mistake: a ``ValueError``, and nothing is stored."""
    with pytest.raises(ValueError, match="time zone"), store.write() as tx:
        tx.execute(insert(cursors).values(shop="a", feed="orders", at=NOW.replace(tzinfo=None)))
    with store.read() as tx:
        assert tx.execute(select(cursors)).all() == []


@ON_BOTH
@given(amount=st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_money_is_exact(store: Store, amount: Decimal) -> None:
    """An amount comes back digit for digit, never by way of a float."""
    order = an_order(amount=amount)
    with store.write() as tx:
        put_orders(tx, [order])
        assert str(get_orders(tx, order.order_id)[0].amount) == str(amount + 0)


@pytest.mark.parametrize("amount", [1.5, Decimal("NaN"), Decimal("Infinity")])
def test_money_must_be_a_finite_decimal(store: Store, amount: object) -> None:
    """A float or a number that is none is refused before it reaches the database."""
    with pytest.raises(ValueError, match="finite Decimal"), store.write() as tx:
        put_orders(tx, [an_order(amount=amount)])


def test_choices_are_kept_as_values(store: Store) -> None:
    """An enumeration is kept as its word, a numbered one as its number."""
    with store.write() as tx:
        put_orders(tx, [an_order(flag=Flag.BLUE)])
        row = tx.exec_driver_sql("SELECT status, flag FROM orders").one()
        assert tuple(row) == ("shipped", 4)
        assert tx.execute(select(orders.c.flag)).scalar_one() is Flag.BLUE


def test_moments_are_kept_in_utc(store: Store) -> None:
    """The database itself holds UTC, whoever reads it."""
    with store.write() as tx:
        tx.execute(insert(cursors).values(shop="a", feed="orders", at=datetime(2026, 1, 1, 7, tzinfo=CHINA)))
        kept = tx.exec_driver_sql("SELECT at FROM cursors").scalar_one()
    text = kept if isinstance(kept, str) else kept.astimezone(UTC).isoformat(" ")
    assert text.startswith("2025-12-31 23:00:00")
