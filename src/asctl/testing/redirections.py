"""Parcels under way that shall go somewhere else: ``AddressChanger``. What parcels under way can be asked for is here as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from asctl.api.sandbox import SandboxInterception, SandboxParcel
from asctl.capabilities.shipping import AddressChange, Interception
from asctl.domain.orders import Receiver
from asctl.domain.parcels import Event, ParcelKey, ParcelStatus
from asctl.domain.refusals import RefusalReason
from asctl.sandbox.objections import CLOSED_CITIES
from asctl.testing.exercises import Arguments, Exercise
from asctl.testing.rules import Missing, Rule, Tier, expect
from asctl.testing.site import NEW_PLACE, Site
from asctl.testing.submissions import (
    KEY,
    arrived_whole,
    effect_rule,
    key_of,
    refused,
    request_rules,
    rule,
    turned_down,
    with_another_key,
)
from asctl.testing.tracking import courier_of, parcel

COUNTY_CITY = replace(NEW_PLACE, province="湖北省", city="", district="仙桃市", detail="钱沟路18号水岸居2单元")
"""A county-level city stands right below its province, in the district."""
_CLOSED = replace(NEW_PLACE, province="海南省", city=min(CLOSED_CITIES), district="西沙区")
_NOT_WHOLE = (
    *((f"no {part}", replace(NEW_PLACE, **{part: ""})) for part in ("name", "phone", "province", "detail")),
    ("neither city nor district", replace(COUNTY_CITY, district="")),
    ("a masked name", replace(NEW_PLACE, name="顾**")),
    ("a masked address", replace(NEW_PLACE, detail="平江路***")),
)
_LAST_SCANS: Mapping[RefusalReason, ParcelStatus] = {
    RefusalReason.ALREADY_DELIVERED: ParcelStatus.DELIVERED,
    RefusalReason.TOO_LATE: ParcelStatus.OUT_FOR_DELIVERY,
    RefusalReason.LOST: ParcelStatus.LOST,
}


def under_way(site: Site, index: int = 0) -> SandboxParcel:
    """A parcel of the world that can still be called back, or redirected."""
    made = parcel(site, courier_of(site.spec), index)
    made.script.pop()  # it is not out for delivery yet
    return made


def _arrange(site: Site) -> Arguments:
    return (_change(under_way(site)),)


def _change(made: SandboxParcel, receiver: Receiver = NEW_PLACE) -> AddressChange:
    return AddressChange(KEY, made.courier, made.waybill, receiver, reason="客户要求改地址")


CHANGE = Exercise("AddressChanger", "change_address", _arrange, write=True, stranger=with_another_key)
EXERCISES = (CHANGE,)


def address_changer_rules() -> Iterator[Rule]:
    """All rules for ``AddressChanger``."""
    yield rule(CHANGE, "arrives", Tier.BRONZE, "name, phone and the whole address reach the far side", _arrives)
    yield rule(
        CHANGE,
        "county_city",
        Tier.BRONZE,
        "a place right below its province lacks nothing: city is empty",
        _county_city,
    )
    yield rule(
        CHANGE,
        "not_whole",
        Tier.BRONZE,
        "a receiver of which a part is missing or masked is BadInput or Refused, and nothing is carried out",
        _not_whole,
    )
    yield reasons_rule(CHANGE, lambda _site, made: _change(made))
    yield rule(
        CHANGE, "closed", Tier.SILVER, "a place that the courier does not deliver to is Refused as such", _closed
    )
    yield effect_rule(CHANGE)
    yield from request_rules(CHANGE)


def reasons_rule(exercise: Exercise, ask: Callable[[Site, SandboxParcel], AddressChange | Interception]) -> Rule:
    """The rule that each standing of a parcel which speaks against a request is refused with its own reason."""

    def check(site: Site, exercise: Exercise) -> None:
        for index, reason in enumerate(_STANDINGS):
            made = _standing(site, reason, index)
            before = len(site.world.interceptions)
            outcome = exercise.outcome(site, (replace(ask(site, made), key=key_of(index)),))
            refused(site, outcome, reason, f"a parcel that is {reason}")
            expect(len(site.world.interceptions) == before, f"a parcel that is {reason}: refused, and carried out")

    says = (
        "delivered, out for delivery, not fetched, lost, somebody else's, asked for already: Refused with that reason"
    )
    return rule(exercise, "reasons", Tier.SILVER, says, check)


_STANDINGS = (
    *_LAST_SCANS,
    RefusalReason.NOT_PICKED_UP_YET,
    RefusalReason.NOT_AUTHORISED,
    RefusalReason.ALREADY_INTERCEPTED,
)


def _standing(site: Site, reason: RefusalReason, index: int) -> SandboxParcel:
    """A parcel that gives a courier this reason to say no."""
    made = under_way(site, index)
    at = site.clock.now() - timedelta(hours=1)
    if reason in _LAST_SCANS:
        made.script.append(Event(at, _LAST_SCANS[reason], "【上海市】快件扫描", location="上海市"))
    elif reason is RefusalReason.NOT_PICKED_UP_YET:
        made.script[:] = [Event(at, ParcelStatus.CREATED, "已下单")]
    elif reason is RefusalReason.NOT_AUTHORISED:
        made.foreign = True
    else:
        site.world.intercept("another", ParcelKey(made.courier, made.waybill), "sender")
    return made


def carried_out(site: Site) -> SandboxInterception:
    """What the far side was asked for last. Raises :class:`Missing` where the sandbox app does not tell the world."""
    if not site.world.interceptions:
        raise Missing("the sandbox app must tell the world what it carried out: world.intercept(...)")
    return site.world.interceptions[-1]


def _arrives(site: Site, exercise: Exercise) -> None:
    exercise.done(site, exercise.prepared(site))
    seen = carried_out(site)
    expect(seen.kind == "redirect", f"the far side was asked for {seen.kind!r}, and not to redirect it")
    arrived_whole(seen.receiver, NEW_PLACE)


def _county_city(site: Site, exercise: Exercise) -> None:
    exercise.done(site, (_change(under_way(site), COUNTY_CITY),))
    arrived_whole(carried_out(site).receiver, COUNTY_CITY)


def _not_whole(site: Site, exercise: Exercise) -> None:
    made = under_way(site)
    for index, (part, receiver) in enumerate(_NOT_WHOLE):
        request = replace(_change(made, receiver), key=key_of(index))
        turned_down(site, exercise.outcome(site, (request,)), part)
        expect(not site.world.interceptions, f"{part}: said no, and carried it out")


def _closed(site: Site, exercise: Exercise) -> None:
    outcome = exercise.outcome(site, (_change(under_way(site), _CLOSED),))
    refused(site, outcome, RefusalReason.DESTINATION_CLOSED, "a closed city")
