"""Rows of interceptions and redirections that cannot be done: each with family, code and message; the others go on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.command_support import Command, Result, no_traceback
from tests.interception_support import applied, effects, request, under_way
from tests.sandbox_support import SECOND_SHOP, SandboxSite

COURIERS = ("sf", "zto", "yto", "sto", "yunda")
STRANGERS = {
    "sf": "SF9999999999999",
    "zto": "75999999999999",
    "yto": "YT9999999999999",
    "sto": "779999999999999",
    "yunda": "YD9999999999999",
}
"""Waybills in each courier's shape that are nobody's."""

UNKNOWN_AT = {"zto": "not_picked_up_yet"}
"""ZTO tells a waybill that is nobody's like one without a scan (E23102, reference/couriers/zto.md section 6.4)."""


def table(folder: Path, *rows: Sequence[str]) -> str:
    """A file of rows; the first are the columns."""
    path = folder / "rows.csv"
    path.write_text("".join(",".join(row) + "\n" for row in rows), "utf-8")
    return str(path)


def told(result: Result, waybill: str) -> tuple[str, str, str]:
    """How a row fared: status, family and code; its message says something."""
    record = next(each for each in result.records if each["input"] == waybill)
    assert record["error_message"]
    no_traceback(result)
    return record["status"], record["error_family"], record["error_code"]


def refused(code: str) -> tuple[str, str, str]:
    return "refused", "refused", code


def bad(code: str) -> tuple[str, str, str]:
    return "failed", "bad_input", code


@pytest.mark.parametrize("courier", COURIERS)
def test_what_couriers_refuse(sandbox: SandboxSite, asctl: Command, courier: str) -> None:
    """Not ours, unknown, delivered, on the round, not picked up: in one batch each is refused with the one word that all
    couriers share, and the good one among them is done."""
    good, foreign, delivered, on_the_round = under_way(sandbox, asctl, *[courier] * 4)
    sandbox.parcel(foreign, courier=courier, foreign=True)
    sandbox.parcel(delivered, (0, "DELIVERED", "杭州市"), courier=courier)
    sandbox.parcel(on_the_round, (0, "OUT_FOR_DELIVERY", "杭州市"), courier=courier)
    early = sandbox.parcel(STRANGERS[courier][:-1] + "1", (0, "CREATED", "杭州市"), courier=courier)
    sandbox.travel(0.02)
    unknown = STRANGERS[courier]
    result = request(asctl, foreign, delivered, on_the_round, early, unknown, good, "--courier", courier)
    assert result.code == 3
    assert told(result, foreign) == refused("not_authorised")
    assert told(result, delivered) == refused("already_delivered")
    assert told(result, on_the_round) == refused("too_late")
    assert told(result, early) == refused("not_picked_up_yet")
    assert told(result, unknown) == refused(UNKNOWN_AT.get(courier, "not_authorised"))
    assert {record["refusal"] for record in result.records} == {
        None, "NOT_AUTHORISED", "ALREADY_DELIVERED", "TOO_LATE", "NOT_PICKED_UP_YET",
    }  # fmt: skip
    assert result.of(good)["status"] == "done"
    assert applied(sandbox) == [good]


@pytest.mark.parametrize("courier", ["sf", "zto", "yto"])
def test_asked_for_by_somebody_else(sandbox: SandboxSite, asctl: Command, tmp_path: Path, courier: str) -> None:
    """A parcel that another party, with a store of its own, has had called back already is refused by the courier."""
    (waybill,) = under_way(sandbox, asctl, courier)
    theirs = {"ASCTL_STORE__URL": f"sqlite:///{tmp_path / 'theirs.db'}"}
    assert asctl("db", "upgrade", env=theirs).code == 0
    asked = asctl("intercept", "request", waybill, "--courier", courier, "--account", "kuaidi100", "--yes", env=theirs)
    assert asked.code == 0
    sandbox.travel(3)
    assert told(request(asctl, waybill), waybill) == refused("already_intercepted")
    assert len(applied(sandbox)) == 1


def test_what_we_know_ourselves_is_not_asked(sandbox: SandboxSite, asctl: Command) -> None:
    """A parcel that our own record says is delivered, and one that a customer sends to us, are refused before anything is
    sent; ``--allow-signed`` asks the courier about the first."""
    (delivered,) = under_way(sandbox, asctl, "yto")
    sandbox.parcel(delivered, (0, "DELIVERED", "杭州市"))
    sandbox.travel(0.02)
    asctl("parcel", "poll")
    asctl("aftersale", "sync")
    coming = asctl("parcel", "list", "--direction", "return").records[0]["waybill"]
    result = request(asctl, delivered, coming)
    assert (result.code, told(result, delivered)) == (3, refused("already_delivered"))
    assert told(result, coming) == refused("return_parcel")
    assert sandbox.writes() == []
    allowed = request(asctl, delivered, "--allow-signed")
    assert told(allowed, delivered) == refused("already_delivered")
    assert [entry["target"] for entry in sandbox.writes()] == [delivered]


def test_rows_that_cannot_be_read(sandbox: SandboxSite, asctl: Command, tmp_path: Path) -> None:
    """Spoilt, shapeless and missing waybills, unknown words and accounts: set aside with the place, before anything is sent;
    the good row is done."""
    good, *others = under_way(sandbox, asctl, *["yto"] * 6)
    rows = table(
        tmp_path,
        ("waybill", "courier", "account", "return-to", "flag"),
        ("7.12E+13", "", "", "", ""),
        ("??", "", "", "", ""),
        ("123456789012", "", "", "", ""),
        (others[0], "", "", "moon", ""),
        (others[1], "", "", "", "pink"),
        (others[2], "", "yto2", "", ""),
        (others[3], "zzz", "", "", ""),
        (good, "", "", "", ""),
    )
    result = asctl("intercept", "request", "--from", rows, "--yes")
    assert result.code == 3
    assert told(result, "7.12E+13") == bad("spoilt_number")
    assert told(result, "??") == bad("bad_waybill")
    assert told(result, "123456789012") == bad("courier_missing")
    assert told(result, others[0]) == bad("unknown_return_to")
    assert told(result, others[1]) == bad("unknown_flag")
    assert told(result, others[2]) == bad("unknown_account")
    assert told(result, others[3]) == bad("unknown_courier")
    for line, record in enumerate(result.records[:-1], start=2):
        assert record["error_message"].startswith(f"rows.csv line {line}: ")
    assert result.of(good)["status"] == "done"
    assert applied(sandbox) == [good]


@pytest.mark.parametrize("options", [("--return-to", "moon"), ("--flag", "pink"), ("--jobs", "0")])
def test_a_wrong_option_ends_the_run(sandbox: SandboxSite, asctl: Command, options: tuple[str, str]) -> None:
    """What is wrong for every row is misuse: exit 2, nothing sent, nothing on record."""
    (waybill,) = under_way(sandbox, asctl, "zto")
    assert request(asctl, waybill, *options).code == 2
    assert sandbox.ledger() == []
    assert asctl("batch", "list").records == []


def test_the_same_waybill_twice(sandbox: SandboxSite, asctl: Command, tmp_path: Path) -> None:
    """The same row twice is one request, told as ``duplicate``; of rows that contradict each other none is sent."""
    same, torn = under_way(sandbox, asctl, "zto", "zto")
    rows = table(
        tmp_path,
        ("waybill", "return-to"),
        (same, "sender"),
        (f" {same} ", "sender"),
        (same, ""),
        (torn, "sender"),
        (torn, "outlet"),
    )
    result = asctl("intercept", "request", "--from", rows, "--yes", "--jobs", "1")
    assert result.code == 3
    assert sorted((record["status"], record["error_code"] or "") for record in result.records) == [
        ("done", ""),
        ("failed", "contradicting_rows"),
        ("failed", "contradicting_rows"),
        ("skipped", "duplicate"),
        ("skipped", "duplicate"),
    ]
    assert applied(sandbox) == [same]
    assert {made["kind"] for made in sandbox.state()["interceptions"]} == {"sender"}


def test_a_parcel_of_several_orders(sandbox: SandboxSite, asctl: Command) -> None:
    """It is refused with the orders that are inside, and the parcel beside it is called back."""
    together = under_way(sandbox, asctl, "yto", "yto", together=True)[0]
    sandbox.parcel("YT1234567890123", (2, "PICKED_UP", "杭州市"))
    result = request(asctl, together, "YT1234567890123")
    assert (result.code, told(result, together)) == (3, refused("several_orders"))
    assert "2 orders" in result.of(together)["error_message"]
    assert applied(sandbox) == ["YT1234567890123"]


def test_nothing_to_take_back(sandbox: SandboxSite, asctl: Command) -> None:
    """Cancelling what was never asked for, or what is still unclear, sends nothing and says what to do instead."""
    never, unclear, good = under_way(sandbox, asctl, "sf", "sf", "sf")
    sandbox.fault("sf:intercept", "close_after", match=unclear)
    request(asctl, unclear, good)
    result = asctl("intercept", "cancel", never, unclear, good, "--yes")
    assert told(result, never) == ("failed", "not_found", "no_interception")
    assert told(result, unclear) == refused("not_accepted")
    assert applied(sandbox, "cancel_interception") == [good]
    assert asctl("intercept", "status", never).code == 3
    assert effects(asctl)[good] == "cancelled"


def test_goods_to_send_for_no_order(sandbox: SandboxSite, asctl: Command) -> None:
    """``--ship-anew`` needs an order that the goods belong to."""
    sandbox.parcel("YT1234567890123", (2, "PICKED_UP", "杭州市"))
    result = request(asctl, "YT1234567890123", "--ship-anew", "SKU-1")
    assert told(result, "YT1234567890123") == bad("unknown_order")
    assert sandbox.writes() == []


def test_another_shops_order(sandbox: SandboxSite, asctl: Command) -> None:
    """A shop that the parcel is not of cannot intercept it."""
    (waybill,) = under_way(sandbox, asctl, "yto")
    sandbox.configure(SECOND_SHOP)
    assert told(request(asctl, waybill, "--account", "outlet"), waybill) == bad("not_of_shop")
    assert sandbox.writes() == []


@pytest.mark.parametrize("courier", COURIERS)
def test_a_closed_destination(sandbox: SandboxSite, asctl: Command, courier: str, tmp_path: Path) -> None:
    """A redirection to where no courier goes at present is refused, and the others go on."""
    first, second = under_way(sandbox, asctl, courier, courier)
    rows = table(
        tmp_path,
        ("target", "province", "city", "district", "detail"),
        (first, "海南省", "三沙市", "西沙区", "永兴岛北京路1号"),
        (second, "浙江省", "杭州市", "西湖区", "文三路90号"),
    )
    result = asctl("address", "change", "--from", rows, "--name", "李雷", "--phone", "13800001111", "--yes")
    assert (result.code, told(result, first)) == (3, refused("destination_closed"))
    assert result.of(second)["status"] == "done"
    assert applied(sandbox, "address_change") == [second]


def test_through_another_account(sandbox: SandboxSite, asctl: Command) -> None:
    """A parcel is called back once, through whichever account: what another one has asked for is not asked for again."""
    (waybill,) = under_way(sandbox, asctl, "sf")
    request(asctl, waybill, "--account", "kuaidi100")
    assert told(request(asctl, waybill), waybill)[0] == "skipped"
    assert len(applied(sandbox)) == 1
