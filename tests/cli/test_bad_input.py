"""What goes wrong outside the shop's own work: one clear sentence, what to do, the documented code, nothing lost."""

from __future__ import annotations

import resource
import signal
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.command_support import Command, Result, no_traceback
from tests.sandbox_support import ON_A_FILE, SandboxSite

pytestmark = pytest.mark.storeless

YTO = "YT1234567890123"


def told(result: Result, code: int, *words: str) -> None:
    """The documented code, a sentence for people with these words, and a hint below it."""
    assert result.code == code, result
    no_traceback(result)
    lines = result.err.splitlines()
    sentence = next(at for at, line in enumerate(lines) if line.startswith("asctl: ") and lines[at + 1][:2] == "  ")
    paragraph = " ".join(lines[sentence : sentence + 2])
    for word in words:
        assert word in paragraph, paragraph


@pytest.fixture
def unsent(sandbox: SandboxSite) -> Iterator[None]:
    """Fails the test if anything was sent."""
    yield
    assert sandbox.ledger() == []


def test_an_unknown_account(asctl: Command, unsent: None) -> None:
    """Named, with those there are; each verb that takes an account says the same."""
    for verb in (("parcel", "poll"), ("track", YTO), ("parcel", "add", YTO)):
        result = asctl(*verb, "--account", "kuaidi10")
        assert result.code in (2, 3)
        assert "kuaidi10" in result.err
        assert "kuaidi100" in result.err
        no_traceback(result)
    assert asctl("parcel", "list").records == []


def test_an_unknown_key(sandbox: SandboxSite, asctl: Command, unsent: None) -> None:
    """A misspelt setting is an error that names key, file and line, and is not passed over."""
    sandbox.configure('[watch]\nslow_afer = "24h"\n')
    line = sandbox.info.config.read_text("utf-8").splitlines().index('slow_afer = "24h"') + 1
    told(asctl("order", "sync"), 2, "slow_afer", "asctl.toml", str(line), "slow_after")


def test_a_wrong_type(sandbox: SandboxSite, asctl: Command, unsent: None) -> None:
    """A value of the wrong type is an error that says what was expected."""
    sandbox.configure('[network]\nmax_answer_mib = "many"\n')
    told(asctl("order", "sync"), 2, "max_answer_mib", "asctl.toml")


def test_a_broken_file(sandbox: SandboxSite, asctl: Command, unsent: None) -> None:
    """A configuration that is no TOML is told with its line."""
    sandbox.configure("[watch\n")
    told(asctl("order", "sync"), 2, "asctl.toml")


@pytest.mark.parametrize(("mode", "words"), [(None, "session"), (0o644, "session")])
def test_a_secret_that_cannot_be_used(
    sandbox: SandboxSite, asctl: Command, unsent: None, tmp_path: Path, mode: int | None, words: str
) -> None:
    """A secret file that is missing, or that others can read, is refused before anything is sent; never shown."""
    secret = tmp_path / "flagship.session"
    if mode is not None:
        secret.write_text("sandbox-session-not-real\n", "utf-8")
        secret.chmod(mode)
    sandbox.reconfigure('session = "sandbox-session-not-real"', f'session = {{ file = "{secret}" }}')
    result = asctl("order", "sync")
    no_traceback(result)
    assert result.code == 2
    assert words in result.err
    assert "flagship.session" in result.err
    assert "sandbox-session-not-real" not in result.err + result.out


@ON_A_FILE
def test_a_store_of_a_newer_version(asctl: Command, store_url: str, unsent: None) -> None:
    """A store that a newer asctl upgraded is left alone: exit 10 says which is older."""
    with sqlite3.connect(store_url.removeprefix("sqlite:///")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    for command in (("order", "sync"), ("parcel", "poll"), ("db", "upgrade")):
        result = asctl(*command)
        no_traceback(result)
        assert result.code == 10
        assert "9999" in result.err or "newer" in result.err


@ON_A_FILE
def test_a_corrupt_store(asctl: Command, store_url: str, unsent: None) -> None:
    """A store file that is none is exit 10, and is not written to."""
    path = Path(store_url.removeprefix("sqlite:///"))
    path.write_bytes(b"not a database, but long enough to look like one " * 100)
    before = path.read_bytes()
    told(asctl("order", "list"), 10)
    assert path.read_bytes() == before


def _small_files() -> None:
    """A disk that takes no more than a little: what the store needs to grow is refused."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))


@ON_A_FILE
def test_a_full_disk(sandbox: SandboxSite, asctl: Command, store_url: str) -> None:
    """The disk fills up during a sync: exit 10, what was stored stays readable, and with space the next run completes."""
    sandbox.orders(300)
    sandbox.travel(0.02)
    result = asctl.process("order", "sync", preexec_fn=_small_files)
    assert result.code == 10, result
    no_traceback(result)
    with sqlite3.connect(store_url.removeprefix("sqlite:///")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert asctl("order", "sync").code == 0
    assert len(asctl("order", "list").records) == len(sandbox.state()["orders"])


def test_a_full_output(asctl: Command) -> None:
    """Records that cannot be written are no success."""
    asctl("order", "sync", "--max-items", "2")
    with open("/dev/full", "w", encoding="utf-8") as full:
        result = asctl.process("order", "list", stdout=full)
    told(result, 10, "cannot be written")


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_wrong_clock(asctl: Command, sandbox: SandboxSite, hours: int) -> None:
    """A machine whose clock is hours off: exit 7 says so, and no cursor moves."""
    result = asctl("order", "sync", now=(sandbox.now() + timedelta(hours=hours)).isoformat())
    told(result, 7, "clock")
    assert result.record["cursor"] is None
    assert asctl("order", "sync").code == 0


@pytest.mark.parametrize(
    ("fault", "more"), [("html", {}), ("big", {"mib": 50}), ("garbage", {}), ("truncate", {"bytes": 80})]
)
def test_an_order_list_that_is_none(asctl: Command, sandbox: SandboxSite, fault: str, more: dict[str, object]) -> None:
    """A page of HTML, 50 MB, noise or half an answer from the marketplace: exit 5, no cursor, nothing half stored."""
    sandbox.fault("taobao", fault, times=0, **more)
    result = asctl("order", "sync")
    told(result, 5, "flagship")
    assert result.record["cursor"] is None
    sandbox.mend()
    assert asctl("order", "list").records == []
    assert asctl("order", "sync").code == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"waybill;courier\n", None),
        (b"", None),
        (b"parcel_no,courier\nYT1234567890123,yto\n", "unknown_column"),
        (b"courier\nyto\n", "missing_column"),
        (b"waybill,courier\nYT1234567890123,yto,extra,more\n", None),
        (b"\xff\xfe\x00\x00\x01", None),
    ],
)
def test_files_that_are_no_batch(
    asctl: Command, unsent: None, tmp_path: Path, content: bytes, code: str | None
) -> None:
    """An empty file, a wrong header, too many cells, noise: told, never a traceback, and nothing is stored by mistake."""
    file = tmp_path / "input.csv"
    file.write_bytes(content)
    result = asctl("parcel", "add", "--from", str(file))
    no_traceback(result)
    if code:
        assert (result.code, result.error["code"]) == (2, code)
    assert all(record["waybill"] == YTO for record in asctl("parcel", "list").records)


def test_a_file_that_is_not_there(asctl: Command, unsent: None, tmp_path: Path) -> None:
    """A wrong path is misuse."""
    result = asctl("parcel", "add", "--from", str(tmp_path / "none.csv"))
    told(result, 2, "none.csv")


def test_a_workbook(asctl: Command, unsent: None, tmp_path: Path) -> None:
    """Waybills that a workbook keeps as text arrive whole; one it keeps as a number it has rounded is refused."""
    xlsxwriter = pytest.importorskip("xlsxwriter")
    book = xlsxwriter.Workbook(str(tmp_path / "in.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["waybill", "courier"])
    sheet.write_string(1, 0, YTO)
    sheet.write_string(2, 0, "7.12E+13")
    sheet.write_string(2, 1, "zto")
    book.close()
    result = asctl("parcel", "add", "--from", str(tmp_path / "in.xlsx"))
    assert result.code == 3
    assert {record["input"]: record["error_code"] for record in result.records} == {
        YTO: None,
        "7.12E+13": "spoilt_number",
    }
