"""Their shapes (sections 1, 3, 6 and 7): what a call carries, and what an answer is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from asctl.api import HttpAnswer, PickupGoods, Receiver, china_text, json_object, read_object

TRACK = "track_query_adapter"
REPORT = "wanted_report_adapter"
CHANGE = "wanted_change_adapter"
CANCEL = "wanted_cancel_adapter"
ORDER = "privacy_create_adapter"
CANCEL_ORDER = "korder_cancel_adapter"

NO_RESULT = "1001"
ACCEPTED = "0"
_OURS = "RET"


def change_members(receiver: Receiver) -> dict[str, str]:
    """The new receiver in their member names: ``receive...`` for the address, ``receiver...`` for the person.

    They have no member for the town, so it leads the address.
    """
    return {
        "receiveProvName": receiver.province,
        "receiveCityName": receiver.city,
        "receiveCountyName": receiver.district,
        "receiveAddress": receiver.town + receiver.detail,
        "receiverName": receiver.name,
        "receiverTel": receiver.phone,
    }


def order_number(key: str) -> str:
    """The ``logisticsNo`` of a pickup, of 7 to 64 characters; callbacks bring it back."""
    return _OURS + key


def key_of(number: str) -> str:
    """Our key in a ``logisticsNo``; empty for the number of an order that somebody else made."""
    return number.removeprefix(_OURS) if number.startswith(_OURS) else ""


def party_members(role: str, party: Receiver) -> dict[str, str]:
    """A person with the address, as ``sender...`` or ``recipient...`` members."""
    return {
        f"{role}Name": party.name,
        f"{role}ProvinceName": party.province,
        f"{role}CityName": party.city,
        f"{role}CountyName": party.district,
        f"{role}TownName": party.town,
        f"{role}Address": party.detail,
        f"{role}Mobile": party.phone,
    }


def goods_members(goods: Iterable[PickupGoods]) -> list[dict[str, object]]:
    """What the courier will find."""
    return [{"name": line.title or line.sku, "quantity": line.quantity} for line in goods]


def window_members(start: datetime | None, end: datetime | None) -> dict[str, str]:
    """From when until when, in China; empty where the courier comes as soon as he can."""
    return {"startTime": china_text(start), "endTime": china_text(end)} if start and end else {}


def read_track(answer: HttpAnswer) -> list[Any] | dict[str, Any]:
    """The answer to a track query: a list where there are scans, an object for everything else.

    Raises :class:`Unavailable` (code ``not_json``) for what is neither.
    """
    if answer.body.lstrip().startswith(b"["):
        try:
            scans = json_object(b'{"scans":%b}' % answer.body)["scans"]
        except ValueError:
            scans = None
        if isinstance(scans, list):
            return scans
    return read_object(answer)


def is_true(value: object) -> bool:
    """Their ``success``, which may be a boolean or text."""
    return value is True or (isinstance(value, str) and value.strip().lower() == "true")
