"""What a YTO account can do for us: track, change addresses, call back, fetch goods, read callbacks, check itself."""

from __future__ import annotations

from collections.abc import Mapping

from asctl.api import (
    AddressChange,
    CheckResult,
    Context,
    Interception,
    Pickup,
    Push,
    PushReply,
    Refused,
    Submission,
    TrackAnswer,
    TrackQuery,
    checked_receiver,
    not_served,
)
from asctl.api import translate as _
from asctl_yto import COURIER
from asctl_yto.client import Client
from asctl_yto.mapping import read_events
from asctl_yto.pickups import PickupDesk
from asctl_yto.push import Callbacks
from asctl_yto.wire import CANCEL, CHANGE, REPORT, change_members

# They refuse an empty description (section 6); these are read by their staff.
_RETURN_WANTED = "客户要求退回"
_CHANGE_WANTED = "客户要求改地址"
_CANCEL_REMARK = "商家取消拦截"


class Yto:
    """``Tracker``, ``PushReceiver``, ``AddressChanger``, ``Interceptor``, ``ReverseShipper`` and ``AccountChecker``;
    thread-safe."""

    def __init__(self, context: Context) -> None:
        self._account = context.account
        self._customer_code = context.text("track_customer_code") or context.text("customer_code")
        self._check_waybill = context.text("check_waybill")
        self._callbacks = Callbacks(context.text("push_secret") or context.text("secret"), context.account)
        self._client = Client(context)
        self._pickups = PickupDesk(context, self._client)

    def track(self, queries: tuple[TrackQuery, ...]) -> tuple[TrackAnswer, ...]:
        """One call per waybill; a waybill that YTO would not tell of gets its ``error``.

        Raises :class:`Throttled`, :class:`Unavailable` and :class:`CredentialsRefused` for the account as a whole.
        """
        return tuple(self._ask(query) for query in queries)

    def receive(self, headers: Mapping[str, str], body: bytes) -> Push:
        """Verify and read a callback; raises :class:`CredentialsRefused` or :class:`BadInput`."""
        return self._callbacks.receive(body)

    def reply(self, stored: bool) -> PushReply:
        """The bytes that YTO wants to read for the callback that this thread received last."""
        return self._callbacks.reply(stored)

    def change_address(self, request: AddressChange) -> Submission:
        """Redirect a parcel under way. YTO gives the request no number.

        Raises :class:`BadInput` before anything is sent where the receiver is not whole, :class:`Refused` or
        :class:`Unclear`.
        """
        receiver = checked_receiver(request.receiver, request.waybill)
        members = {"wantedDesc": request.reason or _CHANGE_WANTED} | change_members(receiver)
        return Submission(message=self._client.want(CHANGE, request.waybill, members))

    def intercept(self, request: Interception) -> Submission:
        """Call a parcel back to its sender. YTO gives the request no number. Raises :class:`Refused` or :class:`Unclear`."""
        members = {"wantedDesc": request.reason or _RETURN_WANTED}
        return Submission(message=self._client.want(REPORT, request.waybill, members))

    def cancel_interception(self, request: Interception) -> Submission:
        """Take a request back. Raises :class:`Refused` or :class:`Unclear`."""
        return Submission(message=self._client.want(CANCEL, request.waybill, {"dealRemark": _CANCEL_REMARK}))

    def order_pickup(self, request: Pickup) -> Submission:
        """Have goods fetched; whether a repeat is another order is not sure. The waybill may come later.

        Raises :class:`BadInput` before anything is sent, :class:`Refused`, :class:`CredentialsRefused` or :class:`Unclear`.
        """
        return self._pickups.order(request)

    def cancel_pickup(self, request: Pickup) -> Submission:
        """Take an order back. Raises :class:`Refused`, :class:`CredentialsRefused` or :class:`Unclear`."""
        return self._pickups.cancel(request)

    def check(self) -> CheckResult:
        """Ask about a waybill that nobody has: only a signature that was accepted is answered with a track or with none.

        Interceptions and pickups may have credentials of their own, and no call that tries them without effect. Raises
        as :meth:`track`, and :class:`Refused`.
        """
        self._client.track(self._check_waybill)
        return CheckResult(
            _(
                "signature of the track query accepted for customer {customer}...; interceptions and pickups were not tried"
            ).format(customer=self._customer_code[:6])
        )

    def _ask(self, query: TrackQuery) -> TrackAnswer:
        if query.courier != COURIER:
            return TrackAnswer(query, error=not_served(query.courier, self._account))
        try:
            scans = self._client.track(query.waybill)
        except Refused as error:
            return TrackAnswer(query, error=error)
        events, problems = read_events(scans, query.waybill, self._account)
        return TrackAnswer(query, events=events, problems=problems)
