"""Parcels called back, and requests to do so that are taken back: ``Interceptor``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from asctl.api.sandbox import SandboxParcel
from asctl.capabilities.shipping import Interception, InterceptorLimits
from asctl.capabilities.specs import ProviderSpec
from asctl.testing.discretion import clean
from asctl.testing.exercises import Arguments, Exercise
from asctl.testing.redirections import carried_out, reasons_rule, under_way
from asctl.testing.rules import Rule, Tier, beside_where, declared_limits, expect
from asctl.testing.site import Site
from asctl.testing.submissions import (
    COURIER_ACTS_AFTER,
    KEY,
    accepted,
    effect_rule,
    key_of,
    known_by,
    request_rules,
    rule,
    too_late,
    turned_down,
    with_another_key,
)

PLACES = ("sender", "outlet")
"""Where a parcel can be sent back to."""


def _arrange(site: Site) -> Arguments:
    return (_called_back(site, under_way(site)),)


def _called_back(site: Site, made: SandboxParcel) -> Interception:
    return _back_to(made, next(iter(_limits(site.spec).return_to), "sender"))


def _back_to(made: SandboxParcel, place: str) -> Interception:
    return Interception(KEY, made.courier, made.waybill, place, reason="客户要求退回")


def _intercepted(site: Site, arguments: Arguments) -> Arguments:
    return (known_by(arguments[0], accepted(INTERCEPT.done(site, arguments))),)


INTERCEPT = Exercise("Interceptor", "intercept", _arrange, write=True, stranger=with_another_key)
CANCEL = Exercise("Interceptor", "cancel_interception", _arrange, write=True, before=_intercepted)
EXERCISES = (INTERCEPT, CANCEL)


def interceptor_rules() -> Iterator[Rule]:
    """All rules for ``Interceptor``."""
    yield rule(INTERCEPT, "limits", Tier.BRONZE, "its limits are InterceptorLimits, with places that exist", _declared)
    yield rule(INTERCEPT, "return_to", Tier.BRONZE, "the parcel goes to each place that is declared", _return_to)
    yield reasons_rule(INTERCEPT, _called_back)
    yield effect_rule(INTERCEPT)
    yield from request_rules(INTERCEPT)
    yield from beside_where(_cancel_rules(), _beside_cancel)


def _cancel_rules() -> Iterator[Rule]:
    yield rule(CANCEL, "goes_on", Tier.BRONZE, "the parcel goes on as if nobody had asked", _goes_on)
    yield rule(CANCEL, "too_late", Tier.SILVER, "what was acted on already is Refused (CANNOT_CANCEL)", _too_late)
    yield rule(CANCEL, "nothing_there", Tier.SILVER, "nothing to take back is a clear no", _nothing_there)
    yield rule(
        CANCEL,
        "unnumbered",
        Tier.SILVER,
        "without the far side's number it is taken back all the same, or Refused",
        _unnumbered,
    )
    yield from request_rules(CANCEL)


def _limits(spec: ProviderSpec) -> InterceptorLimits:
    return declared_limits(spec, "Interceptor", InterceptorLimits)


def _beside_cancel(spec: ProviderSpec) -> str:
    return "" if _limits(spec).cancel else "declares that nothing can be taken back"


def _declared(site: Site, _exercise: Exercise) -> None:
    limits = site.capability("Interceptor").limits
    expect(limits is None or isinstance(limits, InterceptorLimits), f"the limits are {limits!r}")
    places = _limits(site.spec).return_to
    expect(bool(places) and set(places) <= set(PLACES), f"return_to is {places}, and may name {', '.join(PLACES)}")


def _return_to(site: Site, exercise: Exercise) -> None:
    for index, place in enumerate(_limits(site.spec).return_to):
        exercise.done(site, (replace(_back_to(under_way(site, index), place), key=key_of(index)),))
        kind = carried_out(site).kind
        expect(kind == place, f"it should go back to {place}, and the far side was asked for {kind!r}")


def _goes_on(site: Site, exercise: Exercise) -> None:
    accepted(exercise.done(site, exercise.prepared(site)))
    expect(carried_out(site).cancelled, "it was said to be taken back, and stands at the far side")


def _too_late(site: Site, exercise: Exercise) -> None:
    arguments = exercise.prepared(site)
    site.pass_time(COURIER_ACTS_AFTER)
    too_late(site, exercise.outcome(site, arguments))
    expect(not carried_out(site).cancelled, "it was refused, and taken back")


def _nothing_there(site: Site, exercise: Exercise) -> None:
    request = _called_back(site, under_way(site))
    turned_down(site, exercise.outcome(site, (replace(request, reference="4711"),)), "nobody asked for it")


def _unnumbered(site: Site, exercise: Exercise) -> None:
    (request,) = exercise.prepared(site)
    outcome = exercise.outcome(site, (replace(request, reference=""),))
    if outcome.error is not None:
        turned_down(site, outcome, "without a number")
    clean(site, outcome)
    done, told = carried_out(site).cancelled, outcome.error is None
    expect(done == told, f"told as {'done' if told else 'refused'}, and {'taken back' if done else 'it stands'}")
