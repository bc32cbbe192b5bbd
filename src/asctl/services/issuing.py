"""Working the queue of invoices (R107): what became of those under way is asked first, then what is due is sent, in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, repeat

from asctl.domain.actions import INVOICING, Action, ActionState, Wanted
from asctl.domain.errors import AsctlError, BadInput, Refused
from asctl.domain.invoices import FORM_WAITS, OVER, UNDER_WAY, Colour, Invoice, InvoiceState
from asctl.services import books
from asctl.services.books import NOT_ISSUED
from asctl.services.budget import Budget
from asctl.services.desk import Desk
from asctl.services.finding_invoices import find_invoice
from asctl.services.handing_over import handing_over, to_hand_over
from asctl.services.invoice_tasks import ask_anew
from asctl.services.invoicing import check_blue, sending_of
from asctl.services.mending import mend
from asctl.services.open_cases import check_nothing_open, what_it_waits_for
from asctl.services.parallel import work_through
from asctl.services.reconciling import Looked, Reconciler
from asctl.store import actions as stored_actions
from asctl.store import invoices as stored_invoices
from asctl.store.action_lists import ActionFilter, list_actions
from asctl.store.invoices import InvoiceFilter
from asctl.text import _

ASKED_AFTER = tuple(timedelta(seconds=seconds) for seconds in (3, 5, 10))
"""An invoice is issued within seconds; its provider asks not to be asked sooner (reference/invoices.md section 5.7)."""
_RETRIED = frozenset({InvoiceState.FAILED, InvoiceState.SEAL_FAILED})


@dataclass(frozen=True, slots=True)
class Due:
    """An invoice of the books that may be sent now, tried again, or handed over (``hand_over``)."""

    invoice: Invoice
    hand_over: bool = False


def refresh(desk: Desk, jobs: int, budget: Budget) -> Iterator[Invoice | AsctlError]:
    """Ask what became of the invoices under way, and take further what needs nobody; yields each that has come to an end, and what
    stood in the way of another."""
    reconciler = Reconciler(desk, jobs, budget)
    reconciler.sweep()
    for looked in _looked(desk, reconciler, jobs, budget):
        if looked.error is not None:
            yield looked.error
        with desk.store.read() as tx:
            standing = stored_invoices.get_invoice(tx, str(looked.action.payload["invoice"]))
        if standing is not None and standing.state not in UNDER_WAY:
            yield standing
    yield from mend(desk)


def under_way(desk: Desk) -> list[str]:
    """The numbers of the invoices that are being issued, and by nobody's leave."""
    wanted = InvoiceFilter(states=UNDER_WAY)
    with desk.store.read() as tx:
        return [each.invoice for each in stored_invoices.list_invoices(tx, wanted) if each.form_state not in FORM_WAITS]


def due_invoices(desk: Desk, named: Sequence[str] = (), shop: str = "") -> list[Due]:
    """What is to be sent, in the order in which it shall be: what stands in the queue, but for applications whose order has an open
    case, then what is to be handed to the marketplace; or what was named."""
    if named:
        return [Due(find_invoice(desk, text, shop)) for text in named]
    with desk.store.read() as tx:
        free = [each for each in stored_invoices.queue(tx) if not what_it_waits_for(tx, each)]
    return [*map(Due, free), *(Due(each, hand_over=True) for each in to_hand_over(desk))]


def sending_due(desk: Desk, due: Due, rehearse: bool = False) -> Wanted:
    """The write for one of them. Raises :class:`Refused` where it cannot be sent now, with why; :class:`BadInput` for what no
    provider would take: that leaves the queue, so that it holds up nobody, unless this is a rehearsal."""
    if due.hand_over:
        return handing_over(desk, due.invoice)
    invoice = due.invoice
    if invoice.state is not InvoiceState.QUEUED and not _may_be_retried(invoice):
        raise _not_due(invoice)
    if invoice.colour is Colour.BLUE:
        check_nothing_open(desk, invoice)
        try:
            check_blue(desk, invoice)
        except BadInput as error:
            if not rehearse:
                _set_aside(desk, invoice, error)
            raise
    return sending_of(desk, invoice)


def left_waiting(desk: Desk) -> int:
    """How many applications wait until the case of their order is settled."""
    with desk.store.read() as tx:
        return sum(what_it_waits_for(tx, each) is not None for each in stored_invoices.queue(tx))


def wait_for(desk: Desk, numbers: Sequence[str], until: datetime, budget: Budget) -> None:
    """Ask about these invoices until all of them stand, the time is over, or the run is stopped. A form that waits for its buyer is
    not waited for."""
    reconciler = Reconciler(desk, 1, budget)
    for gap in chain(ASKED_AFTER, repeat(ASKED_AFTER[-1])):
        asked = _writes_of(desk, numbers)
        now = desk.clock.now()
        if not asked or now >= until or budget.over:
            return
        desk.clock.sleep(min(gap, until - now) / timedelta(seconds=1))
        if desk.clock.now() == now:
            return
        for action in asked:
            if budget.over:
                return
            reconciler.look(action)


def _writes_of(desk: Desk, numbers: Sequence[str]) -> list[Action]:
    """The writes of those that are being issued, and not by somebody's leave."""
    with desk.store.read() as tx:
        standing = stored_invoices.get_invoices(tx, numbers).values()
        open_ones = [each for each in standing if each.state in UNDER_WAY and each.form_state not in FORM_WAITS]
        actions = stored_actions.get_actions(tx, [each.action for each in open_ones if each.action])
    return [each for each in actions.values() if each.state in (ActionState.DONE, ActionState.UNCLEAR)]


def _looked(desk: Desk, reconciler: Reconciler, jobs: int, budget: Budget) -> Iterator[Looked]:
    now = desk.clock.now()
    with desk.store.read() as tx:
        unclear = ActionFilter(kinds=INVOICING, states=frozenset({ActionState.UNCLEAR}))
        accepted = ActionFilter(kinds=INVOICING, states=frozenset({ActionState.DONE}), effect="accepted")
        found = [*list_actions(tx, unclear), *list_actions(tx, accepted)]
    due = [each for each in found if each.next_look_at is not None and each.next_look_at <= now]
    for action, result in work_through(due, reconciler.look, jobs, budget):
        if isinstance(result, AsctlError):
            yield Looked(action, result)
        elif result is not None:
            yield result


def _may_be_retried(invoice: Invoice) -> bool:
    """A blue one that failed or was not sealed; a red one whose form is good, and which was not issued."""
    if invoice.colour is Colour.BLUE:
        return invoice.state in _RETRIED
    return invoice.state is InvoiceState.ISSUING and invoice.error_code == NOT_ISSUED


def _set_aside(desk: Desk, invoice: Invoice, error: BadInput) -> None:
    with desk.store.write() as tx:
        news = {"state": InvoiceState.FAILED, "error_code": error.code, "message": error.message}
        books.change(tx, invoice, desk.clock.now(), **news)


def _not_due(invoice: Invoice) -> Refused:
    hint = {
        InvoiceState.WAITING: _("it is sent once the red invoice {red} is issued: asctl invoice issue --yes"),
        InvoiceState.SENDING: _(
            "what became of it is asked with: asctl invoice issue --yes, or asctl action reconcile"
        ),
        InvoiceState.ISSUING: _("what became of it is asked with: asctl invoice issue --yes"),
        InvoiceState.FAILED: _("a reversal that came to nothing is asked for anew: {again}"),
    }.get(invoice.state, _("see: asctl invoice show {invoice}"))
    return Refused(
        _("{invoice} is {state}; there is nothing to send").format(invoice=invoice.invoice, state=invoice.state.value),
        code="over" if invoice.state in OVER else "not_queued",
        hint=hint.format(red=invoice.after, invoice=invoice.invoice, again=ask_anew(invoice)),
    )
