"""Callbacks (sections 5 and 6): verified over the text as received, then read. One form for scans and interceptions.

A scan of a pickup of ours brings the number that we gave its order.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from asctl.api import (
    Effect,
    Push,
    PushReply,
    TrackAnswer,
    TrackQuery,
    as_text,
    callback_time,
    compact_json,
    in_hand,
    json_object,
    read_form,
    unreadable_callback,
    verify_callback,
)
from asctl.api import translate as _
from asctl_yto import COURIER
from asctl_yto.client import sign
from asctl_yto.mapping import OddScan, event_of
from asctl_yto.wire import key_of

_EFFECTS = {
    "ACCEPT": Effect.ACCEPTED,
    "SUCCESS": Effect.EFFECTIVE,
    "FAIL": Effect.INEFFECTIVE,
    "CANCEL": Effect.CANCELLED,
}
_REQUESTS = {"RETURN": "intercept", "CHANGE": "redirect"}
_DECLARATIONS = ("<!DOCTYPE", "<!ENTITY")


class Callbacks:
    """Reads the callbacks of one account; thread-safe.

    YTO wants its order number back, in the language it spoke, so the one received last is remembered for each thread.
    """

    def __init__(self, secret: str, account: str) -> None:
        self._secret = secret
        self._account = account
        self._last = threading.local()

    def receive(self, body: bytes) -> Push:
        """Verify and read a callback's form body.

        Raises :class:`CredentialsRefused` (``push_unsigned``, ``push_forged``) and :class:`BadInput` (``push_unreadable``).
        """
        self._last.number, self._last.is_json = "", False
        form = read_form(body)
        text = form.get("logistics_interface", "")
        # A sender that does not encode the plus signs of Base64 in the form has them arrive as blanks.
        digest = form.get("data_digest", "").replace(" ", "+")
        verify_callback(digest, sign(text, self._secret), self._account, "push_secret (secret)")
        self._last.is_json = text.lstrip().startswith("{")
        try:
            told = json_object(text) if self._last.is_json else _read_xml(text)
        except ValueError:
            raise unreadable_callback(self._account) from None
        self._last.number = as_text(told.get("txLogisticID"))
        return self._read(told)

    def reply(self, stored: bool) -> PushReply:
        """What they want to read for the callback received last; ``false`` makes them send it again."""
        number: str = getattr(self._last, "number", "")
        if getattr(self._last, "is_json", False):
            told = {"logisticProviderID": "YTO", "txLogisticID": number, "success": stored}
            return PushReply(200, "application/json;charset=utf-8", compact_json(told).encode("utf-8"))
        xml = (
            "<Response><logisticProviderID>YTO</logisticProviderID>"
            f"<txLogisticID>{escape(number)}</txLogisticID><success>{str(stored).lower()}</success></Response>"
        )
        return PushReply(200, "text/xml;charset=utf-8", xml.encode("utf-8"))

    def _read(self, told: Mapping[str, object]) -> Push:
        if "wantedType" in told:
            return _interception(told)
        if as_text(told.get("infoType")) == "STATUS":
            return self._scan(told)
        return Push("other", reference=as_text(told.get("txLogisticID")))

    def _scan(self, told: Mapping[str, object]) -> Push:
        """A callback carries one scan, in the codes of the track query and without a place."""
        query = TrackQuery(COURIER, as_text(told.get("mailNo")))
        reference = as_text(told.get("txLogisticID"))
        if not query.waybill:
            raise unreadable_callback(self._account)
        try:
            event = event_of(
                code=as_text(told.get("infoContent")),
                words=as_text(told.get("remark")),
                at=as_text(told.get("acceptTime")),
                place="",
                source=self._account,
            )
        except OddScan as odd:
            problem = _("the scan was set aside: {why}").format(why=odd)
            return _of_parcel(TrackAnswer(query, problems=(problem,)), reference)
        return _of_parcel(TrackAnswer(query, events=(event,)), reference)


def _of_parcel(answer: TrackAnswer, reference: str) -> Push:
    """A scan of any parcel; that of a pickup of ours also tells its waybill, and whether the goods are fetched."""
    key = key_of(reference)
    if not key:
        return Push("tracks", (answer,), reference)
    effect = None
    for event in answer.events:
        effect = Effect.EFFECTIVE if in_hand(event.status) else Effect.ACCEPTED
    return Push("pickup", (answer,), key, courier=COURIER, waybill=answer.query.waybill, effect=effect)


def _interception(told: Mapping[str, object]) -> Push:
    """How far a return or redirection is (section 6, inferred); a word that nobody knows is kept as ``state``."""
    word, waybill = as_text(told.get("status")), as_text(told.get("waybillNo"))
    effect = _EFFECTS.get(word)
    if effect is None or not waybill:
        return Push("other", state=word)
    return Push(
        "interception",
        courier=COURIER,
        waybill=waybill,
        effect=effect,
        message=as_text(told.get("remark")),
        request=_REQUESTS.get(as_text(told.get("wantedType")), ""),
        at=callback_time(told.get("time")),
    )


def _read_xml(text: str) -> dict[str, str]:
    """The members of a flat record. Raises ``ValueError`` for what is no XML or declares anything: they need no entities,
    and entities are how XML reads files and fills memories."""
    if any(declaration in text for declaration in _DECLARATIONS):
        raise ValueError("declarations are not read")
    try:
        return {member.tag: member.text or "" for member in ElementTree.fromstring(text)}
    except ElementTree.ParseError:
        raise ValueError("no XML") from None
