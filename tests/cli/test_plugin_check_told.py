"""``asctl plugin check``: what a plugin tells the kit of itself, and which tier that leaves."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.check_support import NAME, made_in, rules, telling
from tests.command_support import Command

pytestmark = pytest.mark.storeless
BINDING = {"spec.capabilities", "spec.exemptions", "spec.recordings"}


@pytest.fixture
def one_file(tmp_path: Path) -> Iterator[Path]:
    yield from made_in(tmp_path)


def exempting(reasons: object) -> str:
    return f"api.Conformance(exempt={reasons!r})"


def test_what_it_tells_the_kit_may_be_broken(plain: Command, one_file: Path) -> None:
    """That is a fault of the plugin as well."""
    source = one_file.read_text("utf-8")
    one_file.write_text(source.replace("sandbox=", f'conformance="{NAME.module}:nowhere", sandbox='), "utf-8")
    checked = plain("plugin", "check", str(one_file))
    assert (checked.code, checked.error["code"]) == (15, "plugin_broken")
    assert "nowhere" in checked.error["message"]


def test_exemptions_are_told_with_their_reason(plain: Command, one_file: Path) -> None:
    """In the list, and in the line for people, which tells no tier without them."""
    reasons = {
        "Tracker.track.recorded": "Nobody may keep its answers.",
        "AccountChecker.check.recorded": "Nobody may keep its answers.",
        "Tracker.track.throttled": "It has no limit, and no word for it.",
    }
    telling(one_file, exempting(reasons))
    checked = plain("plugin", "check", str(one_file), "--require", "gold")
    assert checked.code == 0
    assert {one["rule"]: one["why"] for one in checked.records if one["state"] == "exempt"} == reasons
    assert "asctl: checked has reached silver, 3 exempt" in checked.err.splitlines()


@pytest.mark.parametrize(
    ("exempt", "told"),
    [
        ({"Tracker.track.throtled": "It has no limit."}, "is it Tracker.track.throttled"),
        ({"Tracker.track.throttled": " "}, "gives no reason"),
        ({"spec.exemptions": "We know better."}, "no rule spec.exemptions"),
    ],
    ids=["misspelt", "without a reason", "from this rule"],
)
def test_an_exemption_that_is_none(plain: Command, one_file: Path, exempt: dict[str, str], told: str) -> None:
    """A rule that is not there, and a reason that is none, are to do; from this rule nobody is exempt."""
    telling(one_file, exempting(exempt))
    checked = plain("plugin", "check", str(one_file), "--require", "bronze")
    why = {one["rule"]: (one["state"], one["why"]) for one in checked.records}["spec.exemptions"]
    assert (checked.code, why[0], told in why[1]) == (3, "todo", True), why
    assert "no tier yet" in checked.err


def test_to_be_exempt_from_everything_is_no_tier(plain: Command, one_file: Path) -> None:
    """What nobody tried nobody has reached."""
    everything = {record["rule"] for record in plain("plugin", "check", str(one_file)).records} - BINDING
    sys.modules.pop(NAME.module)
    telling(one_file, exempting(dict.fromkeys(everything, "We know better.")))
    checked = plain("plugin", "check", str(one_file))
    assert set(rules(checked, "done")) == BINDING
    assert f"asctl: checked has reached no tier yet, {len(everything)} exempt" in checked.err.splitlines()


def test_who_declares_nothing_reaches_no_tier(plain: Command, one_file: Path) -> None:
    """A tier counts only where something was shown of a capability; rules about the spec alone are no tier."""
    source = one_file.read_text("utf-8")
    first, rest = source.split("        capabilities=", 1)
    one_file.write_text(f"{first}        capabilities=(),\n{rest.partition(chr(10))[2]}", "utf-8")
    checked = plain("plugin", "check", str(one_file), "--require", "bronze")
    assert (checked.code, rules(checked, "todo")) == (3, ["spec.capabilities"])
    assert "asctl: checked has reached no tier yet; bronze: 1 to do" in checked.err.splitlines()
    assert f"{one_file} has not reached bronze: 1 to do" in checked.err


@pytest.mark.parametrize("folder", [True, False], ids=["a file that is none", "no folder"])
def test_recordings_that_are_none_are_told_and_nothing_else_is_lost(
    plain: Command, one_file: Path, folder: bool
) -> None:
    """Gold is to do, with the path; every other rule is tried."""
    telling(one_file, 'api.Conformance(recorded=__import__("pathlib").Path(__file__).with_name("real"))')
    if folder:
        (one_file.parent / "real").mkdir()
        (one_file.parent / "real" / "odd.json").write_text("{}", "utf-8")
    checked = plain("plugin", "check", str(one_file), "--require", "silver")
    why = {one["rule"]: (one["state"], one["why"]) for one in checked.records}["spec.recordings"]
    assert (checked.code, why[0]) == (0, "todo")
    assert (
        "real/odd.json: capability is missing; allowed: " if folder else f"{one_file.parent}/real is no folder"
    ) in why[1]
    assert "reached silver; gold: 3 to do" in checked.err


@pytest.mark.parametrize(
    ("returned", "told"),
    [
        ("None", "must return a Conformance record"),
        ("api.Conformance(exempt=['a'], waybills='1')", "wrong types in its Conformance: waybills, exempt"),
    ],
    ids=["nothing", "wrong types"],
)
def test_what_it_tells_the_kit_is_checked_whole(plain: Command, one_file: Path, returned: str, told: str) -> None:
    """One line, in place of a rule for rule that cannot be tried."""
    telling(one_file, returned)
    checked = plain("plugin", "check", str(one_file))
    assert (checked.code, checked.error["code"], checked.out) == (15, "plugin_broken", "")
    assert told in checked.error["message"]


def test_exemptions_are_read_once(plain: Command, one_file: Path) -> None:
    """A mapping that answers whatever it is asked exempts from nothing."""
    telling(one_file, "api.Conformance(exempt=Willing())")
    source = one_file.read_text("utf-8")
    one_file.write_text(f"{source}\nclass Willing(dict):\n    def get(self, *_): return 'We know better.'\n", "utf-8")
    assert rules(plain("plugin", "check", str(one_file)), "exempt") == []
