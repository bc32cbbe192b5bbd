"""``asctl aftersale`` over the wire: applications of both kinds in, and what comes back under watch."""

from __future__ import annotations

from tests.command_support import Command
from tests.sandbox_support import BOTH_STORES, SECOND_SHOP, SandboxSite

pytestmark = BOTH_STORES
EXCHANGES = "tmall.exchange.receive.get"


def test_refunds_and_exchanges_arrive(sandbox: SandboxSite, asctl: Command) -> None:
    """One sync brings refunds and Tmall exchanges with amount, version and deadline as text, money and time."""
    result = asctl("aftersale", "sync")
    world = {sale["after_sale_id"]: sale for sale in sandbox.state()["after_sales"]}
    assert (result.code, result.record["seen"]) == (0, len(world))
    records = {record["after_sale_id"]: record for record in asctl("aftersale", "list").records}
    assert {number: record["kind"] for number, record in records.items()} == {
        number: sale["kind"] for number, sale in world.items()
    }
    assert "exchange" in {record["kind"] for record in records.values()}
    assert {record["status"] for record in records.values()} >= {"applied", "refused", "done", "returning"}
    assert sandbox.ledger(EXCHANGES)


def test_parcels_that_come_back_are_watched(sandbox: SandboxSite, asctl: Command) -> None:
    """The waybill a buyer sent goods back with is put under watch as a return of its order, and can be asked about."""
    asctl("aftersale", "sync")
    sent = {
        sale["return_waybill"]: sale["order_id"] for sale in sandbox.state()["after_sales"] if sale["return_waybill"]
    }
    watched = asctl("parcel", "list", "--direction", "return").records
    assert {record["waybill"]: record["order_id"] for record in watched} == sent
    polled = asctl("parcel", "poll")
    assert polled.code == 0
    assert {record["waybill"] for record in polled.records} == set(sent)


def test_a_failed_feed_moves_no_cursor(sandbox: SandboxSite, asctl: Command) -> None:
    """When exchanges cannot be read, the run fails with the cursor unmoved, and the next one brings everything."""
    sandbox.fault(f"taobao:{EXCHANGES}", "status", code=502, times=0)
    broken = asctl("aftersale", "sync")
    assert (broken.code, broken.record["cursor"]) == (5, None)
    sandbox.mend()
    assert asctl("aftersale", "sync").code == 0
    assert len(asctl("aftersale", "list").records) == len(sandbox.state()["after_sales"])


def test_a_new_application_arrives_once(sandbox: SandboxSite, asctl: Command) -> None:
    """An application made since the last sync arrives; syncing again changes nothing."""
    asctl("aftersale", "sync")
    order_id = sandbox.orders(1)[0]["order_id"]
    sandbox.control("POST", "aftersales", {"shop": "flagship", "order_id": order_id, "kind": "return"})
    sandbox.travel(0.02)
    asctl("aftersale", "sync")
    before = asctl("aftersale", "list").out
    assert asctl("aftersale", "list", "--order", order_id).record["status"] == "applied"
    asctl("aftersale", "sync")
    assert asctl("aftersale", "list").out == before


def test_the_nearest_deadline_comes_first(sandbox: SandboxSite, asctl: Command) -> None:
    """The list begins with the open applications by deadline; those that are over come last."""
    asctl("aftersale", "sync")
    records = asctl("aftersale", "list").records
    open_ones = [record for record in records if record["status"] not in ("done", "closed")]
    assert records[: len(open_ones)] == open_ones
    deadlines = [record["deadline"] for record in open_ones if record["deadline"]]
    assert len(set(deadlines)) > 1
    assert deadlines == sorted(deadlines)
    assert [record["deadline"] for record in open_ones[: len(deadlines)]] == deadlines


def test_filters_and_show(sandbox: SandboxSite, asctl: Command) -> None:
    """``--open``, ``--status`` and ``--order`` keep what they name; ``show`` finds one, and tells what it does not know."""
    asctl("aftersale", "sync")
    everything = asctl("aftersale", "list").records
    over = {"done", "closed"}
    assert {r["status"] for r in asctl("aftersale", "list", "--open").records}.isdisjoint(over)
    assert {r["status"] for r in asctl("aftersale", "list", "--status", "applied").records} == {"applied"}
    number = everything[0]["after_sale_id"]
    assert asctl("aftersale", "show", number).record["after_sale_id"] == number
    unknown = asctl("aftersale", "show", "999999999")
    assert (unknown.code, unknown.out) == (3, "")
    assert "asctl aftersale sync" in unknown.err


def test_one_shop_failing_does_not_stop_the_other(sandbox: SandboxSite, asctl: Command) -> None:
    """A shop whose session was revoked fails with exit 7; the other shop's applications arrive."""
    sandbox.reconfigure('session = "sandbox-session-not-real"', 'session = "revoked"')
    sandbox.configure(SECOND_SHOP)
    result = asctl("aftersale", "sync")
    assert result.code == 7
    assert {record["shop"]: record["status"] for record in result.records} == {"flagship": "failed", "outlet": "done"}
    assert len(asctl("aftersale", "list", "--shop", "outlet").records) == len(sandbox.state()["after_sales"])
