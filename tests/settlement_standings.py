"""Sales brought into the columns of the decision table, many at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from asctl.domain.settlements import Standing
from tests.invoice_support import COMPANY, PERSON, TAX_ID, buyer
from tests.settlement_support import Sale, Seen, Shop

EARLIER = Decimal("6.00")
"""What was given back, and reversed, before a sale stands in the column *partly reversed*."""
USED = frozenset({Standing.ORDINARY_USED, Standing.SPECIAL_USED, Standing.PARTLY_REVERSED})
SPECIAL = frozenset({Standing.SPECIAL, Standing.SPECIAL_USED})
_UNISSUED = (Standing.QUEUED, Standing.ISSUING)
_ISSUED = frozenset(Standing) - {Standing.NONE, *_UNISSUED}


@dataclass(frozen=True, eq=False)
class Placed:
    """A sale and the column that it is to stand in. ``known``: that the buyer has used the invoice was learned from a form that he
    refused; else it is left to whoever settles to tell it."""

    sale: Sale
    column: Standing
    known: bool = True


def a_sale(shop: Shop, column: Standing, freight: bool | None = None) -> Sale:
    """One sale in a column."""
    sale = shop.sale(column in SPECIAL, freight)
    place(shop, [Placed(sale, column)])
    return sale


def place(shop: Shop, placed: Sequence[Placed]) -> None:
    """Apply for the invoices, have them issued, used and reversed as their columns say. What is queued or being issued comes last:
    nothing is heard of that before the clock is moved."""
    standing = _in(placed, *_ISSUED)
    if standing:
        apply_for(shop, standing)
        shop.until_quiet()
    if _in(placed, *USED, Standing.REVERSED):
        _change(shop, placed)
    apply_for(shop, _in(placed, *_UNISSUED))
    issuing = [sale.order_id for sale in _in(placed, Standing.ISSUING)]
    if issuing:
        shop.ask("invoice", "issue", *issuing, "--yes")


def _change(shop: Shop, placed: Sequence[Placed]) -> None:
    """Buyers use what is issued, and it is reversed."""
    seen = Seen(shop)
    learned = [each.sale for each in placed if each.column in USED - {Standing.PARTLY_REVERSED} and each.known]
    for sale in _in(placed, *USED):
        buyer(shop.sandbox, "use", _first(seen, sale))
    _reverse(shop, _in(placed, Standing.PARTLY_REVERSED), "allowance", "--amount", str(EARLIER), "--used")
    _reverse(shop, [*_in(placed, Standing.REVERSED), *learned], "return")
    shop.cron()
    for sale in learned:
        buyer(shop.sandbox, "refuse", _first(seen, sale))
    shop.until_quiet()
    _close_tasks(shop)


def apply_for(shop: Shop, sales: Iterable[Sale]) -> None:
    """Applications entered by hand: a company's for a special invoice."""
    company = ("--title", COMPANY, "--tax-id", TAX_ID, "--kind", "digital_special")
    for special, who in ((False, ("--title", PERSON)), (True, company)):
        orders = [sale.order_id for sale in sales if sale.special is special]
        if orders:
            shop.ask("invoice", "request", *orders, *who)


def place_fate(shop: Shop, fate: str, serial: str) -> None:
    """What becomes of the invoice with that serial of ours when it is submitted: ``stuck``, ``fail``."""
    shop.sandbox.control("POST", "invoices", {"fate": fate, "match": serial})


def _in(placed: Iterable[Placed], *columns: Standing) -> list[Sale]:
    return [each.sale for each in placed if each.column in columns]


def _first(seen: Seen, sale: Sale) -> str:
    return str(seen.books(sale)[0]["number"])


def _reverse(shop: Shop, sales: Iterable[Sale], reason: str, *told: str) -> None:
    orders = [sale.order_id for sale in sales]
    if orders:
        shop.ask("invoice", "reverse", *orders, "--reason", reason, *told, "--yes")


def _close_tasks(shop: Shop) -> None:
    """What the refused forms left for finance is done with."""
    tasks = [str(task["task"]) for task in shop.ask("task", "list", "--kind", "invoice_finance")]
    if tasks:
        shop.ask("task", "done", *tasks)
