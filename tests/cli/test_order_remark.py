"""``asctl order remark`` over the wire. What was written is taken from the sandbox's order and ledger."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from asctl.domain.times import CHINA
from asctl.store.audit import audit_about
from asctl.store.opening import open_store
from tests.command_support import Command
from tests.plugin_support import install
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


@contextmanager
def store_without_room_for(what: str, store_url: str) -> Iterator[None]:
    """A store that takes everything but audit entries of this kind, as one does that runs full at that very moment."""
    with closing(open_store(store_url)) as store:
        if store_url.startswith("sqlite"):
            refuse = f"CREATE TRIGGER full_disk BEFORE INSERT ON audit WHEN NEW.what = '{what}' BEGIN SELECT RAISE(FAIL, ''); END"
            again = "DROP TRIGGER full_disk"
        else:
            refuse = f"ALTER TABLE audit ADD CONSTRAINT full_disk CHECK (what <> '{what}') NOT VALID"
            again = "ALTER TABLE audit DROP CONSTRAINT full_disk"
        with store.write() as tx:
            tx.execute(sql(refuse))
        yield
        with store.write() as tx:
            tx.execute(sql(again))


def trail(store_url: str, order_id: str) -> list[tuple[str, str | None]]:
    """What the audit says of an order, oldest first: what was done, and its outcome."""
    with closing(open_store(store_url)) as store, store.read() as tx:
        return [(entry.what, entry.detail.get("outcome")) for entry in reversed(list(audit_about(tx, order_id)))]


def unmarked(sandbox: SandboxSite, count: int) -> list[str]:
    """Orders that nobody has written on."""
    return [str(order["order_id"]) for order in sandbox.state()["orders"] if not order["remark"]][:count]


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


def test_the_audit_knows_before_and_after(sandbox: SandboxSite, asctl: Command, order_id: str, store_url: str) -> None:
    """That a line is about to be sent is on record before it leaves, and what became of it after."""
    sandbox.fault(f"taobao:{WRITE}", "close_before")
    asctl("order", "remark", order_id, "--text", TEXT, "--yes")
    unclear = [("order remark sending", None), ("order remark", "remark_unclear")]
    assert trail(store_url, order_id) == unclear
    asctl("order", "remark", order_id, "--text", TEXT, "--yes")
    assert trail(store_url, order_id) == [*unclear, ("order remark sending", None), ("order remark", "done")]


def test_a_store_that_fails_after_the_write(
    sandbox: SandboxSite, asctl: Command, order_id: str, store_url: str
) -> None:
    """Exit 10 at once; the remark that was written is never called failed; run again, its record is completed."""
    orders = unmarked(sandbox, 3)
    command = ("order", "remark", *orders, "--text", TEXT, "--yes", "--jobs", "1")
    with store_without_room_for("order remark", store_url):
        result = asctl(*command)
    assert (result.code, result.error["code"]) == (10, "remark_unrecorded")
    assert (result.record["order_id"], result.record["status"]) == (orders[0], "unclear")
    assert result.err.count("was sent (done)") == 2, result.err
    assert "nothing was changed" not in result.err
    assert [entry["target"] for entry in sandbox.writes()] == orders[:1]
    again = asctl(*command)
    assert (again.code, [record["status"] for record in again.records]) == (0, ["skipped", "done", "done"])
    assert trail(store_url, orders[0]) == [("order remark sending", None), ("order remark", "done")]
    assert asctl("order", "show", orders[0]).record["remark"] == line(sandbox)
    asctl(*command)
    assert len(trail(store_url, orders[0])) == 2


def test_a_store_that_fails_before_the_write(
    sandbox: SandboxSite, asctl: Command, order_id: str, store_url: str
) -> None:
    """What cannot be put on record is not sent: exit 10, and nothing was written anywhere."""
    orders = unmarked(sandbox, 3)
    with store_without_room_for("order remark sending", store_url):
        result = asctl("order", "remark", *orders, "--text", TEXT, "--yes", "--jobs", "1")
    assert (result.code, result.error["family"]) == (10, "store")
    assert (result.record["order_id"], result.record["status"]) == (orders[0], "failed")
    assert sandbox.writes() == []


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
    """``--max-items 1`` of three: one done, exit 12, and the row to go on with is named."""
    orders = unmarked(sandbox, 3)
    result = asctl("order", "remark", *orders, "--text", TEXT, "--yes", "--max-items", "1", "--jobs", "1")
    assert result.code == 12
    assert [(record["order_id"], record["status"], record["error_code"]) for record in result.records] == [
        (orders[0], "done", None),
        (orders[1], "skipped", "limit"),
    ]
    assert len(sandbox.writes()) == 1


RULE = """
from asctl.api import hookimpl

@hookimpl
def asctl_review_action(action):
    return "no remarks today"
"""


def test_a_house_rule_stops_it(sandbox: SandboxSite, asctl: Command, order_id: str, plugin_folder: Path) -> None:
    """A plugin's objection is a refusal that names the account; nothing is sent, and nothing goes on record."""
    install(plugin_folder, "rule", RULE)
    result = asctl("order", "remark", order_id, "--text", TEXT, "--yes")
    assert (result.code, result.record["status"], result.record["error_code"]) == (3, "refused", "house_rule")
    assert "flagship: no remarks today" in result.err
    assert sandbox.writes() == []
