"""The commented configuration that `asctl init` writes."""

from __future__ import annotations

import re

from asctl.capabilities.specs import ProviderKind
from asctl.settings import check
from asctl.settings.declared import CORE, common_settings
from asctl.settings.example import example_text
from tests.unit.settings.conftest import SPEC, Loader, spec_of

TEXT = example_text([(ProviderKind.ORDER_SOURCE, SPEC), (ProviderKind.COURIER, SPEC), (ProviderKind.LABEL, SPEC)])
COMMENTED_OUT = re.compile(r"^#(?=[a-z\[])", re.MULTILINE)


def test_it_loads_as_it_is_and_changes_nothing(loaded: Loader) -> None:
    """A fresh configuration gives the defaults and no accounts."""
    settings = loaded(TEXT)
    assert (check(settings, spec_of), settings.accounts()) == ([], ())
    assert settings.section("watch") == loaded("").section("watch")


def test_it_checks_clean_with_everything_uncommented(loaded: Loader) -> None:
    """Every line in it is right, examples included; account names do not clash."""
    secrets = dict.fromkeys(re.findall(r'env = "([A-Z_]+)"', TEXT), "abcd")
    settings = loaded(COMMENTED_OUT.sub("", TEXT), secrets)
    assert check(settings, spec_of) == []
    assert [account.name for account in settings.accounts()] == ["taobao", "taobao-couriers"]
    assert settings.section("watch") == loaded("").section("watch")


def test_every_setting_is_in_it_with_its_help() -> None:
    """What is declared is documented."""
    flat = re.sub(r"\n# ", " ", TEXT)
    declared = [setting for settings in CORE.values() for setting in settings]
    for setting in (*declared, *common_settings("shops"), *SPEC.settings):
        assert f"#{setting.name} = " in TEXT
        assert setting.help in flat
