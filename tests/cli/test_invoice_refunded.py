"""Money that went back is not billed again, whatever is done to the invoice afterwards; and it is taken from it once, to the
cent."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from tests.invoice_support import PERSON
from tests.settled_sales import issued_sale, living, one_unit, reduced, retitle, sale_of_units, share_of, use
from tests.settlement_standings import apply_for, place_fate
from tests.settlement_sums import NOTHING
from tests.settlement_support import Sale, Seen, Shop, open_shop

pytestmark = pytest.mark.storeless

OTHER = "陈大文"
NEW_SKU, NEW_NAME, MORE = "NEW-1", "新水壶", Decimal("30.00")
NEW_GOODS = ("--sku", NEW_SKU)
FINANCE = "李会计"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop for all tests of this file."""
    with open_shop(tmp_path_factory.mktemp("shop"), "nuonuo") as opened:
        opened.ask("goods", "set", NEW_SKU, "--code", "1090511030000000000", "--rate", "0.13", "--name", NEW_NAME)
        yield opened


def refunded_in_full(shop: Shop, sale: Sale) -> str:
    """All that was paid goes back, and the case is settled; its number."""
    case = shop.open_case(sale, "refund_only")
    assert shop.settle(case, "--refund", str(sale.paid)).code == 0
    assert shop.until_quiet().billed(sale) == 0
    return case


def failed_sale(shop: Shop) -> Sale:
    """A sale whose invoice its provider did not issue."""
    sale = sale_of_units(shop)
    apply_for(shop, [sale])
    place_fate(shop, "fail", str(living(shop, sale)["serial"]))
    shop.until_quiet()
    assert living(shop, sale)["state"] == "failed"
    return sale


def paid_back_without_a_case(shop: Shop, sale: Sale) -> Decimal:
    """The customer applies for his money at the marketplace, and somebody agrees to it there; how much went back."""
    told = {"shop": "flagship", "order_id": sale.order_id, "kind": "refund_only"}
    made = shop.sandbox.control("POST", "aftersales", told)
    shop.pass_time(60)
    shop.ask("aftersale", "sync")
    shop.ask("aftersale", "agree", str(made["after_sale_id"]), "--yes")
    shop.pass_time(60)
    shop.ask("aftersale", "sync")
    shop.ask("order", "sync")
    return Decimal(made["amount"])


def exchanged_unit(shop: Shop, *goods: str) -> Sale:
    """One unit of a sale was exchanged for a dearer one; the new invoice, which bills both, is used by its buyer."""
    sale = issued_sale(shop)
    case = shop.open_case(sale, "exchange", one_unit(sale))
    assert shop.settle(case, "--difference", str(MORE), *goods).code == 0
    assert shop.until_quiet().billed(sale) == sale.paid + MORE
    use(shop, sale)
    return sale


def confirmed_lines(shop: Shop, sale: Sale) -> list[tuple[str, Decimal]]:
    """The rows of its last red invoice at the tax bureau: name and sum."""
    shop.until_quiet()
    (serial,) = [each["serial"] for each in Seen(shop).books(sale) if each["colour"] == "red"][-1:]
    (there,) = [each for each in shop.sandbox.state()["invoices"] if each["serial"] == serial]
    return [(line["name"], Decimal(line["gross"])) for line in there["lines"]]


def test_a_new_title_after_a_full_refund(shop: Shop) -> None:
    """All was refunded and reversed: a change of title, and an exchange, bill nothing; finance is asked instead."""
    sale = issued_sale(shop)
    refunded_in_full(shop, sale)
    assert retitle(shop, sale, OTHER).record["steps"] == "bill_new"
    seen = shop.until_quiet()
    assert (seen.states(sale), seen.tasks(sale)) == (["blue reversed", "red issued"], ["invoice_finance"])
    case = shop.open_case(sale, "exchange", one_unit(sale))
    assert shop.settle(case, "--difference", "12.00").code == 0
    seen = shop.until_quiet()
    assert (seen.billed(sale), len(seen.books(sale))) == (NOTHING, 2)


def test_two_cases_that_took_all(shop: Shop) -> None:
    """A price reduction, then the goods for the rest: an exchange in kind afterwards does not bill the sale again."""
    sale = issued_sale(shop, used=True)
    reduced(shop, sale, "30.00", "--used")
    shop.until_quiet()
    back = shop.open_case(sale, "return")
    assert shop.settle(back, "--refund", str(sale.paid - 30)).code == 0
    assert shop.until_quiet().billed(sale) == 0
    assert shop.settle(shop.open_case(sale, "exchange", one_unit(sale))).code == 0
    seen = shop.until_quiet()
    assert (seen.billed(sale), seen.tasks(sale)) == (NOTHING, ["invoice_finance"])


def test_what_finance_is_to_decide_is_open(shop: Shop) -> None:
    """The rest was reversed by hand after a price reduction; what a part of the goods comes to then only finance can say, and until
    it does nothing is billed to a new application."""
    sale = issued_sale(shop, used=True)
    reduced(shop, sale, "5.00", "--used")
    shop.until_quiet()
    shop.ask("invoice", "reverse", sale.order_id, "--reason", "return", "--yes")
    assert shop.until_quiet().billed(sale) == 0
    case = shop.open_case(sale, "return", one_unit(sale))
    assert shop.settle(case, "--refund", "20.00").record["steps"] == "ask_finance"
    refused = shop.asctl("invoice", "request", sale.order_id, "--title", OTHER)
    assert (refused.code, refused.codes()) == (3, ["case_open"])
    assert case in refused.err
    assert shop.until_quiet().billed(sale) == 0


def test_goods_back_whose_invoice_was_reversed_by_hand(shop: Shop) -> None:
    """Finance reversed all by hand, and then the goods came back: neither a new application nor a new title bills any of them."""
    sale = issued_sale(shop)
    shop.ask("invoice", "reverse", sale.order_id, "--reason", "return", "--yes")
    assert shop.until_quiet().billed(sale) == 0
    assert shop.settle(shop.open_case(sale, "return")).record["steps"] == "nothing"
    assert shop.asctl("invoice", "request", sale.order_id, "--title", OTHER).codes() == ["nothing_to_bill"]
    assert retitle(shop, sale, OTHER).code == 0
    seen = shop.until_quiet()
    assert (seen.billed(sale), seen.tasks(sale)) == (NOTHING, ["invoice_finance"])


def test_a_failed_invoice_whose_money_went_back(shop: Shop) -> None:
    """A full refund drops an invoice that failed: it is not tried again."""
    sale = failed_sale(shop)
    number = living(shop, sale)["invoice"]
    assert shop.settle(shop.open_case(sale, "refund_only"), "--refund", str(sale.paid)).code == 0
    retried = shop.asctl("invoice", "issue", number, "--yes")
    assert (retried.code, retried.codes()) == (3, ["over"])
    seen = shop.until_quiet()
    assert (seen.ledger(sale), seen.states(sale), seen.tasks(sale)) == ([], ["blue cancelled"], [])


def test_a_failed_invoice_after_a_refund_in_part(shop: Shop) -> None:
    """After a refund in part another one takes its place, over what stays and under a number of its own; the failed one is not
    tried again as it was."""
    sale = failed_sale(shop)
    number = living(shop, sale)["invoice"]
    assert shop.settle(shop.open_case(sale, "refund_only"), "--refund", "5.00").code == 0
    assert shop.asctl("invoice", "issue", number, "--yes").codes()[0] == "over"
    seen = shop.until_quiet()
    assert seen.states(sale) == ["blue cancelled", "blue issued"]
    assert seen.billed(sale) == sale.paid - 5


def test_a_return_after_a_price_reduction(shop: Shop) -> None:
    """The goods are billed with less than they were sold for, so nobody can tell what goes back for a unit: it must be told, and
    with it the customer is billed what he paid and did not get back."""
    sale = issued_sale(shop)
    reduced(shop, sale, "20.00")
    shop.until_quiet()
    case = shop.open_case(sale, "return", one_unit(sale))
    silent = shop.settle(case)
    assert (silent.code, silent.codes()) == (3, ["refund_missing"])
    assert shop.settle(case, "--refund", str(share_of(sale))).code == 0
    assert shop.until_quiet().billed(sale) == sale.paid - 20 - share_of(sale)


def test_nothing_is_left_of_the_goods(shop: Shop) -> None:
    """All of a sale's money went back, and later the goods do, too: the case can be settled, with nothing."""
    sale = issued_sale(shop)
    refunded_in_full(shop, sale)
    settled = shop.settle(shop.open_case(sale, "return"), "--refund", "0")
    assert (settled.code, settled.record["steps"]) == (0, "nothing")
    assert shop.until_quiet().billed(sale) == 0


def test_the_exchanged_row_by_hand(shop: Shop) -> None:
    """After an exchange one line of the order stands in two rows: the SKU says which of them is reversed."""
    sale = exchanged_unit(shop, *NEW_GOODS)
    wish = ("--reason", "return", "--line", f"{NEW_SKU}=1", "--used", "--yes")
    dear = share_of(sale) + MORE
    assert shop.asctl("invoice", "reverse", sale.order_id, *wish).record["amount"] == f"-{dear}"
    assert confirmed_lines(shop, sale) == [(NEW_NAME, -dear)]


@pytest.mark.parametrize("dear", [False, True])
def test_a_return_of_one_of_two_rows(shop: Shop, dear: bool) -> None:
    """A return after that exchange says with ``--sku`` which goods come back; without it is refused, and the SKUs are told."""
    sale = exchanged_unit(shop, *NEW_GOODS)
    case = shop.open_case(sale, "return", one_unit(sale))
    silent = shop.settle(case, "--used")
    assert (silent.code, silent.codes()) == (3, ["which_goods"])
    old = str(sale.line["sku"])
    assert f"--sku {old}|{NEW_SKU}" in silent.err
    sku, name, worth = (NEW_SKU, NEW_NAME, MORE) if dear else (old, sale.line["title"], Decimal(0))
    refund = share_of(sale) + worth
    assert shop.settle(case, "--used", "--sku", sku, "--refund", str(refund)).code == 0
    assert confirmed_lines(shop, sale) == [(name, -refund)]


def test_a_return_of_one_of_two_prices(shop: Shop) -> None:
    """Exchanged for the same goods at a higher price, the unit stands in a row of its own under the same SKU: what is refunded says
    which of the two comes back."""
    sale = exchanged_unit(shop)
    case = shop.open_case(sale, "return", one_unit(sale))
    named, dear = ("--used", "--sku", str(sale.line["sku"])), share_of(sale) + MORE
    assert shop.settle(case, *named).codes() == ["refund_missing"]
    assert shop.settle(case, *named, "--refund", str(dear)).code == 0
    assert confirmed_lines(shop, sale) == [(sale.line["title"], -dear)]


def test_money_back_without_a_case(shop: Shop) -> None:
    """What the marketplace paid back without a case is not billed: the application is refused, and one that stood in the queue
    before waits, until a case says for what."""
    early, late = (sale_of_units(shop) for _sale in range(2))
    apply_for(shop, [early])
    amounts = {sale: paid_back_without_a_case(shop, sale) for sale in (early, late)}
    refused = shop.asctl("invoice", "request", late.order_id, "--title", PERSON)
    assert (refused.code, refused.codes()) == (3, ["refund_unsettled"])
    assert shop.asctl("invoice", "issue", early.order_id, "--yes").codes()[-1] == "refund_unsettled"
    shop.cron()
    assert shop.cron().code == 0
    assert (Seen(shop).states(early), Seen(shop).books(late)) == (["blue queued"], [])
    for sale, amount in amounts.items():
        opened = shop.ask("rma", "open", sale.order_id, "--kind", "refund_only", "--reason", "other")[0]["rma"]
        shop.ask("rma", "approve", str(opened))
        assert shop.settle(str(opened), "--refund", str(amount)).code == 0
    if amounts[late] < late.paid:
        apply_for(shop, [late])
    seen = shop.until_quiet()
    assert {sale: seen.billed(sale) for sale in amounts} == {sale: sale.paid - amounts[sale] for sale in amounts}


def test_finance_bills_it_all_the_same(shop: Shop) -> None:
    """``--force-by`` lets such an application go, and the trail says who agreed."""
    sale = sale_of_units(shop)
    paid_back_without_a_case(shop, sale)
    shop.ask("invoice", "request", sale.order_id, "--title", PERSON, "--force-by", FINANCE)
    assert shop.until_quiet().billed(sale) == sale.paid
    trail = [each for each in shop.ask("db", "audit") if each["what"] == "invoice request"]
    assert FINANCE in str(trail[0])
