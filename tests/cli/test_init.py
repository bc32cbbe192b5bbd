"""``asctl init``."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest

from asctl.store.opening import open_store
from tests.command_support import Command, no_traceback

pytestmark = pytest.mark.storeless


def places(command: Command) -> tuple[Path, Path]:
    """Where configuration and store of this user belong."""
    config = Path(command.env["XDG_CONFIG_HOME"]) / "asctl" / "asctl.toml"
    return config, Path(command.env["XDG_DATA_HOME"]) / "asctl" / "asctl.db"


def test_it_makes_a_configuration_and_a_store_that_work(plain: Command) -> None:
    """A fresh user gets both at the default places, readable by himself alone, and hears of the next commands."""
    done = plain("init")
    config, store = places(plain)
    assert done.code == 0
    assert stat.S_IMODE(config.stat().st_mode) == stat.S_IMODE(store.stat().st_mode) == 0o600
    assert str(config) in done.out
    assert str(store) in done.out
    for following in ("asctl config check", "asctl account check", "asctl order sync"):
        assert following in done.out
    assert plain("config", "check").code == 0
    open_store(f"sqlite:///{store}").close()


def test_it_writes_where_config_says(plain: Command, tmp_path: Path) -> None:
    """``--config`` names the place, also one whose folder is not there yet."""
    target = tmp_path / "etc" / "shop" / "asctl.toml"
    assert plain("--config", str(target), "init").code == 0
    assert "operator" in tomllib.loads(target.read_text("utf-8"))
    assert not places(plain)[0].exists()


def test_it_overwrites_nothing(plain: Command) -> None:
    """Run again it leaves both files as they are, says so and exits with 2."""
    plain("init")
    config, store = places(plain)
    config.write_text('[operator]\nstaff_no = "8012"\n', "utf-8")
    before = store.read_bytes()
    again = plain("init")
    assert again.code == 2
    assert f"there is a configuration at {config} and a store at {store} already; nothing was changed" in again.err
    assert config.read_text("utf-8") == '[operator]\nstaff_no = "8012"\n'
    assert store.read_bytes() == before


def test_it_makes_the_store_that_is_missing(plain: Command) -> None:
    """With a configuration but no store it creates the store only, where the configuration has it."""
    config, default = places(plain)
    elsewhere = default.with_name("elsewhere.db")
    config.parent.mkdir(parents=True)
    text = f'[store]\nurl = "sqlite:///{elsewhere}"\n'
    config.write_text(text, "utf-8")
    done = plain("init")
    assert done.code == 0
    assert elsewhere.exists()
    assert not default.exists()
    assert config.read_text("utf-8") == text


def test_it_keeps_a_store_that_is_there(plain: Command) -> None:
    """A lost configuration is written anew beside the old store."""
    plain("init")
    config, _store = places(plain)
    config.unlink()
    done = plain("init")
    assert done.code == 0
    assert config.exists()
    assert "was there already" in done.out


def test_a_place_that_takes_no_file_is_told(plain: Command, tmp_path: Path) -> None:
    """A folder that is a file gives one sentence and exit 2, and no store is made."""
    (tmp_path / "file").write_text("")
    refused = plain("--config", str(tmp_path / "file" / "asctl.toml"), "init")
    assert refused.code == 2
    assert "cannot be written" in refused.err
    assert not places(plain)[1].exists()
    no_traceback(refused)


def test_a_wrong_configuration_is_not_passed_over(plain: Command) -> None:
    """Where the configuration that is there has a mistake, no store is made by guess."""
    config, store = places(plain)
    config.parent.mkdir(parents=True)
    config.write_text('[store]\nurll = "x"\n', "utf-8")
    refused = plain("init")
    assert refused.code == 2
    assert "store.urll" in refused.err
    assert not store.exists()
