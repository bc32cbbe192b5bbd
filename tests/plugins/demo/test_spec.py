"""The specs: every capability that there is, each with its methods, and a contract for every write."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from importlib import import_module

import pytest

import asctl_demo
from asctl.api import ProviderSpec, WriteClass, WriteContract
from asctl.services.contracts import WRITES
from tests.architecture.test_capabilities import methods, protocols

SPECS = {
    "shop": asctl_demo.asctl_order_sources()[0],
    "courier": asctl_demo.asctl_couriers()[0],
    "invoice": asctl_demo.asctl_invoice_providers()[0],
    "label": asctl_demo.asctl_label_renderers()[0],
    "notifier": asctl_demo.asctl_notifiers()[0],
}
PROTOCOLS = {protocol.__name__: protocol for protocol in protocols()}
NOT_SHOWN = {"LabelLayouts"}
"""Labels of plain text have no layout that a shop could change."""


def made_by(spec: ProviderSpec) -> type:
    module, _colon, name = spec.factory.partition(":")
    factory = getattr(import_module(module), name)
    assert isinstance(factory, type)
    return factory


def contracts(spec: ProviderSpec) -> dict[str, WriteContract]:
    return {method: told for one in spec.capabilities for method, told in one.writes.items()}


def test_it_shows_every_capability() -> None:
    """What an author can implement he can read here."""
    declared = {one.name for spec in SPECS.values() for one in spec.capabilities}
    assert declared == set(PROTOCOLS) - NOT_SHOWN


@pytest.mark.parametrize("kind", SPECS)
def test_what_is_declared_is_there(kind: str) -> None:
    """Each capability's methods, and every method that a contract names."""
    spec = SPECS[kind]
    provider = made_by(spec)
    wanted = {method for one in spec.capabilities for method in methods(PROTOCOLS[one.name])}
    wanted |= {name for told in contracts(spec).values() for name in (told.find, told.status) if name}
    assert [name for name in wanted if not callable(getattr(provider, name, None))] == []


@pytest.mark.parametrize("kind", SPECS)
def test_every_write_has_a_contract(kind: str) -> None:
    """No writing method of a declared capability is left out."""
    spec = SPECS[kind]
    writing = {method for capability, method in WRITES.values() if spec.capability(capability)}
    assert writing <= set(contracts(spec))


def test_keyed_writes_can_be_looked_for() -> None:
    """All but six, which have a version, or no key that could go along: each with a look that proves absence."""
    told = {method: one for spec in SPECS.values() for method, one in contracts(spec).items()}
    others = {method: one.write for method, one in told.items() if one.write is not WriteClass.KEYED}
    assert others == {
        "agree_after_sales": WriteClass.VERSIONED,
        "refuse_after_sale": WriteClass.VERSIONED,
        "intercept_order": WriteClass.VERSIONED,
        "write_remark": WriteClass.UNKEYED,
        "retry_invoice": WriteClass.UNKEYED,
        "notify": WriteClass.NOTIFY,
    }
    keyed = [one for one in told.values() if one.write is WriteClass.KEYED]
    assert all(one.find and one.authoritative and one.key_window == timedelta(days=1) for one in keyed)


def test_listing_imports_nothing_of_the_plugin() -> None:
    """Whoever lists plugins does not pay for them."""
    code = (
        "import sys, asctl_demo; asctl_demo.asctl_couriers(); asctl_demo.asctl_order_sources();"
        "print([name for name in sys.modules if name.startswith('asctl_demo.')])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
