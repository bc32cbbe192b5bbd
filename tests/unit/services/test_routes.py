"""Which account does a thing to a courier's parcels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from asctl.capabilities.shipping import InterceptorLimits
from asctl.capabilities.specs import Capability, ProviderKind
from asctl.domain.errors import AsctlError, BadInput, NotOffered
from asctl.host.plugins import Host
from asctl.services.accounts import Accounts
from asctl.services.desk import Desk
from asctl.services.routes import courier_account
from asctl.settings import load
from tests.unit.services.far_side import HandClock

KD = '[couriers.kd]\nplugin = "kuaidi100"\n'
SF = '[couriers.sf-main]\nplugin = "sf"\n'
SECOND = '[couriers.sf-south]\nplugin = "sf"\n'
BROKEN = '[couriers.gone]\nplugin = "gone"\n'
SHOP = '[shops.flagship]\nplugin = "taobao"\n'
DeskOf = Callable[[str], Desk]


@pytest.fixture
def desk_of(tmp_path: Path) -> DeskOf:
    """A desk with that configuration and every installed plugin."""

    def make(toml: str) -> Desk:
        config = tmp_path / "asctl.toml"
        config.write_text(toml, "utf-8")
        settings, host, clock = load(config, {}, {}), Host(None, lambda _told: None), HandClock()
        return Desk(cast(Any, None), Accounts(settings, host, clock, lambda: None, False), host, settings, clock)

    return make


def route(desk: Desk, courier: str, preferred: str = "", **how: Any) -> str:
    return courier_account(desk, courier, "Interceptor", "intercept", preferred, **how).name


def refused(desk: Desk, courier: str, preferred: str = "") -> AsctlError:
    with pytest.raises(AsctlError) as caught:
        route(desk, courier, preferred)
    return caught.value


def test_the_couriers_own_account_comes_before_an_aggregator(desk_of: DeskOf) -> None:
    """Whatever their order in the configuration; of two own accounts the first is taken."""
    assert route(desk_of(KD + SF + SECOND), "sf") == "sf-main"
    assert route(desk_of(SECOND + KD + SF), "sf") == "sf-south"
    assert route(desk_of(KD + SF), "yto") == "kd"


def test_a_named_account_and_a_routed_one_come_first(desk_of: DeskOf) -> None:
    """What the operator names beats what ``[routing]`` says, and that beats the rule."""
    desk = desk_of(SF + KD + SECOND + '[routing]\nsf = "sf-south"\n')
    assert route(desk, "sf") == "sf-south"
    assert route(desk, "sf", "kd") == "kd"


def test_routing_may_tell_verbs_apart(desk_of: DeskOf) -> None:
    """One account intercepts, another one does the rest."""
    desk = desk_of(SF + KD + '[routing.sf]\nintercept = "kd"\n')
    assert route(desk, "sf") == "kd"
    assert courier_account(desk, "sf", "AddressChanger", "address").name == "sf-main"


def test_what_is_wanted_may_ask_for_more_than_the_capability(desk_of: DeskOf) -> None:
    """An account whose limits do not fit is passed over."""
    asked: list[InterceptorLimits] = []

    def fits(declared: Capability) -> bool:
        assert isinstance(declared.limits, InterceptorLimits)
        asked.append(declared.limits)
        return len(asked) > 1

    assert route(desk_of(SF + KD), "sf", fits=fits) == "kd"
    assert len(asked) == 2


def test_nobody_who_can_is_told_as_such(desk_of: DeskOf) -> None:
    """No account, a courier that none serves, a shop, a courier of another make: exit 15 with what to do."""
    for toml, courier, preferred in [
        ("", "sf", ""),
        (SF, "zto", ""),
        (SF, "zto", "sf-main"),
        (SHOP + SF, "sf", "flagship"),
    ]:
        error = refused(desk_of(toml), courier, preferred)
        assert isinstance(error, NotOffered)
        assert (error.code, bool(error.hint), error.account) == ("no_intercept", True, preferred)
        assert courier in error.message


def test_an_account_that_does_not_exist_is_a_mistake(desk_of: DeskOf) -> None:
    """A name that nobody configured is bad input, whoever else could do it."""
    error = refused(desk_of(SF), "sf", "sf-mian")
    assert isinstance(error, BadInput)
    assert (error.code, "sf-main" in error.hint) == ("unknown_account", True)


def test_a_broken_plugin_is_passed_over_while_others_can(desk_of: DeskOf) -> None:
    """Only where nobody else can, its own error is told."""
    assert route(desk_of(BROKEN + SF), "sf") == "sf-main"
    assert refused(desk_of(BROKEN), "sf").code == "plugin_missing"
    assert {account.kind for account in desk_of(BROKEN + SHOP).settings.accounts()} >= {ProviderKind.COURIER}
