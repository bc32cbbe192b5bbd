"""``asctl parcel poll`` on the sandbox's clock: verdicts, tasks, and answers that are none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.command_support import Command
from tests.sandbox_support import BOTH_STORES, SandboxSite, iso_before

JT = "JT1234567890123"
SECOND_ACCOUNT = """
[couriers.second]
plugin = "kuaidi100"
base_url = "{url}/kuaidi100"
customer = "ABCDEF0123456789ABCDEF0123456789"
key = "wrong"
"""


@pytest.fixture
def watched(sandbox: SandboxSite, asctl: Command) -> str:
    """A J&T parcel under watch that was picked up 10 and last moved 2 hours ago; Kuaidi100 alone is asked for it."""
    sandbox.parcel(JT, (10, "PICKED_UP", "杭州市"), (2, "IN_TRANSIT", "嘉兴市"), courier="jt")
    assert asctl("parcel", "add", JT).code == 0
    return JT


def verdict(asctl: Command, waybill: str) -> str:
    """The verdict after a poll."""
    asctl("parcel", "poll")
    return str(asctl("parcel", "show", waybill).record["verdict"])


def open_tasks(asctl: Command, state: str = "open") -> list[str]:
    return [record["kind"] for record in asctl("task", "list", "--state", state).records]


@BOTH_STORES
def test_grades_and_tasks_as_time_passes(sandbox: SandboxSite, asctl: Command, watched: str) -> None:
    """Without movement: slow after 24 h, stalled after 48 h with one task to contact the courier, lost after 72 h with
    one to treat it as lost; a task never opens twice for one cause however often is polled."""
    assert (verdict(asctl, watched), open_tasks(asctl)) == ("normal", [])
    sandbox.travel(23)
    assert (verdict(asctl, watched), open_tasks(asctl)) == ("slow", [])
    sandbox.travel(24)
    assert (verdict(asctl, watched), open_tasks(asctl)) == ("stalled", ["contact_courier"])
    for _poll in range(3):
        sandbox.travel(3)
        assert (verdict(asctl, watched), open_tasks(asctl)) == ("stalled", ["contact_courier"])
    sandbox.travel(16)
    for _poll in range(3):
        assert (verdict(asctl, watched), open_tasks(asctl)) == ("lost", ["treat_as_lost"])
        sandbox.travel(3)
    assert open_tasks(asctl, "dropped") == ["contact_courier"]


@BOTH_STORES
def test_a_task_closes_by_itself_when_the_parcel_moves(sandbox: SandboxSite, asctl: Command, watched: str) -> None:
    """A new place settles the task; standing still again is a new cause with a task of its own."""
    sandbox.travel(47)
    assert (verdict(asctl, watched), open_tasks(asctl)) == ("stalled", ["contact_courier"])
    sandbox.parcel(watched, (0.2, "IN_TRANSIT", "上海市"), courier="jt")
    sandbox.travel(3)
    assert (verdict(asctl, watched), open_tasks(asctl)) == ("normal", [])
    assert open_tasks(asctl, "done") == ["contact_courier"]
    sandbox.travel(49)
    assert (verdict(asctl, watched), open_tasks(asctl)) == ("stalled", ["contact_courier"])
    assert open_tasks(asctl, "done") == ["contact_courier"]


def test_a_task_that_was_done_stays_done(sandbox: SandboxSite, asctl: Command, watched: str) -> None:
    """Somebody contacted the courier: polls after it open no second task for the same standstill."""
    sandbox.travel(47)
    verdict(asctl, watched)
    number = asctl("task", "list").record["task"]
    assert asctl("task", "done", number, "--why", "已联系").code == 0
    sandbox.travel(3)
    assert (verdict(asctl, watched), open_tasks(asctl)) == ("stalled", [])


def test_signed_then_going_back(sandbox: SandboxSite, asctl: Command, watched: str) -> None:
    """A signed parcel is asked about for some days more, and a return after it is seen."""
    sandbox.parcel(watched, (0.1, "DELIVERED", "上海市"), courier="jt")
    assert verdict(asctl, watched) == "done"
    assert asctl("parcel", "show", watched).record["open"] is True
    sandbox.parcel(watched, (-20, "RETURNING", "上海市"), courier="jt")
    sandbox.travel(24)
    asctl("parcel", "poll")
    record = asctl("parcel", "show", watched).record
    assert (record["status"], record["findings"]) == ("RETURNING", ["returning"])


def test_scans_in_one_city_are_no_movement(sandbox: SandboxSite, asctl: Command, watched: str) -> None:
    """Scanned again and again in one place it counts as stuck there, although the last scan is young."""
    for hours in (-12, -24, -36, -47):
        sandbox.parcel(watched, (hours, "IN_TRANSIT", "嘉兴市"), courier="jt")
    sandbox.travel(48)
    assert verdict(asctl, watched) == "stalled"
    assert asctl("parcel", "show", watched).record["findings"] == ["stuck_in_place"]


def test_a_failing_source_is_not_an_idle_parcel(sandbox: SandboxSite, asctl: Command, watched: str) -> None:
    """While nobody answers, no idleness is claimed: the verdict becomes unknown, no task opens, the error is kept."""
    assert verdict(asctl, watched) == "normal"
    sandbox.fault("kuaidi100", "status", times=0, code=500)
    sandbox.travel(80)
    assert (verdict(asctl, watched), open_tasks(asctl)) == ("unknown", [])
    record = asctl("parcel", "show", watched).record
    assert record["findings"] == ["source_failing"]
    assert record["poll_error"].startswith("unavailable")
    sandbox.mend()
    sandbox.travel(5)
    assert (verdict(asctl, watched), open_tasks(asctl)) == ("lost", ["treat_as_lost"])


def test_the_shop_is_asked_when_the_courier_cannot(sandbox: SandboxSite, asctl: Command) -> None:
    """The marketplace's own trace is the second source of an order's parcel, and its events say where they are from."""
    order = sandbox.orders(1, couriers=["jt"], paid_at=iso_before(sandbox.now(), 0))[0]
    sandbox.travel(24)
    asctl("order", "sync")
    waybill = order["waybills"][0]
    sandbox.fault("kuaidi100", "status", times=0, code=500, match=waybill)
    polled = asctl("parcel", "poll").of(waybill)
    assert (polled["status"], polled["error_code"]) == ("IN_TRANSIT", None)
    sources = {event["source"] for event in asctl("parcel", "show", waybill).record["events"]}
    assert sources == {"flagship"}
    assert sandbox.ledger("taobao.logistics.trace.get", order["order_id"])


def test_the_aggregator_is_asked_when_the_courier_cannot(sandbox: SandboxSite, asctl: Command) -> None:
    """A courier whose own account fails is asked about through Kuaidi100 in the same poll."""
    waybill = sandbox.parcel("YT1234567890123", (10, "PICKED_UP", "杭州市"))
    asctl("parcel", "add", waybill)
    sandbox.fault("yto", "status", times=0, code=500)
    polled = asctl("parcel", "poll").record
    assert (polled["status"], polled["error_code"]) == ("PICKED_UP", None)
    assert {event["source"] for event in asctl("parcel", "show", waybill).record["events"]} == {"kuaidi100"}


def test_unknown_codes_stay_unknown(sandbox: SandboxSite, asctl: Command, watched: str) -> None:
    """A code that nobody mapped is ``UNKNOWN`` with the courier's own code beside it, and the other scans are kept."""
    sandbox.parcel(watched, (0.5, "UNKNOWN", "苏州市"), courier="jt")
    asctl("parcel", "poll")
    record = asctl("parcel", "show", watched).record
    assert (record["status"], record["raw_code"], record["findings"]) == ("UNKNOWN", "7788", ["unknown_code"])
    assert [event["status"] for event in record["events"]].count("UNKNOWN") == 1
    assert len(record["events"]) == 3


def test_a_broken_account_does_not_stop_the_others(sandbox: SandboxSite, asctl: Command, watched: str) -> None:
    """A courier account with a wrong key: exit 7 names it, its parcels go to the next account, and all are answered."""
    sandbox.configure(SECOND_ACCOUNT)
    second = sandbox.parcel("JT7777777777777", (3, "PICKED_UP", "杭州市"), courier="jt")
    asctl("parcel", "add", second, "--account", "second")
    result = asctl("parcel", "poll")
    assert result.code == 7
    assert (result.of(watched)["status"], result.of(second)["status"]) == ("IN_TRANSIT", "PICKED_UP")
    assert "second" in result.err


def test_only_one_account_is_polled(sandbox: SandboxSite, asctl: Command, watched: str) -> None:
    """``--account`` polls the parcels that this account is asked about; an unknown one is exit 2 and nothing is sent."""
    sandbox.configure(SECOND_ACCOUNT)
    assert asctl("parcel", "poll", "--account", "second").records == []
    assert sandbox.ledger() == []
    unknown = asctl("parcel", "poll", "--account", "kd200")
    assert (unknown.code, unknown.error["code"]) == (2, "unknown_account")
    assert sandbox.ledger() == []
    assert [record["waybill"] for record in asctl("parcel", "poll", "--account", "kuaidi100").records] == [watched]


def test_nothing_due_is_nothing_asked(sandbox: SandboxSite, asctl: Command, watched: str) -> None:
    """A poll right after a poll asks nobody and exits 0: the next time depends on the parcel's state."""
    asctl("parcel", "poll")
    sandbox.forget()
    again = asctl("parcel", "poll")
    assert (again.code, again.records, sandbox.ledger()) == (0, [], [])


def test_limits_end_a_poll_early(sandbox: SandboxSite, asctl: Command) -> None:
    """``--max-items`` and ``--deadline`` exit 12; the next poll takes what was left, and no parcel is asked twice."""
    asctl("order", "sync")
    sandbox.forget()
    few = asctl("parcel", "poll", "--max-items", "12")
    assert (few.code, len(few.records)) == (12, 12)
    assert asctl("parcel", "poll", "--deadline", "0.000001").code == 12
    rest = asctl("parcel", "poll", "--max-items", "1000")
    assert rest.code != 12
    couriers = [entry for entry in sandbox.ledger() if entry["plugin"] != "taobao"]
    asked = [waybill for entry in couriers for waybill in entry["target"].split(",")]
    assert len(asked) == len(set(asked)) == len(asctl("parcel", "list").records)


def test_watch_applies_a_changed_policy_without_asking(sandbox: SandboxSite, asctl: Command, watched: str) -> None:
    """``parcel watch`` judges again by the policy in force, opens the task that follows, and asks nobody."""
    asctl("parcel", "poll")
    sandbox.forget()
    strict = {"ASCTL_WATCH__SLOW_AFTER": "30m", "ASCTL_WATCH__STALLED_AFTER": "1h"}
    assert asctl("parcel", "watch", env=strict).of(watched)["verdict"] == "stalled"
    assert open_tasks(asctl) == ["contact_courier"]
    assert sandbox.ledger() == []
    assert asctl("parcel", "watch").of(watched)["verdict"] == "normal"
    assert open_tasks(asctl) == []


def test_signed_at_once_is_no_evidence(sandbox: SandboxSite, asctl: Command) -> None:
    """The marketplace calls a parcel that was sent offline signed from the first moment: its scans alone decide."""
    order = sandbox.orders(1, couriers=["jt"], paid_at=iso_before(sandbox.now(), 10))[0]
    sandbox.travel(0.02)
    asctl("order", "sync")
    (waybill,) = order["waybills"]
    sandbox.fault("kuaidi100", "status", times=0, code=500, match=waybill)
    asctl("parcel", "poll")
    assert sandbox.ledger("taobao.logistics.trace.get", order["order_id"])
    there = next(parcel for parcel in sandbox.state()["parcels"] if parcel["waybill"] == waybill)
    record = asctl("parcel", "show", waybill).record
    assert (record["status"], record["seen_at"] is not None) == (there["status"], True)
    assert "DELIVERED" not in {event["status"] for event in record["events"]}
    assert record["verdict"] != "done"


def test_a_clock_that_ran_ahead_puts_nothing_to_sleep(sandbox: SandboxSite, asctl: Command, watched: str) -> None:
    """One poll under a clock a month ahead does not keep the following ones from asking."""
    assert asctl("parcel", "poll", now=(sandbox.now() + timedelta(days=30)).isoformat()).records
    sandbox.travel(2)
    asctl("parcel", "poll")
    sandbox.travel(1)
    assert asctl("parcel", "poll").end["counts"] == {"done": 1}


def test_a_courier_that_wants_rest_has_not_answered(sandbox: SandboxSite, asctl: Command, watched: str) -> None:
    """The far side refuses the waybill as asked too often (somebody else asked): that is told, and is no news of it."""
    asctl("parcel", "poll")
    result = asctl("parcel", "poll", now=(sandbox.now() + timedelta(hours=5)).isoformat())
    assert (result.code, result.record["error_code"]) == (5, "asked_too_often")
    assert "1 without an answer" in result.err
    assert asctl("parcel", "show", watched).record["poll_error"].startswith("throttled: ")
