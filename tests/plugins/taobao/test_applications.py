"""ApplicationSource against the sandbox and against the samples."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from asctl.api import CHINA, Buyer, Colour, InvoiceKind, Refused, TitleType, Unavailable
from asctl_taobao.provider import Taobao
from tests.plugins.taobao import samples
from tests.plugins.taobao.invoices import COMPANY, TID, application_row, applied
from tests.plugins.taobao.support import NOW, DirectHttp, World, an_order, provider_of, put

APPLY, PAYOUT = "alibaba.einvoice.apply.get", "alibaba.einvoice.payout.get"


def answered(**member: object) -> bytes:
    return json.dumps({"alibaba_einvoice_apply_get_response": member}).encode()


def test_sample(shop: Taobao, http: DirectHttp) -> None:
    """S8: a late application of a company for a fully digital ordinary invoice."""
    http.scripted = [samples.APPLICATIONS.encode()]
    (told,) = shop.invoice_applications(TID)
    assert (told.order_id, told.state, told.trigger) == (TID, "applied", "invoice_supply")
    assert (told.kind, told.colour) == (InvoiceKind.DIGITAL_ORDINARY, Colour.BLUE)
    assert told.buyer == Buyer("示例虚构有限公司", TitleType.COMPANY, "91330000DEMO00000X")
    assert (told.amount, told.applied_at) == (Decimal("218.00"), datetime(2026, 1, 8, 9, 0, tzinfo=CHINA))
    (line,) = told.lines
    assert (line.line_id, line.gross, line.rate, line.code) == (
        "4000000000000000102", Decimal("123.34"), Decimal("0.13"), "",
    )  # fmt: skip


def test_against_the_sandbox(world: World, shop: Taobao, http: DirectHttp) -> None:
    """Discounts come merged, the freight marked, and the rows add up to the amount that was applied for."""
    put(world, an_order())
    applied(world, buyer=COMPANY, kind=InvoiceKind.DIGITAL_SPECIAL)
    (told,) = shop.invoice_applications(TID)
    assert (told.kind, told.buyer, told.amount) == (InvoiceKind.DIGITAL_SPECIAL, COMPANY, Decimal("128.34"))
    assert told.applied_at == NOW - timedelta(hours=1)
    assert [(line.line_id, line.gross, line.freight) for line in told.lines] == [
        ("4000000000000500101", Decimal("123.34"), False),
        ("", Decimal("5.00"), True),
    ]
    (request,) = http.sent
    assert (request.operation, request.write) == (APPLY, False)
    assert dict(request.form or {})["platform_tid"] == TID


def test_in_the_order_of_their_coming(world: World, shop: Taobao) -> None:
    """The oldest first, however they are listed; a refund that the seller agreed to asks for a red invoice."""
    put(world, an_order())
    applied(world, trigger="refund_seller_confirm", at=NOW)
    applied(world, trigger="buyer_payed", at=NOW - timedelta(days=2), status=2)
    told = shop.invoice_applications(TID)
    assert [(row.trigger, row.colour, row.state) for row in told] == [
        ("buyer_payed", Colour.BLUE, "accepted"),
        ("refund_seller_confirm", Colour.RED, "applied"),
    ]
    assert told[1].amount == Decimal("-128.34")


def test_none(world: World, shop: Taobao, http: DirectHttp) -> None:
    """An order that nobody asked an invoice for has no applications, also where the answer says nothing at all."""
    put(world, an_order())
    assert shop.invoice_applications(TID) == ()
    http.scripted = [answered(request_id="1")]
    assert shop.invoice_applications(TID) == ()


def test_one_odd_row(shop: Taobao, http: DirectHttp) -> None:
    """A row out of shape leaves the order's applications unread, and so does a failure without a complaint."""
    rows = {"apply": [application_row(), application_row(status=9)]}
    for body in (answered(is_success=True, apply_list=rows), answered(is_success=False)):
        http.scripted = [body]
        with pytest.raises(Unavailable) as caught:
            shop.invoice_applications(TID)
        assert caught.value.code == "odd_answer"


def test_overdue(world: World, shop: Taobao) -> None:
    """Due is what was applied for more than a day ago, in an order that is paid and shipped, and nobody took up."""
    orders = [an_order(number) for number in range(101, 106)]
    put(world, *orders[:3], an_order(104, shipped_at=None), an_order(105, paid_at=None))
    old = NOW - timedelta(hours=25)
    for order, at, status in zip(orders, (old, NOW, old, old, old), (1, 1, 2, 1, 1), strict=True):
        applied(world, order_id=order.order_id, at=at, status=status)
    assert shop.overdue_invoices() == (TID,)


def test_overdue_pages(world: World, http: DirectHttp) -> None:
    """Every page is read although the total only says 200+; a page has at most 50 rows."""
    numbers = range(1001, 1206)
    for number in numbers:
        put(world, an_order(number))
        applied(world, order_id=an_order(number).order_id, at=NOW - timedelta(days=2))
    found = provider_of(http, page_size=100).overdue_invoices()
    assert found == tuple(an_order(number).order_id for number in numbers)
    assert http.operations() == [PAYOUT] * 6
    assert {dict(request.form or {})["page_size"] for request in http.sent} == {"50"}


def test_overdue_list_that_repeats_itself(shop: Taobao, http: DirectHttp) -> None:
    """A far side that knows no second page is asked twice, and each order is told once."""
    page = json.dumps(
        {
            "alibaba_einvoice_payout_get_response": {
                "is_success": True,
                "result": {"total_count": "200+", "payout_list": {"info": [{"tid": 7}, {"tid": "8"}, {"tid": 7}]}},
            }
        }
    ).encode()
    http.scripted = [page, page]
    assert shop.overdue_invoices() == ("7", "8")
    assert http.scripted == []


def test_refusals_are_told(shop: Taobao, http: DirectHttp) -> None:
    """A shop that was not let into the list is refused in the platform's words."""
    http.scripted = [b'{"error_response":{"code":15,"msg":"x","sub_code":"isv.not-entered","sub_msg":"no"}}']
    with pytest.raises(Refused) as caught:
        shop.overdue_invoices()
    assert caught.value.upstream_code == "isv.not-entered"
