"""What an answer, or the lack of one, means for an action: done, refused, surely nothing, or not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from asctl.capabilities.shipping import Submission
from asctl.capabilities.writes import Effect
from asctl.domain.actions import SLOW_KINDS, Action, ActionKind, ActionState
from asctl.domain.errors import (
    AsctlError,
    BadConfiguration,
    BadInput,
    CredentialsRefused,
    NeedsApproval,
    NotFound,
    NotOffered,
    Refused,
    Stale,
    Throttled,
    Unavailable,
)
from asctl.store.opening import Transaction
from asctl.transport import never_left

_NOTHING_DONE = (Throttled, CredentialsRefused, BadConfiguration, NotOffered)
_TURNED_DOWN = (Refused, BadInput, NotFound, Stale)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where an action goes from here. ``error`` is told to the operator and kept on record.

    ``learned`` writes into the store what the far side told besides, in the transaction of the outcome; ``shown`` are more
    fields for the operator's record.
    """

    state: ActionState
    effect: str = ""
    reference: str = ""
    fee: Decimal | None = None
    message: str = ""
    error: AsctlError | None = None
    learned: Callable[[Transaction], None] | None = None
    shown: Mapping[str, object] = field(default_factory=dict)

    def news(self, action: Action) -> dict[str, object]:
        """The columns that change. What an earlier attempt learned is kept where this one learned nothing."""
        return {
            "effect": self.effect or action.effect,
            "reference": self.reference or action.reference,
            "fee": self.fee if self.fee is not None else action.fee,
            "message": self.message,
            **error_columns(self.error),
        }


def error_columns(error: AsctlError | None) -> dict[str, object]:
    """An error as an action keeps it; its message is redacted already."""
    return {
        "error_family": error.family if error else "",
        "error_code": error.code if error else "",
        "error_message": error.message if error else "",
        "refusal": error.reason if isinstance(error, Refused) else "",
        "upstream_code": error.upstream_code if error else "",
    }


def accepted(kind: ActionKind, submission: object) -> Outcome:
    """The far side said yes: for a slow kind that is not yet the effect."""
    told = submission if isinstance(submission, Submission) else Submission()
    return Outcome(ActionState.DONE, usual_effect(kind), told.reference, told.fee, told.message)


def usual_effect(kind: ActionKind) -> str:
    """What a yes of the far side means at first."""
    if kind is ActionKind.CANCEL_INTERCEPTION:
        return Effect.CANCELLED.value
    return (Effect.ACCEPTED if kind in SLOW_KINDS else Effect.EFFECTIVE).value


def failed(error: AsctlError) -> Outcome:
    """What an error of a send means. Only a clear no, or a call that surely never arrived, is not *unclear*."""
    if isinstance(error, NeedsApproval):
        return Outcome(ActionState.NEEDS_PERSON, error=error)
    if never_left(error) or isinstance(error, _NOTHING_DONE):
        return Outcome(ActionState.PLANNED, error=error)
    if isinstance(error, _TURNED_DOWN):
        return Outcome(ActionState.REFUSED, error=error)
    return Outcome(ActionState.UNCLEAR, error=error)


def stops_account(error: AsctlError | None) -> bool:
    """Whether the next send of the same account would fare alike, so that it is not begun."""
    if isinstance(error, Throttled):
        return error.whole_account
    return isinstance(error, CredentialsRefused | BadConfiguration | NotOffered)


def looks_down(error: AsctlError | None) -> bool:
    """Whether an error is one of those that a far side in trouble gives again and again."""
    return isinstance(error, Unavailable) or (error is not None and error.family == "unclear")
