"""Cases for tests of the warehouse's commands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.command_support import Command
from tests.sandbox_support import SandboxSite

OPEN = ("--kind", "return", "--reason", "quality")
BACK = "YT5555555555555"
"""The waybill of a parcel that comes back."""


@dataclass(frozen=True)
class Bench:
    """The warehouse's bench: cases on shipped orders of the sandbox. ``order`` is the first one, ``other`` another."""

    asctl: Command
    order: dict[str, Any]
    other: dict[str, Any]

    @classmethod
    def of(cls, sandbox: SandboxSite, asctl: Command) -> Bench:
        """With some orders in the store."""
        asctl("order", "sync", "--max-items", "12")
        shipped = [record["order_id"] for record in asctl("order", "list").records if record["waybills"]]
        return cls(asctl, sandbox.order(shipped[0]), sandbox.order(shipped[1]))

    def opened(self, order: dict[str, Any] | None = None, *options: str) -> str:
        """A new case that waits for approval."""
        order_id = (order or self.order)["order_id"]
        return str(self.asctl("rma", "open", order_id, *OPEN, "--again", *options).record["rma"])

    def approved(self, order: dict[str, Any] | None = None, *options: str) -> str:
        """A new case whose goods may be sent in."""
        number = self.opened(order, *options)
        assert self.asctl("rma", "approve", number).code == 0
        return number

    def trail(self) -> list[str]:
        """What the audit trail says was done, newest first."""
        return [entry["what"] for entry in self.asctl("db", "audit").records]

    @property
    def waybill(self) -> str:
        """The waybill under which the order's goods were sent out."""
        return str(self.order["lines"][0]["waybill"])


def mistyped(number: str) -> str:
    """The same with two neighbours swapped that differ."""
    at = next(i for i in range(len(number) - 2, 3, -1) if number[i] != number[i + 1])
    return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
