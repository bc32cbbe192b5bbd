"""What somebody owes about an invoice: a reissue, a talk with the buyer, a decision of finance (reference/invoices.md, 11)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal

from asctl.domain.invoices import Invoice
from asctl.domain.tasks import Task, TaskState
from asctl.services.tasks import BY_ITSELF
from asctl.store import tasks as stored_tasks
from asctl.store.opening import Transaction
from asctl.text import _

FAILED, NOT_SEALED, REISSUE = "invoice_failed", "invoice_not_sealed", "invoice_reissue"
CONFIRM, FINANCE, GIVE_BACK = "invoice_confirm", "invoice_finance", "invoice_give_back"
RETITLE = "invoice_retitle"
FORM_TERM = timedelta(hours=72)
REMINDED_AFTER = (timedelta(0), timedelta(hours=24), timedelta(hours=48), timedelta(hours=66))
"""When the buyer is reminded of a form that waits for him, from its beginning (section 11, cross rule 8)."""


def failed(tx: Transaction, invoice: Invoice, now: datetime) -> None:
    """A blue invoice was not issued."""
    why = _("the invoice of order {order} was not issued: {why}").format(order=invoice.order_id, why=_why(invoice))
    open_task(tx, invoice, FAILED, why, f"asctl invoice show {invoice.invoice}", now, f"attempt {invoice.attempt}")


def not_sealed(tx: Transaction, invoice: Invoice, now: datetime) -> None:
    """An invoice is issued, and its file is not sealed."""
    why = _("the invoice of order {order} is issued, but not sealed: have it tried again").format(
        order=invoice.order_id
    )
    open_task(tx, invoice, NOT_SEALED, why, f"asctl invoice issue {invoice.invoice} --yes", now)


def settled(tx: Transaction, invoice: Invoice, now: datetime) -> None:
    """What was owed about an invoice is done: it is issued, or called off."""
    _close(tx, invoice, (FAILED, NOT_SEALED, REISSUE, CONFIRM), now)


def reversal_failed(tx: Transaction, red: Invoice, now: datetime) -> None:
    """A red invoice will not come: its form is void, or was refused."""
    _close(tx, red, (CONFIRM,), now)
    why = _("the reversal {red} of {blue} (order {order}) came to nothing: {why}").format(
        red=red.invoice, blue=red.blue, order=red.order_id, why=_why(red)
    )
    open_task(tx, red, FINANCE, why, ask_anew(red), now)


def red_stuck(tx: Transaction, red: Invoice, message: str, now: datetime) -> None:
    """The form is good, and its red invoice was not issued: it is tried again there."""
    why = _(
        "the reversal {red} of {blue} (order {order}) is granted, and its red invoice was not issued: {why}"
    ).format(red=red.invoice, blue=red.blue, order=red.order_id, why=message or _("no reason was told"))
    open_task(tx, red, FAILED, why, f"asctl invoice issue {red.invoice} --yes", now, f"attempt {red.attempt}")


def ask_anew(red: Invoice) -> str:
    """The command that asks for a reversal once more which came to nothing."""
    return f"asctl invoice settle {red.rma} --yes" if red.rma else f"asctl invoice show {red.blue}"


def applied_again(tx: Transaction, red: Invoice, now: datetime) -> None:
    """The form lapsed, and another one is applied for: nobody has to decide."""
    _close(tx, red, (FINANCE,), now)


def reissue_due(tx: Transaction, blue: Invoice, red: Invoice, now: datetime) -> None:
    """The old invoice is reversed, and the customer has none until the new one is issued."""
    why = _("{red} reversed {old}; the new invoice of order {order} over {gross} is to be issued").format(
        red=red.invoice, old=red.blue, order=blue.order_id, gross=blue.gross
    )
    open_task(tx, blue, REISSUE, why, f"asctl invoice issue {blue.invoice} --yes", now)


def remind(tx: Transaction, red: Invoice, now: datetime) -> None:
    """The buyer has to confirm, within 72 hours: whoever reminds him is told at once, and three times more."""
    if red.form_deadline is None:
        return
    begun = red.form_deadline - FORM_TERM
    due = [step for step in REMINDED_AFTER if begun + step <= now] or [REMINDED_AFTER[0]]
    left = max(red.form_deadline - now, timedelta(0)) // timedelta(hours=1)
    why = _("the buyer of order {order} must confirm the reversal of {blue}: {left} hours are left; remind him").format(
        order=red.order_id, blue=red.blue, left=left
    )
    cause = f"form {red.serial} {due[-1] // timedelta(hours=1)}h"
    standing = [task for task in _open_tasks(tx, red) if task.kind == CONFIRM]
    if open_task(tx, red, CONFIRM, why, f"asctl invoice show {red.invoice}", now, cause):
        for task in standing:
            stored_tasks.close_task(tx, task.task, TaskState.DONE, BY_ITSELF, now, cause)


def retitled(tx: Transaction, invoice: Invoice, now: datetime) -> None:
    """The title that the customer asked for is on its way."""
    _close(tx, invoice, (RETITLE,), now)


def reversed_after_all(tx: Transaction, failed: Collection[Invoice], now: datetime) -> None:
    """What earlier reversals of the same invoice could not do is done."""
    for red in failed:
        _close(tx, red, (FINANCE,), now)


def sums_differ(
    tx: Transaction, invoice: Invoice, net: Decimal | None, tax: Decimal | None, gross: Decimal | None, now: datetime
) -> None:
    """The provider issued other sums than it was handed."""
    why = _("{number} is issued over {net} + {tax} = {gross}, and was asked for over {ours}").format(
        number=invoice.number or invoice.invoice,
        net=net,
        tax=tax,
        gross=gross,
        ours=f"{invoice.net} + {invoice.tax} = {invoice.gross}",
    )
    open_task(tx, invoice, FINANCE, why, f"asctl invoice show {invoice.invoice}", now, "sums")


def ask_finance(tx: Transaction, invoice: Invoice, why: str, now: datetime, cause: str) -> None:
    """Only finance can decide."""
    open_task(tx, invoice, FINANCE, why, f"asctl invoice show {invoice.invoice}", now, cause)


def facts_wanted(tx: Transaction, invoice: Invoice, rma: str, why: str, now: datetime) -> None:
    """A case was held until its invoice stands, and cannot be decided as it was told."""
    told = _("{rma} is to be settled by now, and somebody has to say more: {why}").format(rma=rma, why=why)
    open_task(tx, invoice, FINANCE, told, f"asctl invoice settle {rma} --yes", now, f"facts {rma}")


def give_back(tx: Transaction, invoice: Invoice, rma: str, now: datetime) -> None:
    """The paper original came with the goods to repair, and goes back with them (R23)."""
    why = _("send the paper original of invoice {number} back with the repaired goods of {rma}").format(
        number=invoice.number or invoice.invoice, rma=rma
    )
    open_task(tx, invoice, GIVE_BACK, why, f"asctl rma show {rma}", now, rma)


def open_task(
    tx: Transaction, invoice: Invoice, kind: str, why: str, next_: str, now: datetime, cause: str = "once"
) -> bool:
    """Open a follow-up, once for each cause; returns whether it is new."""
    return stored_tasks.open_task(
        tx,
        Task(
            task=stored_tasks.next_task_id(tx), kind=kind, subject=_subject(invoice), cause=cause, due_at=now,
            opened_at=now, automatic=True, shop=invoice.shop, order_id=invoice.order_id, rma=invoice.rma, why=why,
            next=next_,
        ),
    )  # fmt: skip


def _close(tx: Transaction, invoice: Invoice, kinds: Collection[str], now: datetime) -> None:
    for task in _open_tasks(tx, invoice):
        if task.kind in kinds:
            stored_tasks.close_task(tx, task.task, TaskState.DONE, BY_ITSELF, now, invoice.state.value)


def _open_tasks(tx: Transaction, invoice: Invoice) -> list[Task]:
    found = stored_tasks.tasks_of(tx, [_subject(invoice)]).get(_subject(invoice), ())
    return [task for task in found if task.state is TaskState.OPEN]


def _subject(invoice: Invoice) -> str:
    return f"invoice {invoice.invoice}"


def _why(invoice: Invoice) -> str:
    return invoice.message or invoice.error_code or _("no reason was told")
