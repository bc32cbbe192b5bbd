"""Demo Invoices' server side, with the world's tax bureau behind it, and what customers applied for inside their orders."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import timedelta

from asctl.api import Colour, Effect, InvoiceKind, Reason, Scope
from asctl.api.bureau import SandboxApplication, SandboxForm, SandboxInvoice
from asctl.api.sandbox import SandboxWorld
from asctl_demo import ID
from asctl_demo.errors import BAD_MEMBER, NOT_FOUND
from asctl_demo.sandbox_gate import No, Result, Taken
from asctl_demo.sandbox_market import SHOP, order_of
from asctl_demo.sandbox_records import application_record, form_record, invoice_record
from asctl_demo.wire import Row, read_buyer, read_line, time_text

SELLER, SELLER_NAME, DRAWER = "91990000MA0DEM0011", "演示销方有限公司", "演示员"
_OVERDUE_AFTER = timedelta(hours=24)
_FORM_LASTS = timedelta(hours=72)
_WAITING = frozenset({"02", "03"})
_VOID = frozenset({"05", "06", "07", "08", "09", "10", "11", "12", "13", "16"})
_APPLIED, _ACCEPTED = 1, 2
_PHASES = {"issued": Effect.EFFECTIVE, "seal_failed": Effect.EFFECTIVE, "failed": Effect.INEFFECTIVE}
_TYPES = {"pdf": "application/pdf", "ofd": "application/ofd", "xml": "application/xml"}


class Desk:
    """Invoices of the one seller. ``files`` is the address below which files are served."""

    def __init__(self) -> None:
        self.files = ""
        self.reads: Mapping[str, Callable[[Row, SandboxWorld], Result]] = {
            "invoice": lambda asked, world: invoice_record(_invoice(asked, world), self.files, world),
            "reversal": self._reversal,
            "applications": _applications,
            "overdue": _overdue,
        }
        self.writes: Mapping[str, Callable[[Row, SandboxWorld], Result]] = {"retry": _retry}
        self.keyed: Mapping[str, Callable[[Row, SandboxWorld], Taken]] = {
            "issue": _issue,
            "reverse": _reverse,
            "deliver": _deliver,
            "hand_over": _hand_over,
        }

    def file(self, name: str, world: SandboxWorld) -> tuple[bytes, str] | None:
        """A file of an issued invoice and its media type; ``None`` where there is none."""
        reference, _dot, format = name.rpartition(".")
        made = next((made for made in world.bureau.own(ID, SELLER) if made.reference == reference), None)
        if made is None or format not in _TYPES or world.bureau.phase(made) != "issued":
            return None
        return world.bureau.file(made, format), _TYPES[format]

    def _reversal(self, asked: Row, world: SandboxWorld) -> Result:
        serial = asked.needed("serial")
        form = next((form for form in world.bureau.own_forms(ID, SELLER) if form.serial == serial), None)
        if form is None:
            raise No(NOT_FOUND)
        told = form_record(form, self.files, world)
        waits = told["state"] in _WAITING
        return {**told, "lapses_at": time_text(form.begun_at + _FORM_LASTS) if waits else ""}


def _invoice(asked: Row, world: SandboxWorld) -> SandboxInvoice:
    """The blue invoice under a serial."""
    serial = asked.needed("serial")
    for made in world.bureau.own(ID, SELLER):
        if made.serial == serial and made.colour is Colour.BLUE:
            return made
    raise No(NOT_FOUND)


def _issued(number: str, world: SandboxWorld) -> SandboxInvoice:
    """The seller's issued blue invoice with a number of the tax bureau."""
    made = world.bureau.issued(number)
    if made is None or (made.plugin, made.seller, made.colour) != (ID, SELLER, Colour.BLUE):
        raise No(NOT_FOUND)
    return made


def _issue(asked: Row, world: SandboxWorld) -> Taken:
    _check_seller(asked)
    kind, buyer = asked.word("kind", InvoiceKind), read_buyer(asked.row("buyer"))
    lines = tuple(read_line(line) for line in asked.rows("lines"))
    if flaw := world.bureau.flaw(kind, buyer, lines):
        raise No(BAD_MEMBER, member=flaw)
    made = world.bureau.submit(
        ID, SELLER, asked.needed("key"), kind, buyer, lines, asked.text("order"), asked.text("remark")
    )
    return Taken(made.reference, lambda: _PHASES.get(world.bureau.phase(made), Effect.ACCEPTED))


def _retry(asked: Row, world: SandboxWorld) -> Result:
    made = _invoice(asked, world)
    if not world.bureau.retry(made):
        raise No("against_rules")
    return {"state": world.bureau.phase(made)}


def _reverse(asked: Row, world: SandboxWorld) -> Taken:
    """What the bureau thinks of it shows at the form, a second later."""
    _check_seller(asked)
    blue, reason = _issued(asked.needed("blue_number"), world), asked.word("reason", Reason)
    if world.bureau.reversed_fully(blue.number):
        raise No("against_rules", "nothing is left of this invoice")
    lines = tuple(read_line(line) for line in asked.rows("lines"))
    scope = Scope.PARTIAL if lines else Scope.FULL
    form = world.bureau.apply_reversal(ID, SELLER, asked.needed("key"), blue.number, scope, reason, lines)
    return Taken(form.reference, lambda: _came_of(form, world))


def _came_of(form: SandboxForm, world: SandboxWorld) -> Effect:
    if world.bureau.form_code(form) in _VOID:
        return Effect.INEFFECTIVE
    red = world.bureau.red_of(form)
    return _PHASES.get(world.bureau.phase(red), Effect.ACCEPTED) if red else Effect.ACCEPTED


def _deliver(asked: Row, world: SandboxWorld) -> Taken:
    made = world.bureau.issued(asked.needed("number"))
    if made is None or made.plugin != ID:
        raise No(NOT_FOUND)
    addresses = [address for name in ("email", "mobile") if (address := asked.text(name))]
    if not addresses:
        raise No(BAD_MEMBER, member="email")
    made.deliveries.extend(addresses)
    return Taken(f"D{made.reference}")


def _check_seller(asked: Row) -> None:
    if asked.needed("seller") != SELLER:
        raise No(BAD_MEMBER, member="seller")


def _applications(asked: Row, world: SandboxWorld) -> Result:
    order = order_of(asked, world)
    found = [one for one in world.applications if (one.shop, one.order_id) == (SHOP, order.order_id)]
    found.sort(key=lambda one: one.at)
    return {"applications": [application_record(one, order) for one in found]}


def _overdue(_asked: Row, world: SandboxWorld) -> Result:
    due = [one for one in world.applications if one.shop == SHOP and one.status == _APPLIED]
    return {"orders": [one.order_id for one in due if world.now() - one.at > _OVERDUE_AFTER]}


def _hand_over(asked: Row, world: SandboxWorld) -> Taken:
    order, found = order_of(asked, world), _application(asked, world)
    if asked.amount("net") + asked.amount("tax") != asked.amount("gross"):
        raise No(BAD_MEMBER, member="gross")
    try:
        b64decode(asked.text("file"), validate=True)
    except binascii.Error:
        raise No(BAD_MEMBER, member="file") from None
    told = ("order", "colour", "kind", "number", "issued_at", "net", "tax", "gross", "blue_number", "format", "file")
    found.results.append({name: asked.text(name) for name in told})
    found.status = _ACCEPTED
    return Taken(f"H{order.order_id}-{len(found.results)}")


def _application(asked: Row, world: SandboxWorld) -> SandboxApplication:
    """The one that is named, else the order's last."""
    wanted = asked.text("application")
    for one in reversed(world.applications):
        if (one.shop, one.order_id) == (SHOP, asked.text("order")) and wanted in ("", one.application):
            return one
    raise No(NOT_FOUND)
