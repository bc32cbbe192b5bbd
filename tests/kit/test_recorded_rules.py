"""The gold rules: for each method an answer of the demo's far side is recorded, and a provider that misreads it is found out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from asctl.api import Submission
from asctl.api.sandbox import SandboxReply, SandboxRequest
from asctl.testing.exercises import Exercise
from asctl.testing.far_side import Port
from asctl.testing.recording_files import Recording
from asctl.testing.recordings import looked_up
from asctl.testing.subject import Subject
from tests.kit.conftest import Judge
from tests.kit.good import exercises, offering, rule
from tests.kit.wrong import Method, misbehaving

pytestmark = pytest.mark.storeless
ALL = list(exercises())
BROKEN = {f"{one.name}.recorded" for one in ALL}


@pytest.mark.parametrize("exercise", ALL, ids=lambda exercise: exercise.name)
def test_who_misreads_a_real_answer_is_found_out(judge: Judge, port: Port, exercise: Exercise) -> None:
    """The good provider reads what was recorded as its author expects; one that does not know what to make of it does not."""
    subject, tried = recorded(offering(exercise.capability), exercise, port), rule(f"{exercise.name}.recorded")
    wrong = misbehaving(subject, exercise.method, _puzzled)
    assert f"{exercise.method}-found: " in judge.told(subject, tried, wrong)


@pytest.mark.parametrize("exercise", ALL, ids=lambda exercise: exercise.name)
def test_who_recorded_nothing_is_told_so(judge: Judge, exercise: Exercise) -> None:
    """As long as nobody has an account, gold is to do."""
    subject = offering(exercise.capability)
    free = replace(subject, conformance=replace(subject.conformance, exempt={}))
    assert "record a real answer" in judge.todo(rule(f"{exercise.name}.recorded"), free)


def _puzzled(method: Method, arguments: tuple[Any, ...]) -> Any:
    told = method(*arguments)
    for _page in told if isinstance(told, Iterator) else ():
        pass
    raise KeyError("members")


def recorded(subject: Subject, exercise: Exercise, port: Port) -> Subject:
    """The subject with what its far side answers to one method, and what the good provider makes of that."""
    answers: list[SandboxReply] = []

    def note(_request: SandboxRequest, reply: SandboxReply) -> SandboxReply:
        answers.append(reply)
        return reply

    with subject.site(port, rule(f"{exercise.name}.recorded")) as site:
        arguments = exercise.prepared(site)
        site.far_side.tamper = note
        expected = _place_in(exercise.done(site, arguments))
    recording = Recording(
        name=f"{exercise.method}-found",
        capability=exercise.capability,
        method=exercise.method,
        taken="2026-11-02",
        case="found",
        request={},
        answers=tuple(answers),
        expect=expected,
    )
    conformance = replace(subject.conformance, exempt={})
    return replace(subject, plugin=f"{subject.plugin} recorded", conformance=conformance, recordings=(recording,))


def _place_in(result: Any, before: str = "") -> dict[str, Any]:
    """A place in a result, and what stands there."""
    if isinstance(result, tuple) and result and is_dataclass(result[0]):
        return _place_in(result[0], "0.")
    # What a write answers with may come from its request, which is not recorded here.
    readable = is_dataclass(result) and not isinstance(result, Submission)
    named = [field.name for field in fields(result) if getattr(result, field.name)] if readable else []
    place = named[-1] if named else "__class__"
    return {before + place: looked_up(result, place)}
