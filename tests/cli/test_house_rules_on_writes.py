"""House rules: a plugin may stop an outgoing write before it leaves, row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.address_support import NEW, UPDATE, change, order_under_way, orders_to_ship
from tests.aftersale_support import make_applications
from tests.command_support import Command
from tests.plugin_support import install
from tests.sandbox_support import BOTH_STORES, SandboxSite

NOT_THIS_ONE = """
from asctl.api import hookimpl

@hookimpl
def asctl_review_action(action):
    return "the owner decides this one" if action.target.endswith("{target}") else None
"""
RAISES = """
from asctl.api import hookimpl

@hookimpl
def asctl_review_action(action):
    raise ValueError("13800001111")
"""
EXITS = """
import sys
from asctl.api import hookimpl

@hookimpl
def asctl_review_action(action):
    sys.exit(0)
"""
WRITES_DOWN = """
from pathlib import Path
from asctl.api import hookimpl

@hookimpl
def asctl_review_action(action):
    with Path(r"{path}").open("a", encoding="utf-8") as file:
        file.write(f"{{action.kind}} {{action.account}} {{action.target}} {{dict(action.detail)}}\\n")
"""


@pytest.fixture
def waiting(sandbox: SandboxSite, asctl: Command) -> list[str]:
    """Orders in the store that wait for shipping; the ledger is empty again."""
    return orders_to_ship(sandbox, asctl)


@BOTH_STORES
def test_a_rule_stops_one_row(sandbox: SandboxSite, asctl: Command, waiting: list[str], plugin_folder: Path) -> None:
    """The row that the rule objects to is refused with its reason and never sent; the others are done."""
    install(plugin_folder, "rule", NOT_THIS_ONE.format(target=waiting[1]))
    result = change(asctl, *waiting[:3])
    rows = {record["input"]: (record["status"], record["error_code"]) for record in result.records}
    assert result.code == 3
    assert rows == {waiting[0]: ("done", None), waiting[1]: ("refused", "house_rule"), waiting[2]: ("done", None)}
    assert "the owner decides this one" in result.err
    assert sorted(entry["target"] for entry in sandbox.ledger(UPDATE)) == [waiting[0], waiting[2]]
    refused = asctl("action", "list", "--state", "refused").record
    assert (refused["order_id"], refused["refusal"], refused["attempt"]) == (waiting[1], "REFUSED_BY_RULE", 0)


def test_once_the_rule_is_gone_it_may_be_sent(
    sandbox: SandboxSite, asctl: Command, waiting: list[str], plugin_folder: Path
) -> None:
    """A rule's no is not for ever: without the rule the same command is carried out."""
    install(plugin_folder, "rule", NOT_THIS_ONE.format(target=waiting[0]))
    assert change(asctl, waiting[0]).codes() == ["house_rule"]
    sandbox.configure('[plugins]\nallow = ["taobao"]')
    assert change(asctl, waiting[0]).record["status"] == "done"


@pytest.mark.parametrize("rule", [RAISES, EXITS])
def test_a_rule_that_fails_is_no_permission(
    sandbox: SandboxSite, asctl: Command, waiting: list[str], plugin_folder: Path, rule: str
) -> None:
    """A rule that raises or exits stops every row with exit 15: nothing is sent, and its words are not repeated."""
    install(plugin_folder, "rule", rule)
    result = change(asctl, *waiting[:2])
    assert (result.code, {record["error_family"] for record in result.records}) == (15, {"plugin_broken"})
    assert sandbox.writes() == []
    assert NEW["phone"] not in result.err + result.out
    assert {record["state"] for record in asctl("action", "list").records} == {"planned"}


def test_a_call_about_many_leaves_one_out(sandbox: SandboxSite, asctl: Command, plugin_folder: Path) -> None:
    """Refunds that go out in one call are reviewed one by one: the call is made without the one that is stopped."""
    numbers = make_applications(sandbox, asctl, "refund_only", 3)
    install(plugin_folder, "rule", NOT_THIS_ONE.format(target=numbers[1]))
    result = asctl("aftersale", "agree", *numbers, "--yes")
    assert (result.code, result.end["counts"]) == (3, {"done": 2, "refused": 1})
    assert [entry["key"] for entry in sandbox.ledger("taobao.rp.refunds.agree")] == [f"{numbers[0]},{numbers[2]}"]
    assert not [entry for entry in sandbox.writes() if numbers[1] in (entry["target"], entry["key"])]


def test_a_rule_sees_what_it_must_and_no_more(
    sandbox: SandboxSite, asctl: Command, waiting: list[str], plugin_folder: Path, tmp_path: Path
) -> None:
    """A rule is told kind, account, target, reason and district; no name, phone, street, key or secret."""
    seen = tmp_path / "seen"
    install(plugin_folder, "rule", WRITES_DOWN.format(path=seen))
    tail = sandbox.orders(1)[0]["phone_tail"]
    order, waybill = order_under_way(sandbox, asctl)
    assert change(asctl, waiting[0], order, more=("--yes", "--reason", "客户搬家")).code == 0
    told = seen.read_text("utf-8")
    assert f"change_receiver flagship {waiting[0]}" in told
    assert f"redirect yto yto {waybill}" in told
    assert told.count("'district': '西湖区'") == 2
    assert "客户搬家" in told
    secrets = ("sandbox-secret-not-real", "sandbox-session-not-real", "phone_tail", tail)
    assert not [word for word in (NEW["name"], NEW["phone"], NEW["detail"], *secrets) if word in told]


def test_what_follows_is_reviewed_too(
    sandbox: SandboxSite, asctl: Command, waiting: list[str], plugin_folder: Path
) -> None:
    """The remark that an address change leaves is a write of its own, and a rule may stop that alone."""
    rule = NOT_THIS_ONE.replace('action.target.endswith("{target}")', 'action.kind == "remark"')
    install(plugin_folder, "rule", rule)
    result = change(asctl, waiting[0])
    assert result.record["status"] == "done"
    assert [entry["operation"] for entry in sandbox.writes()] == [UPDATE]
    assert "the owner decides this one" in result.err
    assert result.code == 3


def test_a_rehearsal_tells_of_the_rule(
    sandbox: SandboxSite, asctl: Command, waiting: list[str], plugin_folder: Path
) -> None:
    """``--dry-run`` shows that a row would be stopped."""
    install(plugin_folder, "rule", NOT_THIS_ONE.format(target=waiting[0]))
    result = change(asctl, waiting[0], more=("--dry-run",))
    assert (result.record["status"], result.record["error_code"]) == ("refused", "house_rule")
    assert sandbox.writes() == []
