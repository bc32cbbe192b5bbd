"""Spoils the looks after invoices of every command that is started with this folder on its path: what is not known counts as
absent, and is sent again without a look."""

from asctl.domain.actions import ActionState
from asctl.services import invoice_errands, reconciling
from asctl.services.errands import Ready
from asctl.services.outcomes import Outcome

reconciling.verdict = lambda *_seen: Outcome(ActionState.PLANNED)
invoice_errands._AtProvider.ready = lambda *_asked: Ready()  # type: ignore[method-assign]
