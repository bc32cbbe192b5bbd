"""Two runs on the same batch, and signals in the middle of one."""

from __future__ import annotations

import signal
import subprocess
from collections import Counter
from datetime import datetime, timedelta

import pytest

from tests.command_support import Command, ended, no_traceback
from tests.faults.scene import parcels_under_way
from tests.sandbox_support import BOTH_STORES, SandboxSite, wait_for

PARCELS, SLOW_MS = 16, 400


@pytest.fixture
def waybills(sandbox: SandboxSite, asctl: Command) -> list[str]:
    """Parcels of SF and ZTO under way in a world that answers slowly."""
    made = parcels_under_way(sandbox, PARCELS)
    assert asctl("order", "sync").code == 0
    sandbox.forget()
    sandbox.latency(SLOW_MS)
    return made


def at_work(sandbox: SandboxSite, asctl: Command, waybills: list[str]) -> subprocess.Popen[str]:
    """A run that has sent some requests and has many to go."""
    process = asctl.start("intercept", "request", *waybills, "--yes", "--jobs", "2")
    wait_for(lambda: len(sandbox.writes()) >= 3)
    return process


def times_applied(sandbox: SandboxSite) -> Counter[str]:
    """How often an interception took effect, by waybill."""
    return Counter(entry["target"] for entry in sandbox.ledger("intercept") if entry["applied"])


@BOTH_STORES
def test_one_works_and_the_other_is_sent_away(sandbox: SandboxSite, asctl: Command, waybills: list[str]) -> None:
    """While a run is at a batch, the same command and a resume of that batch exit 11 and send nothing: every request in the
    ledger is one of the first run's own."""
    first = at_work(sandbox, asctl, waybills)
    others = [
        asctl.start("intercept", "request", *waybills, "--yes"),
        asctl.start("batch", "resume", "B1", "--yes"),
    ]
    for other in map(ended, others):
        assert (other.code, other.error["code"], other.out) == (11, "lock_held", "")
    assert first.poll() is None
    sandbox.latency(0)
    result = ended(first)
    assert result.code == 0
    assert {record["waybill"] for record in result.records if record["status"] == "done"} == set(waybills)
    assert times_applied(sandbox) == Counter(waybills)
    assert len(asctl("batch", "list").records) == 1


@BOTH_STORES
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_the_sending(
    sandbox: SandboxSite, asctl: Command, waybills: list[str], number: signal.Signals, code: int
) -> None:
    """One second after a signal nothing new leaves; what was under way has its outcome; resuming sends the rest, once."""
    process = at_work(sandbox, asctl, waybills)
    told_at = sandbox.now()
    process.send_signal(number)
    result = ended(process)
    no_traceback(result)
    assert (result.code, result.end["exit_code"]) == (code, code)
    moments = [datetime.fromisoformat(entry["at"]) for entry in sandbox.writes()]
    assert max(moments) < told_at + timedelta(seconds=1)
    states = Counter(record["state"] for record in asctl("action", "list").records if record["kind"] == "intercept")
    assert set(states) == {"done", "planned"}
    assert states["done"] == len(times_applied(sandbox)) < PARCELS
    sandbox.latency(0)
    assert asctl("batch", "resume", result.end["batch_id"], "--yes").code == 0
    assert times_applied(sandbox) == Counter(waybills)
    assert {record["state"] for record in asctl("action", "list").records} == {"done"}
