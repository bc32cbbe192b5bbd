"""How parcels travel: stories told as scans at hours before or after a moment, and the scans as events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from asctl.domain.orders import Receiver
from asctl.domain.parcels import Event, ParcelStatus

P = ParcelStatus


class Stop(Enum):
    """Where on its way a scan finds the parcel."""

    ORIGIN = "origin"
    HUB = "hub"
    DESTINATION = "destination"


@dataclass(frozen=True, slots=True)
class Scan:
    """``hours`` counts from the story's moment: negative before it, positive after."""

    hours: float
    status: ParcelStatus
    stop: Stop


@dataclass(frozen=True, slots=True)
class Way:
    """The cities (as couriers name them) of one journey, and who carries the last mile."""

    origin: str
    hub: str
    destination: str
    carrier: str = "陈师傅"
    carrier_phone: str = "13800000000"


@dataclass(frozen=True, slots=True)
class Story:
    """``shipped`` is the hour of dispatch, whether or not a scan followed."""

    shipped: float
    scans: tuple[Scan, ...]


WORDS: Mapping[ParcelStatus, str] = {
    P.CREATED: "商家已打单，等待揽收",
    P.PICKUP_FAILED: "揽收未成功，将再次上门",
    P.PICKED_UP: "【{place}】快件已揽收",
    P.IN_TRANSIT: "快件到达【{place}转运中心】",
    P.CUSTOMS: "快件在【{place}】清关中",
    P.OUT_FOR_DELIVERY: "【{place}】{carrier}正在派件，电话：{phone}",
    P.READY_FOR_PICKUP: "快件已存入【{place}】智能快递柜，请凭取件码取件",
    P.DELIVERY_FAILED: "【{place}】派送未成功：收件人不在，将再次派送",
    P.DELAYED: "快件在【{place}】滞留，预计延误",
    P.REFUSED: "【{place}】收件人拒收",
    P.EXCEPTION: "快件在【{place}】异常：地址不详，请联系客服",
    P.DAMAGED: "快件在【{place}】登记破损",
    P.LOST: "快件在【{place}】登记遗失，请联系客服理赔",
    P.RETURNING: "快件由【{place}】退回寄件人",
    P.RETURNED: "退回件已由寄件人签收",
    P.DELIVERED: "快件已签收，签收人：本人",
    P.CANCELLED: "订单已取消，运单作废",
    P.UNKNOWN: "快件在【{place}】进行内部处理",
}
UNMAPPED_CODE = "7788"
"""The raw code of the world's ``UNKNOWN`` scans: no courier's table has it."""


def _story(*scans: tuple[float, ParcelStatus, Stop], shipped: float | None = None) -> Story:
    start = shipped if shipped is not None else scans[0][0] - 3
    return Story(start, tuple(Scan(*scan) for scan in scans))


_O, _H, _D = Stop.ORIGIN, Stop.HUB, Stop.DESTINATION
USUAL = _story(
    (0, P.PICKED_UP, _O),
    (9, P.IN_TRANSIT, _H),
    (27, P.IN_TRANSIT, _D),
    (34, P.OUT_FOR_DELIVERY, _D),
    (38, P.DELIVERED, _D),
    shipped=-2,
)
"""An ordinary journey, counted from its pick-up."""

STORIES: Mapping[str, Story] = {
    "not scanned yet": _story(shipped=-20),
    "never picked up": _story((-33, P.CREATED, _O)),
    "label just printed": _story((-2, P.CREATED, _O), (4, P.PICKED_UP, _O), (15, P.IN_TRANSIT, _H)),
    "pick-up failed": _story((-22, P.CREATED, _O), (-5, P.PICKUP_FAILED, _O)),
    "just picked up": _story((-3, P.PICKED_UP, _O), (6, P.IN_TRANSIT, _H), (26, P.IN_TRANSIT, _D)),
    "moving": _story((-26, P.PICKED_UP, _O), (-8, P.IN_TRANSIT, _H), (10, P.IN_TRANSIT, _D), (18, P.DELIVERED, _D)),
    "slow": _story((-44, P.PICKED_UP, _O), (-30, P.IN_TRANSIT, _H)),
    "stalled": _story((-66, P.PICKED_UP, _O), (-50, P.IN_TRANSIT, _H)),
    "stalled, moves on soon": _story((-70, P.PICKED_UP, _O), (-52, P.IN_TRANSIT, _H), (6, P.IN_TRANSIT, _D)),
    "lost from sight": _story((-98, P.PICKED_UP, _O), (-80, P.IN_TRANSIT, _H)),
    "stuck in one city": _story(
        (-74, P.PICKED_UP, _O), *((hours, P.IN_TRANSIT, _H) for hours in (-55, -42, -30, -17, -4))
    ),
    "at customs": _story((-40, P.PICKED_UP, _O), (-10, P.CUSTOMS, _H)),
    "delayed by weather": _story((-30, P.PICKED_UP, _O), (-14, P.IN_TRANSIT, _H), (-4, P.DELAYED, _H)),
    "out for delivery": _story(
        (-40, P.PICKED_UP, _O), (-12, P.IN_TRANSIT, _D), (-2, P.OUT_FOR_DELIVERY, _D), (3, P.DELIVERED, _D)
    ),
    "in a locker": _story((-60, P.PICKED_UP, _O), (-28, P.IN_TRANSIT, _D), (-20, P.READY_FOR_PICKUP, _D)),
    "nobody at home": _story((-50, P.PICKED_UP, _O), (-9, P.OUT_FOR_DELIVERY, _D), (-6, P.DELIVERY_FAILED, _D)),
    "refused at the door": _story((-52, P.PICKED_UP, _O), (-8, P.OUT_FOR_DELIVERY, _D), (-7, P.REFUSED, _D)),
    "address unclear": _story((-38, P.PICKED_UP, _O), (-11, P.IN_TRANSIT, _D), (-5, P.EXCEPTION, _D)),
    "damaged": _story((-38, P.PICKED_UP, _O), (-12, P.IN_TRANSIT, _H), (-6, P.DAMAGED, _H)),
    "lost by the courier's word": _story((-130, P.PICKED_UP, _O), (-110, P.IN_TRANSIT, _H), (-9, P.LOST, _H)),
    "going back": _story((-70, P.PICKED_UP, _O), (-30, P.REFUSED, _D), (-12, P.RETURNING, _D), (40, P.RETURNED, _O)),
    "signed, then going back": _story(
        (-90, P.PICKED_UP, _O), (-40, P.DELIVERED, _D), (-16, P.RETURNING, _D), (30, P.DELIVERED, _O)
    ),
    "came back": _story((-140, P.PICKED_UP, _O), (-100, P.REFUSED, _D), (-90, P.RETURNING, _D), (-30, P.RETURNED, _O)),
    "cancelled": _story((-30, P.CREATED, _O), (-24, P.CANCELLED, _O)),
    "in an unknown state": _story((-34, P.PICKED_UP, _O), (-7, P.UNKNOWN, _H)),
    "delivered": _story(
        (-96, P.PICKED_UP, _O), (-70, P.IN_TRANSIT, _H), (-55, P.OUT_FOR_DELIVERY, _D), (-50, P.DELIVERED, _D)
    ),
}
"""What the seeded parcels are doing, counted from the world's now."""


def tell(story: Story, moment: datetime, way: Way) -> list[Event]:
    """The story's scans as events around ``moment``; those after the world's now have yet to happen."""
    return [_event(scan, moment, way) for scan in story.scans]


def city_of(receiver: Receiver) -> str:
    """The city as couriers name it: county-level cities stand in the district."""
    return receiver.city or receiver.district


def _event(scan: Scan, moment: datetime, way: Way) -> Event:
    place = {Stop.ORIGIN: way.origin, Stop.HUB: way.hub, Stop.DESTINATION: way.destination}[scan.stop]
    return Event(
        at=moment + timedelta(hours=scan.hours),
        status=scan.status,
        text=WORDS[scan.status].format(place=place, carrier=way.carrier, phone=way.carrier_phone),
        raw_code=UNMAPPED_CODE if scan.status is P.UNKNOWN else "",
        location=place,
    )
