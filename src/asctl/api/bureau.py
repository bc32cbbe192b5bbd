"""The tax bureau of the sandbox's world: what the apps of invoice providers are given (reference/invoices.md section 13)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from asctl.domain.invoices import Buyer, Colour, InvoiceKind, InvoiceLine, Reason, Scope


@dataclass(slots=True)
class SandboxInvoice:
    """An invoice at a provider of the world. ``serial`` is the client's own number, ``reference`` the provider's, unique in the
    world; ``number`` the tax bureau's, told once it is issued. Amounts are negative on a red one, which names ``blue_number`` and
    the ``form_number``. ``plugin`` is the app's; another app knows nothing of it.

    ``fate`` is empty, ``stuck`` (issuing for ever), ``fail`` (with ``complaint``) or ``seal_fail``; ``begun_at`` is when it was
    submitted, or tried again last. ``deliveries`` are the addresses that it was sent to again.
    """

    plugin: str
    seller: str
    serial: str
    reference: str
    number: str
    colour: Colour
    kind: InvoiceKind
    buyer: Buyer
    lines: tuple[InvoiceLine, ...]
    net: Decimal
    tax: Decimal
    gross: Decimal
    begun_at: datetime
    order_id: str = ""
    remark: str = ""
    blue_number: str = ""
    form_number: str = ""
    fate: str = ""
    complaint: str = ""
    retries: int = 0
    used: bool = False
    deliveries: list[str] = field(default_factory=list)


@dataclass(slots=True)
class SandboxForm:
    """A red-letter form. ``reference`` is the provider's number for the application, ``number`` and ``uuid`` the tax bureau's
    once it is there. ``by_buyer`` says that the buyer applied for it, ``needs_buyer`` that he must confirm it. ``complaint`` is
    why it failed; ``void`` the code (05 to 13) with which it ended; ``red`` the invoice that came of it."""

    plugin: str
    seller: str
    serial: str
    reference: str
    number: str
    uuid: str
    blue_number: str
    scope: Scope
    reason: Reason
    lines: tuple[InvoiceLine, ...]
    net: Decimal
    tax: Decimal
    begun_at: datetime
    by_buyer: bool = False
    needs_buyer: bool = False
    confirmed_at: datetime | None = None
    complaint: str = ""
    void: str = ""
    red: SandboxInvoice | None = None


@dataclass(slots=True)
class SandboxApplication:
    """A customer's application for an invoice, made inside an order of the world. ``status`` is 0 refused, 1 applied, 2
    accepted; ``amount`` is yuan with tax. ``results`` are what was handed back, oldest first: each with the fields that the far
    side was sent, as text, a file in base64."""

    application: str
    shop: str
    order_id: str
    trigger: str
    kind: InvoiceKind
    buyer: Buyer
    amount: Decimal
    at: datetime
    status: int = 1
    results: list[dict[str, str]] = field(default_factory=list)


class Bureau(Protocol):
    """The bureau of the world, behind all those apps. The sandbox holds its lock while an app answers."""

    invoices: list[SandboxInvoice]
    forms: list[SandboxForm]

    def submit(
        self, plugin: str, seller: str, serial: str, kind: InvoiceKind, buyer: Buyer,
        lines: tuple[InvoiceLine, ...], order_id: str = "", remark: str = "",
    ) -> SandboxInvoice:  # fmt: skip
        """Accept a blue invoice, whatever its serial: dropping repeats is the app's business. ``seller`` is the seller's tax
        ID."""
        ...

    def flaw(self, kind: InvoiceKind, buyer: Buyer, lines: tuple[InvoiceLine, ...]) -> str:
        """What the bureau would not take: ``sum``, ``tolerance``, ``discount``, ``no_lines``, ``rate``, ``code``, ``buyer_name``,
        ``buyer_tax_id``, ``amount``; empty where nothing is wrong."""
        ...

    def phase(self, invoice: SandboxInvoice) -> str:
        """``issuing`` (2 s), ``sealing`` (1 s), then ``issued``; ``failed`` or ``seal_failed`` by its fate."""
        ...

    def retry(self, invoice: SandboxInvoice) -> bool:
        """Try one again that failed, or was not sealed; ``False`` for any other, and for the 21st time."""
        ...

    def apply_reversal(
        self, plugin: str, seller: str, serial: str, blue_number: str, scope: Scope, reason: Reason,
        lines: tuple[InvoiceLine, ...] = (),
    ) -> SandboxForm:  # fmt: skip
        """Apply for a red invoice of a known blue one; what the bureau refuses shows as ``complaint`` once the application was
        worked on (1 s)."""
        ...

    def reversed_fully(self, blue_number: str) -> bool:
        """Whether red invoices, issued or under way, have taken all of it."""
        ...

    def form_code(self, form: SandboxForm) -> str:
        """The tax bureau's code of a form's state by now: 15 (applied for) for 1 s, then 16 (it failed), 01 (no confirmation
        needed), 02 (the buyer must confirm), 03 (the seller must), 04 (both have), or the code (05 to 13) of what made it void."""
        ...

    def red_of(self, form: SandboxForm) -> SandboxInvoice | None:
        """The red invoice, once the form is 01 or 04: issued 2 s later."""
        ...

    def issued(self, number: str) -> SandboxInvoice | None:
        """The issued invoice with a number of the bureau."""
        ...

    def own(self, plugin: str, seller: str) -> list[SandboxInvoice]:
        """The invoices, blue and red, that a seller has at a provider; red ones from their form's confirmation on."""
        ...

    def own_forms(self, plugin: str, seller: str) -> list[SandboxForm]:
        """The red-letter forms of a seller at a provider."""
        ...

    def file(self, invoice: SandboxInvoice, format: str) -> bytes:
        """A small file of one: ``pdf``, ``ofd`` or ``xml``; always the same bytes."""
        ...
