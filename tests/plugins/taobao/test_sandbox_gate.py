"""What a call must bring before the sandbox carries it out."""

from __future__ import annotations

import json

import pytest

from asctl_taobao.sandbox import TaobaoSandbox
from tests.plugins.taobao.sandbox_calls import TID, resigned, signed, told
from tests.plugins.taobao.support import World, an_order, answer_of, put


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"method": ""}, 21),
        ({"method": "taobao.no.such.method"}, 22),
        ({"app_key": ""}, 28),
        ({"app_key": "1"}, 29),
        ({"timestamp": ""}, 30),
        ({"timestamp": "2026-01-08 08:49:59"}, 31),
        ({"timestamp": "2026-01-08 09:10:01"}, 31),
        ({"timestamp": "yesterday"}, 31),
        ({"timestamp": "9" * 40}, 31),
        ({"v": ""}, 32),
        ({"v": "1.0"}, 33),
        ({"format": ""}, 23),
        ({"format": "xml"}, 23),
        ({"session": ""}, 26),
        ({"session": "wrong"}, 27),
        ({"fields": ""}, 40),
        ({"tid": ""}, 40),
        ({"tid": "ABC"}, 41),
        ({"tid": "4999999999999999999"}, 15),
    ],
)
def test_checks(app: TaobaoSandbox, world: World, changed: dict[str, str], code: int) -> None:
    """Each thing that is wrong has its code; an empty parameter counts as missing."""
    form = signed("taobao.trade.get", world, tid=TID, fields="tid")
    assert told(app, world, resigned({**form, **changed}))["code"] == code


def test_order_of_checks(app: TaobaoSandbox, world: World) -> None:
    """When everything is wrong, the complaints come in the order of section 1.8 as one after the other is mended."""
    good = signed("taobao.trade.get", world, tid=TID, fields="tid")
    form = {"sign": "BAD"}
    codes = []
    for mended in ("method", "app_key", "timestamp", "v", "format", "sign_method", "session", "fields", "tid"):
        codes.append(told(app, world, form)["code"])
        form = {**form, mended: good[mended]}
        if "sign_method" in form:
            form = resigned(form)
    assert codes == [21, 28, 30, 32, 23, 25, 26, 40, 40]
    assert told(app, world, form)["code"] == 15


def test_signature_is_verified(app: TaobaoSandbox, world: World) -> None:
    """Without a sign, with a changed parameter, or with an unknown method of signing nothing is carried out."""
    form = signed("taobao.trade.memo.update", world, tid=TID, memo="x")
    put(world, an_order())
    assert told(app, world, {**form, "sign": ""})["code"] == 24
    assert told(app, world, {**form, "memo": "y"})["code"] == 25
    assert told(app, world, {**form, "sign_method": "sha1"})["code"] == 25
    assert world.orders[TID].remark == "VIP 先联系"


def test_time_stamp_in_milliseconds(app: TaobaoSandbox, world: World) -> None:
    """The official Python client sends milliseconds, and they are taken."""
    stamp = str(int(world.now().timestamp() * 1000))
    form = resigned({**signed("taobao.time.get", world), "timestamp": stamp})
    assert told(app, world, form) == {"time": "2026-01-08 09:00:00"}


@pytest.mark.parametrize("split", [0, 5, 99])
def test_parameters_in_address_and_body(app: TaobaoSandbox, world: World, split: int) -> None:
    """Parameters may stand in the address, in the body, or in both."""
    put(world, an_order())
    items = list(signed("taobao.trade.get", world, tid=TID, fields="tid").items())
    reply = answer_of(app, world, dict(items[split:]), query=dict(items[:split]))
    assert json.loads(reply.body)["trade_get_response"]["trade"] == {"tid": int(TID)}


def test_another_path(app: TaobaoSandbox, world: World) -> None:
    """There is one path."""
    assert answer_of(app, world, signed("taobao.time.get", world), path="/router").status == 404
