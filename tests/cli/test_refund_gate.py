"""``aftersale agree`` and the invoice: money goes back for a used special invoice only after its buyer confirmed (section 11)."""

from __future__ import annotations

from tests.command_support import Command
from tests.invoice_support import COMPANY, SOON, TAX_ID, billed_by, invoice_of, requested, sold, work_queue
from tests.sandbox_support import SandboxSite

SPECIAL = ("--kind", "digital_special", "--tax-id", TAX_ID)


def used_special(sandbox: SandboxSite, asctl: Command) -> tuple[str, str]:
    """An order with a special invoice that its buyer has used, and an application for a refund of it."""
    billed_by(asctl)
    (order,) = sold(sandbox, asctl)
    requested(asctl, order, title=COMPANY, more=SPECIAL)
    work_queue(sandbox, asctl)
    sandbox.control("POST", "invoices", {"number": invoice_of(asctl, order)["number"], "buyer": "use"})
    sale = sandbox.control("POST", "aftersales", {"shop": "flagship", "order_id": order, "kind": "refund_only"})
    sandbox.travel(SOON)
    assert asctl("aftersale", "sync").code == 0
    (rma,) = (
        record["rma"] for record in asctl("rma", "open", order, "--kind", "refund_only", "--reason", "quality").records
    )
    assert asctl("rma", "approve", rma).code == 0
    settled = asctl("invoice", "settle", rma, "--refund", invoice_of(asctl, order)["amount"], "--yes")
    assert settled.code == 0, settled
    work_queue(sandbox, asctl)
    sandbox.forget()
    return order, sale["after_sale_id"]


def test_money_waits_for_the_buyers_confirmation(sandbox: SandboxSite, asctl: Command) -> None:
    """While the form waits for the buyer nothing is agreed to, and exit code 8 says whose turn it is; after he confirmed it is."""
    order, sale = used_special(sandbox, asctl)
    refused = asctl("aftersale", "agree", sale, "--yes")
    assert refused.code == 8, refused
    assert refused.records[0]["error_code"] == "invoice_not_reversed"
    assert sandbox.writes() == []
    sandbox.control("POST", "invoices", {"number": invoice_of(asctl, order)["number"], "buyer": "confirm"})
    sandbox.travel(0.5)
    assert asctl("invoice", "issue", "--yes").code == 0
    agreed = asctl("aftersale", "agree", sale, "--yes")
    assert [record["status"] for record in agreed.records] == ["done"], agreed


def test_finance_may_let_it_go(sandbox: SandboxSite, asctl: Command) -> None:
    """Who in finance agreed is told with ``--release-by``; then the refund does not wait."""
    _order, sale = used_special(sandbox, asctl)
    agreed = asctl("aftersale", "agree", sale, "--release-by", "王会计", "--yes")
    assert [record["status"] for record in agreed.records] == ["done"], agreed
