"""What the control door puts into the world: orders by the thousand, one parcel's scans, an after-sale."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from asctl.api.sandbox import SandboxParcel
from asctl.domain.aftersales import AfterSaleKind, AfterSaleStatus
from asctl.domain.identifiers import clean_phone_tail, clean_waybill
from asctl.domain.orders import OrderStatus
from asctl.domain.parcels import Event, ParcelKey, ParcelStatus
from asctl.sandbox.bodies import Body, bad_body
from asctl.sandbox.builders import SENT_OUT, Builder, Made, Wish
from asctl.sandbox.claims import claim
from asctl.sandbox.journeys import UNMAPPED_CODE, WORDS
from asctl.sandbox.marketplace import CLOSED_UNPAID, ORDER_WORDS, SENT, order_word
from asctl.sandbox.merging import merged
from asctl.sandbox.records import after_sale_record, parcel_record
from asctl.sandbox.seed import SHOP
from asctl.sandbox.waybills import COURIERS
from asctl.sandbox.world import World
from asctl.text import _

_MOST_ORDERS = 100_000


def make_orders(world: World, builder: Builder, body: Body) -> list[dict[str, Any]]:
    """``POST orders``: records with ``order_id``, ``shop``, ``status``, ``courier``, ``phone_tail`` and ``waybills``.

    With ``together`` all of them went out in one parcel.
    """
    now = world.now().replace(microsecond=0)
    count = body.whole("count", 1, low=1, high=_MOST_ORDERS)
    shop, word = body.text("shop", SHOP), _word(body)
    paid_at = _paid_at(body, word, now) if body.has("paid_at") else None
    couriers = body.texts("couriers", COURIERS)
    together = _together(body, word)
    body.finish()
    wishes = (Wish(shop, word, couriers[index % len(couriers)], paid_at) for index in range(count))
    made = [_changed_now(builder.order(wish, now), now) for wish in wishes]
    if together:
        made = merged(made)
    with world.lock:
        for one in made:
            world.add_order(one.order, one.parcels)
    return [_made_record(one) for one in made]


def put_parcel(world: World, body: Body) -> dict[str, Any]:
    """``POST parcels``: a parcel, or more scans of one that is there; answers it as it stands now."""
    courier = body.text("courier").lower()
    waybill = clean_waybill(body.text("waybill"))
    phone_tail = clean_phone_tail(body.text("phone_tail")) if body.has("phone_tail") else ""
    order_id = body.text("order_id", "")
    foreign = body.truth("foreign", default=False) if body.has("foreign") else None
    events = [_event(told) for told in body.objects("events")]
    body.finish()
    key = ParcelKey(courier, waybill)
    with world.lock:
        parcel = world.parcels.setdefault(key, SandboxParcel(courier, waybill))
        parcel.phone_tail = phone_tail or parcel.phone_tail
        parcel.order_id = order_id or parcel.order_id
        parcel.foreign = parcel.foreign if foreign is None else foreign
        world.add_scans(key, events)
        return parcel_record(parcel, world.now())


def make_after_sale(world: World, builder: Builder, body: Body) -> dict[str, Any]:
    """``POST aftersales``: an application that waits for the seller; answers it."""
    shop, order_id = body.text("shop", SHOP), body.text("order_id")
    kind = _kind(body.text("kind"))
    body.finish()
    now = world.now().replace(microsecond=0)
    with world.lock:
        order = world.orders.get(order_id)
        if order is None or order.shop != shop:
            raise bad_body(_("shop {shop} has no order {order_id}").format(shop=shop, order_id=order_id))
        made = claim(builder, order, kind, AfterSaleStatus.APPLIED, now, now)
        world.add_order(made.order, made.parcels)
        world.add_after_sale(made.after_sale)
    return after_sale_record(made.after_sale)


def _word(body: Body) -> str:
    told = body.text("status", SENT)
    word = order_word(told)
    if word is None:
        raise bad_body(
            _("{status!r} is no status of an order; known are {known}").format(
                status=told[:60], known=", ".join((*ORDER_WORDS, *sorted(set(ORDER_WORDS.values()))))
            )
        )
    return word


def _paid_at(body: Body, word: str, now: datetime) -> datetime:
    moment = body.moment("paid_at").replace(microsecond=0)
    if ORDER_WORDS[word] is OrderStatus.UNPAID or word == CLOSED_UNPAID:
        raise bad_body(_("an order in the status {word} was never paid: leave paid_at out").format(word=word))
    if moment > now:
        raise bad_body(_("paid_at lies after the sandbox's clock, which shows {now}").format(now=now.isoformat()))
    return moment


def _together(body: Body, word: str) -> bool:
    together = body.truth("together", default=False)
    if together and ORDER_WORDS[word] not in SENT_OUT:
        raise bad_body(_("an order in the status {word} is in no parcel yet: leave together out").format(word=word))
    return together


def _changed_now(made: Made, now: datetime) -> Made:
    """New to the marketplace, so that whoever asks for changes since the last time hears of it."""
    return replace(made, order=replace(made.order, modified_at=now))


def _made_record(made: Made) -> dict[str, Any]:
    order = made.order
    return {
        "order_id": order.order_id,
        "shop": order.shop,
        "status": order.raw_status,
        "courier": made.parcels[0].courier if made.parcels else "",
        "phone_tail": made.parcels[0].phone_tail if made.parcels else "",
        "waybills": [waybill for _courier, waybill in order.waybills],
    }


def _event(body: Body) -> Event:
    told = body.text("status")
    if told not in ParcelStatus.__members__:
        raise bad_body(
            _("{status!r} is no status of a parcel; known are {known}").format(
                status=told[:60], known=", ".join(ParcelStatus)
            )
        )
    status = ParcelStatus(told)
    at, location = body.moment("time"), body.text("location", "")
    text = body.text("text", "") or WORDS.get(status, told).format(place=location, carrier="", phone="")
    body.finish()
    return Event(at, status, text, raw_code=UNMAPPED_CODE if status is ParcelStatus.UNKNOWN else "", location=location)


def _kind(text: str) -> AfterSaleKind:
    try:
        return AfterSaleKind(text.lower())
    except ValueError:
        known = ", ".join(AfterSaleKind)
        raise bad_body(
            _("{kind!r} is no kind of after-sale; known are {known}").format(kind=text[:60], known=known)
        ) from None
