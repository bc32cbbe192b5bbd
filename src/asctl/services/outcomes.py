"""What an answer, or the lack of one, means for an action: done, refused, surely nothing, or not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from asctl.capabilities.shipping import Submission
from asctl.capabilities.writes import Effect, Finding
from asctl.domain.actions import SLOW_KINDS, TAKING_BACK, Action, ActionKind, ActionState
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
    Unclear,
)
from asctl.domain.identifiers import storable
from asctl.domain.masking import mask_numbers
from asctl.domain.refusals import RefusalReason
from asctl.store.opening import Transaction
from asctl.text import _
from asctl.transport import never_left

_NOTHING_DONE = (Throttled, CredentialsRefused, BadConfiguration, NotOffered)
REST = timedelta(minutes=1)
"""How long an account rests that was told to call less often, and not for how long."""
_OF_THE_ACCOUNT = (RefusalReason.RATE_LIMITED, RefusalReason.SIGN_ERROR)
_TURNED_DOWN = (Refused, BadInput, NotFound, Stale)


Lesson = Callable[[Transaction, datetime], object]
"""Writes into the store what the far side told besides; called with the moment at which it was told."""


@dataclass(frozen=True, slots=True)
class Seen(Finding):
    """A finding that taught more: ``learned`` writes it into the store, in the transaction of the outcome."""

    learned: Lesson | None = None


def lesson_of(finding: Finding) -> Lesson | None:
    """What a finding taught besides, if it did."""
    return finding.learned if isinstance(finding, Seen) else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where an action goes from here. ``error`` is told to the operator and kept on record.

    ``learned`` writes into the store what the far side told besides, in the transaction of the outcome; ``shown`` are more
    fields for the operator's record; ``waybill`` is that of a parcel which came into being.
    """

    state: ActionState
    effect: str = ""
    reference: str = ""
    fee: Decimal | None = None
    message: str = ""
    error: AsctlError | None = None
    learned: Lesson | None = None
    shown: Mapping[str, object] = field(default_factory=dict)
    waybill: str = ""

    def news(self, action: Action) -> dict[str, object]:
        """The columns that change. What an earlier attempt learned is kept where this one learned nothing."""
        return {
            "effect": self.effect or action.effect,
            "reference": self.reference or action.reference,
            "waybill": self.waybill or action.waybill,
            "fee": self.fee if self.fee is not None else action.fee,
            "message": self.message,
            **error_columns(self.error),
        }


def error_columns(error: AsctlError | None) -> dict[str, object]:
    """An error as an action keeps it: its message is redacted already, and shows no mobile number."""
    return {
        "error_family": error.family if error else "",
        "error_code": error.code if error else "",
        "error_message": storable(mask_numbers(str(error.message))) if error else "",
        "refusal": str(error.reason or "") if isinstance(error, Refused) else "",
        "upstream_code": mask_numbers(str(error.upstream_code or "")) if error else "",
    }


def accepted(kind: ActionKind, told: Submission) -> Outcome:
    """The far side said yes: for a slow kind that is not yet the effect."""
    return Outcome(ActionState.DONE, usual_effect(kind), told.reference, told.fee, told.message, waybill=told.waybill)


def found(kind: ActionKind, finding: Finding, message: str) -> Outcome:
    """A look saw that it was carried out."""
    effect = finding.effect.value if finding.effect else usual_effect(kind)
    return Outcome(
        ActionState.DONE,
        effect,
        finding.reference,
        message=message,
        learned=lesson_of(finding),
        waybill=finding.waybill,
    )


def usual_effect(kind: ActionKind) -> str:
    """What a yes of the far side means at first."""
    if kind in TAKING_BACK:
        return Effect.CANCELLED.value
    return (Effect.ACCEPTED if kind in SLOW_KINDS else Effect.EFFECTIVE).value


def failed(error: AsctlError) -> Outcome:
    """What an error of a send means. Only a clear no, or a call that surely never arrived, is not *unclear*."""
    if isinstance(error, NeedsApproval):
        return Outcome(ActionState.NEEDS_PERSON, error=error)
    if isinstance(error, Refused) and error.reason == RefusalReason.RATE_LIMITED:
        error = _too_often(error)
    if never_left(error) or isinstance(error, _NOTHING_DONE):
        return Outcome(ActionState.PLANNED, error=error)
    if isinstance(error, _TURNED_DOWN):
        return Outcome(ActionState.REFUSED, error=error)
    return Outcome(ActionState.UNCLEAR, error=error)


def _too_often(refused: Refused) -> Throttled:
    """A no that means *not now*: some couriers tell it among the reasons for which they refuse a request."""
    throttled = Throttled(
        refused.message,
        retry_after=REST,
        code="rate_limited",
        hint=refused.hint,
        provider=refused.provider,
        account=refused.account,
        upstream_code=refused.upstream_code,
        upstream_text=refused.upstream_text,
        request_id=refused.request_id,
    )
    throttled.of_write = refused.of_write
    return throttled


def as_sent(outcome: Outcome, left: bool) -> Outcome:
    """An outcome in the light of whether a write has left this machine at all.

    After one has, only the answer to a write itself is a clear no: an error that came later says nothing of it. Where none
    has, trouble with a read changed nothing.
    """
    error = outcome.error
    if error is None or error.of_write:
        return outcome
    if left and outcome.state in (ActionState.PLANNED, ActionState.REFUSED):
        return replace(outcome, state=ActionState.UNCLEAR, error=_after_the_write(error))
    if not left and error.of_write is False and outcome.state is ActionState.UNCLEAR:
        return replace(outcome, state=ActionState.PLANNED)
    return outcome


def still_doubtful(outcome: Outcome) -> Outcome:
    """The outcome of a repeat under a key: a no to the repeat says nothing of the attempt before it."""
    if outcome.state in (ActionState.PLANNED, ActionState.REFUSED) and outcome.error is not None:
        return replace(outcome, state=ActionState.UNCLEAR, error=_of_the_repeat(outcome.error))
    return outcome


def _of_the_repeat(error: AsctlError) -> Unclear:
    return Unclear(
        _("the repeat was turned away ({what}); whether the first attempt arrived is not known yet").format(
            what=error.message
        ),
        code="repeat_turned_away",
        account=error.account,
        provider=error.provider,
        upstream_code=error.upstream_code,
        upstream_text=error.upstream_text,
    )


def _after_the_write(error: AsctlError) -> Unclear:
    return Unclear(
        _("it was sent, and then something failed: {what}").format(what=error.message),
        code="failed_after_write",
        account=error.account,
        provider=error.provider,
        upstream_code=error.upstream_code,
        upstream_text=error.upstream_text,
    )


def stops_account(error: AsctlError | None) -> bool:
    """Whether the next send of the same account would fare alike, so that it is not begun."""
    if isinstance(error, Throttled):
        return error.whole_account
    if isinstance(error, Refused):
        return error.reason in _OF_THE_ACCOUNT
    return isinstance(error, CredentialsRefused | BadConfiguration | NotOffered)


def looks_down(error: AsctlError | None) -> bool:
    """Whether an error is one of those that a far side in trouble gives again and again."""
    return isinstance(error, Unavailable) or (error is not None and error.family == "unclear")
