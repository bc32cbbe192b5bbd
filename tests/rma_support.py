"""Cases for tests, and the orders they are on."""

from __future__ import annotations

from typing import Any

from tests.command_support import Command
from tests.sandbox_support import SandboxSite

OPEN = ("--kind", "return", "--reason", "quality")


def shipped_order(sandbox: SandboxSite, asctl: Command) -> dict[str, Any]:
    """Sync some orders; a shipped one, as the sandbox knows it."""
    asctl("order", "sync", "--max-items", "12")
    shipped = [record["order_id"] for record in asctl("order", "list").records if record["waybills"]]
    return sandbox.order(shipped[0])


def opened(asctl: Command, order: dict[str, Any], *options: str) -> str:
    """The number of a new case on the order, also where the same is open already."""
    return str(asctl("rma", "open", order["order_id"], *OPEN, "--again", *options).record["rma"])


def mistyped(number: str) -> str:
    """The same with two neighbours swapped that differ."""
    at = next(i for i in range(len(number) - 2, 3, -1) if number[i] != number[i + 1])
    return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
