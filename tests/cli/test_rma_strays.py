"""``asctl rma strays``, ``match`` and ``dismiss``: parcels on the bench that nobody knows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from asctl.domain.numbers import rma_number
from tests.command_support import Command
from tests.rma_support import BACK, Bench
from tests.sandbox_support import BOTH_STORES, SandboxSite

STRANGER = "YT0000000000001"


@pytest.fixture
def bench(sandbox: SandboxSite, asctl: Command) -> Bench:
    return Bench.of(sandbox, asctl)


@BOTH_STORES
def test_an_unknown_parcel_is_parked(sandbox: SandboxSite, asctl: Command) -> None:
    """It is told with exit 3 and waits in the list, the longest waiting first; further scans are counted, the note is kept."""
    first = asctl("rma", "scan", STRANGER, "--note", "架 3, 电话 13800001234")
    assert (first.code, first.codes()) == (3, ["unknown_code"])
    assert first.record["hint"].endswith(f"asctl rma match {STRANGER} RMA")
    sandbox.travel(1)
    asctl("rma", "scan", BACK, f"]C1{STRANGER.lower()}")
    waiting = asctl("rma", "strays").records
    assert [(each["code"], each["times"], each["state"]) for each in waiting] == [
        (STRANGER, 2, "open"),
        (BACK, 1, "open"),
    ]
    assert (waiting[0]["by"], waiting[0]["note"]) == ("8012", "架 3, 电话 138********")
    assert waiting[0]["last_seen_at"] > waiting[0]["first_seen_at"]
    assert waiting[0]["next"] == f"asctl rma match {STRANGER} RMA"


def test_a_couriers_code_is_parked_as_its_waybill(asctl: Command) -> None:
    """Of a long code only the waybill in it is kept: the rest may be about people."""
    asctl("rma", "scan", f"https://courier.example/q?waybill={STRANGER}&name=someone")
    assert asctl("rma", "strays").record["code"] == STRANGER


def test_another_shops_rma_is_parked(asctl: Command, bench: Bench) -> None:
    """A number that is right in itself, but not ours, is somebody's parcel and no slip."""
    bench.opened()
    foreign = rma_number(date(2026, 1, 1), 1)
    assert asctl("rma", "scan", foreign).codes() == ["unknown_code"]
    assert asctl("rma", "strays").record["code"] == foreign


@BOTH_STORES
def test_a_stray_is_matched_with_its_case(asctl: Command, bench: Bench) -> None:
    """``rma match`` makes it the watched return parcel of the case, closes it and leaves a record; then a scan finds it."""
    number = bench.approved()
    asctl("rma", "scan", BACK)
    matched = asctl("rma", "match", BACK.lower(), number)
    assert (matched.code, matched.record["state"], matched.record["rma"], matched.record["courier"]) == (
        0, "matched", number, "yto",
    )  # fmt: skip
    assert matched.record["next"] == f"asctl rma scan {BACK} --receive"
    assert asctl("rma", "strays").records == []
    closed = asctl("rma", "strays", "--all").record
    assert (closed["state"], closed["closed_by"], closed["rma"]) == ("matched", "8012", number)
    parcel = asctl("parcel", "show", BACK).record
    assert (parcel["direction"], parcel["rma"], parcel["open"]) == ("return", number, True)
    assert asctl("rma", "scan", BACK).record["rma"] == number
    assert bench.trail()[:2] == ["rma match", "rma waybill"]
    again = asctl("rma", "match", BACK, number)
    assert (again.code, again.codes()) == (0, ["already_matched"])


@pytest.mark.parametrize("change", ["not_approved", "rma_cancelled", "unknown_stray", "courier_missing"])
def test_what_cannot_be_matched_still_waits(asctl: Command, bench: Bench, change: str) -> None:
    """A case that may not send, a code that nobody scanned, a courier that nobody can guess: refused, and nothing changes."""
    code = "1234567890" if change == "courier_missing" else BACK
    number = bench.opened() if change == "not_approved" else bench.approved()
    asctl("rma", "scan", code)
    if change == "rma_cancelled":
        asctl("rma", "cancel", number, "--reason", "x")
    result = asctl("rma", "match", STRANGER if change == "unknown_stray" else code, number)
    assert result.codes() == [change]
    assert asctl("rma", "strays").record["code"] == code
    assert asctl("rma", "show", number).record["waybill"] is None
    if change == "courier_missing":
        assert asctl("rma", "match", code, number, "--courier", "sto").record["status"] == "done"


@pytest.mark.parametrize("way", ["parcel add", "rma waybill", "aftersale sync"])
@pytest.mark.parametrize("notices", ["strays", "scan"])
def test_a_stray_that_becomes_known_leaves_by_itself(
    sandbox: SandboxSite, asctl: Command, bench: Bench, way: str, notices: str
) -> None:
    """Once anything ties its code to a case, the next look at the list, or the next scan, closes it."""
    sale = next(sale for sale in sandbox.state()["after_sales"] if sale["return_waybill"])
    code = sale["return_waybill"] if way == "aftersale sync" else BACK
    asctl("rma", "scan", code)
    if way == "aftersale sync":
        asctl("order", "sync")
        number = bench.approved(sale)
        assert asctl("rma", "strays").record["state"] == "open"
        asctl("aftersale", "sync")
    else:
        number = bench.approved()
        asctl(*way.split(), *((code, "--rma", number) if way == "parcel add" else (number, code)))
    if notices == "scan":
        assert asctl("rma", "scan", code).record["rma"] == number
    else:
        assert asctl("rma", "strays").records == []
    closed = asctl("rma", "strays", "--all").record
    assert (closed["state"], closed["rma"], closed["closed_by"]) == ("found", number, "asctl")


def test_an_order_without_a_case_is_no_answer(asctl: Command, sandbox: SandboxSite) -> None:
    """A stray whose order becomes known stays until somebody opens a case on it."""
    (made,) = sandbox.orders(1, status="WAIT_BUYER_CONFIRM_GOODS", couriers=["sf"])
    (waybill,) = made["waybills"]
    asctl("rma", "scan", waybill)
    sandbox.travel(1)
    asctl("order", "sync")
    assert asctl("rma", "scan", waybill).record["warnings"] == ["no_rma"]
    assert asctl("rma", "strays").record["code"] == waybill
    asctl("rma", "open", made["order_id"], "--kind", "return", "--reason", "quality")
    assert asctl("rma", "strays").records == []


@BOTH_STORES
def test_a_stray_is_dismissed(asctl: Command) -> None:
    """``rma dismiss`` takes it from the list with the reason on record; where it is scanned once more it waits again."""
    asctl("rma", "scan", STRANGER, "--note", "架 3")
    dismissed = asctl("rma", "dismiss", STRANGER, "--reason", "隔壁公司的")
    assert (dismissed.code, dismissed.record["state"], dismissed.record["why"]) == (0, "dismissed", "隔壁公司的")
    assert asctl("rma", "dismiss", STRANGER, "--reason", "x").codes() == ["already_closed"]
    assert asctl("rma", "strays", "--fail-if-empty").code == 6
    entry = asctl("db", "audit", "--limit", "1").record
    assert (entry["what"], entry["subject"]) == ("rma dismiss", STRANGER)
    asctl("rma", "scan", STRANGER)
    again = asctl("rma", "strays").record
    assert (again["state"], again["times"], again["note"], again["why"], again["closed_at"]) == (
        "open", 2, "架 3", None, None,
    )  # fmt: skip


def test_a_dismissed_stray_is_not_matched(asctl: Command, bench: Bench) -> None:
    """Who matches it after all must have it on the bench: another scan opens it again."""
    number = bench.approved()
    asctl("rma", "scan", BACK)
    asctl("rma", "dismiss", BACK, "--reason", "x")
    assert asctl("rma", "match", BACK, number).codes() == ["stray_dismissed"]
    asctl("rma", "scan", BACK)
    assert asctl("rma", "match", BACK, number).record["state"] == "matched"


def test_unknown_codes_are_not_dismissed(asctl: Command) -> None:
    """A slip in the code is told."""
    result = asctl("rma", "dismiss", STRANGER, "--reason", "x")
    assert (result.code, result.codes()) == (3, ["unknown_stray"])


def test_strays_are_matched_in_batch(asctl: Command, bench: Bench, tmp_path: Path) -> None:
    """A file with codes and cases: the good rows are matched, the bad ones told with their line."""
    number = bench.approved()
    asctl("rma", "scan", BACK)
    file = tmp_path / "matches.csv"
    file.write_text(f"code,rma,courier\n{BACK},{number},\n{STRANGER},{number},yto\n", "utf-8")
    result = asctl("rma", "match", "--from", str(file))
    assert (result.code, result.codes()) == (3, [None, "unknown_stray"])


def test_many_strays_are_looked_up_at_once(asctl: Command, bench: Bench) -> None:
    """However many wait, the list asks the store a few times, and closes what became known in one transaction."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    number = bench.approved()
    codes = [f"YT70000000000{running:02}" for running in range(20)]
    asctl("rma", "scan", *codes, BACK)
    asctl("rma", "waybill", number, codes[3])
    asctl("parcel", "add", codes[5], "--order", bench.order["order_id"], "--direction", "return")
    told: list[str] = []
    listeners = (
        ("before_cursor_execute", lambda _connection, _cursor, statement, *_rest: told.append(statement)),
        ("commit", lambda _connection: told.append("COMMIT")),
    )
    for name, listener in listeners:
        event.listen(Engine, name, listener)
    try:
        waiting = asctl("rma", "strays").records
    finally:
        for name, listener in listeners:
            event.remove(Engine, name, listener)
    assert {each["code"] for each in waiting} == {*codes, BACK} - {codes[3], codes[5]}
    assert len([statement for statement in told if "strays" in statement or "waybill" in statement]) < 10
    first, last = (at for at, statement in enumerate(told) if statement.startswith("UPDATE strays"))
    assert "COMMIT" not in told[first:last]
