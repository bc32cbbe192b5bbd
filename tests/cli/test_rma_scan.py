"""``asctl rma scan``: any code on a parcel finds its cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_support import Command
from tests.rma_support import BACK, Bench, mistyped
from tests.sandbox_support import BOTH_STORES, SandboxSite


@pytest.fixture
def bench(sandbox: SandboxSite, asctl: Command) -> Bench:
    return Bench.of(sandbox, asctl)


def spoken(text: str) -> str:
    """As a person reads a number out: in groups."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


@BOTH_STORES
def test_any_code_of_the_parcel_finds_the_case(asctl: Command, bench: Bench) -> None:
    """RMA number however it is written, the QR code's text, the waybill back and out, an order number, a courier's address."""
    number, order_id = bench.approved(), bench.order["order_id"]
    asctl("rma", "waybill", number, BACK)
    qr = f"]Q1ASCTL1|{number}|{order_id}|flagship\r\n"
    address = f"https://courier.example/q?waybill={BACK.lower()}&from=3"
    codes = (
        number,
        number.lower(),
        spoken(number),
        qr,
        order_id,
        BACK,
        f"]C1{BACK}",
        spoken(BACK),
        address,
        bench.waybill,
    )
    for code in codes:
        found = asctl("rma", "scan", code)
        assert (found.code, [record["rma"] for record in found.records]) == (0, [number]), code
        assert found.record["input"] == code


@BOTH_STORES
def test_what_to_expect_in_the_parcel(sandbox: SandboxSite, asctl: Command, bench: Bench) -> None:
    """A scan tells goods, case, customer (masked), where the parcel is and the command for the bench; and changes nothing."""
    number = bench.approved()
    asctl("rma", "waybill", number, sandbox.parcel(BACK, (9, "PICKED_UP", "南京市")))
    asctl("parcel", "poll")
    trail = bench.trail()
    told = asctl("rma", "scan", number).record
    line = bench.order["lines"][0]
    assert told["expect"] == [f"{line['quantity']} x {line['sku']} {line['title']}"]
    assert (told["order_id"], told["shop"], told["kind"], told["reason"]) == (
        bench.order["order_id"], "flagship", "return", "quality",
    )  # fmt: skip
    assert (told["state"], told["phase"], told["waybill"], told["parcel_status"]) == (
        "approved", "receiving", BACK, "PICKED_UP",
    )  # fmt: skip
    assert told["customer"].startswith(bench.order["receiver"]["name"][0] + "**")
    assert bench.order["receiver"]["phone"] not in str(told)
    assert (told["warnings"], told["travels_with"]) == ([], [])
    assert told["next"] == f"asctl rma scan {number} --receive"
    assert bench.trail() == trail


def test_a_parcel_of_several_cases(asctl: Command, bench: Bench) -> None:
    """Its waybill, and the QR code of a label that lists them, find all of them; each is told which others are in it."""
    first, second = bench.approved(), bench.approved()
    for number in (first, second):
        asctl("rma", "waybill", number, BACK)
    label = f"ASCTL1|{first}+{second}|{bench.order['order_id']}|flagship"
    for code in (BACK, label):
        found = {record["rma"]: record for record in asctl("rma", "scan", code).records}
        assert {number: each["travels_with"] for number, each in found.items()} == {first: [second], second: [first]}
        assert all(each["warnings"] == ["other_rma_in_parcel"] for each in found.values())
    alone = asctl("rma", "scan", first).record
    assert (alone["warnings"], alone["travels_with"]) == (["other_rma_in_parcel"], [second])


def test_a_label_of_several_cases_without_a_waybill(asctl: Command, bench: Bench) -> None:
    """Where no waybill ties them, the label itself says that they are in one parcel."""
    first, second = bench.approved(), bench.approved()
    found = asctl("rma", "scan", f"ASCTL1|{first}+{second}|{bench.order['order_id']}|flagship").records
    assert [(each["rma"], each["travels_with"]) for each in found] == [(first, [second]), (second, [first])]


def test_what_a_buyer_sends_back_through_the_marketplace(sandbox: SandboxSite, asctl: Command, bench: Bench) -> None:
    """The waybill that stands in an application finds the cases of its order, also where nobody tied it to one."""
    asctl("order", "sync")
    asctl("aftersale", "sync")
    sale = next(sale for sale in sandbox.state()["after_sales"] if sale["return_waybill"])
    cases = {bench.opened(sale), bench.opened(sale)}
    assert {record["rma"] for record in asctl("rma", "scan", sale["return_waybill"]).records} == cases


def test_an_order_without_a_case(asctl: Command, bench: Bench) -> None:
    """A parcel that comes back although nobody applied: what was in it, and the command that opens the case."""
    told = asctl("rma", "scan", bench.waybill).record
    assert (told["order_id"], told["rma"], told["warnings"]) == (bench.order["order_id"], None, ["no_rma"])
    assert told["expect"][0].startswith(f"{bench.order['lines'][0]['quantity']} x ")
    assert told["next"] == f"asctl rma open {bench.order['order_id']} --kind return --reason CLASS"
    assert asctl("rma", "strays").records == []
    received = asctl("rma", "scan", bench.waybill, "--receive")
    assert (received.code, received.codes()) == (3, ["no_rma"])


@pytest.mark.parametrize(
    ("change", "warning"),
    [
        ("", "not_approved"),
        ("cancel", "cancelled"),
        ("late", "rma_expired"),
        ("address", "label_void"),
    ],
)
def test_what_speaks_against_the_case(
    sandbox: SandboxSite, asctl: Command, bench: Bench, tmp_path: Path, change: str, warning: str
) -> None:
    """A case that was never approved, was withdrawn, ran out, or whose label is void: the bench is warned by a word."""
    number = bench.approved() if change else bench.opened()
    if change == "cancel":
        asctl("rma", "cancel", number, "--reason", "买家不退了")
    if change == "late":
        sandbox.travel(24 * 16)
    if change == "address":
        asctl("rma", "waybill", number, "YT6666666666666")
        assert asctl("label", "render", number, "-f", str(tmp_path / "label.pdf")).code == 0
        asctl("rma", "waybill", number, BACK, "--replace")
    told = asctl("rma", "scan", number).record
    assert told["warnings"] == [warning]
    if change in ("", "cancel"):
        assert told["next"] == asctl("rma", "show", number).record["next"]


def test_our_own_parcel_comes_back(asctl: Command, bench: Bench) -> None:
    """The waybill under which we sent the order leads to its case, with a warning that it is our own."""
    number = bench.approved()
    told = asctl("rma", "scan", bench.waybill).record
    assert (told["rma"], told["warnings"], told["waybill"]) == (number, ["own_parcel"], bench.waybill)


@pytest.mark.parametrize(
    ("code", "error"),
    [("", "empty_scan"), ("  ", "empty_scan"), ("你好", "unreadable_scan"), ("A1", "unreadable_scan")],
)
def test_a_scan_that_says_nothing(asctl: Command, bench: Bench, code: str, error: str) -> None:
    """A scanner that read nothing of use is told so: it is not handed somebody's case, and nothing is parked."""
    bench.opened()
    result = asctl("rma", "scan", code)
    assert (result.code, result.codes()) == (3, [error])
    assert asctl("rma", "strays").records == []


def test_a_slip_in_the_number_is_told(asctl: Command, bench: Bench) -> None:
    """A mistyped RMA number gets the likely right one in its answer, and is no parcel that nobody knows."""
    number = bench.opened()
    told = asctl("rma", "scan", mistyped(number)).record
    assert (told["error_code"], told["hint"]) == ("bad_rma_number", f"did you mean {number}?")
    assert asctl("rma", "strays").records == []


def test_goods_on_their_way_back(sandbox: SandboxSite, asctl: Command, bench: Bench) -> None:
    """A return parcel of the order is the way back of its case, also where nobody tied it to the case; once the courier has
    delivered it, the next step is to receive it."""
    number = bench.approved()
    back = sandbox.parcel(BACK, (9, "PICKED_UP", "南京市"))
    asctl("parcel", "add", back, "--order", bench.order["order_id"], "--direction", "return")
    assert asctl("rma", "scan", back).record["rma"] == number
    assert asctl("rma", "show", number).record["next"] == f"asctl parcel show {back}"
    sandbox.parcel(back, (0.1, "DELIVERED", "杭州市"))
    asctl("parcel", "poll")
    assert asctl("rma", "show", number).record["next"] == f"asctl rma scan {number} --receive"


def test_a_phone_number_is_neither_kept_nor_repeated(asctl: Command, bench: Bench) -> None:
    """Who types the customer's phone in place of a code gets a word of advice, and it is written down nowhere."""
    result = asctl("rma", "scan", "13800001234")
    assert (result.code, result.codes()) == (3, ["unreadable_scan"])
    assert "13800001234" not in result.err + str(result.record["error_message"])
    assert asctl("rma", "strays").records == []
