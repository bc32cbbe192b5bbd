"""``asctl order remark`` over the wire. What was written is taken from the sandbox's order and ledger."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from asctl.domain.times import CHINA
from tests.command_support import Command
from tests.sandbox_support import BOTH_STORES, SECOND_SHOP, OtherHands, SandboxSite, wait_for

pytestmark = BOTH_STORES
READ, WRITE = "taobao.trade.get", "taobao.trade.memo.update"
TEXT = "已联系快递，等待回复"


@pytest.fixture
def order_id(sandbox: SandboxSite, asctl: Command) -> str:
    """An order in the store that nobody has written on; the ledger is empty again."""
    assert asctl("order", "sync").code == 0
    sandbox.forget()
    return next(str(order["order_id"]) for order in sandbox.state()["orders"] if not order["remark"])


def line(sandbox: SandboxSite) -> str:
    return f"{TEXT} 8012 {sandbox.now():%Y-%m-%d}"


def test_a_line_is_appended_with_staff_number_and_date(sandbox: SandboxSite, asctl: Command, order_id: str) -> None:
    """What stood there stays, the new line ends in staff number and date, the flag is set, the store knows it."""
    OtherHands(sandbox.info.config).write(order_id, "客户要求周末送 8007")
    result = asctl("order", "remark", order_id, "--text", TEXT, "--flag", "yellow", "--yes")
    there = sandbox.order(order_id)
    assert (result.code, result.record["status"]) == (0, "done")
    assert there["remark"] == f"客户要求周末送 8007\n{line(sandbox)}"
    assert there["flag"] == "yellow"
    assert result.record["remark_before"] == "客户要求周末送 8007"
    shown = asctl("order", "show", order_id).record
    assert (shown["remark"], shown["flag"]) == (there["remark"], "yellow")


def test_the_flag_that_stands_there_is_kept(sandbox: SandboxSite, asctl: Command, order_id: str) -> None:
    """Without ``--flag`` somebody else's flag survives the write."""
    OtherHands(sandbox.info.config).write(order_id, "八〇〇七")
    asctl("order", "remark", order_id, "--text", TEXT, "--yes")
    assert sandbox.order(order_id)["flag"] == "red"


def test_a_repeat_writes_nothing(sandbox: SandboxSite, asctl: Command, order_id: str) -> None:
    """The line is the key: said again it is ``skipped``, and one write is all that was ever sent."""
    asctl("order", "remark", order_id, "--text", TEXT, "--yes")
    again = asctl("order", "remark", order_id, order_id, "--text", TEXT, "--yes")
    assert (again.code, [record["status"] for record in again.records]) == (0, ["skipped", "skipped"])
    assert len(sandbox.writes()) == 1


def test_a_dry_run_writes_nothing(sandbox: SandboxSite, asctl: Command, order_id: str) -> None:
    """``--dry-run`` shows the whole text that would stand there, exits 0 and sends no write."""
    result = asctl("order", "remark", order_id, "--text", TEXT, "--dry-run")
    assert (result.code, result.record["status"], result.record["remark"]) == (0, "planned", line(sandbox))
    assert sandbox.writes() == []
    assert sandbox.order(order_id)["remark"] == ""


def test_without_a_terminal_it_needs_yes(sandbox: SandboxSite, asctl: Command, order_id: str) -> None:
    """A script that does not say ``--yes`` gets exit 2 before anything is sent."""
    result = asctl("order", "remark", order_id, "--text", TEXT)
    assert (result.code, result.error["code"]) == (2, "needs_yes")
    assert sandbox.ledger() == []


@pytest.mark.parametrize(("answer", "code", "writes"), [("y\n", 0, 1), ("n\n", 2, 0), ("\n", 2, 0)])
def test_on_a_terminal_it_asks(
    sandbox: SandboxSite, asctl: Command, order_id: str, answer: str, code: int, writes: int
) -> None:
    """On a terminal only a plain yes lets it write."""
    result = asctl("order", "remark", order_id, "--text", TEXT, stdin=answer, tty=True)
    assert result.code == code
    assert "[y/N]" in result.err
    assert len(sandbox.writes()) == writes


@pytest.mark.parametrize("standing", ["", "旧" * 320])
def test_the_budget_of_bytes_is_kept(sandbox: SandboxSite, asctl: Command, order_id: str, standing: str) -> None:
    """A remark that would pass 1,000 bytes is set aside before it is sent, and nothing is cut."""
    if standing:
        OtherHands(sandbox.info.config).write(order_id, standing)
        sandbox.forget()
    text = TEXT if standing else "长" * 330
    result = asctl("order", "remark", order_id, "--text", text, "--yes")
    assert (result.code, result.codes()) == (3, ["remark_too_long"])
    assert sandbox.writes() == []
    assert sandbox.order(order_id)["remark"] == standing


def test_a_lost_answer_is_settled_by_looking(sandbox: SandboxSite, asctl: Command, order_id: str) -> None:
    """The connection breaks after the write was carried out: reading back says done, and it is not sent again."""
    sandbox.fault(f"taobao:{WRITE}", "close_after")
    result = asctl("order", "remark", order_id, "--text", TEXT, "--yes")
    assert (result.code, result.record["status"]) == (0, "done")
    assert [entry["applied"] for entry in sandbox.writes()] == [True]


def test_a_write_that_never_arrived_is_unclear_not_repeated(
    sandbox: SandboxSite, asctl: Command, order_id: str
) -> None:
    """The connection breaks before the write was carried out: exit 4, one attempt, and a later run writes it."""
    sandbox.fault(f"taobao:{WRITE}", "close_before")
    result = asctl("order", "remark", order_id, "--text", TEXT, "--yes")
    assert (result.code, result.codes()) == (4, ["remark_unclear"])
    assert [entry["applied"] for entry in sandbox.writes()] == [False]
    assert asctl("order", "remark", order_id, "--text", TEXT, "--yes").record["status"] == "done"
    assert sandbox.order(order_id)["remark"] == line(sandbox)


def test_what_cannot_be_seen_is_unclear_until_a_later_run_finds_it(
    sandbox: SandboxSite, asctl: Command, order_id: str
) -> None:
    """Answer lost and the look finds nothing: exit 4; the same command later finds the line and sends nothing."""
    sandbox.fault(f"taobao:{WRITE}", "close_after")
    sandbox.latency(400)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(asctl, "order", "remark", order_id, "--text", TEXT, "--yes")
        wait_for(lambda: sandbox.ledger(READ))
        sandbox.fault(f"taobao:{READ}", "hide", times=0, seconds=600)
        result = running.result()
    assert (result.code, result.end["exit_name"]) == (4, "unclear")
    assert (result.record["status"], result.record["error_code"]) == ("unclear", "remark_unclear")
    sandbox.mend()
    sandbox.latency(0)
    again = asctl("order", "remark", order_id, "--text", TEXT, "--yes")
    assert (again.code, again.record["status"]) == (0, "skipped")
    assert [entry["applied"] for entry in sandbox.writes()] == [True]


def test_a_ban_parks_the_shop_in_every_process(sandbox: SandboxSite, asctl: Command, order_id: str) -> None:
    """ "N more seconds": exit 5 with ``retry_at``; the next process sends nothing to that shop until then."""
    sandbox.fault("taobao", "throttle", seconds=300)
    result = asctl.process("order", "remark", order_id, "--text", TEXT, "--yes")
    assert (result.code, result.record["error_family"]) == (5, "throttled")
    rest = datetime.fromisoformat(result.end["retry_at"]) - datetime.now(CHINA)
    assert timedelta(seconds=240) < rest < timedelta(seconds=310)
    assert len(sandbox.ledger()) == 1
    later = asctl.process("order", "remark", order_id, "--text", TEXT, "--yes")
    assert (later.code, later.codes()) == (5, ["parked"])
    assert later.end["retry_at"] == result.end["retry_at"]
    assert len(sandbox.ledger()) == 1
    sandbox.mend()
    sandbox.travel(0.1)
    assert asctl("order", "remark", order_id, "--text", TEXT, "--yes").record["status"] == "done"


def test_somebody_writing_at_the_same_moment(sandbox: SandboxSite, asctl: Command, order_id: str) -> None:
    """Our line was overwritten before it was read back: exit 9; the same command then appends to what stands there."""
    sandbox.fault(f"taobao:{WRITE}", "slow", seconds=1)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(asctl, "order", "remark", order_id, "--text", TEXT, "--yes")
        wait_for(lambda: sandbox.ledger(WRITE))
        OtherHands(sandbox.info.config).write(order_id, "仓库：缺货 8003")
        result = running.result()
    assert (result.code, result.codes()) == (9, ["remark_overwritten"])
    assert sandbox.order(order_id)["remark"] == "仓库：缺货 8003"
    assert asctl("order", "remark", order_id, "--text", TEXT, "--yes").code == 0
    assert sandbox.order(order_id)["remark"] == f"仓库：缺货 8003\n{line(sandbox)}"


def test_an_order_that_is_not_in_the_store(sandbox: SandboxSite, asctl: Command, order_id: str) -> None:
    """An unknown order is set aside with what to do; the known one beside it is written."""
    result = asctl("order", "remark", "4999999999", order_id, "--text", TEXT, "--yes")
    assert result.code == 3
    assert {record["order_id"]: record["error_code"] for record in result.records} == {
        "4999999999": "unknown_order",
        order_id: None,
    }
    assert "asctl order sync" in result.err
    assert [entry["target"] for entry in sandbox.writes()] == [order_id]


def test_two_shops_with_the_same_number(sandbox: SandboxSite, asctl: Command, order_id: str) -> None:
    """A number that two shops have is never guessed: nothing is sent until ``--shop`` says which."""
    sandbox.configure(SECOND_SHOP)
    asctl("order", "sync", "--shop", "outlet")
    sandbox.forget()
    result = asctl("order", "remark", order_id, "--text", TEXT, "--yes")
    assert (result.code, result.codes()) == (3, ["ambiguous_order"])
    assert "--shop" in result.err
    assert sandbox.ledger() == []
    named = asctl("order", "remark", order_id, "--text", TEXT, "--yes", "--shop", "outlet")
    assert (named.code, named.record["shop"]) == (0, "outlet")
