"""Errors that nobody has heard of: a complaint of the far side, with other words and numbers where it says what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from asctl.api.sandbox import Complaint, SandboxApp, SandboxCall, SandboxReply, SandboxRequest, SandboxWorld
from asctl.domain.errors import AsctlError, NotFound, PluginBroken
from asctl.host.guard import Guarded
from asctl.testing.answers import NEW_WORD
from asctl.testing.discretion import clean
from asctl.testing.exercises import Exercise
from asctl.testing.rules import Missing, Rule, Tier, expect
from asctl.testing.site import Outcome, Site

_AUTH, _NO = Complaint("auth"), Complaint("refuse", reason="signed")
_COMPLAINTS = (_AUTH, _NO, Complaint("refuse", reason="请核实"), Complaint("throttle", seconds=90))
_LET_IN_BY_A_NO = frozenset({"AccountChecker"})
"""Whose question a no answers: who is refused for what he asks was let in."""
_NEW_NUMBER = "918273645546372819"
_SHORTEST = 5
_Ask = Callable[[Guarded], Outcome]
_Replies = Callable[[SandboxApp, SandboxCall], Iterator[SandboxReply]]


def new_error_rule(exercise: Exercise) -> Rule:
    """The rule that an unknown error is taken neither for an answer nor, by a read, for "there is none"."""
    once = ", and it is sent once at most" if exercise.write else ""
    return Rule(
        f"{exercise.name}.new_error",
        Tier.SILVER,
        f"{exercise.method}: an error that nobody has heard of is an error, and no answer{once}",
        lambda site: _new_error(site, exercise),
        exercise.capability,
    )


def _new_error(site: Site, exercise: Exercise) -> None:
    arguments = exercise.prepared(site)

    def ask(provider: Guarded) -> Outcome:
        before = len(site.far_side.writes())
        outcome = exercise.outcome(site, arguments, provider=provider)
        sent = len(site.far_side.writes()) - before
        expect(sent <= 1 or not exercise.write, f"the write was sent {sent} times")
        return outcome

    wrong = (PluginBroken,) if exercise.write else (PluginBroken, NotFound)
    complaints = (_AUTH,) if exercise.capability in _LET_IN_BY_A_NO else (_AUTH, _NO)
    for outcome in answered_with(partial(_new_errors, complaints), site, ask, write=exercise.write):
        expect(isinstance(outcome.error, AsctlError), f"should be an error, but there was {outcome.seen}")
        expect(not isinstance(outcome.error, wrong), f"should be another error, but there was {outcome.seen}")
        clean(site, outcome)
    asked = site.far_side.writes() if exercise.write else site.far_side.requests()
    expect(bool(asked), "the far side was not asked")


def noes(app: SandboxApp, call: SandboxCall) -> Iterator[SandboxReply]:
    """A no to a call, and every error that nobody has heard of."""
    yield app.complain(call, _NO)
    yield from _new_errors((_AUTH, _NO), app, call)


def answered_with(replies: _Replies, site: Site, ask: _Ask, *, write: bool) -> Iterator[Outcome]:
    """What comes of asking where one thing that is asked for is answered with each of the replies in turn; then the next."""
    app = site.app
    for call in _calls(site, ask, write=write):
        for reply in replies(app, call):
            site.far_side.play(_Complaining(app, {call.operation: reply}))
            yield ask(site.another_provider())
    site.far_side.play(app)


def _calls(site: Site, ask: _Ask, *, write: bool) -> tuple[SandboxCall, ...]:
    """What is asked of the far side, once for each operation. A write is turned away, so that it can be tried again."""
    listening = _Listening(site.app, write)
    site.far_side.play(listening)
    ask(site.another_provider())
    return tuple(listening.calls.values())


class _Listening:
    """The app, and what it was asked."""

    def __init__(self, app: SandboxApp, write: bool) -> None:
        self._app = app
        self._write = write
        self.calls: dict[str, SandboxCall] = {}

    def accounts(self, base_url: str) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
        return self._app.accounts(base_url)

    def identify(self, request: SandboxRequest) -> SandboxCall:
        return self._app.identify(request)

    def complain(self, call: SandboxCall, complaint: Complaint) -> SandboxReply:
        return self._app.complain(call, complaint)

    def answer(self, request: SandboxRequest, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        if call.write is self._write:
            self.calls.setdefault(call.operation, call)
        return self._app.complain(call, _NO) if call.write else self._app.answer(request, call, world)


class _Complaining(_Listening):
    """The app, which answers to some operations with a reply that is given."""

    def __init__(self, app: SandboxApp, told: Mapping[str, SandboxReply]) -> None:
        super().__init__(app, write=False)
        self._told = told

    def answer(self, request: SandboxRequest, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        return self._told.get(call.operation) or self._app.answer(request, call, world)


def _new_errors(complaints: tuple[Complaint, ...], app: SandboxApp, call: SandboxCall) -> Iterator[SandboxReply]:
    """The app's complaints, made new; none where it complains without JSON, by a status alone.

    Raises :class:`Missing` where it says the same whatever is wrong.
    """
    others = [_read(_text_of(app.complain(call, complaint))) for complaint in _COMPLAINTS]
    made: set[str] = set()
    for reply in (app.complain(call, complaint) for complaint in complaints):
        told = _read(_text_of(reply))
        fresh = {json.dumps(_renewed(told, other), ensure_ascii=False) for other in others}
        for body in sorted(fresh - made - {json.dumps(told, ensure_ascii=False)}):
            made.add(body)
            yield replace(reply, body=body.encode())
    if not made and None not in others:
        raise Missing(f"complain() of the sandbox app says the same of {call.operation} whatever is wrong")


def _text_of(reply: SandboxReply) -> str:
    return reply.body.decode("utf-8", "replace")


def _read(text: str) -> Any:
    """The JSON object or list that a text holds, or ``None``."""
    try:
        told = json.loads(text)
    except ValueError:
        return None
    return told if isinstance(told, dict | list) else None


def _renewed(told: Any, other: Any) -> Any:
    """``told`` with something new wherever the other says something else in the same place."""
    if isinstance(told, dict) and isinstance(other, dict):
        return {name: _renewed(member, other[name]) if name in other else member for name, member in told.items()}
    if isinstance(told, list) and isinstance(other, list):
        return [_renewed(*pair) for pair in zip(told, other, strict=False)] + told[len(other) :]
    if told == other or type(told) is not type(other):
        return told
    return _new_scalar(told, other)


def _new_scalar(told: Any, other: Any) -> Any:
    if isinstance(told, str):
        inside, others = _read(told), _read(other)
        if inside is not None and others is not None:
            return json.dumps(_renewed(inside, others), ensure_ascii=False)
        if inside is not None:
            return told
        return _NEW_NUMBER[: max(len(told), _SHORTEST)] if told.isdecimal() else NEW_WORD
    return int(_NEW_NUMBER[:_SHORTEST]) if isinstance(told, int) and not isinstance(told, bool) else told
