"""Invoices (发票): blue ones, the red ones that cancel them, and where each stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from asctl.domain.errors import BadInput
from asctl.text import _


class InvoiceKind(StrEnum):
    """The kinds that the tax bureau knows. The tool issues ``DIGITAL_ORDINARY`` (数电普票) and ``DIGITAL_SPECIAL`` (数电专票); the
    others are read and kept: printed digital ones (数电纸票), and those of the older system (税控)."""

    DIGITAL_ORDINARY = "digital_ordinary"
    DIGITAL_SPECIAL = "digital_special"
    DIGITAL_PAPER_ORDINARY = "digital_paper_ordinary"
    DIGITAL_PAPER_SPECIAL = "digital_paper_special"
    TAXCTRL_E_ORDINARY = "taxctrl_e_ordinary"
    TAXCTRL_E_SPECIAL = "taxctrl_e_special"
    TAXCTRL_PAPER_ORDINARY = "taxctrl_paper_ordinary"
    TAXCTRL_PAPER_SPECIAL = "taxctrl_paper_special"
    TAXCTRL_ROLL = "taxctrl_roll"

    @property
    def special(self) -> bool:
        """Whether the buyer may deduct its tax (专票)."""
        return self.value.endswith("_special")

    @property
    def digital(self) -> bool:
        """Whether it has one number of 20 digits and no code."""
        return self.value.startswith("digital")


ISSUED_HERE = frozenset({InvoiceKind.DIGITAL_ORDINARY, InvoiceKind.DIGITAL_SPECIAL})
"""The kinds that are issued and reversed; of others, what stands is read."""


class Colour(StrEnum):
    """A red invoice cancels all or a part of one blue one."""

    BLUE = "blue"
    RED = "red"


class Purpose(StrEnum):
    """What a blue invoice is for: the sale, or the fee of a repair. An order has at most one living invoice of a sale."""

    SALE = "sale"
    FEE = "fee"


class InvoiceState(StrEnum):
    """Where an invoice stands. ``waiting`` is a blue one whose red one is not issued yet; ``sending`` may have arrived;
    ``seal_failed`` is issued, but its file is not sealed. ``partly_reversed`` and ``reversed`` are blue ones of which red ones
    took a part, or all."""

    QUEUED = "queued"
    WAITING = "waiting"
    SENDING = "sending"
    ISSUING = "issuing"
    ISSUED = "issued"
    SEAL_FAILED = "seal_failed"
    FAILED = "failed"
    PARTLY_REVERSED = "partly_reversed"
    REVERSED = "reversed"
    VOIDING = "voiding"
    VOIDED = "voided"
    CANCELLED = "cancelled"


NOT_YET = frozenset({InvoiceState.QUEUED, InvoiceState.WAITING})
UNDER_WAY = frozenset({InvoiceState.SENDING, InvoiceState.ISSUING})
STANDING = frozenset(
    {InvoiceState.ISSUED, InvoiceState.SEAL_FAILED, InvoiceState.PARTLY_REVERSED, InvoiceState.VOIDING}
)
OVER = frozenset({InvoiceState.FAILED, InvoiceState.VOIDED, InvoiceState.CANCELLED, InvoiceState.REVERSED})
LIVING = NOT_YET | UNDER_WAY | STANDING
"""A second invoice for the same sale may not come beside one of these."""


class FormState(StrEnum):
    """Where a red-letter confirmation form (红字信息确认单) stands; the provider's own code is kept beside it.

    - ``NONE``: there is none
    - ``APPLYING``: it is applied for
    - ``APPLY_FAILED``: it came to nothing
    - ``NOT_NEEDED``: nobody need confirm it (code 01)
    - ``WAIT_BUYER``: the buyer must, within 72 hours (02)
    - ``WAIT_SELLER``: the seller must, within 72 hours (03)
    - ``CONFIRMED``: both have (04)
    - ``VOID``: refused, lapsed or withdrawn (05 to 13)
    """

    NONE = ""
    APPLYING = "applying"
    NOT_NEEDED = "not_needed"
    WAIT_BUYER = "wait_buyer"
    WAIT_SELLER = "wait_seller"
    CONFIRMED = "confirmed"
    APPLY_FAILED = "apply_failed"
    VOID = "void"


FORM_WAITS = frozenset({FormState.WAIT_BUYER, FormState.WAIT_SELLER})
FORM_ENDED = frozenset({FormState.APPLY_FAILED, FormState.VOID})
FORM_EXPIRED = "07"
"""The code of a form that nobody confirmed within 72 hours: it may be applied for again."""


class Reason(StrEnum):
    """Why an invoice is reversed.

    - ``WRONG``: title, tax ID, goods or rate were wrong (开票有误); only in full
    - ``RETURN``: goods came back, or were never sent (销货退回)
    - ``STOPPED``: a service ended (服务中止)
    - ``ALLOWANCE``: money back, the goods stay (销售折让)
    """

    WRONG = "wrong"
    RETURN = "return"
    STOPPED = "stopped"
    ALLOWANCE = "allowance"


class Scope(StrEnum):
    """How much of a blue invoice a red one takes."""

    FULL = "full"
    PARTIAL = "partial"


class BuyerUse(StrEnum):
    """Whether the buyer has confirmed its use, or entered it: then he must confirm a reversal."""

    UNKNOWN = "unknown"
    UNUSED = "unused"
    USED = "used"


class LineNature(StrEnum):
    """What a row is. A discount stands in a row of its own, directly after the discounted line.

    - ``NORMAL``: goods at their price
    - ``DISCOUNTED``: goods with a discount row after them
    - ``DISCOUNT``: that row; its sums are negative
    """

    NORMAL = "normal"
    DISCOUNT = "discount"
    DISCOUNTED = "discounted"


class TitleType(StrEnum):
    """Whom an invoice is made out to."""

    PERSON = "person"
    COMPANY = "company"


@dataclass(frozen=True, slots=True)
class Buyer:
    """Whom the invoice is made out to, and where it is delivered: ``email``, ``mobile``. Personal data: masked wherever it is
    shown."""

    title: str
    type: TitleType = TitleType.PERSON
    tax_id: str = ""
    address: str = ""
    phone: str = ""
    bank: str = ""
    bank_account: str = ""
    email: str = ""
    mobile: str = ""


@dataclass(frozen=True, slots=True)
class Seller:
    """Who issues; from the account's settings. ``drawer`` is the person whose tax-bureau session is used (开票员)."""

    tax_id: str
    name: str = ""
    drawer: str = ""
    phone: str = ""
    address: str = ""
    bank: str = ""
    bank_account: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One row. ``net`` + ``tax`` = ``gross``, in yuan with two places; negative on a discount row and on a red invoice.

    ``code`` is the 19-digit tax category of the goods, ``rate`` as ``0.13``. ``quantity`` and ``price`` (with tax, of one) are
    both there or both missing. ``line_id`` is the order's line that it bills, ``freight`` for the freight; ``blue_line`` is, on a
    red invoice, the place of the blue line that it takes from, counted from 1.
    """

    name: str
    code: str
    rate: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal
    quantity: Decimal | None = None
    price: Decimal | None = None
    unit: str = ""
    spec: str = ""
    sku: str = ""
    nature: LineNature = LineNature.NORMAL
    line_id: str = ""
    blue_line: int = 0


FREIGHT = "freight"


@dataclass(frozen=True, slots=True)
class InvoiceFile:
    """A file of an invoice (``format``: ``pdf``, ``ofd``, ``xml``). ``path`` and ``sha256`` once it was fetched."""

    format: str
    url: str
    path: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Invoice:
    """One invoice on record, blue or red, from its application on.

    ``serial`` is our own number at the provider, kept for ever; ``attempt`` counts how many were used up, since changed data
    needs another one. ``reference`` is the provider's own, ``number`` that of the tax bureau. ``blue`` is, for a red one, the
    invoice that it reverses; ``replaces`` the one that a blue one comes in place of, and ``after`` the red one that it waits for.

    ``error_code`` and ``message`` say why it failed. ``application`` is the marketplace's number of the customer's application
    and ``trigger`` its word for the occasion; ``agreed_by`` is who in finance lets it go although a case is open. ``form_*`` are
    of the red-letter form; ``form_deadline`` is when it lapses.
    """

    invoice: str
    serial: str
    account: str
    shop: str
    order_id: str
    colour: Colour
    kind: InvoiceKind
    state: InvoiceState
    buyer: Buyer
    lines: tuple[InvoiceLine, ...]
    net: Decimal
    tax: Decimal
    gross: Decimal
    requested_at: datetime
    created_at: datetime
    changed_at: datetime
    purpose: Purpose = Purpose.SALE
    rma: str = ""
    attempt: int = 1
    raw_state: str = ""
    error_code: str = ""
    message: str = ""
    reference: str = ""
    number: str = ""
    code: str = ""
    issued_at: datetime | None = None
    remark: str = ""
    blue: str = ""
    replaces: str = ""
    after: str = ""
    application: str = ""
    trigger: str = ""
    agreed_by: str = ""
    urgent_at: datetime | None = None
    urgent_by: str = ""
    urgent_reason: str = ""
    promoted_at: datetime | None = None
    promoted_by: str = ""
    scope: Scope | None = None
    reason: Reason | None = None
    form_state: FormState = FormState.NONE
    form_raw: str = ""
    form_number: str = ""
    form_deadline: datetime | None = None
    buyer_use: BuyerUse = BuyerUse.UNKNOWN
    files: tuple[InvoiceFile, ...] = ()
    action: str = ""
    delivered_at: datetime | None = None
    currency: str = field(default="CNY")


def invoice_number(text: str) -> int:
    """``I17`` or ``17`` as 17. Raises :class:`BadInput`."""
    digits = text.strip().upper().removeprefix("I")
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 15:
        raise BadInput(
            _("{text!r} is no invoice of ours; one is written as I17").format(text=text[:40]),
            code="bad_invoice",
            hint=_("see: asctl invoice queue --all, or give the order's number"),
        )
    return int(digits)
