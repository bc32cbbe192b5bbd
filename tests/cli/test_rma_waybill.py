"""``asctl rma waybill``: the customer ships himself, and tells the number of his parcel."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_support import Command
from tests.rma_support import BACK, Bench, mistyped
from tests.sandbox_support import BOTH_STORES, SandboxSite

WRONG = "YT6666666666666"


@pytest.fixture
def bench(sandbox: SandboxSite, asctl: Command) -> Bench:
    return Bench.of(sandbox, asctl)


@BOTH_STORES
def test_a_told_waybill_is_watched(sandbox: SandboxSite, asctl: Command, bench: Bench) -> None:
    """It becomes the return parcel of the case, under watch like any other; told again there is nothing to do."""
    number = bench.approved()
    sandbox.parcel(BACK, (0.1, "DELIVERED", "杭州市"))
    first = asctl("rma", "waybill", number.lower(), BACK.lower())
    assert (first.code, first.record["status"], first.record["courier"], first.record["warnings"]) == (
        0,
        "done",
        "yto",
        [],
    )
    assert first.record["next"] == f"asctl parcel show {BACK}"
    parcel = asctl("parcel", "show", BACK).record
    assert (parcel["direction"], parcel["rma"], parcel["order_id"]) == ("return", number, bench.order["order_id"])
    asctl("parcel", "poll")
    assert asctl("rma", "show", number).record["phase"] == "confirming"
    again = asctl("rma", "waybill", number, BACK)
    assert (again.code, again.record["status"], again.codes()) == (0, "skipped", ["already_registered"])
    assert bench.trail().count("rma waybill") == 1


def test_the_waybill_of_our_own_parcel_is_refused(asctl: Command, bench: Bench) -> None:
    """Customers read the number off the box they got: of this order or another, it is not the way back."""
    number = bench.approved()
    for waybill in (bench.waybill, bench.other["lines"][0]["waybill"]):
        result = asctl("rma", "waybill", number, waybill)
        assert (result.code, result.record["status"], result.codes()) == (3, "refused", ["own_parcel"])
    assert asctl("parcel", "show", bench.waybill).record["direction"] == "outbound"
    assert asctl("rma", "show", number).record["waybill"] is None


def test_a_replacement_that_we_sent_is_our_own(asctl: Command, bench: Bench) -> None:
    """A parcel that goes out for a case does not come back for it."""
    number = bench.approved()
    asctl("parcel", "add", BACK, "--rma", number, "--direction", "replacement")
    assert asctl("rma", "waybill", number, BACK).codes() == ["own_parcel"]


def test_a_parcel_that_was_only_looked_after(asctl: Command, bench: Bench) -> None:
    """A waybill that is watched, but belongs to no order, becomes the return parcel."""
    number = bench.approved()
    asctl("parcel", "add", BACK)
    assert asctl("rma", "waybill", number, BACK).code == 0
    assert asctl("parcel", "show", BACK).record["direction"] == "return"


@BOTH_STORES
def test_another_waybill_takes_its_place_only_on_request(asctl: Command, bench: Bench) -> None:
    """A second number is refused, unless the first was wrong: then the audit knows both, and the wrong one is not watched."""
    number = bench.approved()
    asctl("rma", "waybill", number, WRONG)
    refused = asctl("rma", "waybill", number, BACK)
    assert (refused.code, refused.codes()) == (3, ["other_waybill"])
    replaced = asctl("rma", "waybill", number, BACK, "--replace").record
    assert (replaced["status"], replaced["waybill"], replaced["waybill_before"]) == ("done", BACK, WRONG)
    assert asctl("rma", "show", number).record["waybill"] == BACK
    assert asctl("parcel", "show", WRONG).record["open"] is False
    entry = asctl("db", "audit").records[0]
    assert (entry["what"], entry["subject"]) == ("rma waybill", number)
    assert f"before={WRONG}" in entry["detail"]


def test_a_wrong_waybill_that_is_right_for_another_case(asctl: Command, bench: Bench) -> None:
    """It stays under watch for the case whose goods are in it."""
    first, second = bench.approved(), bench.approved()
    for number in (first, second):
        asctl("rma", "waybill", number, WRONG)
    asctl("rma", "waybill", second, BACK, "--replace")
    assert asctl("parcel", "show", WRONG).record["open"] is True
    assert asctl("rma", "scan", WRONG).record["rma"] == first


def test_a_wrong_courier_is_corrected(asctl: Command, bench: Bench) -> None:
    """The same waybill at another courier needs no further word."""
    number = bench.approved()
    asctl("rma", "waybill", number, "888123456789", "--courier", "sto")
    asctl("rma", "waybill", number, "888123456789", "--courier", "yunda")
    assert asctl("rma", "show", number).record["courier"] == "yunda"
    assert asctl("parcel", "show", "888123456789", "--courier", "sto").record["open"] is False
    assert asctl("rma", "waybill", number, "888123456789").codes() == ["already_registered"]


def test_cases_of_one_order_share_a_parcel(asctl: Command, bench: Bench) -> None:
    """Of one order nothing more need be said; of two orders it must be said."""
    first, second, other = bench.approved(), bench.approved(), bench.approved(bench.other)
    assert [asctl("rma", "waybill", number, BACK).code for number in (first, second)] == [0, 0]
    refused = asctl("rma", "waybill", other, BACK)
    assert (refused.code, refused.codes()) == (3, ["parcel_of_other_order"])
    assert asctl("rma", "waybill", other, BACK, "--also").code == 0
    assert {record["rma"] for record in asctl("rma", "scan", BACK).records} == {first, second, other}


@pytest.mark.parametrize(
    ("change", "code", "exit_code"),
    [
        ("requested", "not_approved", 8),
        ("cancelled", "rma_cancelled", 3),
        ("refund", "no_goods_back", 3),
        ("slip", "bad_rma_number", 3),
        ("shape", "courier_missing", 3),
    ],
)
def test_what_is_not_registered(asctl: Command, bench: Bench, change: str, code: str, exit_code: int) -> None:
    """A case whose customer may not send, a slip in its number, a courier that nobody can guess: nothing is stored."""
    number = bench.opened() if change == "requested" else bench.approved()
    if change == "cancelled":
        asctl("rma", "cancel", number, "--reason", "x")
    if change == "refund":
        number = asctl("rma", "open", bench.order["order_id"], "--kind", "refund_only", "--reason", "late").record[
            "rma"
        ]
    waybill = "888123456789" if change == "shape" else BACK
    result = asctl("rma", "waybill", mistyped(number) if change == "slip" else number, waybill)
    assert (result.code, result.codes()) == (exit_code, [code])
    assert asctl("parcel", "list", "--direction", "return").records == []


def test_a_parcel_under_way_is_watched_though_the_time_ran_out(
    sandbox: SandboxSite, asctl: Command, bench: Bench
) -> None:
    """It comes anyway: it is registered with a warning, so that it neither gets lost nor arrives unannounced."""
    number = bench.approved()
    sandbox.travel(24 * 16)
    result = asctl("rma", "waybill", number, BACK)
    assert (result.code, result.record["status"], result.record["warnings"]) == (0, "done", ["rma_expired"])
    assert f"{number} ran out at" in result.err
    assert asctl("parcel", "show", BACK).record["rma"] == number


def test_waybills_in_batch(asctl: Command, bench: Bench, tmp_path: Path) -> None:
    """A file with rma, waybill and courier: one record a row, good rows registered, bad ones told with their line."""
    first, second = bench.approved(), bench.approved()
    file = tmp_path / "told.csv"
    file.write_text(
        f"rma,waybill,courier\n{first},{BACK},\n{second},888123456789,sto\n{second},,\n{first},7.12E+13,yto\n", "utf-8"
    )
    result = asctl("rma", "waybill", "--from", str(file))
    assert result.code == 3
    assert result.codes() == [None, None, "missing_value", "spoilt_number"]
    assert asctl("rma", "show", second).record["courier"] == "sto"
    assert [record["status"] for record in asctl("rma", "waybill", "--from", str(file)).records[:2]] == ["skipped"] * 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [((), "no_input"), (("RMA2611220001K",), "usage"), (("RMA2611220001K", BACK, "--from", "x.csv"), "usage")],
)
def test_a_pair_or_a_file(asctl: Command, arguments: tuple[str, ...], code: str) -> None:
    """RMA and waybill belong together; a file stands alone."""
    result = asctl("rma", "waybill", *arguments)
    assert (result.code, result.error["code"]) == (2, code)


def test_a_correction_is_whole_or_not_at_all(
    sandbox: SandboxSite, asctl: Command, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the wrong waybill cannot be forgotten the right one is not taken in either: run again, both happen."""
    from asctl.services import return_parcels

    def broken(*_given: object) -> None:
        raise KeyboardInterrupt

    number = bench.approved()
    asctl("rma", "waybill", number, WRONG)
    with monkeypatch.context() as patched:
        patched.setattr(return_parcels, "_forget", broken)
        asctl("rma", "waybill", number, BACK, "--replace")
    assert asctl("rma", "show", number).record["waybill"] == WRONG
    assert asctl("rma", "waybill", number, BACK, "--replace").record["status"] == "done"
    assert asctl("parcel", "show", WRONG).record["open"] is False
