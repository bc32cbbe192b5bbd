"""``asctl order sync`` over the wire: what is pulled, what moves the cursor, what one shop's trouble does."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.command_support import Command
from tests.sandbox_support import BOTH_STORES, SECOND_SHOP, SandboxSite, iso_before

pytestmark = BOTH_STORES
LIST, WHOLE = "taobao.trades.sold.increment.get", "taobao.trade.fullinfo.get"


def cursor(asctl: Command, shop: str = "flagship") -> str | None:
    """The shop's cursor: the one that a run which may not even begin reports."""
    told = asctl("order", "sync", "--shop", shop, "--max-items", "1", "--deadline", "0.000001").records
    value: str | None = told[0]["cursor"]
    return value


def arriving(sandbox: SandboxSite, count: int = 1) -> set[str]:
    """New orders, old enough for the marketplace to list them."""
    made = {order["order_id"] for order in sandbox.orders(count)}
    sandbox.travel(0.02)
    return made


def numbers(asctl: Command, *options: str) -> set[str]:
    return {record["order_id"] for record in asctl("order", "list", *options).records}


def test_every_order_of_the_shop_arrives_with_what_people_wrote_on_it(sandbox: SandboxSite, asctl: Command) -> None:
    """A first sync stores each order with memo, flag and buyer's message, and puts its parcels under watch."""
    result = asctl("order", "sync")
    world = {order["order_id"]: order for order in sandbox.state()["orders"]}
    assert (result.code, result.record["seen"], result.record["stored"]) == (0, len(world), len(world))
    records = {record["order_id"]: record for record in asctl("order", "list", "--reveal").records}
    assert records.keys() == world.keys()
    for order_id, record in records.items():
        there = world[order_id]
        assert (record["remark"] or "", record["flag"]) == (there["remark"], there["flag"])
        assert (record["buyer_message"] or "", record["amount"]) == (there["buyer_message"], there["amount"])
    assert any(record["remark"] for record in records.values())
    assert any(record["buyer_message"] for record in records.values())
    sent = {line["waybill"] for order in world.values() for line in order["lines"] if line["waybill"]}
    assert {record["waybill"] for record in asctl("parcel", "list").records} == sent


def test_a_failed_page_moves_no_cursor(sandbox: SandboxSite, asctl: Command) -> None:
    """A page that fails ends the shop's run with the cursor where it was; the next run brings every order."""
    first = asctl("order", "sync").record["cursor"]
    made = arriving(sandbox, 100)
    sandbox.fault(f"taobao:{LIST}", "status", code=500, times=0, match="page_no=1&")
    broken = asctl("order", "sync")
    assert broken.code == 5
    assert broken.record["error_family"] == "unavailable"
    assert cursor(asctl) == first
    sandbox.mend()
    mended = asctl("order", "sync")
    assert mended.code == 0
    assert datetime.fromisoformat(mended.record["cursor"]) > datetime.fromisoformat(first)
    assert made <= numbers(asctl)


def test_an_order_that_cannot_be_fetched_moves_no_cursor(sandbox: SandboxSite, asctl: Command) -> None:
    """The list alone is no order: when the whole order cannot be read, the page counts as failed."""
    first = asctl("order", "sync").record["cursor"]
    (order_id,) = arriving(sandbox)
    sandbox.fault(f"taobao:{WHOLE}", "html", times=0, match=order_id)
    assert asctl("order", "sync").code == 5
    assert cursor(asctl) == first
    sandbox.mend()
    assert asctl("order", "sync").code == 0
    assert order_id in numbers(asctl)


def test_passing_trouble_is_tried_again(sandbox: SandboxSite, asctl: Command) -> None:
    """Two answers 502 and the third is good: the sync never notices."""
    sandbox.fault(f"taobao:{LIST}", "status", times=2, code=502)
    result = asctl("order", "sync")
    assert (result.code, result.record["stored"]) == (0, len(sandbox.state()["orders"]))


def test_windows_overlap_and_nothing_is_fetched_twice(sandbox: SandboxSite, asctl: Command) -> None:
    """The second sync looks at the end of the first window again, fetches no known order anew and changes nothing."""
    asctl("order", "sync")
    made = arriving(sandbox, 2)
    asctl("order", "sync")
    before = asctl("order", "list").out
    sandbox.forget()
    again = asctl("order", "sync").record
    assert again["seen"] >= len(made)
    assert sandbox.ledger(WHOLE) == []
    assert asctl("order", "list").out == before


def test_a_change_on_the_marketplace_arrives(sandbox: SandboxSite, asctl: Command) -> None:
    """An order that changed after it was stored is fetched again, and only that one."""
    asctl("order", "sync")
    (order_id,) = arriving(sandbox)
    sandbox.forget()
    asctl("order", "sync")
    assert [entry["target"] for entry in sandbox.ledger(WHOLE)] == [order_id]


def test_one_shop_failing_does_not_stop_the_other(sandbox: SandboxSite, asctl: Command) -> None:
    """A shop with a wrong secret fails with exit 7; the shop after it is synced all the same."""
    sandbox.reconfigure('app_secret = "sandbox-secret-not-real"', 'app_secret = "wrong"')
    sandbox.configure(SECOND_SHOP)
    result = asctl("order", "sync")
    shops = {record["shop"]: record for record in result.records}
    assert result.code == 7
    assert (shops["flagship"]["status"], shops["flagship"]["error_code"]) == ("failed", "signature_refused")
    assert shops["outlet"]["status"] == "done"
    assert len(numbers(asctl, "--shop", "outlet")) == len(sandbox.state()["orders"])
    assert numbers(asctl, "--shop", "flagship") == set()
    assert "sandbox-secret-not-real" not in result.err + result.out


def test_since_looks_back_without_losing_the_place(sandbox: SandboxSite, asctl: Command) -> None:
    """``--since`` reads an older window again; the cursor never goes back."""
    first = asctl("order", "sync").record["cursor"]
    sandbox.forget()
    day = (sandbox.now() - timedelta(hours=6)).isoformat()
    result = asctl("order", "sync", "--since", day).record
    assert 0 < result["seen"] < len(sandbox.state()["orders"])
    assert datetime.fromisoformat(result["cursor"]) >= datetime.fromisoformat(first)


def test_since_later_than_the_cursor_leaves_it_where_it_was(sandbox: SandboxSite, asctl: Command) -> None:
    """What changed between the cursor and ``--since`` was not read: the cursor stays, and the next run brings it."""
    first = asctl("order", "sync").record["cursor"]
    between = arriving(sandbox)
    since = sandbox.travel(5)
    later = arriving(sandbox)
    assert asctl("order", "sync", "--since", since.isoformat()).record["cursor"] == first
    assert later <= numbers(asctl)
    assert not between & numbers(asctl)
    assert asctl("order", "sync").record["cursor"] > first
    assert between <= numbers(asctl)


def test_since_before_the_cursor_moves_it(sandbox: SandboxSite, asctl: Command) -> None:
    """A look back that reaches over the cursor leaves no gap, so the cursor moves as always."""
    first = asctl("order", "sync").record["cursor"]
    sandbox.travel(1)
    assert asctl("order", "sync", "--since", first).record["cursor"] > first


def test_changes_that_the_shop_does_not_tell_any_more(sandbox: SandboxSite, asctl: Command) -> None:
    """A cursor older than the shop's history: the run goes on from where it can and says what was not read."""
    first = asctl("order", "sync")
    assert "were not read" not in first.err
    sandbox.travel(24 * 95)
    late = asctl("order", "sync")
    assert late.code == 0
    assert f"changes from {first.record['cursor']} to" in late.err
    assert "were not read" in late.err
    assert "were not read" not in asctl("order", "sync").err


def test_how_far_back_the_first_sync_looks_is_a_setting(sandbox: SandboxSite, asctl: Command) -> None:
    """``sync.first`` decides which of the changes from before our time are fetched."""
    assert asctl("order", "sync", env={"ASCTL_SYNC__FIRST": "6h"}).code == 0
    recent = iso_before(sandbox.now(), 6.1)
    assert numbers(asctl) == {o["order_id"] for o in sandbox.state()["orders"] if o["modified_at"] >= recent}
    assert 0 < len(numbers(asctl)) < len(sandbox.state()["orders"])


def test_a_sender_phone_that_is_none_is_told(sandbox: SandboxSite, asctl: Command) -> None:
    """Parcels are never put under watch with a phone tail that cannot be right: the setting is named, exit 2."""
    result = asctl("order", "sync", env={"ASCTL_SHOPS__FLAGSHIP__SENDER_PHONE": "12"})
    assert (result.code, result.record["error_code"]) == (2, "bad_phone")
    assert "shops.flagship.sender_phone" in result.err


def test_max_items_ends_early_and_the_next_run_goes_on(sandbox: SandboxSite, asctl: Command) -> None:
    """``--max-items`` fetches so many orders and exits 12 with the cursor before all that is missing; the next run
    brings the rest and fetches nothing twice."""
    result = asctl("order", "sync", "--max-items", "10")
    assert (result.record["status"], result.record["error_code"]) == ("skipped", "stopped")
    assert (result.code, result.record["stored"], len(sandbox.ledger(WHOLE))) == (12, 10, 10)
    reached, stored, world = result.record["cursor"], numbers(asctl), sandbox.state()["orders"]
    missing = [order["modified_at"] for order in world if order["order_id"] not in stored]
    assert len(missing) == len(world) - 10
    assert reached <= min(missing)
    assert asctl("order", "sync").code == 0
    assert len(numbers(asctl)) == len(world)
    fetched = [entry["target"] for entry in sandbox.ledger(WHOLE)]
    assert len(fetched) == len(set(fetched))


def test_an_unknown_shop_is_misuse(sandbox: SandboxSite, asctl: Command) -> None:
    """A shop that is not configured is exit 2, told by name, and nothing is asked."""
    result = asctl("order", "sync", "--shop", "flagshop")
    assert (result.code, result.error["code"]) == (2, "unknown_account")
    assert "flagshop" in result.err
    assert sandbox.ledger() == []
