"""``asctl db audit``: who did what, and who had personal data shown."""

from __future__ import annotations

import pytest

from tests.command_support import Command
from tests.sandbox_support import BOTH_STORES, SandboxSite


@pytest.fixture
def orders(asctl: Command) -> list[str]:
    """The numbers of the orders in the store, the newest first."""
    asctl("order", "sync")
    return [record["order_id"] for record in asctl("order", "list").records]


@BOTH_STORES
def test_the_trail_can_be_read(asctl: Command, orders: list[str]) -> None:
    """Each deed with its staff number, what was done, about what; the newest first, as many as are wanted."""
    number = asctl("rma", "open", orders[0], "--kind", "refund_only", "--reason", "quality").record["rma"]
    asctl("rma", "approve", number)
    trail = asctl("db", "audit").records
    assert [(entry["who"], entry["what"], entry["subject"]) for entry in trail] == [
        ("8012", "rma approve", number),
        ("8012", "rma open", number),
    ]
    assert f"order={orders[0]}" in trail[0]["detail"]
    assert asctl("db", "audit", "--limit", "1").records == trail[:1]


def test_a_write_to_the_outside_is_in_the_trail(asctl: Command, orders: list[str]) -> None:
    """A remark is entered under its action, with its state, its target and the key under which it was sent."""
    number = asctl("order", "remark", orders[0], "--text", "已核实", "--yes").record["action_id"]
    entry = asctl("db", "audit").record
    assert (entry["who"], entry["what"], entry["subject"]) == ("8012", "action remark", number)
    key = asctl("action", "show", number).record["key"]
    assert {"state=done", f"target={orders[0]}", f"key={key}", "attempt=1"} <= set(entry["detail"])


def test_an_empty_trail(asctl: Command) -> None:
    """Where nobody did anything there is nothing to read."""
    assert asctl("db", "audit", "--fail-if-empty").code == 6


def test_a_revealed_list_says_whose(asctl: Command, orders: list[str]) -> None:
    """What a list revealed is on record: how many, and which as long as they are few."""
    shown = [record["order_id"] for record in asctl("order", "list", "--reveal", "--limit", "3").records]
    (entry,) = asctl("db", "audit").records
    assert (entry["what"], entry["subject"]) == ("reveal", "order list")
    assert entry["detail"] == ["count=3", f"which={' '.join(shown)}"]


def test_many_revealed_are_counted(sandbox: SandboxSite, asctl: Command) -> None:
    """Of more than fifty there is the number only."""
    sandbox.orders(60, status="WAIT_SELLER_SEND_GOODS")
    sandbox.travel(1)
    asctl("order", "sync")
    shown = len(asctl("order", "list", "--reveal").records)
    assert shown > 50
    assert asctl("db", "audit").record["detail"] == [f"count={shown}"]


@pytest.mark.parametrize("verb", [("order", "list"), ("order", "show"), ("aftersale", "list"), ("rma", "list")])
def test_nobody_in_particular_sees_nothing(
    sandbox: SandboxSite, asctl: Command, orders: list[str], verb: tuple[str, ...]
) -> None:
    """Without a staff number nothing is revealed: exit 2, no data, no record without a name."""
    sandbox.reconfigure('staff_no = "8012"', "")
    result = asctl(*verb, *orders[: verb[1] == "show"], "--reveal")
    assert (result.code, result.out) == (2, "")
    assert "operator.staff_no" in result.err
    assert asctl("db", "audit").records == []


def test_phone_numbers_that_people_typed_are_masked(asctl: Command, orders: list[str]) -> None:
    """A number in a note, a reason or a remark is somebody's: neither tasks nor the trail show it whole."""
    asctl("order", "remark", orders[0], "--text", "电话 13812345678", "--yes")
    number = asctl("task", "add", "回电 13812345678", "--why", "13812345678").record["task"]
    asctl("task", "note", number, "--text", "买家 13812345678 未接")
    asctl("task", "done", number, "--why", "已回 13812345678")
    shown = asctl("task", "list", "--state", "done").out + asctl("db", "audit").out + asctl("order", "list").out
    assert "138********" in shown
    assert "13812345678" not in shown
