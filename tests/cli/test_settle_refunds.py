"""``asctl invoice settle`` for money that goes back, with goods or without: the first four rows of the decision table, driven
against the sandbox; the tax bureau's ledger is compared to the cent."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from asctl.domain.settlements import Resolution, Standing
from tests.invoice_support import ACCOUNTS
from tests.settlement_cells import Table, settled_tables
from tests.settlement_standings import EARLIER, a_sale, apply_for
from tests.settlement_sums import FREIGHT, amount_off, anew, goods_off, less
from tests.settlement_support import Shop, blue, open_shop, red
from tests.settlement_table import Cell, each_cell

pytestmark = pytest.mark.storeless

ROWS = (Resolution.REFUND_FULL, Resolution.REFUND_PART, Resolution.RETURN_FULL, Resolution.RETURN_PART)


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


@pytest.mark.parametrize(("account", "cell"), each_cell(*ROWS))
def test_each_cell(tables: dict[str, Table], account: str, cell: Cell) -> None:
    """Section 11: money back takes as much from the invoice, red first, and what stays is billed once."""
    tables[account].check(cell)


@pytest.mark.parametrize("account", ACCOUNTS)
def test_nothing_else_was_issued(tables: dict[str, Table], account: str) -> None:
    """The tax bureau heard of no invoice that is not in the books."""
    assert tables[account].strangers == []


def test_freight_stays_billed(shop: Shop) -> None:
    """Cross rule 6: all goods come back, the freight is not refunded, so it is billed anew and alone."""
    sale = a_sale(shop, Standing.ORDINARY, freight=True)
    settled = shop.settle(shop.open_case(sale, "return"))
    assert settled.record["resolution"] == "return_part", settled
    seen = shop.until_quiet()
    freight = tuple(share for share in sale.bill if share.line == FREIGHT)
    expected = [blue(sale, sale.bill), red(sale, sale.bill, "full", "return"), blue(sale, anew(freight))]
    assert seen.ledger(sale) == expected
    assert seen.billed(sale) == Decimal(sale.order["freight"])


def test_freight_that_is_refunded(shop: Shop) -> None:
    """Cross rule 6: with ``--freight`` nothing stays billed."""
    sale = a_sale(shop, Standing.ORDINARY, freight=True)
    assert shop.settle(shop.open_case(sale, "return"), "--freight").record["resolution"] == "return_full"
    assert shop.until_quiet().billed(sale) == 0


def test_before_it_was_sent_out(shop: Shop) -> None:
    """A full refund of what never left is a return; of what was sent out, an allowance."""
    sale = shop.sale(status="to_ship")
    apply_for(shop, [sale])
    shop.until_quiet()
    shop.settle(shop.open_case(sale, "refund_only"), "--freight")
    assert shop.until_quiet().ledger(sale)[1:] == [red(sale, sale.bill, "full", "return")]


def test_a_price_reduction(shop: Shop) -> None:
    """A compensation that is booked as a price reduction is a refund in part."""
    sale = a_sale(shop, Standing.ORDINARY)
    case = shop.open_case(sale, "compensate")
    settled = shop.settle(case, "--as", "price_reduction", "--refund", "8.88").record
    assert (settled["resolution"], settled["billed"]) == ("refund_part", str(sale.paid - Decimal("8.88")))
    stays = anew(less(sale.bill, amount_off(sale.bill, Decimal("8.88"))))
    assert shop.until_quiet().ledger(sale)[1:] == [red(sale, sale.bill, "full", "allowance"), blue(sale, stays)]


def test_a_return_refunded_otherwise(shop: Shop) -> None:
    """Goods that come back damaged are refunded with less than their share: the invoice follows the money."""
    sale = a_sale(shop, Standing.ORDINARY)
    case = shop.open_case(sale, "return", f"{sale.line['sku']}=1")
    (share,) = goods_off(sale.bill, str(sale.line["line_id"]), 1)
    refund = share.gross - Decimal("1.23")
    assert shop.settle(case, "--refund", str(refund)).record["resolution"] == "return_part"
    assert shop.until_quiet().billed(sale) == sale.paid - refund


def test_goods_that_are_not_back(shop: Shop) -> None:
    """The invoice of a return is revised after its goods were received; ``--unseen`` says that they need not come."""
    sale = a_sale(shop, Standing.ORDINARY)
    opened = shop.ask("rma", "open", sale.order_id, "--kind", "return", "--reason", "quality")
    case = str(opened[0]["rma"])
    assert shop.settle(case).record["error_code"] == "rma_not_approved"
    shop.ask("rma", "approve", case)
    assert shop.settle(case, "--freight").record["error_code"] == "goods_not_received"
    assert shop.until_quiet().states(sale) == ["blue issued"]
    assert shop.settle(case, "--freight", "--unseen").code == 0
    assert shop.until_quiet().billed(sale) == 0


def test_more_than_is_left(shop: Shop) -> None:
    """A refund above what the invoice bills is refused with both numbers, before anything is sent."""
    sale = a_sale(shop, Standing.ORDINARY)
    case = shop.open_case(sale, "refund_only")
    asked = sale.paid + Decimal("0.01")
    refused = shop.settle(case, "--refund", str(asked))
    assert refused.record["error_code"] == "exceeds_rest"
    assert str(asked) in refused.err
    assert shop.until_quiet().states(sale) == ["blue issued"]


def test_what_the_marketplace_says(shop: Shop) -> None:
    """Where the customer's application is about another sum than the goods' share, the operator must say which it is."""
    sale = a_sale(shop, Standing.ORDINARY)
    told = {"shop": "flagship", "order_id": sale.order_id, "kind": "refund_only"}
    asked = Decimal(shop.sandbox.control("POST", "aftersales", told)["amount"])
    shop.pass_time(60)
    shop.ask("aftersale", "sync")
    case = shop.open_case(sale, "refund_only", f"{sale.line['sku']}=1")
    silent = shop.settle(case)
    share = goods_off(sale.bill, str(sale.line["line_id"]), 1)[0].gross
    if asked != share:
        assert silent.record["error_code"] == "refund_missing"
        assert f"--refund {asked}" in silent.err
        assert shop.settle(case, "--refund", str(asked)).code == 0
    assert shop.until_quiet().billed(sale) == sale.paid - asked


def test_goods_that_were_reduced_before(shop: Shop) -> None:
    """Where a part was reversed before, nobody can tell what goods were refunded with: the operator says it."""
    sale = a_sale(shop, Standing.PARTLY_REVERSED)
    case = shop.open_case(sale, "return", f"{sale.line['sku']}=1")
    left = less(sale.bill, amount_off(sale.bill, EARLIER))
    share = goods_off(left, str(sale.line["line_id"]), 1)
    silent = shop.settle(case)
    assert silent.record["error_code"] == "refund_missing"
    assert f"--refund {share[0].gross}" in silent.err
    assert shop.settle(case, "--refund", str(share[0].gross)).code == 0
    assert shop.until_quiet().ledger(sale)[2:] == [red(sale, share, "partial", "return")]
