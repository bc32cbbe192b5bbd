"""Looking after a red invoice: its own state, and the form before it (sections 6.8 and 6.11)."""

from __future__ import annotations

from asctl.api import (
    AsctlError,
    Evidence,
    FormState,
    FormTold,
    InvoiceFinding,
    InvoiceState,
    InvoiceTold,
    Logger,
    Reversal,
    as_text,
)
from asctl_baiwang.mapping import FORM_STATES, WAITING, form_number, form_told, told_of, unknown_state
from asctl_baiwang.queries import Queries
from asctl_baiwang.wire import Row

_OPEN = frozenset({InvoiceState.ISSUING, InvoiceState.FAILED})
_THROUGH = frozenset({FormState.NOT_NEEDED, FormState.CONFIRMED})


class Reversals:
    """Looks after reversals. ``fastRed`` answers with a serial of the form, which is neither an invoice nor the form's number:
    the red invoice is looked for under our own serial."""

    def __init__(self, queries: Queries, log: Logger) -> None:
        self._queries = queries
        self._log = log

    def find(self, request: Reversal) -> InvoiceFinding:
        """What became of a reversal, whether or not the serial of its form is known. Raises any read family."""
        row = self._queries.invoice(request.seller.tax_id, request.serial)
        red = None if row is None else told_of(row)
        if row is not None and red is None:
            return unknown_state(row)
        if row is not None and red is not None and red.state not in _OPEN:
            return InvoiceFinding.of_form(self._issued(request, row, red))
        form, sure = self._form(request)
        if form is None:
            return _without_form(request, red, sure)
        found = form_told(form, red)
        return unknown_state(form) if found is None else InvoiceFinding.of_form(found)

    def _issued(self, request: Reversal, row: Row, red: InvoiceTold) -> FormTold:
        """A red invoice that is there has the last word: its form only tells whether somebody had to confirm it."""
        try:
            form, _sure = self._form(request)
        except AsctlError as error:
            self._log.warning("the form of %s cannot be looked at: %s", request.serial, error.code)
            form = None
        found = None if form is None else form_told(form, red)
        if found is not None and found.state in _THROUGH:
            return found
        return FormTold(FormState.NONE, "", red.message, request.reference, form_number(row), red=red)

    def _form(self, request: Reversal) -> tuple[Row | None, bool]:
        """The form; one that waits for somebody as the bureau has it by now."""
        form, sure = self._queries.form(request)
        if form is None or FORM_STATES.get(as_text(form.get("redConfirmStatus"))) not in WAITING:
            return form, sure
        self._queries.download(request, form)
        downloaded, sure = self._queries.form(request)
        return downloaded or form, sure


def _without_form(request: Reversal, red: InvoiceTold | None, sure: bool) -> InvoiceFinding:
    """No form is ours. Others that do not say whose they are leave it open; a red invoice that failed without one was never
    applied for."""
    if red is None:
        return InvoiceFinding(Evidence.ABSENT if sure else Evidence.UNKNOWN)
    failed = sure and red.state is InvoiceState.FAILED
    state = FormState.APPLY_FAILED if failed else FormState.NONE
    return InvoiceFinding.of_form(FormTold(state, message=red.message, reference=request.reference, red=red))
