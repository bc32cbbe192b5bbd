"""Applications and results of the sandbox, as a client of its own would see them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from asctl.api import china_text
from asctl.api.sandbox import SandboxRequest
from asctl_taobao.multipart import Upload, packed
from asctl_taobao.sandbox import TaobaoSandbox
from asctl_taobao.uploads import file_of, parameters
from tests.plugins.taobao.invoices import NUMBER, TID, a_result, applied, reversed_result
from tests.plugins.taobao.sandbox_calls import asked, signed
from tests.plugins.taobao.support import NOW, World, an_order, put

APPLY, PAYOUT = "alibaba.einvoice.apply.get", "alibaba.einvoice.payout.get"
UPLOAD, RESULTS = "alibaba.einvoice.core.inv.upload", "alibaba.einvoice.create.result.get"
PAYEE = "91990000MA0DEM0022"


@pytest.fixture
def with_order(world: World) -> World:
    put(world, an_order())
    return world


FILE = file_of(a_result())


def uploaded(app: TaobaoSandbox, world: World, changed: Mapping[str, str] | None = None, file: Upload = FILE) -> str:
    """The sub-code of the complaint, the number of one without; empty where it was taken."""
    sent = {**{name: str(value) for name, value in parameters(a_result(), "TM", False).items()}, **(changed or {})}
    form = signed(UPLOAD, world, **{name: value for name, value in sent.items() if value})
    content_type, body = packed(form, file)
    request = SandboxRequest("POST", "/router/rest", {}, {"content-type": content_type}, body)
    call = app.identify(request)
    assert (call.operation, call.write, call.target) == (UPLOAD, True, sent["platform_tid"])
    reply = app.answer(request, call, world)
    if reply.applied:
        return ""
    error = json.loads(reply.body)["error_response"]
    return str(error.get("sub_code") or error["code"])


def test_documented_members_only(app: TaobaoSandbox, with_order: World) -> None:
    """A row has goods with their discount and the freight, rates as text, flags as booleans; its own number is not told."""
    applied(with_order)
    told = asked(app, with_order, APPLY, platform_tid=TID)
    (row,) = told["apply_list"]["apply"]
    assert told["is_success"] is True
    assert "apply_id" not in row
    assert (row["invoice_amount"], row["sum_price"], row["sum_tax"]) == ("128.34", "113.57", "14.77")
    full, discount, freight = row["invoice_items"]["invoice_item"]
    assert [(item["row_type"], item["amount"]) for item in (full, discount, freight)] == [
        ("2", "258.00"), ("1", "-134.66"), ("0", "5.00"),
    ]  # fmt: skip
    assert (full["tax_rate"], full["quantity"], full["is_post_fee_row"]) == ("0.13", "2", False)
    assert "quantity" not in discount
    assert freight["is_post_fee_row"] is True


def test_rows_are_left_out_where_they_do_not_add_up(app: TaobaoSandbox, with_order: World) -> None:
    """An application for another amount than was paid comes without rows."""
    applied(with_order, amount=Decimal("100.00"))
    (row,) = asked(app, with_order, APPLY, platform_tid=TID)["apply_list"]["apply"]
    assert "invoice_items" not in row


def test_one_by_its_number(app: TaobaoSandbox, with_order: World) -> None:
    """With a number that a message told there is one row; a stranger's order has none at all."""
    applied(with_order)
    applied(with_order, application="APPLY0002", trigger="invoice_change", at=NOW)
    told = asked(app, with_order, APPLY, platform_tid=TID, apply_id="APPLY0002")
    assert [row["trigger_status"] for row in told["apply_list"]["apply"]] == ["invoice_change"]
    assert asked(app, with_order, APPLY, platform_tid="7")["sub_code"] == "isv.trade-not-exist"
    assert asked(app, with_order, APPLY, platform_tid="x")["code"] == 41
    assert asked(app, with_order, APPLY)["code"] == 40


def test_due_after_a_day(app: TaobaoSandbox, with_order: World) -> None:
    """The clock makes an application due; handing an invoice over ends that."""
    made = applied(with_order, at=NOW)
    with_order.sleep(24 * 3600)
    assert asked(app, with_order, PAYOUT, page_no="1", page_size="50")["result"] == {"total_count": "0"}
    with_order.sleep(1)
    (due,) = asked(app, with_order, PAYOUT, page_no="1", page_size="50")["result"]["payout_list"]["order_rights_info"]
    assert due == {"tid": TID, "except_invoice_time": china_text(NOW + timedelta(days=1))}
    assert asked(app, with_order, PAYOUT, page_no="1", page_size="51")["code"] == 41
    assert uploaded(app, with_order) == ""
    assert made.status == 2
    assert asked(app, with_order, PAYOUT, page_no="1", page_size="50")["result"] == {"total_count": "0"}


@pytest.mark.parametrize(
    ("changed", "sub_code"),
    [
        ({"invoice_no": "123"}, "isv.invalid-parameter:invoice_no"),
        ({"invoice_date": "today"}, "isv.invalid-parameter:invoice_date"),
        ({"sum_tax": "14.78"}, "isv.invalid-parameter:invoice_amount"),
        ({"sum_tax": "much"}, "isv.invalid-parameter:invoice_amount"),
        ({"invoice_type": "red"}, "isv.invalid-parameter:invoice_amount"),
        ({"business_type": "1"}, "isv.invalid-parameter:payer_register_no"),
        ({"payee_register_no": ""}, "isv.invalid-parameter:payee_register_no"),
        ({"invoice_file_type": "XML"}, "isv.invalid-parameter:invoice_file_type"),
        ({"platform_code": "tmall"}, "isv.invalid-parameter:platform_code"),
        ({"platform_tid": "4000000000000000999"}, "isv.sandbox-no-application"),
        ({"source": "apply", "apply_id": "APPLY0001"}, "isv.invalid-parameter:invoice_items"),
        ({"source": "apply", "apply_id": "APPLY0001", "invoice_items": "[{}]"}, "isv.invalid-parameter:invoice_items"),
        (
            {"source": "apply", "apply_id": "X", "invoice_items": '[{"item_name":"x","amount":"1.00"}]'},
            "isv.sandbox-no-application",
        ),
        ({"source": "async"}, "41"),
        ({"source": ""}, "40"),
    ],
)
def test_what_is_not_taken(app: TaobaoSandbox, with_order: World, changed: dict[str, str], sub_code: str) -> None:
    """The first wrong member is named, and nothing is kept."""
    made = applied(with_order)
    assert uploaded(app, with_order, changed) == sub_code
    assert (made.results, made.status) == ([], 1)


def test_a_red_one_names_its_blue_one(app: TaobaoSandbox, with_order: World) -> None:
    """Without the number of the blue invoice a red one is not taken."""
    applied(with_order)
    red = {name: str(value) for name, value in parameters(reversed_result(), "TM", False).items()}
    assert uploaded(app, with_order, {**red, "normal_invoice_no": ""}) == "isv.invalid-parameter:normal_invoice_no"
    assert uploaded(app, with_order, red) == ""


def test_file_is_wanted(app: TaobaoSandbox, with_order: World) -> None:
    """An electronic invoice is nothing without its file."""
    applied(with_order)
    assert uploaded(app, with_order, file=replace(FILE, parameter="other")) == "isv.invalid-parameter:invoice_file_data"


def test_refused_application(app: TaobaoSandbox, with_order: World) -> None:
    """What the seller refused takes no invoice."""
    applied(with_order, status=0)
    assert uploaded(app, with_order) == "isv.sandbox-application-refused"


def test_results_by_order_and_by_serial(app: TaobaoSandbox, with_order: World) -> None:
    """The serial number goes first; another seller sees nothing; platforms are named in their own words here."""
    made = applied(with_order)
    assert uploaded(app, with_order) == ""
    assert uploaded(app, with_order) == "isv.invoice-success"
    serial = made.results[0]["serial_no"]
    assert len(serial) == 20

    def numbers(**parameters: str) -> list[str]:
        told = asked(app, with_order, RESULTS, payee_register_no=PAYEE, **parameters)
        return [row["invoice_no"] for row in told.get("invoice_result_list", {}).get("invoice_result", [])]

    assert numbers(platform_code="tmall", platform_tid=TID) == [NUMBER]
    assert numbers(serial_no=serial, platform_tid="7") == [NUMBER]
    assert numbers(platform_code="tmall", platform_tid="7") == []
    stranger = asked(app, with_order, RESULTS, payee_register_no="X", platform_code="tmall", platform_tid=TID)
    assert stranger == {}
    for incomplete in ({"platform_tid": TID}, {"platform_tid": TID, "platform_code": "TM"}):
        assert asked(app, with_order, RESULTS, payee_register_no=PAYEE, **incomplete)["code"] == 40


def test_the_key_is_the_invoice(app: TaobaoSandbox, world: World) -> None:
    """The ledger tells two sends of one invoice by its number."""
    form = signed(UPLOAD, world, invoice_no=NUMBER, platform_tid=TID)
    content_type, body = packed(form, FILE)
    call = app.identify(SandboxRequest("POST", "/router/rest", {}, {"content-type": content_type}, body))
    assert (call.target, call.key) == (TID, NUMBER)
