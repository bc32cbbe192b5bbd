"""What a Nuonuo account can do for us: issue, reverse, deliver, fetch files, read callbacks, check itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asctl.api import (
    CheckResult,
    Context,
    Delivery,
    Evidence,
    FileFetcher,
    InvoiceFinding,
    InvoiceRequest,
    InvoiceState,
    Push,
    PushReply,
    Reversal,
    Submission,
)
from asctl.api import translate as _
from asctl_nuonuo import push
from asctl_nuonuo.client import Client, Question
from asctl_nuonuo.documents import Terms, blue_order
from asctl_nuonuo.errors import delivery_error, submission_error
from asctl_nuonuo.mapping import found_invoice
from asctl_nuonuo.queries import invoices, under
from asctl_nuonuo.reversals import Reversals
from asctl_nuonuo.wire import DELIVER, ISSUE, RETRY, invoice_serial

_TO_BE_RETRIED = frozenset({InvoiceState.FAILED, InvoiceState.SEAL_FAILED})


class Nuonuo:
    """``InvoiceIssuer``, ``InvoiceReverser``, ``InvoiceDeliverer``, ``InvoiceFiles``, ``PushReceiver``, ``AccountChecker``;
    thread-safe. Every method that calls raises the account's troubles: :class:`Throttled`, :class:`CredentialsRefused`,
    :class:`BadConfiguration`, :class:`Unavailable`."""

    def __init__(self, context: Context) -> None:
        self._account = context.account
        self._app_key = context.text("app_key")
        self._check_order = context.text("check_order")
        self._terms = Terms.of(context)
        self._client = Client(context)
        self._reversals = Reversals(self._client, self._terms)
        self._files = FileFetcher(context)

    def issue_invoice(self, request: InvoiceRequest) -> Submission:
        """Submit a blue invoice. Raises :class:`BadInput`, :class:`Refused` and :class:`Unclear` (``serial_known``)."""
        question = Question(
            ISSUE,
            blue_order(request, self._terms),
            invoice_serial,
            request.serial,
            request.seller.tax_id,
            write=True,
            complain=submission_error,
        )
        return Submission(reference=self._client.ask(question))

    def find_invoice(self, request: InvoiceRequest) -> InvoiceFinding:
        """The invoice under our number, whatever its state."""
        rows = invoices(self._client, {"orderNos": [request.serial]}, request.serial, request.seller.tax_id)
        return found_invoice(under(rows, "orderNo", request.serial))

    def retry_invoice(self, request: InvoiceRequest) -> Submission:
        """Have it tried again under its own number. Raises :class:`Throttled` (``retries_used_up``), :class:`NotFound` and
        :class:`Unclear`."""
        content = {"fpqqlsh": request.reference} if request.reference else {"orderno": request.serial}
        question = Question(RETRY, content, _nothing, request.serial, request.seller.tax_id, write=True)
        self._client.ask(question)
        return Submission(reference=request.reference)

    def find_retried(self, request: InvoiceRequest) -> InvoiceFinding:
        """Whether it was tried again: it is under way, or issued. One that failed may have failed before or anew."""
        found = self.find_invoice(request)
        if found.invoice is None or found.invoice.state in _TO_BE_RETRIED:
            return InvoiceFinding(Evidence.UNKNOWN, message=found.message, invoice=found.invoice)
        return found

    def reverse_invoice(self, request: Reversal) -> Submission:
        """Apply for a red invoice. Raises :class:`BadInput`, :class:`Refused` and :class:`Unclear` (``serial_known``)."""
        return self._reversals.apply(request)

    def find_reversal(self, request: Reversal) -> InvoiceFinding:
        """The form under our number, and the red invoice as far as it is known."""
        return self._reversals.find(request)

    def deliver_invoice(self, request: Delivery) -> Submission:
        """Send an issued invoice once more. Raises :class:`NotFound` and :class:`Refused`."""
        content = {"taxnum": request.seller.tax_id, "invoiceCode": request.code, "invoiceNum": request.number}
        addresses = {"phone": request.mobile, "mail": request.email}
        content |= {name: address for name, address in addresses.items() if address}
        question = Question(
            DELIVER,
            content,
            _nothing,
            request.number,
            request.seller.tax_id,
            write=True,
            complain=delivery_error,
        )
        self._client.ask(question)
        return Submission()

    def invoice_file(self, url: str, format: str) -> bytes:
        """A file at an address that a look told. Raises :class:`BadInput` and :class:`Unavailable`."""
        return self._files.fetch(url, format)

    def receive(self, headers: Mapping[str, str], body: bytes) -> Push:
        """Read a callback as the hint that it is; raises :class:`BadInput`."""
        return push.receive(body, self._account)

    def reply(self, stored: bool) -> PushReply:
        """The bytes that Nuonuo wants to read."""
        return push.reply(stored)

    def check(self) -> CheckResult:
        """Ask for an invoice that nobody has: a question without effect. That it is not there is said after signature and token
        were judged."""
        invoices(self._client, {"orderNos": [self._check_order]}, self._check_order, "")
        return CheckResult(
            _("signature and token accepted for application {app}... (judged by a query; nothing was issued)").format(
                app=self._app_key[:3]
            )
        )


def _nothing(_told: Mapping[str, Any]) -> None:
    """What a yes without a number tells."""
