"""The capabilities: ``InvoiceIssuer`` and ``AccountChecker``. What they must do: asctl help api InvoiceIssuer"""

from asctl.api import CheckResult, Context, Evidence, InvoiceFinding, InvoiceRequest, NotFound, Submission
from asctl_pigeon.client import Client
from asctl_pigeon.mapping import invoice_text, read_invoice


class PigeonInvoices:
    """One account."""

    def __init__(self, context: Context) -> None:
        self._client = Client(context)

    def issue_invoice(self, request: InvoiceRequest) -> Submission:
        """A write under our serial: accepted is not issued."""
        question = {"serial": request.serial, "invoice": invoice_text(request), "order": request.order_id}
        return self._write("issue", question)

    def retry_invoice(self, request: InvoiceRequest) -> Submission:
        """One that failed, tried again with the same data under the same serial."""
        return self._write("retry", {"serial": request.serial})

    def find_invoice(self, request: InvoiceRequest) -> InvoiceFinding:
        """What became of it. ABSENT only where they were asked about this serial, answered, and do not have it."""
        try:
            return self._client.ask("find", {"serial": request.serial}, read_invoice)
        except NotFound:
            return InvoiceFinding(Evidence.ABSENT)

    def check(self) -> CheckResult:
        """One harmless signed call."""
        return CheckResult(self._client.ask("account", {}, lambda told: f"seller {told['seller']}"))

    def _write(self, call: str, question: dict[str, str]) -> Submission:
        return self._client.ask(call, question, lambda told: Submission(str(told["reference"])), write=True)
