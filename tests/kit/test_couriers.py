"""The rules about couriers' writes, account checks and callbacks, each on a provider that breaks just that one."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest

from asctl.api import Capability, InterceptorLimits, PickupLimits
from asctl.testing.catalogue import rules_of
from asctl.testing.examination import State
from asctl.testing.subject import Subject, subjects_in
from tests.kit.conftest import Judge
from tests.kit.good import offering, rule
from tests.kit.wrong import misbehaving, with_spec
from tests.kit.wrong_couriers import WRONGS, Wrong

pytestmark = pytest.mark.storeless
LIMITS = ("Interceptor.intercept.limits", "ReverseShipper.order_pickup.limits")
WRONG_SECRET = "AccountChecker.check.wrong_secret"
BROKEN = {wrong.rule for wrong in WRONGS} | {*LIMITS, WRONG_SECRET}


@pytest.mark.parametrize("wrong", WRONGS, ids=lambda wrong: f"{wrong.rule}: {wrong.told}")
def test_who_breaks_a_rule_is_told_so(judge: Judge, wrong: Wrong) -> None:
    """The good provider keeps the rule; the wrong one does not, and is told what was seen."""
    subject, tried = offering(wrong.rule.partition(".")[0]), rule(wrong.rule)
    assert wrong.told in judge.told(subject, tried, misbehaving(subject, wrong.culprit, wrong.behaviour))


@pytest.mark.parametrize(
    ("name", "limits"),
    [
        (LIMITS[0], PickupLimits()),
        (LIMITS[0], InterceptorLimits(return_to=("home",))),
        (LIMITS[0], InterceptorLimits(return_to=())),
        (LIMITS[1], InterceptorLimits()),
    ],
)
def test_limits_are_of_their_own_kind(judge: Judge, name: str, limits: object) -> None:
    """Limits of another capability, and places that nobody can send anything back to, mean nothing to the core."""
    capability = name.partition(".")[0]
    subject = offering(capability)
    judge.told(subject, rule(name), _declaring(subject, capability, limits))


@pytest.mark.parametrize(
    ("capability", "limits", "method"),
    [
        ("Interceptor", InterceptorLimits(cancel=False), "cancel_interception"),
        ("ReverseShipper", PickupLimits(cancel=False), "cancel_pickup"),
    ],
)
def test_what_is_declared_impossible_is_not_examined(
    judge: Judge, capability: str, limits: object, method: str
) -> None:
    """Who declares that nothing can be taken back need not have rules about that."""
    subject = _declaring(offering(capability), capability, limits)
    about = [one for one in rules_of(capability) if one.id.split(".")[1] == method and not one.tier.optional]
    assert about
    assert {judge(subject, one).state for one in about} == {State.BESIDE}


def test_no_longer_window_is_declared_than_is_kept(judge: Judge) -> None:
    """Kuaidi100 drops repeats of a pickup's key for two days; who declares an hour more has them fetched twice."""
    (subject,), tried = subjects_in("asctl_kuaidi100"), rule("ReverseShipper.order_pickup.key_window")
    declared = subject.spec.capability("ReverseShipper")
    assert declared is not None
    too_long = replace(declared.writes["order_pickup"], key_window=timedelta(hours=49))
    wrong = replace(declared, writes={**declared.writes, "order_pickup": too_long})
    others = (one for one in subject.spec.capabilities if one is not declared)
    assert "carried out again" in judge.told(subject, tried, with_spec(subject, capabilities=(*others, wrong)))


def test_a_far_side_that_checks_nothing_shows_nothing(judge: Judge) -> None:
    """Whoever signs wrongly would pass at a sandbox app that lets everybody in."""
    subject = offering("AccountChecker")
    trusting = with_spec(subject, sandbox="tests.kit.wrong_far_sides:Trusting")
    assert "does the sandbox app check what is signed?" in judge.told(subject, rule(WRONG_SECRET), trusting)


@pytest.mark.parametrize("suffix", ["found", "keyed"])
def test_another_process_remembers_nothing(
    judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    """What a plugin's modules keep is gone with the process: neither a look nor a key may live by it."""
    (tmp_path / "kit_memory.py").write_text(_REMEMBERING, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    before = import_module("kit_memory")
    subject, tried = offering("Interceptor"), rule(f"Interceptor.intercept.{suffix}")
    wrong = replace(with_spec(subject, factory="kit_memory:Provider"), module="kit_memory")
    told = judge.told(subject, tried, wrong)
    assert "find_interception says absent" in told or "two keys" in told
    assert (sys.modules["kit_memory"], str(tmp_path)) == (before, sys.path[0])


def test_callbacks_must_be_given(judge: Judge) -> None:
    """Only the author can sign one; until he does, each rule about them says what to add."""
    subject = offering("PushReceiver")
    silent = replace(subject, conformance=replace(subject.conformance, pushes=None))
    told = {judge(silent, one).why for one in rules_of("PushReceiver")}
    assert len(told) == 1
    assert "pushes=" in told.pop()


_REMEMBERING = """
from dataclasses import replace
from uuid import uuid4
from asctl.api import Evidence, Finding
from asctl_demo.provider import DemoParcels

KEYS = {}

class Provider(DemoParcels):
    def intercept(self, request):
        return super().intercept(replace(request, key=KEYS.setdefault(request.key, uuid4().hex)))

    def find_interception(self, request):
        return Finding(Evidence.PRESENT if request.key in KEYS else Evidence.ABSENT)
"""


def _declaring(subject: Subject, name: str, limits: object) -> Subject:
    changed: list[Capability] = [
        replace(one, limits=limits) if one.name == name else one for one in subject.spec.capabilities
    ]
    return with_spec(subject, capabilities=tuple(changed))
