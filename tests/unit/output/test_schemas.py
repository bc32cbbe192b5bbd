from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from asctl.domain.aftersales import AfterSale, AfterSaleKind, AfterSaleStatus
from asctl.domain.orders import Flag, Order, OrderLine, OrderStatus, Receiver
from asctl.domain.parcels import Event, Parcel, ParcelStatus
from asctl.domain.rmas import Phase, Rma, RmaKind, RmaLine, RmaState
from asctl.domain.tasks import Task
from asctl.domain.times import CHINA
from asctl.output import schemas

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=CHINA)
PROMISED = {
    "sync": "shop seen stored cursor status",
    "order": "order_id shop status paid_at ship_by amount currency buyer receiver buyer_message remark flag waybills "
    "after_sale_count",
    "after_sale": "after_sale_id order_id shop kind status reason amount version deadline",
    "track": "waybill courier account status raw_code last_event_at last_event location events",
    "parcel": "waybill courier account order_id direction status raw_code shipped_at last_event_at last_event location "
    "idle_hours verdict findings next_poll_at poll_error",
    "poll": "waybill courier status changed verdict error_family",
    "rma": "rma order_id shop kind reason state lines opened_at opened_by due_at waybill next",
    "label": "input status rma waybill file format pages error_family error_code error_message",
    "remark": "input status error_family error_code error_message",
    "task": "task kind subject order_id waybill rma due_at owner state why next",
    "account": "account kind plugin capabilities state error_message",
    "plugin": "plugin distribution version api_version kinds state error_message",
    "check": "check status detail mend",
}
ORDER = Order(
    "2001", "flagship", OrderStatus.SHIPPED, "WAIT_BUYER_CONFIRM_GOODS", NOW, NOW, paid_at=NOW, amount=Decimal("12.30"),
    buyer="张小三", receiver=Receiver("张三", "13800138000", "浙江省", "杭州市", "西湖区", "灵隐", "某路 1 号"),
    buyer_message="打 13912345678 给我", remark="已联系", flag=Flag.RED,
    lines=(OrderLine("1", "杯", courier="sf", waybill="SF1"), OrderLine("2", "碗", courier="sf", waybill="SF1")),
)  # fmt: skip
PARCEL = Parcel("sf", "SF1", NOW - timedelta(hours=30), phone_tail="8000", seen_at=NOW)


@pytest.mark.parametrize("name", sorted(PROMISED))
def test_promised_fields_are_there(name: str) -> None:
    """Fields may be added, never renamed: those of the design stay."""
    shape = next(shape for shape in schemas.SHAPES if shape.name == name)
    assert set(PROMISED[name].split()) <= set(shape.fields)


@pytest.mark.parametrize("shape", schemas.SHAPES, ids=lambda shape: shape.name)
def test_shapes_are_sound(shape: schemas.RecordShape) -> None:
    """No field is named twice, and tables, nested and whole fields are fields."""
    assert len(set(shape.fields)) == len(shape.fields)
    assert {*shape.table, *shape.nested, *shape.whole} <= set(shape.fields)
    assert not set(shape.table) & set(shape.nested)


def test_an_order_is_masked() -> None:
    """Name to its first character, phone to three digits, address to the district, numbers in messages too."""
    record = schemas.order_record(ORDER, after_sale_count=1)
    assert record["buyer"] == "张**"
    assert record["receiver"] == "张** 138******** 浙江省 杭州市 西湖区 ***"
    assert record["buyer_message"] == "打 139******** 给我"
    text = json.dumps(record, ensure_ascii=False)
    assert not any(secret in text for secret in ("8000", "5678", "灵隐", "某路", "张三", "小三"))


def test_an_order_revealed() -> None:
    """``reveal`` shows what the marketplace told us."""
    record = schemas.order_record(ORDER, 0, reveal=True)
    assert record["receiver"] == "张三 13800138000 浙江省 杭州市 西湖区 灵隐 某路 1 号"
    assert record["buyer_message"] == "打 13912345678 给我"


def test_an_order_in_plain_values() -> None:
    """Money as text beside its currency, the flag as its colour, each waybill once."""
    record = schemas.order_record(ORDER, 2)
    assert (record["amount"], record["currency"], record["flag"]) == ("12.30", "CNY", "red")
    assert (record["waybills"], record["after_sale_count"]) == (["SF1"], 2)
    assert (record["paid_at"], record["ship_by"]) == ("2026-11-21T12:00:00+08:00", None)


def test_an_order_brings_its_goods() -> None:
    """``lines`` are whole records, also on their own for a table of goods, with money as text."""
    cup = OrderLine("1", "杯", "CUP", "蓝色", 2, Decimal("9.90"), Decimal("18.00"), courier="sf", waybill="SF1")
    record = schemas.order_record(replace(ORDER, lines=(cup,)), 0)
    assert record["lines"] == [schemas.order_line_record(cup)]
    assert schemas.order_line_record(cup) == {
        "line_id": "1", "sku": "CUP", "title": "杯", "properties": "蓝色", "quantity": 2, "price": "9.90",
        "paid": "18.00", "courier": "sf", "waybill": "SF1", "after_sale_id": None,
    }  # fmt: skip
    assert "lines" in schemas.ORDER.nested
    json.dumps(record)


def test_idle_hours_count_to_the_last_answer() -> None:
    """One decimal, from the last movement to when a source last answered; null where nobody ever answered."""
    assert schemas.parcel_record(PARCEL)["idle_hours"] == 30.0
    moved = replace(PARCEL, moved_at=NOW - timedelta(hours=2, minutes=20))
    assert schemas.parcel_record(moved)["idle_hours"] == 2.3
    assert schemas.parcel_record(replace(PARCEL, seen_at=None))["idle_hours"] is None


def test_a_phone_tail_is_in_no_record() -> None:
    """The last four digits open tracking, so no record of a parcel shows them."""
    assert "phone_tail" not in schemas.field_names()
    assert "8000" not in json.dumps([schemas.parcel_record(PARCEL), schemas.poll_record(PARCEL, True)])


def test_a_track_shows_the_last_scan_that_tells_something() -> None:
    """Informational scans stay among the events and are not the last event."""
    events = (
        Event(NOW - timedelta(hours=1), ParcelStatus.IN_TRANSIT, "left Hangzhou", location="杭州"),
        Event(NOW, ParcelStatus.UNKNOWN, "a survey", informational=True),
    )
    record = schemas.track_record("SF1", "sf", "kd100", "IN_TRANSIT", "0", events)
    assert (record["last_event"], record["location"]) == ("left Hangzhou", "杭州")
    assert [event["text"] for event in record["events"]] == ["left Hangzhou", "a survey"]  # type: ignore[attr-defined]
    assert schemas.track_record("SF1", "sf", "kd100", "NO_DATA", "", ())["last_event_at"] is None


def test_an_rma_names_its_goods_as_the_option_reads_them() -> None:
    """``lines`` are SKU=QUANTITY, the line's number where there is no SKU."""
    rma = Rma(
        "RMA2611210001X", "2001", "flagship", RmaKind.RETURN, "quality", RmaState.REQUESTED,
        (RmaLine("1", "CUP", "杯", 2), RmaLine("2", "", "碗", 1)), NOW, "8012", NOW,
    )  # fmt: skip
    record = schemas.rma_record(rma, Phase.COMMUNICATION, "asctl rma approve RMA2611210001X")
    assert record["phase"] == "communication"
    assert record["lines"] == ["CUP=2", "2=1"]
    assert record["next"] == "asctl rma approve RMA2611210001X"


def test_every_other_record_is_json() -> None:
    """What the domain hands over becomes plain JSON without help."""
    after_sale = AfterSale("9", "flagship", "2001", AfterSaleKind.RETURN, AfterSaleStatus.APPLIED, "WAIT", NOW, NOW)
    task = Task("T1", "contact_courier", "sf:SF1", "since", NOW, NOW, notes=("a",))
    records = [
        schemas.after_sale_record(after_sale),
        schemas.task_record(task),
        schemas.sync_record("flagship", 3, 2, NOW),
        schemas.event_record(Event(NOW, ParcelStatus.CREATED, "made", flags=("redirected",))),
    ]
    assert json.loads(json.dumps(records))[1]["notes"] == ["a"]


def test_phone_numbers_in_scans_are_masked() -> None:
    """Couriers write people's numbers into their scans: three digits are shown, all of them only with reveal."""
    event = Event(NOW, ParcelStatus.OUT_FOR_DELIVERY, "派件人：测试乙(13812345678)")
    assert schemas.event_record(event)["text"] == "派件人：测试乙(138********)"
    assert schemas.event_record(event, reveal=True)["text"] == event.text
    assert "12345678" not in str(schemas.track_record("YT1", "yto", "kd100", "X", "", (event,)))
