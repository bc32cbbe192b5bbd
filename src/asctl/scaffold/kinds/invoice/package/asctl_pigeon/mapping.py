"""Their words made ours, and ours theirs: pure functions. All of our states: asctl help api InvoiceState"""

from dataclasses import asdict
from typing import Any

from asctl.api import (
    Effect,
    Evidence,
    InvoiceFinding,
    InvoiceLine,
    InvoiceRequest,
    InvoiceState,
    InvoiceTold,
    as_text,
    china_time,
    compact_json,
)

STATES = {
    "WAITING": InvoiceState.ISSUING,
    "ISSUED": InvoiceState.ISSUED,
    "NO_SEAL": InvoiceState.SEAL_FAILED,
    "FAILED": InvoiceState.FAILED,
}
NUMBERS = ("rate", "net", "tax", "gross", "quantity", "price")


def read_invoice(row: dict[str, Any]) -> InvoiceFinding:
    """Their invoice as ours. Of a state that nobody knows it can only be said that it has arrived."""
    raw, issued_at = as_text(row["state"]), row.get("issued_at")
    if raw not in STATES:
        return InvoiceFinding(Evidence.PRESENT, Effect.ACCEPTED, message=f"unknown state {raw[:20]}")
    return InvoiceFinding.of_invoice(
        InvoiceTold(
            STATES[raw],
            raw_state=raw,
            message=as_text(row.get("why")),
            reference=as_text(row["reference"]),
            number=as_text(row.get("number")),
            issued_at=china_time(issued_at) if issued_at else None,
        )
    )


def invoice_text(request: InvoiceRequest) -> str:
    """Our invoice as theirs. Sums are right by now: asctl has checked them; amounts go as text, never as float."""
    told = {
        "seller": request.seller.tax_id,
        "drawer": request.seller.drawer,
        "kind": request.kind,
        "buyer": {name: text for name, text in asdict(request.buyer).items() if text},
        "lines": [_line_texts(line) for line in request.lines],
        "remark": request.remark,
    }
    return compact_json(told)


def _line_texts(line: InvoiceLine) -> dict[str, str]:
    """A row of it; what is empty is left out."""
    told = {name: getattr(line, name) for name in ("name", "code", "unit", "nature", *NUMBERS)}
    return {
        name: format(value, "f" if name in NUMBERS else "") for name, value in told.items() if value not in (None, "")
    }
