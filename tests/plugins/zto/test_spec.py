"""The spec: what the plugin declares before anything of it is imported."""

from __future__ import annotations

from datetime import timedelta

import asctl_zto
from asctl.api import InterceptorLimits, PickupLimits, ProviderSpec, TrackerLimits, WriteClass, WriteContract
from asctl_zto.sandbox_interceptions import REQUEST_ID_KEPT

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


def test_secrets_are_declared_as_such():
    """The application's secret must be given, as its key; the e-waybill account's password is the other one."""
    settings = spec().settings
    assert {setting.name for setting in settings if setting.type == "secret"} == {"app_secret", "account_password"}
    assert {setting.name for setting in settings if setting.required} == {"app_key", "app_secret"}
