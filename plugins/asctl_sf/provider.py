"""What an SF account can do for us: track, redirect and call back parcels, fetch returns, read pushes, check itself."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from asctl.api import (
    AddressChange,
    AsctlError,
    BadInput,
    CheckResult,
    Context,
    Finding,
    Interception,
    Pickup,
    Push,
    PushReply,
    RefusalReason,
    Refused,
    Submission,
    TrackAnswer,
    TrackQuery,
    not_served,
    phone_tail_missing,
)
from asctl.api import translate as _
from asctl_sf import COURIER, push
from asctl_sf.client import Client
from asctl_sf.errors import WAYBILL_REFUSED
from asctl_sf.instructions import Terms
from asctl_sf.mapping import read_routes, read_submission
from asctl_sf.pickups import Pickups

_NOBODYS_TAIL = "0000"


class SF:
    """``Tracker``, ``PushReceiver``, ``AddressChanger``, ``Interceptor``, ``ReverseShipper``, ``AccountChecker``; thread-safe."""

    def __init__(self, context: Context) -> None:
        self._account = context.account
        self._partner = context.text("partner_id")
        self._check_waybill = context.text("check_waybill")
        self._push_format = context.text("push_format")
        self._push_accepted = context.settings.get("push_accept_unsigned") is True
        self._terms = Terms.of(context)
        self._client = Client(context)
        self._pickups = Pickups(context, self._client)
        self._last = threading.local()

    def track(self, queries: tuple[TrackQuery, ...]) -> tuple[TrackAnswer, ...]:
        """One call for all. A waybill that cannot be asked about gets its ``error``, and is not sent.

        A waybill without routes may be unknown, too new, or asked about with a wrong phone tail: SF answers all alike.
        Raises :class:`Throttled`, :class:`Unavailable`, :class:`BadConfiguration` and :class:`CredentialsRefused` for
        the account as a whole.
        """
        unaskable = [self._unaskable(query) for query in queries]
        asked = [query for query, problem in zip(queries, unaskable, strict=True) if problem is None]
        found = self._routes({query.waybill: query.phone_tail for query in asked})
        return tuple(
            TrackAnswer(query, error=problem) if problem else self._answer(query, found.get(query.waybill))
            for query, problem in zip(queries, unaskable, strict=True)
        )

    def change_address(self, request: AddressChange) -> Submission:
        """Redirect a parcel under way. A write that SF carries out again when it is repeated.

        Raises :class:`Refused`, :class:`BadInput`, :class:`BadConfiguration` and :class:`Unclear`.
        """
        return read_submission(self._client.instruct(self._terms.redirect(request.waybill, request.receiver)))

    def intercept(self, request: Interception) -> Submission:
        """Have a parcel brought to the account's return address. A write that SF carries out again when it is repeated.

        Raises :class:`Refused`, :class:`BadConfiguration` and :class:`Unclear`.
        """
        return read_submission(self._client.instruct(self._terms.bring_back(request.waybill)))

    def cancel_interception(self, request: Interception) -> Submission:
        """Take a return back by the number that SF gave it (``request.reference``).

        Raises :class:`Refused` (``CANNOT_CANCEL``, also where SF gave none), :class:`BadConfiguration` and
        :class:`Unclear`.
        """
        if not request.reference:
            raise Refused(
                _("the interception of {waybill} has no number of SF, by which alone it could be taken back").format(
                    waybill=request.waybill
                ),
                reason=RefusalReason.CANNOT_CANCEL.value,
                code="cannot_cancel",
                hint=_("call SF"),
            )
        return read_submission(self._client.instruct(self._terms.leave_alone(request.waybill, request.reference)))

    def order_pickup(self, request: Pickup) -> Submission:
        """Have a customer's return fetched, under our own number, of which SF takes one order only.

        Raises :class:`Refused`, :class:`BadInput`, :class:`BadConfiguration` and :class:`Unclear`.
        """
        return self._pickups.order(request)

    def find_pickup(self, request: Pickup) -> Finding:
        """Whether the order is there."""
        return self._pickups.find(request)

    def pickup_status(self, request: Pickup) -> Finding:
        """What came of an order that was accepted, and its waybill."""
        return self._pickups.status(request)

    def cancel_pickup(self, request: Pickup) -> Submission:
        """Take an order back. Raises :class:`Refused` (``CANNOT_CANCEL``) and :class:`Unclear`."""
        return self._pickups.cancel(request)

    def receive(self, headers: Mapping[str, str], body: bytes) -> Push:
        """Read a push; raises :class:`CredentialsRefused` where unsigned ones are not accepted, and :class:`BadInput`."""
        self._last.kind = push.TRACKS
        received = push.receive(body, self._push_format, self._push_accepted, self._account)
        self._last.kind = received.kind
        return received

    def reply(self, stored: bool) -> PushReply:
        """The bytes that SF wants to read, which differ with the kind of the push received last."""
        return push.reply(self._push_format, stored, getattr(self._last, "kind", push.TRACKS))

    def check(self) -> CheckResult:
        """Ask for the routes of a waybill that nobody has: a question without effect, which needs the very permission
        that tracking needs; SF grants the one for interceptions apart. Whatever it says of the waybill, it said after the
        signature. Raises as :meth:`track`.
        """
        self._routes({self._check_waybill: _NOBODYS_TAIL})
        return CheckResult(
            _("signature accepted for partner {partner}... (judged by a track query; writes were not tried)").format(
                partner=self._partner[:3]
            )
        )

    def _routes(self, tails: Mapping[str, str]) -> dict[str, object]:
        """Unread routes by waybill, or the error that a waybill met. One odd number among several spoils the call, so
        each is then asked about alone."""
        if not tails:
            return {}
        try:
            return self._client.routes(tails)
        except (BadInput, Refused) as error:
            if error.code != WAYBILL_REFUSED or len(tails) == 1:
                return dict.fromkeys(tails, error)
        found: dict[str, object] = {}
        for waybill, tail in tails.items():
            found |= self._routes({waybill: tail})
        return found

    def _answer(self, query: TrackQuery, found: object) -> TrackAnswer:
        if isinstance(found, AsctlError):
            return TrackAnswer(query, error=found)
        events, problems = read_routes(found, self._account)
        return TrackAnswer(query, events=events, problems=problems)

    def _unaskable(self, query: TrackQuery) -> AsctlError | None:
        if query.courier != COURIER:
            return not_served(query.courier, self._account)
        return None if query.phone_tail else phone_tail_missing(query.waybill, self._account)
