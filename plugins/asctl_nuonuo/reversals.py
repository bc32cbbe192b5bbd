"""Reversals: the form that is applied for, and the red invoice that comes of it (sections 2.1, 2.2 and 5.8)."""

from __future__ import annotations

from typing import Any

from asctl.api import (
    BadInput,
    Evidence,
    InvoiceFinding,
    InvoiceTold,
    NotFound,
    Refused,
    Reversal,
    Submission,
    Unavailable,
    as_text,
)
from asctl.api import translate as _
from asctl_nuonuo.client import Client, Question
from asctl_nuonuo.documents import Terms, red_form
from asctl_nuonuo.errors import submission_error
from asctl_nuonuo.mapping import RED, read_form, read_invoice, red_is_there, there, unknown_state, waits
from asctl_nuonuo.queries import invoices, under
from asctl_nuonuo.wire import APPLY, FORMS, REFRESH, SELLER, form_rows, form_serial

_OF_THE_QUESTION = (Refused, BadInput, NotFound, Unavailable)


class Reversals:
    """Reverses invoices; thread-safe."""

    def __init__(self, client: Client, terms: Terms) -> None:
        self._client = client
        self._terms = terms

    def apply(self, request: Reversal) -> Submission:
        """Apply for a form; for digital invoices its red invoice follows without another call. A write."""
        question = Question(
            APPLY,
            red_form(request, self._terms),
            form_serial,
            request.serial,
            request.seller.tax_id,
            write=True,
            complain=submission_error,
        )
        return Submission(reference=self._client.ask(question))

    def find(self, request: Reversal) -> InvoiceFinding:
        """Form and red invoice under our number. Raises the read families."""
        forms = self._forms(request)
        if any(waits(form) and self._synced(form, request) for form in forms):
            forms = self._forms(request)
        if not forms:
            return InvoiceFinding(Evidence.ABSENT)
        if len(forms) > 1:
            return there(_("Nuonuo has {count} forms under one number").format(count=len(forms)))
        (form,) = forms
        told = read_form(form, self._red(form, request) if red_is_there(form) else None)
        return there(unknown_state(as_text(form.get("billStatus")))) if told is None else InvoiceFinding.of_form(told)

    def _forms(self, request: Reversal) -> list[dict[str, Any]]:
        content = {"identity": SELLER, "billId": request.serial, "pageNo": "1", "pageSize": "10"}
        question = Question(FORMS, content, form_rows, request.serial, request.seller.tax_id)
        try:
            return under(self._client.ask(question), "billId", request.serial)
        except NotFound:
            return []

    def _synced(self, form: dict[str, Any], request: Reversal) -> bool:
        """Have Nuonuo ask the tax bureau: of a form that waits for somebody it knows only what it asked last. What was read before
        holds where it cannot."""
        content = {"identity": SELLER, "billUuid": as_text(form.get("billUuid"))}
        if self._terms.extension:
            content["extensionNumber"] = self._terms.extension
        question = Question(REFRESH, content, lambda _told: True, request.serial, request.seller.tax_id)
        try:
            return self._client.ask(question)
        except _OF_THE_QUESTION:
            return False

    def _red(self, form: dict[str, Any], request: Reversal) -> InvoiceTold | None:
        """The red invoice as a query tells it; the form's own word that it is issued counts for nothing."""
        serial = as_text(form.get("invoiceSerialNum"))
        asked = {"serialNos": [serial]} if serial else {"orderNos": [request.serial]}
        rows = invoices(self._client, asked, request.serial, request.seller.tax_id)
        rows = under(rows, "serialNo", serial) if serial else under(rows, "orderNo", request.serial)
        if len(rows) != 1 or as_text(rows[0].get("invoiceType")) not in ("", RED):
            return None
        return read_invoice(rows[0])
