"""The spec: what the plugin declares before anything of it is imported."""

from __future__ import annotations

from datetime import timedelta

import asctl_baiwang
from asctl.api import InvoiceKind, InvoiceLimits, ProviderSpec, WriteClass, WriteContract
from asctl_baiwang.bodies import REASONS, TYPE_CODES
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


def test_readme_tells_the_contracts() -> None:
    """The table of writes agrees with what is declared."""
    rows = {spans(row[0])[0]: row for row in table(read("plugins/asctl_baiwang/README.md"), "write")}
    assert list(rows) == list(contracts())
    for name, contract in contracts().items():
        assert rows[name][1].split(",")[0] == contract.write.value
        assert spans(rows[name][2])[:1] == ([contract.find] if contract.find else [])
        assert ("authoritative" in rows[name][2]) == contract.authoritative
