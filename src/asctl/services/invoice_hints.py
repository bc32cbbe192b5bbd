"""Callbacks of invoice providers: hints, which nobody signs; what they tell is asked for before it is believed
(reference/invoices.md sections 5.12 and 6.8)."""

from __future__ import annotations

from collections.abc import Iterable

from asctl.domain.actions import Action, ActionState
from asctl.domain.errors import AsctlError
from asctl.services.budget import Budget
from asctl.services.desk import Desk
from asctl.services.reconciling import Reconciler
from asctl.store import actions as stored_actions
from asctl.store import invoices as stored_invoices
from asctl.store.opening import Transaction


def confirm(desk: Desk, account: str, references: Iterable[str]) -> tuple[list[Action], AsctlError | None]:
    """Ask about each invoice of the account that a callback named; returns the writes that came to their end by that, and why one
    could not be asked about. What nobody knows, or is settled by now, is nothing to ask for. What could not be asked is asked
    soon."""
    reconciler = Reconciler(desk, 1, Budget())
    settled: list[Action] = []
    trouble: AsctlError | None = None
    for reference in dict.fromkeys(each for each in references if each):
        with desk.store.write() as tx:
            action = _waiting(tx, desk, account, reference)
        if action is None:
            continue
        looked = reconciler.look(action)
        trouble = trouble or looked.error
        if (looked.action.state, looked.action.effect) != (action.state, action.effect):
            settled.append(looked.action)
    return settled, trouble


def _waiting(tx: Transaction, desk: Desk, account: str, reference: str) -> Action | None:
    """The write of that invoice, where something is still to be known of it; it is due from now on."""
    invoice = stored_invoices.by_serial(tx, account, reference)
    action = stored_actions.get_action(tx, invoice.action) if invoice and invoice.action else None
    if action is None:
        return None
    if action.state is ActionState.UNCLEAR or (action.state is ActionState.DONE and action.effect == "accepted"):
        return stored_actions.change(tx, action, action.state, {"next_look_at": desk.clock.now()})
    return None
