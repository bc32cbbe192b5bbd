"""What the codes on our return label say, and what a hand scanner may hand us (T10, ``rma scan``)."""

from __future__ import annotations

from asctl.domain.identifiers import clean_identifier

_QR_PREFIX = "ASCTL1"


def qr_text(rma: str, order_id: str, shop: str) -> str:
    """The QR code's text: version mark, RMA, order and shop, split by ``|``."""
    return "|".join((_QR_PREFIX, rma, order_id, shop))


def scanned_codes(scan: str) -> tuple[str, ...]:
    """The identifiers a scan may stand for, likeliest first: the RMA of our QR code, else the cleaned text itself."""
    parts = scan.strip().split("|")
    if parts[0] == _QR_PREFIX and len(parts) == 4:
        return (clean_identifier(parts[1]), clean_identifier(parts[2]))
    return (clean_identifier(scan),)
