"""Order sources: no change is lost, and an order is told as it stands, to the cent and the second."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from asctl.domain.errors import NotFound, Unavailable
from asctl.domain.orders import Order, OrderStatus
from asctl.testing.answers import NEW_WORD, reworded, spoiled
from asctl.testing.changes import Feed, feed_rules, in_the_middle, window
from asctl.testing.discretion import clean
from asctl.testing.exercises import Arguments, Exercise
from asctl.testing.records import exact, same, zoned
from asctl.testing.rules import Rule, expect
from asctl.testing.shop import now_of, put_order, shop_rules
from asctl.testing.site import Site
from asctl.testing.subject import ACCOUNT
from asctl.testing.troubles import trouble_rules

_ODD_ANSWER = "odd_answer"
_NEEDED = ("order_id", "status", "created_at", "modified_at", "amount")
_WELCOME = ("paid_at", "ship_by", "shipped_at", "finished_at", "freight", "currency", "buyer_message", "remark", "flag")
_LINE_NEEDED = ("line_id", "title", "quantity", "paid", "courier", "waybill")
_LINE_WELCOME = ("sku", "properties", "price", "shipped_at", "after_sale_id")
_CERTAIN = frozenset({OrderStatus.TO_SHIP, OrderStatus.SHIPPED})
"""The statuses on which something is decided: whether an address can still be changed, or a parcel is to be called back."""


def _arrange_changes(site: Site) -> Arguments:
    put_order(site, changed=in_the_middle(site, "OrderSource"))
    return window(site, "OrderSource")


def _arrange_order(site: Site) -> Arguments:
    return (put_order(site, parcels=2).order_id,)


def _put(site: Site, changed: datetime) -> str:
    return put_order(site, changed=changed).order_id


def _move(site: Site, order_id: str) -> None:
    site.world.orders[order_id] = replace(site.world.orders[order_id], modified_at=now_of(site))


CHANGED_ORDERS = Exercise("OrderSource", "changed_orders", _arrange_changes)
ORDER = Exercise("OrderSource", "order", _arrange_order)
EXERCISES = (CHANGED_ORDERS, ORDER)
_FEED = Feed(CHANGED_ORDERS, _put, _move, lambda item: str(item.order_id))


def order_source_rules() -> Iterator[Rule]:
    """All rules for ``OrderSource``."""
    yield from feed_rules(_FEED)
    yield from shop_rules(
        ORDER,
        ("found", "number, shop, status, times, amounts, lines and parcels are as they stand", _found),
        ("times", "every moment names its zone", _times),
        ("exact", "amounts are Decimal with two places", _exact),
        (
            "receiver",
            "the receiver is told as the marketplace shows it: in full, masked with stars, or not at all",
            _receiver,
        ),
        (
            "statuses",
            "each status becomes the one of ours that means the same, or UNKNOWN; its own word is kept",
            _statuses,
        ),
        ("new_status", "a status that nobody has mapped is UNKNOWN, and its word is kept", _new_status),
        ("odd", "an order out of shape is Unavailable with the code odd_answer, so that it is set aside", _odd),
        ("unknown", "a number that nobody knows is NotFound", _unknown),
        ("reads_only", "asking changes nothing", _reads_only),
    )
    yield from trouble_rules(CHANGED_ORDERS)
    yield from trouble_rules(ORDER)


def _order(site: Site, order_id: str) -> Order:
    told: Order = ORDER.done(site, (order_id,))
    return told


def _found(site: Site) -> None:
    stands = put_order(site, parcels=2)
    told = _order(site, stands.order_id)
    expect(told.shop == ACCOUNT, f"shop is {told.shop!r}, and should be the account's name, {ACCOUNT!r}")
    same(told, stands, _NEEDED, _WELCOME)
    expect(len(told.lines) == len(stands.lines), f"{len(told.lines)} lines, and there should be {len(stands.lines)}")
    for place, (line, wanted) in enumerate(zip(told.lines, stands.lines, strict=True)):
        same(line, wanted, _LINE_NEEDED, _LINE_WELCOME, what=f"lines.{place}.")


def _times(site: Site) -> None:
    zoned(_order(site, put_order(site).order_id))


def _exact(site: Site) -> None:
    exact(_order(site, put_order(site, parcels=2).order_id))


def _receiver(site: Site) -> None:
    stands = put_order(site)
    told = _order(site, stands.order_id)
    for name in ("name", "phone", "province", "city", "district", "detail"):
        seen = getattr(told.receiver, name)
        expect(seen in ("", getattr(stands.receiver, name)) or "*" in seen, f"the receiver's {name} is another one")


def _statuses(site: Site) -> None:
    for status in OrderStatus:
        if status is OrderStatus.UNKNOWN:
            continue
        told = _order(site, put_order(site, status).order_id)
        allowed = {status} if status in _CERTAIN else {status, OrderStatus.UNKNOWN}
        expect(told.status in allowed, f"an order that is {status} is told as {told.status}")
        expect(bool(told.raw_status), "the far side's own word is not kept (raw_status)")


def _new_status(site: Site) -> None:
    order_id = put_order(site).order_id
    word = _order(site, order_id).raw_status
    site.far_side.tamper = rework = reworded(order_id, word)
    told = _order(site, order_id)
    rework.must_have_struck()
    seen = (told.status, told.raw_status)
    expect(seen == (OrderStatus.UNKNOWN, NEW_WORD), f"{word} became {NEW_WORD}, and the order is told as {seen}")


def _odd(site: Site) -> None:
    order_id = put_order(site).order_id
    site.far_side.tamper = rework = spoiled(order_id)
    outcome = ORDER.outcome(site, (order_id,))
    rework.must_have_struck()
    kept = isinstance(outcome.error, Unavailable) and outcome.error.code == _ODD_ANSWER
    expect(kept, f"should be Unavailable ({_ODD_ANSWER}), but there was {outcome.seen}")
    clean(site, outcome)


def _unknown(site: Site) -> None:
    order = put_order(site)
    del site.world.orders[order.order_id]
    outcome = ORDER.outcome(site, (order.order_id,))
    expect(isinstance(outcome.error, NotFound), f"should be NotFound, but there was {outcome.seen}")
    clean(site, outcome)


def _reads_only(site: Site) -> None:
    put_order(site, changed=now_of(site) - timedelta(hours=2))
    ORDER.done(site, ORDER.prepared(site))
    expect(not site.far_side.writes(), "a write reached the far side")
