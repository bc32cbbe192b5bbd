"""``asctl invoice settle`` beyond the single cell: what is decided once, what waits, and what is never lost (the cross rules of
reference/invoices.md section 11)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from asctl.domain.settlements import Standing
from tests.settlement_standings import a_sale, apply_for, place_fate
from tests.settlement_sums import amount_off, anew, less
from tests.settlement_support import MOVING, Sale, Seen, Shop, blue, open_shop, red

REFUND = Decimal("10.00")
PART = ("--refund", str(REFUND))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop for all tests of this file."""
    with open_shop(tmp_path_factory.mktemp("shop"), "nuonuo") as opened:
        yield opened


def under_way(shop: Shop, fate: str = "") -> Sale:
    """A sale whose invoice is being issued, and ends as its fate says."""
    sale = shop.sale()
    apply_for(shop, [sale])
    (queued,) = Seen(shop).books(sale)
    if fate:
        place_fate(shop, fate, str(queued["serial"]))
    shop.ask("invoice", "issue", str(queued["invoice"]), "--yes")
    return sale


def rest_of(sale: Sale) -> Decimal:
    """What stays billed after the refund in part."""
    return sale.paid - REFUND


def test_held_as_long_as_it_takes(tmp_path: Path) -> None:
    """While nobody knows what becomes of an invoice, nothing is reversed on a guess, however often cron looks."""
    with open_shop(tmp_path / "shop", "nuonuo") as shop:
        sale = under_way(shop, "stuck")
        case = shop.open_case(sale, "refund_only")
        assert shop.settle(case, "--freight").record["steps"] == "hold"
        for hours in (0.1, 1, 24):
            shop.cron(hours * 3600)
        seen = Seen(shop)
        assert (seen.states(sale), seen.ledger(sale)) == (["blue issuing"], [])
        assert shop.settle(case, "--freight").record["steps"] == "hold"


def test_held_and_failed_in_full(shop: Shop) -> None:
    """Cross rule 3 and the first row: an invoice that fails while its money goes back is called off, and not tried again."""
    sale = under_way(shop, "fail")
    assert shop.settle(shop.open_case(sale, "refund_only"), "--freight").record["steps"] == "hold"
    seen = shop.until_quiet()
    assert seen.ledger(sale) == []
    assert seen.states(sale) == ["blue cancelled"]
    assert seen.tasks(sale) == []


def test_held_and_failed_in_part(shop: Shop) -> None:
    """Cross rule 3: a failed invoice counts as not issued; what is sent in its place bills only what stays."""
    sale = under_way(shop, "fail")
    assert shop.settle(shop.open_case(sale, "refund_only"), *PART).record["steps"] == "hold"
    seen = shop.until_quiet()
    assert seen.ledger(sale) == [blue(sale, anew(less(sale.bill, amount_off(sale.bill, REFUND))))]
    assert seen.billed(sale) == rest_of(sale)
    assert seen.tasks(sale) == []


def test_a_reissue_is_never_lost(shop: Shop) -> None:
    """Cross rule 1: the new invoice fails after the old one is reversed. It stays owed, as a task that names the command, until
    that has issued it."""
    sale = a_sale(shop, Standing.ORDINARY)
    assert shop.settle(shop.open_case(sale, "refund_only"), *PART).code == 0
    waiting = Seen(shop).books(sale)[-1]
    assert (waiting["colour"], waiting["state"]) == ("blue", "waiting")
    place_fate(shop, "fail", str(waiting["serial"]))
    seen = shop.until_quiet()
    assert seen.states(sale) == ["blue reversed", "red issued", "blue failed"]
    assert "invoice_reissue" in seen.tasks(sale)
    (task,) = shop.ask("task", "list", "--kind", "invoice_reissue", "--order", sale.order_id)
    assert task["next"] == f"asctl invoice issue {waiting['invoice']} --yes"
    shop.ask(*str(task["next"]).removeprefix("asctl ").split())
    seen = shop.until_quiet()
    stays = anew(less(sale.bill, amount_off(sale.bill, REFUND)))
    assert seen.ledger(sale)[1:] == [red(sale, sale.bill, "full", "allowance"), blue(sale, stays)]
    assert seen.tasks(sale) == []


def test_red_first_blue_second(shop: Shop) -> None:
    """Cross rule 1: the new invoice is not sent before the red one is issued."""
    sale = a_sale(shop, Standing.ORDINARY)
    shop.settle(shop.open_case(sale, "refund_only"), *PART)
    serial = str(Seen(shop).books(sale)[-1]["serial"])
    sent = [entry["target"] for entry in shop.sandbox.ledger() if entry["operation"] == "issue"]
    assert serial not in sent
    shop.until_quiet()
    issued = shop.sandbox.state()["invoices"]
    order = [each["serial"] for each in issued if each["number"]]
    red_one = next(each["serial"] for each in Seen(shop).books(sale) if each["colour"] == "red")
    assert order.index(red_one) < order.index(serial)


def test_the_first_case_owns_the_invoice(shop: Shop) -> None:
    """Cross rule 7: while one case reverses the invoice, another one waits, and is told for which; afterwards it goes through."""
    sale = a_sale(shop, Standing.ORDINARY_USED)
    first, second = (shop.open_case(sale, "refund_only") for _case in range(2))
    assert shop.settle(first, *PART).code == 0
    refused = shop.settle(second, "--refund", "3.00")
    assert (refused.code, refused.record["error_code"]) == (3, "reversal_under_way")
    assert first in refused.err
    shop.until_quiet()
    assert shop.settle(second, "--refund", "3.00").code == 0
    seen = shop.until_quiet()
    assert seen.states(sale)[-2:] == ["red issued", "red issued"]
    assert seen.billed(sale) == rest_of(sale) - 3


def test_once(shop: Shop) -> None:
    """The same case again sends nothing; with other facts it is refused, and the invoices stay as they are."""
    sale = a_sale(shop, Standing.ORDINARY)
    case = shop.open_case(sale, "refund_only")
    assert shop.settle(case, *PART).code == 0
    again = shop.settle(case, *PART)
    assert (again.code, again.record["status"]) == (0, "skipped"), again
    seen = shop.until_quiet()
    for facts in (PART, ()):
        assert shop.settle(case, *facts).record["status"] == "skipped"
    otherwise = shop.settle(case, "--refund", "11.00")
    assert (otherwise.code, otherwise.record["error_code"]) == (3, "settled_otherwise")
    after = shop.until_quiet()
    assert after.ledger(sale) == seen.ledger(sale)
    assert after.billed(sale) == rest_of(sale)


def test_a_late_application(shop: Shop) -> None:
    """What was refunded before anybody wanted an invoice is not billed: the application comes later, and over less."""
    sale = shop.sale()
    assert shop.settle(shop.open_case(sale, "refund_only"), *PART).record["steps"] == "nothing"
    apply_for(shop, [sale])
    seen = shop.until_quiet()
    assert seen.ledger(sale) == [blue(sale, anew(less(sale.bill, amount_off(sale.bill, REFUND))))]


def test_an_application_waits_for_the_case(shop: Shop) -> None:
    """Rule V29: what is queued is not issued while a case is open on its order, and is once that is settled."""
    sale = shop.sale()
    apply_for(shop, [sale])
    case = shop.open_case(sale, "compensate")
    shop.cron()
    assert Seen(shop).states(sale) == ["blue queued"]
    shop.settle(case, "--as", "goodwill")
    assert shop.until_quiet().ledger(sale) == [blue(sale, sale.bill)]


def test_a_rehearsal_changes_nothing(shop: Shop) -> None:
    """``--dry-run`` tells row, column, steps and amounts; nothing is sent, nothing is kept, and the real run decides alike."""
    sale = a_sale(shop, Standing.ORDINARY)
    case = shop.open_case(sale, "refund_only")
    shop.sandbox.forget()
    before = Seen(shop)
    planned = shop.asctl("invoice", "settle", case, *PART, "--dry-run")
    told = planned.record
    assert (planned.code, told["status"], told["steps"]) == (0, "planned", "reverse_all reissue_rest")
    assert (told["reversed"], told["billed"]) == (str(-sale.paid), str(rest_of(sale)))
    assert shop.sandbox.writes() == []
    after = Seen(shop)
    assert (after.books(sale), after.tasks(sale)) == (before.books(sale), before.tasks(sale))
    assert shop.settle(case, *PART).record["steps"] == told["steps"]


def test_a_batch_with_bad_rows(shop: Shop) -> None:
    """Of a file the good rows are settled, and each bad one says why; the same file again settles nothing twice."""
    good, dear = (a_sale(shop, Standing.ORDINARY) for _sale in range(2))
    first, second = (shop.open_case(sale, "refund_only") for sale in (good, dear))
    rows = shop.table("rma,refund", f"{first},10.00", f"{second},1.005", "RMA2601010001X,1.00", f"{second},100000.00")
    result = shop.asctl("invoice", "settle", "--from", rows, "--yes")
    assert result.code == 3
    assert result.codes() == [None, "bad_amount", "bad_rma_number", "exceeds_rest"]
    seen = shop.until_quiet()
    assert (seen.billed(good), seen.billed(dear)) == (rest_of(good), dear.paid)
    again = shop.asctl("invoice", "settle", "--from", rows, "--yes")
    assert again.records[0]["status"] == "skipped"
    assert shop.until_quiet().billed(good) == rest_of(good)


def test_explained(shop: Shop) -> None:
    """``--explain`` prints the rule by its row and column, and the facts that were told."""
    sale = a_sale(shop, Standing.ORDINARY)
    told = shop.settle(shop.open_case(sale, "refund_only"), *PART, "--explain").err
    assert "refund_part x ordinary -> reverse_all + reissue_rest" in told
    assert "refund=10.00" in told


def test_nothing_moves_in_the_end(shop: Shop) -> None:
    """What this file has settled stands; the bureau has no invoice that the books lack."""
    seen = shop.until_quiet()
    assert [each["invoice"] for each in seen.all_books if each["state"] in MOVING] == []
    serials = {each["serial"] for each in seen.all_books}
    assert {each["serial"] for each in shop.sandbox.state()["invoices"]} <= serials
