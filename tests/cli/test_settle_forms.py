"""Red-letter forms of settled cases: who waits for whom, and for how long (reference/invoices.md sections 2.1, 2.4 and 11, cross
rule 8)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from asctl.domain.settlements import Standing
from tests.invoice_support import ACCOUNTS, buyer
from tests.settlement_standings import a_sale
from tests.settlement_sums import amount_off, anew, goods_off, less
from tests.settlement_support import Sale, Seen, Shop, blue, open_shop, red

pytestmark = pytest.mark.storeless

TRIED = {"ASCTL_INVOICE__PARTIAL_WHEN_UNUSED": "try_partial"}
HOUR = 3600
REFUND = ("--refund", "10.00")


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop of this test's own, since its clock goes days ahead."""
    with open_shop(tmp_path_factory.mktemp("shop"), "nuonuo") as opened:
        yield opened


@pytest.fixture(scope="module", params=ACCOUNTS)
def trying(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop that tries to reverse a part of what is not used."""
    with open_shop(tmp_path_factory.mktemp("shop"), request.param, **TRIED) as opened:
        yield opened


def waiting_for_the_buyer(shop: Shop, column: Standing = Standing.SPECIAL_USED) -> Sale:
    """A sale that was returned, whose buyer must confirm the form."""
    sale = a_sale(shop, column)
    assert shop.settle(shop.open_case(sale, "return"), "--freight").code == 0
    shop.cron()
    assert Seen(shop).books(sale)[-1]["form_state"] == "wait_buyer"
    return sale


def reminders(shop: Shop, sale: Sale, state: str = "open") -> list[str]:
    """What somebody is to tell the buyer of a sale, or was."""
    found = shop.ask("task", "list", "--kind", "invoice_confirm", "--order", sale.order_id, "--state", state)
    return [str(task["why"]) for task in found]


def number(shop: Shop, sale: Sale) -> str:
    """The bureau's number of its first invoice."""
    return str(Seen(shop).books(sale)[0]["number"])


def test_the_buyer_is_reminded(shop: Shop) -> None:
    """Cross rule 8: whoever reminds the buyer is told at once, and after 24, 48 and 66 hours; once each, however often cron runs,
    each time in the place of the last."""
    sale = waiting_for_the_buyer(shop)
    before, past = len(reminders(shop, sale, "done")), []
    for step in (23, 1, 1, 23, 17.9, 0.1):
        shop.cron(step * HOUR)
        past.append(len(reminders(shop, sale, "done")) - before)
        assert len(reminders(shop, sale)) == 1
    assert past == [0, 1, 1, 2, 2, 3]
    assert "5 hours are left" in reminders(shop, sale)[0]


def test_the_buyer_confirms(shop: Shop) -> None:
    """Once he confirms, the red invoice is issued, and nobody is to be reminded any more."""
    sale = waiting_for_the_buyer(shop)
    shop.cron(30 * HOUR)
    buyer(shop.sandbox, "confirm", number(shop, sale))
    seen = shop.until_quiet(confirm=False)
    assert seen.ledger(sale) == [blue(sale, sale.bill), red(sale, sale.bill, "full", "return")]
    assert seen.tasks(sale) == []


def test_a_form_that_lapses(shop: Shop) -> None:
    """Cross rule 8: after 72 hours the form is applied for again, under a number of its own, at most twice; then finance is
    asked. The invoice stands all the while."""
    sale = waiting_for_the_buyer(shop, Standing.ORDINARY_USED)
    before = len(Seen(shop).books(sale)) - 1
    for attempts in (2, 3):
        shop.cron(72 * HOUR)
        shop.until_quiet(confirm=False)
        seen = Seen(shop)
        assert seen.states(sale)[before:] == ["red cancelled"] * (attempts - 1) + ["red issuing"]
        assert len(reminders(shop, sale)) == 1
        assert seen.tasks(sale) == ["invoice_confirm"]
    shop.cron(72 * HOUR)
    seen = shop.until_quiet(confirm=False)
    reds = seen.books(sale)[before:]
    assert [each["state"] for each in reds] == ["cancelled", "cancelled", "failed"]
    assert len({each["serial"] for each in reds}) == 3
    assert seen.tasks(sale) == ["invoice_finance"]
    assert seen.ledger(sale) == [blue(sale, sale.bill)]
    assert [form["code"] for form in shop.sandbox.state()["forms"]][-3:] == ["07"] * 3


def test_the_second_form_is_confirmed(shop: Shop) -> None:
    """What waited for the lapsed form waits for the next: red first, then the new invoice."""
    sale = a_sale(shop, Standing.ORDINARY_USED)
    case = shop.open_case(sale, "exchange", f"{sale.line['sku']}=1")
    assert shop.settle(case, "--difference", "12.00").code == 0
    shop.cron()
    shop.cron(72 * HOUR)
    shop.until_quiet(confirm=False)
    buyer(shop.sandbox, "confirm", number(shop, sale))
    seen = shop.until_quiet(confirm=False)
    assert [entry.colour for entry in seen.ledger(sale)] == ["blue", "red", "blue"]
    assert seen.billed(sale) == sale.paid + 12
    assert seen.tasks(sale) == []


def test_the_buyer_refuses(shop: Shop) -> None:
    """A refused form is not applied for again by itself: finance is asked, the invoice stands, and the new one waits. Settled once
    more, after a talk with him, it goes through."""
    sale = a_sale(shop, Standing.ORDINARY_USED)
    case = shop.open_case(sale, "exchange", f"{sale.line['sku']}=1")
    assert shop.settle(case, "--difference", "12.00").code == 0
    shop.cron()
    buyer(shop.sandbox, "refuse", number(shop, sale))
    for _run in range(3):
        shop.cron()
    seen = Seen(shop)
    assert seen.states(sale)[-2:] == ["red failed", "blue waiting"]
    assert seen.ledger(sale) == [blue(sale, sale.bill)]
    assert seen.tasks(sale) == ["invoice_finance"]
    assert shop.settle(case, "--difference", "12.00").code == 0
    seen = shop.until_quiet()
    assert seen.billed(sale) == sale.paid + 12
    assert seen.tasks(sale) == []


def test_use_is_learned_from_the_form(shop: Shop) -> None:
    """Section 2.1: a seller cannot see the buyer's use before he applies; a form that waits for the buyer shows it."""
    sale = a_sale(shop, Standing.ORDINARY)
    buyer(shop.sandbox, "use", number(shop, sale))
    assert shop.settle(shop.open_case(sale, "refund_only"), *REFUND).record["standing"] == "ordinary"
    seen = shop.until_quiet()
    stays = anew(less(sale.bill, amount_off(sale.bill, Decimal("10.00"))))
    assert seen.ledger(sale)[1:] == [red(sale, sale.bill, "full", "allowance"), blue(sale, stays)]


def test_a_part_that_is_refused(trying: Shop) -> None:
    """Section 2.4: where the bureau reverses no part of an unused invoice, all of it is, and the rest is billed anew."""
    sale = a_sale(trying, Standing.ORDINARY)
    case = trying.open_case(sale, "return", f"{sale.line['sku']}=1")
    assert trying.settle(case).record["steps"] == "reverse_goods"
    seen = trying.until_quiet()
    stays = anew(less(sale.bill, goods_off(sale.bill, str(sale.line["line_id"]), 1)))
    assert seen.ledger(sale)[1:] == [red(sale, sale.bill, "full", "return"), blue(sale, stays)]
    assert seen.states(sale) == ["blue reversed", "red failed", "red issued", "blue issued"]
    assert seen.tasks(sale) == []


def test_a_part_that_goes_through(trying: Shop) -> None:
    """Section 2.4: where the bureau takes it, one red invoice over the part is all; finance has nothing to decide."""
    trying.sandbox.control("POST", "invoices", {"switch": "strict_full_when_unused", "on": False})
    goods, money = (a_sale(trying, Standing.SPECIAL) for _sale in range(2))
    assert trying.settle(trying.open_case(goods, "return", f"{goods.line['sku']}=1")).code == 0
    assert trying.settle(trying.open_case(money, "refund_only"), *REFUND).code == 0
    seen = trying.until_quiet()
    trying.sandbox.control("POST", "invoices", {"switch": "strict_full_when_unused", "on": True})
    returned = goods_off(goods.bill, str(goods.line["line_id"]), 1)
    assert seen.ledger(goods)[1:] == [red(goods, returned, "partial", "return")]
    assert seen.ledger(money)[1:] == [red(money, amount_off(money.bill, Decimal("10.00")), "partial", "allowance")]
    assert seen.states(goods) == seen.states(money) == ["blue partly_reversed", "red issued"]
