"""``asctl invoice settle`` for exchanges: five rows of the decision table, driven against the sandbox; the tax bureau's ledger is
compared to the cent."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from asctl.domain.settlements import Resolution, Standing
from tests.invoice_support import ACCOUNTS
from tests.settlement_cells import Table, settled_tables
from tests.settlement_standings import a_sale
from tests.settlement_sums import anew, exchanged, goods_off, less, of_gross
from tests.settlement_support import Sale, Shop, blue, open_shop, red
from tests.settlement_table import Cell, each_cell

ROWS = (
    Resolution.EXCHANGE_SAME,
    Resolution.EXCHANGE_NEW_FACE,
    Resolution.EXCHANGE_DEARER,
    Resolution.EXCHANGE_CHEAPER,
    Resolution.EXCHANGE_CHEAPER_OTHER,
)

pytestmark = pytest.mark.storeless
BOOK_CODE, BOOK_RATE = "1060201000000000000", Decimal("0.09")


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Table]]:
    """Every cell, settled."""
    with settled_tables(tmp_path_factory.mktemp("tables"), *ROWS) as settled:
        yield settled


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop for all tests of this file."""
    with open_shop(tmp_path_factory.mktemp("shop"), "nuonuo") as opened:
        yield opened


def exchange(shop: Shop, sale: Sale) -> str:
    """An approved case about one unit."""
    return shop.open_case(sale, "exchange", f"{sale.line['sku']}=1")


def last_lines(shop: Shop, sale: Sale) -> list[dict[str, Any]]:
    """The rows of a sale's newest invoice, as the store has them."""
    found: list[dict[str, Any]] = shop.ask("invoice", "show", sale.order_id)[-1]["lines"]
    return found


@pytest.mark.parametrize(("account", "cell"), each_cell(*ROWS))
def test_each_cell(tables: dict[str, Table], account: str, cell: Cell) -> None:
    """Section 11: an exchange endorses the invoice, or has it issued anew with the goods and the price as they are now."""
    tables[account].check(cell)


@pytest.mark.parametrize("account", ACCOUNTS)
def test_nothing_else_was_issued(tables: dict[str, Table], account: str) -> None:
    """The tax bureau heard of no invoice that is not in the books."""
    assert tables[account].strangers == []


@pytest.mark.parametrize("column", [Standing.SPECIAL, Standing.SPECIAL_USED])
def test_a_special_one_with_leave(shop: Shop, column: Standing) -> None:
    """A special invoice is issued with a new face once finance has agreed; who that was is on record."""
    sale = a_sale(shop, column)
    case = exchange(shop, sale)
    assert shop.settle(case, "--goods", "加大号").record["steps"] == "ask_finance"
    settled = shop.settle(case, "--goods", "加大号", "--approved-by", "财务甲")
    assert (settled.code, settled.record["steps"]) == (0, "reverse_all reissue_new"), settled
    new = exchanged(sale.bill, str(sale.line["line_id"]), Decimal("0.00"))
    assert shop.until_quiet().ledger(sale)[-2:] == [red(sale, sale.bill, "full", "return"), blue(sale, new)]


def test_the_new_name(shop: Shop) -> None:
    """What went out instead stands on the new invoice by its name; what was kept stands there as it was."""
    sale = a_sale(shop, Standing.ORDINARY)
    assert shop.settle(exchange(shop, sale), "--goods", "加大号").code == 0
    shop.until_quiet()
    names = [str(line["name"]) for line in last_lines(shop, sale)]
    assert "加大号" in names
    kept = int(sale.line["quantity"]) > 1
    assert (sale.line["title"] in names) is kept


def test_goods_of_another_rate(shop: Shop) -> None:
    """An SKU that is taxed otherwise is billed with its own category and rate; the sums still agree to the cent."""
    shop.ask("goods", "set", "BOOK-1", "--code", BOOK_CODE, "--rate", str(BOOK_RATE), "--name", "画册")
    sale = a_sale(shop, Standing.ORDINARY)
    assert shop.settle(exchange(shop, sale), "--sku", "BOOK-1", "--difference", "3.21").code == 0
    line = str(sale.line["line_id"])
    (unit,) = goods_off(sale.bill, line, 1)
    book = of_gross("book", unit.gross + Decimal("3.21"), BOOK_RATE)
    seen = shop.until_quiet()
    assert seen.ledger(sale)[-1] == blue(sale, (*anew(less(sale.bill, (unit,))), book))
    assert seen.billed(sale) == sale.paid + Decimal("3.21")
    assert ("画册", str(BOOK_RATE)) in [(line["name"], line["rate"]) for line in last_lines(shop, sale)]


def test_which_line_is_dearer(shop: Shop) -> None:
    """A case about several articles cannot tell which of them has another price: nothing is reversed on a guess."""
    sale = shop.sale()
    while len(sale.order["lines"]) < 2:
        sale = shop.sale()
    shop.ask("invoice", "request", sale.order_id, "--title", sale.title)
    shop.until_quiet()
    refused = shop.settle(shop.open_case(sale, "exchange"), "--difference", "5.00")
    assert refused.record["error_code"] == "which_line"
    assert shop.until_quiet().states(sale) == ["blue issued"]


def test_a_difference_above_the_price(shop: Shop) -> None:
    """More cannot go back for exchanged goods than they were billed with."""
    sale = a_sale(shop, Standing.ORDINARY)
    refused = shop.settle(exchange(shop, sale), "--difference", "-100000.00", "--goods", "小号")
    assert (refused.code, refused.record["error_code"]) == (3, "exceeds_rest")
    assert shop.until_quiet().states(sale) == ["blue issued"]


def test_a_fact_of_another_kind(shop: Shop) -> None:
    """What means nothing for an exchange is refused by name, not passed over."""
    sale = a_sale(shop, Standing.ORDINARY)
    refused = shop.settle(exchange(shop, sale), "--refund", "5.00")
    assert refused.record["error_code"] == "fact_out_of_place"
    assert "refund" in refused.err
