"""The spec: what the plugin declares before anything of it is imported."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from importlib import import_module

from asctl.api import InvoiceKind, InvoiceLimits, WriteClass, WriteContract
from asctl_nuonuo.documents import KINDS
from asctl_nuonuo.provider import Nuonuo
from tests.plugins.nuonuo.conftest import SPEC

METHODS = {
    "InvoiceIssuer": ["issue_invoice", "retry_invoice"],
    "InvoiceReverser": ["reverse_invoice"],
    "InvoiceDeliverer": ["deliver_invoice"],
    "InvoiceFiles": ["invoice_file"],
    "PushReceiver": ["receive", "reply"],
    "AccountChecker": ["check"],
}


def contracts() -> dict[str, WriteContract]:
    return {name: contract for capability in SPEC.capabilities for name, contract in capability.writes.items()}


def test_capabilities_declared_are_there() -> None:
    """The provider has the methods of each Protocol that the spec names, and the looks of each contract."""
    assert [capability.name for capability in SPEC.capabilities] == list(METHODS)
    assert all(callable(getattr(Nuonuo, name)) for names in METHODS.values() for name in names)
    assert all(callable(getattr(Nuonuo, contract.find)) for contract in contracts().values() if contract.find)


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


def test_factory_and_sandbox_can_be_imported_by_their_paths() -> None:
    """The import paths in the spec name callables that exist."""
    for path in (SPEC.factory, SPEC.sandbox):
        module, _colon, name = path.partition(":")
        assert callable(getattr(import_module(module), name))


def test_listing_imports_no_provider() -> None:
    """Reading the spec leaves provider, client and sandbox unimported."""
    code = (
        "import sys, asctl_nuonuo as plugin; plugin.asctl_invoice_providers();"
        "print([name for name in sys.modules if name.startswith('asctl_nuonuo.')])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
