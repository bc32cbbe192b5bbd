"""Their shapes (sections 5.4 to 5.8): one envelope, and results of several kinds in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asctl.api import as_text

OK = "E0000"
_FAMILY = "nuonuo.OpeMplatform."
ISSUE = _FAMILY + "requestBillingNew"
QUERY = _FAMILY + "queryInvoiceResult"
RETRY = _FAMILY + "reInvoice"
APPLY = _FAMILY + "saveInvoiceRedConfirm"
FORMS = _FAMILY + "queryInvoiceRedConfirm"
REFRESH = _FAMILY + "refreshInvoiceRedConfirm"
DELIVER = _FAMILY + "deliveryInvoice"

SELLER = "0"
"""Who asks about a red-letter form, or applies for one: the seller."""

_LONGEST_CODE = 6


def code_of(value: object) -> str:
    """A code as text; as a number it has lost its leading zero."""
    code = as_text(value)
    return code.zfill(_LONGEST_CODE) if code.isdecimal() else code


def invoice_serial(envelope: Mapping[str, object]) -> str:
    """Nuonuo's number of an invoice that was accepted. ``ValueError`` where none is told."""
    result = envelope.get("result")
    return _told(result.get("invoiceSerialNum") if isinstance(result, dict) else None)


def form_serial(envelope: Mapping[str, object]) -> str:
    """The number of an application for a red-letter form: bare text. ``ValueError`` where none is told."""
    return _told(envelope.get("result"))


def invoice_rows(envelope: Mapping[str, object]) -> list[dict[str, Any]]:
    """The invoices of a query. ``ValueError`` for anything but a list of records."""
    return _records(envelope.get("result"))


def form_rows(envelope: Mapping[str, object]) -> list[dict[str, Any]]:
    """The forms of a query: their table shows the list one level above where it was seen. ``ValueError`` as for invoices."""
    result = envelope.get("result")
    return _records(result.get("list") if isinstance(result, dict) else envelope.get("list"))


def _told(value: object) -> str:
    text = as_text(value)
    if not text:
        raise ValueError("no number")
    return text


def _records(value: object) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise ValueError("no list of records")
    return value
