"""``asctl rma scan --receive``: the parcel is here, nobody need be asked about it any more."""

from __future__ import annotations

import pytest

from tests.command_support import Command
from tests.pickup_support import cases, pickups, request
from tests.rma_support import BACK, Bench
from tests.sandbox_support import BOTH_STORES, SandboxSite


@pytest.fixture
def bench(sandbox: SandboxSite, asctl: Command) -> Bench:
    return Bench.of(sandbox, asctl)


@BOTH_STORES
def test_a_receipt_is_noted_once(sandbox: SandboxSite, asctl: Command, bench: Bench) -> None:
    """``--receive`` notes who and when, ends the watch of the parcel and brings the case to be confirmed; again, it says so."""
    number = bench.approved()
    asctl("rma", "waybill", number, BACK)
    first = asctl("rma", "scan", BACK, "--receive").record
    assert (first["status"], first["received_by"], first["phase"], first["warnings"]) == (
        "done",
        "8012",
        "confirming",
        [],
    )
    assert asctl("parcel", "show", BACK).record["open"] is False
    assert bench.trail()[0] == "rma receive"
    again = asctl("rma", "scan", number, "--receive")
    assert (again.code, again.record["status"], again.codes()) == (0, "skipped", ["already_received"])
    assert f"{number} was received at {first['received_at']} by 8012" in again.record["error_message"]
    looked = asctl("rma", "scan", number).record
    assert (looked["status"], looked["warnings"], looked["received_at"]) == (
        "done", ["already_received"], first["received_at"],
    )  # fmt: skip
    shown = asctl("rma", "show", number).record
    assert (shown["phase"], shown["received_at"], shown["received_by"]) == ("confirming", first["received_at"], "8012")
    assert shown["next"] == f"asctl order show {bench.order['order_id']}"
    assert bench.trail().count("rma receive") == 1


def test_all_cases_of_a_parcel_arrive_with_it(asctl: Command, bench: Bench) -> None:
    """The waybill receives all the cases in the parcel, an RMA number only its own."""
    first, second, third = bench.approved(), bench.approved(), bench.approved()
    for number in (first, second, third):
        asctl("rma", "waybill", number, BACK)
    assert [record["rma"] for record in asctl("rma", "scan", first, "--receive").records] == [first]
    rest = {record["rma"]: record["status"] for record in asctl("rma", "scan", BACK, "--receive").records}
    assert rest == {first: "skipped", second: "done", third: "done"}


def test_an_order_number_receives_the_only_case_that_waits(asctl: Command, bench: Bench) -> None:
    """Where several cases of the order wait, nobody guesses which one lies there; where one waits, it is that."""
    first, second = bench.approved(), bench.approved()
    refund = asctl("rma", "open", bench.order["order_id"], "--kind", "refund_only", "--reason", "late").record["rma"]
    order_id = bench.order["order_id"]
    unclear = asctl("rma", "scan", order_id, "--receive")
    assert (unclear.code, unclear.codes()) == (3, ["which_case"])
    assert first in unclear.err
    assert second in unclear.err
    assert refund not in unclear.err
    asctl("rma", "scan", first, "--receive")
    assert asctl("rma", "scan", order_id, "--receive").record["rma"] == second
    assert {record["status"] for record in asctl("rma", "scan", order_id, "--receive").records} == {"skipped"}


@pytest.mark.parametrize("kind", ["refund_only", "compensate"])
def test_a_case_without_goods_receives_none(asctl: Command, bench: Bench, kind: str) -> None:
    """Goods that come back for a case that expects none are told, and not noted as received."""
    number = asctl("rma", "open", bench.order["order_id"], "--kind", kind, "--reason", "late").record["rma"]
    asctl("rma", "approve", number)
    told = asctl("rma", "scan", number).record
    assert (told["warnings"], told["expect"]) == (["no_goods_expected"], [])
    for code in (number, bench.order["order_id"]):
        refused = asctl("rma", "scan", code, "--receive")
        assert (refused.code, refused.codes()) == (3, ["no_goods_back"])


@pytest.mark.parametrize("change", ["", "cancel", "late"])
def test_what_lies_here_is_received_whatever_speaks_against_it(
    sandbox: SandboxSite, asctl: Command, bench: Bench, change: str
) -> None:
    """A receipt is a fact: it is noted also for a case that was not approved, was withdrawn or ran out, with the warning."""
    number = bench.approved() if change else bench.opened()
    if change == "cancel":
        asctl("rma", "cancel", number, "--reason", "x")
    if change == "late":
        sandbox.travel(24 * 16)
    record = asctl("rma", "scan", number, "--receive").record
    expected = {"": "not_approved", "cancel": "cancelled", "late": "rma_expired"}[change]
    assert (record["status"], record["warnings"], record["received_by"]) == ("done", [expected], "8012")


def test_goods_that_came_in_time_do_not_run_out(sandbox: SandboxSite, asctl: Command, bench: Bench) -> None:
    """What counts is when they arrived, not when somebody looks."""
    number = bench.approved()
    asctl("rma", "scan", number, "--receive")
    sandbox.travel(24 * 40)
    assert asctl("rma", "scan", number).record["warnings"] == ["already_received"]


def test_nobody_says_who_receives(sandbox: SandboxSite, asctl: Command, bench: Bench) -> None:
    """To look needs no staff number, to receive does."""
    number = bench.approved()
    sandbox.reconfigure('staff_no = "8012"', "")
    assert asctl("rma", "scan", number).code == 0
    assert asctl("rma", "scan", number, "--receive").codes() == ["staff_no_missing"]


def back_for_the_order(asctl: Command, bench: Bench, waybill: str = BACK) -> str:
    """A parcel that comes back for the order and is tied to none of its cases."""
    asctl("parcel", "add", waybill, "--courier", "yto", "--order", bench.order["order_id"], "--direction", "return")
    return waybill


def watched(asctl: Command, waybill: str) -> bool:
    return bool(asctl("parcel", "show", waybill).record["open"])


def test_what_came_is_not_watched_though_tied_to_no_case(asctl: Command, bench: Bench) -> None:
    """A parcel of the order is no longer asked about once it was scanned itself, or no other case of the order waits for it."""
    first, second = bench.approved(), bench.approved()
    back = back_for_the_order(asctl, bench)
    asctl("rma", "scan", first, "--receive")
    assert watched(asctl, back)
    received = asctl("rma", "scan", back, "--receive").record
    assert (received["rma"], received["waybill"]) == (second, back)
    assert not watched(asctl, back)


def test_the_last_case_of_an_order_ends_the_watch(asctl: Command, bench: Bench) -> None:
    """By its own number, too: there is nobody left whom the parcel could be for."""
    number = bench.approved()
    back = back_for_the_order(asctl, bench)
    asctl("rma", "scan", number, "--receive")
    assert not watched(asctl, back)


def test_of_two_parcels_the_scanned_one_is_here(asctl: Command, bench: Bench) -> None:
    """Another one that comes back for the order, added later, is still under way."""
    bench.approved()
    here, coming = back_for_the_order(asctl, bench), back_for_the_order(asctl, bench, "YT7777777777777")
    assert asctl("rma", "scan", here, "--receive").record["waybill"] == here
    assert (watched(asctl, here), watched(asctl, coming)) == (False, True)


def test_what_we_sent_is_still_watched(sandbox: SandboxSite, asctl: Command, bench: Bench) -> None:
    """Only what comes back ends with the receipt, not the parcel in which the order went out."""
    bench.approved()
    asctl("parcel", "add", bench.waybill, "--order", bench.order["order_id"])
    asctl("rma", "scan", bench.waybill, "--receive")
    assert watched(asctl, bench.waybill)


def test_goods_that_are_here_were_fetched(sandbox: SandboxSite, asctl: Command) -> None:
    """The pickup that stood for them has taken effect, whatever the courier told of it; nobody is asked about it any more."""
    (number,) = cases(sandbox, asctl)
    assert request(asctl, number, "--courier", "yto").code == 0
    assert asctl("pickup", "list").record["effect"] == "accepted"
    asctl("rma", "scan", number, "--receive")
    assert asctl("pickup", "list").record["effect"] == "effective"
    sandbox.travel(24 * 11)
    asctl("action", "reconcile")
    assert [task for task in asctl("task", "list").records if task["rma"] == number] == []
    assert len(pickups(sandbox)) == 1


def test_goods_that_came_otherwise_were_not_fetched(sandbox: SandboxSite, asctl: Command) -> None:
    """A courier who was to fetch them may still come, where the customer has sent them himself: that pickup stands."""
    asctl.env["ASCTL_COURIERS__ZTO__PICKUP_WAYBILL"] = "false"
    (number,) = cases(sandbox, asctl)
    assert request(asctl, number, "--courier", "zto").code == 0
    asctl("parcel", "add", BACK, "--rma", number)
    assert asctl("rma", "show", number).record["waybill"] == BACK
    asctl("rma", "scan", BACK, "--receive")
    assert asctl("pickup", "list").record["effect"] == "accepted"


def test_a_label_with_a_case_that_has_no_goods_back(asctl: Command, bench: Bench) -> None:
    """The cases of the parcel whose goods come back are received; the other is refused with a record of its own."""
    order_id, number = bench.order["order_id"], bench.approved()
    refund = asctl("rma", "open", order_id, "--kind", "refund_only", "--reason", "late").record["rma"]
    result = asctl("rma", "scan", f"ASCTL1|{refund}+{number}|{order_id}|flagship", "--receive")
    told = {record["rma"]: record for record in result.records}
    assert (result.code, {rma: record["status"] for rma, record in told.items()}) == (
        3, {refund: "refused", number: "done"},
    )  # fmt: skip
    assert (told[refund]["error_code"], told[refund]["received_at"]) == ("no_goods_back", None)
    assert told[refund]["hint"].startswith("open a return")
    assert asctl("rma", "show", number).record["received_by"] == "8012"
    assert asctl("rma", "show", refund).record["received_at"] is None
    assert bench.trail().count("rma receive") == 1
