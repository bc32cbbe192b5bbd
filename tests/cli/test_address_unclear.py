"""An address change whose answer is lost: what is looked at, what that proves, and when it is sent again."""

from __future__ import annotations

import pytest

from tests.address_support import NEW, UPDATE, change, orders_to_ship
from tests.command_support import Command, Result
from tests.sandbox_support import BOTH_STORES, SandboxSite, wait_for

LOOK = "taobao.trade.fullinfo.get"
LATE = {"seconds": 0.5}
SOON, PROVEN = 0.02, 0.025
"""Hours after a send: the first look (deadline 60 s + lag 5 s), and the first that proves absence (+ 10 s)."""


@pytest.fixture
def order(sandbox: SandboxSite, asctl: Command) -> str:
    """An order that waits for shipping; the ledger is empty."""
    return orders_to_ship(sandbox, asctl)[0]


def lost(sandbox: SandboxSite, asctl: Command, order: str, fault: str, **fields: str) -> str:
    """Change the address and lose the answer; the action."""
    sandbox.fault(f"taobao:{UPDATE}", fault, **LATE if fault == "late" else {})
    result = change(asctl, order, **fields)
    assert (result.code, result.record["status"], result.record["submission"]) == (4, "unclear", "unclear")
    return str(result.record["action_id"])


def sent(sandbox: SandboxSite) -> list[bool]:
    """The changes that the marketplace received: whether each was carried out."""
    return [entry["applied"] for entry in sandbox.ledger(UPDATE)]


def state(asctl: Command, action: str) -> tuple[str, int]:
    record = asctl("action", "show", action).record
    return record["state"], record["attempt"]


def reconcile(asctl: Command, *more: str) -> Result:
    return asctl("action", "reconcile", *more)


@BOTH_STORES
def test_what_was_carried_out_is_found(sandbox: SandboxSite, asctl: Command, order: str) -> None:
    """Carried out, no answer: the first look finds it; done, with its remark, and one write in the ledger."""
    action = lost(sandbox, asctl, order, "close_after")
    assert reconcile(asctl).code == 4
    assert sandbox.ledger(LOOK, order) == sandbox.ledger(LOOK, order)[:2]
    sandbox.travel(SOON)
    begun = sandbox.now()
    found = reconcile(asctl)
    assert (found.code, found.record["status"], found.record["effect"]) == (0, "done", "effective")
    assert state(asctl, action) == ("done", 1)
    assert sent(sandbox) == [True]
    batch = asctl("action", "show", action).record["batch"]
    assert asctl("batch", "resume", batch, "--yes").code == 0
    assert sandbox.order(order)["remark"].endswith(sandbox.stamps_since(begun))
    assert sent(sandbox) == [True]


def test_the_same_command_again_sends_nothing(sandbox: SandboxSite, asctl: Command, order: str) -> None:
    """While nobody knows, neither the same command nor another address for that order is sent."""
    lost(sandbox, asctl, order, "close_after")
    again = change(asctl, order)
    assert (again.code, again.record["error_code"]) == (4, "earlier_unclear")
    other = change(asctl, order, detail="体育场路5号")
    assert (other.code, other.record["error_code"]) == (3, "earlier_open")
    assert sent(sandbox) == [True]


def test_absence_is_proved_late_and_sent_again_once(sandbox: SandboxSite, asctl: Command, order: str) -> None:
    """Never arrived: a look before deadline, late window and lag proves nothing; one after them plans attempt 2."""
    action = lost(sandbox, asctl, order, "close_before")
    sandbox.travel(SOON)
    early = reconcile(asctl)
    assert (early.code, early.record["status"], early.record["error_code"]) == (4, "unclear", "still_unclear")
    assert state(asctl, action) == ("unclear", 1)
    sandbox.travel(PROVEN)
    proven = reconcile(asctl)
    assert (proven.record["status"], state(asctl, action)) == ("planned", ("planned", 1))
    assert sent(sandbox) == [False]
    batch = asctl("action", "show", action).record["batch"]
    assert f"asctl batch resume {batch} --yes" in proven.err
    assert asctl("batch", "resume", batch, "--yes").code == 0
    assert state(asctl, action) == ("done", 2)
    assert sent(sandbox) == [False, True]
    assert sandbox.order(order)["receiver"]["detail"] == NEW["detail"]


def test_reconcile_sends_again_only_when_told(sandbox: SandboxSite, asctl: Command, order: str) -> None:
    """``reconcile --yes`` sends what surely did not arrive; with ``--dry-run`` it does not."""
    action = lost(sandbox, asctl, order, "close_before")
    sandbox.travel(PROVEN)
    reconcile(asctl, "--yes", "--dry-run")
    assert (state(asctl, action), sent(sandbox)) == (("planned", 1), [False])
    assert reconcile(asctl, "--yes").code == 0
    assert (state(asctl, action), sent(sandbox)) == (("done", 2), [False, True])


def test_what_cannot_be_seen_is_not_absent(sandbox: SandboxSite, asctl: Command, order: str) -> None:
    """While look-ups miss the order nothing is sent again, however late; once it shows, it was done."""
    action = lost(sandbox, asctl, order, "close_after")
    sandbox.fault(f"taobao:{LOOK}", "hide", times=0, seconds=600)
    sandbox.travel(PROVEN)
    hidden = reconcile(asctl, "--yes")
    assert (hidden.code, hidden.record["status"]) == (4, "unclear")
    assert state(asctl, action) == ("unclear", 1)
    sandbox.mend()
    sandbox.travel(SOON)
    assert reconcile(asctl, "--yes").code == 0
    assert (state(asctl, action), sent(sandbox)) == (("done", 1), [True])


@pytest.mark.parametrize("fault", ["html", "garbage"])
def test_an_answer_that_is_none(sandbox: SandboxSite, asctl: Command, order: str, fault: str) -> None:
    """A web page or garbage in place of an answer says nothing of the write: unclear, found by a look, sent once."""
    action = lost(sandbox, asctl, order, fault)
    sandbox.travel(PROVEN)
    found = reconcile(asctl, "--yes")
    assert (found.code, state(asctl, action)[0]) == (0, "done")
    assert sent(sandbox).count(True) == 1


def test_a_late_write_is_waited_for(sandbox: SandboxSite, asctl: Command, order: str) -> None:
    """Carried out seconds after the connection was gone: looks find it in the end, and it is not sent again."""
    action = lost(sandbox, asctl, order, "late", phone="13800007777")
    sandbox.travel(SOON)
    reconcile(asctl, "--yes")
    wait_for(lambda: sandbox.order(order)["receiver"]["phone"] == "13800007777")
    sandbox.travel(PROVEN)
    reconcile(asctl, "--yes")
    assert (state(asctl, action), sent(sandbox)) == (("done", 1), [True])


def test_what_looks_alike_proves_nothing(sandbox: SandboxSite, asctl: Command, order: str) -> None:
    """The new phone is masked like the old one, so a look can never tell: after a day a person decides, nothing is resent."""
    phone = sandbox.order(order)["receiver"]["phone"]
    alike = f"{phone[:-1]}{(int(phone[-1]) + 1) % 10}"
    alone = dict.fromkeys(NEW, "")
    action = lost(sandbox, asctl, order, "close_before", **alone | {"phone": alike})
    for hours in (PROVEN, 1, 12, 12.5):
        sandbox.travel(hours)
        assert reconcile(asctl, "--yes").code == 4
    assert state(asctl, action) == ("needs_person", 1)
    assert sent(sandbox) == [False]
    assert action in asctl("task", "list").record["why"]
    resolved = asctl("action", "resolve", action, "--as", "absent", "--reason", "店铺后台已核对")
    assert (resolved.code, resolved.record["state"]) == (0, "planned")
    assert change(asctl, order, **alone | {"phone": alike}).record["status"] == "done"
    assert (state(asctl, action), sandbox.order(order)["receiver"]["phone"]) == (("done", 2), alike)
    assert asctl("task", "list").records == []


def test_a_second_attempt_may_need_a_person_again(sandbox: SandboxSite, asctl: Command, order: str) -> None:
    """Sent again after a person said absent, and again nobody can tell: the task is there once more."""
    standing = sandbox.order(order)["receiver"]
    fields = dict.fromkeys(NEW, "") | {"province": standing["province"], "city": standing["city"]}
    for attempt in (1, 2):
        action = lost(sandbox, asctl, order, "close_before", **fields)
        for hours in (PROVEN, 24):
            sandbox.travel(hours)
            reconcile(asctl)
        assert state(asctl, action) == ("needs_person", attempt)
        assert asctl("task", "list").record["subject"] == f"action {action}"
        asctl("action", "resolve", action, "--as", "absent", "--reason", "店铺后台已核对")
    assert sent(sandbox) == [False, False]


def test_one_unclear_row_does_not_stop_the_others(sandbox: SandboxSite, asctl: Command, order: str) -> None:
    """Of five orders one loses its answer: four are done, and the run ends with 4."""
    orders = [str(each["order_id"]) for each in sandbox.state()["orders"] if each["status"] == "to_ship"]
    sandbox.fault(f"taobao:{UPDATE}", "close_after", match=orders[2])
    result = change(asctl, *orders)
    assert (result.code, result.end["counts"]) == (4, {"done": 4, "unclear": 1})
    assert sent(sandbox) == [True] * 5


def test_the_platform_rests(sandbox: SandboxSite, asctl: Command, order: str) -> None:
    """Throttled: surely nothing was done, so the row stays planned, exit 5, and the batch is resumed later."""
    sandbox.fault(f"taobao:{UPDATE}", "throttle", seconds=30)
    result = change(asctl, order)
    assert (result.code, result.record["error_family"]) == (5, "throttled")
    sandbox.mend()
    sandbox.travel(0.1)
    assert asctl("batch", "resume", result.end["batch_id"], "--yes").code == 0
    assert sent(sandbox) == [False, True]
