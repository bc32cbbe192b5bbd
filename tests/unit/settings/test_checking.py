"""All problems of a configuration in one go."""

from __future__ import annotations

from pathlib import Path

import pytest

from asctl.settings import check, load_unchecked
from tests.unit.settings.conftest import FLAGSHIP, spec_of


def codes(config: Path, text: str, **environ: str) -> list[str]:
    config.write_text(text, encoding="utf-8")
    return [problem.code for problem in check(load_unchecked(config, environ), spec_of)]


def test_a_good_configuration_has_no_problems(config: Path) -> None:
    """Silence means that everything can be used, secrets included."""
    assert codes(config, FLAGSHIP) == []


def test_every_problem_is_told_at_once(config: Path) -> None:
    """Whoever mends a configuration sees the whole work."""
    text = """
[watch]
slow_aftr = "1h"
lost_after = 5
[shops.flagship]
plugin = "taobao"
tmall = "yes"
colour = "red"
app_secret = { env = "NOT_THERE" }
[couriers.sf-main]
plugin = "sf"
"""
    assert sorted(codes(config, text)) == [
        "missing_key",
        "plugin_missing",
        "secret_env_missing",
        "unknown_key",
        "unknown_key",
        "wrong_type",
        "wrong_type",
    ]


def test_thresholds_must_rise(config: Path) -> None:
    """A parcel cannot be lost before it is stalled."""
    assert codes(config, '[watch]\nlost_after = "10h"\n') == ["watch_order"]


def test_routing_must_name_accounts_that_exist(config: Path) -> None:
    """A route to nowhere is told with the likely name."""
    assert codes(config, FLAGSHIP + '[routing]\nsf = "flagshop"\n') == ["unknown_account"]


def test_a_rate_of_nothing_is_told(config: Path) -> None:
    """It would wait for ever."""
    assert codes(config, FLAGSHIP + "calls_per_second = 0\n") == ["wrong_type"]


@pytest.mark.parametrize("name", ["sender_phone", "return_phone"])
def test_a_phone_must_have_its_last_four_digits(config: Path, name: str) -> None:
    """They open tracking; with fewer, parcels would be asked about in vain."""
    assert codes(config, FLAGSHIP + f'{name} = "ext. 12"\n') == ["bad_phone"]
    assert codes(config, FLAGSHIP + f'{name} = "0571-1234"\n') == []
