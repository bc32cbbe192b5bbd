"""What `config show` and `config explain` tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from asctl.domain.errors import BadInput
from asctl.settings import Explained, everything, explain
from asctl.settings.declared import CORE
from tests.unit.settings.conftest import FLAGSHIP, Loader, spec_of


def test_a_setting_tells_value_origin_and_what_it_overrode(loaded: Loader, config: Path) -> None:
    """All four sources in their order."""
    settings = loaded('[watch]\nslow_after = "20h"\n', {"ASCTL_WATCH__SLOW_AFTER": "30h"}, {"watch.slow_after": "36h"})
    assert explain(settings, "watch.slow_after", spec_of) == Explained(
        key="watch.slow_after",
        value="1d12h",
        origin="option watch.slow_after",
        default="24h",
        help=CORE["watch"][0].help,
        overridden=(("ASCTL_WATCH__SLOW_AFTER", "30h"), (f"{config}:2", "20h"), ("default", "24h")),
    )


def test_a_plugins_setting_is_explained_by_its_spec(loaded: Loader) -> None:
    """The declaration is the plugin's, the value the file's."""
    told = explain(loaded(f"{FLAGSHIP}page_size = 20\n"), "shops.flagship.page_size", spec_of)
    assert (told.value, told.default, told.help) == ("20", "40", "Orders per page.")


def test_secrets_are_stars_in_every_layer(loaded: Loader) -> None:
    """Neither the value in use nor an overridden one is shown."""
    settings = loaded(FLAGSHIP, {"ASCTL_SHOPS__FLAGSHIP__APP_SECRET": "from-the-environment"})
    told = explain(settings, "shops.flagship.app_secret", spec_of)
    assert (told.value, [value for _origin, value in told.overridden]) == ("***", ["***"])
    assert explain(settings, "shops.flagship.session", spec_of).value == ""


def test_a_password_inside_an_address_is_hidden(loaded: Loader) -> None:
    """A store's address may hold one."""
    settings = loaded('[store]\nurl = "postgresql://asctl:hidden@db/asctl"\n')
    assert explain(settings, "store.url", spec_of).value == "postgresql://asctl:***@db/asctl"


def test_unknown_keys_are_answered(loaded: Loader) -> None:
    """Of the core, of an account, of nobody."""
    settings = loaded(FLAGSHIP)
    for key in ("watch.slo_after", "shops.flagship.app_kee", "nonsense", "", "shops.other.app_key"):
        with pytest.raises(BadInput):
            explain(settings, key, spec_of)


def test_everything_is_shown_without_any_secret(loaded: Loader) -> None:
    """Core, routing and accounts, each setting once; an account whose plugin is missing shows nothing of its own."""
    text = f'{FLAGSHIP}tmall = "odd"\n[couriers.sf]\nplugin = "sf"\ntoken = "abcdef"\n[routing]\nsf = "sf"\n'
    shown = {told.key: told for told in everything(loaded(text), spec_of)}
    assert {f"{section}.{setting.name}" for section, settings in CORE.items() for setting in settings} <= set(shown)
    assert (shown["routing.sf"].value, shown["shops.flagship.app_key"].value) == ("sf", "20990001")
    assert (shown["shops.flagship.tmall"].value, shown["couriers.sf.token"].value) == ("odd", "***")
    assert not any("not-a-real-secret" in str(told) or "abcdef" in str(told) for told in shown.values())
