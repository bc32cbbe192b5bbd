"""Our own numbers of invoices at their providers: made once, kept for ever, at most 20 characters (reference/invoices.md
section 9, *order_no*)."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime

from asctl.domain.invoices import Colour, Invoice
from asctl.domain.times import CHINA

LONGEST = 20
_LAST_ATTEMPT = 99


def invoice_serial(colour: Colour, seller_tax_id: str, occasion: str, day: datetime, attempt: int) -> str:
    """``B`` or ``R``, a ``day`` in China, 8 characters that stand for seller and ``occasion``, and the attempt.

    The same work has the same number, on every machine and after a restored backup: so its provider refuses it a second time.
    ``occasion`` names the work (shop, order and what the invoice is for), and ``day`` comes from the order, the case or the invoice
    that is reversed, never from the clock; ``ValueError`` for an attempt beyond 99.
    """
    if not 1 <= attempt <= _LAST_ATTEMPT:
        raise ValueError(f"attempt {attempt} has no number")
    told = hashlib.sha256(f"{seller_tax_id}\x1f{occasion}".encode()).digest()[:5]
    stands_for = base64.b32encode(told).decode("ascii")
    letter = "B" if colour is Colour.BLUE else "R"
    return f"{letter}{day.astimezone(CHINA):%y%m%d}{stands_for}{attempt:02d}"


def next_serial(invoice: Invoice) -> str:
    """The number of what comes in the place of one that failed. ``ValueError`` beyond 99."""
    if invoice.attempt >= _LAST_ATTEMPT:
        raise ValueError(f"{invoice.serial} has no successor")
    return f"{invoice.serial[:-2]}{invoice.attempt + 1:02d}"
