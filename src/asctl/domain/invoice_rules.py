"""What must be right of an invoice before anything is sent (reference/invoices.md section 10): V01 to V28, and V30. Whether a case
is open on the order (V29), and whether a serial was used for other data (V27), only the records can tell."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Protocol

from asctl.domain.buyer_rules import flaws_of_buyer, flaws_of_seller
from asctl.domain.invoice_flaws import Flaw
from asctl.domain.invoices import Invoice, InvoiceKind, Seller
from asctl.domain.line_rules import RowLimits, flaws_of_blue_rows, flaws_of_rows, flaws_of_sums, reckonable
from asctl.domain.policy import InvoicePolicy
from asctl.text import _

_SERIAL = re.compile(r"[0-9A-Za-z_-]{1,20}")
_PAPER = frozenset(kind for kind in InvoiceKind if "paper" in kind.value or kind is InvoiceKind.TAXCTRL_ROLL)


class IssuerLimits(RowLimits, Protocol):
    """What an issuer takes, as :class:`asctl.capabilities.invoices.InvoiceLimits` tells it."""

    @property
    def kinds(self) -> Collection[InvoiceKind]: ...
    @property
    def remark(self) -> int: ...


def flaws_of_blue(
    invoice: Invoice, seller: Seller, policy: InvoicePolicy, limits: IssuerLimits, order_left: Decimal | None = None
) -> tuple[Flaw, ...]:
    """The flaws of a blue invoice, in the order of the rules. ``order_left`` is what of the order may still be billed, in yuan with
    tax: paid less refunded; ``None`` where that is not known."""
    return tuple(_flaws_of_blue(invoice, seller, policy, limits, order_left))


def flaws_of_heading(invoice: Invoice, remark: int) -> Iterator[Flaw]:
    """V07 of the remark, which has at most ``remark`` characters, and V27: blue or red."""
    if len(invoice.remark) > remark:
        told = _("{length} characters; at most {most} may be").format(length=len(invoice.remark), most=remark)
        yield Flaw("V07", "remark_length", "remark", told)
    if not _SERIAL.fullmatch(invoice.serial):
        told = _("{serial!r} is no serial: 1 to 20 letters, digits, hyphens").format(serial=invoice.serial[:40])
        yield Flaw("V27", "bad_serial", "serial", told)


def _flaws_of_blue(
    invoice: Invoice, seller: Seller, policy: InvoicePolicy, limits: IssuerLimits, order_left: Decimal | None
) -> Iterator[Flaw]:
    yield from flaws_of_seller(seller, policy)
    yield from flaws_of_buyer(invoice.buyer, invoice.kind, policy)
    if invoice.kind not in limits.kinds:
        told = _("this account does not issue invoices of kind {kind}").format(kind=invoice.kind.value)
        yield Flaw("V03", "kind_not_offered", "kind", told)
    yield from flaws_of_rows(invoice, policy, limits)
    yield from flaws_of_heading(invoice, limits.remark)
    if not reckonable(invoice):
        return
    yield from flaws_of_sums(invoice, policy)
    yield from flaws_of_blue_rows(invoice.lines)
    if invoice.gross <= 0:
        told = _("a blue invoice over {gross} yuan is not above zero").format(gross=invoice.gross)
        yield Flaw("V16", "total_not_positive", "gross", told)
    if order_left is not None and invoice.gross > order_left:
        told = _("{gross} yuan are billed, but only {left} of the order are paid and not refunded").format(
            gross=invoice.gross, left=order_left
        )
        yield Flaw("V28", "exceeds_order", "gross", told)
