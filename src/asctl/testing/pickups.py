"""Goods fetched at the customer's: ``ReverseShipper``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from asctl.api.sandbox import SandboxPickup
from asctl.capabilities.shipping import Pickup, PickupGoods, PickupLimits
from asctl.capabilities.specs import ProviderSpec
from asctl.capabilities.writes import Effect
from asctl.testing.exercises import Arguments, Exercise
from asctl.testing.redirections import COUNTY_CITY
from asctl.testing.rules import Missing, Rule, Tier, beside_where, declared_limits, expect
from asctl.testing.site import CUSTOMER, NEW_PLACE, Site
from asctl.testing.submissions import (
    CASE,
    COURIER_ACTS_AFTER,
    KEY,
    accepted,
    arrived_whole,
    effect_rule,
    key_of,
    known_by,
    look,
    request_rules,
    rule,
    too_late,
    turned_down,
    with_another_key,
)
from asctl.testing.tracking import courier_of

_GOODS = (PickupGoods("玻璃杯 350ml", "CUP-1", 2), PickupGoods("杯盖", "LID-1", 1))
_COMPANIONS = " ".join(f"RMA26112000{index:02d}K" for index in range(2, 42))


def _arrange(site: Site) -> Arguments:
    day = site.clock.now() + timedelta(days=2)
    return (
        Pickup(
            key=KEY,
            courier=courier_of(site.spec),
            sender=CUSTOMER,
            receiver=NEW_PLACE,
            goods=_GOODS,
            rma=CASE,
            order_id="2026112000001",
            fetch_from=day.replace(hour=14, minute=0),
            fetch_until=day.replace(hour=16, minute=0),
            remark=CASE,
        ),
    )


def _ordered(site: Site, arguments: Arguments) -> Arguments:
    return (known_by(arguments[0], accepted(ORDER.done(site, arguments))),)


ORDER = Exercise("ReverseShipper", "order_pickup", _arrange, write=True, stranger=with_another_key)
CANCEL = Exercise("ReverseShipper", "cancel_pickup", _arrange, write=True, before=_ordered)
EXERCISES = (ORDER, CANCEL)


def reverse_shipper_rules() -> Iterator[Rule]:
    """All rules for ``ReverseShipper``."""
    yield rule(ORDER, "limits", Tier.BRONZE, "its limits are PickupLimits", _declared)
    yield rule(ORDER, "arrives", Tier.BRONZE, "both names, phones and whole addresses reach the far side", _arrives)
    yield rule(ORDER, "county_city", Tier.BRONZE, "a place right below its province lacks nothing", _county_city)
    yield rule(
        ORDER,
        "remark",
        Tier.BRONZE,
        "the remark goes onto the courier's label: the case first, cut at its end",
        _remark,
    )
    yield rule(
        ORDER,
        "as_soon_as_can_be",
        Tier.BRONZE,
        "without hours the courier comes as soon as he can",
        _soon,
        _beside_soon,
    )
    yield rule(ORDER, "untitled", Tier.BRONZE, "goods that have no title are fetched all the same", _untitled)
    yield rule(ORDER, "waybill", Tier.SILVER, "the waybill told is that of the parcel that is fetched", _waybill)
    yield effect_rule(ORDER)
    yield from request_rules(ORDER)
    yield from beside_where(_cancel_rules(), _beside_cancel)


def _cancel_rules() -> Iterator[Rule]:
    yield rule(CANCEL, "nobody_comes", Tier.BRONZE, "the courier does not come any more", _nobody_comes)
    yield rule(CANCEL, "too_late", Tier.SILVER, "goods that are fetched already are Refused (CANNOT_CANCEL)", _too_late)
    yield rule(CANCEL, "nothing_there", Tier.SILVER, "an order that nobody made is a clear no", _nothing_there)
    yield rule(
        CANCEL,
        "told",
        Tier.SILVER,
        "an order that was taken back is not told to stand, or to be done",
        _told,
        _beside_told,
    )
    yield from request_rules(CANCEL)


def _limits(spec: ProviderSpec) -> PickupLimits:
    return declared_limits(spec, "ReverseShipper", PickupLimits)


def _beside_cancel(spec: ProviderSpec) -> str:
    return "" if _limits(spec).cancel else "declares that nothing can be taken back"


def _beside_soon(spec: ProviderSpec) -> str:
    return "declares that it needs hours" if _limits(spec).needs_window else ""


def _beside_told(spec: ProviderSpec) -> str:
    declared = spec.capability("ReverseShipper")
    contract = declared.writes.get("order_pickup") if declared else None
    return "" if contract and (contract.status or contract.find) else "declares neither status nor find"


def _declared(site: Site, _exercise: Exercise) -> None:
    limits = site.capability("ReverseShipper").limits
    expect(limits is None or isinstance(limits, PickupLimits), f"the limits are {limits!r}")


def _made(site: Site) -> SandboxPickup:
    if not site.world.pickups:
        raise Missing("the sandbox app must tell the world what it carried out: world.order_pickup(...)")
    return site.world.pickups[-1]


def _arrives(site: Site, exercise: Exercise) -> None:
    exercise.done(site, exercise.prepared(site))
    arrived_whole(_made(site).sender, CUSTOMER)
    arrived_whole(_made(site).receiver, NEW_PLACE)


def _county_city(site: Site, exercise: Exercise) -> None:
    (request,) = exercise.prepared(site)
    exercise.done(site, (replace(request, sender=COUNTY_CITY),))
    arrived_whole(_made(site).sender, COUNTY_CITY)


def _remark(site: Site, exercise: Exercise) -> None:
    (request,) = exercise.prepared(site)
    for index, remark in enumerate((CASE, f"{CASE} {_COMPANIONS}")):
        exercise.done(site, (replace(request, key=key_of(index), remark=remark),))
        told = _made(site).remark.strip()
        expect(told.startswith(CASE), f"the courier's label begins with {told[:40]!r}, and not with the case")
        expect(remark.startswith(told), "the courier's label has another remark than was given")


def _untitled(site: Site, exercise: Exercise) -> None:
    (request,) = exercise.prepared(site)
    exercise.done(site, (replace(request, goods=(replace(_GOODS[0], title=""), _GOODS[1])),))
    _made(site)


def _soon(site: Site, exercise: Exercise) -> None:
    (request,) = exercise.prepared(site)
    exercise.done(site, (replace(request, fetch_from=None, fetch_until=None),))
    _made(site)


def _waybill(site: Site, exercise: Exercise) -> None:
    (request,) = exercise.prepared(site)
    told = accepted(exercise.done(site, (request,)))
    right = _made(site).waybill
    expect(told.waybill in ("", right), f"the waybill is {right}, and {told.waybill} is told")
    contract = site.contract("ReverseShipper", "order_pickup")
    if contract.status or contract.find:
        site.pass_time(COURIER_ACTS_AFTER)
        later = look(site, contract, known_by(request, told)).waybill
        expect(later in ("", right), f"the waybill is {right}, and a look tells {later}")
        expect(
            bool(told.waybill or later or not contract.status), "the goods are fetched, and no waybill was ever told"
        )


def _nobody_comes(site: Site, exercise: Exercise) -> None:
    accepted(exercise.done(site, exercise.prepared(site)))
    expect(_made(site).cancelled, "it was said to be taken back, and stands at the far side")


def _too_late(site: Site, exercise: Exercise) -> None:
    arguments = exercise.prepared(site)
    site.pass_time(COURIER_ACTS_AFTER)
    too_late(site, exercise.outcome(site, arguments))
    expect(not _made(site).cancelled, "it was refused, and taken back")


def _nothing_there(site: Site, exercise: Exercise) -> None:
    (request,) = _arrange(site)
    turned_down(site, exercise.outcome(site, (replace(request, reference="4711"),)), "nobody ordered it")


def _told(site: Site, exercise: Exercise) -> None:
    (request,) = exercise.prepared(site)
    exercise.done(site, (request,))
    contract = site.contract("ReverseShipper", "order_pickup")
    site.pass_time(contract.visibility_lag)
    effect = look(site, contract, request).effect
    wanted = (Effect.CANCELLED, Effect.INEFFECTIVE, None)
    expect(effect in wanted, f"it was taken back, and is told to be {effect}")
