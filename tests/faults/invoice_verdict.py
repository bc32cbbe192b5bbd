"""What the tax bureau has of driven sales, held against what there should be, and against what the store says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.faults.invoice_scene import InvoiceScene
from tests.faults.verdict import Verdict
from tests.settlement_sums import Bill, Sums, sums

_ALIVE = frozenset({"01", "02", "03", "04", "15"})
"""The codes of forms that reverse something, or will (reference/invoices.md section 2.2)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An invoice as it should be."""

    colour: str
    sums: Sums


def blue(bill: Bill) -> Entry:
    """A blue one over a bill."""
    return Entry("blue", sums(bill))


def red(bill: Bill) -> Entry:
    """A red one that takes a bill back."""
    return Entry("red", -sums(bill))


def judged(scene: InvoiceScene, expected: Mapping[str, tuple[Entry, ...]]) -> Verdict:
    """What is wrong, where each order should have the ``expected`` invoices at the bureau and no others."""
    state, books = scene.site.state(), scene.books()
    there = _by_order(state["invoices"], books)
    verdict = Verdict()
    for order, should in expected.items():
        is_ = Counter(Entry(each["colour"], _sums(each)) for each in there.pop(order, []))
        verdict.lost += [f"{order}: no {entry}" for entry in (Counter(should) - is_).elements()]
        for entry in (is_ - Counter(should)).elements():
            (verdict.duplicates if entry in should else verdict.unexpected).append(f"{order}: one more {entry}")
    verdict.unexpected += [f"{order}: nobody asked for {left}" for order, left in there.items()]
    alive = Counter(form["blue_number"] for form in state["forms"] if form["code"] in _ALIVE)
    verdict.duplicates += [f"{number}: {count} forms" for number, count in alive.items() if count > 1]
    verdict.misreported += _misreported(state["invoices"], books)
    return verdict


def _by_order(invoices: list[dict[str, Any]], books: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Not every provider tells the bureau the order: those are known by our serial, and a red one by its blue one."""
    orders = {each["serial"]: each["order_id"] for each in books}
    numbers: dict[str, str] = {}
    found: dict[str, list[dict[str, Any]]] = {}
    for each in sorted(invoices, key=lambda each: str(each["colour"])):
        order = each["order_id"] or numbers.get(each["blue_number"]) or orders.get(each["serial"], each["serial"])
        numbers[each["number"]] = order
        found.setdefault(order, []).append(each)
    return found


def _misreported(invoices: list[dict[str, Any]], books: list[dict[str, Any]]) -> list[str]:
    """The store has every number of the bureau's once, with its sums, and says of each invoice what came of it."""
    kept = Counter((each["number"], each["colour"], _sums(each, "amount"), each["state"]) for each in books)
    taken: dict[str, Decimal] = {}
    for each in invoices:
        taken[each["blue_number"]] = taken.get(each["blue_number"], Decimal(0)) + Decimal(each["gross"])
    true = Counter((each["number"], each["colour"], _sums(each), _state(each, taken)) for each in invoices)
    told = [f"the store has {entry}" for entry in (kept - true).elements()]
    return told + [f"the store lacks {entry}" for entry in (true - kept).elements()]


def _state(invoice: dict[str, Any], taken: Mapping[str, Decimal]) -> str:
    """What the store should say of an invoice, with what red ones took from it."""
    off = taken.get(invoice["number"], Decimal(0))
    if not off or invoice["phase"] != "issued":
        return str(invoice["phase"])
    return "partly_reversed" if Decimal(invoice["gross"]) + off else "reversed"


def _sums(record: Mapping[str, Any], gross: str = "gross") -> Sums:
    return Sums(*(Decimal(record[name]) for name in ("net", "tax", gross)))
