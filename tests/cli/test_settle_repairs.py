"""``asctl invoice settle`` for repairs, reshipping and compensations: five rows of the decision table, driven against the sandbox.
Most of them leave the sale's invoice alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from asctl.domain.settlements import Resolution, Standing
from tests.invoice_support import ACCOUNTS, COMPANY, TAX_ID
from tests.settlement_cells import FEE, Table, settled_tables
from tests.settlement_standings import a_sale
from tests.settlement_sums import GOODS_RATE, of_gross
from tests.settlement_support import Shop, blue, open_shop
from tests.settlement_table import Cell, each_cell

ROWS = (
    Resolution.REPAIR_FREE,
    Resolution.REPAIR_PAID,
    Resolution.RESHIP,
    Resolution.GOODWILL,
    Resolution.PLATFORM_PAYS,
)

pytestmark = pytest.mark.storeless


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
    """Section 11: the sale's invoice stands; a fee has an invoice of its own; the platform's money changes nothing."""
    tables[account].check(cell)


@pytest.mark.parametrize("account", ACCOUNTS)
def test_nothing_else_was_issued(tables: dict[str, Table], account: str) -> None:
    """The tax bureau heard of no invoice that is not in the books."""
    assert tables[account].strangers == []


def test_the_paper_original_goes_back(shop: Shop) -> None:
    """R23: an original that came with the goods to repair is given back, which is a task with its number."""
    sale = a_sale(shop, Standing.ORDINARY)
    settled = shop.settle(shop.open_case(sale, "repair"), "--paper").record
    assert (settled["resolution"], settled["steps"]) == ("repair_free", "give_back")
    seen = shop.until_quiet()
    assert (seen.tasks(sale), seen.ledger(sale)) == (["invoice_give_back"], [blue(sale, sale.bill)])
    (task,) = shop.ask("task", "list", "--kind", "invoice_give_back", "--order", sale.order_id)
    assert str(seen.books(sale)[0]["number"]) in task["why"]


def test_a_fee_and_the_original(shop: Shop) -> None:
    """A paid repair bills its fee and gives the original back."""
    sale = a_sale(shop, Standing.SPECIAL)
    settled = shop.settle(shop.open_case(sale, "repair"), "--fee", str(FEE), "--paper").record
    assert settled["steps"] == "bill_fee give_back"
    seen = shop.until_quiet()
    assert seen.tasks(sale) == ["invoice_give_back"]
    assert seen.ledger(sale)[1:] == [blue(sale, (of_gross("fee", FEE, GOODS_RATE),))]


def test_a_fee_for_somebody(shop: Shop) -> None:
    """Without an invoice of the sale, whom the fee's is made out to must be told; a wrong tax ID is refused before anything is
    sent."""
    sale = a_sale(shop, Standing.NONE)
    case = shop.open_case(sale, "repair")
    assert shop.settle(case, "--fee", str(FEE)).record["error_code"] == "title_missing"
    wrong = shop.settle(case, "--fee", str(FEE), "--title", COMPANY, "--tax-id", f"{TAX_ID[:-1]}9")
    assert (wrong.code, wrong.record["status"]) == (3, "failed")
    assert TAX_ID[:-1] not in wrong.out + wrong.err
    assert shop.until_quiet().books(sale) == []
    assert shop.settle(case, "--fee", str(FEE), "--title", COMPANY, "--tax-id", TAX_ID).code == 0
    assert shop.until_quiet().ledger(sale) == [blue(sale, (of_gross("fee", FEE, GOODS_RATE),), COMPANY)]


def test_a_fee_beside_the_sale(shop: Shop) -> None:
    """The fee of a repair is not the sale: a return afterwards reverses the sale's invoice alone."""
    sale = a_sale(shop, Standing.ORDINARY)
    assert shop.settle(shop.open_case(sale, "repair"), "--fee", str(FEE)).code == 0
    shop.until_quiet()
    assert shop.settle(shop.open_case(sale, "return"), "--freight").code == 0
    seen = shop.until_quiet()
    assert seen.billed(sale) == FEE
    assert seen.states(sale) == ["blue reversed", "blue issued", "red issued"]


def test_what_a_compensation_is(shop: Shop) -> None:
    """A compensation whose place in the books nobody tells is not settled."""
    sale = a_sale(shop, Standing.ORDINARY)
    case = shop.open_case(sale, "compensate")
    refused = shop.settle(case)
    assert refused.record["error_code"] == "booked_as_missing"
    assert "--as goodwill" in refused.err
    assert shop.settle(case, "--as", "platform").record["steps"] == "nothing"
