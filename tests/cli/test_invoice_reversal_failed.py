"""A reversal of a settled case that comes to nothing: the case keeps the invoice until it is asked for anew or given up, and the
same goods are never reversed twice."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from tests.invoice_support import ACCOUNTS
from tests.settled_sales import (
    REDUCED,
    forms_about,
    issued_sale,
    last_red,
    next_of,
    one_unit,
    reduced,
    refuse,
    share_of,
    under_way,
)
from tests.settlement_standings import apply_for, place_fate
from tests.settlement_sums import NOTHING
from tests.settlement_support import Sale, Seen, Shop, open_shop

pytestmark = pytest.mark.storeless

MORE = Decimal("30.00")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop for all tests of this file that are about one provider."""
    with open_shop(tmp_path_factory.mktemp("shop"), "nuonuo") as opened:
        yield opened


def refused_return(shop: Shop) -> tuple[Sale, str]:
    """One unit of a sale came back, and the buyer, who used the invoice, refused its reversal."""
    sale = issued_sale(shop, used=True)
    case = shop.open_case(sale, "return", one_unit(sale))
    assert shop.settle(case, "--used").code == 0
    refuse(shop, sale)
    return sale, case


def refused_exchange(shop: Shop) -> tuple[Sale, str]:
    """A dearer exchange, whose new invoice waits for a reversal that the buyer refused."""
    sale = issued_sale(shop, used=True)
    case = shop.open_case(sale, "exchange", one_unit(sale))
    assert shop.settle(case, "--difference", str(MORE), "--used").code == 0
    refuse(shop, sale)
    return sale, case


def issued_reds(seen: Seen, sale: Sale) -> int:
    """How many red invoices of a sale there are at the tax bureau."""
    return sum(entry.colour == "red" for entry in seen.ledger(sale))


def test_not_reversed_by_hand_beside_it(shop: Shop) -> None:
    """The goods of such a case are not reversed by hand as well: the case comes first. Settled once more it asks the buyer anew,
    and in the end there is one red invoice, over what came back."""
    sale, case = refused_return(shop)
    by_hand = ("--reason", "return", "--line", one_unit(sale), "--used", "--yes")
    refused = shop.asctl("invoice", "reverse", sale.order_id, *by_hand)
    assert (refused.code, refused.codes()) == (3, ["reversal_failed"])
    assert f"asctl invoice settle {case} --yes" in refused.err
    assert shop.settle(case).record["status"] == "done"
    assert shop.settle(case).record["status"] == "skipped"
    seen = shop.until_quiet()
    assert (issued_reds(seen, sale), seen.billed(sale)) == (1, sale.paid - share_of(sale))
    assert seen.tasks(sale) == []


def test_no_other_case_overtakes_it(shop: Shop) -> None:
    """Another case of the same sale is refused until the first is done; then both are on the invoice, to the cent."""
    sale, first = refused_exchange(shop)
    second = shop.open_case(sale, "compensate")
    facts = (*REDUCED, "--refund", "10.00")
    refused = shop.settle(second, *facts)
    assert (refused.code, refused.codes()) == (3, ["reversal_failed"])
    assert first in refused.err
    assert shop.settle(first).code == 0
    assert shop.until_quiet().billed(sale) == sale.paid + MORE
    assert shop.settle(second, *facts).code == 0
    seen = shop.until_quiet()
    assert (seen.billed(sale), seen.tasks(sale)) == (sale.paid + MORE - 10, [])
    seen.check_books(sale)


def test_given_up(shop: Shop) -> None:
    """``invoice cancel`` gives the reversal up, and with it the new invoice that waited: other cases go through, nothing is left in
    the queue, and the case is not settled a second time."""
    sale, case = refused_exchange(shop)
    red = last_red(shop, sale)["invoice"]
    assert shop.ask("invoice", "cancel", str(red))[0]["state"] == "cancelled"
    assert Seen(shop).states(sale) == ["blue issued", "red cancelled", "blue cancelled"]
    reduced(shop, sale, "10.00")
    seen = shop.until_quiet()
    assert seen.billed(sale) == sale.paid - 10
    assert shop.settle(case).record["status"] == "skipped"
    assert shop.until_quiet().ledger(sale) == seen.ledger(sale)


def test_a_second_refusal(shop: Shop) -> None:
    """The buyer refuses once more: the case still comes first, and a third form goes through."""
    sale, case = refused_return(shop)
    assert shop.settle(case).code == 0
    refuse(shop, sale)
    by_hand = ("--reason", "allowance", "--amount", "5.00", "--used", "--yes")
    assert shop.asctl("invoice", "reverse", sale.order_id, *by_hand).codes() == ["reversal_failed"]
    assert shop.settle(case).code == 0
    seen = shop.until_quiet()
    assert (issued_reds(seen, sale), seen.billed(sale)) == (1, sale.paid - share_of(sale))
    assert len({form["reference"] for form in forms_about(shop, sale)}) == 3


@pytest.mark.parametrize("account", ACCOUNTS)
def test_a_red_one_under_a_good_form(tmp_path_factory: pytest.TempPathFactory, account: str) -> None:
    """The form is granted, and its red invoice is not issued. It counts as taken: no second form is applied for, neither by settle
    nor by hand, and the command that the task names has it tried again under the first one."""
    with open_shop(tmp_path_factory.mktemp("shop"), account) as shop:
        sale = issued_sale(shop)
        case = shop.open_case(sale, "return")
        assert shop.settle(case).code == 0
        place_fate(shop, "fail", str(last_red(shop, sale)["serial"]))
        for _run in range(3):
            shop.cron()
        red = last_red(shop, sale)
        assert (red["state"], len(forms_about(shop, sale))) == ("issuing", 1)
        assert shop.settle(case).record["status"] == "skipped"
        by_hand = shop.asctl("invoice", "reverse", sale.order_id, "--reason", "return", "--again", "--yes")
        assert by_hand.codes() == ["reversal_under_way"]
        command = next_of(shop, sale, "invoice_failed")
        assert command == ["invoice", "issue", str(red["invoice"]), "--yes"]
        shop.ask(*command)
        seen = shop.until_quiet()
        assert (len(forms_about(shop, sale)), issued_reds(seen, sale), seen.billed(sale)) == (1, 1, NOTHING)
        assert seen.states(sale) == ["blue reversed", "red issued"]
        assert seen.tasks(sale) == []


def test_a_case_whose_invoice_was_changed_stays(shop: Shop) -> None:
    """A case for which the invoice was changed is not withdrawn: what it took off would stay off."""
    sale = issued_sale(shop, used=True)
    case = reduced(shop, sale, "5.00", "--used")
    assert shop.asctl("rma", "cancel", case, "--reason", "typed wrongly").codes() == ["invoice_settled"]
    assert shop.until_quiet().billed(sale) == sale.paid - 5


def test_a_withdrawn_case_is_held_no_more(shop: Shop) -> None:
    """A case that was held while the invoice was being issued can be withdrawn: nothing is reversed for it, and the runs of cron
    have nothing to complain about."""
    sale = under_way(shop)
    case = shop.open_case(sale, "refund_only")
    assert shop.settle(case, "--refund", "5.00").record["steps"] == "hold"
    assert shop.asctl("rma", "cancel", case, "--reason", "typed wrongly").code == 0
    assert [shop.cron().code for _run in range(3)] == [0, 0, 0]
    seen = shop.until_quiet()
    assert (seen.states(sale), seen.billed(sale), seen.tasks(sale)) == (["blue issued"], sale.paid, [])


def test_what_was_settled_in_the_queue_stays(shop: Shop) -> None:
    """The same for an application that bills less by now: the case stays, and so does what it took."""
    sale = shop.sale(freight=False)
    apply_for(shop, [sale])
    case = shop.open_case(sale, "refund_only")
    assert shop.settle(case, "--refund", "5.00").record["steps"] == "bill_less"
    assert shop.asctl("rma", "cancel", case, "--reason", "typed wrongly").codes() == ["invoice_settled"]
    assert shop.until_quiet().billed(sale) == sale.paid - 5
