"""What of an order is not settled yet, and so decides what is billed (reference/invoices.md section 10, V28 and V29): open
cases, and money that the marketplace gave back without one."""

from __future__ import annotations

from collections.abc import Iterable

from asctl.domain.aftersales import AfterSale, AfterSaleKind, AfterSaleStatus
from asctl.domain.errors import Refused
from asctl.domain.invoices import Colour, Invoice
from asctl.domain.rmas import Rma, RmaKind, RmaState
from asctl.domain.settlements import GIVES_ALL_UP, Standing, Step
from asctl.services.desk import Desk
from asctl.store import aftersales as stored_after_sales
from asctl.store import rmas as stored_rmas
from asctl.store import settlements as stored_settlements
from asctl.store.aftersales import AfterSaleFilter
from asctl.store.opening import Transaction
from asctl.store.rmas import RmaFilter
from asctl.text import _

MONEY_BACK = frozenset({AfterSaleKind.REFUND_ONLY, AfterSaleKind.RETURN})
_GIVES_MONEY = frozenset({RmaKind.REFUND_ONLY, RmaKind.RETURN, RmaKind.COMPENSATE})


def what_is_open(tx: Transaction, shop: str, order_id: str) -> Refused | None:
    """Why an order cannot be billed now, with the command that settles it; ``None`` where nothing is open."""
    cases = [
        rma
        for rma in stored_rmas.list_rmas(tx, RmaFilter(order_id=order_id, shop=shop))
        if rma.state is not RmaState.CANCELLED
    ]
    decided = {
        each.rma
        for each in stored_settlements.settlements_of_order(tx, shop, order_id)
        if not each.held and Step.ASK_FINANCE not in each.cell
    }
    unsettled = [rma for rma in cases if rma.rma not in decided]
    if unsettled:
        return _case_open(unsettled[0])
    paid_back = _refunds(tx, shop, order_id, [rma for rma in cases if rma.rma in decided])
    return _no_case(paid_back[0]) if paid_back else None


def what_it_waits_for(tx: Transaction, invoice: Invoice) -> Refused | None:
    """Why an application waits: something is open on its order, and nobody in finance agreed all the same. What came of a case
    waits for none."""
    if invoice.colour is Colour.RED or invoice.rma or invoice.replaces or invoice.agreed_by:
        return None
    return what_is_open(tx, invoice.shop, invoice.order_id)


def given_up_by(tx: Transaction, blue: Invoice) -> str:
    """The case that gave a whole sale up when its invoice was reversed already, so that no red invoice says so; empty where there
    is none."""
    decided = stored_settlements.settlements_of_order(tx, blue.shop, blue.order_id)
    return next(
        (
            each.rma
            for each in decided
            if each.resolution in GIVES_ALL_UP and each.standing is Standing.REVERSED and each.invoice == blue.invoice
        ),
        "",
    )


def check_nothing_open(desk: Desk, invoice: Invoice) -> None:
    """Raises :class:`Refused` where an application has to wait."""
    with desk.store.read() as tx:
        why = what_it_waits_for(tx, invoice)
    if why is not None:
        why.message = _("{invoice} waits: {why}").format(invoice=invoice.invoice, why=why.message)
        raise why


def _refunds(tx: Transaction, shop: str, order_id: str, settled: Iterable[Rma]) -> list[AfterSale]:
    """What the marketplace paid back on goods that no settled case is about."""
    covered = {line.line_id for rma in settled if rma.kind in _GIVES_MONEY for line in rma.lines}
    found = stored_after_sales.list_after_sales(tx, AfterSaleFilter(order_id=order_id, shop=shop))
    return [
        each
        for each in found
        if each.kind in MONEY_BACK
        and each.status is AfterSaleStatus.DONE
        and each.amount > 0
        and each.line_id not in covered
    ]


def _case_open(rma: Rma) -> Refused:
    return Refused(
        _("{rma} is open on order {order}: what it comes to decides what is billed").format(
            rma=rma.rma, order=rma.order_id
        ),
        code="case_open",
        hint=_("settle it: asctl invoice settle {rma} --yes").format(rma=rma.rma),
    )


def _no_case(sale: AfterSale) -> Refused:
    return Refused(
        _(
            "the marketplace paid {amount} back on order {order} (application {number}), and no case says for what"
        ).format(amount=sale.amount, order=sale.order_id, number=sale.after_sale_id),
        code="refund_unsettled",
        hint=_("open and settle a case: asctl rma open {order} --kind refund_only --reason other").format(
            order=sale.order_id
        ),
    )
