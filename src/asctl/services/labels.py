"""Return labels: what they say of the cases in a parcel, from RMA, order and shop (T10, R11, R12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from asctl.capabilities.labels import LabelCase, LabelContent, LabelGoods
from asctl.domain.barcodes import qr_text
from asctl.domain.couriers import NAMES
from asctl.domain.errors import AsctlError, BadConfiguration
from asctl.domain.masking import mask_name, mask_phone
from asctl.domain.orders import Receiver
from asctl.domain.rmas import Rma, RmaKind
from asctl.services.desk import Desk
from asctl.services.orders import one_order
from asctl.services.rmas import check_may_send
from asctl.store import labels as stored_labels
from asctl.store import orders as stored_orders
from asctl.text import _

KINDS = {RmaKind.RETURN: "退货 / RETURN", RmaKind.EXCHANGE: "换货 / EXCHANGE", RmaKind.REPAIR: "维修 / REPAIR"}
REASONS = {
    "quality": "质量问题",
    "damaged": "运输破损",
    "wrong_goods": "发错货",
    "missing_parts": "缺件",
    "not_as_described": "与描述不符",
    "late": "发货太慢",
    "lost": "丢件",
    "changed_mind": "不想要了",
    "other": "其他",
}


@dataclass(frozen=True, slots=True)
class Ready:
    """A parcel whose label can be drawn: its cases, and what the label says."""

    cases: tuple[Rma, ...]
    content: LabelContent


def prepare_labels(desk: Desk, parcels: Sequence[Sequence[Rma]]) -> list[Ready | AsctlError]:
    """For each parcel, given by its cases, what its label says, or why there can be none; with the customer's data masked.

    Errors: :class:`NeedsApproval`, :class:`Refused` (no goods come back, or not any more), :class:`BadConfiguration` (no
    return address), :class:`NotFound` (the order is gone from the store). Raises :class:`StoreTrouble`.
    """
    cases = [rma for parcel in parcels for rma in parcel]
    with desk.store.read() as tx:
        receivers = stored_orders.receivers_of(tx, {(rma.shop, rma.order_id) for rma in cases})
        drawn = stored_labels.renders_of_many(tx, [rma.rma for rma in cases])
    places: dict[str, Receiver] = {}
    return [_prepared(desk, parcel, receivers, drawn, places) for parcel in parcels]


def _prepared(
    desk: Desk,
    cases: Sequence[Rma],
    receivers: Mapping[tuple[str, str], Receiver],
    drawn: Mapping[str, int],
    places: dict[str, Receiver],
) -> Ready | AsctlError:
    first = cases[0]
    try:
        for rma in cases:
            check_may_send(rma, desk.clock.now())
        if first.shop not in places:
            places[first.shop] = return_place(desk, first.shop)
        customer = receivers.get((first.shop, first.order_id)) or one_order(desk, first.order_id, first.shop).receiver
    except AsctlError as error:
        return error
    return Ready(tuple(cases), _content(cases, customer, places[first.shop], any(drawn.get(rma.rma) for rma in cases)))


def return_place(desk: Desk, shop: str) -> Receiver:
    """Where the shop's returns go, as it is written: the address on one line. Raises :class:`BadConfiguration`
    (``return_address_missing``)."""
    named = desk.accounts.named(shop)
    name, phone, address = (
        str(desk.settings.common(named.name, f"return_{part}") or "") for part in ("name", "phone", "address")
    )
    if not address:
        raise BadConfiguration(
            _("shop {shop} has no return address").format(shop=shop),
            code="return_address_missing",
            hint=_("set return_name, return_phone and return_address under [shops.{shop}]").format(shop=shop),
        )
    return Receiver(name, phone, detail=address)


def _content(cases: Sequence[Rma], customer: Receiver, place: Receiver, reprint: bool) -> LabelContent:
    first, several = cases[0], len(cases) > 1
    assert first.approved_at is not None
    return LabelContent(
        rma=first.rma,
        qr=qr_text(first.rma, first.order_id, first.shop, tuple(rma.rma for rma in cases[1:])),
        order_id=first.order_id,
        shop=first.shop,
        kind=KINDS[first.kind],
        reason=REASONS.get(first.reason, first.reason),
        customer=mask_name(customer.name),
        contact=mask_phone(customer.phone),
        return_name=place.name,
        return_phone=place.phone,
        return_address=place.detail,
        goods=tuple(
            LabelGoods(line.title, line.sku, line.quantity, rma.rma if several else "")
            for rma in cases
            for line in rma.lines
        ),
        valid_until=min(rma.due_at for rma in cases),
        approved_by=first.approved_by,
        approved_at=first.approved_at,
        courier=NAMES.get(first.courier, first.courier),
        waybill=first.waybill,
        reprint=reprint,
        others=tuple(_other(cases[1:])),
    )


def _other(cases: Iterable[Rma]) -> Iterable[LabelCase]:
    for rma in cases:
        yield LabelCase(rma.rma, rma.order_id, KINDS[rma.kind], REASONS.get(rma.reason, rma.reason))
