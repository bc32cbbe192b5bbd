"""Trackers: what is asked is answered, in order, whole, and with times that name their zone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import zip_longest

from asctl.api.sandbox import SandboxParcel
from asctl.capabilities.specs import ProviderSpec
from asctl.capabilities.tracking import TrackAnswer, TrackerLimits, TrackQuery
from asctl.domain.errors import AsctlError, BadInput, CredentialsRefused, NotFound, PluginBroken, Refused
from asctl.domain.parcels import ENDED, Event, ParcelStatus, in_time_order, status_of
from asctl.sandbox.waybills import waybill
from asctl.testing.answers import spoiled
from asctl.testing.discretion import clean
from asctl.testing.exercises import Arguments, Exercise
from asctl.testing.rules import Broken, Missing, Rule, Tier, always, declared_limits, expect
from asctl.testing.shop import COURIER, put_order_in
from asctl.testing.site import CUSTOMER, Outcome, Site
from asctl.testing.troubles import trouble_rules

TAIL = CUSTOMER.phone[-4:]
_APART = timedelta(minutes=7)
_WRONG_TAIL = "9182"
_NOES = BadInput | NotFound | Refused | CredentialsRefused
_SCANS = (
    (timedelta(hours=30, seconds=13), ParcelStatus.PICKED_UP, "杭州市"),
    (timedelta(hours=27, seconds=1), ParcelStatus.IN_TRANSIT, "杭州市"),
    (timedelta(hours=20, minutes=30), ParcelStatus.IN_TRANSIT, "嘉兴市"),
    (timedelta(hours=12, seconds=47), ParcelStatus.IN_TRANSIT, "上海市"),
    (timedelta(hours=8, seconds=29), ParcelStatus.IN_TRANSIT, "上海市"),
    (timedelta(hours=3, minutes=15, seconds=2), ParcelStatus.OUT_FOR_DELIVERY, "上海市"),
)
_MOVING = frozenset({ParcelStatus.IN_TRANSIT, ParcelStatus.UNKNOWN})
"""What a courier that has no word for a standing may say in its place."""
_TELLING = tuple(status for status in ParcelStatus if status not in (ParcelStatus.NO_DATA, ParcelStatus.UNKNOWN))
_MOST_AT_ONCE = 200
_AN_HOUR = timedelta(hours=1)


def _errors(answers: Sequence[TrackAnswer]) -> Sequence[AsctlError]:
    return [answer.error for answer in answers if answer.error is not None]


def courier_of(spec: ProviderSpec) -> str:
    """A courier that the spec serves, or that carries the parcels of its orders. Raises :class:`Missing` where it names none."""
    if spec.couriers:
        return spec.couriers[0]
    if _limits(spec).needs_order:
        return COURIER
    raise Missing("the spec names no courier: couriers=(...)")


def number(site: Site, courier: str, index: int = 0) -> str:
    """A waybill in a shape that the courier accepts."""
    told = site.subject.conformance.waybills
    return told[index] if index < len(told) else waybill(courier, 4711 + index, site.builder.rng)


def parcel(site: Site, courier: str, index: int = 0) -> SandboxParcel:
    """A parcel under way to the kit's customer, put into the world; its scans as they happened, at other moments for each."""
    now = site.clock.now() - index * _APART
    script = [
        Event(now - ago, status, f"【{place}】快件扫描 {status.value}", location=place) for ago, status, place in _SCANS
    ]
    made = SandboxParcel(courier, number(site, courier, index), phone_tail=TAIL, script=script)
    if _limits(site.spec).needs_order:
        made.order_id = put_order_in(site, courier, made.waybill).order_id
    site.world.add_parcel(made)
    return made


class _Mixed(SandboxParcel):
    """A parcel of which the courier tells the scans as they came in: late ones behind, and some twice."""

    def events(self, now: datetime) -> tuple[Event, ...]:
        return tuple(event for event in self.script if event.at <= now)


def query(made: SandboxParcel) -> TrackQuery:
    """The question about a parcel of the world."""
    return TrackQuery(made.courier, made.waybill, phone_tail=made.phone_tail, order_id=made.order_id)


def _nobodys(site: Site, beside: SandboxParcel, index: int = 5) -> TrackQuery:
    """The question about a waybill that nobody knows, at the order of another parcel where one is needed."""
    waybill = number(site, beside.courier, index)
    return TrackQuery(beside.courier, waybill, phone_tail=TAIL, order_id=beside.order_id)


def _arrange(site: Site) -> Arguments:
    return ((query(parcel(site, courier_of(site.spec))),),)


TRACK = Exercise("Tracker", "track", _arrange, errors=_errors)
EXERCISES = (TRACK,)


def tracker_rules() -> Iterator[Rule]:
    """All rules for ``Tracker``."""
    for name, says, check in (
        ("found", "every scan is told: its moment with its zone, its text and a normalised status", _found),
        ("statuses", "what ended a parcel's way is told as that, or left open; nothing else ends it", _statuses),
        ("anew", "asked again later, it tells what happened meanwhile", _anew),
        ("places", "the place of a scan stands in its location, and not in its text alone", _places),
        ("unknown", "a waybill that nobody knows is an answer without events, or NotFound", _unknown),
        ("out_of_order", "scans told twice or in another order are the same scans", _out_of_order),
        (
            "odd_scan",
            "a scan that is out of shape takes no other along, unless the whole answer is an error",
            _odd_scan,
        ),
        ("batch", "as many waybills as declared, known and unknown, are answered in their order", _batch),
        ("phone_tail", "a courier that wants a phone's last digits is not answered for without them", _phone_tail),
        ("order", "a waybill without its order, or with another's, is not answered for", _order),
        ("reads_only", "asking changes nothing", _reads_only),
    ):
        tier = Tier.SILVER if check is _odd_scan else Tier.BRONZE
        yield Rule(f"{TRACK.name}.{name}", tier, f"track: {says}", check, "Tracker", _BESIDE.get(name, always))
    yield from trouble_rules(TRACK)


def _limits(spec: ProviderSpec) -> TrackerLimits:
    return declared_limits(spec, "Tracker", TrackerLimits)


def _beside_tail(spec: ProviderSpec) -> str:
    return "" if _limits(spec).phone_tail else "declares no courier that wants one"


def _beside_order(spec: ProviderSpec) -> str:
    return "" if _limits(spec).needs_order else "declares that no order is needed"


_BESIDE = {"phone_tail": _beside_tail, "order": _beside_order}


def _answers(site: Site, *queries: TrackQuery) -> tuple[TrackAnswer, ...]:
    result: tuple[TrackAnswer, ...] = TRACK.done(site, (queries,))
    expect(len(result) == len(queries), f"{len(queries)} queries, {len(result)} answers")
    expect(
        all(a.query == q for a, q in zip(result, queries, strict=True)), "an answer names another query than its own"
    )
    return result


def _found(site: Site) -> None:
    made = parcel(site, courier_of(site.spec))
    (answer,) = _answers(site, query(made))
    _same_scans(made, answer)
    told = in_time_order(answer.events)
    for stands, event in zip(in_time_order(made.script), told, strict=True):
        expect(event.text == stands.text, f"the text of a scan is {event.text!r}, and should be {stands.text!r}")
        near = event.status is stands.status or event.status in _MOVING
        expect(near, f"a scan that the world calls {stands.status} is told as {event.status}")
    expect(all(event.raw_code for event in told), "the far side's own code is not kept (raw_code)")
    expect(len({event.raw_code for event in told}) > 1, f"every scan has the same raw_code: {told[0].raw_code!r}")


def _statuses(site: Site) -> None:
    courier = courier_of(site.spec)
    for index, status in enumerate(_TELLING):
        made = parcel(site, courier, index)
        before = [ParcelStatus.RETURNING] if status is ParcelStatus.RETURNED else []
        for minutes, each in zip((40, 9), [*before, status], strict=False):
            at = site.clock.now() - timedelta(minutes=minutes)
            made.script.append(Event(at, each, f"【上海市】{each.value}", location="上海市"))
        (answer,) = _answers(site, query(made))
        last, _code = status_of(in_time_order(answer.events))
        right = last is status or (last not in ENDED and status is not ParcelStatus.DELIVERED)
        expect(right, f"a parcel that the world calls {status} is told as {last}")


def _anew(site: Site) -> None:
    made = parcel(site, courier_of(site.spec))
    _same_scans(made, *_answers(site, query(made)))
    site.pass_time(_AN_HOUR)
    at = site.clock.now() - timedelta(minutes=9)
    made.script.append(Event(at, ParcelStatus.DELIVERED, "【上海市】快件已签收", location="上海市"))
    _same_scans(made, *_answers(site, query(made)))


def _places(site: Site) -> None:
    made = parcel(site, courier_of(site.spec))
    (answer,) = _answers(site, query(made))
    told, stand = ([event.location for event in in_time_order(events)] for events in (answer.events, made.script))
    expect(told == stand, f"the places of the scans are {told}, and should be {stand}")


def _same_scans(made: SandboxParcel, answer: TrackAnswer) -> None:
    told = in_time_order(answer.events)
    moments, wanted = [event.at for event in told], [event.at for event in in_time_order(made.script)]
    unread = "" if moments else "; a scan that cannot be read is left out: does reading one fail?"
    expect(moments == wanted, f"the scans' moments are {moments[:3]}, and should be {wanted[:3]}{unread}")


def _unknown(site: Site) -> None:
    outcome = TRACK.outcome(site, ((_nobodys(site, parcel(site, courier_of(site.spec))),),))
    clean(site, outcome)
    if not isinstance(outcome.error, NotFound):
        expect(outcome.error is None, f"should be an answer without events, but there was {outcome.seen}")
        expect(not outcome.result[0].events, f"there were scans of it: {outcome.seen}")


def _out_of_order(site: Site) -> None:
    made = parcel(site, courier_of(site.spec))
    first, second, third, *others = made.script
    mixed = _Mixed(made.courier, made.waybill, made.phone_tail, made.order_id, [third, first, *others, second, first])
    site.world.add_parcel(mixed)
    (answer,) = _answers(site, query(made))
    _same_scans(made, answer)


def _odd_scan(site: Site) -> None:
    made = parcel(site, courier_of(site.spec))
    odd = made.script[-1]
    site.far_side.tamper = rework = spoiled(odd.text)
    outcome = TRACK.outcome(site, ((query(made),),))
    rework.must_have_struck()
    clean(site, outcome)
    expect(not isinstance(outcome.error, PluginBroken), f"there was {outcome.seen}")
    if outcome.error is None:
        told, others = {event.at for event in outcome.result[0].events}, {event.at for event in made.script[:-1]}
        expect(others <= told, f"one of {len(made.script)} scans is odd, and {len(told & others)} others are told")


def _batch(site: Site) -> None:
    courier, limits = courier_of(site.spec), _limits(site.spec)
    size = min(limits.batch, _MOST_AT_ONCE)
    made = [parcel(site, courier, index) for index in range(0, size, 2)]
    unknown = [] if limits.needs_order else [_nobodys(site, made[0], index) for index in range(1, size, 2)]
    standing: dict[TrackQuery, SandboxParcel | None] = {}
    for each, nobodys in zip_longest(made, unknown):
        standing[query(each)] = each
        standing.update({nobodys: None} if nobodys else {})
    for place, answer in enumerate(_answers(site, *standing), 1):
        _its_own(standing[answer.query], answer, f"waybill {place} of {len(standing)}")


def _its_own(stands: SandboxParcel | None, answer: TrackAnswer, which: str) -> None:
    """An answer about one waybill of several: all scans of that parcel, or none where nobody knows it."""
    expect(bool(answer.events) == bool(stands), f"{which} has another's answer")
    if stands is not None:
        try:
            _same_scans(stands, answer)
        except Broken as broken:
            raise Broken(f"{which} has another's answer: {broken}") from None


def _phone_tail(site: Site) -> None:
    for courier in sorted(_limits(site.spec).phone_tail):
        made = parcel(site, courier)
        for tail in ("", _WRONG_TAIL):
            outcome = site.call("track", (TrackQuery(courier, made.waybill, phone_tail=tail),))
            events = outcome.result[0].events if outcome.error is None else ()
            expect(not events, f"{courier} told its scans to somebody without the phone's digits")
            error = outcome.error or outcome.result[0].error
            a_no = error is None or isinstance(error, _NOES)
            expect(
                a_no, f"should be an answer without events, or a clear no, but there was {Outcome(None, error).seen}"
            )
            clean(site, outcome)


def _order(site: Site) -> None:
    courier = courier_of(site.spec)
    asked, other = parcel(site, courier), parcel(site, courier, 1)
    for order_id in ("", other.order_id):
        outcome = TRACK.outcome(site, (_at_order(asked, order_id),))
        told = isinstance(outcome.error, BadInput | NotFound | Refused)
        expect(told, f"should be BadInput, NotFound or Refused, but there was {outcome.seen}")
        clean(site, outcome)


def _at_order(made: SandboxParcel, order_id: str) -> tuple[TrackQuery, ...]:
    return (replace(query(made), order_id=order_id),)


def _reads_only(site: Site) -> None:
    TRACK.done(site, TRACK.prepared(site))
    expect(not site.far_side.writes(), "a write reached the far side")
