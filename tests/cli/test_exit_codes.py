"""Every documented exit code, through the real command. The table is a promise to scripts (``asctl help exit-codes``)."""

from __future__ import annotations

import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from asctl.cli.exits import table
from asctl.services import tasks
from asctl.store.locks import hold
from asctl.store.opening import open_store
from tests.command_support import Command, Result, ended, no_traceback
from tests.sandbox_support import OtherHands, SandboxSite, wait_for

pytestmark = pytest.mark.storeless

YTO = "YT1234567890123"
WRITE = "taobao.trade.memo.update"
NAMES = {entry.code: entry.name for entry in table()}
REMARK = ("--text", "已联系快递", "--yes")


def proven(result: Result, code: int) -> None:
    """The code itself, its name in the last line on stderr, and no traceback."""
    assert result.code == code, result
    assert (result.end["exit_code"], result.end["exit_name"]) == (code, NAMES[code])
    no_traceback(result)


@pytest.fixture
def order_id(sandbox: SandboxSite, asctl: Command) -> str:
    """An order in the store."""
    asctl("order", "sync", "--max-items", "3")
    return str(asctl("order", "list", "--limit", "1").record["order_id"])


def test_0_all_done(asctl: Command) -> None:
    """All asked for is done, or there was nothing to do."""
    proven(asctl("order", "sync"), 0)
    proven(asctl("task", "list", "--kind", "no_such_kind"), 0)


def test_1_a_bug(asctl: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody foresaw: one sentence that names the file with the traceback; the traceback itself stays there."""

    def broken(*_arguments: Any) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(tasks, "add_task", broken)
    result = asctl("task", "add", "x")
    proven(result, 1)
    assert "secret detail" not in result.err
    path = Path(next(word for word in result.err.split() if word.endswith(".txt")))
    assert "ZeroDivisionError" in path.read_text("utf-8")
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("order", "list", "--no-such-option"),
        ("order", "list", "--status", "lost"),
        ("order", "list", "--columns", "nothing"),
        ("parcel", "poll", "--account", "nobody"),
        ("parcel", "add"),
        ("order", "sync", "--since", "yesterday-ish"),
    ],
)
def test_2_misuse(sandbox: SandboxSite, asctl: Command, arguments: tuple[str, ...]) -> None:
    """Wrong arguments: told before anything is sent."""
    proven(asctl(*arguments), 2)
    assert sandbox.ledger() == []


def test_2_configuration(sandbox: SandboxSite, asctl: Command) -> None:
    """A wrong configuration: told before anything is sent."""
    sandbox.configure('[watch]\nslow_after = "soon"\n')
    proven(asctl("parcel", "poll"), 2)
    assert sandbox.ledger() == []


def test_3_something_set_aside(asctl: Command, order_id: str) -> None:
    """Finished, but one item of two is not done."""
    proven(asctl("order", "remark", order_id, "4999999999", *REMARK), 3)


def test_4_unclear(sandbox: SandboxSite, asctl: Command, order_id: str) -> None:
    """A write whose outcome nobody knows."""
    sandbox.fault(f"taobao:{WRITE}", "close_before")
    proven(asctl("order", "remark", order_id, *REMARK), 4)


@pytest.mark.parametrize(
    ("fault", "told"), [("status", {"code": 503}), ("refuse_connect", {}), ("throttle", {"seconds": 30})]
)
def test_5_unavailable(sandbox: SandboxSite, asctl: Command, fault: str, told: dict[str, object]) -> None:
    """The far side is down, or wants us to wait: ``retry_at`` always says until when."""
    sandbox.fault("taobao", fault, times=0, **told)
    result = asctl("order", "sync")
    proven(result, 5)
    assert datetime.fromisoformat(result.end["retry_at"]) > sandbox.now()


def test_5_nobody_listens(sandbox: SandboxSite, asctl: Command) -> None:
    """No connection at all: come back in a minute."""
    sandbox.reconfigure(sandbox.info.url, "http://127.0.0.1:9")
    moment = sandbox.now()
    result = asctl("track", YTO, now=moment.isoformat())
    proven(result, 5)
    assert datetime.fromisoformat(result.end["retry_at"]) == moment + timedelta(seconds=60)


def test_6_nothing_matched(asctl: Command) -> None:
    """Only where it was asked for."""
    proven(asctl("order", "list", "--fail-if-empty"), 6)
    proven(asctl("order", "list"), 0)


def test_7_credentials(sandbox: SandboxSite, asctl: Command) -> None:
    """The far side refuses who we are."""
    sandbox.fault("taobao", "auth", times=0)
    proven(asctl("order", "sync"), 7)


def test_7_the_clock(asctl: Command) -> None:
    """A clock that is hours off: told as such."""
    result = asctl("order", "sync", now="2026-01-01T00:00:00+08:00")
    proven(result, 7)
    assert result.record["error_code"] == "clock_off"


def test_8_approval(asctl: Command, order_id: str, tmp_path: Path) -> None:
    """The customer may send only after approval."""
    number = asctl("rma", "open", order_id, "--kind", "return", "--reason", "quality").record["rma"]
    proven(asctl("label", "render", number, "-d", str(tmp_path)), 8)


def test_9_changed_meanwhile(sandbox: SandboxSite, asctl: Command, order_id: str) -> None:
    """Somebody else wrote between our write and our look."""
    sandbox.fault(f"taobao:{WRITE}", "slow", seconds=1)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(asctl, "order", "remark", order_id, *REMARK)
        wait_for(lambda: sandbox.ledger(WRITE))
        OtherHands(sandbox.info.config).write(order_id, "缺货 8003")
        proven(running.result(), 9)


def test_10_no_store(asctl: Command, tmp_path: Path) -> None:
    """A store that was never made."""
    result = asctl("order", "list", env={"ASCTL_STORE__URL": f"sqlite:///{tmp_path}/none.db"})
    proven(result, 10)
    assert "asctl init" in result.err


def test_11_locked(asctl: Command, store_url: str) -> None:
    """Another run is at work."""
    store = open_store(store_url)
    with hold(store, "parcel poll"):
        proven(asctl("parcel", "poll"), 11)
    store.close()


def test_12_limits(asctl: Command) -> None:
    """``--max-items`` or ``--deadline`` ended it early."""
    proven(asctl("order", "sync", "--max-items", "2"), 12)
    proven(asctl("parcel", "poll", "--deadline", "0.000001"), 12)


def test_15_plugins(sandbox: SandboxSite, asctl: Command) -> None:
    """An account whose plugin is not installed."""
    sandbox.reconfigure('plugin = "kuaidi100"', 'plugin = "pigeon"')
    proven(asctl("track", YTO, "--account", "kuaidi100"), 15)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_130_and_143_signals(sandbox: SandboxSite, asctl: Command, number: signal.Signals, code: int) -> None:
    """A signal ends the run in a safe place."""
    sandbox.latency(200)
    two_days_ago = (sandbox.now() - timedelta(days=2)).isoformat()
    process = asctl.start("order", "sync", "--since", two_days_ago)
    wait_for(lambda: sandbox.ledger("taobao.trade.fullinfo.get"))
    process.send_signal(number)
    proven(ended(process), code)


def test_every_documented_code_is_proven() -> None:
    """No code of the table is without a test here, and none is tested that is not documented."""
    tested = {
        int(part) for name in globals() if name.startswith("test_") for part in name.split("_") if part.isdecimal()
    }
    assert tested == set(NAMES)
