"""Parcels called back and redirected: accepted at once, told by the coming scans, never acted on twice."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api.sandbox import SandboxInterception, SandboxParcel, SandboxWorld
from asctl.capabilities.writes import Effect
from asctl.domain.orders import Receiver
from asctl.domain.parcels import Event, ParcelKey, ParcelStatus, status_of
from asctl.domain.refusals import RefusalReason
from asctl.domain.times import CHINA
from asctl.sandbox.interceptions import ACTS_AFTER
from asctl.sandbox.world import World

WALL = datetime(2026, 11, 21, 9, 30, tzinfo=CHINA)
KEY = ParcelKey("sf", "SF1000000000001")
ELSEWHERE = Receiver(name="苏小满", phone="13800001234", province="四川省", city="成都市", detail="听雨路12号")
P = ParcelStatus


def scan(hours: float, status: ParcelStatus, city: str = "杭州市") -> Event:
    """A scan so many hours after now."""
    return Event(WALL + timedelta(hours=hours), status, f"扫描 {status} {hours}", location=city)


WAY = (scan(-9, P.PICKED_UP), scan(-1, P.IN_TRANSIT, "嘉兴市"), scan(1, P.IN_TRANSIT, "合肥市"))
USUAL = (*WAY, scan(8, P.OUT_FOR_DELIVERY, "西安市"), scan(11, P.DELIVERED, "西安市"))


def world_with(*script: Event) -> World:
    """A world that holds one parcel."""
    world = World(lambda: WALL)
    world.add_parcel(SandboxParcel(KEY.courier, KEY.waybill, script=list(script)))
    return world


def told(world: World) -> list[tuple[float, ParcelStatus, str]]:
    """The parcel's scans by now, as hours after the beginning, status and city."""
    events = world.parcels[KEY].events(world.now())
    return [((event.at - WALL) / timedelta(hours=1), event.status, event.location) for event in events]


def flags(world: World) -> list[str]:
    """The flags of all scans, past and coming, in the order of time."""
    return [flag for event in sorted(world.parcels[KEY].script, key=lambda event: event.at) for flag in event.flags]


def test_the_world_is_what_apps_are_promised() -> None:
    """It implements the Protocol (the type checker reads this line, too)."""
    world: SandboxWorld = World(lambda: WALL)
    assert world.interceptions == []


@pytest.mark.parametrize("kind", ["sender", "outlet"])
def test_a_parcel_called_back_turns_after_two_hours_and_is_home_a_day_later(kind: str) -> None:
    """What was to come before the courier acts still comes; what was to come after it does not."""
    world = world_with(*USUAL)
    interception = world.intercept("sf", KEY, kind, "k1")
    assert (interception.key, interception.at, interception.kind) == ("k1", WALL, kind)
    assert [event.status for event in interception.replaced] == [P.OUT_FOR_DELIVERY, P.DELIVERED]
    assert world.interception_effect(interception) is Effect.ACCEPTED
    world.advance(ACTS_AFTER - timedelta(seconds=1))
    assert world.interception_effect(interception) is Effect.ACCEPTED
    world.advance(timedelta(seconds=1))
    assert world.interception_effect(interception) is Effect.EFFECTIVE
    assert told(world)[-1] == (2, P.RETURNING, "合肥市")
    assert flags(world) == ["intercepted"]
    world.advance(timedelta(hours=24))
    assert told(world)[-1] == (26, P.RETURNED, "杭州市")
    assert len(told(world)) == 5


def test_a_redirected_parcel_is_delivered_in_its_new_city() -> None:
    """Its way goes on, marked by the scan of the courier's act, and ends elsewhere."""
    world = world_with(*USUAL)
    interception = world.intercept("sf", KEY, "redirect", receiver=ELSEWHERE)
    world.advance(timedelta(hours=30))
    assert told(world)[3:] == [
        (2, P.IN_TRANSIT, "合肥市"),
        (26, P.OUT_FOR_DELIVERY, "成都市"),
        (30, P.DELIVERED, "成都市"),
    ]
    assert flags(world) == ["redirected"]
    assert world.interception_effect(interception) is Effect.EFFECTIVE
    assert status_of(world.parcels[KEY].events(world.now()))[0] is P.DELIVERED


def test_scans_tell_no_names_or_addresses() -> None:
    """Of the new receiver the city alone is told, as couriers do."""
    world = world_with(*USUAL)
    world.intercept("sf", KEY, "redirect", receiver=ELSEWHERE)
    texts = "".join(event.text for event in world.parcels[KEY].script)
    assert "成都市" in texts
    assert not any(part in texts for part in (ELSEWHERE.name, ELSEWHERE.phone, ELSEWHERE.detail))


def test_a_parcel_that_is_delivered_first_is_not_touched() -> None:
    """Delivery at the very moment of the courier's act counts as first; the request is without effect from then on."""
    script = (*WAY, scan(2, P.DELIVERED), scan(5, P.RETURNED))
    world = world_with(*script)
    interception = world.intercept("sf", KEY, "sender")
    assert world.parcels[KEY].script == list(script)
    assert world.interception_effect(interception) is Effect.ACCEPTED
    world.advance(ACTS_AFTER)
    assert world.interception_effect(interception) is Effect.INEFFECTIVE
    assert not world.cancel_interception(interception)


def test_a_delivery_put_down_later_leaves_the_courier_nothing_to_do() -> None:
    """A scan from the control door may come before the courier acts, and after the request."""
    world = world_with(*USUAL)
    interception = world.intercept("sf", KEY, "sender")
    world.advance(timedelta(hours=1))
    world.add_scans(KEY, [scan(0.5, P.DELIVERED, "合肥市")])
    assert world.interception_effect(interception) is Effect.INEFFECTIVE
    world.advance(timedelta(hours=40))
    assert flags(world) == []
    assert P.RETURNING not in [status for _hours, status, _city in told(world)]


def test_scans_put_down_after_the_act_are_added_to_it() -> None:
    """Whoever drives the world may go on telling the parcel's way home."""
    world = world_with(*USUAL)
    interception = world.intercept("sf", KEY, "sender")
    world.advance(timedelta(hours=4))
    world.add_scans(KEY, [scan(3, P.IN_TRANSIT, "嘉兴市"), scan(3.5, P.DELIVERED)])
    assert world.interception_effect(interception) is Effect.EFFECTIVE
    assert status_of(world.parcels[KEY].events(world.now()))[0] is P.RETURNED


def test_a_request_taken_back_in_time_leaves_no_trace_in_the_scans() -> None:
    """The parcel travels as it would have; taking back once more changes nothing."""
    world = world_with(*USUAL)
    interception = world.intercept("sf", KEY, "sender")
    assert world.cancel_interception(interception)
    assert world.cancel_interception(interception)
    assert sorted(world.parcels[KEY].script, key=lambda event: event.at) == list(USUAL)
    world.advance(timedelta(days=2))
    assert world.interception_effect(interception) is Effect.CANCELLED
    assert interception.replaced == []


def test_what_the_courier_has_acted_on_cannot_be_taken_back() -> None:
    """The scans stay, and the request stays effective."""
    world = world_with(*USUAL)
    interception = world.intercept("sf", KEY, "redirect", receiver=ELSEWHERE)
    world.advance(ACTS_AFTER)
    assert not world.cancel_interception(interception)
    assert world.interception_effect(interception) is Effect.EFFECTIVE


def test_a_repeat_is_noted_with_a_number_of_its_own_and_acted_on_once() -> None:
    """The sandbox is the witness: both requests stand there, the parcel turns once, and both share its fate."""
    world = world_with(*USUAL)
    first = world.intercept("sf", KEY, "sender", "k1")
    world.advance(timedelta(minutes=30))
    assert world.objection("sf", KEY, "redirect", ELSEWHERE) is None
    second = world.intercept("sf", KEY, "redirect", "k1", ELSEWHERE)
    assert world.interceptions == [first, second]
    assert first.number != second.number
    world.advance(timedelta(days=2))
    assert flags(world) == ["intercepted"]
    assert {world.interception_effect(one) for one in (first, second)} == {Effect.EFFECTIVE}


def test_the_next_request_takes_the_place_of_one_taken_back() -> None:
    """The courier acts for it two hours after its own coming."""
    world = world_with(*USUAL)
    first = world.intercept("sf", KEY, "sender")
    world.advance(timedelta(minutes=30))
    second = world.intercept("sf", KEY, "redirect", receiver=ELSEWHERE)
    assert world.cancel_interception(first)
    world.advance(timedelta(minutes=90))
    assert world.interception_effect(second) is Effect.ACCEPTED
    world.advance(timedelta(minutes=30))
    assert world.interception_effect(second) is Effect.EFFECTIVE
    assert told(world)[-1] == (2.5, P.IN_TRANSIT, "合肥市")
    assert flags(world) == ["redirected"]


def test_requests_stand_in_each_others_way() -> None:
    """Another plugin's do at once, one's own when the courier has acted; what was taken back never does."""
    world = world_with(*USUAL)
    first = world.intercept("sf", KEY, "redirect", receiver=ELSEWHERE)
    assert world.objection("sf", KEY, "sender") is None
    assert world.objection("taobao", KEY, "sender") is RefusalReason.ALREADY_INTERCEPTED
    world.advance(ACTS_AFTER)
    assert world.objection("sf", KEY, "sender") is RefusalReason.ALREADY_INTERCEPTED
    world.advance(-ACTS_AFTER)
    assert world.cancel_interception(first)
    assert world.objection("taobao", KEY, "sender") is None


def test_the_place_of_the_parcel_is_looked_at_first_and_the_address_last() -> None:
    """A new address is checked for redirections alone, and only of parcels that can still be touched."""
    nowhere = Receiver(province="台湾省")
    world = world_with(*USUAL)
    assert world.objection("sf", ParcelKey("sf", "SF404"), "redirect", nowhere) is RefusalReason.NOT_AUTHORISED
    assert world.objection("sf", KEY, "redirect", nowhere) is RefusalReason.NOT_SUPPORTED
    assert world.objection("sf", KEY, "sender", nowhere) is None
    assert world.objection("sf", KEY, "redirect") is None
    world.advance(timedelta(hours=9))
    assert world.objection("sf", KEY, "redirect", nowhere) is RefusalReason.TOO_LATE


STEPS = st.lists(st.tuples(st.sampled_from(["intercept", "cancel", "wait"]), st.integers(0, 5)), max_size=12)


def _play(world: World, step: str, number: int) -> None:
    if step == "intercept" and world.objection("sf", KEY, "sender") is None:
        world.intercept("sf", KEY, ("sender", "outlet", "redirect")[number % 3], receiver=ELSEWHERE)
    elif step == "cancel" and world.interceptions:
        world.cancel_interception(world.interceptions[number % len(world.interceptions)])
    elif step == "wait":
        world.advance(timedelta(minutes=20 * number))


def _open(world: World, interception: SandboxInterception) -> bool:
    return world.interception_effect(interception) is Effect.ACCEPTED


@given(steps=STEPS)
def test_however_often_asked_and_taken_back_the_courier_acts_at_most_once(steps: list[tuple[str, int]]) -> None:
    """One marked scan where a request stands, the script as it was where none does; every number is there once."""
    world = world_with(*USUAL)
    for step, number in steps:
        _play(world, step, number)
        standing = [one for one in world.interceptions if not one.cancelled]
        assert len(flags(world)) == (1 if standing else 0)
        if not standing:
            assert sorted(world.parcels[KEY].script, key=lambda event: event.at) == list(USUAL)
    world.advance(timedelta(days=3))
    assert not any(_open(world, one) for one in world.interceptions)
    assert len({one.number for one in world.interceptions}) == len(world.interceptions)
