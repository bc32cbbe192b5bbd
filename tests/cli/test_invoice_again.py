"""What is asked for a second time: cases that were settled, titles that come back, stores that were restored. Nothing is forgotten
of what was told, and nothing is issued twice."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.command_support import Command
from tests.invoice_support import PERSON, billed_by, requested, sold, work_queue
from tests.sandbox_support import ON_A_FILE, SandboxSite
from tests.settled_sales import (
    FEE_SKU,
    issued_sale,
    living,
    next_of,
    reduced,
    refuse,
    retitle,
    sale_of_units,
    under_way,
)
from tests.settlement_standings import apply_for
from tests.settlement_support import Shop, open_shop

pytestmark = pytest.mark.storeless

FIVE = ("--refund", "5.00")
FIRST, SECOND, THIRD = "陈大文", "陈二文", "陈三文"
DAY = 24.0


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop for all tests of this file."""
    with open_shop(tmp_path_factory.mktemp("shop"), "nuonuo") as opened:
        yield opened


def test_a_held_case_keeps_its_facts(shop: Shop) -> None:
    """A case is held while its invoice is being issued. Settled once more without facts it is as before: five yuan go back, not
    everything."""
    sale = under_way(shop)
    case = shop.open_case(sale, "refund_only")
    for facts in (FIVE, (), ()):
        told = shop.settle(case, *facts).record
        assert (told["resolution"], told["steps"]) == ("refund_part", "hold")
    assert shop.until_quiet().billed(sale) == sale.paid - 5


def test_a_held_case_whose_facts_change(shop: Shop) -> None:
    """As long as nothing was done, what is told last counts."""
    sale = under_way(shop)
    case = shop.open_case(sale, "refund_only")
    for facts in (FIVE, ("--refund", "7.00"), ()):
        assert shop.settle(case, *facts).record["steps"] == "hold"
    assert shop.until_quiet().billed(sale) == sale.paid - 7


def test_a_held_case_of_which_less_is_told(shop: Shop) -> None:
    """A fact that was told before and is missing among new ones is named: no refund is lost in silence."""
    sale = under_way(shop)
    case = shop.open_case(sale, "refund_only")
    shop.settle(case, *FIVE)
    told = shop.settle(case, "--freight")
    assert "told before, and left out now: refund=5.00" in told.err
    assert "left out" not in shop.settle(case, *FIVE, "--freight").err


def test_a_decided_case_without_its_facts(shop: Shop) -> None:
    """A case that was settled with facts is skipped without them, and nothing more is reversed; with other facts it is refused."""
    sale = issued_sale(shop, used=True)
    case = shop.open_case(sale, "refund_only")
    assert shop.settle(case, *FIVE, "--used").code == 0
    before = shop.until_quiet()
    again = shop.settle(case)
    assert (again.code, again.record["status"], again.codes()) == (0, "skipped", ["settled_before"])
    assert shop.settle(case, "--refund", "6.00").codes() == ["settled_otherwise"]
    assert shop.until_quiet().ledger(sale) == before.ledger(sale)


def test_the_command_of_the_task_asks_anew(shop: Shop) -> None:
    """The buyer refuses the form of a case that was settled with facts: the command that the task names asks him once more for the
    same, as it stands there."""
    sale = issued_sale(shop, used=True)
    case = reduced(shop, sale, "5.00", "--used")
    refuse(shop, sale)
    command = next_of(shop, sale, "invoice_finance")
    assert command == ["invoice", "settle", case, "--yes"]
    assert shop.asctl(*command).record["status"] == "done"
    seen = shop.until_quiet()
    assert seen.billed(sale) == sale.paid - 5
    assert seen.states(sale) == ["blue partly_reversed", "red cancelled", "red issued"]
    assert seen.tasks(sale) == []


def test_nothing_goes_back(shop: Shop) -> None:
    """Goods that come back for nothing: ``--refund 0`` settles the case and leaves the invoice alone."""
    sale = issued_sale(shop)
    settled = shop.settle(shop.open_case(sale, "return"), "--refund", "0").record
    assert (settled["status"], settled["steps"]) == ("done", "nothing")
    seen = shop.until_quiet()
    assert seen.states(sale) == ["blue issued"]
    assert seen.billed(sale) == sale.paid


def test_a_title_that_comes_back(shop: Shop) -> None:
    """From one title to the next and back again: in the end the invoice names whom it was asked for last, over the same sum."""
    sale = issued_sale(shop)
    for title in (FIRST, SECOND, FIRST):
        assert retitle(shop, sale, title).record["status"] == "done"
        seen = shop.until_quiet()
    assert [entry.title for entry in seen.ledger(sale) if entry.colour == "blue"] == [PERSON, FIRST, SECOND, FIRST]
    assert seen.billed(sale) == sale.paid
    assert retitle(shop, sale, FIRST).codes() == ["settled_before"]


def test_a_title_that_comes_back_in_the_queue(shop: Shop) -> None:
    """The same while it is queued: one invoice, under the last title."""
    sale = sale_of_units(shop)
    apply_for(shop, [sale])
    for title in (FIRST, SECOND, THIRD, SECOND):
        assert retitle(shop, sale, title).record["steps"] == "edit_title"
    assert [entry.title for entry in shop.until_quiet().ledger(sale)] == [SECOND]


def test_after_a_reissue_that_failed(shop: Shop) -> None:
    """A price reduction before the application is billed less once. When a later reissue fails and the customer applies anew, it is
    not deducted a second time."""
    sale = sale_of_units(shop)
    reduced(shop, sale, "10.00")
    apply_for(shop, [sale])
    assert shop.until_quiet().billed(sale) == sale.paid - 10
    shop.sandbox.control("POST", "invoices", {"fate": "fail", "match": FIRST})
    retitle(shop, sale, FIRST)
    shop.until_quiet()
    assert living(shop, sale)["state"] == "failed"
    shop.ask("invoice", "request", sale.order_id, "--title", SECOND)
    seen = shop.until_quiet()
    assert seen.billed(sale) == sale.paid - 10
    assert [entry.title for entry in seen.ledger(sale) if entry.colour == "blue"] == [PERSON, SECOND]


def test_a_fee_is_billed_once(shop: Shop) -> None:
    """The fee of a repair is billed before anybody applies for the sale's invoice; the application the next day brings the sale,
    and no second fee. Until then the order shows the invoice that there is."""
    shop.ask("goods", "set", FEE_SKU, "--code", "2020000000000000000", "--rate", "0.13")
    sale = sale_of_units(shop)
    case = shop.open_case(sale, "repair")
    assert shop.settle(case, "--fee", "50.00", "--sku", FEE_SKU, "--title", PERSON).record["steps"] == "bill_fee"
    shop.until_quiet()
    (fee,) = shop.ask("invoice", "show", sale.order_id)
    assert (fee["state"], fee["amount"], fee["rma"]) == ("issued", "50.00", case)
    shop.cron(DAY * 3600)
    apply_for(shop, [sale])
    seen = shop.until_quiet()
    assert sorted(entry.sums.gross for entry in seen.ledger(sale)) == sorted([Decimal("50.00"), sale.paid])
    assert shop.settle(case).record["status"] == "skipped"
    assert len(shop.until_quiet().books(sale)) == 2


def test_nothing_else_was_issued(shop: Shop) -> None:
    """The tax bureau has no invoice of this shop that the books lack."""
    seen = shop.until_quiet()
    serials = {each["serial"] for each in seen.all_books}
    assert {each["serial"] for each in shop.sandbox.state()["invoices"]} <= serials


def restored(asctl: Command, kept: Path) -> None:
    """The store is as it was when the backup was made."""
    store = Path(asctl.env["ASCTL_STORE__URL"].removeprefix("sqlite:///"))
    for rest in store.parent.glob(f"{store.name}-*"):
        rest.unlink()
    shutil.copy(kept, store)


@ON_A_FILE
@pytest.mark.parametrize("fee_first", [False, True])
def test_a_restored_backup(sandbox: SandboxSite, asctl: Command, tmp_path: Path, fee_first: bool) -> None:
    """A store is restored that knows nothing of an invoice which was issued meanwhile, after a repair's fee or not. Applied for
    again the next day, it is found under its own number, and not issued a second time."""
    billed_by(asctl)
    (order,) = sold(sandbox, asctl)
    asctl("goods", "set", FEE_SKU, "--code", "2020000000000000000", "--rate", "0.13")
    kept = tmp_path / "kept.db"
    assert asctl("db", "backup", str(kept)).code == 0
    if fee_first:
        opened = asctl("rma", "open", order, "--kind", "repair", "--reason", "quality").record["rma"]
        asctl("rma", "approve", opened)
        asctl("rma", "scan", opened, "--receive")
        told = ("--fee", "50.00", "--sku", FEE_SKU, "--title", PERSON, "--yes")
        assert asctl("invoice", "settle", opened, *told).code == 0
    requested(asctl, order)
    work_queue(sandbox, asctl)
    before = sandbox.state()["invoices"]
    restored(asctl, kept)
    assert asctl("invoice", "queue", "--all").records == []
    sandbox.travel(DAY)
    requested(asctl, order)
    work_queue(sandbox, asctl)
    assert [each["serial"] for each in sandbox.state()["invoices"]] == [each["serial"] for each in before]
    (found,) = asctl("invoice", "show", order).records
    assert (found["state"], found["number"]) == ("issued", before[-1]["number"])
