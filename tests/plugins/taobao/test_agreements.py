"""Agreeing to applications against the sandbox."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from asctl.api import (
    AfterSale,
    AfterSaleKind,
    AfterSaleOutcome,
    AfterSaleStatus,
    BadConfiguration,
    BadInput,
    CredentialsRefused,
    Evidence,
    HttpRequest,
    NotOffered,
    Refused,
    Stale,
    Unclear,
)
from asctl_taobao.provider import Taobao
from asctl_taobao.sandbox import CREDENTIALS
from asctl_taobao.sandbox_decisions import CODE
from tests.plugins.taobao.support import DirectHttp, World, an_after_sale, an_exchange, an_order, provider_of, put

REVIEW, PAY = "taobao.rp.refund.review", "taobao.rp.refunds.agree"
RETURN, ADDRESS = "taobao.rp.returngoods.agree", "taobao.logistics.address.search"
APPLIED: dict[str, Any] = {"status": AfterSaleStatus.APPLIED, "raw_status": "WAIT_SELLER_AGREE"}


def refund_only(number: int = 1, **changed: Any) -> AfterSale:
    told = {"kind": AfterSaleKind.REFUND_ONLY, "goods_back": False, "return_courier": "", "return_waybill": ""}
    return an_after_sale(number, **{**told, **APPLIED, **changed})


def a_return(number: int = 2, **changed: Any) -> AfterSale:
    return an_after_sale(number, **{**APPLIED, **changed})


def one(shop: Taobao, sale: AfterSale, code: str = "") -> AfterSaleOutcome:
    (outcome,) = shop.agree_after_sales((sale,), code)
    assert outcome.after_sale_id == sale.after_sale_id
    return outcome


def writes(http: DirectHttp) -> list[str]:
    return [request.operation for request in http.sent if request.write]


@pytest.mark.parametrize(
    ("sale", "operations", "after"),
    [
        (refund_only(), [REVIEW, PAY], "SUCCESS"),
        (an_after_sale(), [REVIEW, PAY], "SUCCESS"),
        (a_return(), [RETURN], "WAIT_BUYER_RETURN_GOODS"),
        (an_exchange(), ["tmall.exchange.agree"], "待买家退货"),
        (
            an_exchange(status=AfterSaleStatus.RETURNING, raw_status="买家已退货，待收货"),
            ["tmall.exchange.returngoods.agree"],
            "待发出换货商品",
        ),
    ],
)
def test_what_agreeing_means(
    world: World, shop: Taobao, http: DirectHttp, sale: AfterSale, operations: list[str], after: str
) -> None:
    """Kind and status decide; the look tells before from after."""
    put(world, an_order(), sale)
    assert shop.find_agreement(sale).evidence is Evidence.ABSENT
    outcome = one(shop, sale)
    assert (outcome.error, outcome.needs_person) == (None, False)
    assert writes(http) == operations
    moved = world.after_sales[sale.after_sale_id]
    assert moved.raw_status == after
    assert moved.version != sale.version
    found = shop.find_agreement(sale)
    assert (found.evidence, found.message) == (Evidence.PRESENT, after)


@pytest.mark.parametrize(
    "sale",
    [
        refund_only(status=AfterSaleStatus.DONE, raw_status="SUCCESS"),
        an_after_sale(status=AfterSaleStatus.AWAITING_RETURN, raw_status="WAIT_BUYER_RETURN_GOODS"),
        refund_only(status=AfterSaleStatus.REFUSED, raw_status="SELLER_REFUSE_BUYER"),
        refund_only(status=AfterSaleStatus.UNKNOWN, raw_status="SOMETHING_NEW"),
        refund_only(kind=AfterSaleKind.REPAIR),
        refund_only(raw_status="EXCHANGE_TRANSFORM_TO_REFUND"),
        an_exchange(raw_status="请退款"),
    ],
)
def test_nothing_to_agree(world: World, shop: Taobao, http: DirectHttp, sale: AfterSale) -> None:
    """Any other state is refused on this side, and told."""
    put(world, an_order(), sale)
    error = one(shop, sale).error
    assert isinstance(error, Refused)
    assert (error.code, sale.raw_status in error.message) == ("nothing_to_agree", True)
    assert http.sent == []


def test_one_call_for_all_refunds(world: World, shop: Taobao, http: DirectHttp) -> None:
    """Money goes in one call under the sub-account's session; outcomes come in the order asked, each with its own error."""
    refunds = [refund_only(n) for n in range(1, 4)]
    done = refund_only(9, status=AfterSaleStatus.DONE, raw_status="SUCCESS")
    put(world, an_order(), *refunds, a_return(8), done)
    asked = (refunds[0], a_return(8), refunds[1], done, refunds[2])
    outcomes = shop.agree_after_sales(asked)
    assert [outcome.after_sale_id for outcome in outcomes] == [sale.after_sale_id for sale in asked]
    assert [outcome.error is None for outcome in outcomes] == [True, True, True, False, True]
    assert sorted(writes(http)) == sorted([REVIEW] * 3 + [PAY, RETURN])
    sessions = {request.operation: (request.form or {}).get("session") for request in http.sent if request.write}
    assert (sessions[PAY], sessions[REVIEW]) == (CREDENTIALS.sub_account_session, CREDENTIALS.session)


def test_an_application_twice_is_one(world: World, shop: Taobao, http: DirectHttp) -> None:
    """The same application twice in one call is agreed to once and told twice."""
    put(world, an_order(), refund_only())
    outcomes = shop.agree_after_sales((refund_only(), refund_only()))
    assert [outcome.error for outcome in outcomes] == [None, None]
    assert writes(http) == [REVIEW, PAY]


def test_twenty_at_once(world: World, shop: Taobao) -> None:
    """Twenty refunds fit into one call, and the twenty-first is refused by the platform for all."""
    refunds = tuple(refund_only(n, amount=Decimal("10.00")) for n in range(1, 22))
    put(world, an_order(), *refunds)
    assert all(isinstance(outcome.error, Refused) for outcome in shop.agree_after_sales(refunds))
    assert all(outcome.error is None for outcome in shop.agree_after_sales(refunds[:20]))


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


def test_code_by_text_message(world: World, shop: Taobao) -> None:
    """A large sum agrees to nothing until somebody says the code; a wrong code is refused."""
    sale = refund_only(amount=Decimal("2000.01"))
    put(world, an_order(), sale)
    assert one(shop, sale).needs_person
    assert world.after_sales[sale.after_sale_id] == sale
    assert isinstance(one(shop, sale, "000000").error, Refused)
    assert one(shop, sale, CODE) == AfterSaleOutcome(sale.after_sale_id)


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


def test_without_review(world: World, http: DirectHttp) -> None:
    """A shop without approvals, and any Taobao shop, pays at once; only Tmall names the phase."""
    put(world, an_order(), refund_only())
    assert one(provider_of(http, review_refunds=False), refund_only()).error is None
    one(provider_of(http, tmall=False), refund_only())
    assert writes(http) == [PAY, PAY]
    assert [(request.form or {})["refund_infos"].count("|") for request in http.sent if request.write] == [3, 2]


def test_wrong_session(world: World, http: DirectHttp) -> None:
    """Without the sub-account's session nothing is agreed to, and the hint says what is missing."""
    put(world, an_order(), refund_only())
    error = one(provider_of(http, agree_session=None), refund_only()).error
    assert isinstance(error, CredentialsRefused)
    assert "sub-account" in error.hint


def test_no_return_address(world: World, http: DirectHttp, shop: Taobao) -> None:
    """Without a default return address the return is not agreed to: that is a matter of the shop's settings."""
    put(world, an_order(), a_return(), refund_only())

    def none(request: HttpRequest) -> None:
        if request.operation == ADDRESS:
            http.scripted.append(b'{"logistics_address_search_response":{}}')

    http.before = none
    first, second = shop.agree_after_sales((a_return(), refund_only()))
    assert isinstance(first.error, BadConfiguration)
    assert (first.error.code, second.error) == ("no_return_address", None)


def test_address_is_asked_once(world: World, http: DirectHttp, shop: Taobao) -> None:
    """Many returns share one look at the address book."""
    returns = tuple(a_return(n) for n in range(1, 6))
    put(world, an_order(), *returns)
    assert all(outcome.error is None for outcome in shop.agree_after_sales(returns))
    assert http.operations().count(ADDRESS) == 1


def test_taobao_shop_wants_the_address_in_words(world: World, http: DirectHttp) -> None:
    """A Taobao shop sends name, address and phone besides the number."""
    put(world, an_order(), a_return())
    one(provider_of(http, tmall=False), a_return())
    form = http.sent[1].form or {}
    assert (form["name"], form["address"], form["mobile"], form["seller_address_id"]) == (
        "示例仓", "浙江省杭州市余杭区示例路9号", "13800000000", "3000001"
    )  # fmt: skip
    assert "remark" not in form


def test_exchange_without_tmall(world: World, http: DirectHttp) -> None:
    """A Taobao shop has no methods for exchanges."""
    error = one(provider_of(http, tmall=False), an_exchange()).error
    assert isinstance(error, NotOffered)
    assert writes(http) == []


def test_version_missing(world: World, shop: Taobao, http: DirectHttp) -> None:
    """A refund without its version is not sent."""
    error = one(shop, refund_only(version="")).error
    assert isinstance(error, BadInput)
    assert (error.code, http.sent) == ("version_missing", [])


def test_exchange_from_a_list_has_no_version(world: World, shop: Taobao) -> None:
    """Lists tell no version of exchanges: the time of change stands for it."""
    sale = an_exchange()
    put(world, an_order(), sale)
    listed = replace(sale, version="")
    assert shop.find_agreement(listed).evidence is Evidence.ABSENT
    put(world, replace(sale, modified_at=world.now()))
    assert shop.find_agreement(listed).evidence is Evidence.UNKNOWN
