"""Refusing applications against the sandbox."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from asctl.api import (
    AfterSale,
    AfterSaleRefusal,
    AfterSaleStatus,
    AsctlError,
    BadInput,
    Evidence,
    HttpRequest,
    NotOffered,
    Refused,
    Stale,
    Unclear,
)
from asctl_taobao.multipart import unpacked
from asctl_taobao.provider import Taobao
from asctl_taobao.signing import signature
from tests.plugins.taobao.support import DirectHttp, World, an_after_sale, an_exchange, an_order, provider_of, put

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
BACK: dict[str, Any] = {"status": AfterSaleStatus.RETURNING, "raw_status": "买家已退货，待收货"}


def refusal(sale: AfterSale, **changed: Any) -> AfterSaleRefusal:
    told = {"text": "买家未退回商品，请先寄回", "proof": PNG, **changed}
    return AfterSaleRefusal(sale, **told)


@pytest.fixture
def applied(world: World) -> AfterSale:
    sale = an_after_sale(status=AfterSaleStatus.APPLIED, raw_status="WAIT_SELLER_AGREE")
    put(world, an_order(), sale)
    return sale


def error_of(shop: Taobao, told: AfterSaleRefusal) -> AsctlError:
    with pytest.raises(AsctlError) as caught:
        shop.refuse_after_sale(told)
    return caught.value


def test_refusing_a_refund(world: World, applied: AfterSale, shop: Taobao, http: DirectHttp) -> None:
    """The reason is found by its words; the picture travels as a file and is not signed; the look finds the refusal."""
    told = refusal(applied)
    world.sleep(5)
    assert shop.find_refusal(told).evidence is Evidence.ABSENT
    shop.refuse_after_sale(told)
    refused = world.after_sales[applied.after_sale_id]
    assert (refused.status, refused.version) == (AfterSaleStatus.REFUSED, applied.version)
    assert refused.modified_at == world.now()
    request = http.sent[-1]
    fields, files = unpacked((request.headers or {})["Content-Type"], request.body or b"")
    assert (request.operation, request.write, files) == ("taobao.refund.refuse", True, {"refuse_proof": PNG})
    assert fields["refuse_reason_id"] == "101"
    assert fields["sign"] == signature(fields, "sandbox-secret-not-real", "hmac-sha256")
    found = shop.find_refusal(told)
    assert (found.evidence, found.message) == (Evidence.PRESENT, "SELLER_REFUSE_BUYER")


def test_reason_by_number(applied: AfterSale, shop: Taobao, http: DirectHttp) -> None:
    """A number that is given needs no list of reasons."""
    shop.refuse_after_sale(refusal(applied, text="已与买家协商", reason_id="103"))
    assert http.operations() == ["taobao.refund.refuse"]


def test_reason_unknown(world: World, applied: AfterSale, shop: Taobao, http: DirectHttp) -> None:
    """Tmall wants one of its reasons: without one they are all listed, and nothing is sent."""
    error = error_of(shop, refusal(applied, text="不同意"))
    assert (error.family, error.code) == ("bad_input", "reason_unknown")
    assert "102 商品已影响二次销售" in error.hint
    assert world.after_sales[applied.after_sale_id] == applied
    assert not any(request.write for request in http.sent)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"proof": b""}, "proof_missing"),
        ({"proof": b"%PDF-1.7"}, "proof_format"),
        ({"proof": PNG + bytes(130_000)}, "proof_too_large"),
        ({"text": "不"}, "refusal_text_length"),
        ({"text": "不" * 201}, "refusal_text_length"),
    ],
)
def test_what_tmall_would_not_take(
    applied: AfterSale, shop: Taobao, http: DirectHttp, changed: dict[str, Any], code: str
) -> None:
    """Text and proof are checked before anything is sent."""
    error = error_of(shop, refusal(applied, **changed))
    assert isinstance(error, BadInput)
    assert (error.code, http.sent) == (code, [])


@pytest.mark.parametrize("proof", [b"GIF89a", b"GIF87a", b"\xff\xd8\xff\xe0", PNG, PNG + bytes(130_000 - len(PNG))])
def test_pictures(applied: AfterSale, shop: Taobao, proof: bytes) -> None:
    """The three kinds of picture are known by their first bytes."""
    shop.refuse_after_sale(refusal(applied, proof=proof))


def test_taobao_shop_needs_neither(applied: AfterSale, http: DirectHttp) -> None:
    """A Taobao shop may refuse by words alone."""
    shop = provider_of(http, tmall=False)
    error = error_of(shop, refusal(applied, text="不同意", proof=b""))
    assert error.code == "bad_call"
    (request, *_looks) = http.sent
    assert (request.form or {}).keys().isdisjoint({"refuse_reason_id", "refuse_proof"})


@pytest.mark.parametrize(
    ("sale", "operation"),
    [(an_exchange(), "tmall.exchange.refuse"), (an_exchange(**BACK), "tmall.exchange.returngoods.refuse")],
)
def test_refusing_an_exchange(world: World, shop: Taobao, http: DirectHttp, sale: AfterSale, operation: str) -> None:
    """The application and the goods that came back are refused by methods of their own; a proof may be left out."""
    put(world, an_order(), sale)
    told = refusal(sale, text="买家未寄回商品", proof=b"")
    shop.refuse_after_sale(told)
    assert [request.operation for request in http.sent if request.write] == [operation]
    assert world.after_sales[sale.after_sale_id].raw_status == "待买家修改"
    assert shop.find_refusal(told).evidence is Evidence.PRESENT


def test_exchange_with_proof(world: World, shop: Taobao, http: DirectHttp) -> None:
    """The picture of an exchange has another name."""
    put(world, an_order(), an_exchange())
    shop.refuse_after_sale(refusal(an_exchange(), reason_id="201"))
    request = http.sent[-1]
    assert unpacked((request.headers or {})["Content-Type"], request.body or b"")[1] == {"leave_message_pics": PNG}


def test_exchange_without_tmall(http: DirectHttp) -> None:
    """A Taobao shop has no methods for exchanges."""
    assert isinstance(error_of(provider_of(http, tmall=False), refusal(an_exchange())), NotOffered)
    assert http.sent == []


@pytest.mark.parametrize(
    "sale",
    [
        an_after_sale(status=AfterSaleStatus.DONE, raw_status="SUCCESS"),
        an_after_sale(status=AfterSaleStatus.AWAITING_RETURN, raw_status="WAIT_BUYER_RETURN_GOODS"),
        an_exchange(raw_status="请退款"),
    ],
)
def test_nothing_to_refuse(shop: Taobao, http: DirectHttp, sale: AfterSale) -> None:
    """Only what waits for the seller can be refused."""
    assert (error_of(shop, refusal(sale)).code, http.sent) == ("nothing_to_refuse", [])


def test_stale(world: World, applied: AfterSale, shop: Taobao) -> None:
    """An application that changed meanwhile is stale, and is not refused."""
    put(world, replace(applied, version="1767608499000"))
    assert isinstance(error_of(shop, refusal(applied)), Stale)
    assert world.after_sales[applied.after_sale_id].status is AfterSaleStatus.APPLIED
    assert shop.find_refusal(refusal(applied)).evidence is Evidence.UNKNOWN


def test_no_to_a_refusal_that_stands(applied: AfterSale, shop: Taobao, http: DirectHttp) -> None:
    """A flag that says no although the refusal was carried out is success, and told so."""

    def answer(request: HttpRequest) -> None:
        if request.operation == "taobao.refund.refuse":
            http.app_answer(request)
            http.scripted.append(b'{"refund_refuse_response":{"is_success":false}}')

    http.before = answer
    assert "SELLER_REFUSE_BUYER" in shop.refuse_after_sale(refusal(applied, reason_id="101")).message


def test_no_that_nobody_can_look_after(applied: AfterSale, shop: Taobao, http: DirectHttp) -> None:
    """When the look fails, the refusal is unclear, and never as good as not sent."""
    http.scripted = [b'{"refund_refuse_response":{"is_success":false}}', *[b"<html>"] * 3]
    assert isinstance(error_of(shop, refusal(applied, reason_id="101")), Unclear)


def test_refused_for_another_reason(applied: AfterSale, shop: Taobao) -> None:
    """A number that is no reason is refused in the platform's words."""
    error = error_of(shop, refusal(applied, reason_id="999"))
    assert isinstance(error, Refused)
    assert error.upstream_code == "isv.sandbox-reason-unknown"
