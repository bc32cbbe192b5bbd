"""Cases whose goods a courier is to fetch."""

from __future__ import annotations

from typing import Any

from tests.command_support import Command, Result
from tests.sandbox_support import SandboxSite

HOME = ("--name", "李雷", "--phone", "13900001111", "--province", "江苏省", "--city", "苏州市", "--district", "吴中区",
        "--town", "长桥街道", "--detail", "东吴北路99号3幢201室")  # fmt: skip
"""Where the customer wants the goods fetched; the marketplace shows its own masked."""
FETCHED = 3.1
"""Hours after which the couriers of the world have been at the door."""
ORDER, CANCEL = "order_pickup", "cancel_pickup"


def cases(sandbox: SandboxSite, asctl: Command, count: int = 1, kind: str = "return") -> list[str]:
    """Approved cases, each on an order of its own; the ledger is empty again."""
    asctl("order", "sync")
    free = [
        record for record in asctl("order", "list", "--status", "shipped").records if not record["after_sale_count"]
    ]
    orders = [str(record["order_id"]) for record in free][:count]
    opened = asctl("rma", "open", *orders, "--kind", kind, "--reason", "quality")
    numbers = [str(record["rma"]) for record in opened.records]
    assert len(numbers) == count
    assert asctl("rma", "approve", *numbers).code == 0
    sandbox.forget()
    return numbers


def request(asctl: Command, *arguments: str) -> Result:
    """Ask for pickups at :data:`HOME`, without being asked back."""
    return asctl("pickup", "request", *arguments, *HOME, "--yes")


def pickups(sandbox: SandboxSite) -> list[dict[str, Any]]:
    """What the couriers of the world were asked to fetch."""
    return list(sandbox.state()["pickups"])
