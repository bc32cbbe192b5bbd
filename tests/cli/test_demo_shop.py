"""The imaginary shop, courier and invoice account of the plugin ``demo``, through the real command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from asctl.cli.exits import UNCLEAR
from tests.command_support import Command
from tests.sandbox_support import SandboxSite

SHOP = """
[shops.demo-shop]
plugin = "demo"
base_url = "{url}/demo"
key = "demo-key"
secret = "demo-secret-not-real"
invoices = "demo-invoices"
return_name = "演示仓"
return_phone = "13800000000"
return_address = "浙江省杭州市余杭区示例路10号"
"""
WAYBILL = "70000000000012"


@pytest.fixture
def made(sandbox: SandboxSite, asctl: Command) -> list[dict[str, Any]]:
    """Two orders of the shop in the store, their parcels with Demo."""
    sandbox.configure(SHOP)
    orders = sandbox.orders(2, shop="demo-shop", couriers=["demo"])
    sandbox.travel(0.05)
    assert asctl("order", "sync", "--shop", "demo-shop").record["stored"] == 2
    sandbox.forget()
    return orders


def applied(sandbox: SandboxSite) -> list[str]:
    """The writes that took effect at Demo."""
    return [entry["operation"] for entry in sandbox.writes() if entry["plugin"] == "demo" and entry["applied"]]


def test_only_the_shops_own_orders_come(sandbox: SandboxSite, asctl: Command, made: list[dict[str, Any]]) -> None:
    """Those of the other shop in the same world stay with it."""
    told = {record["order_id"]: record["shop"] for record in asctl("order", "list").records}
    assert told == {order["order_id"]: "demo-shop" for order in made}


def test_a_case_is_decided_and_its_label_printed(
    sandbox: SandboxSite, asctl: Command, made: list[dict[str, Any]], tmp_path: Path
) -> None:
    """A remark, an agreement, a label as text: each write once, and the words on the label."""
    order = made[0]["order_id"]
    sale = sandbox.control("POST", "aftersales", {"shop": "demo-shop", "order_id": order, "kind": "return"})
    sandbox.travel(0.05)
    assert asctl("aftersale", "sync", "--shop", "demo-shop").code == 0
    assert asctl("order", "remark", order, "--text", "客户退货", "--flag", "red", "--yes").code == 0
    assert asctl("aftersale", "agree", sale["after_sale_id"], "--yes").code == 0
    assert applied(sandbox) == ["write_remark", "agree"]
    rma = asctl("rma", "open", order, "--kind", "return", "--reason", "quality").record["rma"]
    assert asctl("rma", "approve", rma).code == 0
    label = tmp_path / "label.txt"
    assert asctl("label", "render", rma, "--format", "txt", "--file", str(label)).code == 0
    assert {rma, "演示仓"} <= set(label.read_text("utf-8").split())


def test_a_parcel_is_called_back(sandbox: SandboxSite, asctl: Command) -> None:
    """Asked for once although the answer was lost, found by its key, and done hours later."""
    sandbox.parcel(WAYBILL, (5, "PICKED_UP", "杭州市"), (2, "IN_TRANSIT", "嘉兴市"), courier="demo")
    sandbox.fault("demo:intercept", "close_after")
    asked = ("intercept", "request", WAYBILL, "--courier", "demo", "--yes")
    assert asctl(*asked).code == UNCLEAR
    sandbox.travel(0.01)
    asctl("action", "reconcile")
    sandbox.travel(3)
    assert asctl("intercept", "status", WAYBILL).record["effect"] == "effective"
    assert applied(sandbox) == ["intercept"]


def test_an_application_becomes_an_invoice_at_the_order(
    sandbox: SandboxSite, asctl: Command, made: list[dict[str, Any]]
) -> None:
    """Applied for inside the order, issued by Demo Invoices, shown where the customer looks for it."""
    body = {"shop": "demo-shop", "order_id": made[0]["order_id"], "title": "苏小满"}
    sandbox.control("POST", "applications", body)
    assert asctl("invoice", "sync", "--shop", "demo-shop").code == 0
    asctl("invoice", "issue", "--yes")
    sandbox.travel(0.01)
    assert asctl("invoice", "issue", "--yes").code == 0
    assert applied(sandbox) == ["issue", "hand_over"]
    (application,) = [one for one in sandbox.state()["applications"] if one["shop"] == "demo-shop"]
    assert application["results"][0]["number"]
