"""The world as the control door tells it: plain records, times in ISO 8601, money as decimal text."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from asctl.api.bureau import SandboxApplication, SandboxForm, SandboxInvoice
from asctl.api.sandbox import SandboxInterception, SandboxParcel, SandboxPickup
from asctl.capabilities.writes import Effect
from asctl.domain.aftersales import AfterSale
from asctl.domain.invoices import InvoiceLine
from asctl.domain.orders import Order
from asctl.domain.parcels import status_of
from asctl.domain.times import CHINA
from asctl.sandbox.ledger import Entry
from asctl.sandbox.world import World


def entry_record(entry: Entry) -> dict[str, Any]:
    """One line of the ledger."""
    return _fields(entry)


def order_record(order: Order) -> dict[str, Any]:
    """An order with its lines; personal data is not masked, for nobody in the world is real."""
    return _fields(order) | {"flag": order.flag.name.lower()}


def after_sale_record(after_sale: AfterSale) -> dict[str, Any]:
    """An after-sale."""
    return _fields(after_sale)


def parcel_record(parcel: SandboxParcel, now: datetime) -> dict[str, Any]:
    """A parcel with what has happened to it by ``now``."""
    events = parcel.events(now)
    return {
        "courier": parcel.courier,
        "waybill": parcel.waybill,
        "phone_tail": parcel.phone_tail,
        "order_id": parcel.order_id,
        "foreign": parcel.foreign,
        "status": status_of(events)[0],
        "events": [
            {"time": _plain(event.at), "status": event.status, "text": event.text, "location": event.location}
            for event in events
        ],
    }


def interception_record(interception: SandboxInterception, effect: Effect) -> dict[str, Any]:
    """A request to a courier, and what came of it by now."""
    receiver = interception.receiver
    return {
        "plugin": interception.plugin,
        "number": interception.number,
        "key": interception.key,
        "courier": interception.courier,
        "waybill": interception.waybill,
        "kind": interception.kind,
        "at": _plain(interception.at),
        "effect": effect,
        "receiver": asdict(receiver) if receiver is not None else None,
    }


def pickup_record(pickup: SandboxPickup, effect: Effect) -> dict[str, Any]:
    """An order to fetch goods, and what came of it by now."""
    told = {name: value for name, value in asdict(pickup).items() if name != "cancelled"}
    return {**told, "at": _plain(pickup.at), "effect": effect}


def invoice_record(invoice: SandboxInvoice, phase: str) -> dict[str, Any]:
    """An invoice, blue or red, and where it stands by now; its number is empty until it is issued."""
    told = ("plugin", "seller", "serial", "reference", "number", "colour", "kind", "order_id", "net", "tax", "gross")
    return {
        **_some(invoice, *told),
        "phase": phase,
        **_some(invoice, "blue_number", "form_number", "deliveries"),
        "buyer_title": invoice.buyer.title,
        "lines": [_fields(line) for line in invoice.lines],
    }


def form_record(form: SandboxForm, code: str) -> dict[str, Any]:
    """A red-letter form with its state code by now, and the red invoice that came of it."""
    told = ("plugin", "seller", "serial", "reference", "number", "blue_number", "scope", "reason", "net", "tax")
    return {
        **_some(form, *told),
        "code": code,
        "complaint": form.complaint,
        "red_serial": form.red.serial if form.red else "",
        "red_number": form.red.number if form.red else "",
    }


def application_record(application: SandboxApplication) -> dict[str, Any]:
    """A customer's application, with what was handed back."""
    return _fields(application)


def state_record(world: World) -> dict[str, Any]:
    """Everything in the world at its present time; it is written out after the lock is let go."""
    with world.lock:
        now = world.now()
        orders, after_sales = list(world.orders.values()), list(world.after_sales.values())
        parcels = list(world.parcels.values())
        interceptions = [(made, world.interception_effect(made)) for made in world.interceptions]
        pickups = [(made, world.pickup_effect(made)) for made in world.pickups]
        bureau = world.bureau
        bureau.reversals.begin_reds()
        invoices = [(made, bureau.phase(made)) for made in bureau.invoices]
        forms = [(made, bureau.form_code(made)) for made in bureau.forms]
        applications = list(world.applications)
    return {
        "now": _plain(now),
        "orders": [order_record(order) for order in orders],
        "after_sales": [after_sale_record(after_sale) for after_sale in after_sales],
        "parcels": [parcel_record(parcel, now) for parcel in parcels],
        "interceptions": [interception_record(*told) for told in interceptions],
        "pickups": [pickup_record(*told) for told in pickups],
        "invoices": [invoice_record(*told) for told in invoices],
        "forms": [form_record(*told) for told in forms],
        "applications": [application_record(application) for application in applications],
    }


def _fields(record: Entry | Order | AfterSale | InvoiceLine | SandboxApplication) -> dict[str, Any]:
    return {name: _plain(value) for name, value in asdict(record).items()}


def _some(record: SandboxInvoice | SandboxForm, *names: str) -> dict[str, Any]:
    return {name: _plain(getattr(record, name)) for name in names}


def _plain(value: Any) -> Any:
    """Nested values as JSON knows them."""
    if isinstance(value, dict):
        return {name: _plain(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    if isinstance(value, datetime):
        return value.astimezone(CHINA).isoformat(timespec="milliseconds" if value.microsecond else "seconds")
    return str(value) if isinstance(value, Decimal) else value
