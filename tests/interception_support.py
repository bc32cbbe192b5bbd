"""Parcels under way that can be called back: in the sandbox, and with their orders in the store."""

from __future__ import annotations

from typing import Any

from tests.command_support import Command, Result
from tests.sandbox_support import SandboxSite, iso_before

QUICK_TO_DOUBT = """
[network]
total_timeout = "1s"
"""
"""A call leaves within a second of its record, so that one whose answer is lost may be looked for soon after."""


def under_way(sandbox: SandboxSite, asctl: Command, *couriers: str, **told: object) -> list[str]:
    """A parcel at each of these couriers, picked up some hours ago and in the store with its order; their waybills. The
    ledger is empty again."""
    paid = iso_before(sandbox.now(), 8)
    made = sandbox.orders(len(couriers), couriers=list(couriers), paid_at=paid, **told)
    sandbox.travel(0.02)
    assert asctl("order", "sync").code == 0
    sandbox.forget()
    return [order["waybills"][0] for order in made]


def orders_in(sandbox: SandboxSite, waybill: str) -> list[dict[str, Any]]:
    """The orders of the world that went out in a parcel."""
    return [order for order in sandbox.state()["orders"] if waybill in {line["waybill"] for line in order["lines"]}]


def request(asctl: Command, *arguments: str) -> Result:
    """Ask for interceptions."""
    return asctl("intercept", "request", *arguments, "--yes")


def applied(sandbox: SandboxSite, operation: str = "intercept") -> list[str]:
    """The parcels about which a write of that name was carried out, once for each time it was."""
    return sorted(entry["target"] for entry in sandbox.ledger(operation) if entry["applied"])


def effects(asctl: Command) -> dict[str, str]:
    """What is on record of every interception, by waybill; of several the newest."""
    return {record["waybill"]: record["effect"] for record in reversed(asctl("intercept", "list").records)}


def tasks(asctl: Command, kind: str, state: str = "open") -> list[dict[str, Any]]:
    """The tasks of one kind in a state."""
    return [task for task in asctl("task", "list", "--state", state).records if task["kind"] == kind]
