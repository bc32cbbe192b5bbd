"""The spec: what the plugin declares before anything of it is imported."""

from __future__ import annotations

from datetime import timedelta

import asctl_kuaidi100
from asctl.api import InterceptorLimits, PickupLimits, ProviderSpec, TrackerLimits, WriteClass, WriteContract
from asctl_kuaidi100.mapping import OUR_COURIER, THEIR_COURIER
from asctl_kuaidi100.provider import Kuaidi100


def spec() -> ProviderSpec:
    (only,) = asctl_kuaidi100.asctl_couriers()
    return only


def test_couriers_are_those_that_are_mapped():
    """Every courier declared has a Kuaidi100 code, and no two share one."""
    assert set(spec().couriers) == set(THEIR_COURIER)
    assert {ours: theirs for theirs, ours in OUR_COURIER.items()} == THEIR_COURIER


def test_lock_rule_and_phone_tail_are_declared():
    """The core can keep the 30 minutes, the 48 a day and ask for the phone tail before anything is sent."""
    tracker = spec().capability("Tracker")
    assert tracker is not None
    assert tracker.limits == TrackerLimits(
        batch=1,
        phone_tail=frozenset({"sf", "zto"}),
        same_waybill_every=timedelta(minutes=30),
        same_waybill_per_day=48,
    )


def test_secrets_are_declared_as_such():
    """What signs and what opens the e-waybill account are the secrets; customer, key and nothing else must be given."""
    settings = spec().settings
    secrets = {setting.name for setting in settings if setting.type == "secret"}
    assert secrets == {"key", "secret", "salt", "partner_key", "partner_secret"}
    assert {setting.name for setting in settings if setting.required} == {"customer", "key"}


def test_writes_are_declared_without_protection():
    """Kuaidi100 neither drops repeats nor tells whether an order came, and takes none back."""
    changer, interceptor = spec().capability("AddressChanger"), spec().capability("Interceptor")
    assert changer is not None
    assert interceptor is not None
    assert changer.writes == {"change_address": WriteContract(WriteClass.UNKEYED, find="", authoritative=False)}
    assert interceptor.writes == {"intercept": WriteContract(WriteClass.UNKEYED, find="", authoritative=False)}
    assert interceptor.limits == InterceptorLimits(return_to=("sender", "outlet"), cancel=False)


def test_a_pickup_is_protected_by_its_key_for_two_days():
    """Repeats are dropped as long as the reference says; methods that look are there, and their no is no proof."""
    shipper = spec().capability("ReverseShipper")
    assert shipper is not None
    assert shipper.limits == PickupLimits(needs_window=True, cancel=True)
    order, cancel = shipper.writes["order_pickup"], shipper.writes["cancel_pickup"]
    assert order == WriteContract(WriteClass.KEYED, status="pickup_status", key_window=timedelta(hours=48))
    assert cancel == WriteContract(WriteClass.UNKEYED, find="pickup_cancellation_status")
    assert all(callable(getattr(Kuaidi100, name)) for name in (order.status, cancel.find))
