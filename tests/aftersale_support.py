"""Applications for tests of decisions on them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.command_support import Command
from tests.sandbox_support import SandboxSite, iso_before

PAY, REVIEW = "taobao.rp.refunds.agree", "taobao.rp.refund.review"
REFUSAL = "taobao.refund.refuse"
SOON = 0.03
"""Hours after a send: later than its deadline (60 s) with late window and lag (15 s)."""


def make_applications(sandbox: SandboxSite, asctl: Command, kind: str, count: int = 1) -> list[str]:
    """New applications of that kind on orders of their own, in the store; the ledger is empty again."""
    made = [
        sandbox.control("POST", "aftersales", {"shop": "flagship", "order_id": order["order_id"], "kind": kind})
        for order in sandbox.orders(count)
    ]
    sandbox.travel(0.02)
    assert asctl("aftersale", "sync", "--since", iso_before(sandbox.now(), 0.1)).code == 0
    sandbox.forget()
    return [str(each["after_sale_id"]) for each in made]


def application(sandbox: SandboxSite, number: str) -> dict[str, Any]:
    """One application of the world."""
    return next(sale for sale in sandbox.state()["after_sales"] if sale["after_sale_id"] == number)


def statuses(sandbox: SandboxSite, numbers: list[str]) -> list[str]:
    """How the world's applications stand."""
    standing = {sale["after_sale_id"]: sale["status"] for sale in sandbox.state()["after_sales"]}
    return [str(standing[number]) for number in numbers]


def amounts(sandbox: SandboxSite, numbers: list[str]) -> dict[str, Decimal]:
    """What the buyers want back."""
    asked = {sale["after_sale_id"]: Decimal(sale["amount"]) for sale in sandbox.state()["after_sales"]}
    return {number: asked[number] for number in numbers}


def elsewhere(asctl: Command, *arguments: str) -> None:
    """The same decision desk at another machine, with a store of its own: somebody else works at the shop."""
    store = asctl.env["ASCTL_CONFIG"] + ".other.db"
    env = {"ASCTL_STORE__URL": f"sqlite:///{store}"}
    assert asctl("db", "upgrade", env=env).code == 0
    assert asctl("aftersale", "sync", env=env).code == 0
    assert asctl(*arguments, "--yes", env=env).code == 0
