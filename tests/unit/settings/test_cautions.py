"""What a configuration lets through, although somebody will miss it later."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from asctl.capabilities.specs import Capability, ProviderKind, ProviderSpec
from asctl.capabilities.tracking import TrackerLimits
from asctl.domain.errors import AsctlError
from asctl.settings import Account, Settings, cautions
from tests.unit.settings.conftest import FLAGSHIP, SPEC, Loader, spec_of

WHOLE = (
    FLAGSHIP
    + """\
sender_phone = "13800000000"
return_name = "示例仓"
return_phone = "13800000000"
return_address = "示例路9号"
[operator]
staff_no = "8012"
"""
)
COURIER = """
[couriers.kd]
plugin = "taobao"
"""


def asking_for_tails(account: Account) -> ProviderSpec:
    """The spec there is; as a courier it wants phone digits for two couriers."""
    tracker = Capability("Tracker", TrackerLimits(phone_tail=frozenset({"zto", "sf"})))
    capabilities = (tracker,) if account.kind is ProviderKind.COURIER else ()
    return replace(SPEC, capabilities=capabilities)


def codes(settings: Settings) -> list[str]:
    return [caution.code for caution in cautions(settings, asking_for_tails)]


def without(text: str, *names: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(names))


def test_a_whole_configuration_needs_none(loaded: Loader) -> None:
    """Silence means that every later step has what it wants."""
    assert codes(loaded(WHOLE + COURIER)) == []


def test_secrets_in_a_readable_configuration(loaded: Loader, config: Path) -> None:
    """A plain secret works, but the file must then be its owner's alone."""
    settings = loaded(WHOLE)
    config.chmod(0o644)
    (caution,) = cautions(settings, spec_of)
    assert caution.code == "secret_in_open_file"
    assert "asctl.toml:4" in str(caution)
    assert "not-a-real-secret" not in f"{caution}{caution.hint}"


def test_a_reference_needs_no_caution(loaded: Loader, config: Path) -> None:
    """A readable file may name where the secret is."""
    settings = loaded(WHOLE.replace('"not-a-real-secret"', '{ env = "X" }'))
    config.chmod(0o644)
    assert cautions(settings, spec_of) == []


def test_nobody_to_work_with(loaded: Loader) -> None:
    """No account and no staff number: nothing can be pulled, asked or recorded."""
    assert codes(loaded("")) == ["no_account", "staff_no_missing"]
    assert codes(loaded('[operator]\nstaff_no = ""\n' + COURIER)) == ["staff_no_missing"]


@pytest.mark.parametrize("missing", [("return_name",), ("return_phone", "return_address")])
def test_a_shop_without_a_return_address(loaded: Loader, missing: tuple[str, ...]) -> None:
    """Its labels cannot be drawn; the caution names the shop and what is missing, once."""
    (caution,) = cautions(loaded(without(WHOLE, *missing)), asking_for_tails)
    assert caution.code == "return_address_missing"
    assert caution.hint == f"set {', '.join(missing)} in [shops.flagship]"


def test_a_shop_without_a_phone_that_a_courier_wants(loaded: Loader) -> None:
    """Only where a configured account's tracker wants the digits, and naming the couriers."""
    text = without(WHOLE, "sender_phone")
    assert codes(loaded(text)) == []
    (caution,) = cautions(loaded(text + COURIER), asking_for_tails)
    assert caution.code == "sender_phone_missing"
    assert "sf, zto" in caution.message


def test_an_account_without_a_plugin_is_no_caution(loaded: Loader) -> None:
    """That is a problem, and told as one."""
    found: list[AsctlError] = cautions(loaded(WHOLE + COURIER.replace("taobao", "pigeon")), spec_of)
    assert found == []
