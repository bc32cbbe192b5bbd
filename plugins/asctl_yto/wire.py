"""Their shapes (sections 1, 3 and 6): what a call carries, and what an answer is."""

from __future__ import annotations

from typing import Any

from asctl.api import HttpAnswer, Receiver, json_object, read_object

TRACK = "track_query_adapter"
REPORT = "wanted_report_adapter"
CHANGE = "wanted_change_adapter"
CANCEL = "wanted_cancel_adapter"

NO_RESULT = "1001"
ACCEPTED = "0"


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
