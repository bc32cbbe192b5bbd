"""What stands in the way of an invoice that is to be sent, looked at while its order is nobody else's: it stands elsewhere by now,
or another one of the same sale has come before it (reference/invoices.md section 10, V22 and V24)."""

from __future__ import annotations

from collections.abc import Iterable

from asctl.domain.actions import Wanted
from asctl.domain.errors import AsctlError, Refused
from asctl.domain.invoices import LIVING, UNDER_WAY, Colour, Invoice, InvoiceState, Purpose
from asctl.domain.reversals import rests
from asctl.store import invoices as stored_invoices
from asctl.store.opening import Transaction
from asctl.text import _


def in_the_way(tx: Transaction, wanted: Wanted) -> AsctlError | None:
    """Why the invoice may not be sent now; ``None`` where nothing is in the way."""
    invoice = stored_invoices.get_invoice(tx, str(wanted.payload["invoice"]))
    if invoice is None or invoice.serial != wanted.payload["serial"]:
        return _moved_on(str(wanted.payload["invoice"]), _("changed"))
    if invoice.state.value != wanted.payload["was"]:
        return _moved_on(invoice.invoice, invoice.state.value)
    return _exceeds(tx, invoice) if invoice.colour is Colour.RED else _another(tx, invoice)


def _another(tx: Transaction, blue: Invoice) -> Refused | None:
    """An order's sale has one living invoice: one that failed is not tried again beside the one that came in its place."""
    living = stored_invoices.sale_of_order(tx, blue.shop, blue.order_id)
    if blue.purpose is not Purpose.SALE or living is None or living.invoice == blue.invoice:
        return None
    if living.state not in LIVING:
        return None
    return Refused(
        _("order {order} has another invoice: {invoice} is {state}").format(
            order=blue.order_id, invoice=living.invoice, state=living.state.value
        ),
        code="second_invoice",
        hint=_("see: asctl invoice show {order}").format(order=blue.order_id),
    )


def _exceeds(tx: Transaction, red: Invoice) -> Refused | None:
    """A reversal may take no more than what others have left."""
    blue = stored_invoices.get_invoice(tx, red.blue)
    if blue is None or blue.state not in (InvoiceState.ISSUED, InvoiceState.SEAL_FAILED, InvoiceState.PARTLY_REVERSED):
        return _moved_on(red.blue, blue.state.value if blue else _("gone"))
    others = [each for each in stored_invoices.reds_of(tx, blue.invoice) if each.invoice != red.invoice]
    left = sum(rest.gross for rest in rests(blue, others))
    if left + red.gross >= 0:
        return None
    return Refused(
        _("{blue} has {left} left, and {red} would reverse {asked} of it").format(
            blue=blue.invoice, left=left, red=red.invoice, asked=-red.gross
        ),
        code="exceeds_rest",
        hint=_("see what was reversed already: asctl invoice show {blue}").format(blue=blue.invoice),
    )


def _moved_on(number: str, state: str) -> Refused:
    return Refused(
        _("{invoice} is {state} by now, so nothing was sent").format(invoice=number, state=state),
        code="invoice_moved_on",
        hint=_("see: asctl invoice show {invoice}").format(invoice=number),
    )


def check_free(others: Iterable[Invoice]) -> None:
    """The first open case owns the invoice (reference/invoices.md section 11, cross rule 7): a reversal waits while another one is
    under way, and while that of a settled case came to nothing. ``others`` are the other red invoices of
    the same blue one. Raises :class:`Refused`."""
    for red in others:
        if red.state in UNDER_WAY | {InvoiceState.QUEUED}:
            raise Refused(
                _("{red} is reversing {blue} for {rma}; this waits for it").format(
                    red=red.invoice, blue=red.blue, rma=red.rma or _("no case")
                ),
                code="reversal_under_way",
                hint=_("when it is issued (asctl invoice issue --yes), run this again"),
            )
        if red.state is InvoiceState.FAILED and red.rma:
            raise Refused(
                _("{red} was to reverse {blue} for {rma}, and came to nothing; that case comes first").format(
                    red=red.invoice, blue=red.blue, rma=red.rma
                ),
                code="reversal_failed",
                hint=_("ask anew (asctl invoice settle {rma} --yes), or give it up: asctl invoice cancel {red}").format(
                    rma=red.rma, red=red.invoice
                ),
            )
