"""``asctl order list`` and ``show``: filters, masking, and the record that revealed data leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from asctl.store.audit import list_audit
from asctl.store.opening import open_store
from tests.command_support import Command
from tests.sandbox_support import SECOND_SHOP, SandboxSite


@pytest.fixture
def synced(sandbox: SandboxSite, asctl: Command) -> list[dict[str, object]]:
    """The world's orders, all of them in the store."""
    assert asctl("order", "sync").code == 0
    orders: list[dict[str, object]] = sandbox.state()["orders"]
    return orders


def revealed(url: str) -> list[str]:
    """The subjects of the audit records that ``--reveal`` left."""
    store = open_store(url)
    with store.read() as tx:
        entries = [entry for entry in list_audit(tx, 100) if entry.what == "reveal"]
    store.close()
    assert all(entry.who == "8012" for entry in entries)
    return [entry.subject for entry in reversed(entries)]


def test_filters(sandbox: SandboxSite, asctl: Command, synced: list[dict[str, object]]) -> None:
    """``--status``, ``--since``, ``--waybill``, ``--shop`` and ``--limit`` each keep just what they name."""
    to_ship = {order["order_id"] for order in synced if order["status"] == "to_ship"}
    assert {r["order_id"] for r in asctl("order", "list", "--status", "to_ship").records} == to_ship
    moment = (sandbox.now() - timedelta(hours=30)).isoformat(timespec="seconds")
    recent = {order["order_id"] for order in synced if str(order["created_at"]) >= moment}
    assert {r["order_id"] for r in asctl("order", "list", "--since", moment).records} == recent
    sent = next(r for r in asctl("order", "list").records if r["waybills"])
    assert asctl("order", "list", "--waybill", sent["waybills"][0]).record["order_id"] == sent["order_id"]
    assert asctl("order", "list", "--waybill", "YT0000000000009", "--fail-if-empty").code == 6
    misspelt = asctl("order", "list", "--shop", "flagshp")
    assert (misspelt.code, misspelt.error["code"]) == (2, "unknown_account")
    assert len(asctl("order", "list", "--limit", "3").records) == 3


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_personal_data_is_masked(asctl: Command, synced: list[dict[str, object]], form: str) -> None:
    """Of the receiver as the marketplace gives him, neither list nor show prints phone or street."""
    numbers = [str(order["order_id"]) for order in synced]
    receivers = [record["receiver"].split() for record in asctl("order", "list", "--reveal").records]
    told = asctl("order", "list", "-o", form).out + asctl("order", "show", *numbers, "-o", form).out
    for _name, phone, *_district, street in receivers:
        assert phone.startswith("138")
        assert phone not in told
        assert street not in told
    assert "138********" in told


def test_reveal_shows_and_leaves_a_record(asctl: Command, synced: list[dict[str, object]], store_url: str) -> None:
    """``--reveal`` shows the receiver, and who asked for what stands in the audit; without it there is no record."""
    number = str(synced[0]["order_id"])
    masked = asctl("order", "show", number).record["receiver"]
    assert revealed(store_url) == []
    shown = asctl("order", "show", number, "--reveal").record["receiver"]
    assert (masked.split()[-1], shown.split()[1][:7]) == ("***", "1380000")
    asctl("order", "list", "--reveal", "--limit", "1")
    assert revealed(store_url) == [f"order {number}", "order list"]


def test_show_tells_after_sales(sandbox: SandboxSite, asctl: Command, synced: list[dict[str, object]]) -> None:
    """``show`` counts the applications on an order."""
    asctl("aftersale", "sync")
    sales = [sale["order_id"] for sale in sandbox.state()["after_sales"]]
    assert asctl("order", "show", sales[0]).record["after_sale_count"] == sales.count(sales[0])


def test_unknown_orders_do_not_hide_the_known(asctl: Command, synced: list[dict[str, object]]) -> None:
    """``show`` of two numbers, one unknown: the known one is printed, exit 3."""
    number = str(synced[0]["order_id"])
    result = asctl("order", "show", "4999999999", number)
    assert (result.code, result.record["order_id"]) == (3, number)
    assert "order 4999999999 is not in the store" in result.err


def test_two_shops_with_one_number_need_the_shop(
    sandbox: SandboxSite, asctl: Command, synced: list[dict[str, object]]
) -> None:
    """``show`` never picks one of two shops by itself."""
    sandbox.configure(SECOND_SHOP)
    asctl("order", "sync")
    number = str(synced[0]["order_id"])
    result = asctl("order", "show", number)
    assert result.code != 0
    assert "several shops" in result.err
    assert asctl("order", "show", number, "--shop", "outlet").record["shop"] == "outlet"
