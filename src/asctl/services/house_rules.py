"""What may stop a write just before it is sent: what the store has learned since it was planned, and plugins' rules."""

from __future__ import annotations

from collections.abc import Mapping

from asctl.api.actions import Action as ReviewedAction
from asctl.domain.actions import INVOICING, SLOW_KINDS, Action, ActionKind, ActionState
from asctl.domain.errors import Refused
from asctl.services import pickup_checks
from asctl.services.desk import Desk
from asctl.services.shipments import check_again
from asctl.text import _

_REVIEWED = ("line", "flag", "return_to", "reason", "text", "amount", "gross", "serial")


def review(desk: Desk, action: Action) -> None:
    """Look whether the parcel is still under way, or the goods may still be sent in, and ask the house rules. Raises
    :class:`Refused` where not, or where a rule objects, and :class:`PluginBroken` where one fails."""
    if action.state is ActionState.PLANNED:
        if action.kind is ActionKind.PICKUP:
            pickup_checks.check_again(desk, action)
        elif action.kind in SLOW_KINDS - INVOICING:
            check_again(desk, action)
    asked = ReviewedAction(action.kind.value, action.account, action.target, _reviewed(action))
    if reason := desk.host.first_objection("asctl_review_action", action=asked):
        raise Refused(
            reason,
            code="house_rule",
            reason="REFUSED_BY_RULE",
            hint=_("a plugin's rule stopped it; nothing was sent"),
            account=action.account,
        )


def _reviewed(action: Action) -> dict[str, str]:
    """What a house rule is shown: what would be written, of addresses no more than the district, and nobody's phone."""
    told = {name: str(action.payload.get(name) or "") for name in _REVIEWED}
    receiver = action.payload.get("receiver")
    if isinstance(receiver, Mapping):
        told |= {part: str(receiver.get(part) or "") for part in ("province", "city", "district")}
    return {name: value for name, value in told.items() if value}
