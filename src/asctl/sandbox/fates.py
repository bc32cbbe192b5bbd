"""What the control door lays down for coming invoices: stuck for ever, failed, or issued without a seal."""

from __future__ import annotations

from dataclasses import dataclass

from asctl.api.bureau import SandboxInvoice

STUCK, FAIL, SEAL_FAIL = "stuck", "fail", "seal_fail"
KNOWN_FATES = (STUCK, FAIL, SEAL_FAIL)


@dataclass(slots=True)
class Fate:
    """For the next ``times`` invoices of which serial, order or buyer's title holds ``match``; ``text`` says why."""

    kind: str
    text: str = ""
    times: int = 1
    match: str = ""

    def strikes(self, invoice: SandboxInvoice) -> bool:
        """Whether this invoice is meant."""
        told = (invoice.serial, invoice.order_id, invoice.buyer.title)
        return self.times > 0 and any(self.match in text for text in told)


class Fates:
    """Those laid down and not used up yet, the oldest first."""

    def __init__(self) -> None:
        self._coming: list[Fate] = []

    def lay_down(self, fate: Fate) -> None:
        """Have it strike from the next invoice on."""
        self._coming.append(fate)

    def meet(self, invoice: SandboxInvoice) -> None:
        """Give an invoice, submitted or tried again, the first fate that is meant for it; else none."""
        fate = next((coming for coming in self._coming if coming.strikes(invoice)), None)
        invoice.fate, invoice.complaint = (fate.kind, fate.text) if fate else ("", "")
        if fate:
            fate.times -= 1
            self._coming = [coming for coming in self._coming if coming.times]
