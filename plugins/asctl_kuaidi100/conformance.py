"""What the conformance kit must be told of Kuaidi100 beside the spec: callbacks, signed with the account's salt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from asctl.api import Conformance, PushSample, compact_json
from asctl_kuaidi100.client import sign

_SCAN = {
    "context": "【上海浦东测试网点】派件中",
    "ftime": "2024-05-03 07:40:12",
    "statusCode": "5",
    "areaName": "上海,浦东新区",
}
_TRACK = {
    "status": "polling",
    "message": "",
    "lastResult": {"com": "yuantong", "nu": "YT1234567890123", "state": "5", "data": [_SCAN]},
}
_OUTCOME = {
    "taskId": "8B1F0C2D4E6A48B0A1B2C3D4E5F60718",
    "kuaidicom": "jtexpress",
    "kuaidinum": "JT1234567890123",
    "status": "SUCCESS",
    "message": "拦截成功",
    "time": "2024-05-03 10:22:31",
}
_PICKUP = {
    "kuaidicom": "yuantong",
    "kuaidinum": "YT1234567890999",
    "status": "200",
    "message": "成功",
    "data": {"orderId": "30012345", "status": 10},
}


def conformance() -> Conformance:
    """Callbacks as in sections 4.2, 5 and 7."""
    return Conformance(pushes=lambda settings: tuple(_pushes(settings)))


def _pushes(settings: Mapping[str, object]) -> Iterator[PushSample]:
    for told, kind in ((_TRACK, "tracks"), (_OUTCOME, "interception"), (_PICKUP, "pickup")):
        param = compact_json(told)
        form = {"param": param, "sign": sign(param, str(settings["salt"]))}
        yield PushSample(headers={}, body=urlencode(form).encode(), kind=kind)
