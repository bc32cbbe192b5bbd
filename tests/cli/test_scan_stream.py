"""``asctl rma scan -``: a hand scanner types, and each code is answered before the next."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from wcwidth import wcswidth

from tests.command_support import Command, Result, ended, no_traceback
from tests.rma_support import BACK, Bench
from tests.sandbox_support import SandboxSite

STRANGER = "YT0000000000001"


@pytest.fixture
def bench(sandbox: SandboxSite, asctl: Command) -> Bench:
    return Bench.of(sandbox, asctl)


@contextmanager
def scanner(asctl: Command, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A process that waits for codes."""
    process = asctl.start("rma", "scan", "-", *options, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def typed(process: subprocess.Popen[str], code: str, end: str = "\n") -> str:
    """The first line of the answer to a code."""
    assert process.stdin
    assert process.stdout
    process.stdin.write(code + end)
    process.stdin.flush()
    return process.stdout.readline()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\t"])
def test_every_code_is_answered_at_once(asctl: Command, bench: Bench, end: str) -> None:
    """Whatever key the scanner presses after a code, its record is out while stdin stays open; the end sums up."""
    number = bench.approved()
    with scanner(asctl) as process:
        for code in (number, STRANGER, bench.order["order_id"]):
            record = json.loads(typed(process, code, end))
            assert record["input"] == code
            assert record["rma"] == (None if code == STRANGER else number)
        result = ended(process)
    assert (result.code, json.loads(result.err.splitlines()[-1])["counts"]) == (3, {"done": 2, "failed": 1})


def test_a_table_is_told_block_by_block(asctl: Command, bench: Bench) -> None:
    """With the table format, too, nobody waits for the end: each scan is a few lines that fit into 100 columns."""
    number = bench.approved()
    with scanner(asctl, "-o", "table") as process:
        lines = [typed(process, number)]
        while not lines[-1].lstrip().startswith("next"):
            assert process.stdout
            lines.append(process.stdout.readline())
        result = ended(process)
    assert lines[0].split() == [number, "done", "return", "quality", "approved", "receiving"]
    assert lines[-1].split(maxsplit=1) == ["next", f"asctl rma scan {number} --receive\n"]
    assert any(line.strip().startswith("expect") for line in lines)
    assert max(map(wcswidth, (line.rstrip("\n") for line in lines))) <= 100
    assert "1 done" in result.err


@pytest.mark.parametrize("format", ["csv", "tsv"])
def test_rows_stream(asctl: Command, bench: Bench, format: str) -> None:
    """CSV and TSV, too, give each record away as soon as it is there."""
    number = bench.approved()
    with scanner(asctl, "-o", format, "--columns", "input,rma") as process:
        first = typed(process, number)
        assert process.stdout
        assert number in process.stdout.readline()
        assert first.split("," if format == "csv" else "\t") == ["input", "rma\n"]
        assert ended(process).code == 0


def test_a_bad_line_never_ends_the_stream(asctl: Command, bench: Bench) -> None:
    """Bytes of another encoding, control characters, nonsense and endless lines are answered, and the next code is read."""
    number = bench.approved()
    lines = [b"\xef\xbb\xbf" + number.encode(), "运单号".encode("gb18030"), b"\xff\xfe\x00\x01", b"=cmd|' /C calc'!A0"]
    lines += [
        b"x" * 100_000,
        b"",
        b"   ",
        b"\x00",
        b"7.12E+13",
        f"\x1b[2J{number}\x03".encode(),
        number.lower().encode(),
    ]
    result = asctl("rma", "scan", "-", stdin=b"\r\n".join(lines))
    no_traceback(result)
    assert result.code == 3
    assert [record["rma"] for record in result.records if record["rma"]] == [number, number]
    assert [code for code in result.codes() if code] == [
        *["unreadable_scan"] * 4, "spoilt_number", "unreadable_scan",
    ]  # fmt: skip


def test_several_codes_between_two_line_ends(asctl: Command, bench: Bench) -> None:
    """A scanner that ends codes with a tab types many of them into one line."""
    first, second = bench.approved(), bench.approved()
    result = asctl("rma", "scan", "-", stdin=f"{first}\t{second}\t\t{first}")
    assert [record["rma"] for record in result.records] == [first, second, first]


def stopped(asctl: Command, code: str, number: signal.Signals) -> Result:
    with scanner(asctl) as process:
        assert json.loads(typed(process, code))["input"] == code
        process.send_signal(number)
        return ended(process)


def test_ctrl_c_is_how_a_shift_ends(asctl: Command, bench: Bench) -> None:
    """After the last answer it ends with the summary and the code that follows from the scans, like the end of input."""
    number = bench.approved()
    result = stopped(asctl, number, signal.SIGINT)
    assert (result.code, json.loads(result.err.splitlines()[-1])["counts"]) == (0, {"done": 1})
    no_traceback(result)


def test_terminated_is_terminated(asctl: Command, bench: Bench) -> None:
    """Who kills the scanner's process is told by its exit code, after a summary all the same."""
    result = stopped(asctl, bench.approved(), signal.SIGTERM)
    assert result.code == 143
    assert '"counts"' in result.err


def test_receiving_in_a_stream(asctl: Command, bench: Bench) -> None:
    """A pile of parcels is received one scan after the other; scanned twice, the second says so."""
    first, second = bench.approved(), bench.approved(bench.other)
    asctl("rma", "waybill", first, BACK)
    result = asctl("rma", "scan", "-", "--receive", stdin=f"{BACK}\n{second}\n{STRANGER}\n{BACK}\n")
    assert [record["status"] for record in result.records] == ["done", "done", "failed", "skipped"]
    assert {record["phase"] for record in asctl("rma", "list").records} == {"confirming"}
