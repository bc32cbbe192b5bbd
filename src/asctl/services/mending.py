"""What of the invoices goes on by itself: forms that lapsed are applied for again, what was held is decided, buyers are reminded
(reference/invoices.md section 11, cross rules 1 and 8)."""

from __future__ import annotations

from collections.abc import Iterator

from asctl.domain.errors import AsctlError, BadInput, Refused, StoreTrouble
from asctl.domain.invoices import FORM_EXPIRED, Colour, FormState, Invoice, InvoiceState, Scope
from asctl.domain.settlements import Standing, Step
from asctl.services import invoice_tasks
from asctl.services.desk import Desk
from asctl.services.renewing import renew
from asctl.services.settling import partial_refused, settle_again
from asctl.store import invoices as stored_invoices
from asctl.store import settlements as stored_settlements
from asctl.store.invoices import InvoiceFilter
from asctl.store.settlements import Settlement

MOST_FORMS = 3
"""A form that nobody confirms is applied for so often in all."""
_PARTIAL = ((Step.REVERSE_GOODS,), (Step.REVERSE_AMOUNT,))


def mend(desk: Desk) -> Iterator[AsctlError]:
    """Take each matter further that needs nobody; yields what stood in the way of one. What must be sent is queued."""
    now = desk.clock.now()
    with desk.store.write() as tx:
        for waiting in stored_invoices.forms_waiting(tx):
            if waiting.form_state is FormState.WAIT_BUYER:
                invoice_tasks.remind(tx, waiting, now)
    for red in _failed_reversals(desk):
        if red.form_raw == FORM_EXPIRED and red.attempt < MOST_FORMS:
            try:
                with desk.store.write() as tx:
                    renew(tx, red, now)
            except Refused as error:
                yield error
    yield from _fall_back(desk)
    yield from _decide_held(desk)


def _failed_reversals(desk: Desk) -> list[Invoice]:
    wanted = InvoiceFilter(states=frozenset({InvoiceState.FAILED}))
    with desk.store.read() as tx:
        return [each for each in stored_invoices.list_invoices(tx, wanted) if each.colour is Colour.RED]


def _fall_back(desk: Desk) -> Iterator[AsctlError]:
    """Where a part was tried and refused, the whole is reversed, and the rest billed anew (section 2.4)."""
    for red in _failed_reversals(desk):
        if red.scope is not Scope.PARTIAL or (red.form_state is not FormState.APPLY_FAILED and red.form_raw):
            continue
        with desk.store.read() as tx:
            settlement = stored_settlements.get_settlement(tx, red.rma) if red.rma else None
        unused = settlement is not None and settlement.standing in (Standing.ORDINARY, Standing.SPECIAL)
        if settlement is not None and unused and settlement.cell in _PARTIAL:
            try:
                partial_refused(desk, settlement)
            except StoreTrouble:
                raise
            except AsctlError as error:
                yield error


def _decide_held(desk: Desk) -> Iterator[AsctlError]:
    with desk.store.read() as tx:
        held = stored_settlements.held_settlements(tx)
    for settlement in held:
        try:
            settle_again(desk, settlement)
        except StoreTrouble:
            raise
        except (BadInput, Refused) as error:
            _ask_for_facts(desk, settlement, error)
        except AsctlError as error:
            yield error


def _ask_for_facts(desk: Desk, settlement: Settlement, error: AsctlError) -> None:
    """Somebody must say more about a case that was held; he is asked once, not by every run."""
    with desk.store.write() as tx:
        blue = stored_invoices.sale_of_order(tx, settlement.shop, settlement.order_id)
        if blue is not None:
            invoice_tasks.facts_wanted(tx, blue, settlement.rma, error.message, desk.clock.now())
