"""``asctl invoice urgent``: finance is handed who waits, and alone puts one first (R107, R108)."""

from __future__ import annotations

from tests.command_support import Command
from tests.invoice_support import PERSON, SOON, billed_by, requested, sold, work_queue
from tests.sandbox_support import SandboxSite


def queued(sandbox: SandboxSite, asctl: Command, count: int) -> list[str]:
    """Orders whose invoices stand in the queue, one applied for after the other."""
    billed_by(asctl)
    orders = sold(sandbox, asctl, count)
    for order in orders:
        requested(asctl, order)
        sandbox.travel(SOON)
    return orders


def in_line(asctl: Command) -> list[str]:
    return [record["order_id"] for record in asctl("invoice", "queue").records]


def test_marking_changes_no_order(sandbox: SandboxSite, asctl: Command) -> None:
    """An urgent invoice keeps its place: first applied, first issued. The same mark again changes nothing."""
    first, second, third = queued(sandbox, asctl, 3)
    marked = asctl("invoice", "urgent", third, "--reason", "客户周五报销")
    assert (marked.code, marked.record["reason"], marked.record["position"]) == (0, "客户周五报销", 3)
    assert in_line(asctl) == [first, second, third]
    again = asctl("invoice", "urgent", third)
    assert (again.record["status"], again.codes(), again.record["reason"]) == (
        "skipped",
        ["already_urgent"],
        "客户周五报销",
    )


def test_what_finance_is_handed(sandbox: SandboxSite, asctl: Command) -> None:
    """Only those that wait are on the list, with order, amount, who marked them and when; the customer's ID and the title are
    masked."""
    _first, second = queued(sandbox, asctl, 2)
    asctl("invoice", "urgent", second, "--reason", "报销")
    told = asctl("invoice", "urgent").record
    buyer = asctl("order", "show", second, "--reveal").record["buyer"]
    assert (told["order_id"], told["amount"]) == (second, sandbox.order(second)["amount"])
    assert (told["urgent_by"], told["state"], told["position"]) == ("8012", "queued", 2)
    assert (told["buyer"], told["title"]) == (buyer[:1] + "**", PERSON[:1] + "**")
    assert told["urgent_at"] >= told["requested_at"]
    work_queue(sandbox, asctl)
    assert asctl("invoice", "urgent").records == []
    assert asctl("invoice", "urgent", "--fail-if-empty").code == 6


def test_the_customers_id_is_revealed_on_record(sandbox: SandboxSite, asctl: Command) -> None:
    """Finance asks for the customer's ID (R108): ``--reveal`` shows it, and the audit trail keeps who asked."""
    (order,) = queued(sandbox, asctl, 1)
    asctl("invoice", "urgent", order)
    told = asctl("invoice", "urgent", "--reveal").record
    kept = [entry for entry in asctl("db", "audit").records if entry["what"] == "reveal"]
    assert [(entry["subject"], entry["who"]) for entry in kept] == [("invoice urgent", "8012")]
    buyer = asctl("order", "show", order, "--reveal").record["buyer"]
    assert (told["buyer"], told["title"]) == (buyer, PERSON)


def test_finance_puts_one_first(sandbox: SandboxSite, asctl: Command) -> None:
    """Promoted is sent first; who decided it, and when, is kept."""
    first, second, third = queued(sandbox, asctl, 3)
    result = asctl("invoice", "urgent", third, "--promote")
    assert (result.code, result.record["promoted_by"], result.record["position"]) == (0, "8012", 1)
    assert result.record["promoted_at"]
    assert in_line(asctl) == [third, first, second]
    asctl("invoice", "issue", "--yes", "--max-items", "1")
    assert [entry["key"] for entry in sandbox.writes()] == [asctl("invoice", "show", third).record["serial"]]
    again = asctl("invoice", "urgent", third, "--promote")
    assert again.codes() == ["already_first"]


def test_several_at_once(sandbox: SandboxSite, asctl: Command) -> None:
    """Orders from stdin; one without an invoice stops no other."""
    billed_by(asctl)
    first, second, without = sold(sandbox, asctl, 3)
    requested(asctl, first, second)
    result = asctl("invoice", "urgent", "-", "--reason", "报销", stdin="\n".join((first, without, second)))
    told = {record["input"]: (record["status"], record["error_code"]) for record in result.records}
    assert result.code == 3
    assert told == {first: ("done", None), without: ("failed", "no_invoice"), second: ("done", None)}


def test_what_is_issued_waits_for_nothing(sandbox: SandboxSite, asctl: Command) -> None:
    """Nobody is bothered for an invoice that is there."""
    (order,) = queued(sandbox, asctl, 1)
    work_queue(sandbox, asctl)
    result = asctl("invoice", "urgent", order)
    assert (result.code, result.record["status"], result.codes()) == (3, "refused", ["not_waiting"])


def test_options_that_say_nothing(asctl: Command) -> None:
    """A reason without an order, and a reason for what is finance's decision, are misuse."""
    assert asctl("invoice", "urgent", "--promote").code == 2
    assert asctl("invoice", "urgent", "4000000000000000101", "--promote", "--reason", "急").code == 2
