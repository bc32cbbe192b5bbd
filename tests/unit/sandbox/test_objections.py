"""Why couriers say no, by the place of the parcel and by the new address."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api.sandbox import SandboxParcel
from asctl.domain.orders import Receiver
from asctl.domain.parcels import Event, ParcelStatus
from asctl.domain.refusals import RefusalReason
from asctl.domain.times import CHINA
from asctl.sandbox import people
from asctl.sandbox.objections import address_objection, parcel_objection

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=CHINA)
SOMEBODY = Receiver(
    name="苏小满", phone="13800001234", province="浙江省", city="杭州市", district="余杭区", detail="青禾路8号"
)
P, R = ParcelStatus, RefusalReason
BY_STATUS = {
    P.CREATED: R.NOT_PICKED_UP_YET,
    P.PICKUP_FAILED: R.NOT_PICKED_UP_YET,
    P.OUT_FOR_DELIVERY: R.TOO_LATE,
    P.READY_FOR_PICKUP: R.TOO_LATE,
    P.DELIVERED: R.ALREADY_DELIVERED,
    P.RETURNED: R.ALREADY_DELIVERED,
    P.RETURNING: R.ALREADY_INTERCEPTED,
    P.LOST: R.LOST,
    P.CANCELLED: R.REFUSED_BY_RULE,
}


def _parcel(*scans: tuple[float, ParcelStatus]) -> SandboxParcel:
    script = [Event(NOW + timedelta(hours=hours), status, f"扫描 {status}") for hours, status in scans]
    return SandboxParcel("sf", "SF1", script=script)


@pytest.mark.parametrize("status", [status for status in P if status is not P.NO_DATA])
def test_the_last_scan_decides(status: ParcelStatus) -> None:
    """Only a parcel that is picked up and not yet on its last mile can be called back."""
    assert parcel_objection(_parcel((-5, P.PICKED_UP), (-1, status)), NOW) is BY_STATUS.get(status)


def test_what_is_still_to_come_does_not_count() -> None:
    """A parcel whose scans all lie ahead is not picked up yet."""
    assert parcel_objection(_parcel((1, P.PICKED_UP)), NOW) is R.NOT_PICKED_UP_YET
    assert parcel_objection(_parcel((-1, P.PICKED_UP), (1, P.DELIVERED)), NOW) is None


def test_a_parcel_on_its_way_back_is_intercepted_already() -> None:
    """Its transit scans are the way back, and its signature the sender's."""
    back = [(-9, P.PICKED_UP), (-5, P.RETURNING), (-2, P.IN_TRANSIT)]
    assert parcel_objection(_parcel(*back), NOW) is R.ALREADY_INTERCEPTED
    assert parcel_objection(_parcel(*back, (-1, P.DELIVERED)), NOW) is R.ALREADY_DELIVERED


def test_what_another_shop_sent_is_not_ours_whatever_its_way() -> None:
    """Unknown and foreign parcels are told alike, also once delivered."""
    parcel = _parcel((-5, P.PICKED_UP), (-1, P.DELIVERED))
    parcel.foreign = True
    assert parcel_objection(parcel, NOW) is parcel_objection(None, NOW) is R.NOT_AUTHORISED


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"province": "香港特别行政区", "city": "香港岛"}, R.NOT_SUPPORTED),
        ({"province": "澳门"}, R.NOT_SUPPORTED),
        ({"province": "台湾省", "phone": ""}, R.NOT_SUPPORTED),
        ({"province": "海南省", "city": "三沙市"}, R.DESTINATION_CLOSED),
        ({"province": ""}, R.BAD_ADDRESS),
        ({"city": "", "district": ""}, R.BAD_ADDRESS),
        ({"city": "", "district": "仙桃市"}, None),
        ({"detail": "8号"}, R.BAD_ADDRESS),
        ({"detail": " 8号  "}, R.BAD_ADDRESS),
        ({"detail": "12号楼"}, None),
        ({"phone": "0571-88880000"}, None),
        ({"phone": "057188880000"}, None),
        ({"phone": "010-12345678-802"}, None),
        ({"phone": "+86 138 0000 1234"}, None),
        ({"phone": "13800001234-5678"}, None),
        ({"phone": ""}, R.BAD_PHONE),
        ({"phone": "12800001234"}, R.BAD_PHONE),
        ({"phone": "1380000123"}, R.BAD_PHONE),
        ({"phone": "138****1234"}, R.BAD_PHONE),
        ({"phone": "１３８００００１２３４"}, R.BAD_PHONE),
        ({"phone": "88880000"}, R.BAD_PHONE),
    ],
)
def test_where_it_should_go_is_looked_at(change: dict[str, str], reason: RefusalReason | None) -> None:
    """Region first, then closed places, the address, the phone."""
    assert address_objection(replace(SOMEBODY, **change)) is reason


@given(st.integers(0, 10_000))
def test_everybody_in_the_world_can_be_reached(seed: int) -> None:
    """No invented receiver is refused, so a parcel can be redirected from any of them to any other."""
    assert address_objection(people.receiver(Random(seed))) is None
