"""Customers' applications for an invoice, made inside their orders, read from the marketplace into the books (R107)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from asctl.capabilities.applications import InvoiceApplication
from asctl.domain.errors import NotFound, NotOffered
from asctl.domain.invoices import LIVING, Buyer, Colour, Invoice, InvoiceKind, InvoiceState
from asctl.domain.orders import Order
from asctl.services import books, invoice_tasks
from asctl.services.applications import Applied, draft_of, entered_as, may_be_billed
from asctl.services.desk import Desk
from asctl.services.invoicing import check_blue
from asctl.settings import Account
from asctl.store import invoices as stored_invoices
from asctl.store import orders as stored_orders
from asctl.store.orders import OrderFilter
from asctl.text import _

_DIGITAL_NOW = {
    InvoiceKind.TAXCTRL_E_ORDINARY: InvoiceKind.DIGITAL_ORDINARY,
    InvoiceKind.TAXCTRL_E_SPECIAL: InvoiceKind.DIGITAL_SPECIAL,
}
"""Marketplaces still say electronic where digital is meant (section 1.3): what is issued today is digital."""
MARKETPLACE = "marketplace"
"""Who applied, where it was the customer at the marketplace."""


def sync_order(desk: Desk, order: Order) -> Applied | None:
    """Enter what a customer applied for at one order: the last application counts, for it takes the place of those before it.
    ``None`` where there is none. Raises the read families, and what the checks of an invoice raise."""
    source = desk.accounts.provider(desk.accounts.named(order.shop), "ApplicationSource")
    told: list[InvoiceApplication] = [
        each
        for each in source.invoice_applications(order.order_id)
        if each.colour is Colour.BLUE and each.state != "refused"
    ]
    return _taken_up(desk, order, max(told, key=lambda each: each.applied_at)) if told else None


def buyer_applied_for(desk: Desk, order: Order, application: str) -> Buyer:
    """Whom a customer's application names. Raises :class:`NotFound` (``unknown_application``), and the read families."""
    source = desk.accounts.provider(desk.accounts.named(order.shop), "ApplicationSource")
    for told in source.invoice_applications(order.order_id):
        if told.application == application:
            buyer: Buyer = told.buyer
            return buyer
    raise NotFound(
        _("nobody applied for an invoice of order {order} under {application}").format(
            order=order.order_id, application=application[:40]
        ),
        code="unknown_application",
        hint=_("see the order at the marketplace, or give --title"),
    )


def orders_to_ask(desk: Desk, shop: str, since: datetime) -> tuple[Order, ...]:
    """The orders of a shop that changed since then and may have an application, and those whose invoice is overdue."""
    wanted = OrderFilter(shop=shop, changed_since=since)
    with desk.store.read() as tx:
        recent = [order for order, _count in stored_orders.list_orders(tx, wanted) if may_be_billed(order)]
    known = {order.order_id for order in recent}
    provider = desk.accounts.provider(desk.accounts.named(shop), "ApplicationSource")
    overdue = [number for number in provider.overdue_invoices() if number not in known]
    with desk.store.read() as tx:
        late = [order for number in overdue for order in stored_orders.get_orders(tx, number, shop)]
    return (*recent, *late)


def asking_shops(desk: Desk, names: tuple[str, ...]) -> tuple[Account, ...]:
    """The shops whose marketplace tells applications. Raises :class:`NotOffered` for a named one that does not."""
    shops = desk.accounts.shops(names)
    able = tuple(shop for shop in shops if desk.accounts.capability(shop, "ApplicationSource"))
    if names and len(able) < len(shops):
        silent = next(shop for shop in shops if shop not in able)
        raise NotOffered(
            _("{shop} ({plugin}) tells no applications for invoices").format(shop=silent.name, plugin=silent.plugin),
            code="no_applications",
            hint=_("enter them by hand: asctl invoice request ORDER --title NAME"),
            account=silent.name,
        )
    return able


def _taken_up(desk: Desk, order: Order, told: InvoiceApplication) -> Applied:
    with desk.store.read() as tx:
        standing = stored_invoices.sale_of_order(tx, order.shop, order.order_id)
    if standing is not None and standing.application == told.application:
        return Applied(standing)
    if standing is not None and standing.state in LIVING | {InvoiceState.FAILED, InvoiceState.REVERSED}:
        if standing.buyer == told.buyer:
            return Applied(standing)
        if standing.state is not InvoiceState.FAILED:
            return _asks_for_another_title(desk, standing, told)
    kind = _DIGITAL_NOW.get(told.kind, told.kind)
    draft = draft_of(desk, order, told.buyer, kind, told.applied_at, told)
    return entered_as(desk, order, draft, MARKETPLACE)


def _asks_for_another_title(desk: Desk, standing: Invoice, told: InvoiceApplication) -> Applied:
    """What is queued takes the new title and address; what is issued must be reversed first, which somebody has to want: and only
    for what stands on its face."""
    now = desk.clock.now()
    if standing.state is not InvoiceState.QUEUED and _same_face(standing.buyer, told.buyer):
        return Applied(standing)
    with desk.store.write() as tx:
        if standing.state is InvoiceState.QUEUED:
            edited = replace(standing, buyer=told.buyer, application=told.application, trigger=told.trigger)
            check_blue(desk, edited)
            news = {"buyer": told.buyer, "application": told.application, "trigger": told.trigger}
            changed = books.change(tx, standing, now, **news)
            return Applied(changed or standing, "retitled" if changed else "")
        why = _("the customer of order {order} applied for another title than {invoice} has").format(
            order=standing.order_id, invoice=standing.invoice
        )
        next_ = f"asctl invoice retitle {standing.order_id} --application {told.application}"
        is_new = invoice_tasks.open_task(tx, standing, invoice_tasks.RETITLE, why, next_, now, told.application)
    return Applied(standing, "title_wanted" if is_new else "")


def _same_face(one: Buyer, other: Buyer) -> bool:
    """Whether two buyers read alike on an invoice: where copies go is not on it."""
    return replace(one, email="", mobile="") == replace(other, email="", mobile="")
