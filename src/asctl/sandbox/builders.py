"""Makes believable orders with their parcels; for the seeded shop and for whoever asks at the control door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from random import Random

from asctl.api.sandbox import SandboxParcel
from asctl.domain.money import yuan
from asctl.domain.orders import Flag, Order, OrderLine, OrderStatus, Receiver
from asctl.domain.parcels import Event
from asctl.sandbox import goods, people
from asctl.sandbox.journeys import USUAL, Story, Way, city_of, tell
from asctl.sandbox.marketplace import CLOSED_UNPAID, ORDER_WORDS, PARTLY_SENT, SENT, TO_SEND
from asctl.sandbox.waybills import waybill

WAREHOUSE = Receiver(
    name="云禾售后仓",
    phone="13800009001",
    province="浙江省",
    city="杭州市",
    district="余杭区",
    town="良渚街道",
    detail="青禾路8号2号库",
)
_HUBS = ("嘉兴市", "合肥市", "南昌市", "长沙市", "郑州市")
SENT_OUT = frozenset({OrderStatus.PART_SHIPPED, OrderStatus.SHIPPED, OrderStatus.SIGNED, OrderStatus.FINISHED})
"""The statuses of orders that have a parcel."""
_OVER = frozenset({OrderStatus.FINISHED, OrderStatus.CLOSED})
_AGES: dict[OrderStatus, tuple[float, float]] = {
    OrderStatus.TO_SHIP: (1, 40),
    OrderStatus.FINISHED: (240, 480),
    OrderStatus.CLOSED: (120, 360),
}
_USUAL_AGE = (20.0, 70.0)


@dataclass(frozen=True, slots=True)
class Wish:
    """The order to make. ``word`` is the marketplace's; what is left out is made up.

    ``story`` tells the parcel's journey around now; without one the parcel travels as usual from its dispatch.
    """

    shop: str
    word: str
    courier: str
    paid_at: datetime | None = None
    story: Story | None = None
    receiver_name: str = ""
    parcels: int = 1

    @property
    def status(self) -> OrderStatus:
        """What the word means in ours."""
        return ORDER_WORDS[self.word]


@dataclass(frozen=True, slots=True)
class Made:
    """An order and the parcels it went out in."""

    order: Order
    parcels: tuple[SandboxParcel, ...]


@dataclass(frozen=True, slots=True)
class _Dates:
    created: datetime
    paid: datetime | None
    shipped: datetime | None
    finished: datetime | None
    picked_up: datetime

    @property
    def last(self) -> datetime:
        return max(moment for moment in (self.created, self.paid, self.shipped, self.finished) if moment is not None)


class Builder:
    """All numbers and names come from ``seed``: the same calls at the same time make the same shop. Not thread-safe."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self._block = seed % 1_000_000
        self._serials = count(1)

    def order(self, wish: Wish, now: datetime) -> Made:
        """An order as ``wish`` asks, last changed when the last thing happened to it."""
        dates = self._dates(wish, now)
        order_id = str(4 * 10**18 + self._block * 10**10 + next(self._serials) * 100)
        receiver = people.receiver(self.rng, wish.receiver_name)
        parcels = self._parcels(wish, order_id, receiver, dates, now) if wish.status in SENT_OUT else ()
        lines = self._lines(order_id, wish, parcels, dates.shipped)
        freight = yuan(self.rng.choice(("0", "0", "0", "8")))
        order = Order(
            order_id=order_id,
            shop=wish.shop,
            status=wish.status,
            raw_status=wish.word,
            created_at=dates.created,
            modified_at=dates.last,
            paid_at=dates.paid,
            ship_by=dates.paid + timedelta(hours=48) if dates.paid else None,
            shipped_at=dates.shipped,
            finished_at=dates.finished,
            amount=sum((line.paid for line in lines), freight),
            freight=freight,
            buyer=people.nick(self.rng),
            receiver=receiver,
            buyer_message=self._now_and_then(goods.MESSAGES),
            remark=self._now_and_then(goods.REMARKS),
            lines=lines,
        )
        return Made(replace(order, flag=self.rng.choice(tuple(Flag)) if order.remark else Flag.GRAY), parcels)

    def parcel(self, courier: str, start: Receiver, end: Receiver, order_id: str = "") -> SandboxParcel:
        """A parcel between two addresses that has not been scanned yet; the customer is the one away from the warehouse."""
        customer = start if end is WAREHOUSE else end
        number = waybill(courier, next(self._serials), self.rng)
        return SandboxParcel(courier, number, phone_tail=customer.phone[-4:], order_id=order_id)

    def journey(self, story: Story, moment: datetime, start: Receiver, end: Receiver) -> list[Event]:
        """The scans of ``story`` between two addresses, around ``moment``."""
        hub = self.rng.choice(_HUBS)
        courier_phone = people.phone(self.rng)
        carrier = self.rng.choice(people.SURNAMES) + "师傅"
        return tell(story, moment, Way(city_of(start), hub, city_of(end), carrier, courier_phone))

    def case_number(self, prefix: str) -> str:
        """The number of an after-sale; the marketplace's series begin with different digits."""
        return f"{prefix}{self._block:06d}{next(self._serials):08d}"

    def _dates(self, wish: Wish, now: datetime) -> _Dates:
        if wish.story is not None:
            shipped = now + timedelta(hours=wish.story.shipped)
            paid = shipped - timedelta(hours=self.rng.randrange(6, 30))
        else:
            paid = wish.paid_at or self._some_time_ago(wish.status, now)
            shipped = paid + min(timedelta(hours=6), (now - paid) / 2)
        created = paid - timedelta(seconds=self.rng.randrange(20, 900))
        unpaid = wish.status is OrderStatus.UNPAID or wish.word == CLOSED_UNPAID
        return _Dates(
            created=created,
            paid=None if unpaid else paid,
            shipped=_whole(shipped) if wish.status in SENT_OUT else None,
            finished=_whole(min(now, shipped + timedelta(hours=72))) if wish.status in _OVER else None,
            picked_up=_whole(min(now, shipped + timedelta(hours=2))),
        )

    def _some_time_ago(self, status: OrderStatus, now: datetime) -> datetime:
        youngest, oldest = _AGES.get(status, _USUAL_AGE)
        return _whole(now - timedelta(hours=self.rng.uniform(youngest, oldest)))

    def _parcels(
        self, wish: Wish, order_id: str, receiver: Receiver, dates: _Dates, now: datetime
    ) -> tuple[SandboxParcel, ...]:
        story, moment = (wish.story, now) if wish.story is not None else (USUAL, dates.picked_up)
        made = tuple(self.parcel(wish.courier, WAREHOUSE, receiver, order_id) for _parcel in range(wish.parcels))
        for parcel in made:
            parcel.script = self.journey(story, moment, WAREHOUSE, receiver)
        return made

    def _lines(
        self, order_id: str, wish: Wish, parcels: Sequence[SandboxParcel], shipped: datetime | None
    ) -> tuple[OrderLine, ...]:
        """Up to three articles, shared out over the parcels; of a partly shipped order only the first has gone."""
        partly = wish.status is OrderStatus.PART_SHIPPED
        pieces = max(2 if partly else 1, wish.parcels, self.rng.choice((1, 1, 1, 2, 3)))
        lines = []
        for index, article in enumerate(goods.pick(self.rng, pieces)):
            line_id = order_id if pieces == 1 else str(int(order_id) + 1 + index)
            line = self._line(line_id, article, wish.word)
            if parcels and not (partly and index):
                line = _sent(line, parcels[min(index, len(parcels) - 1)], shipped)
            lines.append(replace(line, raw_status=TO_SEND) if partly and index else line)
        return tuple(lines)

    def _line(self, line_id: str, article: goods.Goods, word: str) -> OrderLine:
        quantity = self.rng.choice((1, 1, 1, 2))
        return OrderLine(
            line_id=line_id,
            title=article.title,
            sku=article.sku,
            properties=article.properties,
            quantity=quantity,
            price=article.price,
            paid=article.price * quantity - self._discount(article.price),
            raw_status=SENT if word == PARTLY_SENT else word,
        )

    def _discount(self, price: Decimal) -> Decimal:
        """The line's share of the shop's discounts: at times five per cent."""
        return yuan(price * 5 / 100) if self.rng.random() < 0.3 else yuan(0)

    def _now_and_then(self, texts: tuple[str, ...]) -> str:
        return self.rng.choice(texts) if self.rng.random() < 0.25 else ""


def _sent(line: OrderLine, parcel: SandboxParcel, shipped: datetime | None) -> OrderLine:
    return replace(line, courier=parcel.courier, waybill=parcel.waybill, shipped_at=shipped)


def _whole(moment: datetime) -> datetime:
    """To the second, as marketplaces tell times."""
    return moment.replace(microsecond=0)
