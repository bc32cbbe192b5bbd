"""The sandbox's decisions, seen from the wire."""

from __future__ import annotations

import json

import pytest

from asctl.api import AfterSaleStatus, OrderStatus
from asctl.api.sandbox import SandboxRequest
from asctl_taobao.multipart import Upload, packed
from asctl_taobao.sandbox import CREDENTIALS, TaobaoSandbox
from asctl_taobao.sandbox_decisions import CODE
from tests.plugins.taobao.sandbox_calls import TID, asked, resigned, signed
from tests.plugins.taobao.support import World, an_after_sale, an_exchange, an_order, answer_of, put

ID = an_after_sale().after_sale_id
VERSION = an_after_sale().version
UPDATE = "taobao.trade.shippingaddress.update"


def pay(app: TaobaoSandbox, world: World, infos: str, **more: str) -> tuple[dict[str, object], bool]:
    form = signed("taobao.rp.refunds.agree", world, refund_infos=infos, **more)
    reply = answer_of(app, world, resigned({**form, "session": CREDENTIALS.sub_account_session}))
    (member,) = json.loads(reply.body).values()
    return member, reply.applied


def test_rows_of_an_agreement(app: TaobaoSandbox, world: World) -> None:
    """One row per refund in the order asked; the word says whether all, some or none; none is not applied."""
    put(world, an_order(), an_after_sale())
    unknown = "70000000000000999|1|1|onsale"
    member, applied = pay(app, world, f"{ID}|12334|{VERSION}|onsale,{unknown}")
    assert (member["msg_code"], applied) == ("SOME_OP_SUCC", True)
    assert member["results"] == {
        "refund_mapping_result": [
            {"refund_id": ID, "succ": True, "message": "操作成功"},
            {"refund_id": "70000000000000999", "succ": False, "message": "退款不存在"},
        ]
    }
    member, applied = pay(app, world, f"{ID}|12334|{VERSION}|onsale")
    assert (member["msg_code"], applied) == ("OP_FAILURE_UE", False)


def test_code_by_text_message(app: TaobaoSandbox, world: World) -> None:
    """A sum above 2,000 yuan wants the code; without it nothing is applied."""
    put(world, an_order(), an_after_sale(amount=an_after_sale().amount * 20))
    info = f"{ID}|200001|{VERSION}|onsale"
    member, applied = pay(app, world, info)
    assert (member["msg_code"], "results" in member, applied) == ("SEND_CODE_SUCC", False, False)
    assert pay(app, world, info, code="1")[0]["msg_code"] == "OP_FAILURE_UE"
    assert pay(app, world, info, code=CODE)[0]["msg_code"] == "OP_SUCC"


@pytest.mark.parametrize(
    ("infos", "code"),
    [
        (f"{ID}|12334|{VERSION}", 41),
        (f"{ID}|1.5|{VERSION}|onsale", 41),
        (f"{ID}|600001|{VERSION}|onsale", 15),
        (",".join([f"{ID}|1|{VERSION}|onsale"] * 21), 15),
    ],
)
def test_limits_of_an_agreement(app: TaobaoSandbox, world: World, infos: str, code: int) -> None:
    """Four parts each, amounts in fen, 20 refunds, 6,000 yuan."""
    put(world, an_order(), an_after_sale())
    member, applied = pay(app, world, infos)
    assert (member["code"], applied) == (code, False)


def test_approval_stands_once(app: TaobaoSandbox, world: World) -> None:
    """A second approval of the same version is told as a success and writes nothing."""
    put(world, an_order(), an_after_sale())
    told = {"operator": "x", "refund_id": ID, "refund_phase": "onsale", "refund_version": VERSION}
    form = signed("taobao.rp.refund.review", world, **told, message="x", result="true")
    replies = [answer_of(app, world, form) for _ in range(2)]
    assert [json.loads(reply.body)["rp_refund_review_response"]["is_success"] for reply in replies] == [True, True]
    assert [reply.applied for reply in replies] == [True, False]


def test_a_declined_exchange_is_not_applied(app: TaobaoSandbox, world: World) -> None:
    """A no inside the result leaves the ledger clean; a yes is applied."""
    put(world, an_order(), an_exchange())
    number = an_exchange().after_sale_id
    agree = signed("tmall.exchange.agree", world, dispute_id=number, fields="dispute_id", address_id="3000001")
    replies = [answer_of(app, world, agree) for _ in range(2)]
    assert [reply.applied for reply in replies] == [True, False]
    declined = json.loads(replies[1].body)["tmall_exchange_agree_response"]["result"]
    assert (declined["success"], declined["msg_code"]) == (False, "isv.sandbox-status-not-allowed")


def test_refusal_wants_its_proof(app: TaobaoSandbox, world: World) -> None:
    """A refusal without a picture, or with something else for one, is turned away."""
    put(world, an_order(), an_after_sale())
    told = {"refund_id": ID, "refund_phase": "onsale", "refund_version": VERSION}
    reason = {"refuse_message": "不同意", "refuse_reason_id": "101"}
    assert asked(app, world, "taobao.refund.refuse", **told, **reason)["code"] == 40
    assert world.after_sales[ID].status is AfterSaleStatus.RETURNING


def test_ledger_names_every_refund(app: TaobaoSandbox, world: World) -> None:
    """The first refund is the target, all of them are the key; a multipart call is read like any other."""
    form = signed("taobao.rp.refunds.agree", world, refund_infos="7|1|1|onsale,8|1|1|onsale")
    body = "&".join(f"{name}={value}" for name, value in form.items()).encode()
    call = app.identify(SandboxRequest("POST", "/router/rest", {}, {}, body))
    assert (call.write, call.target, call.key) == (True, "7", "7,8")
    content_type, body = packed(
        signed("taobao.refund.refuse", world, refund_id="7"), Upload("refuse_proof", "a.png", "image/png", b"x")
    )
    call = app.identify(SandboxRequest("POST", "/router/rest", {}, {"content-type": content_type}, body))
    assert (call.operation, call.write, call.target) == ("taobao.refund.refuse", True, "7")


@pytest.mark.parametrize("changed", [{"receiver_name": "长" * 26}, {"receiver_mobile": "139000056789"}])
def test_address_limits(app: TaobaoSandbox, world: World, changed: dict[str, str]) -> None:
    """Bytes are counted in GBK."""
    put(world, an_order(status=OrderStatus.TO_SHIP, raw_status="WAIT_SELLER_SEND_GOODS"))
    member = asked(app, world, UPDATE, tid=TID, **changed)
    assert member["sub_code"] == f"isv.invalid-parameter:{next(iter(changed))}"


def test_phone_can_be_deleted_and_oaid_follows(app: TaobaoSandbox, world: World) -> None:
    """``-1`` deletes a phone; the receiver's code changes with the receiver."""
    put(world, an_order(status=OrderStatus.TO_SHIP, raw_status="WAIT_SELLER_SEND_GOODS"))
    fields = "oaid,receiver_name,receiver_address,created,receiver_mobile,receiver_phone"
    before = asked(app, world, "taobao.trade.fullinfo.get", tid=TID, fields=fields)["trade"]["oaid"]
    asked(app, world, UPDATE, tid=TID, receiver_mobile="-1", receiver_city="南京市")
    receiver = world.orders[TID].receiver
    assert (receiver.phone, receiver.city) == ("", "南京市")
    assert asked(app, world, "taobao.trade.fullinfo.get", tid=TID, fields=fields)["trade"]["oaid"] != before
