"""Customers' applications for an invoice, and what came of them: ``ApplicationSource`` and ``ResultTaker``."""

from __future__ import annotations

from base64 import b64encode

from asctl.api import (
    ApplicationLine,
    Colour,
    Finding,
    InvoiceApplication,
    InvoiceKind,
    InvoiceResult,
    Submission,
    as_text,
)
from asctl_demo.account import Account
from asctl_demo.wire import OddShape, Row, buyer_members, read_buyer, time_text

_STATES = frozenset({"applied", "accepted", "refused"})


class Applications(Account):
    """What customers want of the shop's invoices."""

    def invoice_applications(self, order_id: str) -> tuple[InvoiceApplication, ...]:
        """Those of one order, the oldest first. One out of shape fails them all: it may change what the others mean."""
        return self.client.ask(
            "applications",
            {"order": order_id},
            lambda row: tuple(_application(each) for each in row.rows("applications")),
            subject=order_id,
        )

    def overdue_invoices(self) -> tuple[str, ...]:
        """Orders whose invoice is due."""
        return self.client.ask("overdue", {}, lambda row: tuple(map(_number, row.items("orders"))))

    def hand_invoice_over(self, result: InvoiceResult) -> Submission:
        """Have the customer find an issued invoice at the order."""
        members = {
            "order": result.order_id,
            "application": result.application,
            "colour": result.colour,
            "kind": result.kind,
            "buyer": buyer_members(result.buyer),
            "number": result.number,
            "issued_at": time_text(result.issued_at),
            "net": str(result.net),
            "tax": str(result.tax),
            "gross": str(result.gross),
            "blue_number": result.blue_number,
            "format": result.format,
            "file": b64encode(result.file).decode("ascii"),
        }
        return self.request("hand_over", result.key, members, result.order_id)

    def find_handed_over(self, result: InvoiceResult) -> Finding:
        """By its key."""
        return self.find(result.key)


def _number(value: object) -> str:
    if not (number := as_text(value)):
        raise OddShape("orders")
    return number


def _application(row: Row) -> InvoiceApplication:
    state = row.needed("state")
    if state not in _STATES:
        raise OddShape("state")
    return InvoiceApplication(
        application=row.needed("id"),
        order_id=row.needed("order"),
        state=state,
        trigger=row.text("trigger"),
        kind=row.word("kind", InvoiceKind),
        buyer=read_buyer(row.row("buyer")),
        amount=row.amount("amount"),
        colour=row.word("colour", Colour),
        applied_at=row.moment("applied_at"),
        lines=tuple(
            ApplicationLine(
                line.needed("name"),
                line.amount("gross"),
                line.text("line"),
                quantity=line.number("quantity"),
                freight=line.members.get("freight") is True,
            )
            for line in row.rows("lines")
        ),
    )
