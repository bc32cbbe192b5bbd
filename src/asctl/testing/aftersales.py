"""After-sale sources: no application is lost, and each is told with its kind, its state, its amount and its version."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from asctl.domain.aftersales import AfterSale, AfterSaleKind, AfterSaleStatus
from asctl.domain.errors import NotFound
from asctl.testing.answers import NEW_WORD, reworded
from asctl.testing.changes import Feed, feed_rules, in_the_middle, window
from asctl.testing.discretion import clean
from asctl.testing.exercises import Arguments, Exercise
from asctl.testing.records import exact, same, zoned
from asctl.testing.rules import Rule, expect
from asctl.testing.shop import change_application, put_application, shop_rules
from asctl.testing.site import Site
from asctl.testing.subject import ACCOUNT
from asctl.testing.troubles import trouble_rules

_NEEDED = ("after_sale_id", "order_id", "kind", "status", "created_at", "modified_at", "amount", "goods_back")
_WELCOME = (
    *("line_id", "reason", "description", "title", "quantity", "currency", "phase", "deadline"),
    *("return_courier", "return_waybill"),
)
_KINDS = (AfterSaleKind.REFUND_ONLY, AfterSaleKind.RETURN, AfterSaleKind.EXCHANGE)
_CERTAIN = frozenset({AfterSaleStatus.APPLIED})


def _arrange_changes(site: Site) -> Arguments:
    put_application(site, changed=in_the_middle(site, "AfterSaleSource"))
    return window(site, "AfterSaleSource")


def _arrange_one(site: Site) -> Arguments:
    return (put_application(site).after_sale_id,)


def _put(site: Site, changed: datetime) -> str:
    """One that is over: those still open may be asked for one by one."""
    return put_application(site, status=AfterSaleStatus.CLOSED, changed=changed).after_sale_id


CHANGED_AFTER_SALES = Exercise("AfterSaleSource", "changed_after_sales", _arrange_changes)
AFTER_SALE = Exercise("AfterSaleSource", "after_sale", _arrange_one)
EXERCISES = (CHANGED_AFTER_SALES, AFTER_SALE)
_FEED = Feed(CHANGED_AFTER_SALES, _put, change_application, lambda item: str(item.after_sale_id))


def after_sale_source_rules() -> Iterator[Rule]:
    """All rules for ``AfterSaleSource``."""
    yield from feed_rules(_FEED)
    yield from shop_rules(
        AFTER_SALE,
        ("found", "number, shop, order, kind, state, times, amount and the way back are as they stand", _found),
        ("times", "every moment names its zone", _times),
        ("exact", "amounts are Decimal with two places", _exact),
        ("kinds", "a refund, a return and an exchange are told apart, or are OTHER", _kinds),
        (
            "statuses",
            "each state becomes the one of ours that means the same, or UNKNOWN; its own word is kept",
            _statuses,
        ),
        ("new_status", "a state that nobody has mapped is UNKNOWN, and its word is kept", _new_status),
        ("version", "an application that changed has another version, or another time of change", _version),
        ("unknown", "a number that nobody knows is NotFound", _unknown),
        ("reads_only", "asking changes nothing", _reads_only),
    )
    yield from trouble_rules(CHANGED_AFTER_SALES)
    yield from trouble_rules(AFTER_SALE)


def _one(site: Site, after_sale_id: str) -> AfterSale:
    told: AfterSale = AFTER_SALE.done(site, (after_sale_id,))
    return told


def _found(site: Site) -> None:
    for status in (AfterSaleStatus.APPLIED, AfterSaleStatus.RETURNING):
        stands = put_application(site, status=status)
        told = _one(site, stands.after_sale_id)
        expect(told.shop == ACCOUNT, f"shop is {told.shop!r}, and should be the account's name, {ACCOUNT!r}")
        same(told, stands, _NEEDED, _WELCOME)


def _times(site: Site) -> None:
    zoned(_one(site, put_application(site).after_sale_id))


def _exact(site: Site) -> None:
    exact(_one(site, put_application(site, AfterSaleKind.REFUND_ONLY).after_sale_id))


def _kinds(site: Site) -> None:
    for kind in _KINDS:
        told = _one(site, put_application(site, kind).after_sale_id)
        expect(told.kind in (kind, AfterSaleKind.OTHER), f"an application for {kind} is told as {told.kind}")


def _statuses(site: Site) -> None:
    for status in AfterSaleStatus:
        if status is AfterSaleStatus.UNKNOWN:
            continue
        told = _one(site, put_application(site, status=status).after_sale_id)
        allowed = {status} if status in _CERTAIN else {status, AfterSaleStatus.UNKNOWN}
        expect(told.status in allowed, f"an application that is {status} is told as {told.status}")
        expect(bool(told.raw_status), "the far side's own word is not kept (raw_status)")


def _new_status(site: Site) -> None:
    number = put_application(site).after_sale_id
    word = _one(site, number).raw_status
    site.far_side.tamper = rework = reworded(number, word)
    told = _one(site, number)
    rework.must_have_struck()
    seen = (told.status, told.raw_status)
    expect(seen == (AfterSaleStatus.UNKNOWN, NEW_WORD), f"{word} became {NEW_WORD}, and it is told as {seen}")


def _version(site: Site) -> None:
    number = put_application(site).after_sale_id
    before = _one(site, number)
    change_application(site, number, description="改了说明")
    after = _one(site, number)
    known = (before.version, before.modified_at) != (after.version, after.modified_at)
    expect(known, "it changed, and neither version nor time of change shows it")


def _unknown(site: Site) -> None:
    number = put_application(site).after_sale_id
    del site.world.after_sales[number]
    outcome = AFTER_SALE.outcome(site, (number,))
    expect(isinstance(outcome.error, NotFound), f"should be NotFound, but there was {outcome.seen}")
    clean(site, outcome)


def _reads_only(site: Site) -> None:
    AFTER_SALE.done(site, AFTER_SALE.prepared(site))
    expect(not site.far_side.writes(), "a write reached the far side")
