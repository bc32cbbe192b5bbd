"""Accounts: names, variables, typed settings, pace, routing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from asctl.capabilities.specs import Pace, ProviderKind
from asctl.domain.errors import BadConfiguration, BadInput
from tests.unit.settings.conftest import FLAGSHIP, SPEC, Loader

COURIERS = '[couriers.sf-main]\nplugin = "sf"\n[couriers.kd100]\nplugin = "kuaidi100"\n'


def test_accounts_are_listed_with_kind_and_plugin(loaded: Loader) -> None:
    """Shops come first, the others in the order of their sections and of the file."""
    accounts = loaded(COURIERS + FLAGSHIP).accounts()
    assert [(account.key, account.kind, account.plugin) for account in accounts] == [
        ("shops.flagship", ProviderKind.ORDER_SOURCE, "taobao"),
        ("couriers.sf-main", ProviderKind.COURIER, "sf"),
        ("couriers.kd100", ProviderKind.COURIER, "kuaidi100"),
    ]


def test_an_account_shows_no_secret_when_printed(loaded: Loader) -> None:
    """Its table holds what was written, so it stays out of the representation."""
    assert "not-a-real-secret" not in repr(loaded(FLAGSHIP).accounts())


def test_an_unknown_account_is_answered_with_the_nearest_name(loaded: Loader) -> None:
    """A mistyped ``--account`` names the likely one, or all there are."""
    settings = loaded(COURIERS + FLAGSHIP)
    with pytest.raises(BadInput) as caught:
        settings.account("flagshp")
    assert (caught.value.code, "flagship" in caught.value.hint) == ("unknown_account", True)
    with pytest.raises(BadInput) as other:
        settings.account("zzz")
    assert "flagship, sf-main, kd100" in other.value.hint
    with pytest.raises(BadInput) as none:
        loaded("").account("flagship")
    assert "asctl init" in none.value.hint


def test_values_reach_the_provider_typed(loaded: Loader) -> None:
    """Each declared setting is there, defaults included, and nothing else."""
    settings = loaded(FLAGSHIP + 'overlap = "1h30m"\ntypes = ["fixed"]\nshare = 1\nreturn_name = "Returns"\n')
    assert settings.typed_account(settings.account("flagship"), SPEC) == {
        "base_url": "https://shop.example/router",
        "app_key": "20990001",
        "app_secret": "not-a-real-secret",
        "session": None,
        "sign_method": "hmac",
        "tmall": True,
        "page_size": 40,
        "share": 1.0,
        "overlap": timedelta(minutes=90),
        "types": ("fixed",),
    }
    assert settings.common("flagship", "return_name") == "Returns"


def test_variables_find_their_account_however_it_is_spelt(loaded: Loader) -> None:
    """Case and dashes cannot be written in variable names."""
    settings = loaded('[couriers.SF-main]\nplugin = "sf"\n', {"ASCTL_COURIERS__SF_MAIN__CALLS_PER_SECOND": "0.5"})
    assert settings.value("couriers.SF-main.calls_per_second") == 0.5
    assert len(settings.accounts()) == 1


def test_an_account_may_live_in_the_environment_alone(loaded: Loader) -> None:
    """A container needs no file."""
    environ = {
        "ASCTL_SHOPS__FLAGSHIP__PLUGIN": "taobao",
        "ASCTL_SHOPS__FLAGSHIP__APP_KEY": "1",
        "ASCTL_SHOPS__FLAGSHIP__APP_SECRET": "abcd",
        "ASCTL_SHOPS__FLAGSHIP__TMALL": "no",
        "ASCTL_SHOPS__FLAGSHIP__TYPES": "a,b",
    }
    settings = loaded("", environ)
    values = settings.typed_account(settings.account("flagship"), SPEC)
    assert (values["app_key"], values["app_secret"], values["tmall"], values["types"]) == (
        "1",
        "abcd",
        False,
        ("a", "b"),
    )


@pytest.mark.parametrize(
    ("line", "code", "word"),
    [
        ('app_kye = "1"', "unknown_key", "shops.flagship.app_key"),
        ("tmall = 1", "wrong_type", "true or false"),
        ('sign_method = "hmca"', "wrong_type", "one of hmac, md5"),
        ('base_url = "shop.example"', "wrong_type", "http://"),
        ("page_size = 1.5", "wrong_type", "whole number"),
        ("share = nan", "wrong_type", "a number"),
        ("session = 5", "wrong_type", "keyring"),
        ('session = { fiel = "x" }', "wrong_type", "{ file ="),
    ],
)
def test_wrong_account_settings_are_told(loaded: Loader, line: str, code: str, word: str) -> None:
    """Plugin settings are checked as strictly as our own, by key and line."""
    settings = loaded(f"{FLAGSHIP}{line}\n")
    with pytest.raises(BadConfiguration) as caught:
        settings.typed_account(settings.account("flagship"), SPEC)
    assert caught.value.code == code
    assert "asctl.toml:5)" in str(caught.value)
    assert word in f"{caught.value} {caught.value.hint}"


def test_a_missing_setting_says_how_to_set_it(loaded: Loader) -> None:
    """The hint names section and variable."""
    settings = loaded('[shops.flag-ship]\nplugin = "taobao"\napp_secret = "abcd"\n')
    with pytest.raises(BadConfiguration) as caught:
        settings.typed_account(settings.account("flag-ship"), SPEC)
    assert caught.value.code == "missing_key"
    assert "[shops.flag-ship]" in caught.value.hint
    assert "ASCTL_SHOPS__FLAG_SHIP__APP_KEY" in caught.value.hint


@pytest.mark.parametrize(
    ("rate", "pace"),
    [
        ("10", Pace(10, timedelta(seconds=1))),
        ("0.5", Pace(1, timedelta(seconds=2))),
        ("2.5", Pace(2, timedelta(seconds=0.8))),
    ],
)
def test_the_configuration_can_set_the_pace(loaded: Loader, rate: str, pace: Pace) -> None:
    """``calls_per_second`` replaces the plugin's own pace, fractions included."""
    settings = loaded(f"{FLAGSHIP}calls_per_second = {rate}\n")
    assert settings.pace(settings.account("flagship"), SPEC) == pace


def test_without_a_pace_the_plugins_counts_and_nothing_is_refused(loaded: Loader) -> None:
    """No rate means the plugin's; a rate of nothing would wait for ever."""
    plain, none = loaded(FLAGSHIP), loaded(f"{FLAGSHIP}calls_per_second = 0\n")
    assert plain.pace(plain.account("flagship"), SPEC) == SPEC.pace
    with pytest.raises(BadConfiguration):
        none.pace(none.account("flagship"), SPEC)


def test_routing_names_accounts_by_courier_and_verb(loaded: Loader) -> None:
    """A verb's own word goes before the courier's general one; silence means no wish."""
    settings = loaded(
        '[routing]\nsf = "kd100"\nzto = { track = "kd100" }\n', {"ASCTL_ROUTING__SF__INTERCEPT": "sf-main"}
    )
    assert [settings.routed("sf", verb) for verb in ("track", "intercept")] == ["kd100", "sf-main"]
    assert [settings.routed("zto", verb) for verb in ("track", "intercept")] == ["kd100", ""]
    assert settings.routed("yto", "track") == ""


def test_a_key_that_is_no_setting_is_answered_with_the_likely_one(loaded: Loader) -> None:
    """Asking for a value by a wrong name is an input error."""
    with pytest.raises(BadInput) as caught:
        loaded("").value("watch.slowafter")
    assert (caught.value.code, "watch.slow_after" in caught.value.hint) == ("unknown_key", True)
