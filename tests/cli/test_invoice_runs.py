"""What a run of the queue does, and says of it: what it waited for, what it found, what it left, and who agreed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.invoice_support import ACCOUNTS, PERSON
from tests.settled_sales import living, sale_of_units, under_way, waiting
from tests.settlement_standings import apply_for, place_fate
from tests.settlement_support import Sale, Seen, Shop, open_shop

FINANCE = "李会计"
ISSUE = ("invoice", "issue", "--yes")
OTHER = "陈大文"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop for all tests of this file that are about one provider."""
    with open_shop(tmp_path_factory.mktemp("shop"), "nuonuo") as opened:
        yield opened


def queued(shop: Shop, count: int = 1) -> list[Sale]:
    """Sales whose invoices stand in the queue, in this order; nothing else does."""
    shop.until_quiet()
    sales = [sale_of_units(shop) for _sale in range(count)]
    for sale in sales:
        apply_for(shop, [sale])
        shop.pass_time(1)
    return sales


def submissions(shop: Shop, sale: Sale) -> int:
    """How many of the invoices of a sale the bureau was handed."""
    serials = {each["serial"] for each in Seen(shop).books(sale)}
    return sum(
        each["serial"] in serials or each["order_id"] == sale.order_id for each in shop.sandbox.state()["invoices"]
    )


def test_a_rehearsal_of_the_queue(shop: Shop) -> None:
    """``issue --dry-run`` tells what would be refused, a rate that is not allowed any more, and changes nothing."""
    (sale,) = queued(shop)
    before = Seen(shop)
    shop.sandbox.forget()
    told = shop.asctl("invoice", "issue", "--dry-run", env={"ASCTL_INVOICE__RATES": "0.06"})
    assert (told.code, len(told.records)) == (3, 1)
    assert shop.asctl("invoice", "issue", "--dry-run").record["status"] == "planned"
    after = Seen(shop)
    assert (after.books(sale), after.tasks(sale)) == (before.books(sale), [])
    assert shop.sandbox.writes() == []
    assert shop.until_quiet().billed(sale) == sale.paid


def test_waited_for_in_vain(shop: Shop) -> None:
    """``--wait`` on one that its provider does not issue: the row is no success but turned down, with why, and so is the run."""
    (sale,) = queued(shop)
    told = {"fate": "fail", "text": "税率不正确", "match": str(living(shop, sale)["serial"])}
    shop.sandbox.control("POST", "invoices", told)
    result = waiting(shop, *ISSUE)
    row = result.record
    assert (result.code, row["status"], row["state"]) == (3, "refused", "failed")
    assert row["error_code"] == "failed_at_provider"
    assert "税率不正确" in row["error_message"]


def test_waited_for(shop: Shop) -> None:
    """``--wait`` on one that is issued meanwhile says so, with its number."""
    (sale,) = queued(shop)
    result = waiting(shop, *ISSUE)
    assert (result.code, result.record["status"], result.record["state"]) == (0, "done", "issued")
    assert [entry.sums.gross for entry in Seen(shop).ledger(sale)] == [sale.paid]


def test_waited_for_what_an_earlier_run_sent(shop: Shop) -> None:
    """``--wait`` waits for those, too, that an earlier run sent, and tells how they came out."""
    shop.until_quiet()
    sale = under_way(shop)
    result = waiting(shop, *ISSUE)
    assert (result.code, result.record["step"], result.record["state"]) == (0, "look", "issued")
    assert result.record["order_id"] == sale.order_id


def test_what_cron_finds_issued(shop: Shop) -> None:
    """A run that finds an older one issued says so in a row of its own: the log of cron tells what was issued. It is told once."""
    shop.until_quiet()
    sale = under_way(shop)
    told = shop.cron().record
    assert (told["step"], told["status"], told["state"]) == ("look", "done", "issued")
    assert told["invoice"] == living(shop, sale)["invoice"]
    assert shop.cron().records == []


@pytest.mark.parametrize("account", ACCOUNTS)
def test_unclear_and_found(tmp_path: Path, account: str) -> None:
    """The answer to a submission is lost, and while the run waits the invoice is found: it is told as it stands, not as unclear."""
    with open_shop(tmp_path / "shop", account) as shop:
        (sale,) = queued(shop)
        shop.sandbox.fault(f"{account}:issue", "close_after")
        result = waiting(shop, *ISSUE)
        row = result.record
        assert (result.code, row["status"], row["state"], row["submission"]) == (0, "done", "issued", "done")
        assert submissions(shop, sale) == 1


def test_a_limit_counts_what_is_sent(shop: Shop) -> None:
    """Looks at what is under way do not use ``--max-items`` up, so what hangs at the provider does not starve the queue."""
    stuck = queued(shop, 2)
    for sale in stuck:
        place_fate(shop, "stuck", str(living(shop, sale)["serial"]))
    shop.ask(*ISSUE)
    sales = [sale_of_units(shop) for _sale in range(2)]
    apply_for(shop, sales)
    shop.pass_time(60)
    for left in (1, 0):
        shop.asctl(*ISSUE, "--max-items", "1")
        shop.pass_time(20)
        assert sum(each["state"] == "queued" for sale in sales for each in Seen(shop).books(sale)) == left
    shop.cron()
    assert [Seen(shop).states(sale) for sale in sales] == [["blue issued"]] * 2
    assert [Seen(shop).states(sale) for sale in stuck] == [["blue issuing"]] * 2


def test_called_off_after_a_limit(tmp_path: Path) -> None:
    """What a limit kept from being sent is still queued: called off it leaves its order free for another application."""
    with open_shop(tmp_path / "shop", "nuonuo") as shop:
        first, second = queued(shop, 2)
        limited = shop.asctl("invoice", "issue", first.order_id, second.order_id, "--yes", "--max-items", "1")
        assert [record["state"] for record in limited.records] == ["issuing", "queued"]
        assert shop.ask("invoice", "cancel", second.order_id)[0]["state"] == "cancelled"
        shop.ask("invoice", "request", second.order_id, "--title", OTHER)
        seen = shop.until_quiet()
        assert seen.states(second) == ["blue cancelled", "blue issued"]
        assert [entry.title for entry in seen.ledger(second)] == [OTHER]


def test_what_was_sent_once_is_not_called_off(tmp_path: Path) -> None:
    """The answer was lost, and somebody said by mistake that it never arrived: the invoice is not called off unseen, so that no
    other application is billed beside it. The next run finds it under its own number."""
    with open_shop(tmp_path / "shop", "nuonuo") as shop:
        (sale,) = queued(shop)
        shop.sandbox.fault("nuonuo:issue", "close_after")
        assert shop.asctl(*ISSUE).code == 4
        action = str(shop.ask("action", "list", "--state", "unclear")[0]["action"])
        shop.ask("action", "resolve", action, "--as", "absent", "--reason", "by mistake")
        shop.ask("action", "cancel", action, "--reason", "by mistake")
        assert shop.asctl("invoice", "cancel", sale.order_id).codes() == ["sent_once"]
        assert shop.asctl("invoice", "request", sale.order_id, "--title", OTHER).codes() == ["already_applied"]
        seen = shop.until_quiet()
        assert (seen.states(sale), seen.billed(sale), submissions(shop, sale)) == (["blue issued"], sale.paid, 1)


def test_finance_agrees(shop: Shop) -> None:
    """A case is open on the order: the application is refused, and goes out all the same where somebody in finance agreed, whom the
    trail names."""
    shop.until_quiet()
    sale = sale_of_units(shop)
    shop.open_case(sale, "repair")
    wish = ("invoice", "request", sale.order_id, "--title", PERSON)
    assert shop.asctl(*wish).codes() == ["case_open"]
    shop.ask(*wish, "--force-by", FINANCE)
    assert shop.until_quiet().billed(sale) == sale.paid
    assert FINANCE in str(next(each for each in shop.ask("db", "audit") if each["what"] == "invoice request"))
