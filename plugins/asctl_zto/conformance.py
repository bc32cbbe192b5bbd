"""What the conformance kit must be told of ZTO beside the spec: callbacks, and which rules ZTO itself stands against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from asctl.api import Conformance, PushSample, compact_json
from asctl_zto.client import sign
from asctl_zto.push import TRACES

_SCAN = {
    "billCode": "73100012345678",
    "actionTime": "2024-05-01 19:02:11",
    "action": "GOT",
    "facilityName": "余杭测试网点",
    "city": "杭州市",
    "desc": "已揽收",
}
_WHOSE = (
    "ZTO tells of a parcel's latest request, not whose it is, and lets one stand at a time; "
    "asctl looks before it sends, and does not take one that stood before for its own"
)


def conformance() -> Conformance:
    """Callbacks as in section 5; the status query of section 6.3 goes by waybill."""
    return Conformance(
        pushes=lambda settings: tuple(_pushes(settings)),
        exempt={"AddressChanger.change_address.not_ours": _WHOSE, "Interceptor.intercept.not_ours": _WHOSE},
    )


def _pushes(settings: Mapping[str, object]) -> Iterator[PushSample]:
    for told, kind in ((_SCAN, "tracks"), ({"billCode": ""}, "other")):
        data = compact_json(told)
        form = {
            "data": data,
            "data_digest": sign(data, str(settings["app_secret"])),
            "company_id": str(settings["app_key"]),
            "msg_type": TRACES,
        }
        yield PushSample(headers={}, body=urlencode(form).encode(), kind=kind)
