"""Demo Market's server side: orders, applications and decisions of the one shop ``demo-shop``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import TypeVar

from asctl.api import AfterSale, AfterSaleKind, AfterSaleStatus, Effect, Order, OrderStatus, ParcelKey
from asctl.api.sandbox import SandboxWorld
from asctl_demo import ID
from asctl_demo.account import EFFECTS
from asctl_demo.decisions import AGREED, REFUSED
from asctl_demo.errors import BAD_MEMBER, CHANGED, NOT_FOUND
from asctl_demo.mapping import read_flag
from asctl_demo.sandbox_gate import No, Result, Taken
from asctl_demo.sandbox_parcels import refuse_objection
from asctl_demo.sandbox_records import after_sale_record, order_record
from asctl_demo.wire import OddShape, Row, read_receiver

T = TypeVar("T", Order, AfterSale)
SHOP = "demo-shop"
_PAGE = 50
_MOST_REMARK = 1000
_K, _S = AfterSaleKind, AfterSaleStatus
_NEXT: Mapping[tuple[AfterSaleKind, AfterSaleStatus], AfterSaleStatus] = {
    (_K.REFUND_ONLY, _S.APPLIED): _S.DONE,
    (_K.RETURN, _S.APPLIED): _S.AWAITING_RETURN,
    (_K.RETURN, _S.RETURNING): _S.DONE,
    (_K.EXCHANGE, _S.APPLIED): _S.AWAITING_RETURN,
    (_K.EXCHANGE, _S.RETURNING): _S.TO_SEND,
    (_K.REPAIR, _S.APPLIED): _S.AWAITING_RETURN,
    (_K.REPAIR, _S.RETURNING): _S.TO_SEND,
    (_K.RESHIP, _S.APPLIED): _S.TO_SEND,
}
_REFUSABLE = frozenset({_S.APPLIED, _S.RETURNING})
_NOT_SENT = frozenset({OrderStatus.UNPAID, OrderStatus.TO_SHIP})
_WORDS: Mapping[Effect, str] = {effect: word for word, effect in EFFECTS.items()}


class Market:
    """What the shop reads and decides. Orders of other shops of the world are none of its business."""

    def __init__(self) -> None:
        self._decisions: dict[str, dict[str, str]] = {}
        self.reads: Mapping[str, Callable[[Row, SandboxWorld], Result]] = {
            "orders": lambda asked, world: _page(asked, _own(world.orders.values()), order_record),
            "order": lambda asked, world: order_record(order_of(asked, world)),
            "after_sales": lambda asked, world: _page(
                asked, _own(world.after_sales.values()), lambda one: self._record(one, world)
            ),
            "after_sale": lambda asked, world: self._record(_after_sale_of(asked, world), world),
        }
        self.writes: Mapping[str, Callable[[Row, SandboxWorld], Result]] = {
            "write_remark": _write_remark,
            "agree": self._agree,
            "refuse": self._refuse,
            "intercept_order": self._intercept,
        }
        self.keyed: Mapping[str, Callable[[Row, SandboxWorld], Taken]] = {"change_receiver": _change_receiver}

    def _record(self, sale: AfterSale, world: SandboxWorld) -> Result:
        made = [one for one in world.interceptions if (one.plugin, one.key) == (ID, sale.after_sale_id)]
        effects = [_WORDS[world.interception_effect(one)] for one in made]
        told = effects[0] if len(set(effects)) == 1 else "accepted"
        return after_sale_record(sale, self._decisions.get(sale.after_sale_id, {}), told if made else "")

    def _agree(self, asked: Row, world: SandboxWorld) -> Result:
        sale = _unchanged(asked, world)
        following = _NEXT.get((sale.kind, sale.status))
        if following is None:
            raise No("against_rules")
        return self._decide(sale, following, AGREED, world)

    def _refuse(self, asked: Row, world: SandboxWorld) -> Result:
        sale = _unchanged(asked, world)
        if not 2 <= len(asked.text("text")) <= 200:
            raise No(BAD_MEMBER, member="text")
        if sale.status not in _REFUSABLE:
            raise No("against_rules")
        return self._decide(sale, AfterSaleStatus.REFUSED, REFUSED, world)

    def _decide(self, sale: AfterSale, status: AfterSaleStatus, word: str, world: SandboxWorld) -> Result:
        self._decisions[sale.after_sale_id] = {"version": sale.version, "word": word}
        return _changed(sale, status, world)

    def _intercept(self, asked: Row, world: SandboxWorld) -> Result:
        """All parcels of the order, or none."""
        sale = _unchanged(asked, world)
        order = world.orders.get(sale.order_id)
        parcels = [ParcelKey(*told) for told in (order.waybills if order else ())]
        if not parcels:
            raise No("not_fetched_yet")
        for parcel in parcels:
            refuse_objection(world.objection(ID, parcel, "sender"))
        for parcel in parcels:
            world.intercept(ID, parcel, "sender", sale.after_sale_id)
        return _changed(sale, sale.status, world)


def order_of(asked: Row, world: SandboxWorld) -> Order:
    """The shop's order that is asked about. Raises :class:`No`."""
    order = world.orders.get(asked.needed("order"))
    if order is None or order.shop != SHOP:
        raise No(NOT_FOUND)
    return order


def _own(records: Iterable[T]) -> list[T]:
    return [record for record in records if record.shop == SHOP]


def _page(asked: Row, records: list[T], record: Callable[[T], Result]) -> Result:
    """The next records of the window behind the cursor, the longest unchanged first. A cursor is a place in time: a record that
    changes meanwhile goes behind it."""
    since, until, after = asked.moment("since"), asked.moment("until"), _place(asked.text("after"))
    due = [one for one in records if since <= one.modified_at < until and (after is None or _place_of(one) > after)]
    due.sort(key=_place_of)
    page = due[:_PAGE]
    following = "|".join(map(str, _place_of(page[-1]))) if len(due) > _PAGE else ""
    return {"items": [record(one) for one in page], "next": following}


def _place_of(one: Order | AfterSale) -> tuple[datetime, str]:
    return one.modified_at, one.order_id if isinstance(one, Order) else one.after_sale_id


def _place(cursor: str) -> tuple[datetime, str] | None:
    moment, _bar, number = cursor.partition("|")
    try:
        return (datetime.fromisoformat(moment), number) if cursor else None
    except ValueError:
        raise OddShape("after") from None


def _after_sale_of(asked: Row, world: SandboxWorld) -> AfterSale:
    sale = world.after_sales.get(asked.needed("after_sale"))
    if sale is None or sale.shop != SHOP:
        raise No(NOT_FOUND)
    return sale


def _unchanged(asked: Row, world: SandboxWorld) -> AfterSale:
    sale = _after_sale_of(asked, world)
    if sale.version != asked.needed("version"):
        raise No(CHANGED)
    return sale


def _changed(sale: AfterSale, status: AfterSaleStatus, world: SandboxWorld) -> Result:
    """Every change gives the application another version."""
    now = world.now().replace(microsecond=0)
    version = str(max(int(now.timestamp() * 1000), int(sale.version) + 1))
    world.after_sales[sale.after_sale_id] = replace(sale, status=status, modified_at=now, version=version)
    return {"version": version}


def _write_remark(asked: Row, world: SandboxWorld) -> Result:
    order, text = order_of(asked, world), str(asked.members.get("text") or "")
    if len(text.encode()) > _MOST_REMARK:
        raise No(BAD_MEMBER, member="text")
    _put(replace(order, remark=text, flag=read_flag(asked)), world)
    return {"changed_at": order_record(world.orders[order.order_id])["changed_at"]}


def _change_receiver(asked: Row, world: SandboxWorld) -> Taken:
    order, wanted = order_of(asked, world), read_receiver(asked.row("receiver"))
    if order.status not in _NOT_SENT:
        raise No("too_late")
    given = {name: text for name, text in asdict(wanted).items() if text}
    _put(replace(order, receiver=replace(order.receiver, **given)), world)
    return Taken(number=f"A{order.order_id}")


def _put(order: Order, world: SandboxWorld) -> None:
    world.orders[order.order_id] = replace(order, modified_at=world.now().replace(microsecond=0))
