"""A counter for the tests of invoice errands: a provider in memory behind every account, a seller, and the books."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from asctl.capabilities.invoices import InvoiceFinding, InvoiceLimits
from asctl.capabilities.shipping import Submission
from asctl.capabilities.specs import Capability, ProviderKind, WriteClass, WriteContract
from asctl.capabilities.writes import Evidence, Finding
from asctl.domain.actions import Action, ActionKind, ActionState, Wanted, payload_hash
from asctl.domain.invoices import Invoice, Seller
from asctl.domain.policy import InvoicePolicy
from asctl.host.guard import Guarded
from asctl.services.desk import Desk
from asctl.services.errands import Errand, Ready
from asctl.services.invoice_errands import invoice_errands
from asctl.services.invoicing import sending_of
from asctl.services.outcomes import Outcome, lesson_of
from asctl.settings import Account
from asctl.store import invoices as stored
from asctl.store.opening import open_store
from tests.store_support import NOW, fresh_store_url
from tests.unit.services.far_side import HandClock

LOOKS = WriteContract(WriteClass.KEYED, find="find", authoritative=True)
SELLER = Seller("91990000MA0DEM0011", "演示销方有限公司", "演示员", bank="演示银行")
Answer = Callable[[Any], Any]


@dataclass
class Provider:
    """A provider in memory. ``asked`` is what its look was handed, ``handed`` what was to be carried out."""

    tell: Answer = lambda _request: InvoiceFinding(Evidence.ABSENT)
    say: Answer = lambda _request: Submission("P1")
    asked: list[Any] = field(default_factory=list)
    handed: list[Any] = field(default_factory=list)

    def find(self, request: Any) -> Any:
        self.asked.append(request)
        return self.tell(request)

    def status(self, request: Any) -> Any:
        return self.tell(request)

    def write(self, request: Any) -> Any:
        self.handed.append(request)
        return self.say(request)

    def invoice_file(self, url: str, format: str) -> bytes:
        return f"{format} at {url}".encode()

    issue_invoice = retry_invoice = reverse_invoice = deliver_invoice = hand_invoice_over = write


@dataclass
class Accounts:
    """One provider behind every account. ``contract`` is that of all its writes."""

    behind: Provider
    contract: WriteContract = LOOKS

    def named(self, name: str) -> Account:
        return Account(name, ProviderKind.INVOICE, f"invoices.{name}", "nuonuo", {})

    def spec(self, _account: Account) -> None:
        """Nobody looks into it."""

    def provider(self, _account: Account, _capability: str) -> Provider:
        return self.behind

    def capability(self, _account: Account, name: str) -> Capability:
        kinds = ("issue_invoice", "retry_invoice", "reverse_invoice", "deliver_invoice", "hand_invoice_over")
        return Capability(name, InvoiceLimits(), dict.fromkeys(kinds, self.contract))


class Settings:
    """Those of the seller."""

    def common(self, _account: str, name: str) -> object:
        told = {
            "tax_no": SELLER.tax_id,
            "seller_name": SELLER.name,
            "drawer": SELLER.drawer,
            "seller_bank": SELLER.bank,
        }
        return told.get(name, "")

    def invoice_policy(self) -> InvoicePolicy:
        return InvoicePolicy()


ERRANDS: Mapping[ActionKind, Errand] = {errand.kind: errand for errand in invoice_errands()}


@dataclass
class Counter:
    """The operator's desk, a provider behind every account, and the books."""

    desk: Desk
    provider: Provider
    accounts: Accounts

    def enter(self, invoice: Invoice) -> Invoice:
        """Put an invoice into the books."""
        with self.desk.store.write() as tx:
            return stored.add_invoice(tx, invoice)

    def now(self, invoice: Invoice) -> Invoice:
        """How it stands."""
        with self.desk.store.read() as tx:
            found = stored.get_invoice(tx, invoice.invoice)
        assert found is not None
        return found

    def action(self, invoice: Invoice, **news: object) -> Action:
        """The write that sends an invoice."""
        return planned(sending_of(self.desk, invoice), **news)

    def ready(self, action: Action) -> Ready:
        """Make it ready to be sent."""
        return ERRANDS[action.kind].ready(self.desk, self._guarded, action)

    def send(self, action: Action) -> Outcome:
        """Send it."""
        (outcome,) = ERRANDS[action.kind].send(self._guarded, [action], [Ready()], "")
        return outcome

    def look(self, action: Action) -> Finding:
        """Look what became of it."""
        return ERRANDS[action.kind].look(self._guarded, self.accounts.contract, action)

    def learn(self, found: Finding) -> None:
        """Enter into the books what a look taught."""
        lesson = lesson_of(found)
        assert lesson is not None
        with self.desk.store.write() as tx:
            lesson(tx, NOW)

    @property
    def _guarded(self) -> Guarded:
        return cast(Guarded, self.provider)


def planned(wanted: Wanted, **news: object) -> Action:
    """A write as the store gives it back."""
    payload = json.loads(json.dumps(wanted.payload))
    intent, about = wanted.intent, wanted.about
    told: dict[str, Any] = {"state": ActionState.PLANNED} | news
    return Action(
        "A1", intent.kind, intent.account, intent.target, intent.scope, intent.purpose, 1, intent.key(1), payload,
        payload_hash(payload), planned_at=NOW, by="8012", shop=about.shop, order_id=about.order_id, rma=about.rma,
        **told,
    )  # fmt: skip


@contextmanager
def new_counter(folder: Path) -> Iterator[Counter]:
    """One with empty books."""
    with fresh_store_url("sqlite", folder) as url:
        store, provider = open_store(url), Provider()
        accounts = Accounts(provider)
        desk = Desk(store, cast(Any, accounts), cast(Any, None), cast(Any, Settings()), HandClock())
        yield Counter(desk, provider, accounts)
        store.close()
