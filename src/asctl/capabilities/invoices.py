"""Invoice providers: issue, reverse, deliver again, fetch files (R21-R23, R107, R108; reference/invoices.md sections 5 and 6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from asctl.capabilities.shipping import Submission
from asctl.capabilities.writes import Effect, Evidence, Finding
from asctl.domain.invoices import (
    FORM_ENDED,
    Buyer,
    FormState,
    InvoiceKind,
    InvoiceLine,
    InvoiceState,
    Reason,
    Scope,
    Seller,
)


@dataclass(frozen=True, slots=True)
class InvoiceRequest:
    """A blue invoice to issue. ``serial`` is our own number, the key of the write: the same for every attempt. Sums are checked
    by the core before anything is sent. ``reference`` is the provider's number, where it is known by now; ``case`` our RMA."""

    serial: str
    seller: Seller
    kind: InvoiceKind
    buyer: Buyer
    lines: tuple[InvoiceLine, ...]
    net: Decimal
    tax: Decimal
    gross: Decimal
    order_id: str
    ordered_at: datetime
    remark: str = ""
    case: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Reversal:
    """A red invoice. ``serial`` is our own number, for the form as for the red invoice that comes of it.

    ``blue_*`` are the blue invoice's: our serial, the tax bureau's number and code, the provider's number, and the moment it
    was issued; ``blue_net`` and ``blue_tax`` its sums. ``lines`` are empty for a full one; for a partial one each
    names its ``blue_line``, and amounts and quantity are negative. ``net``, ``tax`` and ``gross`` are negative always.
    ``reference`` is the provider's number of the form, where it is known by now.
    """

    serial: str
    seller: Seller
    kind: InvoiceKind
    buyer: Buyer
    scope: Scope
    reason: Reason
    blue_serial: str
    blue_number: str
    lines: tuple[InvoiceLine, ...]
    net: Decimal
    tax: Decimal
    gross: Decimal
    requested_at: datetime
    blue_code: str = ""
    blue_reference: str = ""
    blue_issued_at: datetime | None = None
    blue_net: Decimal = Decimal(0)
    blue_tax: Decimal = Decimal(0)
    case: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceTold:
    """What a provider tells of one invoice. ``state`` is ``issuing``, ``issued``, ``seal_failed``, ``failed``, ``voiding`` or
    ``voided``; ``raw_state`` its own word. ``files`` are addresses by format (``pdf``, ``ofd``, ``xml``); sums are ``None`` where
    it tells none, and negative for a red invoice."""

    state: InvoiceState
    raw_state: str = ""
    message: str = ""
    reference: str = ""
    number: str = ""
    code: str = ""
    issued_at: datetime | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    gross: Decimal | None = None
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FormTold:
    """What a provider tells of a red-letter form; ``deadline`` is when it lapses, where it waits for somebody. ``red`` is the
    red invoice as far as it is known: the blue one is reversed only when that is ``issued``."""

    state: FormState
    raw_state: str = ""
    message: str = ""
    reference: str = ""
    number: str = ""
    deadline: datetime | None = None
    red: InvoiceTold | None = None


@dataclass(frozen=True, slots=True)
class InvoiceFinding(Finding):
    """What a look after an invoice, or a reversal, found: made by :meth:`of_invoice` and :meth:`of_form`, or with
    ``evidence`` alone where there is nothing to tell."""

    invoice: InvoiceTold | None = None
    form: FormTold | None = None

    @classmethod
    def of_invoice(cls, told: InvoiceTold) -> InvoiceFinding:
        """The finding of a blue invoice that is there, whatever its state."""
        return cls(Evidence.PRESENT, _EFFECTS[told.state], told.reference, told.message, invoice=told)

    @classmethod
    def of_form(cls, told: FormTold) -> InvoiceFinding:
        """The finding of a reversal that was applied for: its effect is that of the red invoice, not of the form. Unless
        the form has ended, a red invoice that failed may come all the same."""
        effect = Effect.INEFFECTIVE if told.state in FORM_ENDED else Effect.ACCEPTED
        if told.red is not None and told.state not in FORM_ENDED:
            failed = told.red.state is InvoiceState.FAILED
            effect = Effect.ACCEPTED if failed else _EFFECTS[told.red.state]
        return cls(Evidence.PRESENT, effect, told.reference, told.message, form=told)


_EFFECTS = {
    InvoiceState.ISSUING: Effect.ACCEPTED,
    InvoiceState.ISSUED: Effect.EFFECTIVE,
    InvoiceState.SEAL_FAILED: Effect.EFFECTIVE,
    InvoiceState.VOIDING: Effect.EFFECTIVE,
    InvoiceState.VOIDED: Effect.EFFECTIVE,
    InvoiceState.FAILED: Effect.INEFFECTIVE,
}


@dataclass(frozen=True, slots=True)
class InvoiceLimits:
    """What an issuer takes: ``kinds``, at most ``lines`` rows, a remark of ``remark`` characters, quantities and prices of
    ``places`` decimals."""

    kinds: tuple[InvoiceKind, ...] = (InvoiceKind.DIGITAL_ORDINARY, InvoiceKind.DIGITAL_SPECIAL)
    lines: int = 2000
    remark: int = 200
    places: int = 8


class InvoiceIssuer(Protocol):
    """Issue blue invoices. Limits are an :class:`InvoiceLimits`; contracts are declared under ``issue_invoice`` and
    ``retry_invoice``. The contract's ``find`` looks an invoice up by our ``serial`` and returns an :class:`InvoiceFinding`; it
    is also asked how far one is."""

    def issue_invoice(self, request: InvoiceRequest) -> Submission:
        """Submit it: accepted is not issued.

        Returns a :class:`Submission` with the provider's number. Raises the write families: a serial that the provider knows
        already is :class:`Unclear` (``serial_known``), and the core looks then; a lapsed session of the drawer is
        :class:`CredentialsRefused` (``drawer_session``). A write: called again only as its contract allows, with the same
        ``serial``.
        """
        ...

    def retry_invoice(self, request: InvoiceRequest) -> Submission:
        """Have the same invoice, which failed or was not sealed, tried again with the same data under the same serial.

        Returns a :class:`Submission`. Raises the write families: :class:`Throttled` where the day's retries are used up. A
        write: called again only as its contract allows.
        """
        ...


class InvoiceReverser(Protocol):
    """Reverse invoices. The contract is declared under ``reverse_invoice``; its ``find`` returns an :class:`InvoiceFinding`."""

    def reverse_invoice(self, request: Reversal) -> Submission:
        """Apply for a red invoice, all or a part: applied for is not reversed.

        Returns a :class:`Submission` with the provider's number of the form. Raises the write families: a serial that the
        provider knows already is :class:`Unclear` (``serial_known``). A write: called again only as its contract allows, with
        the same ``serial``.
        """
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """An issued invoice to deliver again, to an ``email``, a ``mobile``, or both. ``number`` is the tax bureau's, ``code`` that
    of older kinds. ``key`` stays the same for every attempt."""

    key: str
    seller: Seller
    kind: InvoiceKind
    number: str
    code: str = ""
    email: str = ""
    mobile: str = ""


class InvoiceDeliverer(Protocol):
    """Deliver invoices again. The contract (``NOTIFY``) is declared under ``deliver_invoice``."""

    def deliver_invoice(self, request: Delivery) -> Submission:
        """Have the provider send the customer a copy.

        Returns a :class:`Submission`. Raises the write families. A write: a repeat is a nuisance, so it is never sent again on
        doubt.
        """
        ...


class InvoiceFiles(Protocol):
    """Fetch the files of issued invoices. Read only."""

    def invoice_file(self, url: str, format: str) -> bytes:
        """Fetch the file at an address that the provider told, checked: host, size, first bytes. :class:`FileFetcher` does it.

        Returns its bytes. Raises the read families, and :class:`BadInput` for an address that is not the provider's;
        :class:`Unavailable` for a file that is none. May be called again.
        """
        ...
