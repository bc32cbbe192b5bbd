"""Money goes back for a special invoice that its buyer has used only after he confirmed the reversal, or finance lets it go
(reference/invoices.md section 11, cross rule 5)."""

from __future__ import annotations

from asctl.domain.aftersales import AfterSale, AfterSaleStatus
from asctl.domain.errors import NeedsApproval
from asctl.domain.invoices import BuyerUse, FormState, Invoice, InvoiceState
from asctl.domain.tax import add_up
from asctl.services.desk import Desk
from asctl.services.open_cases import MONEY_BACK
from asctl.store import aftersales as stored_after_sales
from asctl.store import invoices as stored_invoices
from asctl.store.aftersales import AfterSaleFilter
from asctl.store.opening import Transaction
from asctl.text import _

_OPEN = (InvoiceState.ISSUED, InvoiceState.SEAL_FAILED, InvoiceState.PARTLY_REVERSED)


def check_gate(desk: Desk, sale: AfterSale, released_by: str) -> None:
    """Raises :class:`NeedsApproval` (``invoice_not_reversed``) where the refund has to wait; ``released_by`` is who in finance
    lets it go all the same."""
    if released_by or sale.kind not in MONEY_BACK or not desk.settings.value("invoice.gate_refund"):
        return
    with desk.store.read() as tx:
        blue = stored_invoices.sale_of_order(tx, sale.shop, sale.order_id)
        reds = stored_invoices.reds_of(tx, blue.invoice) if blue else ()
        paid_back = add_up(each.amount for each in _paid_back(tx, sale))
    confirmed = -add_up(red.gross for red in reds if red.form_state is FormState.CONFIRMED)
    if blue is None or not _used_special(blue) or confirmed >= paid_back + sale.amount:
        return
    raise NeedsApproval(
        _(
            "the buyer of order {order} has used {invoice}, a special invoice, and has not confirmed its reversal"
        ).format(order=sale.order_id, invoice=blue.invoice),
        code="invoice_not_reversed",
        hint=_("settle the case first (asctl invoice settle RMA); or add --release-by NAME of who in finance agreed"),
        account=sale.shop,
    )


def _paid_back(tx: Transaction, sale: AfterSale) -> list[AfterSale]:
    """What was paid back on the same order before: a reversal lets go as much money as it is about, once."""
    found = stored_after_sales.list_after_sales(tx, AfterSaleFilter(order_id=sale.order_id, shop=sale.shop))
    return [each for each in found if each.kind in MONEY_BACK and each.status is AfterSaleStatus.DONE]


def _used_special(blue: Invoice) -> bool:
    return blue.kind.special and blue.buyer_use is BuyerUse.USED and blue.state in _OPEN
