"""Spoils the journal of every command that is started with this folder on its path: what a dead run was sending is planned
again at once."""

from asctl.domain.actions import Action, ActionState, Family
from asctl.services import journal
from asctl.services.outcomes import Outcome
from asctl.store.action_lists import swept


def _sweep(self: journal.Journal, account: str, family: Family) -> list[Action]:
    return self._commits.do(
        lambda tx: [
            journal.settle(tx, self._desk, action, Outcome(ActionState.PLANNED))
            for action in swept(tx, account, family)
        ]
    )


journal.Journal.sweep = _sweep  # type: ignore[method-assign]
