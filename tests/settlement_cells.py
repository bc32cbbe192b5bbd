"""How each row of the decision table is settled with the commands, and what each letter of a cell means for the tax bureau."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

from asctl.domain.settlements import Resolution, Standing
from tests.invoice_support import ACCOUNTS, PERSON
from tests.settlement_standings import EARLIER, SPECIAL, USED, Placed, place
from tests.settlement_sums import GOODS_RATE, Bill, amount_off, anew, exchanged, goods_off, less, of_gross, sums
from tests.settlement_support import COMES_BACK, Entry, Sale, Shop, blue, open_shop, red
from tests.settlement_table import LETTERS, STEPS, Cell, cells_of

REFUND, MORE, LESS, FEE = Decimal("10.00"), Decimal("12.00"), Decimal("-5.00"), Decimal("30.00")
NEW_TITLE, NEW_TAX_ID = "演示购方二店有限公司", "91990000MA0BUYER2X"
_NEW_BUYER = ("--title", NEW_TITLE, "--tax-id", NEW_TAX_ID)
Row: TypeAlias = Resolution
Column: TypeAlias = Standing
_NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Way:
    """The case that brings a row about: its ``kind``, whether it is about one unit, what is told when it is settled; what the
    customer gets back or pays (``money``), and why an invoice is reversed for it."""

    kind: str
    facts: tuple[str, ...] = ()
    one: bool = False
    money: Decimal = _NOTHING
    reason: str = "return"
    used: bool = True


WAYS: dict[Row, Way] = {
    Row.REFUND_FULL: Way("refund_only", ("--freight",), reason="allowance"),
    Row.REFUND_PART: Way("refund_only", ("--refund", str(REFUND)), money=-REFUND, reason="allowance"),
    Row.RETURN_FULL: Way("return", ("--freight",)),
    Row.RETURN_PART: Way("return", one=True),
    Row.EXCHANGE_SAME: Way("exchange", one=True),
    Row.EXCHANGE_NEW_FACE: Way("exchange", ("--goods", "加大号"), one=True),
    Row.EXCHANGE_DEARER: Way("exchange", ("--difference", str(MORE)), one=True, money=MORE),
    Row.EXCHANGE_CHEAPER: Way("exchange", ("--difference", str(LESS)), one=True, money=LESS),
    Row.EXCHANGE_CHEAPER_OTHER: Way("exchange", ("--difference", str(LESS), "--goods", "小号"), one=True, money=LESS),
    Row.REPAIR_FREE: Way("repair", used=False),
    Row.REPAIR_PAID: Way("repair", ("--fee", str(FEE)), money=FEE, used=False),
    Row.RESHIP: Way("reship", used=False),
    Row.GOODWILL: Way("compensate", ("--as", "goodwill")),
    Row.PLATFORM_PAYS: Way("compensate", ("--as", "platform")),
    Row.TITLE_CHANGE: Way("", reason="wrong", used=False),
}
_ALL_BACK = (Row.REFUND_FULL, Row.RETURN_FULL)
_ALL_AS_IT_WAS = (Row.EXCHANGE_SAME, Row.TITLE_CHANGE)


@dataclass(frozen=True)
class Settled:
    """A sale that is settled in a cell of the table."""

    row: Row
    column: Column
    sale: Sale


@contextmanager
def settled_tables(folder: Path, *rows: Row) -> Iterator[dict[str, Table]]:
    """Every cell of these rows, settled in a shop for each account."""
    with ExitStack() as stack:
        shops = {account: stack.enter_context(open_shop(folder / account, account)) for account in ACCOUNTS}
        yield {account: Table(shop, cells_of(account, *rows)) for account, shop in shops.items()}


class Table:
    """Cells, each settled on a sale of its own in one shop, until nothing moves."""

    def __init__(self, shop: Shop, cells: Sequence[Cell]) -> None:
        self.settled = {cell: Settled(*cell, shop.sale(cell[1] in SPECIAL)) for cell in cells}
        place(shop, [Placed(each.sale, each.column, not WAYS[each.row].used) for each in self.settled.values()])
        self._told = _settle_all(shop, list(self.settled.values()))
        self.seen = shop.until_quiet()
        self.strangers = self.seen.strangers([each.sale for each in self.settled.values()])
        self._notes = _notes(shop, [str(each["invoice"]) for each in self.seen.all_books])

    def check(self, cell: Cell) -> None:
        """What the command told, the tax bureau's ledger to the cent, the store beside it, and who owes what."""
        settled = self.settled[cell]
        sale, letters = settled.sale, LETTERS[cell]
        _check_told(self._told[sale.order_id], cell)
        final = LETTERS[settled.row, Column.ORDINARY] if letters == "H" else letters
        found, expected = self.seen.ledger(sale), [*_before(settled), *_expected(settled, final)]
        assert found == expected, (found, expected)
        self.seen.check_books(sale)
        assert self.seen.tasks(sale) == (["invoice_finance"] if final == "F" else [])
        assert self._notes.get(sale.order_id, []) == (["endorsed"] if final == "E" else [])
        if _squares(settled, final):
            assert self.seen.billed(sale) == _owed(settled)


def _settle_all(shop: Shop, cells: Sequence[Settled]) -> dict[str, dict[str, Any]]:
    """Open all cases, and settle those with the same facts in one batch; what was told, by order."""
    numbers = _cases(shop, [(WAYS[each.row], each.sale) for each in cells if WAYS[each.row].kind])
    batches: dict[tuple[str, ...], list[str]] = {}
    for each in cells:
        number = numbers.get(each.sale.order_id, each.sale.order_id)
        batches.setdefault(_command(each), []).append(number)
    told = [shop.ask("invoice", verb, *rows, *facts, "--yes") for (verb, *facts), rows in batches.items()]
    return {str(record["order_id"]): record for records in told for record in records}


def _command(settled: Settled) -> tuple[str, ...]:
    """What is told to settle a sale. Where a part was reversed before, nobody but the operator knows what goods are worth now."""
    row, column, way = settled.row, settled.column, WAYS[settled.row]
    if not way.kind:
        return ("retitle", *_NEW_BUYER)
    facts = [*way.facts, *(["--used"] if way.used and column in USED else [])]
    if row is Row.RETURN_PART and column is Column.PARTLY_REVERSED:
        facts += ["--refund", str(sums(_off(settled)).gross)]
    if row is Row.REPAIR_PAID and column is Column.NONE:
        facts += ["--title", PERSON]
    return ("settle", *facts)


def _cases(shop: Shop, wanted: Sequence[tuple[Way, Sale]]) -> dict[str, str]:
    """Approved cases whose goods are there: their numbers, by order."""
    rows = [f"{sale.order_id},{way.kind},quality,{_line(way, sale)}" for way, sale in wanted]
    if not rows:
        return {}
    opened = shop.ask("rma", "open", "--from", shop.table("order,kind,reason,line", *rows))
    numbers = {str(record["order_id"]): str(record["rma"]) for record in opened}
    shop.ask("rma", "approve", *numbers.values())
    back = [numbers[sale.order_id] for way, sale in wanted if way.kind in COMES_BACK]
    if back:
        shop.ask("rma", "scan", *back, "--receive")
    return numbers


def _line(way: Way, sale: Sale) -> str:
    return f"{sale.line['sku']}=1" if way.one else ""


def _notes(shop: Shop, invoices: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in shop.ask("invoice", "show", *invoices):
        found.setdefault(str(each["order_id"]), []).extend(str(note["kind"]) for note in each["notes"])
    return found


def _check_told(told: Mapping[str, Any], cell: Cell) -> None:
    """The record names row, column and steps, and says in one line why."""
    row, column = cell
    named = (row.value, column.value, " ".join(STEPS[LETTERS[cell]]))
    assert (told["resolution"], told["standing"], told["steps"]) == named
    assert told["error_code"] is None
    assert told["why"].count(": ") == 1
    assert "\n" not in told["why"]


def _before(settled: Settled) -> list[Entry]:
    """What the bureau had when the sale was settled, or issued meanwhile."""
    sale, column = settled.sale, settled.column
    if column in (Column.NONE, Column.QUEUED):
        return []
    issued = blue(sale, sale.bill)
    if column is Column.PARTLY_REVERSED:
        return [issued, red(sale, amount_off(sale.bill, EARLIER), "partial", "allowance")]
    return [issued, red(sale, sale.bill, "full", "return")] if column is Column.REVERSED else [issued]


def _expected(settled: Settled, letters: str) -> list[Entry]:
    """What the letters of a cell add to the bureau's ledger."""
    row, sale, reason = settled.row, settled.sale, WAYS[settled.row].reason
    bill, left = sale.bill, _left(settled)
    all_red = red(sale, left, "full" if left is bill else "partial", reason)
    unsent = [blue(sale, bill)] if settled.column is Column.QUEUED else []
    made: dict[str, Callable[[], list[Entry]]] = {
        "N": lambda: unsent,
        "E": list,
        "F": list,
        "Q cancel": list,
        "Q shrink": lambda: [blue(sale, _stays(settled))],
        "Q replace": lambda: [blue(sale, _new(settled))],
        "Q edit": lambda: [blue(sale, bill, NEW_TITLE)],
        "FR": lambda: [all_red],
        "FR+B": lambda: [all_red, blue(sale, _stays(settled))],
        "FR+X": lambda: [all_red, blue(sale, _new(settled))],
        "FR+T": lambda: [all_red, blue(sale, anew(bill), NEW_TITLE)],
        "PR goods": lambda: [red(sale, _off(settled), "partial", "return")],
        "PR amount": lambda: [red(sale, _off(settled), "partial", "allowance")],
        "S": lambda: [blue(sale, _new(settled), NEW_TITLE if row is Row.TITLE_CHANGE else "")],
        "S fee": lambda: [blue(sale, (of_gross("fee", FEE, GOODS_RATE),)), *unsent],
    }
    return made[letters]()


def _left(settled: Settled) -> Bill:
    """What of the first invoice stands when the sale is settled."""
    bill = settled.sale.bill
    return less(bill, amount_off(bill, EARLIER)) if settled.column is Column.PARTLY_REVERSED else bill


def _off(settled: Settled) -> Bill:
    """What of it does not stand any more."""
    row, left, line = settled.row, _left(settled), str(settled.sale.line["line_id"])
    if row is Row.RETURN_PART:
        return goods_off(left, line, 1)
    if row is Row.REFUND_PART:
        return amount_off(left, REFUND)
    return amount_off(left, -LESS, line)


def _stays(settled: Settled) -> Bill:
    return anew(less(settled.sale.bill, _off(settled)))


def _new(settled: Settled) -> Bill:
    """The new content: the goods as they are now, or all as it was."""
    sale = settled.sale
    if settled.row in _ALL_AS_IT_WAS:
        return anew(sale.bill)
    return exchanged(sale.bill, str(sale.line["line_id"]), WAYS[settled.row].money)


def _squares(settled: Settled, letters: str) -> bool:
    """Whether the invoices must come to what the customer paid: not where nobody wanted one, finance decides, or all of it was
    reversed before for a reason that no row knows."""
    lost = settled.column is Column.REVERSED and letters != "S" and settled.row not in _ALL_BACK
    return settled.column is not Column.NONE and letters != "F" and not lost


def _owed(settled: Settled) -> Decimal:
    """What the customer has paid and not got back."""
    if settled.row in _ALL_BACK:
        return _NOTHING
    earlier = EARLIER if settled.column is Column.PARTLY_REVERSED else _NOTHING
    returned = sums(_off(settled)).gross if settled.row is Row.RETURN_PART else _NOTHING
    return settled.sale.paid - earlier - returned + WAYS[settled.row].money
