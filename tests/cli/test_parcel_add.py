"""``asctl parcel add``, ``list`` and ``show``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_support import Command
from tests.plugin_support import courier, install
from tests.sandbox_support import SandboxSite

YTO = "YT1234567890123"


def test_add_keeps_what_is_known(sandbox: SandboxSite, asctl: Command) -> None:
    """Adding a parcel again is no error, changes nothing and says so."""
    first = asctl("parcel", "add", YTO, "--direction", "return")
    again = asctl("parcel", "add", YTO)
    assert (first.code, first.record["added"]) == (0, True)
    assert (again.code, again.record["added"], again.record["direction"]) == (0, False, "return")
    assert sandbox.ledger() == []


def test_adding_again_opens_and_corrects(sandbox: SandboxSite, asctl: Command) -> None:
    """A parcel whose watch has ended is watched again when it is given again; a direction that is given counts."""
    sandbox.parcel(YTO, (24 * 80, "IN_TRANSIT", "杭州市"))
    asctl("parcel", "add", YTO)
    asctl("parcel", "poll")
    assert asctl("parcel", "show", YTO).record["open"] is False
    again = asctl("parcel", "add", YTO, "--direction", "return")
    assert (again.record["added"], again.record["direction"]) == (False, "return")
    assert asctl("parcel", "show", YTO).record["open"] is True
    assert [record["waybill"] for record in asctl("parcel", "poll").records] == [YTO]


def test_a_courier_that_only_a_plugin_knows(plain: Command, plugin_folder: Path, tmp_path: Path) -> None:
    """A third party's courier needs no change of ours: its code may be entered, and is told among the known ones."""
    config = tmp_path / "asctl.toml"
    config.write_text(f'[store]\nurl = "sqlite:///{tmp_path}/asctl.db"\n', "utf-8")
    env = {"ASCTL_CONFIG": str(config)}
    plain("db", "upgrade", env=env)
    unknown = plain("parcel", "add", "PG123456", "--courier", "pigeon", env=env)
    assert (unknown.code, unknown.record["error_code"]) == (3, "unknown_courier")
    install(plugin_folder, "pigeon", courier("pigeon").replace('"sto"', '"pigeon"'))
    added = plain("parcel", "add", "PG123456", "--courier", "Pigeon", env=env)
    assert (added.code, added.record["courier"]) == (0, "pigeon")
    other = plain("parcel", "add", "PG123457", "--courier", "owl", env=env)
    assert "pigeon" in other.err


def test_add_to_an_order(sandbox: SandboxSite, asctl: Command) -> None:
    """``--order`` hangs the parcel on a known order; an unknown one is refused and nothing is stored."""
    asctl("order", "sync", "--max-items", "3")
    order_id = asctl("order", "list", "--limit", "1").record["order_id"]
    assert asctl("parcel", "add", YTO, "--order", order_id).record["order_id"] == order_id
    unknown = asctl("parcel", "add", "YT1111111111111", "--order", "4999999999")
    assert (unknown.code, unknown.record["error_code"]) == (3, "unknown_order")
    assert YTO in {record["waybill"] for record in asctl("parcel", "list", "--order", order_id).records}
    assert asctl("parcel", "show", "YT1111111111111").code == 3


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("7.12E+13",), "spoilt_number"),
        (("12",), "bad_waybill"),
        (("123456789012",), "courier_missing"),
        ((YTO, "--courier", "fedup"), "unknown_courier"),
        ((YTO, "--direction", "sideways"), "unknown_direction"),
    ],
)
def test_bad_rows_are_set_aside(asctl: Command, arguments: tuple[str, ...], code: str) -> None:
    """What is wrong with one row is told with that row; nothing of it is stored."""
    result = asctl("parcel", "add", *arguments)
    assert (result.code, result.record["error_code"], result.record["status"]) == (3, code, "failed")
    assert asctl("parcel", "list").records == []


def test_a_csv_with_bad_rows(asctl: Command, tmp_path: Path) -> None:
    """Bad rows of a file are set aside with their line number and reason; the good ones run: exit 3."""
    file = tmp_path / "今天.csv"
    file.write_text(
        f"Waybill,courier,phone_tail\n{YTO},,\n7.12E+13,zto,\n,zto,1234\n{YTO},,\nSF1234567890123,sf,12\n"
        "SF1234567890123,sf,1234\n",
        "utf-8-sig",
    )
    result = asctl("parcel", "add", "--from", str(file))
    assert result.code == 3
    told = {record["error_code"]: record["error_message"] for record in result.records}
    assert set(told) == {None, "spoilt_number", "missing_value", "duplicate", "bad_phone_tail"}
    assert told["spoilt_number"].startswith("今天.csv line 3: ")
    assert told["missing_value"].startswith("今天.csv line 4: ")
    assert "今天.csv line 2" in told["duplicate"]
    assert len(asctl("parcel", "list").records) == 2
    assert '"1234"' not in asctl("parcel", "list").out


def test_lists_filter(sandbox: SandboxSite, asctl: Command) -> None:
    """``--verdict``, ``--status``, ``--courier``, ``--open`` and ``--limit`` each keep just what they name."""
    asctl("order", "sync")
    asctl("parcel", "poll")
    everything = asctl("parcel", "list").records
    for option, field in (("--verdict", "verdict"), ("--status", "status"), ("--courier", "courier")):
        for value in {record[field] for record in everything}:
            kept = asctl("parcel", "list", option, value).records
            assert {r["waybill"] for r in kept} == {r["waybill"] for r in everything if r[field] == value}
    assert {r["waybill"] for r in asctl("parcel", "list", "--open").records} == {
        r["waybill"] for r in everything if r["open"]
    }
    assert asctl("parcel", "list", "--limit", "2").records == everything[:2]
    assert asctl("parcel", "list", "--verdict", "slo").code == 2


def test_show_tells_the_whole_way(sandbox: SandboxSite, asctl: Command) -> None:
    """``show`` has every event with place and source in JSON; in a table the newest stands on top."""
    sandbox.parcel(YTO, (20, "PICKED_UP", "杭州市"), (4, "IN_TRANSIT", "嘉兴市"))
    asctl("parcel", "add", YTO)
    asctl("parcel", "poll")
    events = asctl("parcel", "show", YTO).record["events"]
    assert [(event["status"], event["source"]) for event in events] == [
        ("PICKED_UP", "yto"),
        ("IN_TRANSIT", "yto"),
    ]
    told = asctl("parcel", "show", YTO, "-o", "table").out
    assert told.index("嘉兴市转运中心") < told.index("已揽收")


def test_a_mistyped_parcel_is_forgotten(asctl: Command) -> None:
    """It is not asked about any more, its tasks are dropped, and adding it again watches it again."""
    asctl("parcel", "add", YTO)
    forgotten = asctl("parcel", "forget", YTO, "--why", "录错单号")
    assert (forgotten.code, forgotten.record["status"]) == (0, "done")
    assert asctl("parcel", "poll").records == []
    assert asctl("parcel", "list", "--open").records == []
    assert asctl("parcel", "forget", YTO, "--why", "again").record["status"] == "skipped"
    assert asctl("parcel", "forget", "YT0000000000009", "--why", "x").record["error_code"] == "unknown_parcel"
    asctl("parcel", "add", YTO)
    assert len(asctl("parcel", "list", "--open").records) == 1
