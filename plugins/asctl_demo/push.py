"""Callbacks: ``PushReceiver``. Verified over the bytes as they came, then read; no network, and nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping

from asctl.api import (
    Push,
    PushReply,
    TrackAnswer,
    TrackQuery,
    compact_json,
    json_object,
    unreadable_callback,
    verify_callback,
)
from asctl_demo import COURIER
from asctl_demo.account import EFFECTS, Account
from asctl_demo.client import sign
from asctl_demo.mapping import read_scans
from asctl_demo.wire import SIGN, TIME, Row

_ASKED = {"intercept": "intercept", "redirect": "redirect"}


class Callbacks(Account):
    """What Demo reports by itself, of parcels as of invoices."""

    def receive(self, headers: Mapping[str, str], body: bytes) -> Push:
        """Raises :class:`CredentialsRefused` (``push_unsigned``, ``push_forged``) and :class:`BadInput` (``push_unreadable``)."""
        told = {name.lower(): value for name, value in headers.items()}
        right = sign(self.context.text("secret"), told.get(TIME, ""), body)
        verify_callback(told.get(SIGN, ""), right, self.context.account, "secret")
        try:
            return self._read(Row(json_object(body)))
        except ValueError:  # no JSON, or OddShape
            raise unreadable_callback(self.context.account) from None

    def reply(self, stored: bool) -> PushReply:
        """Any status but 200 makes Demo send it again."""
        body = compact_json({"stored": stored}).encode("ascii")
        return PushReply(200 if stored else 503, "application/json;charset=utf-8", body)

    def _read(self, row: Row) -> Push:
        match row.needed("about"):
            case "scans":
                return self._scans(row)
            case "interception":
                return _interception(row)
            case "pickup":
                return Push(
                    "pickup",
                    reference=row.needed("key"),
                    courier=COURIER,
                    waybill=row.text("waybill"),
                    effect=EFFECTS.get(row.needed("state")),
                )
            case "invoice":
                # A hint, whatever it says: the core asks what became of that serial.
                return Push("invoice", reference=row.needed("serial"))
        return Push("other", state=row.text("about"))

    def _scans(self, row: Row) -> Push:
        events, problems = read_scans(row.items("scans"), self.context.account)
        query = TrackQuery(COURIER, row.needed("waybill"))
        return Push("tracks", (TrackAnswer(query, events=events, problems=problems),))


def _interception(row: Row) -> Push:
    """``at`` tells a late or repeated callback from one about a newer request."""
    state = row.needed("state")
    effect = EFFECTS.get(state)
    if effect is None:
        return Push("other", state=state)
    return Push(
        "interception",
        reference=row.text("key"),
        courier=COURIER,
        waybill=row.needed("waybill"),
        effect=effect,
        message=row.text("text"),
        request=_ASKED.get(row.text("asked"), ""),
        at=row.moment_or_none("at"),
    )
