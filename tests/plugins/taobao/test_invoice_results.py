"""ResultTaker against the sandbox."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from asctl.api import AsctlError, BadInput, Effect, Evidence, NotFound, Refused, Unavailable, Unclear
from asctl.api.bureau import SandboxApplication
from asctl_taobao.provider import Taobao
from tests.plugins.taobao import samples
from tests.plugins.taobao.invoices import COMPANY, NUMBER, TID, a_result, applied, reversed_result
from tests.plugins.taobao.support import NOW, DirectHttp, World, an_order, provider_of, put

UPLOAD, RESULTS = "alibaba.einvoice.core.inv.upload", "alibaba.einvoice.create.result.get"
THERE = b"""{"error_response":{"code":15,"msg":"Remote service error","sub_code":"isv.invoice-success",
 "sub_msg":"\xe5\x8f\x82\xe6\x95\xb0\xe9\x94\x99\xe8\xaf\xaf"}}"""


@pytest.fixture
def application(world: World) -> SandboxApplication:
    put(world, an_order())
    return applied(world)


def answered(*rows: dict[str, Any]) -> bytes:
    return json.dumps(
        {"alibaba_einvoice_create_result_get_response": {"invoice_result_list": {"invoice_result": list(rows)}}}
    ).encode()


def test_handed_over(application: SandboxApplication, shop: Taobao, http: DirectHttp) -> None:
    """The invoice stands at the order with its file, the application is accepted, and the look finds it by its number."""
    assert shop.find_handed_over(a_result()).evidence is Evidence.ABSENT
    shop.hand_invoice_over(a_result())
    (kept,) = application.results
    assert (kept["invoice_no"], kept["invoice_amount"], kept["source"]) == (NUMBER, "128.34", "upload")
    assert b64decode(kept["invoice_file_data"]) == b"%PDF-1.4 example"
    assert not {"session", "sign", "app_key"} & kept.keys()
    assert application.status == 2
    found = shop.find_handed_over(a_result())
    assert (found.evidence, found.effect, found.reference) == (Evidence.PRESENT, Effect.EFFECTIVE, kept["serial_no"])
    assert [(request.operation, request.write) for request in http.sent] == [
        (RESULTS, False), (UPLOAD, True), (RESULTS, False),
    ]  # fmt: skip


def test_answer_to_an_application(world: World, application: SandboxApplication, shop: Taobao) -> None:
    """Under its number the very application is answered, not the newest one, and the rows are there."""
    newer = applied(world, application="APPLY0002", at=NOW)
    shop.hand_invoice_over(a_result(application=application.application, buyer=COMPANY))
    (kept,) = application.results
    assert (kept["source"], kept["payer_register_no"]) == ("apply", COMPANY.tax_id)
    assert [row["amount"] for row in json.loads(kept["invoice_items"])] == ["123.34", "5.00"]
    assert newer.results == []


def test_red_beside_blue(application: SandboxApplication, shop: Taobao) -> None:
    """A red invoice is another result of the order; each is found by its own number."""
    shop.hand_invoice_over(a_result())
    red = reversed_result()
    assert shop.find_handed_over(red).evidence is Evidence.ABSENT
    shop.hand_invoice_over(red)
    assert [kept["invoice_type"] for kept in application.results] == ["blue", "red"]
    assert Decimal(application.results[1]["invoice_amount"]) == -Decimal("128.34")
    assert shop.find_handed_over(red).evidence is Evidence.PRESENT


def test_the_same_again(application: SandboxApplication, shop: Taobao, http: DirectHttp) -> None:
    """The platform says that it has an invoice; the look finds that it is this one: nothing is doubled."""
    shop.hand_invoice_over(a_result())
    told = shop.hand_invoice_over(a_result())
    assert told.reference == application.results[0]["serial_no"]
    assert told.message
    assert len(application.results) == 1
    assert http.operations() == [UPLOAD, UPLOAD, RESULTS]


def test_another_invoice_is_there(application: SandboxApplication, shop: Taobao, http: DirectHttp) -> None:
    """An invoice that the platform issued by itself is another one: refused, with the order and our number."""
    http.scripted = [THERE]
    with pytest.raises(Refused) as caught:
        shop.hand_invoice_over(a_result())
    assert (caught.value.code, caught.value.upstream_code) == ("invoiced_already", "isv.invoice-success")
    assert TID in caught.value.message
    assert NUMBER in caught.value.message
    assert application.results == []


@pytest.mark.parametrize("trouble", [b"<html>", b'{"error_response":{"code":15,"msg":"x","sub_code":"isv.y"}}'])
def test_nobody_could_look_which(
    application: SandboxApplication, shop: Taobao, http: DirectHttp, trouble: bytes
) -> None:
    """Where the look fails it is not known whether this invoice is there."""
    http.scripted = [THERE, trouble]
    with pytest.raises(Unclear) as caught:
        shop.hand_invoice_over(a_result())
    assert caught.value.code == "refusal_unseen"


def test_answers_that_are_no_yes(application: SandboxApplication, shop: Taobao, http: DirectHttp) -> None:
    """A plain no is a refusal; an answer that says neither leaves the outcome open."""
    for member, expected in (({"is_success": False}, Refused), ({}, Unclear)):
        http.scripted = [json.dumps({"alibaba_einvoice_core_inv_upload_response": member}).encode()]
        with pytest.raises(AsctlError) as caught:
            shop.hand_invoice_over(a_result())
        assert type(caught.value) is expected


def test_without_application(world: World, shop: Taobao) -> None:
    """What the platform refuses is refused in its own words; nothing is looked for."""
    put(world, an_order())
    with pytest.raises(Refused) as caught:
        shop.hand_invoice_over(a_result())
    assert caught.value.upstream_code == "isv.sandbox-no-application"
    assert shop.find_handed_over(a_result()).evidence is Evidence.ABSENT


def test_nothing_is_sent_that_would_be_refused(application: SandboxApplication, shop: Taobao, http: DirectHttp) -> None:
    """Without a file nothing leaves."""
    with pytest.raises(BadInput):
        shop.hand_invoice_over(a_result(file=b""))
    assert http.sent == []


def test_sample(shop: Taobao, http: DirectHttp) -> None:
    """S8: a digital invoice issued under the order, with its serial number."""
    http.scripted = [samples.INVOICE_RESULTS.encode()]
    found = shop.find_handed_over(a_result())
    assert (found.evidence, found.effect, found.reference) == (
        Evidence.PRESENT, Effect.EFFECTIVE, "DEMO0000000000000001",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "evidence", "effect"),
    [
        ({"invoice_no": NUMBER, "status": "waiting"}, Evidence.PRESENT, Effect.ACCEPTED),
        ({"invoice_no": NUMBER, "status": "create_failed"}, Evidence.PRESENT, Effect.INEFFECTIVE),
        ({"invoice_no": NUMBER, "status": "new word"}, Evidence.PRESENT, None),
        ({"invoice_no": int(NUMBER), "status": "create_success"}, Evidence.PRESENT, Effect.EFFECTIVE),
        ({"invoice_no": "", "status": "waiting"}, Evidence.ABSENT, None),
        ({"invoice_no": NUMBER[:-1] + "9", "status": "create_success"}, Evidence.ABSENT, None),
    ],
)
def test_what_a_result_proves(
    shop: Taobao, http: DirectHttp, row: dict[str, Any], evidence: Evidence, effect: Effect | None
) -> None:
    """The invoice's own number decides; what came of it follows the platform's word, where it is known."""
    http.scripted = [answered(row)]
    found = shop.find_handed_over(a_result())
    assert (found.evidence, found.effect) == (evidence, effect)


def test_tax_control_numbers_repeat_between_codes(shop: Taobao, http: DirectHttp) -> None:
    """Eight digits are told apart by the code, where both tell one."""
    old = a_result(number="12345678", code="033002000111")
    for code, evidence in (
        ("033002000222", Evidence.ABSENT),
        ("033002000111", Evidence.PRESENT),
        ("", Evidence.PRESENT),
    ):
        http.scripted = [answered({"invoice_no": "12345678", "invoice_code": code, "status": "create_success"})]
        assert shop.find_handed_over(old).evidence is evidence


def test_look_that_fails(shop: Taobao, http: DirectHttp) -> None:
    """A look raises the read families, and an answer out of shape is no absence."""
    http.scripted = [b'{"error_response":{"code":15,"msg":"x","sub_code":"isv.trade-not-exist"}}']
    with pytest.raises(NotFound) as caught:
        shop.find_handed_over(a_result())
    assert TID in caught.value.message
    http.scripted = [answered(*({"invoice_no": NUMBER}, "odd"))]  # type: ignore[arg-type]
    with pytest.raises(Unavailable):
        shop.find_handed_over(a_result())


@pytest.mark.parametrize(("tmall", "codes"), [(True, ("TM", "tmall")), (False, ("TB", "taobao"))])
def test_kind_of_shop(world: World, http: DirectHttp, tmall: bool, codes: tuple[str, str]) -> None:
    """Upload and look name the platform in their own ways."""
    put(world, an_order())
    application = applied(world)
    shop = provider_of(http, tmall=tmall, upload_kinds="electronic")
    shop.hand_invoice_over(replace(a_result(), buyer=COMPANY))
    assert (application.results[0]["platform_code"], application.results[0]["invoice_kind"]) == (codes[0], "0")
    assert shop.find_handed_over(a_result()).evidence is Evidence.PRESENT
    assert dict(http.sent[-1].form or {})["platform_code"] == codes[1]
