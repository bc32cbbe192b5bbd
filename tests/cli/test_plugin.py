"""``asctl plugin``."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.command_support import Command, no_traceback
from tests.plugin_support import courier, install

pytestmark = pytest.mark.storeless

CONTRACT = """
from datetime import timedelta
from asctl.api import Capability, ProviderSpec, WriteClass, WriteContract, hookimpl

@hookimpl
def asctl_couriers():
    contract = WriteContract(WriteClass.KEYED, find="look", key_window=timedelta(hours=2))
    return [ProviderSpec(id="beta", title="Beta", api_version=1, factory="fake_never:X",
                         capabilities=(Capability("Interceptor", writes={"intercept": contract}),))]
"""


def test_list_names_every_plugin(plain: Command) -> None:
    """Name, distribution, version, kinds and state of each; ours come with the tool."""
    listed = {record["plugin"]: record for record in plain("plugin", "list").records}
    assert {"taobao", "kuaidi100", "labels"} <= set(listed)
    assert listed["taobao"]["distribution"] == "asctl"
    assert listed["taobao"]["kinds"] == ["order_source"]
    assert listed["labels"]["state"] == "ready"
    assert listed["kuaidi100"]["api_version"] == 1


def test_list_shows_a_broken_plugin_among_the_others(plain: Command, plugin_folder: Path) -> None:
    """A plugin that cannot be loaded is listed with its error; the list does not fail."""
    install(plugin_folder, "alpha", "import nothing_of_that_name")
    listed = plain("plugin", "list")
    broken = next(record for record in listed.records if record["plugin"] == "alpha")
    assert listed.code == 0
    assert broken["state"] == "broken"
    assert "nothing_of_that_name" in broken["error_message"]
    assert broken["version"] == "1.2"
    no_traceback(listed)


def test_show_tells_settings_limits_and_couriers(plain: Command) -> None:
    """A person who writes a configuration finds name, type, default and help of every setting, and the limits."""
    parts = {(record["part"], record["name"]): record for record in plain("plugin", "show", "kuaidi100").records}
    assert parts["setting", "customer"]["required"] is True
    assert parts["setting", "key"]["type"] == "secret"
    assert parts["setting", "busy_pause"]["default"] == "5s"
    assert parts["setting", "base_url"]["detail"]
    assert "phone_tail=sf zto" in parts["capability", "Tracker"]["detail"]
    assert "sto" in parts["couriers", "aggregator"]["detail"].split()


def test_show_tells_write_contracts(plain: Command, plugin_folder: Path) -> None:
    """What the far side does with a repeat is declared, and shown, without importing the provider."""
    install(plugin_folder, "beta", CONTRACT)
    parts = {record["part"]: record for record in plain("plugin", "show", "beta").records}
    assert (parts["write"]["name"], parts["write"]["type"]) == ("intercept", "keyed")
    assert parts["write"]["detail"] == "find=look, authoritative=false, key_window=2h"


def test_show_of_a_broken_plugin(plain: Command, plugin_folder: Path) -> None:
    """Using it fails with exit 15 and tells whom to tell."""
    install(plugin_folder, "alpha", "raise SystemExit(3)")
    refused = plain("plugin", "show", "alpha")
    assert refused.code == 15
    assert refused.error["code"] == "plugin_broken"
    no_traceback(refused)


def test_show_of_a_plugin_that_is_not_there(plain: Command) -> None:
    """An unknown name is answered with the installed ones, exit 15."""
    refused = plain("plugin", "show", "pigeon")
    assert refused.code == 15
    assert "taobao" in refused.error["hint"]


def test_allow_restricts_what_may_load(plain: Command, plugin_folder: Path, tmp_path: Path) -> None:
    """A plugin outside ``plugins.allow`` is listed as such and not imported; who asks for it is told to allow it."""
    install(plugin_folder, "alpha", courier("alpha"))
    config = tmp_path / "asctl.toml"
    config.write_text('[plugins]\nallow = ["taobao"]\n', "utf-8")
    listed = plain("plugin", "list", env={"ASCTL_CONFIG": str(config)})
    states = {record["plugin"]: record["state"] for record in listed.records}
    assert {name for name, state in states.items() if state == "ready"} == {"taobao"}
    assert states["alpha"] == states["labels"] == "not_allowed"
    shown = plain("plugin", "show", "alpha", env={"ASCTL_CONFIG": str(config)})
    assert (shown.code, shown.error["code"]) == (15, "plugin_not_allowed")
    assert "fake_alpha" not in sys.modules
