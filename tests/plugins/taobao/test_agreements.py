"""Agreeing to applications against the sandbox."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

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
)
from asctl_taobao.provider import Taobao
from asctl_taobao.sandbox import CREDENTIALS
from asctl_taobao.sandbox_decisions import CODE
from tests.plugins.taobao.agreements import ADDRESS, PAY, RETURN, REVIEW, a_return, one, refund_only, writes
from tests.plugins.taobao.support import DirectHttp, World, an_after_sale, an_exchange, an_order, provider_of, put


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


def test_code_by_text_message(world: World, shop: Taobao) -> None:
    """A large sum agrees to nothing until somebody says the code; a wrong code is refused."""
    sale = refund_only(amount=Decimal("2000.01"))
    put(world, an_order(), sale)
    assert one(shop, sale).needs_person
    assert world.after_sales[sale.after_sale_id] == sale
    assert isinstance(one(shop, sale, "000000").error, Refused)
    assert one(shop, sale, CODE) == AfterSaleOutcome(sale.after_sale_id)


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
