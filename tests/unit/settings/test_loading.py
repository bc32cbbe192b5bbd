"""Where the configuration is found, which source wins, and what is wrong with a file."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from asctl.domain.errors import BadConfiguration
from asctl.domain.policy import RmaPolicy, WatchPolicy
from asctl.settings import config_path, load
from tests.unit.settings.conftest import FLAGSHIP, Loader


def test_option_beats_environment_beats_file_beats_default(loaded: Loader, config: Path) -> None:
    """The documented precedence, and each value knows where it came from."""
    text = '\n[watch]\nslow_after = "20h"\n'
    key, variable = "watch.slow_after", {"ASCTL_WATCH__SLOW_AFTER": "30h"}
    seen = [
        loaded(""),
        loaded(text),
        loaded(text, variable),
        loaded(text, variable, {key: "40h"}),
    ]
    assert [settings.value(key) for settings in seen] == [timedelta(hours=hours) for hours in (24, 20, 30, 40)]
    assert [str(settings.origin(key)) for settings in seen] == [
        "default",
        f"{config}:3",
        "ASCTL_WATCH__SLOW_AFTER",
        "option watch.slow_after",
    ]


def test_no_file_at_the_default_place_means_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh machine runs without any configuration, and the current directory is never looked at."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "asctl.toml").write_text("nonsense")
    settings = load(None, {})
    assert settings.path == tmp_path / "config" / "asctl" / "asctl.toml"
    assert (settings.watch_policy(), settings.rma_policy()) == (WatchPolicy(), RmaPolicy())
    assert settings.accounts() == ()


@pytest.mark.parametrize("by_variable", [True, False])
def test_a_file_that_was_named_must_exist(tmp_path: Path, by_variable: bool) -> None:
    """A mistyped --config is told, with the command that writes one."""
    missing = tmp_path / "missing.toml"
    with pytest.raises(BadConfiguration) as caught:
        load(None, {"ASCTL_CONFIG": str(missing)}) if by_variable else load(missing, {})
    assert caught.value.code == "config_missing"
    assert str(missing) in str(caught.value)
    assert "asctl init" in caught.value.hint


def test_the_option_names_the_file_before_the_variable(tmp_path: Path) -> None:
    """``--config`` wins over ``ASCTL_CONFIG``; an empty variable names nothing."""
    assert config_path(tmp_path / "a", {"ASCTL_CONFIG": "b"}) == (tmp_path / "a", True)
    assert config_path(None, {"ASCTL_CONFIG": "b"}) == (Path("b"), True)
    assert config_path(None, {"ASCTL_CONFIG": ""})[1] is False


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[watch]\nslow_after = 24h\n", 2),
        ("[watch]\n\nslow_after\n", 3),
        ("[shops.a]\n[shops.a]\n", 2),
        ("a = [\n1,\n", 3),
    ],
)
def test_wrong_toml_names_the_line(loaded: Loader, config: Path, text: str, line: int) -> None:
    """A slip of syntax is told with file and line."""
    with pytest.raises(BadConfiguration) as caught:
        loaded(text)
    assert caught.value.code == "config_syntax"
    assert f"{config}:{line} " in str(caught.value)


def test_a_file_in_another_encoding_names_the_line(config: Path) -> None:
    """A file saved as GBK is told, not guessed."""
    config.write_bytes(b'[operator]\nname = "' + "客服".encode("gb18030") + b'"\n')
    with pytest.raises(BadConfiguration) as caught:
        load(config, {})
    assert (caught.value.code, f"{config}:2 " in str(caught.value)) == ("config_not_utf8", True)


def test_a_byte_order_mark_does_no_harm(config: Path) -> None:
    """Some editors write one."""
    config.write_text('\ufeff[operator]\nname = "客服"\r\n', encoding="utf-8")
    assert load(config, {}).value("operator.name") == "客服"


def test_a_directory_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    """What cannot be read is told with the reason."""
    with pytest.raises(BadConfiguration) as caught:
        load(tmp_path, {})
    assert caught.value.code == "config_unreadable"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("\n[watch]\nslowafter = '1h'\n", "watch.slow_after"),
        ("\n[wach]\nslow_after = '1h'\n", "watch"),
        ("\n\nplugin = 'taobao'\n", "plugins"),
        ("\n[routing]\nsf = { trak = 'a' }\n", "routing.sf.track"),
    ],
)
def test_an_unknown_key_names_its_line_and_the_likely_one(loaded: Loader, config: Path, text: str, hint: str) -> None:
    """A slip is answered with the right word."""
    with pytest.raises(BadConfiguration) as caught:
        loaded(text)
    assert caught.value.code == "unknown_key"
    assert f"{config}:" in str(caught.value)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "[watch]\nslow_after = 24\n",
        "[watch]\nslow_after = '24'\n",
        "[watch]\nslow_after = '0h'\n",
        "[watch]\nslow_after = '99999999999999999999d'\n",
        "[network]\nmax_answer_mib = '16'\n",
        "[network]\nmax_answer_mib = -1\n",
        "[network]\nmax_answer_mib = true\n",
        "[network]\nproxy = 'proxy:8080'\n",
        "[operator]\nstaff_no = 8012\n",
        "[rma]\nreasons = 'late'\n",
        "[rma]\nreasons = [1]\n",
        "\nwatch = 1\n",
        "[shops]\nflagship = 'x'\n",
        "[shops.a]\nplugin = ''\n",
        "[couriers.a]\nplugin = 3\n",
    ],
)
def test_a_wrong_type_names_key_line_and_what_was_expected(loaded: Loader, config: Path, text: str) -> None:
    """Each wrong value gives one sentence with place and remedy."""
    with pytest.raises(BadConfiguration) as caught:
        loaded(text)
    assert caught.value.code == "wrong_type"
    assert f"{config}:2" in str(caught.value)
    assert " must be " in str(caught.value)
    assert caught.value.hint


def test_variables_are_read_by_type(loaded: Loader) -> None:
    """Numbers and lists need no quotes or brackets in the environment."""
    settings = loaded(
        "",
        {
            "ASCTL_NETWORK__MAX_ANSWER_MIB": "8",
            "ASCTL_RMA__REASONS": "late, lost,",
            "ASCTL_OPERATOR__STAFF_NO": "8012",
            "ASCTL_OPERATOR__NAME": "",
        },
    )
    assert settings.value("network.max_answer_mib") == 8
    assert settings.value("rma.reasons") == ("late", "lost")
    assert settings.value("operator.staff_no") == "8012"
    assert settings.value("operator.name") is None


@pytest.mark.parametrize(
    ("variable", "value", "code"),
    [
        ("ASCTL_WATCH__SLOWAFTER", "1h", "unknown_key"),
        ("ASCTL_WATCH__SLOW__AFTER", "1h", "unknown_key"),
        ("ASCTL_NOTHING__AT_ALL", "1", "unknown_key"),
        ("ASCTL_NETWORK__MAX_ANSWER_MIB", "many", "wrong_type"),
        ("ASCTL_SHOPS__FLAGSHIP", "x", "wrong_type"),
    ],
)
def test_a_wrong_variable_is_named(loaded: Loader, variable: str, value: str, code: str) -> None:
    """The sentence names the variable, since there is no line."""
    with pytest.raises(BadConfiguration) as caught:
        loaded("", {variable: value})
    assert (caught.value.code, variable in str(caught.value)) == (code, True)


def test_other_variables_are_left_alone(loaded: Loader) -> None:
    """``ASCTL_NOW`` and its like are no settings, nor are other programs' variables."""
    loaded("", {"ASCTL_NOW": "x", "ASCTL_OUTPUT": "json", "OTHER__KEY": "1"})


def test_an_unknown_option_is_told(loaded: Loader) -> None:
    """Options are checked like the rest."""
    with pytest.raises(BadConfiguration) as caught:
        loaded("", None, {"watch.slo_after": "1h"})
    assert "option watch.slo_after" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[shops.flagship]\napp_key = 'x'\n", "missing_key"),
        ("[shops.flagship]\n", "missing_key"),
        (FLAGSHIP + '[couriers.Flagship]\nplugin = "sf"\n', "duplicate_account"),
        ('[couriers."sf main"]\nplugin = "sf"\n', "bad_account_name"),
    ],
)
def test_accounts_need_a_plugin_and_a_name_of_their_own(loaded: Loader, text: str, code: str) -> None:
    """What commands and variables could not tell apart is refused at once."""
    with pytest.raises(BadConfiguration) as caught:
        loaded(text)
    assert caught.value.code == code


def test_places_are_never_relative_to_the_current_directory(loaded: Loader, config: Path) -> None:
    """The store is in the user's data directory, certificates beside the configuration."""
    settings = loaded('[network]\nca_bundle = "ca.pem"\n')
    assert settings.value("network.ca_bundle") == str(config.parent / "ca.pem")
    assert settings.value("store.url").startswith("sqlite:////")
    assert settings.value("store.url").endswith("/asctl.db")
    assert loaded("", {"ASCTL_STORE__URL": "postgresql://u@h/n"}).value("store.url") == "postgresql://u@h/n"
