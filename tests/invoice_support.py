"""Orders with invoices, in the sandbox and in the books of the command."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.command_support import Command
from tests.sandbox_support import SandboxSite, iso_before

ACCOUNTS = ("nuonuo", "baiwang")
"""The invoice accounts of the sandbox, one of each plugin."""
PERSON, COMPANY, TAX_ID = "苏小满", "演示购方有限公司", "91990000MA0BUYER1T"
SOON = 0.02
"""Hours after which the sandbox's bureau has issued what it was handed, and a changed order can be synced."""
MOST_RUNS = 6
UNDER_WAY = ("queued", "sending", "issuing")


def billed_by(asctl: Command, account: str = "nuonuo", shop: str = "flagship") -> None:
    """Have ``account`` issue the invoices of a shop."""
    asctl.env[f"ASCTL_SHOPS__{shop.upper()}__INVOICES"] = account


def sold(sandbox: SandboxSite, asctl: Command, count: int = 1, **told: object) -> list[str]:
    """Orders that were paid and sent out, each in a parcel of its own, known to the command; the ledger is empty again."""
    paid_at = {"paid_at": iso_before(sandbox.now(), 8), "couriers": ["yto"]}
    made = [str(order["order_id"]) for order in sandbox.orders(count, **paid_at | told)]
    sandbox.travel(SOON)
    assert asctl("order", "sync", "--since", iso_before(sandbox.now(), 0.1)).code == 0
    sandbox.forget()
    return made


def requested(asctl: Command, *orders: str, title: str = PERSON, more: tuple[str, ...] = ()) -> list[str]:
    """Applications entered by hand; the invoices' numbers, in the order of the orders."""
    result = asctl("invoice", "request", *orders, "--title", title, *more)
    assert result.code == 0, result
    return [str(record["invoice"]) for record in result.records]


def work_queue(sandbox: SandboxSite, asctl: Command) -> None:
    """Run the queue as cron does, until nothing is under way any more that needs nobody."""
    for _run in range(MOST_RUNS):
        result = asctl("invoice", "issue", "--yes")
        assert result.code in (0, 3), result
        sandbox.travel(SOON)
        left = asctl("invoice", "queue").records
        if not any(each["state"] in UNDER_WAY and not each["form_deadline"] for each in left):
            return
    raise AssertionError(f"still under way: {left}")


def issued(sandbox: SandboxSite, asctl: Command, account: str = "nuonuo", more: tuple[str, ...] = ()) -> str:
    """An order whose invoice over all of it is issued; ``more`` are options of the request. The ledger is empty again."""
    billed_by(asctl, account)
    (order,) = sold(sandbox, asctl)
    requested(asctl, order, more=more)
    work_queue(sandbox, asctl)
    assert invoice_of(asctl, order)["state"] == "issued"
    sandbox.forget()
    return order


def invoice_of(asctl: Command, order: str) -> dict[str, Any]:
    """The blue invoice of an order's sale that came last, as the books have it."""
    return [each for each in asctl("invoice", "show", order).records if each["colour"] == "blue"][-1]


def at_bureau(sandbox: SandboxSite, asctl: Command, order: str, colour: str = "") -> list[dict[str, Any]]:
    """The issued invoices of an order at the tax bureau, the oldest first: the witness of what was billed.

    Not every provider tells it the order; those are known by our serial, and a red one by the number of its blue one.
    """
    serials = {each["serial"] for each in asctl("invoice", "show", order).records}
    told = [each for each in sandbox.state()["invoices"] if each["number"]]
    own = {each["number"] for each in told if each["order_id"] == order or each["serial"] in serials}
    found = [each for each in told if own & {each["number"], each["blue_number"]}]
    return [each for each in found if colour in ("", each["colour"])]


def billed(sandbox: SandboxSite, asctl: Command, order: str) -> Decimal:
    """What the tax bureau has billed of an order in the end, in yuan with tax."""
    return sum((Decimal(each["gross"]) for each in at_bureau(sandbox, asctl, order)), Decimal(0))


def buyer(sandbox: SandboxSite, deed: str, number: str) -> None:
    """The buyer of a blue invoice does something with it: ``use``, ``confirm`` or ``refuse``."""
    sandbox.control("POST", "invoices", {"buyer": deed, "number": number})


def customer_applies(sandbox: SandboxSite, order: str, title: str = PERSON, **told: object) -> str:
    """The customer applies for an invoice inside the order; the number of his application."""
    made = sandbox.control("POST", "applications", {"order_id": order, "title": title, **told})
    return str(made["application"])
