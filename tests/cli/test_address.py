"""``asctl address change`` over the wire: which way it takes, what it refuses, what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from asctl.domain.orders import OrderStatus
from asctl.store.audit import audit_about
from asctl.store.opening import open_store
from asctl.store.orders import get_orders, put_orders
from tests.command_support import Command, Result
from tests.sandbox_support import BOTH_STORES, SECOND_SHOP, SandboxSite, iso_before

UPDATE = "taobao.trade.shippingaddress.update"
NEW = {
    "name": "陈青",
    "phone": "13800001111",
    "province": "浙江省",
    "city": "杭州市",
    "district": "西湖区",
    "detail": "文三路90号3单元",
}
ELSEWHERE = {"detail": "体育场路5号2幢101室"}
Ship = Callable[..., dict[str, str]]


def options(**fields: str) -> list[str]:
    return [word for name, value in fields.items() for word in (f"--{name}", value) if value]


def change(asctl: Command, *targets: str, more: tuple[str, ...] = ("--yes",), **fields: str) -> Result:
    """Change to :data:`NEW`; ``fields`` replace parts of it, empty ones leave them out."""
    return asctl("address", "change", *targets, *options(**(NEW | fields)), *more)


@pytest.fixture
def waiting(sandbox: SandboxSite, asctl: Command) -> list[str]:
    """Orders in the store that wait for shipping; the ledger is empty again."""
    assert asctl("order", "sync").code == 0
    sandbox.forget()
    return [str(order["order_id"]) for order in sandbox.state()["orders"] if order["status"] == "to_ship"]


@pytest.fixture
def shipped(sandbox: SandboxSite, asctl: Command) -> Ship:
    """Makes an order whose parcel is under way, puts it into the store and empties the ledger; tells its numbers."""

    def ship(courier: str = "yto", **told: object) -> dict[str, str]:
        made = sandbox.orders(1, couriers=[courier], paid_at=iso_before(sandbox.now(), 8), **told)[0]
        sandbox.travel(0.02)
        assert asctl("order", "sync", "--since", iso_before(sandbox.now(), 0.1)).code == 0
        sandbox.forget()
        return {"order": made["order_id"], "waybill": made["waybills"][0]}

    return ship


def no_write(sandbox: SandboxSite, result: Result, code: str, exit_code: int = 3) -> None:
    """The row was set aside with this code before anything was sent."""
    assert (result.code, result.record["error_code"]) == (exit_code, code), result
    assert sandbox.writes() == []


@BOTH_STORES
def test_before_shipping_at_the_marketplace(sandbox: SandboxSite, asctl: Command, waiting: list[str]) -> None:
    """The order has the new receiver and the remark with a red flag; the change is effective at once."""
    result = change(asctl, waiting[0], more=("--yes", "--reason", "客户搬家"))
    there = sandbox.order(waiting[0])
    assert (result.code, result.record["status"], result.record["route"]) == (0, "done", "marketplace")
    assert (result.record["effect"], result.record["account"]) == ("effective", "flagship")
    assert {name: there["receiver"][name] for name in NEW} == NEW
    assert there["flag"] == "red"
    assert there["remark"].endswith(f"已修改收货信息：客户搬家 8012 {sandbox.now():%Y-%m-%d %H:%M}")
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
def test_a_malformed_phone_never_leaves(sandbox: SandboxSite, asctl: Command, waiting: list[str], phone: str) -> None:
    """A wrong phone in a row sets that row aside without repeating the number; the others go on."""
    rows = f"target,phone\n{waiting[0]},{phone}\n{waiting[1]},13800002222\n"
    result = asctl("address", "change", "--from", write_csv(sandbox, rows), "--yes")
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


def test_after_shipping_nothing_but_the_address_can_change(sandbox: SandboxSite, asctl: Command, shipped: Ship) -> None:
    """R95: name or phone alone are refused once the parcel is under way."""
    made = shipped()
    no_write(sandbox, asctl("address", "change", made["order"], "--phone", "13800001111", "--yes"), "only_address")


def test_what_the_marketplace_masks_is_not_taken_over(sandbox: SandboxSite, asctl: Command, shipped: Ship) -> None:
    """The courier wants a whole receiver; a masked name and phone count as missing, and each part is named."""
    made = shipped()
    result = change(asctl, made["order"], name="", phone="", detail="")
    no_write(sandbox, result, "incomplete_address")
    assert "detail, name, phone" in result.record["error_message"]
    assert "--detail --name --phone" in result.err
    assert "**" not in result.record["error_message"]


@pytest.mark.parametrize(
    ("courier", "account"), [("sf", "sf"), ("zto", "zto"), ("yto", "yto"), ("jd", "kuaidi100"), ("sto", "kuaidi100")]
)
def test_after_shipping_at_the_courier(
    sandbox: SandboxSite, asctl: Command, shipped: Ship, courier: str, account: str
) -> None:
    """The parcel's own courier is asked, or the aggregator; accepted first, effective once the courier has acted."""
    made = shipped(courier)
    result = change(asctl, made["order"])
    assert (result.code, result.record["route"], result.record["account"]) == (0, "courier", account)
    assert (result.record["submission"], result.record["effect"]) == ("accepted", "accepted")
    asked = [each for each in sandbox.state()["interceptions"] if each["waybill"] == made["waybill"]]
    assert [(each["kind"], each["plugin"]) for each in asked] == [("redirect", account)]
    assert asked[0]["receiver"]["detail"].endswith(NEW["detail"])
    assert "已修改收货信息" in sandbox.order(made["order"])["remark"]
    sandbox.travel(2.5)
    asctl("parcel", "poll")
    asctl("action", "reconcile")
    assert asctl("action", "show", result.record["action_id"]).record["effect"] == "effective"


def test_a_waybill_means_its_parcel(sandbox: SandboxSite, asctl: Command, shipped: Ship) -> None:
    """By waybill or by order number it is one intent: the second is skipped."""
    made = shipped()
    assert change(asctl, made["waybill"]).record["order_id"] == made["order"]
    again = change(asctl, made["order"])
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
def test_where_the_courier_does_not_go(
    sandbox: SandboxSite, asctl: Command, shipped: Ship, where: dict[str, str], code: str
) -> None:
    """A closed destination, Hong Kong and Taiwan are refusals with the reason; another address may follow."""
    made = shipped("sf")
    result = change(asctl, made["order"], **where)
    assert (result.code, result.record["status"], result.record["error_code"]) == (3, "refused", code)
    assert result.record["refusal"] == code.upper()
    assert change(asctl, made["order"]).record["status"] == "done"


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


def test_an_order_that_was_shipped_meanwhile(
    sandbox: SandboxSite, asctl: Command, shipped: Ship, store_url: str
) -> None:
    """The store is behind: exit 9, nothing written; the same command run again takes the courier."""
    made = shipped()
    with closing(open_store(store_url)) as store, store.write() as tx:
        order = get_orders(tx, made["order"])[0]
        lines = tuple(replace(line, courier="", waybill="") for line in order.lines)
        put_orders(tx, [replace(order, status=OrderStatus.TO_SHIP, lines=lines)])
    no_write(sandbox, change(asctl, made["order"]), "order_moved_on", 9)
    again = change(asctl, made["order"])
    assert (again.code, again.record["route"], again.record["waybill"]) == (0, "courier", made["waybill"])


def test_two_addresses_for_one_order(sandbox: SandboxSite, asctl: Command, waiting: list[str]) -> None:
    """Of two different addresses in one file the first is sent and the second refused: nobody may guess the order."""
    rows = f"target,detail\n{waiting[0]},文三路90号\n{waiting[0]},体育场路5号\n"
    result = asctl("address", "change", "--from", write_csv(sandbox, rows), "--yes")
    assert sorted(str(each["error_code"]) for each in result.records) == ["None", "earlier_open"]
    assert len(sandbox.ledger(UPDATE)) == 1
    assert sandbox.order(waiting[0])["receiver"]["detail"] == "文三路90号"


def test_there_and_back_again(sandbox: SandboxSite, asctl: Command, waiting: list[str]) -> None:
    """A, then B, then A again are three writes; the same once more is skipped unless ``--again`` is said."""
    for fields in ({}, ELSEWHERE, {}):
        assert change(asctl, waiting[0], **fields).record["status"] == "done"
    assert sandbox.order(waiting[0])["receiver"]["detail"] == NEW["detail"]
    skipped = change(asctl, waiting[0])
    assert (skipped.code, skipped.record["status"]) == (0, "skipped")
    assert len(sandbox.ledger(UPDATE)) == 3
    assert change(asctl, waiting[0], more=("--yes", "--again")).record["status"] == "done"
    assert len(sandbox.ledger(UPDATE)) == 4


def test_labels_of_the_order_are_void(asctl: Command, sandbox: SandboxSite, shipped: Ship, tmp_path: Path) -> None:
    """The return label that carries the old address is marked, and the record says how many were."""
    made = shipped()
    rma = asctl("rma", "open", made["order"], "--kind", "return", "--reason", "quality").record["rma"]
    assert asctl("rma", "approve", rma).code == 0
    assert asctl("label", "render", rma, "-f", str(tmp_path / "label.pdf")).code == 0
    assert change(asctl, made["order"]).record["labels_void"] == 1


def test_the_text_for_the_customer(sandbox: SandboxSite, asctl: Command, waiting: list[str], store_url: str) -> None:
    """R94: masked by default; whole with ``--reveal``, which leaves an audit record; a table prints it below."""
    masked = change(asctl, waiting[0]).record["customer_text"]
    assert waiting[0] in masked
    assert not {NEW["name"], NEW["phone"], NEW["detail"]} & {part for part in NEW.values() if part in masked}
    whole = change(asctl, waiting[1], more=("--yes", "--reveal")).record["customer_text"]
    assert all(part in whole for part in NEW.values())
    with closing(open_store(store_url)) as store, store.read() as tx:
        noted = [(entry.what, entry.detail["which"]) for entry in audit_about(tx, "address change")]
    assert noted == [("reveal", waiting[1])]
    table = change(asctl, waiting[2], more=("--yes", "-o", "table"))
    assert f"亲，您的订单/包裹 {waiting[2]} 的收货信息" in table.out


def test_rows_from_a_workbook_and_from_stdin(
    sandbox: SandboxSite, asctl: Command, waiting: list[str], tmp_path: Path
) -> None:
    """XLSX with the options as columns, and numbers one per line on stdin, do the same as arguments."""
    xlsxwriter = pytest.importorskip("xlsxwriter")
    book = xlsxwriter.Workbook(str(tmp_path / "in.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["target", *NEW])
    sheet.write_row(1, 0, [waiting[0], *NEW.values()])
    book.close()
    assert asctl("address", "change", "--from", str(tmp_path / "in.xlsx"), "--yes").record["status"] == "done"
    result = asctl("address", "change", "-", *options(**NEW), "--yes", stdin=f"{waiting[1]}\n{waiting[2]}\n")
    assert [each["status"] for each in result.records] == ["done", "done"]
    assert {sandbox.order(number)["receiver"]["detail"] for number in waiting[:3]} == {NEW["detail"]}


def write_csv(sandbox: SandboxSite, rows: str) -> str:
    path = sandbox.info.config.parent / "rows.csv"
    path.write_text(rows, "utf-8")
    return str(path)
