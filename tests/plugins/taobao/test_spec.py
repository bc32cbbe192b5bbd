from __future__ import annotations

import subprocess
import sys

from asctl.api import AccountChecker, AfterSaleSource, OrderSource, RemarkWriter, SettingType, Tracker, WriteClass
from asctl_taobao import asctl_order_sources
from asctl_taobao.provider import Taobao
from asctl_taobao.sandbox import TaobaoSandbox
from tests.plugins.taobao.support import DirectHttp, World, provider_of

(SPEC,) = asctl_order_sources()


def _offers(provider: Taobao) -> tuple[OrderSource, AfterSaleSource, RemarkWriter, Tracker, AccountChecker]:
    """The type checker proves that the class fits every declared Protocol."""
    return provider, provider, provider, provider, provider


def test_declared_capabilities() -> None:
    """What is declared is what the provider has."""
    declared = [capability.name for capability in SPEC.capabilities]
    assert declared == ["OrderSource", "AfterSaleSource", "RemarkWriter", "Tracker", "AccountChecker"]
    provider = provider_of(DirectHttp(TaobaoSandbox(), World()))
    assert all(isinstance(offered, Taobao) for offered in _offers(provider))


def test_factory_and_sandbox_can_be_loaded() -> None:
    """The lazy import paths name what they should."""
    assert (SPEC.factory, SPEC.sandbox) == (
        f"{Taobao.__module__}:{Taobao.__qualname__}",
        f"{TaobaoSandbox.__module__}:{TaobaoSandbox.__qualname__}",
    )


def test_remark_contract() -> None:
    """Writing a remark is unkeyed, and the look is a method of the provider whose "no" is proof."""
    capability = SPEC.capability("RemarkWriter")
    assert capability is not None
    contract = capability.writes["write_remark"]
    assert (contract.write, contract.authoritative) == (WriteClass.UNKEYED, True)
    assert callable(getattr(Taobao, contract.find))


def test_secrets_are_declared_as_such() -> None:
    """Secret and session are secrets and required."""
    secrets = {setting.name for setting in SPEC.settings if setting.type is SettingType.SECRET and setting.required}
    assert secrets == {"app_secret", "session"}


def test_listing_imports_no_provider() -> None:
    """Reading the spec loads neither provider nor sandbox."""
    code = (
        "import sys, asctl_taobao; asctl_taobao.asctl_order_sources();"
        "print([name for name in sys.modules if name.startswith('asctl_taobao.')])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
