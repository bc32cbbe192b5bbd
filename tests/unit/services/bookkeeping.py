"""Books with invoices in them, and what becomes of these by what actions and providers tell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from asctl.capabilities.invoices import FormTold, InvoiceTold
from asctl.domain.actions import Action, ActionKind, ActionState
from asctl.domain.invoices import Invoice, InvoiceLine, InvoiceState, Scope
from asctl.domain.tasks import TaskState
from asctl.services import books
from asctl.store import invoices as stored
from asctl.store.opening import Transaction, open_store
from asctl.store.tasks import tasks_of
from tests.store_support import NOW, fresh_store_url
from tests.unit.domain.invoicing import KETTLES, amounts, blue, red

NUMBER, REFERENCE = "26990000000000000001", "26010110000000000001"
LATER = NOW + timedelta(hours=1)
ISSUED = InvoiceTold(
    InvoiceState.ISSUED, "2", "开票完成", REFERENCE, NUMBER, issued_at=NOW, net=Decimal("180.00"), tax=Decimal("23.40"),
    gross=Decimal("203.40"), files={"pdf": "https://example.invalid/1.pdf", "xml": ""},
)  # fmt: skip
RED_ISSUED = replace(ISSUED, net=-Decimal("180.00"), tax=-Decimal("23.40"), gross=-Decimal("203.40"))


@dataclass
class Books:
    """The books of one store, in one transaction."""

    tx: Transaction

    def sale(self, state: InvoiceState = InvoiceState.QUEUED, **more: object) -> Invoice:
        """The blue invoice of a sale, of 203.40; ``more`` are its fields."""
        return stored.add_invoice(self.tx, replace(blue(*KETTLES), state=state, **more))  # type: ignore[arg-type]

    def reversal(self, of: Invoice, line: InvoiceLine | None = None, **more: object) -> Invoice:
        """A red invoice that is being issued: over a line, or over all of it."""
        lines, scope = ((line,), Scope.PARTIAL) if line else ((_all_of_it(),), Scope.FULL)
        told = {"blue": of.invoice, "scope": scope, "state": InvoiceState.ISSUING, "action": "A2"}
        return stored.add_invoice(self.tx, replace(red(*lines), **told | more))  # type: ignore[arg-type]

    def waiting(self, for_: Invoice, replaces: Invoice) -> Invoice:
        """The blue invoice that comes in the place of a reversed one."""
        told = {"after": for_.invoice, "replaces": replaces.invoice, "serial": "B260101CCCCCCCC01"}
        return self.sale(InvoiceState.WAITING, **told)

    def now(self, invoice: Invoice) -> Invoice:
        """An invoice as it stands now."""
        found = stored.get_invoice(self.tx, invoice.invoice)
        assert found is not None
        return found

    def tasks(self, invoice: Invoice) -> dict[str, TaskState]:
        """What is or was owed about an invoice, by kind."""
        subject = f"invoice {invoice.invoice}"
        return {task.kind: task.state for task in tasks_of(self.tx, [subject]).get(subject, ())}

    def learn(self, invoice: Invoice, told: InvoiceTold | FormTold) -> Invoice:
        """Have the provider tell something of it; how it stands then."""
        books.learned(self.tx, about(invoice), told, LATER)
        return self.now(invoice)


@contextmanager
def new_books(folder: Path) -> Iterator[Books]:
    """Empty ones; what the database itself refuses is tested with the store, on each kind of it."""
    with fresh_store_url("sqlite", folder) as url:
        store = open_store(url)
        with store.write() as tx:
            yield Books(tx)
        store.close()


def _all_of_it() -> InvoiceLine:
    return replace(amounts("-180.00", "-23.40", "-203.40"), blue_line=1)


def one_unit(**more: object) -> InvoiceLine:
    """Half of :data:`KETTLES`, taken back."""
    return replace(amounts("-90.00", "-11.70", "-101.70"), blue_line=1, quantity=Decimal(-1), **more)  # type: ignore[arg-type]


def about(invoice: Invoice, kind: ActionKind = ActionKind.ISSUE_INVOICE, **news: object) -> Action:
    """The action about an invoice, as it was planned when the invoice stood in its present state."""
    payload = {"invoice": invoice.invoice, "was": invoice.state.value}
    target = f"invoice {invoice.shop} {invoice.order_id}"
    told: dict[str, Any] = {"state": ActionState.PLANNED, "payload": payload} | news
    return Action(
        "A1", kind, invoice.account, target, "", invoice.serial, 1, "key", planned_at=NOW, by="8012",
        payload_hash="hash", **told,
    )  # fmt: skip
