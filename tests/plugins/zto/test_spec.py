"""The spec: what the plugin declares before anything of it is imported."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from importlib import import_module

import asctl_zto
from asctl.api import InterceptorLimits, PickupLimits, ProviderSpec, TrackerLimits, WriteClass, WriteContract
from asctl_zto.provider import Zto
from asctl_zto.sandbox_interceptions import REQUEST_ID_KEPT

METHODS = {
    "Tracker": ["track"],
    "PushReceiver": ["receive", "reply"],
    "AddressChanger": ["change_address"],
    "Interceptor": ["intercept", "cancel_interception"],
    "ReverseShipper": ["order_pickup", "cancel_pickup"],
    "AccountChecker": ["check"],
}
ON_PARCELS = ("change_address", "intercept", "cancel_interception")


def spec() -> ProviderSpec:
    (only,) = asctl_zto.asctl_couriers()
    return only


def contracts() -> dict[str, WriteContract]:
    return {name: contract for capability in spec().capabilities for name, contract in capability.writes.items()}


def test_one_courier_of_its_own():
    """It serves ZTO and is no aggregator."""
    assert (spec().id, spec().couriers, spec().aggregator) == ("zto", ("zto",), False)


def test_limits_are_declared():
    """One waybill a call with a phone tail; back to the sender or the outlet, and to be taken back."""
    limits = {capability.name: capability.limits for capability in spec().capabilities}
    assert limits["Tracker"] == TrackerLimits(batch=1, phone_tail=frozenset({"zto"}))
    assert limits["Interceptor"] == InterceptorLimits(return_to=("sender", "outlet"), cancel=True)
    assert limits["ReverseShipper"] == PickupLimits(needs_window=False, cancel=True)


def test_creations_are_keyed_and_looks_are_proof():
    """The request id protects creations; a cancellation has no key; every look is authoritative."""
    keyed = {name for name, contract in contracts().items() if contract.write is WriteClass.KEYED}
    assert keyed == {"change_address", "intercept"}
    assert contracts()["cancel_interception"].write is WriteClass.UNKEYED
    assert all(contracts()[name].authoritative for name in ON_PARCELS)
    assert {contracts()[name].visibility_lag for name in ON_PARCELS} == {timedelta(seconds=5)}
    assert {contracts()[name].late_window for name in ON_PARCELS} == {timedelta(seconds=10)}


def test_pickups_are_not_protected():
    """ZTO takes a repeat for another order, and a lost answer leaves no number to look by; what it tells of a cancellation
    is no proof that there was none."""
    order, cancel = contracts()["order_pickup"], contracts()["cancel_pickup"]
    assert (order.write, order.find, order.status) == (WriteClass.UNKEYED, "", "pickup_status")
    assert (cancel.write, cancel.find, cancel.authoritative) == (WriteClass.UNKEYED, "pickup_cancellation", False)


def test_no_more_is_relied_on_than_the_far_side_keeps():
    """How long ZTO drops repeats is not published: a few minutes are assumed, less than the sandbox's own figure."""
    windows = {contracts()[name].key_window for name in ("change_address", "intercept")}
    assert windows == {timedelta(minutes=5)}
    assert max(windows) < REQUEST_ID_KEPT


def test_each_write_and_its_look_are_there():
    """Every method that the contracts name exists, and each writing method of a capability has a contract."""
    assert all(callable(getattr(Zto, name)) for name in contracts())
    looks = {look for contract in contracts().values() for look in (contract.find, contract.status) if look}
    assert all(callable(getattr(Zto, look)) for look in looks)
    assert set(contracts()) == {*METHODS["AddressChanger"], *METHODS["Interceptor"], *METHODS["ReverseShipper"]}


def test_capabilities_declared_are_there():
    """The provider has the methods of each Protocol that the spec names, in its order."""
    assert [capability.name for capability in spec().capabilities] == list(METHODS)
    assert all(callable(getattr(Zto, name)) for names in METHODS.values() for name in names)


def test_factory_and_sandbox_can_be_imported_by_their_paths():
    """The import paths in the spec name callables that exist."""
    for path in (spec().factory, spec().sandbox):
        module, _colon, name = path.partition(":")
        assert callable(getattr(import_module(module), name))


def test_secrets_are_declared_as_such():
    """The application's secret must be given, as its key; the e-waybill account's password is the other one."""
    settings = spec().settings
    assert {setting.name for setting in settings if setting.type == "secret"} == {"app_secret", "account_password"}
    assert {setting.name for setting in settings if setting.required} == {"app_key", "app_secret"}


def test_listing_imports_no_provider():
    """Reading the spec leaves provider, client and sandbox unimported."""
    code = (
        "import sys, asctl_zto as plugin; plugin.asctl_couriers();"
        "print([name for name in sys.modules if name.startswith('asctl_zto.')])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
