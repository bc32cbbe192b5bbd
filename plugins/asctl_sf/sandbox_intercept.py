"""The interception service of their side (section 7). It drops no repeats: each request is carried out anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asctl.api import ParcelKey, Receiver, RefusalReason, as_text
from asctl.api.sandbox import SandboxWorld
from asctl_sf import COURIER
from asctl_sf.instructions import CARD_MODES, PAY_MODES, REDIRECT, RETURN
from asctl_sf.sandbox_refusals import No, refusal_of

CARD = "7551234567"
FEE = "12.0"
_KINDS = {REDIRECT: "redirect", RETURN: "sender"}
_CARD_MODES = frozenset(PAY_MODES[mode] for mode in CARD_MODES)
_ADDRESS = ("province", "city", "address", "contact", "phone")


def carry_out(content: Mapping[str, Any], world: SandboxWorld) -> dict[str, Any]:
    """Accept a redirection, a return, or the cancellation of one; their ``msgData``. Raises :class:`No`."""
    kind = _kind(content)
    key = ParcelKey(COURIER, as_text(content.get("waybillNo")))
    if content.get("cancel") is True:
        return _cancel(content, key, kind, world)
    receiver = _receiver(content.get("newDestAddress"))
    if reason := world.objection(COURIER, key, kind, receiver):
        raise refusal_of(reason)
    made = world.intercept(COURIER, key, kind, receiver=receiver)
    return _accepted(made.number)


def _kind(content: Mapping[str, Any]) -> str:
    """What is asked for, once everything that must be told with it is there."""
    for name in ("waybillNo", "serviceCode", "role", "payMode"):
        if not as_text(content.get(name)):
            raise No("S0002", f"{name}不可为空")
    pay_mode = as_text(content["payMode"])
    if pay_mode not in PAY_MODES.values():
        raise No("8256", "付款方式不支持")
    if pay_mode in _CARD_MODES:
        check_card(as_text(content.get("monthlyCardNo")))
    if as_text(content["serviceCode"]) not in _KINDS:
        raise refusal_of(RefusalReason.NOT_SUPPORTED)
    return _KINDS[as_text(content["serviceCode"])]


def check_card(card: str) -> None:
    """Raises :class:`No` for a card that is not told, or not ours."""
    if not card:
        raise No("S0002", "monthlyCardNo不可为空")
    if card != CARD:
        raise No("8119", "月结卡号不存在或已失效")


def _receiver(told: object) -> Receiver:
    if not isinstance(told, dict) or not all(as_text(told.get(name)) for name in _ADDRESS):
        raise No("S0002", "newDestAddress不可为空")
    return Receiver(
        name=as_text(told["contact"]),
        phone=as_text(told["phone"]),
        province=as_text(told["province"]),
        city=as_text(told["city"]),
        district=as_text(told.get("county")),
        detail=as_text(told["address"]),
    )


def _cancel(content: Mapping[str, Any], key: ParcelKey, kind: str, world: SandboxWorld) -> dict[str, Any]:
    number = as_text(content.get("cusId"))
    if not number:
        raise No("S0002", "cusId不可为空")
    about = (COURIER, key.waybill, kind, number)
    made = next(
        (each for each in world.interceptions if (each.plugin, each.waybill, each.kind, each.number) == about), None
    )
    if made is None or not world.cancel_interception(made):
        raise refusal_of(RefusalReason.CANNOT_CANCEL)
    return _accepted(number)


def _accepted(number: str) -> dict[str, Any]:
    return {
        "cusId": number,
        "amount": FEE,
        "freightAdditionInfoResp": {"interceptionDeptCode": "571W", "transferFlg": "1"},
    }
