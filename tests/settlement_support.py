"""Sales whose invoices are settled with the real commands, and what the tax bureau and the store have of them."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.command_support import Command, Result
from tests.invoice_support import COMPANY, PERSON, billed_by, buyer
from tests.sandbox_support import SandboxSite, running_sandbox
from tests.settlement_sums import Bill, Sums, bill_of, sums
from tests.store_support import fresh_store_url, kind_for

MOVING = frozenset({"queued", "waiting", "sending", "issuing"})
"""The states of invoices that go on by themselves."""
COMES_BACK = frozenset({"return", "exchange", "repair"})
"""The kinds of cases of which goods are received."""
_BY_CRON = 20
"""Seconds between two runs of cron: longer than the bureau needs for anything."""
_MOST_RUNS = 8
_AT_ONCE = 40


@dataclass(eq=False)
class Sale:
    """One order of the sandbox and its invoice: special ones are made out to a company."""

    order: dict[str, Any]
    special: bool = False

    @property
    def order_id(self) -> str:
        return str(self.order["order_id"])

    @property
    def paid(self) -> Decimal:
        """What the customer paid, in yuan."""
        return Decimal(self.order["amount"])

    @cached_property
    def bill(self) -> Bill:
        """What its first invoice bills."""
        return bill_of(self.order)

    @property
    def line(self) -> dict[str, Any]:
        """The line that a case about one unit is about: one with several units where there is one."""
        return max(self.order["lines"], key=lambda line: int(line["quantity"]))

    @property
    def title(self) -> str:
        """Whom its first invoice is made out to."""
        return COMPANY if self.special else PERSON


@dataclass(eq=False)
class Shop:
    """A sandbox with a store of its own, in which many sales are settled. Its commands run at the moment to which the clock was
    moved last, so that nothing comes to pass between two of them."""

    folder: Path
    sandbox: SandboxSite
    asctl: Command
    moment: str = ""
    free: list[dict[str, Any]] = field(default_factory=list)

    def pass_time(self, seconds: float) -> None:
        """Move the clock."""
        self.moment = self.sandbox.travel(seconds / 3600).isoformat()

    def ask(self, *arguments: str) -> list[dict[str, Any]]:
        """A command that succeeds; its records."""
        result = self.asctl(*arguments)
        assert result.code == 0, result.err
        return result.records

    def sale(self, special: bool = False, freight: bool | None = None, status: str = "shipped") -> Sale:
        """A paid order of which a part can be returned; ``freight`` says whether some was paid."""
        while True:
            if not self.free:
                self._stock(status)
            order = self.free.pop(0)
            several = len(order["lines"]) > 1 or order["lines"][0]["quantity"] > 1
            if several and order["status"] == status and freight in (None, bool(Decimal(order["freight"]))):
                return Sale(order, special)

    def table(self, *rows: str) -> str:
        """A file with these rows; its path."""
        path = self.folder / "rows.csv"
        path.write_text("\n".join(rows), "utf-8")
        return str(path)

    def open_case(self, sale: Sale, kind: str, *lines: str) -> str:
        """An approved case, whose goods are there where some come back; its number."""
        named = [part for line in lines for part in ("--line", line)]
        what = ("--kind", kind, "--reason", "quality", "--again")
        number = str(self.ask("rma", "open", sale.order_id, *what, *named)[0]["rma"])
        self.ask("rma", "approve", number)
        if kind in COMES_BACK:
            self.ask("rma", "scan", number, "--receive")
        return number

    def settle(self, case: str, *facts: str) -> Result:
        """Settle a case."""
        return self.asctl("invoice", "settle", case, *facts, "--yes")

    def cron(self, seconds: float = _BY_CRON) -> Result:
        """Some time later the queue is worked."""
        self.pass_time(seconds)
        return self.asctl("invoice", "issue", "--yes")

    def until_quiet(self, confirm: bool = True) -> Seen:
        """Work the queue as cron does until nothing moves that needs nobody; buyers ``confirm`` what waits for them."""
        for _run in range(_MOST_RUNS):
            self.cron()
            seen = Seen(self)
            waiting = [
                each for each in seen.all_books if each["form_state"] == "wait_buyer" and each["state"] in MOVING
            ]
            for red in waiting if confirm else ():
                buyer(self.sandbox, "confirm", seen.number(red["blue"]))
            moving = [each for each in seen.all_books if each["state"] in MOVING]
            if not moving or (waiting and not confirm):
                break
        return seen

    def _stock(self, status: str) -> None:
        made = {str(each["order_id"]) for each in self.sandbox.orders(_AT_ONCE, couriers=["yto"], status=status)}
        self.pass_time(60)
        self.ask("order", "sync")
        self.free = [order for order in self.sandbox.state()["orders"] if order["order_id"] in made]


@contextmanager
def open_shop(folder: Path, account: str, **settings: str) -> Iterator[Shop]:
    """A shop whose invoices that account issues; ``settings`` go into the environment of its commands."""
    places = {"HOME": "home", "XDG_STATE_HOME": "state", "XDG_CONFIG_HOME": "config", "XDG_DATA_HOME": "data"}
    folder.mkdir(exist_ok=True)
    with running_sandbox(folder / "world") as site, fresh_store_url(kind_for(f"settled at {account}"), folder) as url:
        env = {name: str(folder / place) for name, place in places.items()}
        env |= {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "ASCTL_OUTPUT": "ndjson", **settings}
        asctl = Command(env | {"ASCTL_CONFIG": str(site.info.config), "ASCTL_STORE__URL": url})
        billed_by(asctl, account)
        shop = Shop(folder, site, asctl)
        asctl.now = lambda: shop.moment or None
        yield shop


@dataclass(frozen=True)
class Entry:
    """One invoice at the tax bureau; ``scope`` and ``reason`` are those of a red one's form."""

    colour: str
    sums: Sums
    title: str
    scope: str = ""
    reason: str = ""


def blue(sale: Sale, bill: Bill, title: str = "") -> Entry:
    """A blue invoice over a bill; to the buyer of the first one where no title is told."""
    return Entry("blue", sums(bill), title or sale.title)


def red(sale: Sale, bill: Bill, scope: str, reason: str) -> Entry:
    """A red invoice that takes a bill back."""
    return Entry("red", -sums(bill), sale.title, scope, reason)


class Seen:
    """What the tax bureau and the store have of all sales of a shop, at one moment."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._state = shop.sandbox.state()
        found = shop.asctl("invoice", "queue", "--all").records
        self.all_books = sorted(found, key=lambda each: int(str(each["invoice"])[1:]))

    @cached_property
    def _tasks(self) -> list[dict[str, Any]]:
        return self._shop.asctl("task", "list").records

    def books(self, sale: Sale) -> list[dict[str, Any]]:
        """Its invoices as the store has them, in the order of their coming."""
        return [each for each in self.all_books if each["order_id"] == sale.order_id]

    def states(self, sale: Sale) -> list[str]:
        """Its invoices in short: ``blue reversed``, ``red issued`` ..."""
        return [f"{each['colour']} {each['state']}" for each in self.books(sale)]

    def number(self, invoice: str) -> str:
        """The bureau's number of an invoice of ours."""
        return next(str(each["number"]) for each in self.all_books if each["invoice"] == invoice)

    def tasks(self, sale: Sale) -> list[str]:
        """The kinds of the open tasks about its invoices."""
        own = [str(task["kind"]) for task in self._tasks if task["order_id"] == sale.order_id]
        return sorted(kind for kind in own if kind.startswith("invoice"))

    def ledger(self, sale: Sale) -> list[Entry]:
        """Its invoices at the tax bureau, the oldest first."""
        forms = {form["red_number"]: form for form in self._state["forms"] if form["red_number"]}
        return [
            Entry(each["colour"], _sums(each), each["buyer_title"], *_asked_for(forms.get(each["number"])))
            for each in self._issued(sale)
        ]

    def billed(self, sale: Sale) -> Decimal:
        """What its invoices at the bureau come to."""
        return sum((Decimal(each["gross"]) for each in self._issued(sale)), Decimal("0.00"))

    def check_books(self, sale: Sale) -> None:
        """The store has the very invoices that the bureau has, by number and to the cent; nothing moves."""
        books = self.books(sale)
        moving = [each["invoice"] for each in books if each["state"] in MOVING]
        assert not moving, moving
        there = {each["number"]: (each["colour"], _sums(each)) for each in self._issued(sale)}
        here = {each["number"]: (each["colour"], _sums(each, "amount")) for each in books if each["number"]}
        assert here == there, (here, there)

    def strangers(self, sales: Collection[Sale]) -> list[str]:
        """The serials of what the bureau has, and none of these sales."""
        known = {each["serial"] for sale in sales for each in self.books(sale)}
        return [each["serial"] for each in self._state["invoices"] if each["serial"] not in known]

    def _issued(self, sale: Sale) -> list[dict[str, Any]]:
        """By our serials, since not every provider tells the bureau the order."""
        serials = {each["serial"] for each in self.books(sale)}
        return [each for each in self._state["invoices"] if each["number"] and each["serial"] in serials]


def _sums(record: Mapping[str, Any], gross: str = "gross") -> Sums:
    return Sums(*(Decimal(record[name]) for name in ("net", "tax", gross)))


def _asked_for(form: Mapping[str, Any] | None) -> tuple[str, str]:
    return (str(form["scope"]), str(form["reason"])) if form else ("", "")
