from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from asctl.api import (
    AccountChecker,
    AfterSaleDesk,
    AfterSaleSource,
    ApplicationSource,
    DeskLimits,
    OrderAddressChanger,
    OrderInterceptor,
    OrderSource,
    RemarkWriter,
    ResultTaker,
    SettingType,
    Tracker,
    WriteClass,
)
from asctl_taobao import asctl_order_sources
from asctl_taobao.provider import Taobao
from asctl_taobao.sandbox import TaobaoSandbox
from tests.plugins.taobao.support import DirectHttp, World, provider_of

(SPEC,) = asctl_order_sources()


Offered = (
    OrderSource
    | AfterSaleSource
    | AfterSaleDesk
    | RemarkWriter
    | OrderAddressChanger
    | OrderInterceptor
    | Tracker
    | ApplicationSource
    | ResultTaker
    | AccountChecker
)


def _offers(provider: Taobao) -> dict[str, Offered]:
    """The type checker proves that the class fits every declared Protocol."""
    source: OrderSource = provider
    after_sales: AfterSaleSource = provider
    desk: AfterSaleDesk = provider
    remarks: RemarkWriter = provider
    receivers: OrderAddressChanger = provider
    interceptor: OrderInterceptor = provider
    tracker: Tracker = provider
    applications: ApplicationSource = provider
    results: ResultTaker = provider
    checker: AccountChecker = provider
    return {
        "OrderSource": source,
        "AfterSaleSource": after_sales,
        "AfterSaleDesk": desk,
        "RemarkWriter": remarks,
        "OrderAddressChanger": receivers,
        "OrderInterceptor": interceptor,
        "Tracker": tracker,
        "ApplicationSource": applications,
        "ResultTaker": results,
        "AccountChecker": checker,
    }


def test_declared_capabilities() -> None:
    """What is declared is what the provider has, in this order."""
    offered = _offers(provider_of(DirectHttp(TaobaoSandbox(), World())))
    assert [capability.name for capability in SPEC.capabilities] == list(offered)


@pytest.mark.parametrize(
    ("capability", "method", "write"),
    [
        ("RemarkWriter", "write_remark", WriteClass.UNKEYED),
        ("OrderAddressChanger", "change_receiver", WriteClass.UNKEYED),
        ("AfterSaleDesk", "agree_after_sales", WriteClass.VERSIONED),
        ("AfterSaleDesk", "refuse_after_sale", WriteClass.VERSIONED),
        ("OrderInterceptor", "intercept_order", WriteClass.VERSIONED),
    ],
)
def test_write_contracts(capability: str, method: str, write: WriteClass) -> None:
    """Every write can be looked for, and late enough the look's "no" is proof."""
    declared = SPEC.capability(capability)
    assert declared is not None
    contract = declared.writes[method]
    assert (contract.write, contract.authoritative) == (write, True)
    assert (contract.visibility_lag, contract.late_window) == (timedelta(seconds=5), timedelta(seconds=10))


def test_the_look_after_a_handed_over_invoice_proves_no_absence() -> None:
    """What is there is proof; that it is missing is none, since nothing says that uploads are listed."""
    taker = SPEC.capability("ResultTaker")
    assert taker is not None
    contract = taker.writes["hand_invoice_over"]
    assert (contract.write, contract.find, contract.authoritative) == (WriteClass.UNKEYED, "find_handed_over", False)


def test_desk_limits() -> None:
    """The stricter limits of the two kinds of shop."""
    desk = SPEC.capability("AfterSaleDesk")
    assert desk is not None
    assert desk.limits == DeskLimits(20, Decimal(6000))


def test_secrets_are_declared_as_such() -> None:
    """Secret and session are secrets and required."""
    secrets = {setting.name for setting in SPEC.settings if setting.type is SettingType.SECRET and setting.required}
    assert secrets == {"app_secret", "session"}
