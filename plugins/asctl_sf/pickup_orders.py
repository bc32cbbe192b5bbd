"""A return pickup as SF's reverse order: what is sent, and what comes back (section 8). Pure but for the settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten
from typing import Any

from asctl.api import (
    BadConfiguration,
    BadInput,
    Context,
    Effect,
    Event,
    ParcelStatus,
    Pickup,
    PickupGoods,
    Receiver,
    as_text,
    china_text,
    in_hand,
)
from asctl.api import translate as _

PAYERS = {
    "receiver_card": (2, True),
    "receiver_cash": (2, False),
    "sender_card": (1, True),
    "sender_cash": (1, False),
    "third_party_card": (3, True),
}
"""Who pays for a pickup: ``payMethod``, and whether the account's monthly card goes along. The sender is the customer."""
SENDER, RECEIVER = 1, 2
"""``contactType``."""
WINDOW_END = "pickupAppointEndTime"
MOST = {"name": 100, "phone": 20, "province": 30, "city": 100, "district": 30, "detail": 200}
"""The longest that SF takes of each part of an address; ``detail`` counts with the town before it."""
MOST_GOODS, MOST_REMARK = 128, 100

_MOTHER = "1"
_NOT_SERVED = "3"


@dataclass(frozen=True, slots=True)
class PickupTerms:
    """Who pays for pickups, and by which product and template they are made, as the account's settings say."""

    account: str
    payer: str
    monthly_card: str
    product: int
    template: str

    @classmethod
    def of(cls, context: Context) -> PickupTerms:
        product = context.settings.get("pickup_product")
        return cls(
            context.account,
            context.text("pickup_payer") or "receiver_card",
            context.text("monthly_card"),
            product if isinstance(product, int) else 1,
            context.text("pickup_template"),
        )

    def order(self, request: Pickup) -> dict[str, Any]:
        """The order as SF wants it; the key is its number, for good.

        Raises :class:`BadInput` (``too_long``) and :class:`BadConfiguration` (``monthly_card_missing``).
        """
        told: dict[str, Any] = {
            "language": "zh_CN",
            "orderId": request.key,
            "cargoDetails": [_cargo(line) for line in request.goods],
            "contactInfoList": [_contact(SENDER, request.sender), _contact(RECEIVER, request.receiver)],
            **self._payment(),
            "expressTypeId": self.product,
            "isDocall": 1,
            "remark": _fitting(request.remark),
        }
        if request.fetch_from:
            told["sendStartTm"] = china_text(request.fetch_from)
        if request.fetch_until:
            told["extraInfoList"] = [_window_end(request.fetch_until)]
        return told | {"bizTemplateCode": self.template} if self.template else told

    def _payment(self) -> dict[str, object]:
        method, by_card = PAYERS[self.payer]
        if by_card and not self.monthly_card:
            raise BadConfiguration(
                _("pickups of {account} are paid by {payer}, and it has no monthly_card").format(
                    account=self.account, payer=self.payer
                ),
                code="monthly_card_missing",
                hint=_("set monthly_card for the account, or another pickup_payer"),
            )
        return {"monthlyCard": self.monthly_card if by_card else "", "payMethod": method}


@dataclass(frozen=True, slots=True)
class ReverseOrder:
    """What SF tells of an order. ``served`` is false where it goes to one of the two places only; ``words`` say why."""

    number: str
    waybill: str
    served: bool
    words: str


def read_order(msg_data: object) -> ReverseOrder:
    """The answer to an order, or to the question about one; it may be empty, and the waybill may come later."""
    told = msg_data if isinstance(msg_data, Mapping) else {}
    return ReverseOrder(
        number=as_text(told.get("orderId")),
        waybill=_waybill(told.get("waybillNoInfoList")),
        served=as_text(told.get("filterResult")) != _NOT_SERVED,
        words=as_text(told.get("remark")),
    )


def effect_of_routes(events: Iterable[Event]) -> Effect | None:
    """What the waybill's scans tell of the order: fetched, or its sending cancelled; ``None`` where neither."""
    statuses = {event.status for event in events if not event.informational}
    if any(in_hand(status) for status in statuses):
        return Effect.EFFECTIVE
    return Effect.CANCELLED if ParcelStatus.CANCELLED in statuses else None


def _waybill(told: object) -> str:
    """The number of the mother parcel; of a single parcel the list holds no other."""
    rows = [row for row in told if isinstance(row, Mapping)] if isinstance(told, list) else []
    rows.sort(key=lambda row: as_text(row.get("waybillType")) != _MOTHER)
    return next((number.upper() for row in rows if (number := as_text(row.get("waybillNo")))), "")


def _cargo(line: PickupGoods) -> dict[str, object]:
    """SF wants a name. A longer one is cut: it only tells the courier what he will find."""
    return {"name": (line.title or line.sku)[:MOST_GOODS], "count": line.quantity, "unit": "件", "cargoSku": line.sku}


def _contact(kind: int, party: Receiver) -> dict[str, object]:
    """County-level cities, which stand in the district, are cities to SF; a town has no member of its own."""
    for part in _too_long(party):
        raise BadInput(
            _("SF takes at most {most} characters for the {part} of the {who}").format(
                most=MOST[part], part=part, who=_("sender") if kind == SENDER else _("receiver")
            ),
            code="too_long",
            hint=_("shorten it, and let the town stand in one place only"),
        )
    return {
        "contactType": kind,
        "contact": party.name,
        "tel" if party.phone.startswith("0") else "mobile": party.phone,
        "country": "CN",
        "province": party.province,
        "city": party.city or party.district,
        "county": party.district,
        "address": party.town + party.detail,
    }


def _too_long(party: Receiver) -> Iterator[str]:
    lengths = {part: len(getattr(party, part)) for part in MOST}
    lengths["detail"] += len(party.town)
    return (part for part, most in MOST.items() if lengths[part] > most)


def _fitting(remark: str) -> str:
    """As many of its words as have room on the courier's paper, from the first on."""
    return shorten(remark, MOST_REMARK, placeholder="", break_on_hyphens=False)


def _window_end(moment: datetime) -> dict[str, str]:
    return {"attrName": WINDOW_END, "attrVal": china_text(moment)}
