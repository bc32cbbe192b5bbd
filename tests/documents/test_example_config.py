"""``config/asctl.example.toml`` is what the declarations say."""

from __future__ import annotations

import tomllib
from pathlib import Path

from asctl.cli.init import example_specs
from asctl.host.plugins import Host
from asctl.settings import check, load_unchecked
from asctl.settings.example import example_text

EXAMPLE = Path(__file__).parents[2] / "config" / "asctl.example.toml"
OURS = ("taobao", "kuaidi100", "sf", "zto", "yto", "nuonuo", "baiwang", "labels")
REGENERATE = """\
config/asctl.example.toml is not what the declarations say any more. Write it anew:
  rm config/asctl.example.toml
  ASCTL_STORE__URL=sqlite:////tmp/example.db asctl init --config config/asctl.example.toml
  chmod 644 config/asctl.example.toml; rm /tmp/example.db"""


def our_host() -> Host:
    return Host(OURS, print)


def test_it_is_generated_from_the_declarations() -> None:
    """Every setting of the core and of our plugins stands in it, with its present help, type and default."""
    assert EXAMPLE.read_text("utf-8") == example_text(example_specs(our_host())), REGENERATE


def test_it_is_a_configuration_without_a_mistake() -> None:
    """As it is, it changes nothing and is accepted."""
    host = our_host()
    settings = load_unchecked(EXAMPLE, {})
    assert check(settings, lambda account: host.spec(account.kind, account.plugin)) == []
    assert not any(tomllib.loads(EXAMPLE.read_text("utf-8")).values())


def test_every_commented_setting_can_be_taken_in() -> None:
    """With the comment signs taken off it is TOML still, and names an account of each of our plugins."""
    lines = EXAMPLE.read_text("utf-8").splitlines()
    uncommented = [
        line.removeprefix("#") if line.startswith("#") and not line.startswith("# ") else line for line in lines
    ]
    told = tomllib.loads("\n".join(uncommented))
    assert told["shops"]["taobao"]["plugin"] == "taobao"
    assert told["couriers"]["kuaidi100"]["plugin"] == "kuaidi100"
    assert told["watch"]["stalled_after"] == "48h"
