"""The contract classes in pytest: who is examined, what is skipped by name, and how a run is summed up."""

from __future__ import annotations

import re
import sys
import threading
from types import SimpleNamespace

import pytest

import asctl.testing
from asctl.host.warden import Patience
from asctl.testing import contracts
from asctl.testing.catalogue import CAPABILITIES, rules_of

pytest_plugins = ("pytester",)
pytestmark = pytest.mark.storeless

TWO = """
from asctl.api import Capability, ProviderSpec, Setting, SettingType, TrackerLimits, hookimpl

def spec(id, factory):
    tracker = Capability("Tracker", TrackerLimits())
    return ProviderSpec(id=id, title=id, api_version=1, factory=factory, capabilities=(tracker,), couriers=("sto",),
                        sandbox="{module}:Far", settings=(Setting("base_url", SettingType.URL, "Where it answers."),))

@hookimpl
def asctl_couriers():
    return [spec("one", "{module}:Right"), spec("two", "{module}:{second}")]

class Right:
    def __init__(self, context): self.context = context
    def track(self, queries): return ()

class Hanging(Right):
    def track(self, queries): __import__("fake_hold").until.wait()

class Far:
    def accounts(self, base_url): return {{}}
"""
WRONGLY_READ = """{
  "capability": "Tracker", "method": "track", "taken": "2026-11-02",
  "answers": [{"body": ""}], "expect": {"0.events.#": 1}
}"""
HAVING = """
from asctl.testing import {contract}

class TestIt({contract}):
    module = "{module}"
    {more}
"""


def outcomes(pytester: pytest.Pytester, contract: str, module: str, more: str = "") -> pytest.RunResult:
    """A run of an author's test file in this process."""
    pytester.makepyfile(test_it=HAVING.format(contract=contract, module=module, more=more))
    return pytester.runpytest_inprocess("-q", "-rfs")


def plugin(pytester: pytest.Pytester, name: str, second: str = "Right") -> str:
    """A module with two couriers that answer nothing."""
    pytester.makepyfile(**{name: TWO.format(module=name, second=second)})
    pytester.syspathinsert()
    return name


def test_every_provider_is_examined(pytester: pytest.Pytester) -> None:
    """A rule that the first provider does not keep is tried on the second all the same, as a test of its own."""
    module = plugin(pytester, "fake_two_couriers")
    run = outcomes(pytester, "TrackerContract", module)
    count = len(rules_of("Tracker"))
    told = run.parseoutcomes()
    assert told.get("failed", 0) + told.get("skipped", 0) + told.get("passed", 0) == 2 * count
    run.stdout.fnmatch_lines(["*FAILED*TestIt::test_rule[[]one:Tracker.track.found]*"])
    run.stdout.fnmatch_lines(["*FAILED*TestIt::test_rule[[]two:Tracker.track.found]*"])


def test_one_provider_can_be_named(pytester: pytest.Pytester) -> None:
    """``provider`` is the id of a spec; the others are left out."""
    run = outcomes(pytester, "TrackerContract", plugin(pytester, "fake_two_named"), 'provider = "two"')
    assert "one:" not in run.stdout.str()
    run.stdout.fnmatch_lines(["*two:Tracker.track.found*"])


def test_what_is_not_declared_is_skipped_by_name(pytester: pytest.Pytester) -> None:
    """By the contract of that capability, and by that of the whole plugin."""
    run = outcomes(pytester, "InterceptorContract", "asctl_labels")
    run.assert_outcomes(skipped=1)
    run.stdout.fnmatch_lines(["*asctl_labels does not declare Interceptor*"])
    run = outcomes(pytester, "ClaimDeskContract", "asctl_yto")
    run.assert_outcomes(skipped=1)
    run.stdout.fnmatch_lines(["*yto does not declare ClaimDesk*"])


@pytest.mark.parametrize(("more", "told"), [("module = ''", "needs module ="), ("provider = 'x'", "no provider 'x'")])
def test_a_contract_that_is_not_filled_in_says_so(pytester: pytest.Pytester, more: str, told: str) -> None:
    """An author who forgot the module, or misspelt the provider, is told that and nothing else."""
    run = outcomes(pytester, "PluginContract", "asctl_labels", more)
    assert run.ret != 0
    assert told in run.stdout.str() + run.stderr.str()


def test_the_run_is_summed_up(pytester: pytest.Pytester) -> None:
    """One line for each provider, tier by tier."""
    run = outcomes(pytester, "LabelLayoutsContract", "asctl_labels")
    assert run.ret == 0
    run.stdout.fnmatch_lines(["*asctl conformance*", "zpl  bronze: 3 done; silver: nothing asked; gold: nothing asked"])


def test_there_is_a_contract_for_each_capability() -> None:
    """Public by name, with the capability in it; and nothing else is public but the one for the whole plugin."""
    names = {name for names in CAPABILITIES.values() for name in names}
    assert set(asctl.testing.__all__) == {f"{name}Contract" for name in names} | {"PluginContract"}
    for name in names:
        contract = getattr(asctl.testing, f"{name}Contract")
        assert issubclass(contract, contracts.CapabilityContract)
        assert contract.capability == name
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        asctl.testing.Nothing  # noqa: B018


def test_after_a_hang_nothing_else_is_tried(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """One wait, and every other rule of that provider says where it stopped; those of the other provider are tried."""
    monkeypatch.setattr("asctl.testing.subject.PATIENCE", Patience(load=10, call=0.3))
    hold = SimpleNamespace(until=threading.Event())
    monkeypatch.setitem(sys.modules, "fake_hold", hold)
    run = outcomes(pytester, "TrackerContract", plugin(pytester, "fake_two_hang", "Hanging"))
    hold.until.set()
    told = run.stdout.str()
    first, *others = re.findall(r"TestIt.test_rule\[two:(.*?)\] _+\n.*\nseen: (.*)", told)
    assert "did not come back within 0.3 seconds" in first[1]
    assert len(others) > 10
    assert {why for _rule, why in others} == {f"not tried: at {first[0]} the plugin did not come back"}
    assert re.search(r"one:Tracker.track.found\] _+\n.*\nseen: 1 queries, 0 answers", told)


RECORDED = """
from pathlib import Path
from asctl.api import Conformance
{source}
def told(): return Conformance(recorded=Path(__file__).with_name("real"))
"""


@pytest.mark.parametrize(
    ("files", "failed"),
    [
        ({"odd.json": "{}"}, {"spec.recordings"}),
        ({"wrong.json": WRONGLY_READ}, {"Tracker.track.recorded"}),
        ({}, set()),
    ],
    ids=["no recording", "wrongly read", "nothing recorded"],
)
def test_only_what_is_not_recorded_yet_is_skipped(
    pytester: pytest.Pytester, files: dict[str, str], failed: set[str]
) -> None:
    """Gold is optional as long as nothing is recorded; a file that is there and is wrong fails the author's tests."""
    name = f"fake_recorded_{len(failed)}_{len(files)}_{min(files, default='none')[:3]}"
    source = TWO.format(module=name, second="Right").replace(
        "api_version=1", f'api_version=1, conformance="{name}:told"'
    )
    pytester.makepyfile(**{name: RECORDED.format(source=source)})
    pytester.syspathinsert()
    (pytester.path / "real").mkdir()
    for file, text in files.items():
        (pytester.path / "real" / file).write_text(text, "utf-8")
    told = outcomes(pytester, "PluginContract", name, 'provider = "one"').stdout.str()
    gold = {"spec.recordings", "Tracker.track.recorded"}
    assert set(re.findall(r"FAILED .*\[one:(.*?)\]", told)) & gold == failed
    assert ("to do for gold: record a real answer to track" in told) == ("Tracker.track.recorded" not in failed)


def test_a_spec_that_cannot_be_used_is_told_in_one_line(pytester: pytest.Pytester) -> None:
    """No rule is tried, and nothing of Python's own is told."""
    pytester.makepyfile(
        fake_unfit=TWO.format(module="fake_unfit", second="Right").replace("api_version=1", "api_version=None")
    )
    pytester.syspathinsert()
    run = outcomes(pytester, "PluginContract", "fake_unfit")
    told = run.stdout.str() + run.stderr.str()
    assert run.ret != 0
    assert "fake_unfit cannot be examined: " in told
    assert "Traceback" not in told
