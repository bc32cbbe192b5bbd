"""The parcels of a case, and what a hand scanner finds."""

from __future__ import annotations

from typing import Any

import pytest

from tests.command_support import Command
from tests.rma_support import mistyped, opened, shipped_order
from tests.sandbox_support import BOTH_STORES, SandboxSite


@pytest.fixture
def order(sandbox: SandboxSite, asctl: Command) -> dict[str, Any]:
    """A shipped order in the store, as the sandbox knows it."""
    return shipped_order(sandbox, asctl)


def test_any_barcode_of_the_parcel_finds_the_case(asctl: Command, order: dict[str, Any]) -> None:
    """RMA number, the QR code's text, a waybill of the case, the order number: each finds it; a stranger is told."""
    number = opened(asctl, order)
    qr = f"ASCTL1|{number}|{order['order_id']}|flagship"
    for code in (number, number.lower(), qr, order["order_id"], order["lines"][0]["waybill"]):
        assert [record["rma"] for record in asctl("rma", "scan", code).records] == [number], code
    stranger = asctl("rma", "scan", "YT0000000000001")
    assert (stranger.code, stranger.out) == (3, "")
    assert "asctl order list --waybill YT0000000000001" in stranger.err


def test_a_scanner_types_line_by_line(asctl: Command, order: dict[str, Any]) -> None:
    """``rma scan -`` answers each line; a code that is not known does not stop the next."""
    first, second = opened(asctl, order), opened(asctl, order)
    result = asctl("rma", "scan", "-", stdin=f"{first}\r\n\nYT0000000000001\n{second}\n")
    assert result.code == 3
    assert [record["rma"] for record in result.records] == [first, second]


def test_an_empty_scan_finds_nothing(asctl: Command, order: dict[str, Any]) -> None:
    """A scanner that read nothing is told so, and is not handed somebody's case."""
    opened(asctl, order)
    for scan in ("", "  "):
        result = asctl("rma", "scan", scan)
        assert (result.code, result.records) == (3, [])
        assert "the scan is empty" in result.err


def test_goods_on_their_way_back(sandbox: SandboxSite, asctl: Command, order: dict[str, Any]) -> None:
    """A return parcel of the order is the case's way back: its waybill finds the case, and once it is delivered the next
    step is to receive it."""
    number = opened(asctl, order)
    asctl("rma", "approve", number)
    back = sandbox.parcel("YT5555555555555", (9, "PICKED_UP", "南京市"))
    asctl("parcel", "add", back, "--order", order["order_id"], "--direction", "return")
    found = asctl("rma", "scan", back).record
    assert (found["rma"], found["next"]) == (number, f"asctl parcel show {back}")
    sandbox.parcel(back, (0.1, "DELIVERED", "杭州市"))
    asctl("parcel", "poll")
    assert asctl("rma", "show", number).record["next"] == f"asctl rma scan {number}"


@BOTH_STORES
def test_a_parcel_is_tied_to_its_case(sandbox: SandboxSite, asctl: Command, order: dict[str, Any]) -> None:
    """``parcel add --rma`` makes a return parcel of the case's order, tells the case its waybill and leaves a record."""
    number = opened(asctl, order)
    added = asctl("parcel", "add", "YT5555555555555", "--rma", number.lower()).record
    assert (added["rma"], added["direction"], added["order_id"]) == (number, "return", order["order_id"])
    case = asctl("rma", "show", number).record
    assert (case["courier"], case["waybill"]) == ("yto", "YT5555555555555")
    entry = asctl("db", "audit", "--limit", "1").record
    assert (entry["who"], entry["what"], entry["subject"]) == ("8012", "rma waybill", number)
    assert "waybill=YT5555555555555" in entry["detail"]
    assert asctl("parcel", "list", "--rma", number).record["waybill"] == "YT5555555555555"
    asctl("parcel", "add", "YT5555555555555", "--rma", number)
    assert [each["what"] for each in asctl("db", "audit").records].count("rma waybill") == 1


def test_several_cases_in_one_parcel(asctl: Command, order: dict[str, Any]) -> None:
    """A customer may put the goods of two cases into one box: its waybill finds both, each knows it."""
    both = {opened(asctl, order), opened(asctl, order)}
    for number in both:
        assert asctl("parcel", "add", "YT5555555555555", "--rma", number).code == 0
    assert {record["rma"] for record in asctl("rma", "scan", "YT5555555555555").records} == both
    assert {record["waybill"] for record in asctl("rma", "list").records} == {"YT5555555555555"}


def test_a_parcel_that_cannot_be_tied(asctl: Command, order: dict[str, Any]) -> None:
    """A case nobody knows, one of another order, one without goods: refused with the row, and nothing is stored."""
    other = asctl("order", "list").records[-1]["order_id"]
    number = opened(asctl, order)
    refund = asctl("rma", "open", order["order_id"], "--kind", "refund_only", "--reason", "late").record["rma"]
    for options, code in (
        (("--rma", mistyped(number)), "bad_rma_number"),
        (("--rma", number, "--order", other), "rma_of_other_order"),
        (("--rma", refund), "no_goods_back"),
    ):
        result = asctl("parcel", "add", "YT5555555555555", *options)
        assert (result.code, result.record["error_code"]) == (3, code)
    assert asctl("parcel", "list", "--direction", "return").records == []


@BOTH_STORES
@pytest.mark.parametrize("cases", [1, 2])
def test_what_a_buyer_sends_back_finds_its_case(sandbox: SandboxSite, asctl: Command, cases: int) -> None:
    """The waybill of an application belongs to the only approved case of its order; between two nobody chooses."""
    asctl("order", "sync")
    sale = next(sale for sale in sandbox.state()["after_sales"] if sale["return_waybill"])
    refund = asctl("rma", "open", sale["order_id"], "--kind", "refund_only", "--reason", "late").record["rma"]
    numbers = [opened(asctl, sale) for _case in range(cases)]
    asctl("rma", "approve", *numbers, refund)
    asctl("aftersale", "sync")
    known = {record["waybill"] for record in asctl("rma", "list", "--kind", "return").records}
    tied = asctl("parcel", "show", sale["return_waybill"]).record["rma"]
    trail = [(entry["who"], entry["what"]) for entry in asctl("db", "audit").records]
    if cases == 1:
        assert (known, tied) == ({sale["return_waybill"]}, numbers[0])
        assert trail[0] == ("asctl", "rma waybill")
    else:
        assert (known, tied) == ({None}, None)
        assert ("asctl", "rma waybill") not in trail
    assert asctl("rma", "show", refund).record["waybill"] is None


def test_a_replacement_is_not_the_way_back(asctl: Command, order: dict[str, Any]) -> None:
    """A parcel that goes out for a case is filed under it, and is not what the goods come back in."""
    number = opened(asctl, order)
    added = asctl("parcel", "add", "YT5555555555555", "--rma", number, "--direction", "replacement").record
    assert (added["rma"], added["direction"]) == (number, "replacement")
    assert asctl("rma", "show", number).record["waybill"] is None
