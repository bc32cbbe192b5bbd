"""Network limits from settings."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from asctl.domain.errors import BadConfiguration
from asctl.settings import load
from asctl.transport import NetworkLimits


def test_the_defaults_of_settings_and_limits_agree(tmp_path: Path) -> None:
    """An empty configuration gives the documented limits."""
    empty = tmp_path / "asctl.toml"
    empty.touch()
    assert NetworkLimits.from_settings(load(empty, {})) == NetworkLimits()


def test_limits_come_from_the_network_section(tmp_path: Path) -> None:
    """What is written there is what the client keeps."""
    written = tmp_path / "asctl.toml"
    written.write_text('[network]\nread_timeout = "3s"\nmax_answer_mib = 2\nproxy = "http://proxy:8080"\n')
    limits = NetworkLimits.from_settings(load(written, {}))
    assert (limits.read_timeout, limits.max_bytes, limits.proxy) == (timedelta(seconds=3), 2 << 20, "http://proxy:8080")


def test_certificates_that_are_not_there_are_told_at_once(tmp_path: Path) -> None:
    """A wrong path to the certificates is a matter of configuration, not of the far side."""
    written = tmp_path / "asctl.toml"
    written.write_text('[network]\nca_bundle = "missing.pem"\n')
    with pytest.raises(BadConfiguration) as caught:
        NetworkLimits.from_settings(load(written, {}))
    assert caught.value.code == "ca_bundle_missing"
    assert str(tmp_path / "missing.pem") in str(caught.value)
