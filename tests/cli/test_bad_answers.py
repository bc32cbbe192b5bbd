"""What a plugin answers wrongly ends its own rows and nothing else: two couriers, one of which tells what no courier may."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.test_bad_plugins import BAD, GOOD, harmless, rows, source, told, track
from tests.command_support import Command
from tests.plugin_support import install

pytestmark = pytest.mark.storeless

HELPERS = """
from asctl.api import *
from datetime import datetime, timedelta, timezone, tzinfo
from decimal import Decimal

def spoilt(record, **members):
    for name, value in members.items():
        object.__setattr__(record, name, value)
    return record

def scan(**members):
    moment = datetime(2026, 11, 20, 9, tzinfo=CHINA)
    return spoilt(Event(moment, ParcelStatus.IN_TRANSIT, "on its way"), **members)

def scanned(queries, **members):
    return (answer(queries, events=(scan(**members),)),)

def answer(queries, **members):
    return spoilt(TrackAnswer(queries[0]), **members)

def having(error, **members):
    error.__dict__.update(members)
    return error

class Liar:
    __class__ = property(lambda self: tuple)
    def __len__(self):
        raise SystemExit(5)

class Claims(ValueError):
    __class__ = property(lambda self: Unavailable)

class Nowhere(tzinfo):
    def utcoffset(self, moment):
        return None

class Failing(tzinfo):
    def utcoffset(self, moment):
        raise LookupError("13800001234")

class Strange(AsctlError):
    family = "strange"

class Loud(str):
    def __str__(self):
        raise SystemExit(5)
    __eq__ = __hash__ = __len__ = __format__ = encode = __str__
"""
WRONG = {
    "scanned(queries, at=datetime(2026, 11, 20, 9))": "track()[0].events[0].at",
    "scanned(queries, at=datetime(1, 1, 1, tzinfo=CHINA))": "track()[0].events[0].at",
    "scanned(queries, at=datetime(9999, 12, 31, 23, 59, tzinfo=timezone.utc))": "track()[0].events[0].at",
    "scanned(queries, at=datetime(2026, 1, 1, tzinfo=Nowhere()))": "track()[0].events[0].at",
    "scanned(queries, at=datetime(2026, 1, 1, tzinfo=Failing()))": "track()[0]",
    "scanned(queries, at='2026-11-20')": "track()[0].events[0].at",
    "scanned(queries, status='FLYING')": "track()[0].events[0].status",
    "scanned(queries, text=None)": "track()[0].events[0].text",
    "scanned(queries, flags=('redirected', 5))": "track()[0].events[0].flags[1]",
    "scanned(queries, informational='13800001234')": "track()[0].events[0].informational",
    "[answer(queries, events=None)]": "track()[0].events",
    "[answer(queries, events=(5,))]": "track()[0].events[0]",
    "[answer(queries, events=Liar())]": "track()[0].events",
    "[answer(queries, error='no')]": "track()[0].error",
    "[answer(queries, error=ValueError())]": "track()[0].error",
    "[answer(queries, error=Claims())]": "track()[0].error",
    "[answer(queries, error=Unavailable(5))]": "track()[0].error.message",
    "[answer(queries, error=Throttled('slowly', retry_after=None))]": "track()[0].error.retry_after",
    "[answer(queries, problems=5)]": "track()[0].problems",
    "[object.__new__(TrackAnswer)]": "track()[0]",
    "[None]": "track()[0]",
    "None": "track()",
    "iter(())": "track()",
    "Liar()": "track()",
}
RAISED = {
    "Unavailable(5)": "Unavailable.message",
    "Unavailable('down', hint=7)": "Unavailable.hint",
    "Unavailable('down', passing='13800001234')": "Unavailable.passing",
    "Unavailable('down', code=None)": "Unavailable.code",
    "NotFound('no', code='no', retry_at=datetime(2026, 1, 1))": "NotFound.retry_at",
    "Throttled('slowly', retry_after=None)": "Throttled.retry_after",
    "Throttled('slowly', retry_after=timedelta.max)": "Throttled.retry_after",
    "Throttled('slowly', retry_after=timedelta(seconds=-5))": "Throttled.retry_after",
    "Refused('no', reason=7)": "Refused.reason",
    "having(Refused('no'), code=7)": "Refused.code",
    "AsctlError('x', code='x')": "AsctlError",
    "Strange('x', code='x')": "Strange",
}


@pytest.fixture
def two(plain: Command, plugin_folder: Path, tmp_path: Path) -> Command:
    """The command with an account at a good plugin, and one at a plugin ``bad`` that the test is to install."""
    install(plugin_folder, "good", source("good", "zto"))
    config = tmp_path / "asctl.toml"
    accounts = "".join(f'[couriers.{name}]\nplugin = "{name}"\n' for name in ("good", "bad"))
    config.write_text(f'[operator]\nstaff_no = "8012"\n{accounts}', "utf-8")
    path = os.pathsep.join((str(plugin_folder), os.environ.get("PYTHONPATH", "")))
    return Command(plain.env | {"ASCTL_CONFIG": str(config), "ASCTL_OUTPUT": "json", "PYTHONPATH": path})


@pytest.mark.parametrize("answer", WRONG)
def test_a_wrong_answer_is_an_error_of_its_row(two: Command, plugin_folder: Path, answer: str) -> None:
    """Exit 15; the message says which field, and what it is in place of what, and never what stands in it."""
    install(plugin_folder, "bad", source("bad", "sto", HELPERS, calling=f"return {answer}"))
    used = track(two)
    harmless(used)
    assert (used.code, used.of(BAD)["error_code"]) == (15, "plugin_failed")
    assert told(used, f"{WRONG[answer]} must be ") == 1
    assert "13800001234" not in used.err + used.out


@pytest.mark.parametrize("error", RAISED)
def test_a_wrong_error_is_the_plugins_fault(two: Command, plugin_folder: Path, error: str) -> None:
    """An error of ours with a field that is none of its own, or of no family, is told by that field."""
    install(plugin_folder, "bad", source("bad", "sto", HELPERS, calling=f"raise {error}"))
    used = track(two)
    harmless(used)
    assert (used.code, used.of(BAD)["error_code"]) == (15, "plugin_failed")
    assert told(used, f"track(): {RAISED[error]} must be ") == 1
    assert "13800001234" not in used.err + used.out


def test_a_factory_that_raises_a_wrong_error(two: Command, plugin_folder: Path) -> None:
    """The same where the provider is made."""
    install(plugin_folder, "bad", source("bad", "sto", HELPERS, making="raise Unavailable('down', hint=7)"))
    used = track(two)
    harmless(used)
    assert (used.code, used.of(BAD)["error_code"]) == (15, "plugin_failed")
    assert told(used, "fake_bad:Provider: Unavailable.hint must be str, and is int") == 1


def test_what_claims_to_be_an_error_of_ours_is_none(two: Command, plugin_folder: Path) -> None:
    """An exception is of a family by its class, whatever it says of itself."""
    install(plugin_folder, "bad", source("bad", "sto", HELPERS, calling="raise Claims()"))
    used = track(two)
    harmless(used)
    assert (used.code, used.of(BAD)["error_code"]) == (15, "plugin_failed")


@pytest.mark.parametrize(
    "members",
    [
        "text=Loud('on its way')",
        "text='on\\ud83d its way\\0'",
        "at=datetime(2026, 11, 20, 9, tzinfo=__import__('zoneinfo').ZoneInfo('Asia/Shanghai'))",
        "at=type('Own', (datetime,), {})(2026, 11, 20, 9, tzinfo=CHINA)",
        "flags=['redirected']",
    ],
)
def test_what_is_plain_to_see_is_taken(two: Command, plugin_folder: Path, members: str) -> None:
    """A list for a tuple, a zone of another kind, a class that adds to text or time, and half a character harm nothing."""
    install(plugin_folder, "bad", source("bad", "sto", HELPERS, calling=f"return scanned(queries, {members})"))
    used = track(two)
    harmless(used)
    assert (used.code, used.of(BAD)["status"]) == (0, "IN_TRANSIT")
    assert used.of(BAD)["events"][0]["at"] == "2026-11-20T09:00:00+08:00"
    assert used.of(BAD)["events"][0]["text"].startswith("on")


def test_a_wrong_answer_loses_no_other_of_its_call(two: Command, plugin_folder: Path) -> None:
    """Of several waybills asked about in one call only the one that is answered wrongly ends in an error."""
    status = "'FLYING' if each.waybill.endswith('2') else ParcelStatus.DELIVERED"
    several = f"[scanned([each], status={status})[0] for each in queries]"
    text = source("bad", "sto", HELPERS, calling=f"return {several}")
    text = text.replace("TrackerLimits()", "TrackerLimits(batch=9)")
    install(plugin_folder, "bad", text)
    used = two("track", *rows(two, GOOD, f"{BAD}1", f"{BAD}2", f"{BAD}3"))
    harmless(used)
    assert [used.of(f"{BAD}{number}")["status"] for number in (1, 3)] == ["DELIVERED", "DELIVERED"]
    assert (used.code, used.of(f"{BAD}2")["error_code"]) == (15, "plugin_failed")
    assert told(used, "track()[1].events[0].status must be ParcelStatus, and is str") == 1


@pytest.mark.parametrize("answer", ["scanned(queries, at=datetime(2026, 11, 20, 9))", "[answer(queries, events=None)]"])
def test_a_poll_stores_the_others(two: Command, plugin_folder: Path, store_url: str, answer: str) -> None:
    """Nothing of a wrong answer reaches the store; the other courier's parcel is polled, stored and watched."""
    asctl = Command(two.env | {"ASCTL_STORE__URL": store_url})
    install(plugin_folder, "bad", source("bad", "sto", HELPERS, calling=f"return {answer}"))
    assert asctl("parcel", "add", *rows(asctl, GOOD, BAD)).code == 0
    assert asctl("parcel", "poll").code == 15
    seen = {record["waybill"]: bool(record["seen_at"]) for record in asctl("parcel", "list").records}
    assert seen == {GOOD: True, BAD: False}


STOPS = """
from asctl.api import *
@hookimpl
def asctl_couriers():
    stops = Capability("Interceptor", writes={"intercept": WriteContract(find="found")})
    return [ProviderSpec(id="bad", title="", api_version=1, factory="fake_bad:Provider", couriers=("sto",),
                         capabilities=(stops, Capability("AccountChecker")))]
class Provider:
    def __init__(self, context): self.asked = 0
    def intercept(self, request): SENDING
    def found(self, request):
        self.asked += 1
        return LOOK if self.asked > 1 else Finding(Evidence.ABSENT)
    def check(self): return CheckResult(5)
"""


@pytest.mark.parametrize(
    "sending",
    ["return None", "return Submission(5)", "return Submission(fee=1.5)", "raise Refused('no', hint=7)"],
)
def test_a_write_that_is_answered_wrongly_is_unclear(
    two: Command, plugin_folder: Path, store_url: str, sending: str
) -> None:
    """Nobody knows what became of it: it is looked for, and never sent again before that."""
    asctl = Command(two.env | {"ASCTL_STORE__URL": store_url})
    install(plugin_folder, "bad", STOPS.replace("SENDING", sending).replace("LOOK", "Finding(Evidence.ABSENT)"))
    asked = asctl("intercept", "request", BAD, "--courier", "sto", "--yes")
    assert (asked.record["error_family"], asked.record["error_code"]) == ("unclear", "plugin_failed")
    assert "must be" in asked.err


@pytest.mark.parametrize("look", ["Finding('present')", "Finding(Evidence.PRESENT, waybill=7)", "True"])
def test_a_look_that_is_answered_wrongly_proves_nothing(
    two: Command, plugin_folder: Path, store_url: str, look: str
) -> None:
    """The write stays unclear."""
    asctl = Command(two.env | {"ASCTL_STORE__URL": store_url})
    install(plugin_folder, "bad", STOPS.replace("SENDING", "raise LookupError").replace("LOOK", look))
    assert asctl("intercept", "request", BAD, "--courier", "sto", "--yes").record["error_family"] == "unclear"
    asctl("action", "reconcile")
    (action,) = asctl("action", "list").records
    assert action["state"] == "unclear"


def test_a_check_that_is_answered_wrongly(two: Command, plugin_folder: Path) -> None:
    """``account check`` tells it of that account alone."""
    install(plugin_folder, "bad", STOPS.replace("SENDING", "pass").replace("LOOK", "None"))
    checked = two("account", "check", "bad")
    assert checked.code == 15
    assert told(checked, "check().detail must be str, and is int") == 1
