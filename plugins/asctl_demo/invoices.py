"""Invoices: ``InvoiceIssuer``, ``InvoiceReverser``, ``InvoiceDeliverer`` and ``InvoiceFiles``.

The core has checked every sum before anything comes here. Our serial is the key of the write, and what is looked for.
"""

from __future__ import annotations

from collections.abc import Callable

from asctl.api import (
    Context,
    Delivery,
    Effect,
    Evidence,
    FileFetcher,
    Finding,
    FormTold,
    InvoiceFinding,
    InvoiceRequest,
    InvoiceState,
    InvoiceTold,
    NotFound,
    Reversal,
    Submission,
)
from asctl.api import translate as _
from asctl_demo.account import Account
from asctl_demo.mapping import FORM_STATES, INVOICE_STATES
from asctl_demo.wire import Row, buyer_members, line_members

_TO_BE_RETRIED = frozenset({InvoiceState.FAILED, InvoiceState.SEAL_FAILED})
_FORMATS = ("pdf", "ofd", "xml")


class Invoices(Account):
    """An account with the tax bureau behind it."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._files = FileFetcher(context)

    def issue_invoice(self, request: InvoiceRequest) -> Submission:
        """Submit a blue invoice: accepted is not issued. Raises :class:`BadInput` and :class:`Unclear` (``serial_known``: the
        serial was used for something else)."""
        members = {
            "seller": request.seller.tax_id,
            "drawer": request.seller.drawer,
            "kind": request.kind,
            "buyer": buyer_members(request.buyer),
            "lines": [line_members(line) for line in request.lines],
            "order": request.order_id,
            "remark": request.remark,
        }
        return self.request("issue", request.serial, members, request.serial)

    def find_invoice(self, request: InvoiceRequest) -> InvoiceFinding:
        """The invoice under our serial, whatever its state."""
        return self._look("invoice", request.serial, _found_invoice)

    def retry_invoice(self, request: InvoiceRequest) -> Submission:
        """Have one tried again that failed or was not sealed, under its own serial."""
        members = {"serial": request.serial}
        self.client.ask("retry", members, lambda row: row.needed("state"), subject=request.serial, write=True)
        return Submission(reference=request.reference)

    def find_retried(self, request: InvoiceRequest) -> InvoiceFinding:
        """One that is under way, or issued, was tried again. One that failed may have failed before or anew: no proof."""
        found = self.find_invoice(request)
        if found.invoice is None or found.invoice.state in _TO_BE_RETRIED:
            return InvoiceFinding(Evidence.UNKNOWN, message=found.message, invoice=found.invoice)
        return found

    def reverse_invoice(self, request: Reversal) -> Submission:
        """Apply for a red invoice; without lines it takes all of the blue one. Applied for is not reversed."""
        members = {
            "seller": request.seller.tax_id,
            "blue_number": request.blue_number,
            "reason": request.reason,
            "lines": [line_members(line) for line in request.lines],
        }
        return self.request("reverse", request.serial, members, request.serial)

    def find_reversal(self, request: Reversal) -> InvoiceFinding:
        """The red-letter form under our serial, and the red invoice as far as it is known."""
        return self._look("reversal", request.serial, _found_form)

    def deliver_invoice(self, request: Delivery) -> Submission:
        """Send an issued invoice once more."""
        members = {"number": request.number, "email": request.email, "mobile": request.mobile}
        return self.request("deliver", request.key, members, request.number)

    def find_delivery(self, request: Delivery) -> Finding:
        """By its key."""
        return self.find(request.key)

    def invoice_file(self, url: str, format: str) -> bytes:
        """Addresses are data: the fetcher judges host, size and first bytes."""
        return self._files.fetch(url, format)

    def _look(self, call: str, serial: str, read: Callable[[Row], InvoiceFinding]) -> InvoiceFinding:
        try:
            return self.client.ask(call, {"serial": serial}, read, subject=serial)
        except NotFound:
            return InvoiceFinding(Evidence.ABSENT)


def _found_invoice(row: Row) -> InvoiceFinding:
    told = _invoice(row)
    return InvoiceFinding.of_invoice(told) if told else _unknown_state(row)


def _found_form(row: Row) -> InvoiceFinding:
    """A red invoice is there when its own state says so, never because its form is confirmed."""
    code = row.needed("state")
    if code not in FORM_STATES:
        return _unknown_state(row)
    red = _invoice(row.row("red")) if row.members.get("red") else None
    return InvoiceFinding.of_form(
        FormTold(
            FORM_STATES[code],
            raw_state=code,
            message=row.text("text"),
            reference=row.text("reference"),
            number=row.text("number"),
            deadline=row.moment_or_none("lapses_at"),
            red=red,
        )
    )


def _invoice(row: Row) -> InvoiceTold | None:
    """``None`` where its state is one that nobody knows."""
    raw = row.needed("state")
    state = INVOICE_STATES.get(raw)
    if state is None:
        return None
    files = Row.of(row.members.get("files") or {})
    return InvoiceTold(
        state,
        raw_state=raw,
        message=row.text("text"),
        reference=row.needed("reference"),
        number=row.text("number"),
        issued_at=row.moment_or_none("issued_at"),
        net=row.number("net"),
        tax=row.number("tax"),
        gross=row.number("gross"),
        files={format: url for format in _FORMATS if (url := files.text(format))},
    )


def _unknown_state(row: Row) -> InvoiceFinding:
    """It has arrived, and no more can be said."""
    message = _("Demo tells the unknown state {state!r}").format(state=row.text("state")[:20])
    return InvoiceFinding(Evidence.PRESENT, Effect.ACCEPTED, message=message)
