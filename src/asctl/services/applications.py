"""Applications (开票申请): what one bills, and how it comes into the books; one for each sale (R107)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from asctl.capabilities.applications import InvoiceApplication
from asctl.domain.billing import GoodsTax, sale_lines
from asctl.domain.errors import Refused
from asctl.domain.invoices import LIVING, Buyer, Colour, Invoice, InvoiceKind, InvoiceLine, InvoiceState, Purpose
from asctl.domain.orders import Order, OrderStatus
from asctl.domain.reversals import balance, rests
from asctl.domain.settlements import CHANGES_CONTENT, Standing
from asctl.services import books
from asctl.services.desk import Desk
from asctl.services.invoice_accounts import freight_goods, invoice_account, tax_of_goods
from asctl.services.invoicing import Draft, blue_of, check_blue, enter
from asctl.services.open_cases import given_up_by, what_is_open
from asctl.store import actions as stored_actions
from asctl.store import audit as stored_audit
from asctl.store import invoices as stored_invoices
from asctl.store import settlements as stored_settlements
from asctl.store.opening import Transaction
from asctl.text import _


@dataclass(frozen=True, slots=True)
class Applied:
    """An application as it stands in the books. ``news`` is empty where it was known."""

    invoice: Invoice
    news: str = ""
    odd: tuple[str, ...] = ()


def apply_for(
    desk: Desk, order: Order, buyer: Buyer, kind: InvoiceKind, by_finance: str = "", rehearse: bool = False
) -> Applied:
    """Enter an application by hand. Raises :class:`Refused` for a second one, for an order that is not paid or was closed, and
    while a case is open on it unless finance agreed (``by_finance`` names who); :class:`BadInput` for what no provider would
    take."""
    _check_order(desk, order, by_finance)
    draft = replace(draft_of(desk, order, buyer, kind, desk.clock.now()), agreed_by=by_finance)
    return entered_as(desk, order, draft, desk.staff_no, rehearse)


def entered_as(desk: Desk, order: Order, draft: Draft, by: str, rehearse: bool = False) -> Applied:
    """Put an application into the books, unless the sale has a living invoice: :class:`Refused` (``already_applied``). Raises
    :class:`BadInput` for what no provider would take."""
    with desk.store.write() as tx:
        stored_actions.take_turn(tx, f"invoice {order.shop} {order.order_id}")
        _check_first(tx, order)
        first = blue_of(desk, draft)
        invoice = blue_of(desk, draft, stored_invoices.used_attempts(tx, first.serial[:-2]) + 1)
        odd = tuple(flaw.sentence for flaw in check_blue(desk, invoice, None if draft.replaces else order))
        if rehearse:
            return Applied(invoice, "applied", odd)
        entered = enter(tx, invoice)
        _replace_failed(desk, tx, order, entered)
        if not draft.replaces:  # else what was settled is in its lines already
            _decide_again(tx, order)
        told = {"order": order.order_id, "gross": str(entered.gross), "kind": entered.kind.value}
        if draft.agreed_by:
            told["agreed_by"] = draft.agreed_by
        stored_audit.write_audit(tx, desk.clock.now(), by, "invoice request", entered.invoice, told)
    return Applied(entered, "applied", odd)


def _replace_failed(desk: Desk, tx: Transaction, order: Order, anew: Invoice) -> None:
    """What failed before is not tried again beside the new one."""
    for each in stored_invoices.invoices_of_order(tx, order.shop, order.order_id):
        sale = each.colour is Colour.BLUE and each.purpose is Purpose.SALE
        if sale and each.state is InvoiceState.FAILED and each.invoice != anew.invoice:
            books.change(tx, each, desk.clock.now(), state=InvoiceState.CANCELLED)


def _decide_again(tx: Transaction, order: Order) -> None:
    """What was settled while nothing was issued is decided once more: a refund lowers what is billed now."""
    for settlement in stored_settlements.settlements_of_order(tx, order.shop, order.order_id):
        open_then = settlement.standing in (Standing.NONE, Standing.QUEUED)
        if open_then and settlement.rma and settlement.resolution in CHANGES_CONTENT:
            stored_settlements.save_settlement(tx, replace(settlement, held=True))


def draft_of(
    desk: Desk,
    order: Order,
    buyer: Buyer,
    kind: InvoiceKind,
    applied_at: datetime,
    told: InvoiceApplication | None = None,
) -> Draft:
    """What an application asks to be billed: the sale, or what earlier cases left of it. Raises :class:`BadInput`
    (``goods_unknown``), :class:`Refused` (``nothing_to_bill``)."""
    account = invoice_account(desk, order.shop)
    known = tax_of_goods(desk, account, order)
    proposed = _proposed(told)
    earlier, left = _left_of_earlier(desk, order)
    lines = left or sale_lines(
        order, lambda line: known(line) or proposed.get(line.line_id), freight_goods(desk, account)
    )
    return Draft(
        order=order,
        account=account.name,
        kind=kind,
        buyer=buyer,
        lines=lines,
        occasion=f"{order.shop} {order.order_id} sale",
        day=order.paid_at or order.created_at,
        requested_at=applied_at,
        application=told.application if told else "",
        trigger=told.trigger if told else "",
        replaces=earlier if left else "",
    )


def _left_of_earlier(desk: Desk, order: Order) -> tuple[str, tuple[InvoiceLine, ...]]:
    """An earlier invoice of the sale, and what it leaves to bill where cases changed it: an order that was refunded is not billed
    in full once more. Nothing where none says so. Raises :class:`Refused` where nothing is left."""
    with desk.store.read() as tx:
        earlier = stored_invoices.sale_of_order(tx, order.shop, order.order_id)
        reds = stored_invoices.reds_of(tx, earlier.invoice) if earlier else ()
        given_up = given_up_by(tx, earlier) if earlier else ""
    if earlier is None or earlier.state is InvoiceState.CANCELLED:
        return "", ()
    of_cases = [red for red in reds if red.rma]
    if not (of_cases or given_up):
        return earlier.invoice, earlier.lines if earlier.rma or earlier.replaces else ()
    if not given_up and (lines := balance(rests(earlier, of_cases), ())):
        return earlier.invoice, lines
    raise Refused(
        _("order {order} was settled by {rma}: nothing of it is left to bill").format(
            order=order.order_id, rma=given_up or of_cases[-1].rma
        ),
        code="nothing_to_bill",
        hint=_("see: asctl invoice show {order}").format(order=order.order_id),
    )


def _proposed(told: InvoiceApplication | None) -> dict[str, GoodsTax]:
    """Tax categories as the marketplace proposes them, by the order's line."""
    rows = told.lines if told else ()
    return {
        row.line_id: GoodsTax("", row.code, row.rate, unit=row.unit, spec=row.spec)
        for row in rows
        if row.code and row.rate is not None and row.line_id
    }


def _check_first(tx: Transaction, order: Order) -> None:
    """A sale has one invoice. A second application with another title is a change of title."""
    standing = stored_invoices.sale_of_order(tx, order.shop, order.order_id)
    if standing is None or standing.state not in LIVING:
        return
    raise Refused(
        _("order {order} has an invoice already: {invoice} is {state}").format(
            order=order.order_id, invoice=standing.invoice, state=standing.state.value
        ),
        code="already_applied",
        hint=_("for another title: asctl invoice retitle {order} --title NAME").format(order=order.order_id),
    )


def _check_order(desk: Desk, order: Order, by_finance: str) -> None:
    """Rule V29 and what goes with it: nothing is billed that is not paid, and nothing while a case is open."""
    if not may_be_billed(order):
        raise Refused(
            _("order {order} is {status}; there is nothing to bill").format(
                order=order.order_id, status=order.status.value
            ),
            code="nothing_to_bill",
            hint=_("if that changed just now: asctl order sync"),
        )
    if by_finance:
        return
    with desk.store.read() as tx:
        why = what_is_open(tx, order.shop, order.order_id)
    if why is not None:
        why.hint = _("{settle}; or add --force-by NAME of who in finance agreed").format(settle=why.hint)
        raise why


def may_be_billed(order: Order) -> bool:
    """Whether an order was paid, and stands."""
    return order.status not in (OrderStatus.UNPAID, OrderStatus.CLOSED)
