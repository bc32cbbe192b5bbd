"""Customers who apply at the marketplace a second time: the last application counts, and none is taken up twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.invoice_support import COMPANY, TAX_ID, customer_applies
from tests.settled_sales import living, next_of, sale_of_units
from tests.settlement_standings import place_fate
from tests.settlement_support import Sale, Seen, Shop, open_shop

RIGHT_ID = "91990000MA0BUYER2X"
FIRST, SECOND = "陈大文", "陈二文"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop for all tests of this file."""
    with open_shop(tmp_path_factory.mktemp("shop"), "nuonuo") as opened:
        yield opened


def applied(shop: Shop, sale: Sale, title: str, **told: object) -> dict[str, object]:
    """The customer applies, and the command asks; what it says."""
    customer_applies(shop.sandbox, sale.order_id, title, **told)
    return synced(shop, sale)


def synced(shop: Shop, sale: Sale) -> dict[str, object]:
    """The command asks what was applied for at one order, a minute later."""
    shop.pass_time(60)
    return shop.ask("invoice", "sync", sale.order_id)[0]


def bought_by(shop: Shop, sale: Sale) -> tuple[str, str, str]:
    """Whom its last blue invoice names, its tax ID, and where that stands."""
    shown = shop.ask("invoice", "show", str(living(shop, sale)["invoice"]), "--reveal")[0]
    return str(shown["title"]), str(shown["buyer_tax_id"]), str(shown["state"])


def test_corrected_after_a_failure(shop: Shop) -> None:
    """A company's tax ID was wrong, its invoice failed, and it applies again with the right one: that is taken up in its place, and
    the failed one is not tried again."""
    sale = sale_of_units(shop)
    applied(shop, sale, COMPANY, tax_id=TAX_ID)
    place_fate(shop, "fail", str(living(shop, sale)["serial"]))
    shop.until_quiet()
    assert living(shop, sale)["state"] == "failed"
    assert applied(shop, sale, COMPANY, tax_id=RIGHT_ID)["change"] == "applied"
    seen = shop.until_quiet()
    assert seen.states(sale) == ["blue cancelled", "blue issued"]
    assert bought_by(shop, sale) == (COMPANY, RIGHT_ID, "issued")
    assert seen.tasks(sale) == []


def test_a_failure_is_not_taken_up_again(shop: Shop) -> None:
    """The same application again brings nothing new: what failed waits for somebody."""
    sale = sale_of_units(shop)
    applied(shop, sale, FIRST)
    place_fate(shop, "fail", str(living(shop, sale)["serial"]))
    shop.until_quiet()
    assert synced(shop, sale)["status"] == "skipped"
    assert Seen(shop).states(sale) == ["blue failed"]


def test_corrected_in_the_queue(shop: Shop) -> None:
    """The same title with another tax ID while it is queued: the one invoice that is issued has the right one."""
    sale = sale_of_units(shop)
    applied(shop, sale, COMPANY, tax_id=TAX_ID)
    assert applied(shop, sale, COMPANY, tax_id=RIGHT_ID, email="new@example.invalid")["change"] == "retitled"
    seen = shop.until_quiet()
    assert (len(seen.ledger(sale)), bought_by(shop, sale)) == (1, (COMPANY, RIGHT_ID, "issued"))


def test_the_older_application_is_done_with(shop: Shop) -> None:
    """Two applications under two titles: the newer counts, however often the command asks, in the queue and after it is issued; no
    task wants the older title back."""
    sale = sale_of_units(shop)
    applied(shop, sale, FIRST)
    assert applied(shop, sale, SECOND)["change"] == "retitled"
    assert synced(shop, sale)["status"] == "skipped"
    shop.until_quiet()
    assert synced(shop, sale)["status"] == "skipped"
    seen = shop.until_quiet()
    assert ([entry.title for entry in seen.ledger(sale)], seen.tasks(sale)) == ([SECOND], [])


def test_another_title_once_it_is_issued(shop: Shop) -> None:
    """A newer application after the invoice is issued opens one task; its command changes the title, and the older application does
    not want it back."""
    sale = sale_of_units(shop)
    applied(shop, sale, FIRST)
    shop.until_quiet()
    assert applied(shop, sale, SECOND)["change"] == "title_wanted"
    assert synced(shop, sale)["status"] == "skipped"
    shop.ask(*next_of(shop, sale, "invoice_retitle"), "--yes")
    seen = shop.until_quiet()
    assert [entry.title for entry in seen.ledger(sale) if entry.colour == "blue"] == [FIRST, SECOND]
    assert synced(shop, sale)["status"] == "skipped"
    assert (Seen(shop).tasks(sale), seen.billed(sale)) == ([], sale.paid)
