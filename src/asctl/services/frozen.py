"""Records as an action's payload keeps them: plain JSON that reads back to the very same record."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from asctl.domain.actions import Action
from asctl.domain.aftersales import AfterSale, AfterSaleKind, AfterSaleStatus
from asctl.domain.orders import Receiver

_MOMENTS = ("created_at", "modified_at", "deadline")


def frozen(record: AfterSale | Receiver) -> dict[str, Any]:
    """A record as JSON."""
    return {name: _plain(value) for name, value in asdict(record).items()}


def thawed_receiver(kept: Any) -> Receiver:
    """The receiver that was frozen."""
    return Receiver(**kept)


def thawed_after_sale(kept: Any) -> AfterSale:
    """The application that was frozen."""
    told: dict[str, Any] = dict(kept)
    moments = {name: datetime.fromisoformat(told[name]) if told[name] else None for name in _MOMENTS}
    words = {"kind": AfterSaleKind(told["kind"]), "status": AfterSaleStatus(told["status"])}
    return AfterSale(**told | moments | words | {"amount": Decimal(told["amount"])})


def frozen_bytes(content: bytes) -> str:
    """A picture, say, as text."""
    return base64.b64encode(content).decode("ascii")


def thawed_bytes(kept: Mapping[str, Any], name: str) -> bytes:
    """The bytes that were frozen under that name; empty where there are none."""
    return base64.b64decode(kept.get(name) or "")


def buyer_words(action: Action) -> tuple[str, ...]:
    """What a frozen request about an invoice tells of its buyer: nobody shall read it in an error."""
    request = action.payload.get("request")
    buyer = request.get("buyer") if isinstance(request, Mapping) else None
    told = buyer if isinstance(buyer, Mapping) else request if isinstance(request, Mapping) else {}
    return tuple(str(told[name]) for name in _OF_A_BUYER if told.get(name))


_OF_A_BUYER = ("title", "tax_id", "address", "phone", "bank_account", "email", "mobile")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
