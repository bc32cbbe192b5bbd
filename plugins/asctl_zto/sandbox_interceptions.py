"""Interceptions as ZTO keeps them: a request id drops repeats, a business number takes back (section 6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from asctl.api import Effect, ParcelKey, Receiver, RefusalReason, as_text
from asctl.api.sandbox import SandboxInterception, SandboxWorld
from asctl_zto.sandbox_gate import Complained
from asctl_zto.wire import TO_NEW_ADDRESS, TO_OUTLET, TO_SENDER

_KINDS = {str(TO_OUTLET): "outlet", str(TO_SENDER): "sender", str(TO_NEW_ADDRESS): "redirect"}
_RECEIVER = ("receiveUsername", "receivePhone", "receiveProvince", "receiveCity", "receiveDistrict", "receiveAddress")
REQUEST_ID_KEPT = timedelta(minutes=10)
"""For how long this far side drops repeats of a request id. ZTO does not say; a plugin may not rely on more."""
_STATES = {
    Effect.ACCEPTED: ("INTERCEPTING", "拦截中"),
    Effect.EFFECTIVE: ("INTERCEPT_SUCCESS", "拦截成功"),
    Effect.INEFFECTIVE: ("INTERCEPT_FAIL", "拦截失败"),
    Effect.CANCELLED: ("INTERCEPT_CANCEL", "拦截取消"),
}


class Desk:
    """The requests that came through ZTO's own interfaces."""

    def __init__(self) -> None:
        self._by_request_id: dict[str, SandboxInterception] = {}
        self._by_business_number: dict[tuple[str, str], SandboxInterception] = {}
        self._latest: dict[str, SandboxInterception] = {}

    def create(
        self, world: SandboxWorld, key: ParcelKey, body: Mapping[str, Any], codes: Mapping[RefusalReason, str]
    ) -> dict[str, str]:
        """Accept a request; ``codes`` are the words for the world's objections. Raises :class:`Complained`.

        A repeat of a request id is refused for ``REQUEST_ID_KEPT``. Another request id for the same
        parcel meets the world's own objections only.
        """
        request_id = as_text(body.get("requestId"))
        earlier = self._by_request_id.get(request_id)
        if earlier is not None and world.now() - earlier.at < REQUEST_ID_KEPT:
            raise Complained("E23127")
        kind = _KINDS.get(as_text(body.get("destinationType")))
        if kind is None:
            raise Complained("E23108")
        receiver = _receiver(body) if kind == "redirect" else None
        if key not in world.parcels:
            raise Complained("E23102")
        if objection := world.objection("zto", key, kind, receiver):
            raise Complained(codes[objection])
        made = world.intercept("zto", key, kind, request_id, receiver)
        self._by_request_id[request_id] = self._latest[key.waybill] = made
        self._by_business_number[key.waybill, as_text(body.get("thirdBizNo"))] = made
        return {"billCode": key.waybill}

    def cancel(self, world: SandboxWorld, key: ParcelKey, business_number: str) -> dict[str, str]:
        """Take a request back while it is merely accepted. Raises :class:`Complained`."""
        made = self._by_business_number.get((key.waybill, business_number))
        if made is None or not world.cancel_interception(made):
            raise Complained("E23130")
        return {"billCode": key.waybill}

    def status(self, world: SandboxWorld, key: ParcelKey) -> dict[str, str] | None:
        """What the parcel's latest request has come to; ``None`` where there was none."""
        made = self._latest.get(key.waybill)
        if made is None:
            return None
        state, name = _STATES[world.interception_effect(made)]
        return {"billCode": key.waybill, "serviceCode": made.number, "status": state, "statusName": name}


def _receiver(body: Mapping[str, Any]) -> Receiver:
    name, phone, province, city, district, detail = (as_text(body.get(member)) for member in _RECEIVER)
    if not all((name, phone, province, city, district, detail)):
        raise Complained("S208")
    return Receiver(name=name, phone=phone, province=province, city=city, district=district, detail=detail)
