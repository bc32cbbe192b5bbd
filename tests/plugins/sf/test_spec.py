"""The spec: what the plugin declares before anything of it is imported."""

from __future__ import annotations

from datetime import timedelta

import asctl_sf
from asctl.api import InterceptorLimits, PickupLimits, ProviderSpec, TrackerLimits, WriteClass, WriteContract
from asctl_sf.instructions import PAY_MODES
from asctl_sf.provider import SF
from tests.documents.markdown import read, table


def spec() -> ProviderSpec:
    (only,) = asctl_sf.asctl_couriers()
    return only


def test_limits_are_declared() -> None:
    """Ten waybills a call with a phone tail each; parcels go back to the sender, and a request can be taken back."""
    limits = {capability.name: capability.limits for capability in spec().capabilities}
    assert limits["Tracker"] == TrackerLimits(batch=10, phone_tail=frozenset({"sf"}))
    assert limits["Interceptor"] == InterceptorLimits(return_to=("sender",), cancel=True)
    assert limits["ReverseShipper"] == PickupLimits(needs_window=False, cancel=True)
    assert (spec().couriers, spec().aggregator) == (("sf",), False)


def contracts() -> dict[str, WriteContract]:
    return {name: contract for capability in spec().capabilities for name, contract in capability.writes.items()}


def test_no_write_on_a_parcel_under_way_is_said_to_be_protected() -> None:
    """SF drops no repeats of those and answers no look, and each says so."""
    unprotected = {"change_address", "intercept", "cancel_interception"}
    assert {contracts()[name] for name in unprotected} == {WriteContract()}
    assert set(contracts()) == unprotected | {"order_pickup", "cancel_pickup"}


def test_pickups_go_by_their_number() -> None:
    """The order number drops repeats of an order and of its cancellation; only the order has a look, which is proof."""
    order, cancel = contracts()["order_pickup"], contracts()["cancel_pickup"]
    assert (order.write, order.find, order.status, order.authoritative) == (
        WriteClass.KEYED,
        "find_pickup",
        "pickup_status",
        True,
    )
    assert (cancel.write, cancel.find, cancel.status) == (WriteClass.KEYED, "", "")
    assert (order.key_window, cancel.key_window) == (timedelta(days=1), timedelta(days=1))
    assert all(callable(getattr(SF, name)) for name in (order.find, order.status))


def test_secrets_and_requirements() -> None:
    """The check word is the only secret; it and the partner must be given."""
    settings = spec().settings
    assert {setting.name for setting in settings if setting.type == "secret"} == {"check_word"}
    assert {setting.name for setting in settings if setting.required} == {"partner_id", "check_word"}


def test_pay_modes_are_those_that_are_mapped() -> None:
    """Every choice of the setting has a number at SF."""
    (pay_mode,) = (setting for setting in spec().settings if setting.name == "pay_mode")
    assert set(pay_mode.choices) == set(PAY_MODES)


def test_readme_says_what_is_not_offered() -> None:
    """The table of verbs agrees with the declarations."""
    told = {
        row[0].strip("`"): row[1].split()[0].rstrip(",:") for row in table(read("plugins/asctl_sf/README.md"), "verb")
    }
    assert told == {
        "track": "yes",
        "address change": "yes",
        "intercept request --return-to sender": "yes",
        "intercept request --return-to outlet": "no",
        "intercept cancel": "yes",
        "interception told by query": "no",
        "interception told by callback": "no",
        "pickup request": "yes",
        "pickup cancel": "yes",
    }
