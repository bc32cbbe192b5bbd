"""Theirs to ours: invoices of a query, red-letter forms, times, amounts (sections 2.2, 5.7 and 5.8).

A callback's states are other numbers for other things (2 is *done* in a query and *failed* in a callback), so these maps are
for queries alone; callbacks have none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from asctl.api import (
    CHINA,
    Effect,
    Evidence,
    FormState,
    FormTold,
    InvoiceFinding,
    InvoiceState,
    InvoiceTold,
    as_text,
    china_time,
    yuan,
)
from asctl.api import translate as _

QUERY_STATES: Mapping[str, InvoiceState] = {
    "20": InvoiceState.ISSUING,
    "21": InvoiceState.ISSUING,
    "2": InvoiceState.ISSUED,
    "22": InvoiceState.FAILED,
    "24": InvoiceState.SEAL_FAILED,
    "31": InvoiceState.VOIDING,
    "3": InvoiceState.VOIDED,
}
FORM_STATES: Mapping[str, FormState] = {
    "15": FormState.APPLYING,
    "16": FormState.APPLY_FAILED,
    "01": FormState.NOT_NEEDED,
    "02": FormState.WAIT_BUYER,
    "03": FormState.WAIT_SELLER,
    "04": FormState.CONFIRMED,
    **dict.fromkeys(("05", "06", "07", "08", "09", "10", "11", "12", "13"), FormState.VOID),
}
WAITING = frozenset({FormState.WAIT_BUYER, FormState.WAIT_SELLER})
RED = "2"
_TROUBLED = frozenset({InvoiceState.FAILED, InvoiceState.SEAL_FAILED})
_FORM_LASTS = timedelta(hours=72)
_FILES = {"pdf": "pdfUrl", "ofd": "ofdUrl", "xml": "xmlUrl"}
# Their own tables cut the name off.
_NUMBERS = ("allElectronicInvoiceNumber", "allElectronicInvoiceNumbe", "invoiceNo")
_LONGEST_EPOCH = 14
_LARGEST = Decimal(10**15)


def read_invoice(row: Mapping[str, Any]) -> InvoiceTold | None:
    """An invoice of a query; ``None`` where its state is one that nobody documented."""
    raw = as_text(row.get("status"))
    state = QUERY_STATES.get(raw)
    if state is None:
        return None
    red = as_text(row.get("invoiceType")) == RED
    return InvoiceTold(
        state,
        raw_state=raw,
        message=as_text(row.get("failCause")) or (as_text(row.get("statusMsg")) if state in _TROUBLED else ""),
        reference=as_text(row.get("serialNo")),
        number=next((number for name in _NUMBERS if (number := as_text(row.get(name)))), ""),
        code=as_text(row.get("invoiceCode")),
        issued_at=read_time(row.get("invoiceTime")),
        net=_sum(row.get("exTaxAmount"), red),
        tax=_sum(row.get("taxAmount"), red),
        gross=_sum(row.get("orderAmount"), red),
        files={name: url for name, member in _FILES.items() if (url := as_text(row.get(member)))},
    )


def read_form(row: Mapping[str, Any], red: InvoiceTold | None) -> FormTold | None:
    """A red-letter form, with the red invoice as far as it is known; ``None`` where its state is undocumented. It lapses 72 hours
    after its time, where that is told."""
    raw = as_text(row.get("billStatus"))
    state = FORM_STATES.get(raw)
    if state is None:
        return None
    begun = read_time(row.get("billTime"))
    return FormTold(
        state,
        raw_state=raw,
        message=as_text(row.get("billMessage")),
        reference=as_text(row.get("billId")),
        number=as_text(row.get("billNo")),
        deadline=begun + _FORM_LASTS if begun and state in WAITING else None,
        red=red,
    )


def waits(row: Mapping[str, Any]) -> bool:
    """Whether a form waits for buyer or seller."""
    return FORM_STATES.get(as_text(row.get("billStatus"))) in WAITING


def red_is_there(row: Mapping[str, Any]) -> bool:
    """Whether a form that was not in vain speaks of a red invoice; what became of that one, only itself can tell."""
    granted = FORM_STATES.get(as_text(row.get("billStatus"))) in (FormState.NOT_NEEDED, FormState.CONFIRMED)
    return granted and (as_text(row.get("openStatus")) == "1" or bool(as_text(row.get("invoiceSerialNum"))))


def found_invoice(rows: list[dict[str, Any]]) -> InvoiceFinding:
    """What the invoices under one number of ours prove. Several, or one in an unknown state, are there all the same."""
    if not rows:
        return InvoiceFinding(Evidence.ABSENT)
    if len(rows) > 1:
        return there(_("Nuonuo has {count} invoices under one number").format(count=len(rows)))
    told = read_invoice(rows[0])
    if told is None:
        return there(unknown_state(as_text(rows[0].get("status"))))
    return InvoiceFinding.of_invoice(told)


def there(message: str) -> InvoiceFinding:
    """The finding of something that has arrived, and of which no more can be said."""
    return InvoiceFinding(Evidence.PRESENT, Effect.ACCEPTED, message=message)


def unknown_state(raw: str) -> str:
    """A sentence about a state that nobody documented."""
    return _("Nuonuo tells the unknown state {state!r}").format(state=raw[:20])


def read_time(value: object) -> datetime | None:
    """Milliseconds since 1970, as a number or as text, or a time of China; ``None`` for nonsense."""
    text = as_text(value)
    try:
        if text.isascii() and text.isdecimal():
            return _epoch(text)
        return china_time(text)
    except (ValueError, OverflowError):
        return None


def _epoch(digits: str) -> datetime | None:
    if len(digits) > _LONGEST_EPOCH:
        return None
    return datetime.fromtimestamp(0, UTC).astimezone(CHINA) + timedelta(milliseconds=int(digits))


def _sum(value: object, red: bool) -> Decimal | None:
    """An amount in yuan, negative on a red invoice whichever sign it is told with; ``None`` where none is told."""
    text: str | Decimal = value if isinstance(value, Decimal) else as_text(value)
    try:
        amount = Decimal(text)
        if not amount.is_finite() or abs(amount) > _LARGEST:
            return None
        return -abs(yuan(amount)) if red else yuan(amount)
    except ArithmeticError:
        return None
