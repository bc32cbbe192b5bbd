"""``asctl aftersale agree`` over the wire: each application is agreed to once, in the state that was looked at."""

from __future__ import annotations

from decimal import Decimal

from tests.aftersale_support import (
    PAY,
    REVIEW,
    SOON,
    amounts,
    application,
    elsewhere,
    make_applications,
    statuses,
)
from tests.command_support import Command, Result
from tests.sandbox_support import BOTH_STORES, SECOND_SHOP, SandboxSite

CODE, TOTAL_WITH_CODE, MOST = "246810", 2000, 6000
"""The code that the sandbox sends by text message, above which total it does, and the most that one call may pay."""


def agree(asctl: Command, *numbers: str, more: tuple[str, ...] = ()) -> Result:
    return asctl("aftersale", "agree", *numbers, "--yes", *more)


def calls(sandbox: SandboxSite) -> list[list[str]]:
    """The applications that each paying call named."""
    return [entry["key"].split(",") for entry in sandbox.ledger(PAY)]


def large(sandbox: SandboxSite, asctl: Command) -> list[str]:
    """Refunds that together make the marketplace ask for a code, within the limit of one call."""
    chosen, total = list[str](), Decimal(0)
    for number, amount in amounts(sandbox, make_applications(sandbox, asctl, "refund_only", 20)).items():
        if total <= TOTAL_WITH_CODE and total + amount <= MOST:
            chosen, total = [*chosen, number], total + amount
    assert total > TOTAL_WITH_CODE
    return chosen


def cheap(sandbox: SandboxSite, asctl: Command) -> list[str]:
    """25 refunds of which any 20 may go in one call, and for which no code is wanted."""
    asked = amounts(sandbox, make_applications(sandbox, asctl, "refund_only", 60))
    return sorted(asked, key=asked.__getitem__)[:25]


@BOTH_STORES
def test_a_refund_is_paid_once(sandbox: SandboxSite, asctl: Command) -> None:
    """Approved and paid with the version that was looked at; the same command again sends nothing."""
    number = make_applications(sandbox, asctl, "refund_only")[0]
    amount = application(sandbox, number)["amount"]
    result = agree(asctl, number)
    assert (result.code, result.record["status"], result.record["amount"]) == (0, "done", amount)
    assert application(sandbox, number)["status"] == "done"
    assert [(entry["operation"], entry["applied"]) for entry in sandbox.writes()] == [(REVIEW, True), (PAY, True)]
    again = agree(asctl, number)
    assert (again.code, again.record["status"], again.record["error_code"]) == (0, "skipped", "already_done")
    assert len(calls(sandbox)) == 1


def test_goods_are_asked_back(sandbox: SandboxSite, asctl: Command) -> None:
    """Agreeing to a return or an exchange sends the return address, and pays nothing."""
    numbers = [make_applications(sandbox, asctl, kind)[0] for kind in ("return", "exchange")]
    sandbox.forget()
    result = agree(asctl, *numbers)
    assert (result.code, [record["kind"] for record in result.records]) == (0, ["return", "exchange"])
    assert statuses(sandbox, numbers) == ["awaiting_return", "awaiting_return"]
    assert sandbox.ledger("taobao.logistics.address.search")
    assert [entry["operation"] for entry in sandbox.writes()] == ["taobao.rp.returngoods.agree", "tmall.exchange.agree"]


def test_twenty_in_one_call(sandbox: SandboxSite, asctl: Command) -> None:
    """25 refunds make calls of at most 20 and 6,000 yuan; each is named once, one record each."""
    numbers = make_applications(sandbox, asctl, "refund_only", 25)
    asked = amounts(sandbox, numbers)
    result = agree(asctl, *numbers, more=("--jobs", "1"))
    told = calls(sandbox)
    assert len(result.records) == 25
    assert sorted(number for call in told for number in call) == sorted(numbers)
    assert len(told) >= 2
    assert all(len(call) <= 20 and sum(asked[number] for number in call) <= MOST for call in told)


def test_cheap_refunds_fill_the_call(sandbox: SandboxSite, asctl: Command) -> None:
    """Where the sum allows it, 25 rows are two calls: 20 and 5."""
    numbers = cheap(sandbox, asctl)
    result = agree(asctl, *numbers, more=("--jobs", "1"))
    assert (result.code, result.end["counts"]) == (0, {"done": 25})
    assert [len(call) for call in calls(sandbox)] == [20, 5]
    assert set(statuses(sandbox, numbers)) == {"done"}


def test_what_changed_meanwhile_is_looked_at_again(sandbox: SandboxSite, asctl: Command) -> None:
    """Somebody else decided since the sync: exit 9 and nothing sent for that row; the others are agreed to."""
    numbers = make_applications(sandbox, asctl, "return", 2)
    elsewhere(asctl, "aftersale", "agree", numbers[0])
    sandbox.forget()
    result = agree(asctl, *numbers)
    rows = {record["after_sale_id"]: record for record in result.records}
    assert result.code == 9
    assert (rows[numbers[0]]["status"], rows[numbers[0]]["error_code"]) == ("failed", "after_sale_changed")
    assert rows[numbers[1]]["status"] == "done"
    assert [entry["target"] for entry in sandbox.writes()] == [numbers[1]]
    assert asctl("aftersale", "show", numbers[0]).record["status"] == "awaiting_return"


def test_a_code_by_text_message(sandbox: SandboxSite, asctl: Command) -> None:
    """A large sum waits for a code: exit 8, nothing paid, the next command is named; with the code it is paid once."""
    numbers = large(sandbox, asctl)
    result = agree(asctl, *numbers)
    assert (result.code, set(result.codes())) == (8, {"second_verification"})
    assert f"asctl aftersale agree {numbers[0]} --code CODE" in result.err
    assert set(statuses(sandbox, numbers)) == {"applied"}
    assert {record["state"] for record in asctl("action", "list").records} == {"needs_person"}
    assert len(asctl("task", "list").records) == len(numbers)
    without = agree(asctl, *numbers)
    assert (without.code, set(without.codes())) == (8, {"second_verification"})
    assert len(calls(sandbox)) == 1
    paid = agree(asctl, *numbers, more=("--code", CODE))
    assert (paid.code, paid.end["counts"]) == (0, {"done": len(numbers)})
    assert set(statuses(sandbox, numbers)) == {"done"}
    assert [entry["applied"] for entry in sandbox.ledger(PAY)] == [False, True]
    assert asctl("task", "list").records == []


def test_a_wrong_code(sandbox: SandboxSite, asctl: Command) -> None:
    """A wrong code pays nothing and is told as the marketplace says it; the right one still works."""
    numbers = large(sandbox, asctl)
    agree(asctl, *numbers)
    wrong = agree(asctl, *numbers, more=("--code", "111111"))
    assert (wrong.code, {record["status"] for record in wrong.records}) == (3, {"refused"})
    assert "验证码错误" in wrong.records[0]["error_message"]
    assert set(statuses(sandbox, numbers)) == {"applied"}
    assert agree(asctl, *numbers, more=("--code", CODE)).code == 0
    assert set(statuses(sandbox, numbers)) == {"done"}


def test_reconciling_does_not_call_a_missing_code_unclear(sandbox: SandboxSite, asctl: Command) -> None:
    """Nothing was agreed to, and that is known: the record of the action says what is missing, not that nobody knows."""
    numbers = large(sandbox, asctl)
    agree(asctl, *numbers)
    result = asctl("action", "reconcile")
    assert set(result.codes()) == {"second_verification"}
    assert result.code == 8


@BOTH_STORES
def test_a_lost_answer_is_looked_for(sandbox: SandboxSite, asctl: Command) -> None:
    """Paid, no answer: unclear with exit 4, run again nothing is sent, a look finds it; paid once."""
    numbers = make_applications(sandbox, asctl, "refund_only", 3)
    sandbox.fault(f"taobao:{PAY}", "close_after")
    result = agree(asctl, *numbers)
    assert (result.code, result.end["counts"]) == (4, {"unclear": 3})
    assert set(agree(asctl, *numbers).codes()) == {"earlier_unclear"}
    sandbox.travel(SOON)
    found = asctl("action", "reconcile", "--yes")
    assert (found.code, found.end["counts"]) == (0, {"done": 3})
    assert [entry["applied"] for entry in sandbox.ledger(PAY)] == [True]


def test_what_never_arrived_is_sent_again(sandbox: SandboxSite, asctl: Command) -> None:
    """Closed before it was carried out: proved absent by the unchanged version, sent a second time, paid once."""
    number = make_applications(sandbox, asctl, "refund_only")[0]
    sandbox.fault(f"taobao:{PAY}", "close_before")
    assert agree(asctl, number).code == 4
    sandbox.travel(SOON)
    assert asctl("action", "reconcile", "--yes").code == 0
    assert asctl("action", "list").record["attempt"] == 2
    assert [entry["applied"] for entry in sandbox.ledger(PAY)] == [False, True]
    assert application(sandbox, number)["status"] == "done"


def test_a_lost_approval_pays_nothing_twice(sandbox: SandboxSite, asctl: Command) -> None:
    """The shop's own approval is lost on its way back: nothing was paid, that is proved, and then it is paid once."""
    number = make_applications(sandbox, asctl, "refund_only")[0]
    sandbox.fault(f"taobao:{REVIEW}", "close_after")
    assert agree(asctl, number).record["status"] == "unclear"
    assert calls(sandbox) == []
    sandbox.travel(SOON)
    assert asctl("action", "reconcile", "--yes").code == 0
    assert calls(sandbox) == [[number]]
    assert application(sandbox, number)["status"] == "done"


def test_one_lost_call_does_not_stop_the_shop(sandbox: SandboxSite, asctl: Command) -> None:
    """One call of 20 rows that is not answered is one silence, not twenty: the next call is made all the same."""
    numbers = cheap(sandbox, asctl)
    sandbox.fault(f"taobao:{PAY}", "close_after")
    result = agree(asctl, *numbers, more=("--jobs", "1"))
    assert (result.code, result.end["counts"]) == (4, {"unclear": 20, "done": 5})


def test_rows_that_say_why_not(sandbox: SandboxSite, asctl: Command) -> None:
    """Closed, unknown, of a kind that cannot be agreed to, given twice: a row each; the good one is done."""
    asctl("aftersale", "sync")
    over = next(sale for sale in sandbox.state()["after_sales"] if sale["status"] == "closed")["after_sale_id"]
    reship = next(sale for sale in sandbox.state()["after_sales"] if sale["kind"] == "reship")["after_sale_id"]
    good = make_applications(sandbox, asctl, "refund_only")[0]
    result = agree(asctl, over, "79999999999", reship, good, good)
    told = {(record["input"], record["status"], record["error_code"]) for record in result.records}
    assert told == {
        (over, "refused", "after_sale_over"),
        ("79999999999", "failed", "unknown_after_sale"),
        (reship, "refused", "nothing_to_agree"),
        (good, "done", None),
        (good, "skipped", "duplicate"),
    }
    assert result.code == 3
    assert {entry["target"] for entry in sandbox.writes()} == {good}


def test_the_application_of_another_shop(sandbox: SandboxSite, asctl: Command) -> None:
    """A number that two shops have needs ``--shop``; a shop that has it not is told as such. Nothing is sent."""
    number = make_applications(sandbox, asctl, "refund_only")[0]
    sandbox.configure(SECOND_SHOP)
    assert agree(asctl, number, more=("--shop", "outlet")).codes() == ["unknown_after_sale"]
    asctl("aftersale", "sync", "--shop", "outlet")
    result = agree(asctl, number)
    assert (result.code, len(result.codes()), result.record["status"]) == (3, 1, "failed")
    assert "--shop" in result.err
    assert sandbox.writes() == []


def test_a_rehearsal_changes_nothing(sandbox: SandboxSite, asctl: Command) -> None:
    """``--dry-run`` looks, tells, and leaves neither a write nor an action behind."""
    number = make_applications(sandbox, asctl, "refund_only")[0]
    result = asctl("aftersale", "agree", number, "--dry-run")
    assert (result.code, result.record["status"]) == (0, "planned")
    assert (sandbox.writes(), asctl("action", "list").records) == ([], [])
