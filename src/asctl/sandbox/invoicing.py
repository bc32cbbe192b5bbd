"""Invoices of the world: submitted, issued two seconds later, sealed one second after that, tried again when they failed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from asctl.api.bureau import SandboxInvoice
from asctl.domain.invoices import Colour
from asctl.domain.times import CHINA
from asctl.sandbox.fates import FAIL, SEAL_FAIL, STUCK, Fates

ISSUING_FOR, SEALING_FOR = timedelta(seconds=2), timedelta(seconds=1)
"""On the sandbox's clock (reference/invoices.md section 13). A red invoice is there as soon as it is issued."""
MOST_RETRIES = 20
ISSUING, SEALING, ISSUED, FAILED, SEAL_FAILED = "issuing", "sealing", "issued", "failed", "seal_failed"
_NUMBERED = frozenset({SEALING, ISSUED, SEAL_FAILED})


class Invoices:
    """The invoices of one world, in the order of their coming. Whoever calls holds the world's lock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.all: list[SandboxInvoice] = []
        self.fates = Fates()
        self._now = now
        self._numbered: dict[str, SandboxInvoice] = {}
        self._references = count(1)

    def add(self, invoice: SandboxInvoice) -> SandboxInvoice:
        """Take one in, and have its fate begin."""
        self.fates.meet(invoice)
        self.all.append(invoice)
        return invoice

    def new_reference(self) -> str:
        """A provider's number of 20 digits for an invoice or a form: the day and a running number."""
        return f"{self._now().astimezone(CHINA):%y%m%d}1{next(self._references):013d}"

    def phase(self, invoice: SandboxInvoice) -> str:
        """Where it stands by now. Whoever is the first to see it issued has the bureau give it its number."""
        phase = self._phase(invoice)
        if phase in _NUMBERED and not invoice.number:
            issued_at = (invoice.begun_at + ISSUING_FOR).astimezone(CHINA)
            invoice.number = f"{issued_at:%y}990{len(self._numbered) + 1:015d}"
            self._numbered[invoice.number] = invoice
        return phase

    def retry(self, invoice: SandboxInvoice) -> bool:
        """Begin anew with one that failed; seal one that was not, under the number that it has."""
        phase = self.phase(invoice)
        if phase not in (FAILED, SEAL_FAILED) or invoice.retries >= MOST_RETRIES:
            return False
        invoice.retries += 1
        self.fates.meet(invoice)
        if phase == FAILED:
            invoice.begun_at = self._now()
        return True

    def issued(self, number: str) -> SandboxInvoice | None:
        """The one with that number. A number that nobody saw yet is nobody's."""
        return self._numbered.get(number)

    def _phase(self, invoice: SandboxInvoice) -> str:
        age = self._now() - invoice.begun_at
        if invoice.fate == STUCK or age < ISSUING_FOR:
            return ISSUING
        if invoice.fate == FAIL:
            return FAILED
        if invoice.colour is Colour.BLUE and age < ISSUING_FOR + SEALING_FOR:
            return SEALING
        return SEAL_FAILED if invoice.fate == SEAL_FAIL else ISSUED
