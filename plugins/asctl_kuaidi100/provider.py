"""What a Kuaidi100 account can do for us: track, redirect, call back, fetch goods, read callbacks, check itself."""

from __future__ import annotations

from collections.abc import Mapping

from asctl.api import (
    AddressChange,
    AsctlError,
    CheckResult,
    Context,
    Finding,
    Interception,
    NotOffered,
    Pickup,
    Push,
    PushReply,
    Submission,
    TrackAnswer,
    TrackQuery,
    not_served,
    phone_tail_missing,
)
from asctl.api import translate as _
from asctl_kuaidi100 import TRACKING, push
from asctl_kuaidi100.client import Client
from asctl_kuaidi100.errors import concerns_one_waybill
from asctl_kuaidi100.interceptions import InterceptionDesk
from asctl_kuaidi100.mapping import THEIR_COURIER, read_events
from asctl_kuaidi100.pickups import PickupDesk


class Kuaidi100:
    """``Tracker``, ``PushReceiver``, ``AddressChanger``, ``Interceptor``, ``ReverseShipper`` and ``AccountChecker``;
    thread-safe."""

    def __init__(self, context: Context) -> None:
        self._account = context.account
        self._customer = context.text("customer")
        self._salt = context.text("salt")
        self._check_waybill = context.text("check_waybill")
        self._client = Client(context)
        self._desk = InterceptionDesk(context, self._client)
        self._pickups = PickupDesk(context, self._client)

    def track(self, queries: tuple[TrackQuery, ...]) -> tuple[TrackAnswer, ...]:
        """One call per waybill. A waybill that cannot be asked about gets its ``error``; nothing is sent for it.

        Raises :class:`Throttled`, :class:`Unavailable` and :class:`CredentialsRefused` for the account as a whole.
        """
        return tuple(self._ask(query) for query in queries)

    def receive(self, headers: Mapping[str, str], body: bytes) -> Push:
        """Verify and read a callback; raises :class:`CredentialsRefused` or :class:`BadInput`."""
        return push.receive(body, self._salt, self._account)

    def reply(self, stored: bool) -> PushReply:
        """The bytes that Kuaidi100 wants to read."""
        return push.reply(stored)

    def change_address(self, request: AddressChange) -> Submission:
        """Redirect a parcel. ``reference`` is their ``taskId``; the outcome comes by callback or shows in the scans.

        Raises :class:`BadConfiguration`, :class:`NotOffered` and :class:`BadInput` before anything is sent, then
        :class:`Refused` and :class:`Unclear`.
        """
        return self._desk.redirect(request)

    def intercept(self, request: Interception) -> Submission:
        """Call a parcel back; as :meth:`change_address`."""
        return self._desk.call_back(request)

    def cancel_interception(self, request: Interception) -> Submission:
        """Kuaidi100 documents no such call (section 5). Raises :class:`NotOffered`."""
        raise NotOffered(
            _("{account} cannot take an interception back: Kuaidi100 offers no call for it").format(
                account=self._account
            ),
            code="cancel_not_offered",
            hint=_("call the courier and ask it to let {waybill} go on").format(waybill=request.waybill),
            provider="kuaidi100",
            account=self._account,
        )

    def order_pickup(self, request: Pickup) -> Submission:
        """Have goods fetched; a repeat under the same key is answered with the same order for 48 hours. Some couriers give
        the waybill only when they have the goods.

        Raises :class:`BadConfiguration`, :class:`NotOffered` and :class:`BadInput` before anything is sent, then
        :class:`Refused`, :class:`CredentialsRefused` and :class:`Unclear`.
        """
        return self._pickups.order(request)

    def cancel_pickup(self, request: Pickup) -> Submission:
        """Take an order back; as :meth:`order_pickup`."""
        return self._pickups.cancel(request)

    def pickup_status(self, request: Pickup) -> Finding:
        """How far an accepted order is. Raises :class:`Refused`, :class:`CredentialsRefused` and :class:`Unavailable`."""
        return self._pickups.status(request)

    def pickup_cancellation_status(self, request: Pickup) -> Finding:
        """Whether an order was taken back; as :meth:`pickup_status`."""
        return self._pickups.cancellation_status(request)

    def check(self) -> CheckResult:
        """Ask about a waybill that nobody has: there is no call without effect, and the signature is judged first.

        Any answer about the waybill itself proves that customer and key were accepted. Raises as :meth:`track`.
        """
        try:
            self._client.query(THEIR_COURIER["yto"], self._check_waybill)
        except AsctlError as error:
            if not concerns_one_waybill(error):
                raise
        return CheckResult(
            _("signature accepted for customer {customer}... (judged by the answer to a test waybill)").format(
                customer=self._customer[:6]
            )
        )

    def _ask(self, query: TrackQuery) -> TrackAnswer:
        if problem := self._unaskable(query):
            return TrackAnswer(query, error=problem)
        try:
            track = self._client.query(THEIR_COURIER[query.courier], query.waybill, query.phone_tail)
        except AsctlError as error:
            if not concerns_one_waybill(error):
                raise
            return TrackAnswer(query, error=error)
        events, problems = read_events(track, self._account)
        return TrackAnswer(query, events=events, problems=problems)

    def _unaskable(self, query: TrackQuery) -> AsctlError | None:
        if query.courier not in THEIR_COURIER:
            return not_served(query.courier, self._account)
        if query.courier in TRACKING.phone_tail and not query.phone_tail:
            return phone_tail_missing(query.waybill, self._account)
        return None
