"""Callbacks, verified over the text as received, then read: tracks (section 4.2), interceptions (5), pickups (7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asctl.api import (
    CredentialsRefused,
    Effect,
    Push,
    PushReply,
    TrackAnswer,
    TrackQuery,
    as_text,
    callback_time,
    compact_json,
    json_object,
    read_form,
    unreadable_callback,
    verify_callback,
)
from asctl.api import translate as _
from asctl_kuaidi100.client import sign
from asctl_kuaidi100.mapping import OUR_COURIER, PICKUP_EFFECTS, read_events

_SUBSCRIPTION_STATES = frozenset({"polling", "shutdown", "abort", "updateall"})
_EFFECTS = {
    "ACCEPTED": Effect.ACCEPTED,
    "SUCCESS": Effect.EFFECTIVE,
    "拦截成功": Effect.EFFECTIVE,
    "FAIL": Effect.INEFFECTIVE,
    "拦截失败": Effect.INEFFECTIVE,
}


def receive(body: bytes, salt: str, account: str) -> Push:
    """Verify and read a callback's form body.

    ``state`` is their word on the subscription; an aborted one may come without a waybill, and then has no answers.
    What is neither a track nor the outcome of an interception nor about a pickup is ``other``.
    Raises :class:`CredentialsRefused` (``salt_missing``, ``push_unsigned``, ``push_forged``) and :class:`BadInput`
    (``push_unreadable``).
    """
    form = read_form(body)
    param = form.get("param", "")
    _check_salt(salt, account)
    verify_callback(form.get("sign", "").upper(), sign(param, salt), account, "salt")
    push = _read_object(param, account)
    state = as_text(push.get("status"))
    track, order = push.get("lastResult"), push.get("data")
    if not isinstance(track, dict) and isinstance(order, dict) and as_text(order.get("orderId")):
        return _pickup(push, order)
    if not isinstance(track, dict) and state not in _SUBSCRIPTION_STATES:
        return _outcome(push, state)
    if not isinstance(track, dict) or not as_text(track.get("nu")):
        return Push("tracks", state=state)
    return Push("tracks", answers=(_answer(push, track, account),), state=state)


def reply(stored: bool) -> PushReply:
    """What they want to read; anything but the success text makes them send again in half an hour, three times."""
    if stored:
        told = {"result": True, "returnCode": "200", "message": "成功"}
    else:
        told = {"result": False, "returnCode": "500", "message": "失败"}
    return PushReply(200, "application/json;charset=utf-8", compact_json(told).encode("utf-8"))


def _check_salt(salt: str, account: str) -> None:
    if not salt:
        raise CredentialsRefused(
            _("a callback for {account} cannot be verified: the account has no salt").format(account=account),
            code="salt_missing",
            hint=_("set salt to the text that the subscription was made with"),
            account=account,
        )


def _read_object(param: str, account: str) -> dict[str, Any]:
    try:
        return json_object(param)
    except ValueError:
        raise unreadable_callback(account) from None


def _outcome(push: Mapping[str, object], state: str) -> Push:
    """What came of an interception, whose callback is inferred: their word or their sentence may tell it.

    Where the two contradict each other the effect stays open.
    """
    waybill, message = as_text(push.get("kuaidinum")), as_text(push.get("message"))
    told = {_EFFECTS[word] for word in (state.upper(), message) if word in _EFFECTS}
    if not waybill or not told:
        return Push("other", state=state)
    return Push(
        "interception",
        reference=as_text(push.get("taskId")),
        state=state,
        courier=OUR_COURIER.get(as_text(push.get("kuaidicom")), ""),
        waybill=waybill,
        effect=told.pop() if len(told) == 1 else None,
        message=message,
        at=callback_time(push.get("time")),
    )


def _pickup(push: Mapping[str, object], order: Mapping[str, object]) -> Push:
    """News of a pickup: how far it is, and its waybill, which some couriers give only when they have the goods.

    Of their two numbers it brings the order's alone, which ends our reference.
    """
    state = as_text(order.get("status"))
    return Push(
        "pickup",
        reference=as_text(order.get("orderId")),
        state=state,
        courier=OUR_COURIER.get(as_text(push.get("kuaidicom")), ""),
        waybill=as_text(push.get("kuaidinum")),
        effect=PICKUP_EFFECTS.get(state),
        message=as_text(push.get("message")),
    )


def _answer(push: Mapping[str, object], track: Mapping[str, object], account: str) -> TrackAnswer:
    com = as_text(track.get("com"))
    events, problems = read_events(track, account)
    query = TrackQuery(courier=OUR_COURIER.get(com, ""), waybill=as_text(track.get("nu")))
    return TrackAnswer(query, events=events, problems=(*_courier_problems(push, com), *problems))


def _courier_problems(push: Mapping[str, object], com: str) -> list[str]:
    problems = []
    if com not in OUR_COURIER:
        problems.append(_("the courier code {code!r} is none that this plugin knows").format(code=com[:40]))
    was, now = as_text(push.get("comOld")), as_text(push.get("comNew"))
    if now and was != now:
        problems.append(_("Kuaidi100 found another courier: {now!r}, not {was!r}").format(now=now[:40], was=was[:40]))
    return problems
