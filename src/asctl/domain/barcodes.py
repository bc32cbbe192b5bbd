"""What the codes on our return label say, and what a hand scanner may hand us (T10, ``rma scan``)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote

from asctl.domain.couriers import waybills_in
from asctl.domain.errors import BadInput
from asctl.domain.identifiers import clean_identifier
from asctl.domain.masking import names_a_person
from asctl.domain.numbers import is_rma_number

_QR_PREFIX = "ASCTL1"
_SHOWN = 200
_AIM_IDENTIFIER = re.compile(r"\A\][A-Z][0-9A-Z]")
"""Which kind of barcode it was (``]C1``, ``]Q1``): scanners put it in front where they are set so (ISO/IEC 15424)."""
_IDENTIFIER = re.compile(r"[A-Z0-9][A-Z0-9_-]{3,63}")


def qr_text(rma: str, order_id: str, shop: str, others: Sequence[str] = ()) -> str:
    """The QR code's text: version mark, RMA, order and shop, split by ``|``; several RMAs in one parcel are joined by ``+``."""
    return "|".join((_QR_PREFIX, "+".join((rma, *others)), order_id, shop))


def scanned_codes(scan: str) -> tuple[str, ...]:
    """The identifiers that a scan may stand for, likeliest first; none where nothing in it can be one.

    Our QR code: its RMAs, which are all meant, then its order. A courier's QR code or address: the one waybill in it whose
    shape is unmistakable. Else the text itself, without what scanners and people put around and between its characters.
    Raises :class:`BadInput` for a number that a spreadsheet has rounded.
    """
    text = _AIM_IDENTIFIER.sub("", clean_identifier(scan)) if scan.strip() else ""
    parts = text.split("|")
    if parts[0] == _QR_PREFIX and len(parts) == 4:
        return tuple(dict.fromkeys(filter(_IDENTIFIER.fullmatch, (*parts[1].split("+"), parts[2]))))
    whole = "".join(text.split())
    if is_rma_number(whole.replace("-", "")) or whole.startswith("RMA"):
        whole = whole.replace("-", "")
    found = waybills_in(unquote(text))
    codes = (*(found if len(found) == 1 else ()), *([whole] if _IDENTIFIER.fullmatch(whole) else []))
    return tuple(dict.fromkeys(codes))


def repeatable(scan: str) -> str:
    """What may be repeated of a scan that nobody knows: its code, but of a person's number, or of a text that is no code, only
    how it begins."""
    try:
        codes = scanned_codes(scan)
    except BadInput:
        codes = ()
    if codes and not names_a_person(codes[0]):
        return scan.strip()[:_SHOWN]
    return f"{scan.strip()[:3]}***" if scan.strip() else ""
