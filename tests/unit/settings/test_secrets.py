"""Secrets by reference."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import keyring
import pytest
from keyring.errors import KeyringLocked, NoKeyringError

from asctl.domain.errors import BadConfiguration
from asctl.settings.origin import Found, Origin, Source
from asctl.settings.secrets import Vault

PATH = ("shops", "flagship", "session")
HERE = Origin(Source.FILE, "asctl.toml:4")


def resolve(value: object, folder: Path, **environ: str) -> str:
    return Vault(environ, folder).resolve(Found(value, HERE), PATH)


def trouble(value: object, folder: Path, **environ: str) -> BadConfiguration:
    with pytest.raises(BadConfiguration) as caught:
        resolve(value, folder, **environ)
    assert "shops.flagship.session" in str(caught.value)
    assert caught.value.hint
    return caught.value


def secret_file(folder: Path, content: bytes = b"abc\n", mode: int = 0o600) -> dict[str, str]:
    file = folder / "session"
    file.write_bytes(content)
    file.chmod(mode)
    return {"file": "session"}


def test_each_kind_of_reference_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain text, variable, file beside the configuration, key ring."""
    monkeypatch.setattr(keyring, "get_password", lambda service, user: f"{service}+{user}")
    assert resolve("plain", tmp_path) == "plain"
    assert resolve({"env": "S"}, tmp_path, S="from env") == "from env"
    assert resolve(secret_file(tmp_path), tmp_path) == "abc"
    assert resolve({"file": str(tmp_path / "session")}, Path("/elsewhere")) == "abc"
    assert resolve({"keyring": "shop/asctl/flagship"}, tmp_path) == "shop/asctl+flagship"


def test_only_the_last_line_end_is_dropped(tmp_path: Path) -> None:
    """Editors add one; what else the file holds belongs to the secret."""
    assert resolve(secret_file(tmp_path, b" a b \r\n"), tmp_path) == " a b "
    assert resolve(secret_file(tmp_path, b"a\n\n"), tmp_path) == "a\n"


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660, 0o644])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    """A secret that is none is not used; the hint has the command that mends it."""
    error = trouble(secret_file(tmp_path, mode=mode), tmp_path)
    assert (error.code, "chmod 600" in error.hint) == ("secret_file_open", True)


def test_a_link_is_judged_by_what_it_points_to(tmp_path: Path) -> None:
    """The mode of a link itself says nothing."""
    secret_file(tmp_path, mode=0o644)
    (tmp_path / "link").symlink_to(tmp_path / "session")
    assert trouble({"file": "link"}, tmp_path).code == "secret_file_open"


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    """Missing, a directory, a pipe, bytes that are no text, far too large: none hangs, each is told."""
    os.mkfifo(tmp_path / "pipe", 0o600)
    (tmp_path / "folder").mkdir(mode=0o700)
    for name in ("missing", "pipe", "folder"):
        assert trouble({"file": name}, tmp_path).code == "secret_file_unreadable"
    assert trouble(secret_file(tmp_path, b"\xff\xfe"), tmp_path).code == "secret_file_unreadable"
    assert trouble(secret_file(tmp_path, b"x" * 70_000), tmp_path).code == "secret_file_unreadable"


def test_empty_secrets_are_refused(tmp_path: Path) -> None:
    """An empty secret would only be found out by the far side."""
    assert trouble(secret_file(tmp_path, b"\n"), tmp_path).code == "secret_empty"
    assert trouble({"env": "S"}, tmp_path, S="").code == "secret_empty"
    assert trouble("", tmp_path).code == "secret_empty"


def test_a_variable_that_is_not_set_is_told(tmp_path: Path) -> None:
    """The sentence names the variable."""
    error = trouble({"env": "FLAGSHIP_SESSION"}, tmp_path)
    assert (error.code, "FLAGSHIP_SESSION" in str(error)) == ("secret_env_missing", True)


@pytest.mark.parametrize("value", [5, {}, {"env": ""}, {"env": 3}, {"env": "A", "file": "b"}, {"vault": "x"}, ["a"]])
def test_what_is_no_reference_is_a_wrong_type_and_never_shown(tmp_path: Path, value: object) -> None:
    """The sentence tells the three forms."""
    error = trouble(value, tmp_path)
    assert (error.code, "{ env =" in str(error)) == ("wrong_type", True)


@pytest.mark.parametrize("problem", [NoKeyringError("x"), KeyringLocked("x")])
def test_a_key_ring_that_does_not_answer_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    """A server without a desktop has none; the hint names the other ways."""

    def fail(service: str, user: str) -> str:
        raise problem

    monkeypatch.setattr(keyring, "get_password", fail)
    error = trouble({"keyring": "a/b"}, tmp_path)
    assert (error.code, "file" in error.hint) == ("keyring_unavailable", True)


def test_key_ring_entries_must_exist_and_be_named_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """service/name, and an entry under it."""
    monkeypatch.setattr(keyring, "get_password", lambda *_names: None)
    assert trouble({"keyring": "a/b"}, tmp_path).code == "secret_keyring_empty"
    assert trouble({"keyring": "ab"}, tmp_path).code == "secret_keyring_name"


def test_without_the_package_the_hint_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """keyring is not part of the plain install."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    error = trouble({"keyring": "a/b"}, tmp_path)
    assert (error.code, "asctl[keyring]" in error.hint) == ("keyring_missing", True)
