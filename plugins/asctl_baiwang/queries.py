"""What Baiwang is asked: invoices and forms, as its rows (sections 6.5 and 6.8)."""

from __future__ import annotations

from asctl.api import BadInput, Context, NotFound, Refused, Reversal, as_text, china_text
from asctl_baiwang.bodies import Bodies, query, stored_forms
from asctl_baiwang.client import Client
from asctl_baiwang.errors import NO_SUCH_INVOICE
from asctl_baiwang.mapping import own_form, own_row
from asctl_baiwang.wire import FORMS, QUERY, Row, page_in, rows_in


class Queries:
    """Asks; nothing is changed."""

    def __init__(self, context: Context, client: Client, bodies: Bodies) -> None:
        self._clock = context.clock
        self._log = context.log
        self._client = client
        self._bodies = bodies

    def invoice(self, tax_id: str, serial: str) -> Row | None:
        """The invoice of our ``serial``, blue or red; ``None`` where there is none. Raises any read family."""
        try:
            return self._client.ask(
                QUERY, query(tax_id, serial), serial, lambda told: own_row(rows_in(told["response"]), serial)
            )
        except NotFound as error:
            if error.code != NO_SUCH_INVOICE:
                raise
            return None

    def form(self, request: Reversal) -> tuple[Row | None, bool]:
        """The form of a reversal as Baiwang has it, and whether there is surely no other that may be it. Raises any read
        family."""
        try:
            return self._client.ask(
                FORMS,
                stored_forms(request),
                request.blue_number,
                lambda told: own_form(page_in(told["response"]), request.serial, request.reference),
            )
        except NotFound as error:
            if error.code != NO_SUCH_INVOICE:
                raise
            return None, True

    def download(self, request: Reversal, form: Row) -> None:
        """Have Baiwang ask the bureau how a form stands, since it only knows what it downloaded last. Where it will not, what
        it knows still counts. Raises the families of the account and :class:`Unavailable`."""
        form_serial = as_text(form.get("redConfirmSerialNo"))
        today = china_text(self._clock.now())[:10]
        try:
            self._client.ask(
                FORMS, self._bodies.download(request, form_serial, today), request.serial, lambda _told: None
            )
        except (BadInput, NotFound, Refused) as error:
            self._log.warning("the form of %s was not downloaded: %s", request.serial, error.code)
