"""The tax bureau of the world, and with it the providers that stand before it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from asctl.api.bureau import SandboxForm, SandboxInvoice
from asctl.domain.invoices import Buyer, Colour, InvoiceKind, InvoiceLine, Reason, Scope
from asctl.sandbox.bureau_checks import flaw_of, total
from asctl.sandbox.invoice_files import invoice_file
from asctl.sandbox.invoicing import FAILED, Invoices
from asctl.sandbox.reversal_checks import is_gone
from asctl.sandbox.reversals import Reversals


class TaxBureau:
    """Implements :class:`asctl.api.bureau.Bureau`.

    Nothing in it happens by itself: whoever looks is told what has come of everything by the world's clock.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._invoices = Invoices(now)
        self.invoices: list[SandboxInvoice] = self._invoices.all
        self.fates = self._invoices.fates
        self.reversals = Reversals(self._invoices, now)
        self.forms: list[SandboxForm] = self.reversals.all

    def submit(
        self, plugin: str, seller: str, serial: str, kind: InvoiceKind, buyer: Buyer,
        lines: tuple[InvoiceLine, ...], order_id: str = "", remark: str = "",
    ) -> SandboxInvoice:  # fmt: skip
        """Accept a blue invoice; its sums are those of its lines."""
        made = SandboxInvoice(
            plugin, seller, serial, self._invoices.new_reference(), "", Colour.BLUE, kind, buyer, lines,
            net=total(line.net for line in lines),
            tax=total(line.tax for line in lines),
            gross=total(line.gross for line in lines),
            begun_at=self._now(), order_id=order_id, remark=remark,
        )  # fmt: skip
        return self._invoices.add(made)

    def flaw(self, kind: InvoiceKind, buyer: Buyer, lines: tuple[InvoiceLine, ...]) -> str:
        """What it would not take of a blue invoice; empty where nothing is wrong."""
        return flaw_of(kind, buyer, lines)

    def phase(self, invoice: SandboxInvoice) -> str:
        """Where it stands by now; with the end of ``issuing`` it has its number."""
        return self._invoices.phase(invoice)

    def retry(self, invoice: SandboxInvoice) -> bool:
        """Try one again that failed, or was not sealed; not a red one in the place of which another came."""
        overtaken = (
            invoice.colour is Colour.RED
            and self.phase(invoice) == FAILED
            and not self.reversals.leave_room_for(invoice)
        )
        return not overtaken and self._invoices.retry(invoice)

    def apply_reversal(
        self, plugin: str, seller: str, serial: str, blue_number: str, scope: Scope, reason: Reason,
        lines: tuple[InvoiceLine, ...] = (),
    ) -> SandboxForm:  # fmt: skip
        """Take an application for a red invoice in, whatever its serial."""
        return self.reversals.apply(plugin, seller, serial, blue_number, scope, reason, lines)

    def reversed_fully(self, blue_number: str) -> bool:
        """Whether nothing is left of it, or will be."""
        blue = self.issued(blue_number)
        return blue is not None and is_gone(blue.lines, self.reversals.taken_from(blue))

    def form_code(self, form: SandboxForm) -> str:
        """The state code of a form by now."""
        return self.reversals.code(form)

    def red_of(self, form: SandboxForm) -> SandboxInvoice | None:
        """The red invoice, once its form is agreed on."""
        return self.reversals.red_of(form)

    def issued(self, number: str) -> SandboxInvoice | None:
        """The invoice with a number that the bureau has told."""
        return self._invoices.issued(number)

    def own(self, plugin: str, seller: str) -> list[SandboxInvoice]:
        """The invoices, blue and red, that a seller has at a provider."""
        self.reversals.begin_reds()
        return [one for one in self.invoices if (one.plugin, one.seller) == (plugin, seller)]

    def own_forms(self, plugin: str, seller: str) -> list[SandboxForm]:
        """The red-letter forms of a seller at a provider."""
        return [form for form in self.forms if (form.plugin, form.seller) == (plugin, seller)]

    def file(self, invoice: SandboxInvoice, format: str) -> bytes:
        """A small file of one: ``pdf``, ``ofd`` or ``xml``."""
        return invoice_file(invoice, format)
