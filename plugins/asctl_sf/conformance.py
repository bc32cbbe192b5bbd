"""What the conformance kit must be told of SF beside the spec: pushes, and that SF signs none of them."""

from __future__ import annotations

from collections.abc import Mapping

from asctl.api import Conformance, PushSample, compact_json

_ROUTE = {
    "mailno": "SF1234567890123",
    "acceptTime": "2024-05-02 07:12:40",
    "acceptAddress": "上海市",
    "remark": "正在派送途中",
    "opCode": "44",
}
_STATE = {
    "orderNo": "0123456789abcdef0123456789abcdef",
    "waybillNo": "SF1234567890123",
    "orderStateCode": "04-40001",
    "orderStateDesc": "调度成功/收派员信息",
    "lastTime": "2024-05-01 15:12:33",
}
_UNSIGNED = (
    "SF signs no push, so nothing shows that one is genuine; they are refused "
    "unless push_accept_unsigned says that nobody but SF can reach the callback address"
)


def conformance() -> Conformance:
    """Pushes as in sections 5.2 and 5.3, for an account that believes them."""
    return Conformance(
        settings={"push_accept_unsigned": True, "push_format": "json"},
        pushes=_pushes,
        exempt={"PushReceiver.receive.changed": _UNSIGNED, "PushReceiver.receive.forged": _UNSIGNED},
    )


def _pushes(_settings: Mapping[str, object]) -> tuple[PushSample, ...]:
    routes = compact_json({"Body": {"WaybillRoute": [_ROUTE]}}).encode()
    states = compact_json({"requestId": "39f6e309", "timestamp": 1747984353248, "orderState": [_STATE]}).encode()
    return PushSample(headers={}, body=routes, kind="tracks"), PushSample(headers={}, body=states, kind="pickup")
