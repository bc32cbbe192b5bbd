"""The second axis of slow requests: what scans and callbacks tell of them ("accepted by the courier" is not "intercepted")."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from asctl.capabilities.writes import Finding
from asctl.domain.actions import UNSETTLED_STATES, Action, ActionKind, ActionState
from asctl.domain.looks import effect_of_scans
from asctl.domain.parcels import Event, ParcelKey
from asctl.services.contracts import contract_of
from asctl.services.desk import Desk
from asctl.services.journal import settle
from asctl.services.outcomes import Outcome
from asctl.store import action_lists as stored_lists
from asctl.store import parcels as stored_parcels
from asctl.store.opening import Transaction


def learn_from_scans(tx: Transaction, desk: Desk, known: Mapping[ParcelKey, Sequence[Event]]) -> list[Action]:
    """Move on what was asked of these parcels as far as their scans tell; returns the actions that moved. ``known`` holds all
    scans of each parcel, in time order."""
    by_courier: dict[str, list[str]] = {}
    for key in known:
        by_courier.setdefault(key.courier, []).append(key.waybill)
    moved = []
    for courier, waybills in by_courier.items():
        for action in stored_lists.without_effect(tx, courier, waybills):
            scans = known[ParcelKey(courier, action.waybill)]
            if (after := learn_from(tx, desk, action, scans)) is not None:
                moved.append(after)
    return moved


def learn_from(tx: Transaction, desk: Desk, action: Action, scans: Sequence[Event]) -> Action | None:
    """What the scans of its parcel tell of one action; ``None`` where that is nothing new.

    That the parcel turned back shows that the request arrived. That it was delivered shows nothing of a request whose answer
    was lost: that stays unclear. Couriers that can be asked about a redirection may never show one in the scans.
    """
    sent_at = action.first_sent_at
    effect = effect_of_scans(action.kind, scans, sent_at) if sent_at else ""
    if not effect or effect == action.effect:
        return None
    if effect == "ineffective" and action.state is not ActionState.DONE:
        return None
    if action.kind is ActionKind.REDIRECT and effect == "ineffective" and contract_of(desk, action).find:
        return None
    return set_effect(tx, desk, action, effect)


def learn_of_status(tx: Transaction, desk: Desk, action: Action, finding: Finding) -> Action | None:
    """What the far side answers when asked about an accepted request; ``None`` where that is nothing new."""
    effect = finding.effect.value if finding.effect else action.effect
    if effect == action.effect and finding.waybill in ("", action.waybill):
        return None
    return set_effect(tx, desk, action, effect, finding.message, finding.waybill)


def set_effect(
    tx: Transaction, desk: Desk, action: Action, effect: str, message: str = "", waybill: str = ""
) -> Action | None:
    """Record an effect that the far side tells of this very request: it has arrived, then. ``None`` where the action has come
    to another end."""
    if action.state is ActionState.DONE:
        kept = Outcome(
            ActionState.DONE, effect, action.reference, action.fee, message or action.message, waybill=waybill
        )
        return settle(tx, desk, action, kept)
    if action.state in UNSETTLED_STATES:
        return settle(tx, desk, action, Outcome(ActionState.DONE, effect, message=message, waybill=waybill))
    return None


def scans_of(tx: Transaction, actions: Collection[Action]) -> dict[ParcelKey, tuple[Event, ...]]:
    """The stored scans of the parcels that these actions are about."""
    return stored_parcels.events_of(
        tx, {ParcelKey(action.courier, action.waybill) for action in actions if action.waybill}
    )
