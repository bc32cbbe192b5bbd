"""Signals, kills and locks: ``asctl`` as processes of their own."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from asctl.store.locks import hold
from asctl.store.opening import open_store
from tests.command_support import Command, ended, no_traceback
from tests.sandbox_support import BOTH_STORES, SandboxSite, wait_for

SLOW = 150


@pytest.fixture
def due(sandbox: SandboxSite, asctl: Command) -> Iterator[int]:
    """Forty parcels under watch, one call each, in a world that answers slowly; how many they are."""
    scans = (9, "PICKED_UP", "杭州市"), (2, "IN_TRANSIT", "上海市")
    waybills = [sandbox.parcel(f"7730000000{number:05}", *scans, courier="sto") for number in range(40)]
    assert asctl("parcel", "add", "-", "--courier", "sto", stdin="\n".join(waybills)).code == 0
    sandbox.latency(SLOW)
    yield len(waybills)
    sandbox.latency(0)


def polling(sandbox: SandboxSite, asctl: Command) -> subprocess.Popen[str]:
    """A poll that has asked about some parcels and has many to go."""
    process = asctl.start("parcel", "poll", "--jobs", "2")
    wait_for(lambda: len(sandbox.ledger("query")) >= 5)
    return process


def asked(sandbox: SandboxSite) -> list[str]:
    return [entry["target"] for entry in sandbox.ledger("query")]


@BOTH_STORES
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_loses_nothing_that_was_answered(
    sandbox: SandboxSite, asctl: Command, due: int, number: signal.Signals, code: int
) -> None:
    """SIGTERM and SIGINT let the calls under way end and store them: every parcel that was asked about has its answer,
    the next run takes the rest, and nobody is asked twice."""
    process = polling(sandbox, asctl)
    process.send_signal(number)
    result = ended(process)
    assert (result.code, result.end["exit_code"]) == (code, code)
    no_traceback(result)
    questions = asked(sandbox)
    assert len(questions) < due
    answered = {record["waybill"] for record in asctl("parcel", "list").records if record["seen_at"]}
    assert answered == set(questions) == {record["waybill"] for record in result.records}
    sandbox.latency(0)
    asctl("parcel", "poll")
    assert sorted(asked(sandbox)) == sorted(record["waybill"] for record in asctl("parcel", "list").records)


@BOTH_STORES
def test_a_kill_never_breaks_the_thirty_minutes(sandbox: SandboxSite, asctl: Command, due: int) -> None:
    """Questions are written down before they are asked: after ``kill -9`` no waybill is asked twice in 30 minutes, and
    after them the parcels whose answers were lost are asked again."""
    process = polling(sandbox, asctl)
    process.kill()
    ended(process)
    sandbox.latency(0)
    for _run in range(2):
        asctl("parcel", "poll")
    questions = asked(sandbox)
    assert len(questions) == len(set(questions))
    sandbox.travel(0.51)
    asctl("parcel", "poll")
    moments: dict[str, list[datetime]] = {}
    for entry in sandbox.ledger("query"):
        moments.setdefault(entry["target"], []).append(datetime.fromisoformat(entry["at"]))
    assert len(moments) == due
    assert all(record["seen_at"] for record in asctl("parcel", "list").records)
    gaps = [second - first for each in moments.values() for first, second in pairwise(each)]
    assert gaps
    assert min(gaps) >= timedelta(minutes=30)


@BOTH_STORES
def test_a_second_poll_is_sent_away(sandbox: SandboxSite, asctl: Command, due: int) -> None:
    """While one poll runs, another exits 11 at once and asks nobody; the first is not disturbed."""
    process = polling(sandbox, asctl)
    sandbox.latency(1000)
    second = asctl.process("parcel", "poll")
    assert process.poll() is None
    assert (second.code, second.error["code"], second.out) == (11, "lock_held", "")
    process.send_signal(signal.SIGTERM)
    assert ended(process).code == 143


def test_a_sync_holds_a_lock_of_its_own(sandbox: SandboxSite, asctl: Command, store_url: str) -> None:
    """A sync under way sends a second one away with 11, and lets a poll through."""
    store = open_store(store_url)
    with hold(store, "order sync"):
        assert asctl("order", "sync").code == 11
        assert asctl("parcel", "poll").code == 0
    store.close()
    assert asctl("order", "sync").code == 0


@pytest.mark.parametrize("more", ["yes 4000000010000006000", "yes '# nothing'", "sleep 60"])
def test_an_endless_input_ends_with_a_signal(sandbox: SandboxSite, asctl: Command, tmp_path: Path, more: str) -> None:
    """The first Ctrl-C ends the reading, while nothing comes but repeats, or comments, or nothing at all. A batch begins
    when its input has ended, so nothing was sent and nothing is on record."""
    asctl("order", "sync")
    sandbox.forget()
    half_read = tmp_path / "more than a pipe holds was read"
    shell = f"yes 4000000010000006000 | head -n 20000; touch '{half_read}'; exec {more}"
    with subprocess.Popen(["sh", "-c", shell], stdout=subprocess.PIPE) as endless:
        process = asctl.start("order", "remark", "-", "--text", "x", "--yes", stdin=endless.stdout)
        try:
            wait_for(half_read.exists)
            process.send_signal(signal.SIGINT)
            result = ended(process)
        finally:
            process.kill()
            endless.kill()
    assert (result.code, result.end["exit_name"], result.out) == (130, "interrupted", "")
    assert sandbox.ledger() == []
    assert asctl("batch", "list").records == []
    no_traceback(result)


def test_a_reader_that_goes_away(sandbox: SandboxSite, asctl: Command) -> None:
    """``asctl order list | head -1`` ends quietly."""
    asctl("order", "sync")
    process = asctl.start("order", "list")
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    process.stdout = None
    result = ended(process)
    no_traceback(result)
    assert result.code in (0, 141)


def test_a_third_signal_leaves_the_calls_under_way_alone(sandbox: SandboxSite, asctl: Command) -> None:
    """Also where it breaks off the waiting for them: they end before the process does, and what came of them is on record."""
    asctl("order", "sync")
    orders = [record["order_id"] for record in asctl("order", "list").records][:12]
    sandbox.forget()
    sandbox.latency(1500)
    process = asctl.start("order", "remark", *orders, "--text", "x", "--yes", "--jobs", "2")
    wait_for(lambda: len(sandbox.writes()) >= 2)
    presses: list[signal.Signals] = []

    def thrice() -> bool:
        process.send_signal(signal.SIGINT)
        presses.append(signal.SIGINT)
        return len(presses) == 3

    wait_for(thrice)
    result = ended(process)
    sandbox.latency(0)
    assert result.code == 130, result
    assert {record["state"] for record in asctl("action", "list").records} == {"done", "planned"}
    no_traceback(result)
