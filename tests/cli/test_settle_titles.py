"""``asctl invoice retitle``: the last row of the decision table, driven against the sandbox."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from asctl.domain.settlements import Resolution, Standing
from tests.invoice_support import ACCOUNTS, COMPANY, TAX_ID, customer_applies
from tests.settlement_cells import NEW_TAX_ID, NEW_TITLE, Table, settled_tables
from tests.settlement_standings import a_sale
from tests.settlement_sums import anew
from tests.settlement_support import Shop, blue, open_shop, red
from tests.settlement_table import Cell, each_cell

pytestmark = pytest.mark.storeless

ROWS = (Resolution.TITLE_CHANGE,)
NEW = ("--title", NEW_TITLE, "--tax-id", NEW_TAX_ID)


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
    """Section 11: what is queued is changed, what is issued is reversed in full as wrong and issued anew."""
    tables[account].check(cell)


@pytest.mark.parametrize("account", ACCOUNTS)
def test_nothing_else_was_issued(tables: dict[str, Table], account: str) -> None:
    """The tax bureau heard of no invoice that is not in the books."""
    assert tables[account].strangers == []


def test_the_same_title_twice(shop: Shop) -> None:
    """The same wish again is known: one red invoice, one new one."""
    sale = a_sale(shop, Standing.ORDINARY)
    shop.ask("invoice", "retitle", sale.order_id, *NEW, "--yes")
    again = shop.asctl("invoice", "retitle", sale.order_id, *NEW, "--yes")
    assert (again.code, again.record["status"]) == (0, "skipped"), again
    seen = shop.until_quiet()
    assert seen.states(sale) == ["blue reversed", "red issued", "blue issued"]
    assert shop.asctl("invoice", "retitle", sale.order_id, *NEW, "--yes").record["status"] == "skipped"
    assert shop.until_quiet().billed(sale) == sale.paid


def test_a_title_after_the_other(shop: Shop) -> None:
    """Another title later is another change: red and blue once more."""
    sale = a_sale(shop, Standing.ORDINARY)
    shop.ask("invoice", "retitle", sale.order_id, *NEW, "--yes")
    shop.until_quiet()
    shop.ask("invoice", "retitle", sale.order_id, "--title", COMPANY, "--tax-id", TAX_ID, "--yes")
    seen = shop.until_quiet()
    assert [entry.title for entry in seen.ledger(sale) if entry.colour == "blue"] == [sale.title, NEW_TITLE, COMPANY]
    assert seen.billed(sale) == sale.paid


def test_the_customer_applies_with_another_title(shop: Shop) -> None:
    """Section 12: an application with another title for a sale that is billed becomes a task; the change takes the title from the
    marketplace."""
    sale = a_sale(shop, Standing.ORDINARY)
    customer_applies(shop.sandbox, sale.order_id, NEW_TITLE, tax_id=NEW_TAX_ID)
    shop.asctl("invoice", "sync", sale.order_id)
    (task,) = shop.ask("task", "list", "--kind", "invoice_retitle", "--order", sale.order_id)
    shop.ask(*str(task["next"]).removeprefix("asctl ").split(), "--yes")
    seen = shop.until_quiet()
    assert seen.ledger(sale)[1:] == [red(sale, sale.bill, "full", "wrong"), blue(sale, anew(sale.bill), NEW_TITLE)]
    assert seen.tasks(sale) == []


def test_a_wrong_tax_id(shop: Shop) -> None:
    """A tax ID that cannot be right is refused before the old invoice is touched."""
    sale = a_sale(shop, Standing.ORDINARY)
    refused = shop.asctl(
        "invoice", "retitle", sale.order_id, "--title", COMPANY, "--tax-id", f"{TAX_ID[:-1]}9", "--yes"
    )
    assert (refused.code, refused.record["error_code"]) == (3, "tax_id_checksum")
    assert shop.until_quiet().states(sale) == ["blue issued"]
