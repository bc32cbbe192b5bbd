"""What the platform answers to an agreement, and what stands after it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from asctl.api import AfterSale, AfterSaleStatus, Evidence, HttpRequest, Refused, Stale, Unclear
from asctl_taobao.provider import Taobao
from tests.plugins.taobao.agreements import PAY, RETURN, REVIEW, a_return, one, refund_only, writes
from tests.plugins.taobao.support import DirectHttp, World, an_exchange, an_order, provider_of, put


def test_stale_version(world: World, shop: Taobao) -> None:
    """An application that changed since it was read is stale, whichever way it would have been agreed to."""
    for sale in (refund_only(), a_return()):
        put(world, an_order(), replace(sale, version="1767608499000"))
        error = one(shop, sale).error
        assert isinstance(error, Stale)
        assert error.code == "after_sale_changed"
        assert world.after_sales[sale.after_sale_id].status is AfterSaleStatus.APPLIED
        assert shop.find_agreement(sale).evidence is Evidence.UNKNOWN


def test_stale_row(world: World, http: DirectHttp) -> None:
    """A row that is refused because of its version is stale, the others are paid."""
    shop = provider_of(http, review_refunds=False)
    stale, good = refund_only(1), refund_only(2)
    put(world, an_order(), replace(stale, version="1767608499000"), good)
    first, second = shop.agree_after_sales((stale, good))
    assert isinstance(first.error, Stale)
    assert first.error.upstream_text == "退款版本已变更，请刷新后重试"
    assert second.error is None


def test_refused_row(world: World, http: DirectHttp) -> None:
    """A row that is refused for another reason keeps the platform's words."""
    put(world, an_order(), refund_only(amount=Decimal("5.00")))
    error = one(provider_of(http), refund_only()).error
    assert isinstance(error, Refused)
    assert "金额" in error.message


def test_repeat(world: World, shop: Taobao) -> None:
    """Agreed to once, the same version is not taken again; what was asked for stands, and the message says so."""
    for sale in (refund_only(), a_return()):
        put(world, an_order(), sale)
        assert one(shop, sale).error is None
        again = one(shop, sale)
        assert again.error is None
        assert world.after_sales[sale.after_sale_id].raw_status in again.message


FAILED_ROW = '{"refund_id":"%s","succ":false,"message":"系统处理失败"}'


def saying_no(http: DirectHttp, method: str, body: str, *, applied: bool) -> None:
    """The platform's next answer to ``method`` is ``body``, whether or not it carries the call out."""

    def answer(request: HttpRequest) -> None:
        if request.operation == method:
            if applied:
                http.app_answer(request)
            http.scripted.append(body.encode())

    http.before = answer


def failed_row(sale: AfterSale) -> str:
    row = FAILED_ROW % sale.after_sale_id
    return f'{{"rp_refunds_agree_response":{{"succ":true,"results":{{"refund_mapping_result":[{row}]}}}}}}'


def test_failed_row_of_a_refund_that_was_paid(world: World, shop: Taobao, http: DirectHttp) -> None:
    """A row that says "failed" although the money moved is never told as refused or stale: the refund stands."""
    put(world, an_order(), refund_only())
    saying_no(http, PAY, failed_row(refund_only()), applied=True)
    outcome = one(shop, refund_only())
    assert (outcome.error, outcome.needs_person) == (None, False)
    assert "SUCCESS" in outcome.message


def test_failed_row_of_a_refund_that_was_not_paid(world: World, shop: Taobao, http: DirectHttp) -> None:
    """Where the look finds it as it was, the "no" is believed."""
    put(world, an_order(), refund_only())
    saying_no(http, PAY, failed_row(refund_only()), applied=False)
    error = one(shop, refund_only()).error
    assert isinstance(error, Refused)
    assert "系统处理失败" in error.message


def test_false_flag_of_a_return_that_was_agreed_to(world: World, shop: Taobao, http: DirectHttp) -> None:
    """The flag of a return is no more to be believed than the row of a refund."""
    put(world, an_order(), a_return())
    saying_no(http, RETURN, '{"rp_returngoods_agree_response":{"is_success":false}}', applied=True)
    outcome = one(shop, a_return())
    assert outcome.error is None
    assert "WAIT_BUYER_RETURN_GOODS" in outcome.message


def test_failed_row_that_nobody_can_look_after(world: World, shop: Taobao, http: DirectHttp) -> None:
    """A "no" that cannot be looked after is unclear, with their words; it does not look as if nothing had been sent."""
    put(world, an_order(), refund_only())
    http.scripted = [b'{"rp_refund_review_response":{"is_success":true}}', failed_row(refund_only()).encode()]
    http.scripted += [b"<html>"] * 3
    error = one(shop, refund_only()).error
    assert isinstance(error, Unclear)
    assert (error.code, error.upstream_text) == ("refusal_unseen", "系统处理失败")


def test_no_about_a_number_that_is_nobodys(world: World, shop: Taobao, http: DirectHttp) -> None:
    """Where there is no such application nothing can stand: the refusal is kept."""
    assert isinstance(one(shop, refund_only()).error, Refused)


def test_lost_answers_are_unclear(world: World, http: DirectHttp, shop: Taobao) -> None:
    """Whatever write loses its answer, its applications are unclear and the others go on; nothing is raised."""
    put(world, an_order(), refund_only(), a_return())

    def lose(request: HttpRequest) -> None:
        if request.operation in (PAY, RETURN):
            http.app_answer(request)
            http.scripted.append(b"{}")

    http.before = lose
    outcomes = shop.agree_after_sales((refund_only(), a_return()))
    assert all(isinstance(outcome.error, Unclear) for outcome in outcomes)
    assert sorted(writes(http)) == sorted([REVIEW, PAY, RETURN])
    http.before = lambda _request: None
    assert shop.find_agreement(refund_only()).evidence is Evidence.PRESENT
    assert shop.find_agreement(a_return()).evidence is Evidence.PRESENT


@pytest.mark.parametrize("body", ["true", "1", "null", '"x"'])
def test_odd_flags_are_unclear(world: World, http: DirectHttp, shop: Taobao, body: str) -> None:
    """A success that is not said as it should be is none."""
    put(world, an_order(), an_exchange())

    def answer(request: HttpRequest) -> None:
        if request.write:
            http.scripted.append(f'{{"tmall_exchange_agree_response":{{"result":{body}}}}}'.encode())

    http.before = answer
    assert isinstance(one(shop, an_exchange()).error, Unclear)


def test_false_flag(world: World, http: DirectHttp, shop: Taobao) -> None:
    """A flag that says no is a refusal, even without an error."""
    put(world, an_order(), a_return())

    def answer(request: HttpRequest) -> None:
        if request.operation == RETURN:
            http.scripted.append(b'{"rp_returngoods_agree_response":{"is_success":false}}')

    http.before = answer
    assert isinstance(one(shop, a_return()).error, Refused)


def test_review_that_is_not_needed(world: World, http: DirectHttp, shop: Taobao) -> None:
    """An approval that the platform says is not needed counts as done."""
    put(world, an_order(), refund_only())
    said = '{"error_response":{"code":15,"msg":"x","sub_code":"isv.x","sub_msg":"退款单已完结，无需审核"}}'
    http.scripted = [said.encode()]
    assert one(shop, refund_only()).error is None


def test_review_that_is_refused(world: World, http: DirectHttp, shop: Taobao) -> None:
    """Without the approval no money moves, and only this application is held up."""
    put(world, an_order(), refund_only(1), refund_only(2))
    http.scripted = [b'{"error_response":{"code":15,"msg":"x","sub_code":"isv.x","sub_msg":"no"}}']
    first, second = shop.agree_after_sales((refund_only(1), refund_only(2)))
    assert isinstance(first.error, Refused)
    assert second.error is None
    assert world.after_sales[first.after_sale_id].status is AfterSaleStatus.APPLIED
