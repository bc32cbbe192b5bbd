"""What the conformance kit must be told of YTO beside the spec: callbacks, and which rule YTO itself stands against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from asctl.api import Conformance, PushSample, compact_json
from asctl_yto.client import sign
from asctl_yto.wire import order_number

_SCAN = {
    "txLogisticID": "AS-1",
    "mailNo": "YT1234567890123",
    "infoType": "STATUS",
    "infoContent": "GOT",
    "acceptTime": "2024-05-01 10:00:00.0 CST",
    "remark": "已收件",
}
_NEWS = {
    "waybillNo": "YT1234567890123",
    "wantedType": "RETURN",
    "status": "ACCEPT",
    "remark": "已受理",
    "time": "2024-05-01 10:00:00",
}
_TEXTS = (
    ("<UpdateInfo>" + "".join(f"<{name}>{text}</{name}>" for name, text in _SCAN.items()) + "</UpdateInfo>", "tracks"),
    (compact_json(_SCAN), "tracks"),
    (compact_json(_SCAN | {"txLogisticID": order_number("0123456789abcdef0123456789abcdef")}), "pickup"),
    (compact_json(_NEWS), "interception"),
)


def conformance() -> Conformance:
    """Callbacks as in sections 5 to 7."""
    return Conformance(
        pushes=lambda settings: tuple(_pushes(settings)),
        exempt={
            "AccountChecker.check.odd_shapes": (
                "the account check is a track query, which YTO answers with a bare list: "
                "an empty one is no odd shape, and says that the signature was accepted"
            )
        },
    )


def _pushes(settings: Mapping[str, object]) -> Iterator[PushSample]:
    secret = str(settings.get("push_secret") or settings["secret"])
    for text, kind in _TEXTS:
        form = {
            "logistics_interface": text,
            "data_digest": sign(text, secret),
            "clientId": str(settings["customer_code"]),
            "type": "online",
        }
        yield PushSample(headers={}, body=urlencode(form).encode(), kind=kind)
