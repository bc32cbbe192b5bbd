"""The spec: what the plugin declares before anything of it is imported."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from importlib import import_module

import asctl_baiwang
from asctl.api import InvoiceKind, InvoiceLimits, ProviderSpec, WriteClass, WriteContract
from asctl_baiwang.bodies import REASONS, TYPE_CODES
from asctl_baiwang.provider import Baiwang
from tests.documents.markdown import read, spans, table


def spec() -> ProviderSpec:
    (only,) = asctl_baiwang.asctl_invoice_providers()
    return only


def contracts() -> dict[str, WriteContract]:
    return {name: contract for capability in spec().capabilities for name, contract in capability.writes.items()}


def test_issue_and_reversal_go_by_our_serial() -> None:
    """A serial is used up for good; it shows within a minute, and its absence is proof."""
    for name, find in (("issue_invoice", "find_invoice"), ("reverse_invoice", "find_reversal")):
        contract = contracts()[name]
        assert (contract.write, contract.find, contract.authoritative) == (WriteClass.KEYED, find, True)
        assert (contract.key_window, contract.visibility_lag) == (timedelta(days=3650), timedelta(minutes=1))


def test_retry_promises_no_more_than_it_can() -> None:
    """Its look cannot tell a second failure from no second try, so it proves no absence."""
    contract = contracts()["retry_invoice"]
    assert (contract.write, contract.find, contract.authoritative) == (WriteClass.UNKEYED, "find_retried", False)
    assert contracts()["deliver_invoice"] == WriteContract(WriteClass.NOTIFY)


def test_limits() -> None:
    """Digital invoices alone, each with a code; prices of 13 decimals."""
    limits = spec().capabilities[0].limits
    assert limits == InvoiceLimits(places=13)
    assert isinstance(limits, InvoiceLimits)
    assert set(limits.kinds) == set(TYPE_CODES) == {InvoiceKind.DIGITAL_ORDINARY, InvoiceKind.DIGITAL_SPECIAL}


def test_capabilities_declared_are_there() -> None:
    """The provider has the methods of each Protocol that the spec names, and those that its contracts name."""
    methods = {
        "InvoiceIssuer": ["issue_invoice", "retry_invoice"],
        "InvoiceReverser": ["reverse_invoice"],
        "InvoiceDeliverer": ["deliver_invoice"],
        "InvoiceFiles": ["invoice_file"],
        "PushReceiver": ["receive", "reply"],
        "AccountChecker": ["check"],
    }
    assert [capability.name for capability in spec().capabilities] == list(methods)
    finds = [contract.find for contract in contracts().values() if contract.find]
    assert all(callable(getattr(Baiwang, name)) for names in (*methods.values(), finds) for name in names)


def test_secrets_and_requirements() -> None:
    """Whatever lets somebody in is a secret."""
    settings = spec().settings
    assert {setting.name for setting in settings if setting.type == "secret"} == {
        "app_secret",
        "password",
        "salt",
        "org_auth_code",
    }
    assert {setting.name for setting in settings if setting.required} == {
        "app_key",
        "app_secret",
        "username",
        "password",
        "salt",
    }


def test_red_labels_are_those_that_are_mapped() -> None:
    """Every choice of the setting has its table."""
    (label,) = (setting for setting in spec().settings if setting.name == "red_label")
    assert set(label.choices) == set(REASONS)


def test_factory_and_sandbox_can_be_imported_by_their_paths() -> None:
    """The import paths in the spec name callables that exist."""
    for path in (spec().factory, spec().sandbox):
        module, _colon, name = path.partition(":")
        assert callable(getattr(import_module(module), name))


def test_readme_tells_the_contracts() -> None:
    """The table of writes agrees with what is declared."""
    rows = {spans(row[0])[0]: row for row in table(read("plugins/asctl_baiwang/README.md"), "write")}
    assert list(rows) == list(contracts())
    for name, contract in contracts().items():
        assert rows[name][1].split(",")[0] == contract.write.value
        assert spans(rows[name][2])[:1] == ([contract.find] if contract.find else [])
        assert ("authoritative" in rows[name][2]) == contract.authoritative


def test_listing_imports_no_provider() -> None:
    """Reading the spec leaves provider, client and sandbox unimported."""
    code = (
        "import sys, asctl_baiwang as plugin; plugin.asctl_invoice_providers();"
        "print([name for name in sys.modules if name.startswith('asctl_baiwang.')])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
