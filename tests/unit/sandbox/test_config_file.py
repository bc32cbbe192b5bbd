"""The configuration that the sandbox writes."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.domain.errors import BadInput, PluginBroken
from asctl.sandbox.config_file import toml_text, write_config

ACCOUNTS = {"shops": {"flagship": {"plugin": "taobao", "app_secret": "demo"}}}
texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    texts | st.integers(-(2**63), 2**63 - 1) | st.booleans() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@given(section=st.dictionaries(texts, values, max_size=5))
def test_what_is_written_is_read_back(section: dict[str, Any]) -> None:
    """Any texts, control characters and quotes included, numbers, truths, lists and tables survive the round trip."""
    assert tomllib.loads(toml_text({"shops.flagship": section})) == {"shops": {"flagship": section}}


def test_what_toml_cannot_hold_is_a_bug_told() -> None:
    """Nothing is written as something else in silence."""
    with pytest.raises(TypeError):
        toml_text({"shops": {"absent": None}})


def test_the_file_holds_store_operator_and_accounts_for_its_owner_alone(tmp_path: Path) -> None:
    """A directory that is not there is made; nobody else can read the secrets."""
    path = write_config(tmp_path / "new" / "world", [ACCOUNTS, {"couriers": {"kuaidi100": {"plugin": "kuaidi100"}}}])
    told = tomllib.loads(path.read_text("utf-8"))
    assert told["store"]["url"] == f"sqlite:///{tmp_path}/new/world/asctl.db"
    assert told["operator"] == {"staff_no": "8012"}
    assert told["shops"] == ACCOUNTS["shops"]
    assert told["couriers"]["kuaidi100"] == {"plugin": "kuaidi100"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["asctl.toml"]


def test_its_own_file_is_written_anew(tmp_path: Path) -> None:
    """A second start in the same directory replaces what the first wrote."""
    write_config(tmp_path, [ACCOUNTS])
    path = write_config(tmp_path, [])
    assert "flagship" not in path.read_text("utf-8")


def test_a_persons_file_is_left_alone(tmp_path: Path) -> None:
    """A real configuration in the way is an error, and is still there afterwards."""
    mine = tmp_path / "asctl.toml"
    mine.write_text("[shops.real]\n")
    with pytest.raises(BadInput) as caught:
        write_config(tmp_path, [ACCOUNTS])
    assert caught.value.code == "config_exists"
    assert mine.read_text() == "[shops.real]\n"


def test_a_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """The sentence names the path."""
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="file/world") as caught:
        write_config(tmp_path / "file" / "world", [ACCOUNTS])
    assert caught.value.code == "directory_refused"


def test_two_apps_may_not_name_one_account(tmp_path: Path) -> None:
    """Neither silently wins."""
    with pytest.raises(PluginBroken) as caught:
        write_config(tmp_path, [ACCOUNTS, ACCOUNTS])
    assert caught.value.code == "account_clash"
