"""Which parcel ``asctl intercept request`` is asked for: numbers of orders, couriers that the store knows better, parcels at
their end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_support import Command, Result
from tests.interception_support import applied, orders_in, request, under_way
from tests.sandbox_support import SECOND_SHOP, SandboxSite


def stopped(sandbox: SandboxSite, result: Result, code: str) -> tuple[str, str]:
    """What is told of the only row, which ended with that code and sent nothing: the message and the advice."""
    assert (result.code, result.codes()) == (3, [code])
    assert sandbox.writes() == []
    assert applied(sandbox) == []
    return result.record["error_message"], result.err


def known_order(sandbox: SandboxSite, asctl: Command, status: str, parcels: int) -> tuple[str, list[str]]:
    """An order of the seed that stands so, in the store: its number and its waybills."""
    assert asctl("order", "sync").code == 0
    sandbox.forget()
    for order in sandbox.state()["orders"]:
        waybills = list(dict.fromkeys(line["waybill"] for line in order["lines"] if line["waybill"]))
        if order["status"] == status and len(waybills) == parcels:
            return str(order["order_id"]), waybills
    raise AssertionError(f"the seed has no order that is {status} with {parcels} parcels")


def test_an_order_number_is_told_as_one(sandbox: SandboxSite, asctl: Command) -> None:
    """The shop, the waybill and the command with it, which is not carried out; a courier beside it changes nothing."""
    (waybill,) = under_way(sandbox, asctl, "zto")
    order_id = str(orders_in(sandbox, waybill)[0]["order_id"])
    for courier in ((), ("--courier", "zto")):
        message, advice = stopped(sandbox, request(asctl, order_id, *courier), "order_not_waybill")
        assert order_id in message
        assert "flagship" in message
        assert waybill in message
        assert f"asctl intercept request {waybill}" in advice


def test_an_order_in_several_parcels(sandbox: SandboxSite, asctl: Command) -> None:
    """All waybills are named, and that one of them must be chosen."""
    order_id, waybills = known_order(sandbox, asctl, "shipped", 2)
    message, advice = stopped(sandbox, request(asctl, order_id), "order_not_waybill")
    assert ", ".join(waybills) in message
    assert "asctl intercept request WAYBILL" in advice


def test_an_order_that_is_not_shipped(sandbox: SandboxSite, asctl: Command) -> None:
    """There is nothing to call back: neither a waybill nor a request is proposed."""
    order_id, _none = known_order(sandbox, asctl, "to_ship", 0)
    message, advice = stopped(sandbox, request(asctl, order_id), "order_not_waybill")
    assert "no waybill" in message
    assert f"asctl order show {order_id}" in advice
    assert "asctl intercept request" not in advice


def test_an_order_of_two_shops(sandbox: SandboxSite, asctl: Command) -> None:
    """Both are named; ``--shop`` asks for one of them."""
    order_id, _waybills = known_order(sandbox, asctl, "shipped", 2)
    sandbox.configure(SECOND_SHOP)
    assert asctl("order", "sync", "--shop", "outlet").code == 0
    sandbox.forget()
    assert "flagship, outlet" in stopped(sandbox, request(asctl, order_id), "order_not_waybill")[0]
    mine = stopped(sandbox, request(asctl, order_id, "--shop", "outlet"), "order_not_waybill")[0]
    assert "flagship" not in mine


def test_a_number_that_nobody_knows(sandbox: SandboxSite, asctl: Command) -> None:
    """It may be mistyped, or its courier must be named."""
    message, advice = stopped(sandbox, request(asctl, "4000000099999999999"), "courier_missing")
    assert "does not tell its courier" in message
    assert "--courier" in advice
    assert "mistyped" in advice


def test_a_courier_that_the_store_contradicts(sandbox: SandboxSite, asctl: Command) -> None:
    """Both couriers are named, and nobody is asked; the right one may be named."""
    (waybill,) = under_way(sandbox, asctl, "yto")
    message, _advice = stopped(sandbox, request(asctl, waybill, "--courier", "zto"), "courier_contradicts")
    assert "yto" in message
    assert "zto" in message
    assert request(asctl, waybill, "--courier", "yto").record["status"] == "done"


def test_a_redirection_through_the_wrong_courier(sandbox: SandboxSite, asctl: Command) -> None:
    """A change of address is held to the same."""
    (waybill,) = under_way(sandbox, asctl, "yto")
    place = ("--province", "浙江省", "--city", "杭州市", "--district", "西湖区", "--detail", "文三路90号")
    who = ("--name", "李雷", "--phone", "13800001111")
    result = asctl("address", "change", waybill, *place, *who, "--courier", "sf", "--yes")
    stopped(sandbox, result, "courier_contradicts")


def test_one_row_with_the_wrong_courier(sandbox: SandboxSite, asctl: Command, tmp_path: Path) -> None:
    """It is told with its line, and the others go on."""
    wrong, good = under_way(sandbox, asctl, "yto", "yto")
    rows = tmp_path / "rows.csv"
    rows.write_text(f"waybill,courier\n{wrong},sf\n{good},yto\n", "utf-8")
    result = asctl("intercept", "request", "--from", str(rows), "--yes")
    assert (result.code, result.of(wrong)["error_code"]) == (3, "courier_contradicts")
    assert result.of(wrong)["error_message"].startswith("rows.csv line 2: ")
    assert applied(sandbox) == [good]


@pytest.mark.parametrize(
    ("courier", "scans", "code", "proposed"),
    [
        ("yto", [(1, "DELIVERED", "杭州市")], "already_delivered", "--kind return"),
        ("yto", [(3, "RETURNING", "杭州市"), (1, "RETURNED", "上海市")], "already_returned", "--kind reship"),
        ("sto", [(1, "CANCELLED", "杭州市")], "parcel_cancelled", "asctl order show"),
    ],
)
def test_a_parcel_at_its_end(
    sandbox: SandboxSite, asctl: Command, courier: str, scans: list[tuple[float, str, str]], code: str, proposed: str
) -> None:
    """Each end has its own advice: a return is proposed only for what the customer has."""
    (waybill,) = under_way(sandbox, asctl, courier)
    sandbox.parcel(waybill, *scans, courier=courier)
    assert asctl("parcel", "poll").code == 0
    sandbox.forget()
    message, advice = stopped(sandbox, request(asctl, waybill), code)
    assert waybill in message
    assert proposed in advice
    assert ("--kind return" in advice) == (code == "already_delivered")
    assert "--allow-signed" in advice
