"""Invoices made ready: rows of the books from orders and cases, checked, and the writes that send them (R107)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from asctl.domain.actions import About, Action, ActionKind, Intent, Wanted, payload_hash
from asctl.domain.billing import totals
from asctl.domain.errors import Refused
from asctl.domain.invoice_flaws import Flaw, refuse_flaws
from asctl.domain.invoice_rules import flaws_of_blue
from asctl.domain.invoices import (
    ISSUED_HERE,
    Buyer,
    Colour,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    InvoiceState,
    Purpose,
    Reason,
    Scope,
    Seller,
)
from asctl.domain.orders import Order
from asctl.domain.reversal_rules import flaws_of_red
from asctl.domain.serials import invoice_serial, next_serial
from asctl.services.desk import Desk
from asctl.services.invoice_accounts import limits_of, seller_of
from asctl.services.open_cases import check_nothing_open
from asctl.store import invoices as stored_invoices
from asctl.store.invoice_tables import plain
from asctl.store.opening import Transaction
from asctl.text import _


@dataclass(frozen=True, slots=True)
class Draft:
    """What a new blue invoice shall be. ``occasion`` and ``day`` name the work, so that the same work has the same serial."""

    order: Order
    account: str
    kind: InvoiceKind
    buyer: Buyer
    lines: tuple[InvoiceLine, ...]
    occasion: str
    day: datetime
    requested_at: datetime
    purpose: Purpose = Purpose.SALE
    rma: str = ""
    replaces: str = ""
    after: str = ""
    application: str = ""
    trigger: str = ""
    agreed_by: str = ""


def blue_of(desk: Desk, draft: Draft, attempt: int = 1) -> Invoice:
    """A blue invoice that is not in the books yet. One that comes ``after`` a red one waits for it."""
    account = desk.accounts.named(draft.account)
    seller, now = seller_of(desk, account), desk.clock.now()
    net, tax, gross = totals(draft.lines)
    written = str(desk.settings.common(draft.account, "remark") or "")
    return Invoice(
        invoice="",
        serial=invoice_serial(Colour.BLUE, seller.tax_id, draft.occasion, draft.day, attempt),
        account=draft.account,
        shop=draft.order.shop,
        order_id=draft.order.order_id,
        colour=Colour.BLUE,
        kind=draft.kind,
        state=InvoiceState.WAITING if draft.after else InvoiceState.QUEUED,
        buyer=draft.buyer,
        lines=draft.lines,
        net=net,
        tax=tax,
        gross=gross,
        requested_at=draft.requested_at,
        created_at=now,
        changed_at=now,
        purpose=draft.purpose,
        rma=draft.rma,
        attempt=attempt,
        remark=written.replace("{order}", draft.order.order_id),
        replaces=draft.replaces,
        after=draft.after,
        application=draft.application,
        trigger=draft.trigger,
        agreed_by=draft.agreed_by,
    )


def red_of(
    desk: Desk, blue: Invoice, lines: tuple[InvoiceLine, ...], scope: Scope, reason: Reason, occasion: str, attempt: int
) -> Invoice:
    """A red invoice that is not in the books yet: ``lines`` are negative, each with the blue line that it takes from."""
    now = desk.clock.now()
    seller = seller_of(desk, desk.accounts.named(blue.account))
    net, tax, gross = totals(lines)
    return Invoice(
        invoice="",
        serial=invoice_serial(Colour.RED, seller.tax_id, occasion, blue.issued_at or blue.requested_at, attempt),
        account=blue.account,
        shop=blue.shop,
        order_id=blue.order_id,
        colour=Colour.RED,
        kind=blue.kind,
        state=InvoiceState.QUEUED,
        buyer=blue.buyer,
        lines=lines,
        net=net,
        tax=tax,
        gross=gross,
        requested_at=now,
        created_at=now,
        changed_at=now,
        purpose=blue.purpose,
        attempt=attempt,
        blue=blue.invoice,
        application=blue.application,
        scope=scope,
        reason=reason,
    )


def successor_of(blue: Invoice, now: datetime, **news: Any) -> Invoice:
    """What comes in the place of a blue invoice that failed: with other data, and so under another serial."""
    return replace(
        blue, invoice="", serial=next_serial(blue), attempt=blue.attempt + 1, state=InvoiceState.QUEUED, created_at=now,
        changed_at=now, raw_state="", error_code="", message="", reference="", action="", **news,
    )  # fmt: skip


def check_blue(desk: Desk, invoice: Invoice, paid: Order | None = None) -> tuple[Flaw, ...]:
    """Refuse what no provider would take, before anything is sent; returns what is only odd. With the order, no more may be
    billed than was paid. Raises :class:`BadInput` with field, rule and numbers."""
    account = desk.accounts.named(invoice.account)
    limits = limits_of(desk, account)
    if invoice.kind not in limits.kinds or invoice.kind not in ISSUED_HERE:
        raise _kind_not_offered(invoice)
    flaws = flaws_of_blue(
        invoice, seller_of(desk, account), desk.settings.invoice_policy(), limits, paid.amount if paid else None
    )
    refuse_flaws(flaws, _("the invoice of order {order}").format(order=invoice.order_id))
    return tuple(flaw for flaw in flaws if flaw.warning)


def check_red(desk: Desk, red: Invoice, blue: Invoice, reds: Iterable[Invoice]) -> None:
    """Refuse a reversal that the rules do not allow. Raises :class:`BadInput` with field, rule and numbers."""
    if blue.kind not in ISSUED_HERE:
        raise _kind_not_offered(blue)
    others = [each for each in reds if each.invoice != red.invoice]
    limits = limits_of(desk, desk.accounts.named(blue.account))
    flaws = flaws_of_red(red, blue, others, desk.settings.invoice_policy(), limits)
    refuse_flaws(flaws, _("the reversal of {blue}").format(blue=blue.invoice))


def sending_of(desk: Desk, invoice: Invoice) -> Wanted:
    """The write that sends an invoice of the books: a new one, one that failed once more, or a reversal."""
    seller = seller_of(desk, desk.accounts.named(invoice.account))
    if invoice.colour is Colour.RED and invoice.state is InvoiceState.QUEUED:
        kind, request = ActionKind.REVERSE_INVOICE, _reversal(desk, invoice, seller)
    else:
        kind = ActionKind.RETRY_INVOICE if _known_there(invoice) else ActionKind.ISSUE_INVOICE
        request = _issue(invoice, seller)
    intent = Intent(invoice.account, kind, target_of(invoice), scope=invoice.rma, purpose=invoice.serial)
    payload = {
        "invoice": invoice.invoice,
        "serial": invoice.serial,
        "was": invoice.state.value,
        "gross": str(invoice.gross),
        "request": request,
    }
    return Wanted(intent, payload, About(shop=invoice.shop, order_id=invoice.order_id, rma=invoice.rma))


def check_unchanged(desk: Desk, action: Action) -> None:
    """A batch may be resumed long after it was planned: what the books say otherwise by now is not sent. Raises :class:`Refused`
    (``invoice_moved_on``)."""
    number = str(action.payload["invoice"])
    with desk.store.read() as tx:
        invoice = stored_invoices.get_invoice(tx, number)
    if invoice is not None and invoice.state.value == action.payload["was"]:
        check_nothing_open(desk, invoice)
        wanted = sending_of(desk, invoice)
        if payload_hash(wanted.payload) == action.payload_hash:
            return
    raise Refused(
        _("{invoice} was changed, or sent, since {action} was planned; nothing was sent now").format(
            invoice=number, action=action.action
        ),
        code="invoice_moved_on",
        hint=_("see how it stands: asctl invoice show {invoice}").format(invoice=number),
        account=action.account,
    )


def _known_there(invoice: Invoice) -> bool:
    """Whether the provider has taken it once: then it is tried again there. What it turned away at the door is submitted anew."""
    return invoice.state is not InvoiceState.QUEUED and bool(invoice.reference)


def target_of(invoice: Invoice) -> str:
    """What a write about an invoice touches: the order's invoices, one at a time, whichever account issues them."""
    return f"invoice {invoice.shop} {invoice.order_id}"


def document(invoice: Invoice, seller: Seller) -> dict[str, Any]:
    """What every request about an invoice says, as JSON."""
    return {
        "serial": invoice.serial,
        "seller": asdict(seller),
        "kind": invoice.kind.value,
        "buyer": plain(invoice.buyer),
        "lines": [plain(line) for line in invoice.lines],
        **{name: str(getattr(invoice, name)) for name in ("net", "tax", "gross")},
    }


def enter(tx: Transaction, invoice: Invoice) -> Invoice:
    """Put a new invoice into the books; one with the same serial, entered by an earlier run for the same work, is taken as it
    stands."""
    earlier = stored_invoices.by_own_serial(tx, invoice.serial)
    return earlier or stored_invoices.add_invoice(tx, invoice)


def _issue(invoice: Invoice, seller: Seller) -> Mapping[str, Any]:
    return document(invoice, seller) | {
        "ordered_at": invoice.requested_at.isoformat(),
        "remark": invoice.remark,
        "reference": invoice.reference,
    }


def _reversal(desk: Desk, red: Invoice, seller: Seller) -> Mapping[str, Any]:
    with desk.store.read() as tx:
        blue = stored_invoices.get_invoice(tx, red.blue)
    assert blue is not None
    sent = replace(red, lines=() if red.scope is Scope.FULL else red.lines)
    return document(sent, seller) | {
        "scope": (red.scope or Scope.FULL).value,
        "reason": (red.reason or Reason.RETURN).value,
        "requested_at": red.requested_at.isoformat(),
        "blue_serial": blue.serial,
        "blue_number": blue.number,
        "blue_code": blue.code,
        "blue_reference": blue.reference,
        "blue_issued_at": blue.issued_at.isoformat() if blue.issued_at else "",
        "blue_net": str(blue.net),
        "blue_tax": str(blue.tax),
    }


def _kind_not_offered(invoice: Invoice) -> Refused:
    return Refused(
        _("{account} issues and reverses no invoices of the kind {kind}").format(
            account=invoice.account, kind=invoice.kind.value
        ),
        code="kind_not_offered",
        hint=_("kinds: {kinds}; others are handled at the provider's own desk").format(
            kinds=", ".join(sorted(ISSUED_HERE))
        ),
        account=invoice.account,
    )
