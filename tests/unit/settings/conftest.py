"""A configuration file per test, and a spec to read accounts with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from asctl.capabilities.specs import ProviderSpec, Setting, SettingType
from asctl.domain.errors import NotOffered
from asctl.settings import Account, Settings, load

SPEC = ProviderSpec(
    id="taobao",
    title="Taobao and Tmall",
    api_version=1,
    factory="nowhere:Nothing",
    settings=(
        Setting("base_url", SettingType.URL, "Where the gateway is.", "https://shop.example/router"),
        Setting("app_key", SettingType.TEXT, "The application's key.", required=True),
        Setting("app_secret", SettingType.SECRET, "The application's secret.", required=True),
        Setting("session", SettingType.SECRET, "The shop's session."),
        Setting("sign_method", SettingType.CHOICE, "How calls are signed.", "hmac", choices=("hmac", "md5")),
        Setting("tmall", SettingType.BOOLEAN, "Whether exchanges exist.", True),
        Setting("page_size", SettingType.INTEGER, "Orders per page.", 40),
        Setting("share", SettingType.NUMBER, "A share.", 0.5),
        Setting("overlap", SettingType.DURATION, "How far windows overlap.", "10m"),
        Setting("types", SettingType.LIST, "Kinds of orders.", ("fixed", "auction")),
    ),
)

FLAGSHIP = """\
[shops.flagship]
plugin = "taobao"
app_key = "20990001"
app_secret = "not-a-real-secret"
"""


def spec_of(account: Account) -> ProviderSpec:
    """The one spec there is."""
    if account.plugin != SPEC.id:
        raise NotOffered(f"no plugin {account.plugin}", code="plugin_missing")
    return SPEC


Loader = Callable[..., Settings]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "asctl.toml"


@pytest.fixture
def loaded(config: Path) -> Loader:
    """Write a configuration and load it."""

    def load_text(
        text: str, environ: Mapping[str, str] | None = None, options: Mapping[str, str] | None = None
    ) -> Settings:
        config.write_text(text, encoding="utf-8")
        config.chmod(0o600)
        return load(config, environ or {}, options or {})

    return load_text
