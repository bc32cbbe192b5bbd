"""Callbacks (sections 5 and 6): verified over the text as received, then read. One form for scans and interceptions."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Mapping
from urllib.parse import parse_qsl
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from asctl.api import BadInput, CredentialsRefused, Effect, Push, PushReply, TrackAnswer, TrackQuery, json_object
from asctl.api import translate as _
from asctl_yto import COURIER
from asctl_yto.client import sign
from asctl_yto.mapping import OddScan, event_of
from asctl_yto.wire import compact, readable

_EFFECTS = {
    "ACCEPT": Effect.ACCEPTED,
    "SUCCESS": Effect.EFFECTIVE,
    "FAIL": Effect.INEFFECTIVE,
    "CANCEL": Effect.CANCELLED,
}
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
        form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        text = form.get("logistics_interface", "")
        # A sender that does not encode the plus signs of Base64 in the form has them arrive as blanks.
        self._verify(text, form.get("data_digest", "").replace(" ", "+"))
        self._last.is_json = text.lstrip().startswith("{")
        try:
            told = json_object(text) if self._last.is_json else _read_xml(text)
        except ValueError:
            raise self._unreadable() from None
        self._last.number = readable(told.get("txLogisticID"))
        return self._read(told)

    def reply(self, stored: bool) -> PushReply:
        """What they want to read for the callback received last; ``false`` makes them send it again."""
        number: str = getattr(self._last, "number", "")
        if getattr(self._last, "is_json", False):
            told = {"logisticProviderID": "YTO", "txLogisticID": number, "success": stored}
            return PushReply(200, "application/json;charset=utf-8", compact(told).encode("utf-8"))
        xml = (
            "<Response><logisticProviderID>YTO</logisticProviderID>"
            f"<txLogisticID>{escape(number)}</txLogisticID><success>{str(stored).lower()}</success></Response>"
        )
        return PushReply(200, "text/xml;charset=utf-8", xml.encode("utf-8"))

    def _verify(self, text: str, digest: str) -> None:
        if not digest:
            raise CredentialsRefused(
                _("a callback for {account} carries no signature").format(account=self._account),
                code="push_unsigned",
                hint=_("it did not come from YTO"),
                account=self._account,
            )
        if not hmac.compare_digest(sign(text, self._secret).encode(), digest.encode("utf-8", "replace")):
            raise CredentialsRefused(
                _("a callback for {account} has a wrong signature").format(account=self._account),
                code="push_forged",
                hint=_(
                    "check push_secret or secret; if it is right, the callback did not come from YTO or was changed"
                ),
                account=self._account,
            )

    def _read(self, told: Mapping[str, object]) -> Push:
        if "wantedType" in told:
            return _interception(told)
        if readable(told.get("infoType")) == "STATUS":
            return self._scan(told)
        return Push("other", reference=readable(told.get("txLogisticID")))

    def _scan(self, told: Mapping[str, object]) -> Push:
        """A callback carries one scan, in the codes of the track query and without a place."""
        query = TrackQuery(COURIER, readable(told.get("mailNo")))
        reference = readable(told.get("txLogisticID"))
        if not query.waybill:
            raise self._unreadable()
        try:
            event = event_of(
                code=readable(told.get("infoContent")),
                words=readable(told.get("remark")),
                at=readable(told.get("acceptTime")),
                place="",
                source=self._account,
            )
        except OddScan as odd:
            problem = _("the scan was set aside: {why}").format(why=odd)
            return Push("tracks", (TrackAnswer(query, problems=(problem,)),), reference)
        return Push("tracks", (TrackAnswer(query, events=(event,)),), reference)

    def _unreadable(self) -> BadInput:
        return BadInput(
            _("a callback for {account} is neither of the documented XML nor JSON").format(account=self._account),
            code="push_unreadable",
            hint=_("its signature is right: tell the plugin's author"),
            account=self._account,
        )


def _interception(told: Mapping[str, object]) -> Push:
    """How far a return or redirection is (section 6, inferred); a word that nobody knows is kept as ``state``."""
    word, waybill = readable(told.get("status")), readable(told.get("waybillNo"))
    effect = _EFFECTS.get(word)
    if effect is None or not waybill:
        return Push("other", state=word)
    return Push("interception", courier=COURIER, waybill=waybill, effect=effect, message=readable(told.get("remark")))


def _read_xml(text: str) -> dict[str, str]:
    """The members of a flat record. Raises ``ValueError`` for what is no XML or declares anything: they need no entities,
    and entities are how XML reads files and fills memories."""
    if any(declaration in text for declaration in _DECLARATIONS):
        raise ValueError("declarations are not read")
    try:
        return {member.tag: member.text or "" for member in ElementTree.fromstring(text)}
    except ElementTree.ParseError:
        raise ValueError("no XML") from None
