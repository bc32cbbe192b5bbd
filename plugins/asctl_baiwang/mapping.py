"""Their rows as what we tell of invoices and forms (sections 2.2, 6.7 and 6.8)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from asctl.api import (
    CHINA,
    Evidence,
    FormState,
    FormTold,
    InvoiceFinding,
    InvoiceState,
    InvoiceTold,
    Unavailable,
    as_text,
    china_time,
    yuan,
)
from asctl.api import translate as _
from asctl_baiwang.wire import Row

STATES: Mapping[str, InvoiceState] = {
    "00": InvoiceState.ISSUING,
    "01": InvoiceState.ISSUED,
    "02": InvoiceState.FAILED,
    "03": InvoiceState.VOIDED,
    "04": InvoiceState.VOIDING,
}
"""``status`` of a query; what a callback says is never read with it."""
FORM_STATES: Mapping[str, FormState] = {
    "01": FormState.NOT_NEEDED,
    "02": FormState.WAIT_BUYER,
    "03": FormState.WAIT_SELLER,
    "04": FormState.CONFIRMED,
} | {str(code).zfill(2): FormState.VOID for code in range(5, 14)}
WAITING = frozenset({FormState.WAIT_BUYER, FormState.WAIT_SELLER})
CONFIRMED_WITHIN = timedelta(hours=72)
_FILES = {"pdf": "pdfUrl", "ofd": "ofdUrl", "xml": "xmlUrl"}
_FORM_NUMBER = re.compile(r"确认单编号[:：]\s*(\d{10,32})")
_MILLISECONDS = re.compile(r"\d{13}")


def own_row(rows: list[Row], serial: str) -> Row | None:
    """The row of our ``serial`` among those of a query for it; one that failed only where no other is there.

    Raises :class:`Unavailable` (``several_invoices``) where several stand under it, and ``ValueError`` for rows of others.
    """
    own = [row for row in rows if as_text(row.get("orderNo")) == serial]
    if len(own) < len(rows):
        raise ValueError("rows that were not asked for")
    standing = [row for row in own if STATES.get(as_text(row.get("status"))) is not InvoiceState.FAILED]
    if len({as_text(row.get("serialNo")) for row in standing}) > 1:
        raise Unavailable(
            _("Baiwang tells several invoices under our number {serial}").format(serial=serial),
            code="several_invoices",
            passing=False,
            hint=_("look at them in Baiwang's console: one may have to be reversed there"),
        )
    told = standing or own
    return told[-1] if told else None


def own_form(page: tuple[list[Row], bool], serial: str, form_serial: str) -> tuple[Row | None, bool]:
    """The form of our ``serial`` among those of a blue invoice, also by the number that was told when it was applied for.

    Beside it, whether there is surely no other: not where the page is not all, or a form does not tell whose it is.
    """
    rows, whole = page
    known = [row for row in rows if form_serial and as_text(row.get("redConfirmSerialNo")) == form_serial]
    own = [row for row in rows if as_text(row.get("orderNo")) == serial] or known
    return own[-1] if own else None, whole and all(as_text(row.get("orderNo")) for row in rows)


def told_of(row: Row) -> InvoiceTold | None:
    """What a row of a query tells; ``None`` for a state that nobody knows."""
    raw = as_text(row.get("status"))
    state = STATES.get(raw)
    if state is None:
        return None
    urls = {format_: as_text(row.get(member)) for format_, member in _FILES.items()}
    return InvoiceTold(
        state,
        raw,
        as_text(row.get("errorMessage")) or as_text(row.get("statusMessage")),
        as_text(row.get("serialNo")),
        as_text(row.get("digitInvoiceNo")) or as_text(row.get("invoiceNo")),
        as_text(row.get("invoiceCode")),
        moment(row.get("invoiceTime")),
        amount(row.get("invoiceTotalPrice")),
        amount(row.get("invoiceTotalTax")),
        amount(row.get("invoiceTotalPriceTax")),
        {format_: url for format_, url in urls.items() if url},
    )


def invoice_finding(row: Row | None) -> InvoiceFinding:
    """What a look after a blue invoice found."""
    if row is None:
        return InvoiceFinding(Evidence.ABSENT)
    told = told_of(row)
    return unknown_state(row) if told is None else InvoiceFinding.of_invoice(told)


def unknown_state(row: Row) -> InvoiceFinding:
    """It is there; how far it is cannot be made out."""
    reference = as_text(row.get("serialNo")) or as_text(row.get("redConfirmSerialNo"))
    return InvoiceFinding(
        Evidence.PRESENT, reference=reference, message=_("Baiwang tells a state of it that nobody knows")
    )


def form_told(row: Row, red: InvoiceTold | None) -> FormTold | None:
    """What a row of the form query tells; ``None`` for a state that nobody knows. The names of its members are those of the
    callback, and ``entryDate`` that of the line for enterprises: inferred."""
    raw = as_text(row.get("redConfirmStatus"))
    state = FORM_STATES.get(raw)
    if state is None:
        return None
    entered = moment(row.get("entryDate"))
    return FormTold(
        state,
        raw,
        as_text(row.get("redConfirmMessage")) or (red.message if red else ""),
        as_text(row.get("redConfirmSerialNo")),
        as_text(row.get("redConfirmNo")),
        entered + CONFIRMED_WITHIN if entered is not None and state in WAITING else None,
        red,
    )


def form_number(row: Row) -> str:
    """The bureau's number of the form, which the remark of a red invoice names."""
    found = _FORM_NUMBER.search(as_text(row.get("remarks")))
    return found[1] if found else ""


def amount(told: object) -> Decimal | None:
    """An amount in yuan, from text or number; ``None`` where it is none."""
    try:
        return yuan(told) if isinstance(told, Decimal) else yuan(as_text(told))
    except (ArithmeticError, ValueError):
        return None


def moment(told: object) -> datetime | None:
    """A time in China as text, or milliseconds since 1970; ``None`` where it is none."""
    text = as_text(told)
    try:
        if _MILLISECONDS.fullmatch(text):
            return datetime.fromtimestamp(int(text) // 1000, CHINA)
        return china_time(text)
    except (ArithmeticError, OSError, ValueError):
        return None
