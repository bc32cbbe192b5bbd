"""``asctl invoice reverse``: red invoices by hand, never twice, never more than is left; the tax bureau is the witness."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.command_support import Command
from tests.invoice_support import (
    ACCOUNTS,
    at_bureau,
    billed,
    billed_by,
    buyer,
    invoice_of,
    issued,
    requested,
    sold,
    work_queue,
)
from tests.sandbox_support import SandboxSite


def used_invoice(sandbox: SandboxSite, asctl: Command, account: str = "nuonuo") -> str:
    """An order whose invoice its buyer has used: only such a one is reversed in part."""
    order = issued(sandbox, asctl, account)
    buyer(sandbox, "use", invoice_of(asctl, order)["number"])
    return order


def confirmed(sandbox: SandboxSite, asctl: Command, order: str) -> None:
    """The buyer confirms the form that waits for him, and the red invoice comes."""
    work_queue(sandbox, asctl)
    buyer(sandbox, "confirm", invoice_of(asctl, order)["number"])
    sandbox.travel(1)
    work_queue(sandbox, asctl)


@pytest.mark.parametrize("account", ACCOUNTS)
def test_all_of_it(sandbox: SandboxSite, asctl: Command, account: str) -> None:
    """An unused invoice is reversed in one step; the same command again sends nothing."""
    order = issued(sandbox, asctl, account)
    result = asctl("invoice", "reverse", order, "--reason", "return", "--yes")
    assert (result.code, result.record["status"], result.record["effect"]) == (0, "done", "accepted")
    assert result.record["amount"] == f"-{sandbox.order(order)['amount']}"
    work_queue(sandbox, asctl)
    assert billed(sandbox, asctl, order) == 0
    assert invoice_of(asctl, order)["state"] == "reversed"
    again = asctl("invoice", "reverse", order, "--reason", "return", "--yes")
    assert (again.code, again.record["status"], again.codes()) == (0, "skipped", ["already_reversed"])
    assert len([entry for entry in sandbox.writes() if entry["applied"]]) == 1


@pytest.mark.parametrize("account", ACCOUNTS)
def test_an_allowance(sandbox: SandboxSite, asctl: Command, account: str) -> None:
    """Money back for goods that stay: an amount without quantities, which the buyer confirms."""
    order = used_invoice(sandbox, asctl, account)
    amount = Decimal(sandbox.order(order)["amount"])
    result = asctl("invoice", "reverse", order, "--reason", "allowance", "--amount", "20.05", "--used", "--yes")
    assert (result.code, result.record["amount"]) == (0, "-20.05")
    confirmed(sandbox, asctl, order)
    assert billed(sandbox, asctl, order) == amount - Decimal("20.05")
    (red,) = at_bureau(sandbox, asctl, order, "red")
    assert all(line["quantity"] is None for line in red["lines"])
    assert invoice_of(asctl, order)["state"] == "partly_reversed"


def test_some_goods(sandbox: SandboxSite, asctl: Command) -> None:
    """Goods by SKU are reversed with their discount, to the cent of what was paid for them."""
    order = used_invoice(sandbox, asctl)
    line = sandbox.order(order)["lines"][0]
    wanted = f"{line['sku']}={line['quantity']}"
    result = asctl("invoice", "reverse", order, "--reason", "return", "--line", wanted, "--used", "--yes")
    assert (result.code, Decimal(result.record["amount"])) == (0, -Decimal(line["paid"]))
    confirmed(sandbox, asctl, order)
    (red,) = at_bureau(sandbox, asctl, order, "red")
    assert (red["gross"], [each["name"] for each in red["lines"]]) == (f"-{line['paid']}", [line["title"]])


def test_the_same_wish_and_another_one(sandbox: SandboxSite, asctl: Command) -> None:
    """The same allowance again finds the first one; ``--again`` says that another one is meant."""
    order = used_invoice(sandbox, asctl)
    wish = ("invoice", "reverse", order, "--reason", "allowance", "--amount", "10.00", "--used", "--yes")
    asctl(*wish)
    confirmed(sandbox, asctl, order)
    assert asctl(*wish).codes() == ["already_reversed"]
    assert len(at_bureau(sandbox, asctl, order, "red")) == 1
    assert asctl(*wish, "--again").record["status"] == "done"
    confirmed(sandbox, asctl, order)
    assert [each["gross"] for each in at_bureau(sandbox, asctl, order, "red")] == ["-10.00", "-10.00"]


def test_a_part_of_what_nobody_used(sandbox: SandboxSite, asctl: Command) -> None:
    """It is reversed in full or not at all, so nothing is sent, and the way out is told; unless the shop has a part tried."""
    order = issued(sandbox, asctl)
    wish = ("invoice", "reverse", order, "--reason", "allowance", "--amount", "10.00", "--yes")
    refused = asctl(*wish)
    assert (refused.code, refused.codes(), sandbox.writes()) == (3, ["only_in_full"], [])
    asctl.env["ASCTL_INVOICE__PARTIAL_WHEN_UNUSED"] = "try_partial"
    sandbox.control("POST", "invoices", {"switch": "strict_full_when_unused", "on": False})
    assert asctl(*wish).record["status"] == "done"


def test_a_rehearsal_sends_nothing(sandbox: SandboxSite, asctl: Command) -> None:
    """``--dry-run`` shows the red invoice that would come, in net, tax and gross, and keeps nothing."""
    order = issued(sandbox, asctl)
    blue = invoice_of(asctl, order)
    result = asctl("invoice", "reverse", order, "--reason", "return", "--dry-run")
    told = result.record
    assert (result.code, told["status"], told["invoice"], told["colour"]) == (0, "planned", None, "red")
    assert [told[name] for name in ("net", "tax", "amount")] == [f"-{blue[name]}" for name in ("net", "tax", "amount")]
    assert told["blue"] == blue["invoice"]
    assert sandbox.writes() == []
    assert len(asctl("invoice", "show", order).records) == 1


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--reason", "allowance", "--amount", "99999.00"), "exceeds_rest"),
        (("--reason", "allowance", "--amount", "0.00"), "nothing_asked"),
        (("--reason", "allowance", "--amount", "1.005"), "bad_amount"),
        (("--reason", "wrong", "--amount", "1.00"), "reason_needs_full"),
        (("--reason", "return", "--line", "NOSUCH=1"), "unknown_line"),
        (("--reason", "return", "--line", "=1"), "bad_line"),
    ],
)
def test_what_the_rules_do_not_allow(sandbox: SandboxSite, asctl: Command, options: tuple[str, ...], code: str) -> None:
    """Refused before anything is sent or entered."""
    order = issued(sandbox, asctl)
    result = asctl("invoice", "reverse", order, *options, "--yes")
    assert (result.code, result.codes()) == (3, [code])
    assert sandbox.writes() == []
    assert len(asctl("invoice", "show", order).records) == 1


def test_a_red_of_a_red(sandbox: SandboxSite, asctl: Command) -> None:
    """A red invoice cannot be reversed, nor an invoice twice in full under another reason."""
    order = issued(sandbox, asctl)
    red = asctl("invoice", "reverse", order, "--reason", "return", "--yes").record["invoice"]
    work_queue(sandbox, asctl)
    sandbox.forget()
    assert asctl("invoice", "reverse", red, "--reason", "return", "--yes").codes() == ["red_of_red"]
    assert asctl("invoice", "reverse", order, "--reason", "wrong", "--yes").codes() == ["nothing_left"]
    assert sandbox.writes() == []


def test_what_is_not_issued(sandbox: SandboxSite, asctl: Command) -> None:
    """An order without an invoice, and one whose invoice is queued: each is told what to do instead."""
    billed_by(asctl)
    queued, without = sold(sandbox, asctl, 2)
    requested(asctl, queued)
    result = asctl("invoice", "reverse", queued, without, "--reason", "return", "--yes")
    told = {record["input"]: record["error_code"] for record in result.records}
    assert (result.code, told) == (3, {queued: "not_issued", without: "no_invoice"})
    assert "asctl invoice cancel" in result.err
    assert sandbox.writes() == []


def test_the_same_invoice_under_two_names(sandbox: SandboxSite, asctl: Command) -> None:
    """By its order, by our number, by the bureau's: one intent, one red invoice."""
    order = issued(sandbox, asctl)
    blue = invoice_of(asctl, order)
    names = (order, blue["invoice"], blue["number"])
    result = asctl("invoice", "reverse", *names, "--reason", "return", "--yes")
    assert [record["input"] for record in result.records if record["status"] == "done"] == [order]
    assert sorted(code for code in result.codes() if code) == ["duplicate", "duplicate"]
    work_queue(sandbox, asctl)
    assert len(at_bureau(sandbox, asctl, order, "red")) == 1


def test_an_answer_that_was_lost(sandbox: SandboxSite, asctl: Command) -> None:
    """Unclear is looked for under our own number: the red invoice is found, and no second one is sent."""
    order = issued(sandbox, asctl)
    sandbox.fault("nuonuo:reverse", "close_after")
    lost = asctl("invoice", "reverse", order, "--reason", "return", "--yes")
    assert (lost.code, lost.record["status"]) == (4, "unclear")
    sandbox.travel(1)
    asctl("action", "reconcile")
    work_queue(sandbox, asctl)
    assert billed(sandbox, asctl, order) == 0
    assert len([entry for entry in sandbox.ledger("reverse") if entry["applied"]]) == 1


def test_nobody_is_asked_without_yes(sandbox: SandboxSite, asctl: Command) -> None:
    """Outside a terminal ``--yes`` is needed; nothing is entered without it."""
    order = issued(sandbox, asctl)
    assert asctl("invoice", "reverse", order, "--reason", "return").code == 2
    assert len(asctl("invoice", "show", order).records) == 1
