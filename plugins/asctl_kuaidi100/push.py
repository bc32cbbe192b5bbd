"""Callbacks, verified over the text as received, then read: whole tracks (section 4.2), outcomes of interceptions (5)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from asctl.api import BadInput, CredentialsRefused, Effect, Push, PushReply, TrackAnswer, TrackQuery, json_object
from asctl.api import translate as _
from asctl_kuaidi100.client import sign
from asctl_kuaidi100.mapping import OUR_COURIER, read_events
from asctl_kuaidi100.wire import compact, readable

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
    What is neither a track nor the outcome of an interception is ``other``.
    Raises :class:`CredentialsRefused` (``salt_missing``, ``push_unsigned``, ``push_forged``) and :class:`BadInput`
    (``push_unreadable``).
    """
    form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    param = form.get("param", "")
    _verify(param, form.get("sign", ""), salt, account)
    push = _read_object(param, account)
    state = readable(push.get("status"))
    track = push.get("lastResult")
    if not isinstance(track, dict) and state not in _SUBSCRIPTION_STATES:
        return _outcome(push, state)
    if not isinstance(track, dict) or not readable(track.get("nu")):
        return Push("tracks", state=state)
    return Push("tracks", answers=(_answer(push, track, account),), state=state)


def reply(stored: bool) -> PushReply:
    """What they want to read; anything but the success text makes them send again in half an hour, three times."""
    if stored:
        told = {"result": True, "returnCode": "200", "message": "成功"}
    else:
        told = {"result": False, "returnCode": "500", "message": "失败"}
    return PushReply(200, "application/json;charset=utf-8", compact(told).encode("utf-8"))


def _verify(param: str, signature: str, salt: str, account: str) -> None:
    if not salt:
        raise CredentialsRefused(
            _("a callback for {account} cannot be verified: the account has no salt").format(account=account),
            code="salt_missing",
            hint=_("set salt to the text that the subscription was made with"),
            account=account,
        )
    if not signature:
        raise CredentialsRefused(
            _("a callback for {account} carries no signature").format(account=account),
            code="push_unsigned",
            hint=_("subscribe with the account's salt, so that callbacks are signed"),
            account=account,
        )
    if not hmac.compare_digest(sign(param, salt).encode(), signature.upper().encode("utf-8", "replace")):
        raise CredentialsRefused(
            _("a callback for {account} has a wrong signature").format(account=account),
            code="push_forged",
            hint=_("check salt; if it is right, the callback did not come from Kuaidi100 or was changed on its way"),
            account=account,
        )


def _read_object(param: str, account: str) -> dict[str, Any]:
    try:
        return json_object(param)
    except ValueError:
        raise BadInput(
            _("a callback for {account} holds no JSON object").format(account=account),
            code="push_unreadable",
            hint=_("its signature is right: tell the plugin's author"),
            account=account,
        ) from None


def _outcome(push: Mapping[str, object], state: str) -> Push:
    """What came of an interception, whose callback is inferred: their word or their sentence may tell it.

    Where the two contradict each other the effect stays open.
    """
    waybill, message = readable(push.get("kuaidinum")), readable(push.get("message"))
    told = {_EFFECTS[word] for word in (state.upper(), message) if word in _EFFECTS}
    if not waybill or not told:
        return Push("other", state=state)
    return Push(
        "interception",
        reference=readable(push.get("taskId")) or readable(push.get("orderId")),
        state=state,
        courier=OUR_COURIER.get(readable(push.get("kuaidicom")), ""),
        waybill=waybill,
        effect=told.pop() if len(told) == 1 else None,
        message=message,
    )


def _answer(push: Mapping[str, object], track: Mapping[str, object], account: str) -> TrackAnswer:
    com = readable(track.get("com"))
    events, problems = read_events(track, account)
    query = TrackQuery(courier=OUR_COURIER.get(com, ""), waybill=readable(track.get("nu")))
    return TrackAnswer(query, events=events, problems=(*_courier_problems(push, com), *problems))


def _courier_problems(push: Mapping[str, object], com: str) -> list[str]:
    problems = []
    if com not in OUR_COURIER:
        problems.append(_("the courier code {code!r} is none that this plugin knows").format(code=com[:40]))
    was, now = readable(push.get("comOld")), readable(push.get("comNew"))
    if now and was != now:
        problems.append(_("Kuaidi100 found another courier: {now!r}, not {was!r}").format(now=now[:40], was=was[:40]))
    return problems
