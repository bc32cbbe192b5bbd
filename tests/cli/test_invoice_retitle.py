"""``asctl invoice retitle``: the same sums under another title, once, and what may be called off of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.command_support import Command
from tests.invoice_support import (
    ACCOUNTS,
    PERSON,
    SOON,
    at_bureau,
    billed,
    billed_by,
    buyer,
    customer_applies,
    invoice_of,
    issued,
    requested,
    sold,
    work_queue,
)
from tests.sandbox_support import SandboxSite

OTHER, OTHER_ID = "演示二号购方有限公司", "91990000MA0BUYER2X"


@pytest.mark.parametrize("account", ACCOUNTS)
def test_another_title(sandbox: SandboxSite, asctl: Command, account: str) -> None:
    """An issued invoice is reversed in full, and the same sums are billed to the new title, to the cent, once."""
    order = issued(sandbox, asctl, account)
    amount = Decimal(sandbox.order(order)["amount"])
    result = asctl("invoice", "retitle", order, "--title", OTHER, "--tax-id", OTHER_ID, "--yes")
    assert (result.code, result.record["resolution"]) == (0, "title_change")
    assert result.record["steps"] == "reverse_all reissue_title"
    work_queue(sandbox, asctl)
    told = [(each["colour"], each["buyer_title"], Decimal(each["gross"])) for each in at_bureau(sandbox, asctl, order)]
    assert told == [("blue", PERSON, amount), ("red", PERSON, -amount), ("blue", OTHER, amount)]
    assert billed(sandbox, asctl, order) == amount
    again = asctl("invoice", "retitle", order, "--title", OTHER, "--tax-id", OTHER_ID, "--yes")
    assert (again.record["status"], again.codes()) == ("skipped", ["settled_before"])


def test_another_title_in_the_queue(sandbox: SandboxSite, asctl: Command) -> None:
    """What is not issued yet takes the new title, keeps its place, and is not sent by it."""
    billed_by(asctl)
    first, second = sold(sandbox, asctl, 2)
    requested(asctl, first)
    sandbox.travel(SOON)
    requested(asctl, second)
    result = asctl("invoice", "retitle", first, "--title", OTHER, "--tax-id", OTHER_ID, "--yes")
    assert (result.code, result.record["steps"]) == (0, "edit_title")
    assert sandbox.writes() == []
    queue = asctl("invoice", "queue").records
    assert [(each["order_id"], each["state"]) for each in queue] == [(first, "queued"), (second, "queued")]
    assert queue[0]["title"] == OTHER


def test_the_title_that_the_customer_wants(sandbox: SandboxSite, asctl: Command) -> None:
    """A second application under another title leaves a task whose command reads the title from the marketplace."""
    order = issued(sandbox, asctl)
    customer_applies(sandbox, order, OTHER, tax_id=OTHER_ID, trigger="invoice_change")
    asctl("invoice", "sync", order)
    (task,) = [task for task in asctl("task", "list").records if task["kind"] == "invoice_retitle"]
    assert task["next"].startswith(f"asctl invoice retitle {order} --application ")
    assert asctl(*task["next"].split()[1:], "--yes").code == 0
    work_queue(sandbox, asctl)
    assert at_bureau(sandbox, asctl, order)[-1]["buyer_title"] == OTHER


def test_a_title_from_two_sides(sandbox: SandboxSite, asctl: Command) -> None:
    """An application names the buyer; so does --title: nobody guesses which one is meant. Nor is an unknown one."""
    order = issued(sandbox, asctl)
    both = asctl("invoice", "retitle", order, "--application", "7000000000009", "--title", OTHER, "--yes")
    unknown = asctl("invoice", "retitle", order, "--application", "7000000000009", "--yes")
    neither = asctl("invoice", "retitle", order, "--yes")
    assert [each.codes() for each in (both, unknown, neither)] == [
        ["usage"],
        ["unknown_application"],
        ["title_missing"],
    ]
    assert sandbox.writes() == []


def test_a_settled_reversal_is_not_called_off(sandbox: SandboxSite, asctl: Command) -> None:
    """A change of title stands or falls as a whole: neither its red invoice nor the blue one that waits is called off alone."""
    order = issued(sandbox, asctl)
    sandbox.fault("nuonuo:reverse", "throttle", seconds=5, times=0)
    asctl("invoice", "retitle", order, "--title", OTHER, "--tax-id", OTHER_ID, "--yes")
    sandbox.mend()
    made = [
        each for each in asctl("invoice", "show", order).records if each["state"] in ("queued", "sending", "waiting")
    ]
    assert {each["colour"] for each in made} == {"blue", "red"}
    refused = asctl("invoice", "cancel", *(each["invoice"] for each in made))
    assert refused.code == 3
    assert set(refused.codes()) <= {"settled", "not_queued", "sent_once"}


def test_what_waits_for_a_reversal_that_came_to_nothing(sandbox: SandboxSite, asctl: Command) -> None:
    """The buyer refuses to confirm: the old invoice stands, and the new one, which waits in vain, can be called off."""
    order = issued(sandbox, asctl)
    number = invoice_of(asctl, order)["number"]
    buyer(sandbox, "use", number)
    asctl("invoice", "retitle", order, "--title", OTHER, "--tax-id", OTHER_ID, "--yes")
    work_queue(sandbox, asctl)
    (waiting,) = asctl("invoice", "queue", "--state", "waiting").records
    assert asctl("invoice", "cancel", waiting["invoice"]).codes() == ["settled"]
    buyer(sandbox, "refuse", number)
    sandbox.travel(1)
    work_queue(sandbox, asctl)
    assert asctl("invoice", "cancel", waiting["invoice"]).record["state"] == "cancelled"
    assert [each["colour"] for each in at_bureau(sandbox, asctl, order)] == ["blue"]


def test_a_rehearsed_title_changes_nothing(sandbox: SandboxSite, asctl: Command) -> None:
    """``--dry-run`` shows what would be reversed and billed, and keeps nothing."""
    order = issued(sandbox, asctl)
    result = asctl("invoice", "retitle", order, "--title", OTHER, "--tax-id", OTHER_ID, "--dry-run")
    amount = sandbox.order(order)["amount"]
    assert (result.record["status"], result.record["reversed"], result.record["billed"]) == (
        "planned",
        f"-{amount}",
        amount,
    )
    assert len(asctl("invoice", "show", order).records) == 1
    assert sandbox.writes() == []
