"""The sandbox app: ledger, faults, accounts."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from asctl.api.sandbox import Complaint, SandboxCall, SandboxRequest
from asctl_taobao.sandbox import TaobaoSandbox
from tests.plugins.taobao.sandbox_calls import TID, signed
from tests.plugins.taobao.support import World, an_order, answer_of, put


def test_writes_are_marked(app: TaobaoSandbox, world: World) -> None:
    """A write that took effect says so; a refused one and a read do not."""
    put(world, an_order())
    write = signed("taobao.trade.memo.update", world, tid=TID, memo="x")
    assert answer_of(app, world, write).applied
    assert answer_of(app, world, write).applied
    assert not answer_of(app, world, {**write, "sign": "BAD"}).applied
    assert not answer_of(app, world, signed("taobao.trade.get", world, tid=TID, fields="tid")).applied


def test_identify(app: TaobaoSandbox, world: World) -> None:
    """Method, target and whether it writes; never an error, whatever comes."""

    def identified(body: bytes) -> SandboxCall:
        return app.identify(SandboxRequest("POST", "/router/rest", {}, {}, body))

    memo = urlencode({"method": "taobao.trade.memo.update", "tid": TID}).encode()
    assert identified(memo) == SandboxCall("taobao.trade.memo.update", write=True, target=TID)
    assert identified(b"method=tmall.exchange.get&dispute_id=8").target == "8"
    assert identified(b"\xff\x00%%%&&==") == SandboxCall("unknown")


@pytest.mark.parametrize(
    ("complaint", "code", "sub_code"),
    [
        (Complaint("throttle", seconds=9), 7, "accesscontrol.limited-by-api-access-count"),
        (Complaint("auth"), 27, "invalid-sessionkey"),
        (Complaint("refuse", reason="item-closed"), 15, "isv.item-closed"),
        (Complaint("not_found"), 15, "isv.trade-not-exist"),
    ],
)
def test_complaints(app: TaobaoSandbox, complaint: Complaint, code: int, sub_code: str) -> None:
    """Faults are told in the gateway's words; a ban names its seconds."""
    error = json.loads(app.complain(SandboxCall("taobao.trade.get"), complaint).body)["error_response"]
    assert (error["code"], error["sub_code"]) == (code, sub_code)
    assert complaint.kind != "throttle" or "for 9 more seconds" in error["sub_msg"]


def test_exchange_not_found_is_told_in_the_result(app: TaobaoSandbox) -> None:
    """Exchanges tell failures inside the result."""
    body = app.complain(SandboxCall("tmall.exchange.get"), Complaint("not_found")).body
    assert json.loads(body)["tmall_exchange_get_response"]["result"]["msg_code"] == "DISPUTE_NOT_EXIST"
