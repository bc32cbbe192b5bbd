"""``asctl address change`` over the wire: which way it takes, and what it refuses."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from asctl.domain.orders import OrderStatus
from asctl.store.opening import open_store
from asctl.store.orders import get_orders, put_orders
from tests.address_support import NEW, UPDATE, change, order_under_way, orders_to_ship, write_rows
from tests.command_support import Command, Result
from tests.sandbox_support import BOTH_STORES, SECOND_SHOP, SandboxSite


@pytest.fixture
def waiting(sandbox: SandboxSite, asctl: Command) -> list[str]:
    """Orders in the store that wait for shipping; the ledger is empty again."""
    return orders_to_ship(sandbox, asctl)


def no_write(sandbox: SandboxSite, result: Result, code: str, exit_code: int = 3) -> None:
    """The row was set aside with this code before anything was sent."""
    assert (result.code, result.record["error_code"]) == (exit_code, code), result
    assert sandbox.writes() == []


@BOTH_STORES
def test_before_shipping_at_the_marketplace(sandbox: SandboxSite, asctl: Command, waiting: list[str]) -> None:
    """The order has the new receiver and the remark with a red flag; the change is effective at once."""
    begun = sandbox.now()
    result = change(asctl, waiting[0], more=("--yes", "--reason", "客户搬家"))
    there = sandbox.order(waiting[0])
    assert (result.code, result.record["status"], result.record["route"]) == (0, "done", "marketplace")
    assert (result.record["effect"], result.record["account"]) == ("effective", "flagship")
    assert {name: there["receiver"][name] for name in NEW} == NEW
    assert there["flag"] == "red"
    stamps = sandbox.stamps_since(begun)
    assert there["remark"].endswith(tuple(f"已修改收货信息：客户搬家 8012 {stamp}" for stamp in stamps))
    assert [entry["operation"] for entry in sandbox.writes()] == [UPDATE, "taobao.trade.memo.update"]


def test_only_what_is_given_changes(sandbox: SandboxSite, asctl: Command, waiting: list[str]) -> None:
    """A new phone alone leaves name and address as they stand, and the remark repeats no number."""
    before = sandbox.order(waiting[0])["receiver"]
    assert asctl("address", "change", waiting[0], "--phone", "0571-88888888", "--yes").code == 0
    there = sandbox.order(waiting[0])
    assert there["receiver"] == before | {"phone": "0571-88888888"}
    assert "已修改收货人 8012" in there["remark"]
    assert "8888" not in there["remark"]


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        ("+86 138 0000 1111", "13800001111"),
        ("+86-13800001111", "13800001111"),
        ("8613800001111", "13800001111"),
        ("１３８００００１１１１", "13800001111"),
        ("0571-88888888", "0571-88888888"),
    ],
)
def test_phones_as_people_type_them(
    sandbox: SandboxSite, asctl: Command, waiting: list[str], typed: str, stands: str
) -> None:
    """Blanks, country code and full width do not matter; a landline is a phone, too."""
    assert change(asctl, waiting[0], phone=typed).code == 0
    assert sandbox.order(waiting[0])["receiver"]["phone"] == stands


@pytest.mark.parametrize("phone", ["1380000111", "12345678901", "138****1111", "abc", "1.38E+10"])
def test_a_malformed_phone_never_leaves(
    sandbox: SandboxSite, asctl: Command, waiting: list[str], tmp_path: Path, phone: str
) -> None:
    """A wrong phone in a row sets that row aside without repeating the number; the others go on."""
    rows = write_rows(tmp_path, "target,phone", f"{waiting[0]},{phone}", f"{waiting[1]},13800002222")
    result = asctl("address", "change", "--from", rows, "--yes")
    bad = result.records[0]
    assert (result.code, bad["status"], result.records[1]["status"]) == (3, "failed", "done")
    assert bad["error_code"] in ("bad_phone", "spoilt_number")
    assert [entry["target"] for entry in sandbox.ledger(UPDATE)] == [waiting[1]]
    if bad["error_code"] == "bad_phone":
        assert phone not in result.err + result.out


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "陈" * 26), ("detail", "文" * 115), ("district", "区" * 17), ("name", "𠮷" * 13)],
)
def test_byte_limits_are_checked_before_sending(
    sandbox: SandboxSite, asctl: Command, waiting: list[str], field: str, value: str
) -> None:
    """GBK counts two bytes for most characters and four for rare ones; what is too long never leaves."""
    no_write(sandbox, change(asctl, waiting[0], **{field: value}), "address_too_long")
    assert change(asctl, waiting[0], **{field: value[:-1]}).code == 0


def test_after_shipping_nothing_but_the_address_can_change(sandbox: SandboxSite, asctl: Command) -> None:
    """R95: name or phone alone are refused once the parcel is under way."""
    order, _waybill = order_under_way(sandbox, asctl)
    no_write(sandbox, asctl("address", "change", order, "--phone", "13800001111", "--yes"), "only_address")


def test_what_the_marketplace_masks_is_not_taken_over(sandbox: SandboxSite, asctl: Command) -> None:
    """The courier wants a whole receiver; a masked name and phone count as missing, and each part is named."""
    order, _waybill = order_under_way(sandbox, asctl)
    result = change(asctl, order, name="", phone="", detail="")
    no_write(sandbox, result, "incomplete_address")
    assert "detail, name, phone" in result.record["error_message"]
    assert "--detail --name --phone" in result.err
    assert "**" not in result.record["error_message"]


@pytest.mark.parametrize(
    ("courier", "account"), [("sf", "sf"), ("zto", "zto"), ("yto", "yto"), ("jd", "kuaidi100"), ("sto", "kuaidi100")]
)
def test_after_shipping_at_the_courier(sandbox: SandboxSite, asctl: Command, courier: str, account: str) -> None:
    """The parcel's own courier is asked, or the aggregator; accepted first, effective once the courier has acted."""
    order, waybill = order_under_way(sandbox, asctl, courier)
    result = change(asctl, order)
    assert (result.code, result.record["route"], result.record["account"]) == (0, "courier", account)
    assert (result.record["submission"], result.record["effect"]) == ("accepted", "accepted")
    asked = [each for each in sandbox.state()["interceptions"] if each["waybill"] == waybill]
    assert [(each["kind"], each["plugin"]) for each in asked] == [("redirect", account)]
    assert asked[0]["receiver"]["detail"].endswith(NEW["detail"])
    assert "已申请快递改址" in sandbox.order(order)["remark"]
    sandbox.travel(2.5)
    asctl("parcel", "poll")
    asctl("action", "reconcile")
    assert asctl("action", "show", result.record["action_id"]).record["effect"] == "effective"


def test_a_waybill_means_its_parcel(sandbox: SandboxSite, asctl: Command) -> None:
    """By waybill or by order number it is one intent: the second is skipped."""
    order, waybill = order_under_way(sandbox, asctl)
    assert change(asctl, waybill).record["order_id"] == order
    again = change(asctl, order)
    assert (again.code, again.record["error_code"]) == (0, "already_done")
    assert len(sandbox.state()["interceptions"]) == 1


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ({"city": "三沙市", "province": "海南省"}, "destination_closed"),
        ({"city": "台北市", "province": "台湾省"}, "not_supported"),
        ({"city": "香港特别行政区", "province": "香港特别行政区"}, "not_supported"),
    ],
)
def test_where_the_courier_does_not_go(sandbox: SandboxSite, asctl: Command, where: dict[str, str], code: str) -> None:
    """A closed destination, Hong Kong and Taiwan are refusals with the reason; another address may follow."""
    order, _waybill = order_under_way(sandbox, asctl, "sf")
    result = change(asctl, order, **where)
    assert (result.code, result.record["status"], result.record["error_code"]) == (3, "refused", code)
    assert result.record["refusal"] == code.upper()
    assert change(asctl, order).record["status"] == "done"


def test_two_shops_with_one_number(sandbox: SandboxSite, asctl: Command, waiting: list[str]) -> None:
    """A number that two shops have is never guessed, and a shop that has it not is told as such."""
    sandbox.configure(SECOND_SHOP)
    no_write(sandbox, change(asctl, waiting[0], more=("--yes", "--shop", "outlet")), "unknown_number")
    asctl("order", "sync", "--shop", "outlet")
    sandbox.forget()
    no_write(sandbox, change(asctl, waiting[0]), "ambiguous_order")
    assert change(asctl, waiting[0], more=("--yes", "--shop", "outlet")).record["account"] == "outlet"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("unpaid", "order_not_ready"),
        ("closed", "order_closed"),
        ("finished", "already_delivered"),
        ("signed", "already_delivered"),
        ("part_shipped", "several_parcels"),
    ],
)
def test_orders_whose_address_cannot_change(
    sandbox: SandboxSite, asctl: Command, waiting: list[str], status: str, code: str
) -> None:
    """Not paid, closed, received or shipped in parts: a row that says so, and nothing is sent."""
    number = next(order["order_id"] for order in sandbox.state()["orders"] if order["status"] == status)
    result = change(asctl, number, waiting[0])
    assert (result.code, [each["error_code"] for each in result.records]) == (3, [code, None])
    assert sandbox.ledger(target=number) == []


def test_several_parcels_need_a_waybill(sandbox: SandboxSite, asctl: Command, waiting: list[str]) -> None:
    """An order that went out in two parcels is not guessed at: the waybills are named."""
    parted = next(
        order
        for order in sandbox.state()["orders"]
        if order["status"] == "shipped" and len({line["waybill"] for line in order["lines"]}) > 1
    )
    result = change(asctl, parted["order_id"])
    no_write(sandbox, result, "several_parcels")
    assert all(line["waybill"] in result.record["error_message"] for line in parted["lines"])


def test_an_order_that_was_shipped_meanwhile(sandbox: SandboxSite, asctl: Command, store_url: str) -> None:
    """The store is behind: exit 9, nothing written; the same command run again takes the courier."""
    order, waybill = order_under_way(sandbox, asctl)
    with closing(open_store(store_url)) as store, store.write() as tx:
        known = get_orders(tx, order)[0]
        lines = tuple(replace(line, courier="", waybill="") for line in known.lines)
        put_orders(tx, [replace(known, status=OrderStatus.TO_SHIP, lines=lines)])
    no_write(sandbox, change(asctl, order), "order_moved_on", 9)
    again = change(asctl, order)
    assert (again.code, again.record["route"], again.record["waybill"]) == (0, "courier", waybill)


def test_who_is_right_is_not_decided_here(sandbox: SandboxSite, asctl: Command) -> None:
    """The marketplace says signed, the courier says moving: refused as such by either number, until somebody allows it."""
    order, waybill = order_under_way(sandbox, asctl, status="signed")
    asctl("parcel", "poll")
    sandbox.forget()
    for target in (order, waybill):
        no_write(sandbox, change(asctl, target), "sources_disagree")
    assert change(asctl, order, more=("--yes", "--allow-signed")).record["status"] == "done"
