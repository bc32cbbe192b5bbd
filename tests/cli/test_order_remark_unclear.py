"""Remarks whose answer was lost, or whose store failed: never sent twice, never lost. Verdicts from order and ledger."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.command_support import Command, ended
from tests.remark_support import (
    LOOKED_FOR_LATER,
    TEXT,
    WRITE,
    action_of,
    arrived_unseen,
    line,
    remark,
    store_without_room_for,
    trail,
    unmarked,
)
from tests.sandbox_support import BOTH_STORES, SandboxSite

pytestmark = BOTH_STORES


def test_a_lost_answer_is_settled_by_looking(sandbox: SandboxSite, asctl: Command, order_id: str) -> None:
    """The connection breaks after the write was carried out: reading back says done, and it is not sent again."""
    sandbox.fault(f"taobao:{WRITE}", "close_after")
    result = remark(asctl, order_id)
    assert (result.code, result.record["status"]) == (0, "done")
    assert [entry["applied"] for entry in sandbox.writes()] == [True]


def test_a_write_that_never_arrived_is_unclear_not_repeated(
    sandbox: SandboxSite, asctl: Command, order_id: str
) -> None:
    """The connection breaks before the write was carried out: exit 4, one attempt; the same command sends nothing while
    it might still arrive."""
    sandbox.fault(f"taobao:{WRITE}", "close_before")
    result = remark(asctl, order_id)
    assert (result.code, result.codes()) == (4, ["remark_unclear"])
    again = remark(asctl, order_id)
    assert (again.code, again.codes()) == (4, ["earlier_unclear"])
    assert again.record["action_id"] == result.record["action_id"]
    assert [entry["applied"] for entry in sandbox.writes()] == [False]


def test_what_surely_did_not_arrive_is_sent_once_more(sandbox: SandboxSite, asctl: Command, order_id: str) -> None:
    """A look that comes late enough and finds nothing is proof: reconciling plans it again and sends nothing, and the same
    command then sends the second attempt under the same key."""
    sandbox.fault(f"taobao:{WRITE}", "close_before")
    remark(asctl, order_id)
    first = action_of(asctl, order_id)
    sandbox.travel(LOOKED_FOR_LATER)
    looked = asctl("action", "reconcile")
    assert (looked.record["status"], looked.record["state"]) == ("planned", "planned")
    assert len(sandbox.writes()) == 1
    assert remark(asctl, order_id).record["status"] == "done"
    second = action_of(asctl, order_id)
    assert (second["action"], second["key"], second["attempt"]) == (first["action"], first["key"], 2)
    assert sandbox.order(order_id)["remark"] == line(sandbox)


def test_what_cannot_be_seen_is_unclear_until_a_look_finds_it(
    sandbox: SandboxSite, asctl: Command, order_id: str
) -> None:
    """Answer lost and nothing to be seen: exit 4. The same command sends nothing; reconciling finds the line, and from then
    on there is nothing left to do."""
    result = arrived_unseen(sandbox, asctl, order_id)
    assert (result.code, result.end["exit_name"]) == (4, "unclear")
    assert (result.record["status"], result.record["error_code"]) == ("unclear", "remark_unclear")
    assert remark(asctl, order_id).codes() == ["earlier_unclear"]
    sandbox.travel(LOOKED_FOR_LATER)
    assert asctl("action", "reconcile").record["status"] == "done"
    again = remark(asctl, order_id)
    assert (again.code, again.record["status"]) == (0, "skipped")
    assert [entry["applied"] for entry in sandbox.writes()] == [True]


def before_midnight(sandbox: SandboxSite) -> str:
    """Move the clocks to three minutes before midnight; what a remark becomes there."""
    now = sandbox.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    sandbox.travel((midnight - timedelta(minutes=3) - now).total_seconds() / 3600)
    return line(sandbox)


def test_an_unclear_remark_is_not_sent_twice_after_midnight(
    sandbox: SandboxSite, asctl: Command, order_id: str
) -> None:
    """The date in the line makes no new remark of it: the next day the same command still waits, and the look finds the
    line of the day before."""
    yesterday = before_midnight(sandbox)
    assert arrived_unseen(sandbox, asctl, order_id).code == 4
    sandbox.travel(LOOKED_FOR_LATER)
    assert line(sandbox) != yesterday
    assert remark(asctl, order_id).codes() == ["earlier_unclear"]
    assert asctl("action", "reconcile").record["status"] == "done"
    assert [entry["applied"] for entry in sandbox.writes()] == [True]
    assert sandbox.order(order_id)["remark"] == yesterday


def test_a_remark_lost_before_midnight_keeps_its_date(sandbox: SandboxSite, asctl: Command, order_id: str) -> None:
    """What surely did not arrive goes out the next day as it was planned: one line, of the day it was ordered."""
    yesterday = before_midnight(sandbox)
    sandbox.fault(f"taobao:{WRITE}", "close_before")
    remark(asctl, order_id)
    sandbox.travel(LOOKED_FOR_LATER)
    asctl("action", "reconcile")
    assert remark(asctl, order_id).code == 0
    assert sandbox.order(order_id)["remark"] == yesterday


def test_the_audit_knows_every_step(sandbox: SandboxSite, asctl: Command, order_id: str, store_url: str) -> None:
    """What became of each attempt is in the trail of the action; that it is being sent stands in the action itself."""
    sandbox.fault(f"taobao:{WRITE}", "close_before")
    number = remark(asctl, order_id).record["action_id"]
    assert trail(store_url, number) == [("action remark", "unclear")]
    sandbox.travel(LOOKED_FOR_LATER)
    asctl("action", "reconcile")
    remark(asctl, order_id)
    assert trail(store_url, number) == [("action remark", state) for state in ("unclear", "planned", "done")]
    assert action_of(asctl, order_id)["sent_at"]


def test_a_store_that_fails_after_the_write(
    sandbox: SandboxSite, asctl: Command, order_id: str, store_url: str
) -> None:
    """Exit 10 at once; the remark that was written is never called failed. Run again, it waits for a look and the others go
    on; the look completes its record, and nothing is written twice."""
    orders = unmarked(sandbox, 3)
    with store_without_room_for("audit", "what", "action remark", store_url):
        result = remark(asctl, *orders)
    assert (result.code, result.error["code"]) == (10, "action_unrecorded")
    assert {record["order_id"]: record["status"] for record in result.records}[orders[0]] == "unclear"
    assert "(done)" in result.err
    assert "nothing was changed" not in result.err
    assert [entry["target"] for entry in sandbox.writes()] == orders[:1]
    again = remark(asctl, *orders)
    assert {record["order_id"]: record["status"] for record in again.records} == {
        orders[0]: "unclear",
        orders[1]: "done",
        orders[2]: "done",
    }
    sandbox.travel(LOOKED_FOR_LATER)
    assert asctl("action", "reconcile").record["status"] == "done"
    assert [entry["target"] for entry in sandbox.writes()] == orders
    number = action_of(asctl, orders[0])["action"]
    assert trail(store_url, number) == [("action remark", "unclear"), ("action remark", "done")]


@pytest.mark.parametrize("state", ["planned", "sending"])
def test_a_store_that_fails_before_the_write(
    sandbox: SandboxSite, asctl: Command, order_id: str, store_url: str, state: str
) -> None:
    """What cannot be put on record is not sent: exit 10, and nothing was written anywhere; run again, all of it is."""
    orders = unmarked(sandbox, 3)
    with store_without_room_for("actions", "state", state, store_url):
        result = remark(asctl, *orders)
    assert (result.code, result.error["family"]) == (10, "store")
    assert {record["status"] for record in result.records} <= {"failed", "planned"}
    assert sandbox.writes() == []
    assert remark(asctl, *orders).end["counts"] == {"done": 3}
    assert [sandbox.order(each)["remark"] for each in orders] == [line(sandbox)] * 3


def test_two_processes_lose_no_remark(sandbox: SandboxSite, asctl: Command, order_id: str) -> None:
    """Each appends to what the other wrote, since they take turns at the shop; what both were told stands once."""
    sandbox.latency(100)
    told = ("仓库已核实", TEXT, TEXT)
    processes = [asctl.start("order", "remark", order_id, "--text", text, "--yes") for text in told]
    own, *same = [ended(process).code for process in processes]
    assert own == 0
    assert 0 in same
    lines = sandbox.order(order_id)["remark"].splitlines()
    assert sorted(lines) == sorted([f"仓库已核实 8012 {sandbox.now():%Y-%m-%d}", line(sandbox)])
    assert len(sandbox.writes()) == 2
