"""The spec: what the plugin declares before anything of it is imported."""

from __future__ import annotations

from datetime import timedelta

from asctl.api import InvoiceKind, InvoiceLimits, WriteClass, WriteContract
from asctl_nuonuo.documents import KINDS
from tests.plugins.nuonuo.conftest import SPEC


def contracts() -> dict[str, WriteContract]:
    return {name: contract for capability in SPEC.capabilities for name, contract in capability.writes.items()}


def test_limits_are_nuonuos() -> None:
    """Two thousand rows, a remark of 200 for digital invoices, eight decimals; both digital kinds."""
    (limits,) = (capability.limits for capability in SPEC.capabilities if capability.limits)
    assert limits == InvoiceLimits((InvoiceKind.DIGITAL_ORDINARY, InvoiceKind.DIGITAL_SPECIAL), 2000, 200, 8)
    assert set(limits.kinds) == set(KINDS)


def test_numbers_are_used_up_for_good() -> None:
    """Issue and reversal go by our number, and a look late enough proves that it is not there."""
    for name, find in (("issue_invoice", "find_invoice"), ("reverse_invoice", "find_reversal")):
        contract = contracts()[name]
        assert (contract.write, contract.find, contract.authoritative) == (WriteClass.KEYED, find, True)
        assert (contract.key_window, contract.visibility_lag) == (timedelta(days=3650), timedelta(minutes=1))


def test_retry_and_delivery_have_no_number() -> None:
    """That a retry never happened cannot be proved; a delivery twice is a nuisance and no more."""
    retry, deliver = contracts()["retry_invoice"], contracts()["deliver_invoice"]
    assert (retry.write, retry.find, retry.authoritative) == (WriteClass.UNKEYED, "find_retried", False)
    assert deliver == WriteContract(WriteClass.NOTIFY)
    assert set(contracts()) == {"issue_invoice", "retry_invoice", "reverse_invoice", "deliver_invoice"}


def test_secrets_and_requirements() -> None:
    """The application's secret is the only one; it and the key must be given."""
    assert {setting.name for setting in SPEC.settings if setting.type == "secret"} == {"app_secret"}
    assert {setting.name for setting in SPEC.settings if setting.required} == {"app_key", "app_secret"}
