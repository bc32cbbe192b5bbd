"""Why a courier says no to an interception: by where the parcel stands, and by where it should go.

The reasons are those of reference/couriers/README.md section 1; every app words them in its vendor's own way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from asctl.api.sandbox import SandboxParcel
from asctl.domain.orders import Receiver
from asctl.domain.parcels import ParcelStatus, status_of
from asctl.domain.refusals import RefusalReason
from asctl.sandbox.journeys import city_of

CLOSED_CITIES = frozenset({"三沙市"})
"""Where no courier of the world delivers at present."""
OUT_OF_REACH = ("香港", "澳门", "台湾")
"""How the names of the provinces begin that no parcel can be redirected to."""

_BY_STATUS: Mapping[ParcelStatus, RefusalReason] = {
    ParcelStatus.NO_DATA: RefusalReason.NOT_PICKED_UP_YET,
    ParcelStatus.CREATED: RefusalReason.NOT_PICKED_UP_YET,
    ParcelStatus.PICKUP_FAILED: RefusalReason.NOT_PICKED_UP_YET,
    ParcelStatus.OUT_FOR_DELIVERY: RefusalReason.TOO_LATE,
    ParcelStatus.READY_FOR_PICKUP: RefusalReason.TOO_LATE,
    ParcelStatus.DELIVERED: RefusalReason.ALREADY_DELIVERED,
    ParcelStatus.RETURNED: RefusalReason.ALREADY_DELIVERED,
    ParcelStatus.RETURNING: RefusalReason.ALREADY_INTERCEPTED,
    ParcelStatus.LOST: RefusalReason.LOST,
    ParcelStatus.CANCELLED: RefusalReason.REFUSED_BY_RULE,
}
_SHORTEST_DETAIL = 4
_MOBILE = re.compile(r"(\+?86-?)?1[3-9][0-9]{9}(-[0-9]{1,6})?")
_LANDLINE = re.compile(r"0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,6})?")


def parcel_objection(parcel: SandboxParcel | None, now: datetime) -> RefusalReason | None:
    """Whether the parcel is the shop's own, and neither too early nor too late on its way."""
    if parcel is None or parcel.foreign:
        return RefusalReason.NOT_AUTHORISED
    status, _raw_code = status_of(parcel.events(now))
    return _BY_STATUS.get(status)


def address_objection(receiver: Receiver) -> RefusalReason | None:
    """Whether couriers can reach the receiver. County-level cities stand in the district."""
    city, phone = city_of(receiver), receiver.phone.replace(" ", "")
    if receiver.province.startswith(OUT_OF_REACH):
        return RefusalReason.NOT_SUPPORTED
    if city in CLOSED_CITIES:
        return RefusalReason.DESTINATION_CLOSED
    if not receiver.province or not city or len(receiver.detail.strip()) < _SHORTEST_DETAIL:
        return RefusalReason.BAD_ADDRESS
    if not _MOBILE.fullmatch(phone) and not _LANDLINE.fullmatch(phone):
        return RefusalReason.BAD_PHONE
    return None
