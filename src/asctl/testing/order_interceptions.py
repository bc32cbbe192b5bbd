"""Interception by application: the marketplace stops what is under way for an order, and tells what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from asctl.capabilities.writes import Effect, Evidence, Finding
from asctl.domain.aftersales import AfterSale, AfterSaleKind
from asctl.domain.errors import Refused
from asctl.domain.parcels import Event, ParcelKey, ParcelStatus
from asctl.testing.discretion import clean
from asctl.testing.exercises import Arguments, Exercise
from asctl.testing.rules import Rule, expect
from asctl.testing.shop import now_of, put_application, shop_rules
from asctl.testing.site import Site
from asctl.testing.submissions import COURIER_ACTS_AFTER, request_rules
from asctl.testing.troubles import trouble_rules
from asctl.testing.versions import as_told, version_rules


def _arrange(site: Site) -> Arguments:
    return (put_application(site, AfterSaleKind.REFUND_ONLY),)


def _as_told(site: Site, arguments: Arguments) -> Arguments:
    return (as_told(site, arguments[0]),)


INTERCEPT_ORDER = Exercise("OrderInterceptor", "intercept_order", _arrange, write=True, before=_as_told)
ORDER_INTERCEPTION = Exercise("OrderInterceptor", "order_interception", _arrange, before=_as_told)
EXERCISES = (INTERCEPT_ORDER, ORDER_INTERCEPTION)


def order_interceptor_rules() -> Iterator[Rule]:
    """All rules for ``OrderInterceptor``."""
    yield from request_rules(INTERCEPT_ORDER)
    yield from version_rules(INTERCEPT_ORDER, lambda arguments: arguments[0])
    yield from shop_rules(
        INTERCEPT_ORDER,
        ("parcels", "the courier of each of the order's parcels is asked", _parcels),
        ("delivered", "a parcel that was signed for is Refused, and nobody is asked", _delivered),
    )
    yield from shop_rules(
        ORDER_INTERCEPTION,
        ("none", "an application for which nobody asked is ABSENT", _none),
        ("accepted", "one that was asked for is PRESENT, and accepted is not done", _accepted),
        ("effective", "a parcel that the courier has turned round is EFFECTIVE, or its effect is not told", _effective),
        ("ineffective", "a parcel that was delivered all the same is never EFFECTIVE", _ineffective),
    )
    yield from trouble_rules(ORDER_INTERCEPTION)


def _asked(site: Site) -> AfterSale:
    arguments = INTERCEPT_ORDER.prepared(site)
    INTERCEPT_ORDER.done(site, arguments)
    sale: AfterSale = arguments[0]
    return sale


def _interception(site: Site, sale: AfterSale) -> Finding:
    found: Finding = ORDER_INTERCEPTION.done(site, (sale,), provider=site.another_process())
    return found


def _keys(site: Site, sale: AfterSale) -> list[ParcelKey]:
    return [ParcelKey(*parcel) for parcel in site.world.orders[sale.order_id].waybills]


def _parcels(site: Site) -> None:
    sale = _asked(site)
    asked = {ParcelKey(request.courier, request.waybill) for request in site.world.interceptions}
    expect(asked == set(_keys(site, sale)), f"{len(asked)} parcels were asked for, and the order has others")


def _deliver(site: Site, sale: AfterSale) -> None:
    event = Event(now_of(site), ParcelStatus.DELIVERED, "快件已签收", location="上海市")
    for key in _keys(site, sale):
        site.world.add_scans(key, [event])


def _delivered(site: Site) -> None:
    (sale,) = INTERCEPT_ORDER.prepared(site)
    _deliver(site, sale)
    outcome = INTERCEPT_ORDER.outcome(site, (sale,))
    expect(not site.world.interceptions, "the courier was asked all the same")
    expect(isinstance(outcome.error, Refused), f"should be Refused, but there was {outcome.seen}")
    clean(site, outcome)


def _none(site: Site) -> None:
    found = ORDER_INTERCEPTION.done(site, ORDER_INTERCEPTION.prepared(site))
    expect(found.evidence is Evidence.ABSENT, f"nobody asked, and it is {found.evidence}")


def _accepted(site: Site) -> None:
    found = _interception(site, _asked(site))
    expect(found.evidence is Evidence.PRESENT, f"it was asked for, and is {found.evidence}")
    expect(found.effect in (None, Effect.ACCEPTED), f"it was only asked for, and is told to be {found.effect}")


def _effective(site: Site) -> None:
    sale = _asked(site)
    site.pass_time(COURIER_ACTS_AFTER)
    found = _interception(site, sale)
    told = (found.evidence, found.effect)
    expect(
        told[0] is Evidence.PRESENT and told[1] in (None, Effect.EFFECTIVE),
        f"the parcel was turned round, and it is {told}",
    )


def _ineffective(site: Site) -> None:
    sale = _asked(site)
    site.pass_time(timedelta(minutes=1))
    _deliver(site, sale)
    site.pass_time(COURIER_ACTS_AFTER)
    found = _interception(site, sale)
    expect(found.effect is not Effect.EFFECTIVE, "the parcel was delivered, and it is told to be turned round")
