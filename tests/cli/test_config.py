"""``asctl config``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_support import Command, no_traceback
from tests.plugin_support import courier, install

pytestmark = pytest.mark.storeless


@pytest.fixture
def configured(plain: Command, tmp_path: Path) -> Command:
    """A user with a small configuration."""
    config = tmp_path / "asctl.toml"
    config.write_text('[watch]\nslow_after = "20h"\n\n[couriers.k]\nplugin = "kuaidi100"\nkey = "secret-9"\n', "utf-8")
    config.chmod(0o600)
    plain.env["ASCTL_CONFIG"] = str(config)
    return plain


def rewrite(command: Command, text: str) -> None:
    """Another configuration, of somebody who has a staff number."""
    Path(command.env["ASCTL_CONFIG"]).write_text(text + '\n[operator]\nstaff_no = "8012"\n', "utf-8")


def test_show_tells_what_was_set_and_where(configured: Command) -> None:
    """Only values that somebody set are listed, each with its origin; a secret is ``***``."""
    shown = {record["key"]: record for record in configured("config", "show").records}
    config = configured.env["ASCTL_CONFIG"]
    assert set(shown) == {"watch.slow_after", "couriers.k.plugin", "couriers.k.key"}
    assert shown["watch.slow_after"]["value"] == "20h"
    assert shown["watch.slow_after"]["origin"] == f"{config}:2"
    assert shown["couriers.k.key"]["value"] == "***"


def test_show_all_adds_the_defaults(configured: Command) -> None:
    """``--all`` lists every setting; nobody's secret is among the values."""
    told = configured("config", "show", "--all")
    shown = {record["key"]: record for record in told.records}
    assert shown["watch.lost_after"]["origin"] == "default"
    assert "secret-9" not in told.out


def test_explain_tells_what_won_and_what_lost(configured: Command) -> None:
    """A variable wins over the file, and the file's value is told as overridden."""
    record = configured("config", "explain", "watch.slow_after", env={"ASCTL_WATCH__SLOW_AFTER": "30h"}).record
    assert record["value"] == "1d6h"
    assert record["origin"] == "ASCTL_WATCH__SLOW_AFTER"
    assert record["overridden"] == [f"20h ({configured.env['ASCTL_CONFIG']}:2)", "24h (default)"]
    assert record["help"]


def test_explain_refuses_what_is_no_setting(configured: Command) -> None:
    """A mistyped key is answered with the likely one."""
    refused = configured("config", "explain", "watch.slow_aftr")
    assert refused.code == 2
    assert refused.error["code"] == "unknown_key"
    assert "watch.slow_after" in refused.error["hint"]


def test_check_finds_everything_at_once(configured: Command) -> None:
    """Unknown keys, wrong types and missing required keys come in one run, which exits with 2."""
    rewrite(configured, '[watch]\nslow_after = 7\nslov = "1h"\n\n[couriers.k]\nplugin = "kuaidi100"\n')
    checked = configured("config", "check")
    told = " ".join(record["detail"] for record in checked.records)
    assert checked.code == 2
    assert checked.end["exit_name"] == "misuse"
    for key in ("watch.slow_after", "watch.slov", "couriers.k.customer", "couriers.k.key"):
        assert key in told
    assert all(record["status"] == "bad" and record["mend"] for record in checked.records)


def test_check_warns_of_what_a_later_step_will_want(configured: Command) -> None:
    """A shop without return address and sender's phone, where Kuaidi100 wants phone digits; and nobody's staff number."""
    shop = '[shops.s]\nplugin = "taobao"\napp_key = "1"\napp_secret = "x"\nsession = "y"\n'
    courier = '[couriers.k]\nplugin = "kuaidi100"\ncustomer = "c"\nkey = "k"\n'
    Path(configured.env["ASCTL_CONFIG"]).write_text(shop + courier, "utf-8")
    checked = configured("config", "check")
    assert checked.code == 0
    assert [record["status"] for record in checked.records] == ["warn"] * 3 + ["ok"]
    told = " ".join(record["detail"] for record in checked.records)
    for word in ("staff_no", "return_name and no return_phone and no return_address", "sender_phone", "sf"):
        assert word in told
    assert "couriers.k" not in told


def test_check_refuses_a_phone_without_four_digits(configured: Command) -> None:
    """Its tail opens tracking, so a shorter one is wrong."""
    rewrite(
        configured,
        '[shops.s]\nplugin = "taobao"\napp_key = "1"\napp_secret = "x"\nsession = "y"\nsender_phone = "110"\n',
    )
    checked = configured("config", "check")
    assert checked.code == 2
    assert "shops.s.sender_phone is no phone" in checked.records[0]["detail"]


def test_check_of_a_configuration_with_no_account(configured: Command) -> None:
    """What ``asctl init`` wrote loads, and says what comes next."""
    rewrite(configured, "")
    checked = configured("config", "check")
    assert checked.code == 0
    assert [record["status"] for record in checked.records] == ["warn", "ok"]
    assert "no account is configured" in checked.records[0]["detail"]


def test_check_reads_the_secrets(configured: Command, tmp_path: Path) -> None:
    """A secret file that others can read is a problem, told with the command that mends it."""
    secret = tmp_path / "key"
    secret.write_text("k")
    secret.chmod(0o644)
    rewrite(configured, f'[couriers.k]\nplugin = "kuaidi100"\ncustomer = "c"\nkey = {{ file = "{secret}" }}\n')
    checked = configured("config", "check")
    assert checked.code == 2
    assert f"chmod 600 {secret}" in checked.record["mend"]
    secret.chmod(0o600)
    assert configured("config", "check").code == 0


def test_check_warns_of_secrets_in_an_open_file(configured: Command) -> None:
    """What works but should be mended is a warning and no failure."""
    rewrite(configured, '[couriers.k]\nplugin = "kuaidi100"\ncustomer = "c"\nkey = "secret-9"\n')
    Path(configured.env["ASCTL_CONFIG"]).chmod(0o644)
    checked = configured("config", "check")
    assert checked.code == 0
    assert [record["status"] for record in checked.records] == ["warn", "ok"]
    assert "secret-9" not in checked.out


def test_check_tells_of_a_file_that_is_no_toml(configured: Command) -> None:
    """A syntax error is a record like every other problem."""
    rewrite(configured, "[watch\n")
    checked = configured("config", "check")
    assert checked.code == 2
    assert checked.record["status"] == "bad"
    assert "is not TOML" in checked.record["detail"]
    no_traceback(checked)


def test_check_without_any_configuration(plain: Command) -> None:
    """Nothing at the default place is no mistake: the defaults hold, and ``asctl init`` is offered."""
    checked = plain("config", "check")
    assert checked.code == 0
    assert checked.record["status"] == "warn"
    assert "asctl init" in checked.record["mend"]


def test_check_names_a_plugin_that_is_not_installed(configured: Command) -> None:
    """An account whose plugin nobody installed is a problem of the configuration."""
    rewrite(configured, '[couriers.k]\nplugin = "pigeon"\n')
    checked = configured("config", "check")
    assert checked.code == 2
    assert "pigeon" in checked.record["detail"]


def test_a_wrong_allow_list_loads_no_plugin(configured: Command, plugin_folder: Path) -> None:
    """Where it cannot be told which plugins may load, none does."""
    install(plugin_folder, "alpha", "raise SystemExit('loaded')\n" + courier("alpha"))
    rewrite(configured, "[plugins]\nallow = 7\n")
    checked = configured("config", "check")
    assert checked.code == 2
    assert "alpha" not in checked.err
    assert any("plugins.allow" in record["detail"] for record in checked.records)


def test_a_wrong_configuration_can_be_looked_at(configured: Command) -> None:
    """``show`` prints the wrong value as it was written."""
    rewrite(configured, "[watch]\nslow_after = 7\n")
    shown = {record["key"]: record["value"] for record in configured("config", "show").records}
    assert shown["watch.slow_after"] == "7"
