"""What a ZTO account can do for us: track, read callbacks, call parcels back, change their address, fetch returns."""

from __future__ import annotations

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
    Refused,
    Submission,
    TrackAnswer,
    TrackQuery,
    checked_receiver,
    not_served,
    phone_tail_missing,
)
from asctl.api import translate as _
from asctl_zto import push
from asctl_zto.addresses import receive_members
from asctl_zto.client import Client
from asctl_zto.errors import SAME_REQUEST, concerns_one_waybill
from asctl_zto.mapping import cancellation_finding, interception_finding, read_scans
from asctl_zto.pickups import Pickups
from asctl_zto.wire import TO_NEW_ADDRESS, TO_OUTLET, TO_SENDER

_DESTINATIONS = {"sender": TO_SENDER, "outlet": TO_OUTLET}


class Zto:
    """``Tracker``, ``PushReceiver``, ``AddressChanger``, ``Interceptor``, ``ReverseShipper``, ``AccountChecker``; thread-safe."""

    def __init__(self, context: Context) -> None:
        self._account = context.account
        self._app_key = context.text("app_key")
        self._app_secret = context.text("app_secret")
        self._check_waybill = context.text("check_waybill")
        names = {"customerId": context.text("customer_id"), "customerName": context.text("customer_name")}
        self._customer = {name: value for name, value in names.items() if value}
        self._client = Client(context)
        self._pickups = Pickups(context, self._client)

    def track(self, queries: tuple[TrackQuery, ...]) -> tuple[TrackAnswer, ...]:
        """One call per waybill. A waybill that cannot be asked about gets its ``error``.

        Raises :class:`Throttled`, :class:`Unavailable` and :class:`CredentialsRefused` for the account as a whole.
        """
        return tuple(self._ask(query) for query in queries)

    def receive(self, headers: Mapping[str, str], body: bytes) -> Push:
        """Verify and read a callback; raises :class:`CredentialsRefused` or :class:`BadInput`."""
        return push.receive(body, self._app_secret, self._account)

    def reply(self, stored: bool) -> PushReply:
        """The bytes that ZTO wants to read."""
        return push.reply(stored)

    def change_address(self, request: AddressChange) -> Submission:
        """Redirect a parcel (destination type 3). Raises :class:`BadInput` for a receiver that ZTO surely refuses."""
        receiver = checked_receiver(request.receiver, request.waybill)
        return self._create(request, TO_NEW_ADDRESS, receive_members(receiver))

    def address_change_status(self, request: AddressChange) -> Finding:
        """Whether the redirection is there, and what came of it."""
        return interception_finding(self._client.interception(request.waybill), request.key, bool(request.reference))

    def intercept(self, request: Interception) -> Submission:
        """Call a parcel back to the sender (destination type 2) or to the outlet that took it in (1)."""
        return self._create(request, _DESTINATIONS[request.return_to], {})

    def interception_status(self, request: Interception) -> Finding:
        """Whether the interception is there, and what came of it."""
        return interception_finding(self._client.interception(request.waybill), request.key, bool(request.reference))

    def cancel_interception(self, request: Interception) -> Submission:
        """Take a request back, by the business number that it was made with."""
        number = request.reference or request.key
        return Submission(reference=number, message=self._client.cancel_interception(request.waybill, number))

    def cancellation_status(self, request: Interception) -> Finding:
        """Whether the request was taken back."""
        return cancellation_finding(self._client.interception(request.waybill))

    def order_pickup(self, request: Pickup) -> Submission:
        """Have a customer's return fetched. A write that ZTO carries out again when it is repeated."""
        return self._pickups.order(request)

    def pickup_status(self, request: Pickup) -> Finding:
        """What came of an order that was accepted, by ZTO's number, and its waybill."""
        return self._pickups.status(request)

    def cancel_pickup(self, request: Pickup) -> Submission:
        """Take an order back. Raises :class:`Refused` (``CANNOT_CANCEL``, also where no number is known)."""
        return self._pickups.cancel(request)

    def pickup_cancellation(self, request: Pickup) -> Finding:
        """Whether the order was taken back."""
        return self._pickups.cancellation(request)

    def check(self) -> CheckResult:
        """Ask about a waybill that nobody has: any word about the waybill proves that the signature was accepted.

        Raises :class:`Throttled`, :class:`Unavailable` and :class:`CredentialsRefused`.
        """
        try:
            self._client.scans(self._check_waybill, "0000")
        except AsctlError as error:
            if not concerns_one_waybill(error):
                raise
        return CheckResult(
            _(
                "signature accepted for {app_key}... (judged by the answer to a test waybill; only tracking was tried)"
            ).format(app_key=self._app_key[:6])
        )

    def _create(self, request: AddressChange | Interception, destination: int, more: Mapping[str, str]) -> Submission:
        """``E23127`` and ``E23151`` about our own request id say that an earlier attempt has arrived."""
        try:
            message = self._client.create_interception(
                request.waybill, request.key, destination, {**self._customer, **more}
            )
        except Refused as refused:
            if refused.upstream_code not in SAME_REQUEST:
                raise
            message = refused.upstream_text or _("an earlier attempt has arrived")
        return Submission(reference=request.key, message=message)

    def _ask(self, query: TrackQuery) -> TrackAnswer:
        if problem := self._unaskable(query):
            return TrackAnswer(query, error=problem)
        try:
            scans = self._client.scans(query.waybill, query.phone_tail)
        except AsctlError as error:
            if not concerns_one_waybill(error):
                raise
            return TrackAnswer(query, error=error)
        events, problems = read_scans(scans, self._account)
        return TrackAnswer(query, events=events, problems=problems)

    def _unaskable(self, query: TrackQuery) -> AsctlError | None:
        if query.courier != "zto":
            return not_served(query.courier, self._account)
        if not query.phone_tail:
            return phone_tail_missing(query.waybill, self._account)
        if len(query.phone_tail) != 4 or not (query.phone_tail.isascii() and query.phone_tail.isdecimal()):
            return BadInput(
                _("the phone tail for {waybill} is not four digits").format(waybill=query.waybill),
                code="bad_phone_tail",
                hint=_("give the last four digits, as 1234"),
            )
        return None
