"""Spoils the numbers of invoices in every command that is started with this folder on its path: each attempt draws one of its
own, and is made without a look after the attempt before it."""

from dataclasses import replace
from typing import Any

from asctl.domain.actions import Action, ActionState
from asctl.services import invoice_errands, reconciling
from asctl.services.errands import Ready
from asctl.services.outcomes import Outcome

_request: Any = invoice_errands._AtProvider.request


def _numbered_anew(self: invoice_errands._AtProvider, action: Action) -> object:
    request = _request(self, action)
    return replace(request, serial=f"{request.serial[:-2]}{action.attempt:02d}")


reconciling.verdict = lambda *_seen: Outcome(ActionState.PLANNED)
invoice_errands._AtProvider.ready = lambda *_asked: Ready()  # type: ignore[method-assign]
invoice_errands._AtProvider.request = _numbered_anew  # type: ignore[method-assign]
