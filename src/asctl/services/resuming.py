"""Batches finished later: what a crash, a signal or a limit left is sent, and what followed from the rows."""

from __future__ import annotations

from collections.abc import Iterator, Set

from asctl.domain.actions import OPEN_STATES, UNSETTLED_STATES, Family
from asctl.domain.errors import NotFound
from asctl.services.budget import Budget
from asctl.services.desk import Desk
from asctl.services.journal import Journal, unsettled
from asctl.services.sending import Sender, Sent, at_work
from asctl.store import action_lists as stored_lists
from asctl.store import batches as stored_batches
from asctl.store.action_lists import ActionFilter
from asctl.store.batches import Batch
from asctl.text import _


def resume(desk: Desk, number: str, jobs: int, budget: Budget) -> Iterator[Sent]:
    """Send what of a batch is still planned, its remarks too; yields each action as it stands then.

    What is unclear stays so, and is told as such: reconciling is for that. Raises :class:`NotFound`, :class:`LockHeld`,
    :class:`StoreTrouble`.
    """
    batch = find_batch(desk, number)
    journal = Journal(desk)
    with desk.store.read() as tx:
        left = list(stored_lists.list_actions(tx, ActionFilter(states=OPEN_STATES, batch=batch.batch)))
    with at_work(desk, journal, {(action.account, action.family) for action in left}):
        with desk.store.read() as tx:
            planned = stored_lists.planned_in(tx, batch.batch)
        # A drawer issues one invoice after the other, in their order.
        at_once = 1 if any(action.family is Family.INVOICE for action in planned) else jobs
        yield from Sender(desk, journal, at_once, budget).send(planned)
        yield from follow_up(desk, journal, {batch.batch}, jobs, budget, {action.action for action in planned})
        yield from _in_doubt(desk, batch.batch, {action.action for action in planned})


def find_batch(desk: Desk, number: str) -> Batch:
    """A batch by its number. Raises :class:`NotFound`, :class:`BadInput`."""
    with desk.store.read() as tx:
        batch = stored_batches.get_batch(tx, number)
    if batch is None:
        raise NotFound(
            _("there is no batch {number}").format(number=number[:20]),
            code="unknown_batch",
            hint=_("see: asctl batch list"),
        )
    return batch


def follow_up(
    desk: Desk, journal: Journal, batches: Set[str], jobs: int, budget: Budget, tried: Set[str] = frozenset()
) -> Iterator[Sent]:
    """Send what followed from the rows of batches, such as remarks, until nothing new is planned; not what was ``tried``.
    What followed in an earlier batch may be what a kill left, although its rows are done."""
    seen = set(tried)
    while not budget.over:
        with desk.store.read() as tx:
            new = [action for action in stored_lists.followed_from(tx, batches) if action.action not in seen]
        if not new:
            return
        seen |= {action.action for action in new}
        yield from Sender(desk, journal, jobs, Budget(stopped=lambda: bool(budget.over))).send(new)


def _in_doubt(desk: Desk, batch: str, told: Set[str]) -> Iterator[Sent]:
    """What of a batch's rows is not settled, but for ``told`` ones: nobody shall take it for finished."""
    with desk.store.read() as tx:
        rows = [action for _item, action in stored_batches.items_of(tx, batch) if action is not None]
    for action in rows:
        if action.state in UNSETTLED_STATES and action.action not in told:
            yield Sent(action, unsettled(action))
