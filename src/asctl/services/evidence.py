"""What a look proves of a write whose outcome is not known, and what is told where it proves nothing (design section 4, rule 4)."""

from __future__ import annotations

from datetime import datetime

from asctl.capabilities.specs import WriteClass, WriteContract
from asctl.capabilities.writes import Evidence, Finding
from asctl.domain.actions import Action, ActionState
from asctl.domain.errors import AsctlError, Unclear
from asctl.domain.looks import proves_absence
from asctl.services.journal import unapproved
from asctl.services.outcomes import Outcome, found
from asctl.text import _


def verdict(action: Action, contract: WriteContract, finding: Finding | None, now: datetime) -> Outcome | None:
    """What a look proves; ``None`` where it proves nothing.

    What stood there before the write was sent proves nothing of it.
    """
    late_enough = proves_absence(now, action.deadline or now, contract.visibility_lag, contract.late_window)
    evidence = finding.evidence if finding else Evidence.UNKNOWN
    if finding and evidence is Evidence.PRESENT and action.before != Evidence.PRESENT.value:
        return found(action.kind, finding, finding.message)
    if evidence is Evidence.ABSENT and contract.authoritative and late_enough:
        return Outcome(ActionState.PLANNED, message=_("it was looked for, late enough, and is not there"))
    return None


def goes_by_key(action: Action, contract: WriteContract, now: datetime) -> bool:
    """Whether an unclear write that nobody can look for may be sent once more all the same: under its key, inside half the
    time for which the far side drops repeats of it. It stays unclear until that send is answered."""
    return (
        contract.write is WriteClass.KEYED
        and not contract.find
        and action.first_sent_at is not None
        and action.deadline is not None
        and action.deadline < now < action.first_sent_at + contract.key_window / 2
    )


def nothing_tells(action: Action, contract: WriteContract) -> bool:
    """Whether nothing will ever show what became of an unclear write: no look, no repeat under a key, no parcel to scan."""
    return not contract.find and contract.write is not WriteClass.KEYED and not action.waybill


def still_unclear(action: Action, error: AsctlError | None) -> AsctlError:
    if error is not None and error.family != "unclear":
        return Unclear(
            _("{action} could not be looked at: {reason}").format(action=action.action, reason=error.message),
            code="look_failed",
            hint=error.hint,
            account=action.account,
            retry_at=action.next_look_at,
        )
    if action.state is ActionState.NEEDS_PERSON:
        return unapproved(action) or nobody_knows(action)
    return Unclear(
        _("whether {action} ({kind} {target}) was carried out is not known yet").format(
            action=action.action, kind=action.kind.value, target=action.target
        ),
        code="still_unclear",
        hint=_("it is looked at again: asctl action reconcile"),
        account=action.account,
        retry_at=action.next_look_at,
    )


def nobody_knows(action: Action) -> Unclear:
    return Unclear(
        _("nobody can tell whether {action} ({kind} {target}) was carried out: ask the far side").format(
            action=action.action, kind=action.kind.value, target=action.target
        ),
        code="needs_person",
        hint=_("then: asctl action resolve {action} --as done (or absent) --reason TEXT").format(action=action.action),
        account=action.account,
    )
