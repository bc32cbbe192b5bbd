"""What a Baiwang account can do for us: issue, reverse and deliver invoices, fetch their files, read callbacks, check itself."""

from __future__ import annotations

from collections.abc import Mapping

from asctl.api import (
    BadInput,
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
    Refused,
    Reversal,
    Submission,
    as_text,
)
from asctl.api import translate as _
from asctl_baiwang import push
from asctl_baiwang.bodies import Bodies, deliver
from asctl_baiwang.client import Client
from asctl_baiwang.errors import OF_THE_BUSINESS, no_such_invoice
from asctl_baiwang.mapping import invoice_finding
from asctl_baiwang.queries import Queries
from asctl_baiwang.reversals import Reversals
from asctl_baiwang.wire import DELIVER, ISSUE, RETRY, REVERSE, number_in

NOBODYS_SERIAL = "ASCTL-CHECK"


class Baiwang:
    """``InvoiceIssuer``, ``InvoiceReverser``, ``InvoiceDeliverer``, ``InvoiceFiles``, ``PushReceiver``, ``AccountChecker``;
    thread-safe."""

    def __init__(self, context: Context) -> None:
        self._account = context.account
        self._app_key = context.text("app_key")
        self._client = Client(context)
        self._bodies = Bodies(context)
        self._queries = Queries(context, self._client, self._bodies)
        self._reversals = Reversals(self._queries, context.log)
        self._files = FileFetcher(context)

    def issue_invoice(self, request: InvoiceRequest) -> Submission:
        """Submit a blue invoice under our serial, which Baiwang takes once.

        Raises :class:`Refused`, :class:`BadInput`, :class:`BadConfiguration`, :class:`CredentialsRefused`,
        :class:`Throttled`, and :class:`Unclear` (``serial_known`` where it knows the serial already).
        """
        return self._client.tell(
            ISSUE,
            self._bodies.issue(request),
            request.serial,
            lambda told: Submission(number_in(told["response"], "serialNo")),
        )

    def find_invoice(self, request: InvoiceRequest) -> InvoiceFinding:
        """Whether it is there, and how far it is. Raises any read family."""
        return invoice_finding(self._queries.invoice(request.seller.tax_id, request.serial))

    def retry_invoice(self, request: InvoiceRequest) -> Submission:
        """Have one that failed tried again, by Baiwang's number, which is asked for where it is not known.

        Raises as :meth:`issue_invoice`, and :class:`NotFound` (``no_such_invoice``) before anything is sent.
        """
        number = request.reference or self._number_of(request)
        body = {"taxNo": request.seller.tax_id, "serialNo": number}
        return self._client.tell(RETRY, body, request.serial, lambda _told: Submission(number))

    def find_retried(self, request: InvoiceRequest) -> InvoiceFinding:
        """One that is under way or issued was tried again; one that failed may have failed again. Raises any read family."""
        found = self.find_invoice(request)
        if found.invoice is None or found.invoice.state is InvoiceState.FAILED:
            return InvoiceFinding(Evidence.UNKNOWN, message=found.message)
        return found

    def reverse_invoice(self, request: Reversal) -> Submission:
        """Apply for a red invoice, which follows by itself once its form is through.

        Its ``reference`` is the serial of the form. Raises as :meth:`issue_invoice`.
        """
        return self._client.tell(
            REVERSE,
            self._bodies.reverse(request),
            request.serial,
            lambda told: Submission(number_in(told["response"], "redConfirmSerialNo")),
        )

    def find_reversal(self, request: Reversal) -> InvoiceFinding:
        """Whether it was applied for, where its form stands and what became of the red invoice. Raises any read family."""
        return self._reversals.find(request)

    def deliver_invoice(self, request: Delivery) -> Submission:
        """Send an issued invoice to the customer again. Raises as :meth:`issue_invoice`, and :class:`NotFound`."""
        return self._client.tell(DELIVER, deliver(request), request.number, lambda _told: Submission())

    def invoice_file(self, url: str, format: str) -> bytes:
        """The file at an address of Baiwang's. Raises :class:`BadInput` and :class:`Unavailable`."""
        return self._files.fetch(url, format)

    def receive(self, headers: Mapping[str, str], body: bytes) -> Push:
        """Read a callback; raises :class:`BadInput`."""
        return push.receive(body, self._account)

    def reply(self, stored: bool) -> PushReply:
        """What Baiwang is answered."""
        return push.reply(stored)

    def check(self) -> CheckResult:
        """Ask for an invoice that nobody has, for no seller: whatever Baiwang says of that, it said after token and signature.

        Raises :class:`CredentialsRefused`, :class:`Throttled` and :class:`Unavailable`.
        """
        try:
            self._queries.invoice("", NOBODYS_SERIAL)
        except (BadInput, Refused) as answered:
            if answered.code not in OF_THE_BUSINESS:
                raise
        return CheckResult(
            _("token and signature accepted for app key {key}... (judged by a query; writes were not tried)").format(
                key=self._app_key[:3]
            )
        )

    def _number_of(self, request: InvoiceRequest) -> str:
        row = self._queries.invoice(request.seller.tax_id, request.serial)
        number = "" if row is None else as_text(row.get("serialNo"))
        if not number:
            raise no_such_invoice(request.serial)
        return number
