"""``asctl doctor``."""

from __future__ import annotations

from pathlib import Path

import pytest

from asctl.store.places import place_of
from asctl.store.sqlite import wal_is_safe
from tests.command_support import Command, Result, no_traceback
from tests.plugin_support import install
from tests.sandbox_support import ON_A_FILE, SandboxSite

NO_FONT = """
from asctl.api import Capability, LabelLimits, ProviderSpec, RenderedLabels, hookimpl

class Renderer:
    def __init__(self, context): ...
    def render(self, labels, form, out):
        if form.size == "a4":
            raise RuntimeError("out of ink")
        return RenderedLabels((1,), frozenset("仓"))

@hookimpl
def asctl_label_renderers():
    return [ProviderSpec(id=format, title="", api_version=1, factory="fake_ink:Renderer",
                         capabilities=(Capability("LabelRenderer", LabelLimits((size,), ".x")),))
            for format, size in (("svg", "a6"), ("dymo", "a4"))]
"""


def finding(result: Result, check: str) -> dict[str, str]:
    return next(record for record in result.records if record["check"] == check)


def test_a_sound_installation(asctl: Command, sandbox: SandboxSite) -> None:
    """Everything is looked at, nothing is wrong, and without ``--online`` nobody is called."""
    told = asctl("doctor")
    assert told.code == 0
    assert {"versions", "clock", "plugins", "labels as pdf", "configuration", "store schema", "permissions"} <= {
        record["check"] for record in told.records
    }
    assert {record["status"] for record in told.records} == {"ok"}
    assert "Chinese" in finding(told, "labels as pdf")["detail"]
    assert sandbox.ledger() == []


@ON_A_FILE
def test_it_says_how_sqlite_journals_and_why(asctl: Command) -> None:
    """The version of SQLite and its journal mode are told; where WAL is unsafe, the reason as well."""
    import sqlite3

    detail = finding(asctl("doctor"), "store database")["detail"]
    assert sqlite3.sqlite_version in detail
    assert ("can lose commits" in detail) is not wal_is_safe(sqlite3.sqlite_version_info)


def test_before_anything_was_set_up(plain: Command) -> None:
    """Without a store the exit code is 10, and the mend is the command that makes one."""
    told = plain("doctor")
    assert told.code == 10
    assert finding(told, "configuration")["status"] == "warn"
    assert finding(told, "store open")["mend"] == "asctl db upgrade creates it; for a first start: asctl init"


def test_a_wrong_configuration(asctl: Command, sandbox: SandboxSite) -> None:
    """Exit 2, and the rest is examined all the same."""
    sandbox.configure("[watch]\nslow_after = 7\n")
    told = asctl("doctor", "--online")
    assert told.code == 2
    assert "watch.slow_after" in finding(told, "configuration")["detail"]
    assert finding(told, "store schema")["status"] == "ok"
    no_traceback(told)


def test_a_configuration_that_is_no_toml(asctl: Command, sandbox: SandboxSite) -> None:
    """Exit 2 with file and line; what needs no configuration is still looked at."""
    sandbox.configure("[watch\n")
    told = asctl("doctor")
    assert told.code == 2
    assert "is not TOML" in finding(told, "configuration")["detail"]
    assert finding(told, "plugins")["status"] == "ok"


def test_a_broken_plugin(asctl: Command, sandbox: SandboxSite, plugin_folder: Path) -> None:
    """Exit 15, told once, also where an account uses it."""
    install(plugin_folder, "alpha", "raise RuntimeError('worn out')")
    sandbox.configure('[couriers.old]\nplugin = "alpha"\n')
    told = asctl("doctor")
    assert told.code == 15
    assert [record["check"] for record in told.records if record["status"] == "bad"] == ["plugins"]


def test_renderers_that_cannot_draw(asctl: Command, plugin_folder: Path) -> None:
    """A renderer that fails is bad; one without a glyph for a character is a warning that names it."""
    install(plugin_folder, "ink", NO_FONT)
    told = asctl("doctor")
    assert told.code == 15
    assert finding(told, "labels as svg")["status"] == "warn"
    assert "仓" in finding(told, "labels as svg")["detail"]
    assert finding(told, "labels as dymo")["status"] == "bad"


@ON_A_FILE
def test_a_damaged_store(asctl: Command, store_url: str) -> None:
    """A file that is no database is bad: exit 10."""
    path = place_of(store_url).path
    assert path is not None
    path.write_bytes(b"no database" * 1000)
    told = asctl("doctor")
    assert told.code == 10
    no_traceback(told)


def test_a_store_url_that_is_none(asctl: Command) -> None:
    """What cannot be a store is a mistake of the configuration: exit 2."""
    told = asctl("doctor", env={"ASCTL_STORE__URL": "mysql://x/y"})
    assert told.code == 2
    assert "mysql" in finding(told, "store")["detail"]


@ON_A_FILE
def test_files_that_others_can_use(asctl: Command, sandbox: SandboxSite, store_url: str) -> None:
    """A store that others can read is a warning with the command that mends it."""
    path = place_of(store_url).path
    assert path is not None
    path.chmod(0o644)
    told = asctl("doctor")
    assert told.code == 0
    assert finding(told, "permissions")["mend"] == f"chmod go-rwx {path}"


def test_a_clock_that_is_held(asctl: Command) -> None:
    """With ``ASCTL_NOW`` set the clock is a warning."""
    told = asctl("doctor", now="2026-11-21T09:30:00+08:00")
    assert told.code == 0
    assert finding(told, "clock")["status"] == "warn"


def test_online_calls_every_account(asctl: Command, sandbox: SandboxSite) -> None:
    """``--online`` adds a finding per account; refused credentials end with 7."""
    assert asctl("doctor", "--online").code == 0
    sandbox.fault("taobao", "auth", times=0)
    told = asctl("doctor", "--online")
    assert told.code == 7
    assert finding(told, "account flagship")["status"] == "bad"
    assert finding(told, "account kuaidi100")["status"] == "ok"


@ON_A_FILE
def test_a_disk_that_is_nearly_full(asctl: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Little space left is a warning before it is a failure."""
    from asctl.services import checkup

    monkeypatch.setattr(checkup, "LITTLE_SPACE", 1 << 62)
    told = asctl("doctor")
    assert told.code == 0
    assert finding(told, "store space")["status"] == "warn"


def test_writes_that_are_open(asctl: Command, sandbox: SandboxSite) -> None:
    """What waits for a look is told, with the command that looks; it is a warning and no fault of the installation."""
    sandbox.parcel("YT8800000000021", (8, "PICKED_UP", "杭州市"), (3, "IN_TRANSIT", "上海市"))
    sandbox.fault("yto:intercept", "close_after")
    assert asctl("intercept", "request", "YT8800000000021", "--yes").code == 4
    told = asctl("doctor")
    assert told.code == 0
    writes = finding(told, "writes")
    assert (writes["status"], writes["detail"]) == ("warn", "1 unclear")
    assert "asctl action reconcile" in writes["mend"]
