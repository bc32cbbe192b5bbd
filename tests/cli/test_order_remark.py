"""``asctl order remark`` over the wire. What was written is taken from the sandbox's order and ledger."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from asctl.domain.times import CHINA
from tests.command_support import Command
from tests.plugin_support import install
from tests.remark_support import TEXT, WRITE, line, unmarked
from tests.sandbox_support import BOTH_STORES, SECOND_SHOP, OtherHands, SandboxSite, wait_for

pytestmark = BOTH_STORES


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


def test_another_day_is_another_line(sandbox: SandboxSite, asctl: Command, order_id: str) -> None:
    """What was done yesterday may be said again today: both lines stand, each with its date, as actions of their own."""
    command = ("order", "remark", order_id, "--text", TEXT, "--yes")
    first, yesterday = asctl(*command).record["action_id"], line(sandbox)
    sandbox.travel(24)
    second = asctl(*command).record
    assert (second["status"], second["action_id"] != first) == ("done", True)
    assert sandbox.order(order_id)["remark"] == f"{yesterday}\n{line(sandbox)}"


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


def test_two_shops_in_parallel(sandbox: SandboxSite, asctl: Command, order_id: str, tmp_path: Path) -> None:
    """Two shops of one plugin, many threads: every line arrives once, in its own shop."""
    sandbox.configure(SECOND_SHOP)
    asctl("order", "sync", "--shop", "outlet")
    sandbox.forget()
    orders = unmarked(sandbox, 16)
    shops = {number: ("flagship", "outlet")[index % 2] for index, number in enumerate(orders)}
    batch = tmp_path / "batch.csv"
    batch.write_text("order,shop\n" + "".join(f"{number},{shop}\n" for number, shop in shops.items()), "utf-8")
    result = asctl("order", "remark", "--from", str(batch), "--text", TEXT, "--yes", "--jobs", "8")
    assert (result.code, result.end["counts"]) == (0, {"done": len(orders)})
    assert {record["order_id"]: record["shop"] for record in result.records} == shops
    assert sorted(entry["target"] for entry in sandbox.writes()) == sorted(orders)
    assert {sandbox.order(number)["remark"] for number in orders} == {line(sandbox)}


def test_a_row_that_meets_the_limit_is_told(sandbox: SandboxSite, asctl: Command, order_id: str) -> None:
    """``--max-items 1`` of three: one done, exit 12, the others stay planned, and resuming the batch writes them."""
    orders = unmarked(sandbox, 3)
    result = asctl("order", "remark", *orders, "--text", TEXT, "--yes", "--max-items", "1", "--jobs", "1")
    assert result.code == 12
    assert [(record["order_id"], record["status"], record["error_code"]) for record in result.records] == [
        (orders[0], "done", None),
        (orders[1], "planned", "limit"),
        (orders[2], "planned", "limit"),
    ]
    assert [entry["target"] for entry in sandbox.writes()] == orders[:1]
    assert asctl("batch", "resume", result.end["batch_id"], "--yes").code == 0
    assert sorted(entry["target"] for entry in sandbox.writes()) == sorted(orders)


RULE = """
from asctl.api import hookimpl

@hookimpl
def asctl_review_action(action):
    return "no remarks today"
"""


def test_a_house_rule_stops_it(sandbox: SandboxSite, asctl: Command, order_id: str, plugin_folder: Path) -> None:
    """A plugin's objection is a refusal that names the account, and stands on record; nothing is sent."""
    install(plugin_folder, "rule", RULE)
    result = asctl("order", "remark", order_id, "--text", TEXT, "--yes")
    assert (result.code, result.record["status"], result.record["error_code"]) == (3, "refused", "house_rule")
    assert "flagship: no remarks today" in result.err
    assert asctl("action", "show", result.record["action_id"]).record["state"] == "refused"
    assert sandbox.writes() == []
