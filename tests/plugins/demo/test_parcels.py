"""Demo Parcels: tracks, redirections, interceptions, pickups, work orders."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from asctl.api import (
    AddressChange,
    BadInput,
    Claim,
    Effect,
    Evidence,
    Interception,
    NotFound,
    NotOffered,
    ParcelStatus,
    Refused,
    TrackQuery,
    Unclear,
)
from asctl.api.sandbox import SandboxReply
from asctl_demo.provider import DemoParcels
from tests.plugins.demo.conftest import CUSTOMER, KEY, PICKUP, WAYBILL, Scene
from tests.plugins.loopback import START

INTERCEPTION = Interception(KEY, "demo", WAYBILL)
REDIRECTION = AddressChange(KEY, "demo", WAYBILL, CUSTOMER)
CLAIM = Claim(KEY, "demo", WAYBILL, "damage", "杯盖裂开", Decimal("113.00"))


@pytest.fixture(autouse=True)
def moving(scene: Scene) -> None:
    scene.loop.parcel("demo", WAYBILL, (5, ParcelStatus.PICKED_UP), (2, ParcelStatus.IN_TRANSIT))


def test_one_call_tells_of_many(parcels: DemoParcels, scene: Scene) -> None:
    """An answer for each query in their order: scans, nothing known yet, a courier that is not served."""
    queries = (TrackQuery("demo", "0000000000000"), TrackQuery("demo", WAYBILL), TrackQuery("sf", "SF1"))
    unknown, known, foreign = parcels.track(queries)
    assert (unknown.events, unknown.error) == ((), None)
    assert [event.status for event in known.events] == [ParcelStatus.PICKED_UP, ParcelStatus.IN_TRANSIT]
    assert {event.source for event in known.events} == {"demo"}
    assert isinstance(foreign.error, NotOffered)
    assert len(scene.loop.sent) == 1


def test_an_odd_scan_loses_only_itself(parcels: DemoParcels, scene: Scene) -> None:
    """A code that nobody mapped is kept as it is; what has no time is set aside, and told."""
    scans = [{"at": "2026-11-21T01:00:00+00:00", "code": "beamed_up"}, {"code": "moving"}, None]
    scene.answers(SandboxReply.of({"result": {"parcels": [{"waybill": WAYBILL, "scans": scans}]}}))
    (answer,) = parcels.track((TrackQuery("demo", WAYBILL),))
    (event,) = answer.events
    assert (event.status, event.raw_code) == (ParcelStatus.UNKNOWN, "beamed_up")
    assert len(answer.problems) == 2


@pytest.mark.parametrize("place", ["sender", "outlet"])
def test_an_interception_is_found_by_its_key_until_it_is_done(parcels: DemoParcels, scene: Scene, place: str) -> None:
    """Absent, accepted, done; and the scan that tells it is marked."""
    request = replace(INTERCEPTION, return_to=place)
    assert parcels.find_interception(request).evidence is Evidence.ABSENT
    made = parcels.intercept(request)
    found = parcels.find_interception(request)
    assert (found.effect, found.reference) == (Effect.ACCEPTED, made.reference)
    scene.wait(hours=3)
    assert parcels.find_interception(request).effect is Effect.EFFECTIVE
    (answer,) = parcels.track((TrackQuery("demo", WAYBILL),))
    assert "intercepted" in answer.events[-1].flags


def test_a_repeat_under_its_key_is_dropped(parcels: DemoParcels, scene: Scene) -> None:
    """The answer is lost, the request is sent again: one interception, and the number of the first."""
    scene.loses_one()
    with pytest.raises(Unclear):
        parcels.intercept(INTERCEPTION)
    again = parcels.intercept(INTERCEPTION)
    assert [made.number for made in scene.world.interceptions] == [again.reference]


def test_a_key_that_was_used_for_something_else_is_unclear(parcels: DemoParcels) -> None:
    """What stands under it is not ours: nobody may take it for done."""
    parcels.intercept(INTERCEPTION)
    with pytest.raises(Unclear):
        parcels.intercept(replace(INTERCEPTION, return_to="outlet"))


def test_an_interception_is_taken_back(parcels: DemoParcels, scene: Scene) -> None:
    """And not any more when the courier has acted."""
    parcels.intercept(INTERCEPTION)
    assert parcels.find_interception_cancelled(INTERCEPTION).evidence is Evidence.ABSENT
    parcels.cancel_interception(INTERCEPTION)
    assert parcels.find_interception_cancelled(INTERCEPTION).effect is Effect.CANCELLED
    late = replace(INTERCEPTION, key="another-key")
    parcels.intercept(late)
    scene.wait(hours=3)
    with pytest.raises(Refused) as caught:
        parcels.cancel_interception(late)
    assert caught.value.reason == "CANNOT_CANCEL"


def test_a_redirection_arrives_in_the_other_city(parcels: DemoParcels, scene: Scene) -> None:
    """A whole receiver goes out; one that is not whole does not."""
    with pytest.raises(BadInput):
        parcels.change_address(replace(REDIRECTION, receiver=replace(CUSTOMER, detail="")))
    assert scene.loop.sent == []
    parcels.change_address(REDIRECTION)
    assert scene.world.interceptions[0].receiver == CUSTOMER
    scene.wait(hours=3)
    assert parcels.find_address_change(REDIRECTION).effect is Effect.EFFECTIVE


def test_a_refusal_has_its_reason(parcels: DemoParcels, scene: Scene) -> None:
    """A parcel of somebody else, and one that has a request already."""
    with pytest.raises(Refused) as caught:
        parcels.intercept(replace(INTERCEPTION, waybill="0000000000000"))
    assert caught.value.reason == "NOT_AUTHORISED"
    parcels.intercept(INTERCEPTION)
    with pytest.raises(Refused) as caught:
        parcels.intercept(replace(INTERCEPTION, key="another-key"))
    assert caught.value.reason == "ALREADY_INTERCEPTED"


def test_a_pickup_brings_its_waybill_and_ends_fetched(parcels: DemoParcels, scene: Scene) -> None:
    """Found by its key, with the waybill; the remark stands in the courier's order."""
    made = parcels.order_pickup(PICKUP)
    found = parcels.find_pickup(PICKUP)
    assert made.waybill
    assert (found.effect, found.reference, found.waybill) == (Effect.ACCEPTED, made.reference, made.waybill)
    assert (scene.world.pickups[0].remark, scene.world.pickups[0].sender) == (PICKUP.remark, PICKUP.sender)
    scene.wait(hours=4)
    assert parcels.find_pickup(PICKUP).effect is Effect.EFFECTIVE


def test_a_pickup_is_taken_back_before_it_is_fetched(parcels: DemoParcels, scene: Scene) -> None:
    """Afterwards the refusal names the case and not the waybill."""
    parcels.order_pickup(PICKUP)
    parcels.cancel_pickup(PICKUP)
    assert parcels.find_pickup_cancelled(PICKUP).effect is Effect.CANCELLED
    late = replace(PICKUP, key="another-key")
    parcels.order_pickup(late)
    scene.wait(hours=4)
    with pytest.raises(Refused) as caught:
        parcels.cancel_pickup(late)
    assert caught.value.code == "cannot_cancel"
    assert PICKUP.rma in caught.value.message


def test_of_a_request_that_is_not_known_nobody_says_it_was_not_taken_back(parcels: DemoParcels) -> None:
    """That would be proof of something that was not looked at."""
    assert parcels.find_pickup_cancelled(PICKUP).evidence is Evidence.UNKNOWN


def test_a_work_order_is_filed_once_and_followed(parcels: DemoParcels, scene: Scene) -> None:
    """Damage waits for our pictures; a day later it is closed. A repeat is the same work order."""
    made = parcels.file_claim(CLAIM)
    assert parcels.file_claim(CLAIM) == made
    assert parcels.find_claim(CLAIM).reference == made.reference
    assert parcels.claim_state(made.reference) == "waiting_for_us"
    assert parcels.claim_state(parcels.file_claim(replace(CLAIM, key="k2", kind="urge")).reference) == "open"
    scene.wait(days=1)
    assert parcels.claim_state(made.reference) == "closed"
    with pytest.raises(NotFound):
        parcels.claim_state("W999999")


def test_the_time_of_a_pickup_goes_out_in_utc(parcels: DemoParcels, scene: Scene) -> None:
    """Whatever zone it was given in."""
    parcels.order_pickup(replace(PICKUP, fetch_from=START, fetch_until=START))
    assert b'"from":"2026-11-21T01:30:00+00:00"' in (scene.loop.sent[0].body or b"")
