"""The shape of what comes out: a promise to scripts and spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.command_support import Command
from tests.sandbox_support import OtherHands, SandboxSite

pytestmark = pytest.mark.storeless


@pytest.fixture
def synced(asctl: Command) -> int:
    """Orders in the store; how many."""
    asctl("order", "sync")
    return len(asctl("order", "list").records)


def rows(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter))


def test_the_same_records_in_every_format(asctl: Command, synced: int) -> None:
    """JSON is one array, NDJSON one object a line, CSV and TSV one row: the same orders in the same order."""
    whole = json.loads(asctl("order", "list", "-o", "json").out)
    lines = [json.loads(line) for line in asctl("order", "list", "-o", "ndjson").out.splitlines()]
    assert whole == lines
    assert len(whole) == synced
    for form, delimiter in (("csv", ","), ("tsv", "\t")):
        listed = rows(asctl("order", "list", "-o", form).out, delimiter)
        assert [row["order_id"] for row in listed] == [record["order_id"] for record in whole]
        assert list(listed[0]) == [name for name in whole[0] if name != "lines"]
    table = asctl("order", "list", "-o", "table").out
    assert all(record["order_id"] in table for record in whole)


def test_an_empty_list_is_still_json(asctl: Command) -> None:
    """Nothing found is an empty array, no line, or a header alone; never a sentence on stdout."""
    assert json.loads(asctl("order", "list", "-o", "json").out) == []
    assert asctl("order", "list", "-o", "ndjson").out == ""
    assert asctl("order", "list", "-o", "csv").out.removeprefix("\ufeff").startswith("order_id,")


def test_a_failed_run_is_still_json(sandbox: SandboxSite, asctl: Command) -> None:
    """A run that fails before its first record leaves an empty array or nothing on stdout, and the error on stderr."""
    result = asctl("parcel", "poll", "--account", "nobody", "-o", "json")
    assert result.code == 2
    assert json.loads(result.out or "[]") == []
    assert result.error["family"] == "bad_input"


def test_columns(asctl: Command, synced: int) -> None:
    """``--columns`` picks fields, in that order; one that there is not is misuse and names those there are."""
    record = asctl("order", "list", "--columns", "flag,order_id", "--limit", "1").record
    assert list(record) == ["flag", "order_id"]
    header = asctl("order", "list", "-o", "csv", "--columns", "amount,shop").out.removeprefix("\ufeff").splitlines()[0]
    assert header == "amount,shop"
    wrong = asctl("order", "list", "--columns", "flag,colour")
    assert wrong.code == 2
    assert "colour" in wrong.err
    assert "order_id" in wrong.err


def test_the_variable_and_the_option(asctl: Command, synced: int) -> None:
    """``ASCTL_OUTPUT`` sets the format, ``-o`` overrides it, and nothing depends on the terminal."""
    assert asctl("order", "list", env={"ASCTL_OUTPUT": "csv"}).out.removeprefix("\ufeff").startswith("order_id,")
    assert asctl("order", "list", "-o", "json", env={"ASCTL_OUTPUT": "csv"}).out.startswith("[")
    plain = asctl("order", "list", env={"ASCTL_OUTPUT": ""}).out
    assert plain == asctl("order", "list", env={"ASCTL_OUTPUT": ""}, tty=True).out
    assert plain.splitlines()[1].startswith("----")
    assert asctl("order", "list", env={"ASCTL_OUTPUT": "yaml"}).code == 2


def test_the_last_line_is_for_scripts(asctl: Command, synced: int) -> None:
    """With JSON the last line on stderr is one object with these members; with a table there is none."""
    end = asctl("order", "list", "-o", "json").end
    assert {"exit_code", "exit_name", "counts", "batch_id", "retry_at"} <= end.keys()
    assert (end["exit_code"], end["exit_name"]) == (0, "ok")
    assert sum(end["counts"].values()) == synced
    assert "{" not in asctl("order", "list", "-o", "table").err


def test_times_money_and_absence(asctl: Command, synced: int) -> None:
    """Times carry their offset, money is text with a currency, what is absent is null."""
    for record in asctl("order", "list").records:
        assert record["created_at"].endswith("+08:00")
        assert isinstance(record["amount"], str)
        assert record["currency"] == "CNY"
        assert record["paid_at"] is None or record["paid_at"].endswith("+08:00")
    assert any(record["paid_at"] is None for record in asctl("order", "list").records)


HOSTILE = ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", '=HYPERLINK("http://x")']


def test_a_csv_opens_safely(sandbox: SandboxSite, asctl: Command, synced: int) -> None:
    """No cell begins as a formula does, whatever somebody wrote on the order; long numbers stay text."""
    orders = [order["order_id"] for order in sandbox.state()["orders"]][: len(HOSTILE)]
    for order_id, text in zip(orders, HOSTILE, strict=True):
        OtherHands(sandbox.info.config).write(order_id, text)
    sandbox.travel(0.02)
    asctl("order", "sync")
    listed = {row["order_id"].strip("'"): row for row in rows(asctl("order", "list", "-o", "csv").out)}
    for order_id in orders:
        assert listed[order_id]["remark"].startswith("'")
    assert not [cell for row in listed.values() for cell in row.values() if cell[:1] in tuple("=+@")]


def test_remote_text_never_drives_the_terminal(sandbox: SandboxSite, asctl: Command, synced: int) -> None:
    """Escape sequences and direction marks that somebody put into a remark are shown, not obeyed."""
    order_id = sandbox.state()["orders"][0]["order_id"]
    OtherHands(sandbox.info.config).write(order_id, "红\x1b[31m\u202e反")
    sandbox.travel(0.02)
    asctl("order", "sync")
    for form in ("table", "json", "ndjson", "csv"):
        told = asctl("order", "show", order_id, "-o", form).out
        assert "\x1b" not in told
        assert "\u202e" not in told


@pytest.mark.parametrize("form", ["csv", "tsv", "ndjson"])
def test_our_own_export_goes_back_in(
    sandbox: SandboxSite, asctl: Command, synced: int, tmp_path: Path, form: str
) -> None:
    """A list that we wrote can be fed back with ``--from``: no column is in the way, every number arrives whole."""
    file = tmp_path / f"orders.{form}"
    file.write_text(asctl("order", "list", "-o", form, "--limit", "5").out, "utf-8")
    orders = [record["order_id"] for record in asctl("order", "list", "--limit", "5").records]
    result = asctl("order", "remark", "--from", str(file), "--text", "已核实", "--dry-run")
    assert (result.code, [record["status"] for record in result.records]) == (0, ["planned"] * 5)
    assert {record["order_id"] for record in result.records} == set(orders)


def test_failed_rows_go_back_in(asctl: Command, synced: int, tmp_path: Path) -> None:
    """The records of a batch are the input of the next: what failed can be run again from them."""
    order_id = asctl("order", "list", "--limit", "1").record["order_id"]
    first = asctl("order", "remark", order_id, "4999999999", "--text", "已核实", "--dry-run", "-o", "csv")
    assert first.code == 3
    (tmp_path / "again.csv").write_text(first.out, "utf-8")
    again = asctl("order", "remark", "--from", str(tmp_path / "again.csv"), "--text", "已核实", "--dry-run")
    assert sorted(record["status"] for record in again.records) == ["failed", "planned"]
