"""Callbacks: verified and read by the plugin, then stored like an answer to a question of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from asctl.capabilities.tracking import Push, PushReply
from asctl.domain.actions import Action, ActionKind
from asctl.domain.errors import AsctlError, BadInput, CredentialsRefused, NotOffered
from asctl.domain.parcels import Event, Parcel, ParcelKey, in_time_order
from asctl.domain.watch import judge
from asctl.host.guard import Guarded
from asctl.services import tasks
from asctl.services.desk import Desk
from asctl.services.effects import learn_from_scans, set_effect
from asctl.services.invoice_hints import confirm
from asctl.services.polling import apply_judgement
from asctl.store import action_lists as stored_lists
from asctl.store import parcels as stored_parcels
from asctl.store.opening import Transaction
from asctl.store.pickups import pickups_told_of
from asctl.text import _

SLACK = timedelta(minutes=1)
"""How far a courier's clock may be behind ours."""
_ANY = (ActionKind.INTERCEPT, ActionKind.REDIRECT)
_KINDS: dict[str, tuple[ActionKind, ...]] = {"intercept": (ActionKind.INTERCEPT,), "redirect": (ActionKind.REDIRECT,)}
_TURNED_AWAY = (BadInput, CredentialsRefused)


@dataclass(frozen=True, slots=True)
class Received:
    """What a callback brought. ``reply`` is what its sender wants to read; ``error`` why it was turned away; ``open_question`` why
    what it hints at could not be confirmed: it is asked again."""

    reply: PushReply
    kind: str = ""
    moved: tuple[Parcel, ...] = ()
    settled: tuple[Action, ...] = ()
    error: AsctlError | None = None
    open_question: AsctlError | None = None


def receive(desk: Desk, account: str, headers: Mapping[str, str], body: bytes) -> Received:
    """Take in one callback, exactly as it arrived. A callback of a parcel that is not under watch is answered and forgotten.

    One with a wrong signature, or that cannot be read, is turned away in its sender's own words. Raises :class:`NotOffered`
    where the account reads none, and :class:`StoreTrouble`.
    """
    receiver = _receiver(desk, account)
    try:
        push: Push = receiver.receive(headers, body)
    except _TURNED_AWAY as error:
        return Received(receiver.reply(False), error=error)
    if push.kind == "invoice":
        confirmed, trouble = confirm(desk, account, [each.reference for each in (push, *push.more)])
        return Received(receiver.reply(True), push.kind, settled=tuple(confirmed), open_question=trouble)
    with desk.store.write() as tx:
        moved = _store_scans(tx, desk, account, push)
        settled = [action for each in (push, *push.more) for action in _settle(tx, desk, account, each)]
    for parcel, events in moved:
        desk.host.tell("asctl_parcel_moved", parcel=parcel, events=events)
    return Received(receiver.reply(True), push.kind, tuple(parcel for parcel, _events in moved), tuple(settled))


def _receiver(desk: Desk, name: str) -> Guarded:
    account = desk.accounts.named(name)
    if desk.accounts.capability(account, "PushReceiver") is None:
        raise NotOffered(
            _("{account} ({plugin}) takes no callbacks").format(account=name, plugin=account.plugin),
            code="no_callbacks",
            hint=_("see which plugins do: asctl plugin show {plugin}").format(plugin=account.plugin),
            account=name,
        )
    return desk.accounts.provider(account, "PushReceiver")


def _store_scans(tx: Transaction, desk: Desk, account: str, push: Push) -> list[tuple[Parcel, Sequence[Event]]]:
    """Store what is new, and judge the parcels again."""
    now, policy = desk.clock.now(), desk.settings.watch_policy()
    told = {ParcelKey(each.query.courier, each.query.waybill): each.events for each in push.answers if each.events}
    watched = stored_parcels.get_parcels(tx, list(told))
    named = {key: tuple(replace(each, source=account) for each in told[key]) for key in watched}
    known = stored_parcels.events_of(tx, list(watched))
    new = stored_parcels.put_events(tx, named)
    judged = []
    for key, events in new.items():
        parcel = replace(watched[key], seen_at=now, failing_since=None, failures=0, poll_error="")
        judgement = judge(parcel, in_time_order((*known.get(key, ()), *events)), policy, now)
        judged.append((apply_judgement(parcel, judgement, now), judgement))
    stored_parcels.save_parcels(tx, [parcel for parcel, _judgement in judged])
    learn_from_scans(tx, desk, {key: in_time_order((*known.get(key, ()), *new[key])) for key in new})
    tasks.settle(tx, judged, now)
    return [(parcel, new[parcel.key]) for parcel, _judgement in judged]


def _settle(tx: Transaction, desk: Desk, account: str, push: Push) -> list[Action]:
    """What a callback tells of a request: of the one with its number, else of those of its kind that wait for news."""
    if push.kind == "pickup":
        return _settle_pickup(tx, desk, account, push)
    if push.kind != "interception" or push.effect is None:
        return []
    kinds = _KINDS.get(push.request, _ANY)
    waiting = stored_lists.without_effect(tx, push.courier, [push.waybill])
    own = [action for action in waiting if action.account == account and action.kind in kinds and _meant(action, push)]
    effect, message = push.effect.value, push.message
    done = (set_effect(tx, desk, action, effect, message) for action in own if action.effect != effect)
    return [action for action in done if action is not None]


def _settle_pickup(tx: Transaction, desk: Desk, account: str, push: Push) -> list[Action]:
    """What a callback tells of a pickup: how far it is, and its waybill, which some couriers give only at the door."""
    asked = pickups_told_of(tx, account, push.reference, push.courier, push.waybill)
    told = []
    for action in asked:
        effect = push.effect.value if push.effect is not None else action.effect
        if effect != action.effect or push.waybill not in ("", action.waybill):
            told.append(set_effect(tx, desk, action, effect, push.message, push.waybill))
    return [action for action in told if action is not None]


def _meant(action: Action, push: Push) -> bool:
    """Whether a callback may be about this request: it bears its number where both are known, and is no older."""
    if push.reference in (action.reference, action.key) and push.reference:
        return True
    numbered_otherwise = bool(push.reference and action.reference)
    too_old = push.at is not None and action.first_sent_at is not None and push.at < action.first_sent_at - SLACK
    return not numbered_otherwise and not too_old
