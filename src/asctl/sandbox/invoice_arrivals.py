"""What the control door does about invoices: fates of coming ones, what a buyer does with his, customers' applications."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from asctl.api.bureau import SandboxForm, SandboxInvoice
from asctl.domain.invoices import Buyer, Colour, InvoiceKind, TitleType
from asctl.domain.money import yuan
from asctl.sandbox import applications
from asctl.sandbox.bodies import Body, bad_body
from asctl.sandbox.fates import KNOWN_FATES, Fate
from asctl.sandbox.records import application_record, form_record, invoice_record
from asctl.sandbox.seed import SHOP
from asctl.sandbox.world import World
from asctl.text import _

_STRICT = "strict_full_when_unused"
_MOST_TIMES = 1000


def change_invoices(world: World, body: Body) -> dict[str, Any]:
    """``POST invoices``: a ``fate`` for coming ones, what the ``buyer`` does with one, or a ``switch`` of the bureau."""
    for name, change in _CHANGES.items():
        if body.has(name):
            return change(world, body)
    raise bad_body(_("say one of {known}").format(known=", ".join(_CHANGES)))


def make_application(world: World, body: Body) -> dict[str, Any]:
    """``POST applications``: a customer applies for an invoice inside an order; a ``tax_id`` makes the buyer a company."""
    shop, order_id = body.text("shop", SHOP), body.text("order_id")
    tax_id = body.text("tax_id", "")
    buyer = Buyer(
        body.text("title"),
        TitleType.COMPANY if tax_id else TitleType.PERSON,
        tax_id,
        email=body.text("email", ""),
    )
    kind = InvoiceKind(_one_of(body, "kind", tuple(InvoiceKind), InvoiceKind.DIGITAL_ORDINARY))
    trigger = _one_of(body, "trigger", applications.TRIGGERS, applications.PAID)
    amount = _amount(body.text("amount")) if body.has("amount") else None
    body.finish()
    with world.lock:
        order = world.orders.get(order_id)
        if order is None or order.shop != shop:
            raise bad_body(_("shop {shop} has no order {order_id}").format(shop=shop, order_id=order_id))
        return application_record(applications.apply(world, order, buyer, kind, trigger, amount))


def _lay_down(world: World, body: Body) -> dict[str, Any]:
    kind = _one_of(body, "fate", KNOWN_FATES)
    fate = Fate(kind, body.text("text", ""), body.whole("times", 1, low=1, high=_MOST_TIMES), body.text("match", ""))
    body.finish()
    with world.lock:
        world.bureau.fates.lay_down(fate)
    return {"fate": fate.kind, "text": fate.text, "times": fate.times, "match": fate.match}


def _have_buyer_act(world: World, body: Body) -> dict[str, Any]:
    deed = _one_of(body, "buyer", tuple(_DEEDS))
    number = body.text("number")
    body.finish()
    with world.lock:
        return _DEEDS[deed](world, number)


def _switch(world: World, body: Body) -> dict[str, Any]:
    name = _one_of(body, "switch", (_STRICT,))
    on = body.truth("on", default=True)
    body.finish()
    with world.lock:
        world.bureau.reversals.strict_full_when_unused = on
    return {"switch": name, "on": on}


def _use(world: World, number: str) -> dict[str, Any]:
    invoice = _blue(world, number)
    invoice.used = True
    return invoice_record(invoice, world.bureau.phase(invoice))


def _confirm(world: World, number: str) -> dict[str, Any]:
    form = _waiting_form(world, number)
    world.bureau.reversals.confirm(form)
    return form_record(form, world.bureau.form_code(form))


def _refuse(world: World, number: str) -> dict[str, Any]:
    form = _waiting_form(world, number)
    world.bureau.reversals.refuse(form)
    return form_record(form, world.bureau.form_code(form))


def _blue(world: World, number: str) -> SandboxInvoice:
    invoice = world.bureau.issued(number)
    if invoice is None or invoice.colour is not Colour.BLUE:
        raise bad_body(_("no blue invoice {number} was issued").format(number=number[:60]))
    return invoice


def _waiting_form(world: World, number: str) -> SandboxForm:
    form = world.bureau.reversals.waiting(_blue(world, number).number)
    if form is None:
        raise bad_body(_("no form about invoice {number} waits for its buyer").format(number=number[:60]))
    return form


def _amount(text: str) -> Decimal:
    try:
        amount = yuan(text)
    except ValueError:
        raise bad_body(_("amount must be yuan as text, such as 203.40")) from None
    if amount <= 0:
        raise bad_body(_("amount must be more than 0, not {amount}").format(amount=amount))
    return amount


def _one_of(body: Body, name: str, known: tuple[str, ...], default: str | None = None) -> str:
    told = body.text(name, default)
    if told not in known:
        raise bad_body(
            _("{name} must be one of {known}, not {told!r}").format(name=name, known=", ".join(known), told=told[:60])
        )
    return told


_Change = Callable[[World, Body], dict[str, Any]]
_CHANGES: Mapping[str, _Change] = {"fate": _lay_down, "buyer": _have_buyer_act, "switch": _switch}
_DEEDS: Mapping[str, Callable[[World, str], dict[str, Any]]] = {
    "use": _use,
    "confirm": _confirm,
    "refuse": _refuse,
}
