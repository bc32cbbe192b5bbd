"""Parcels under way: ``Tracker``, ``AddressChanger`` and ``Interceptor``."""

from __future__ import annotations

from asctl.api import (
    AddressChange,
    BadInput,
    Finding,
    Interception,
    NotFound,
    Refused,
    Submission,
    TrackAnswer,
    TrackQuery,
    checked_receiver,
    not_served,
)
from asctl_demo import COURIER
from asctl_demo.account import Account
from asctl_demo.mapping import read_scans
from asctl_demo.wire import Row, receiver_members


class Parcels(Account):
    """Where parcels are, and where else they shall go."""

    def track(self, queries: tuple[TrackQuery, ...]) -> tuple[TrackAnswer, ...]:
        """One call for all: one answer per query, in their order.

        What is the matter with waybills stands in their answers. Raises only what is the matter with the account:
        :class:`Throttled`, :class:`Unavailable` and :class:`CredentialsRefused`.
        """
        asked = list(dict.fromkeys(query.waybill for query in queries if query.courier == COURIER))
        try:
            told = self.client.ask("track", {"waybills": asked}, _by_waybill, subject=", ".join(asked)) if asked else {}
        except (BadInput, NotFound, Refused) as no:
            return tuple(TrackAnswer(query, error=no) for query in queries)
        return tuple(self._answer(query, told) for query in queries)

    def change_address(self, request: AddressChange) -> Submission:
        """Redirect a parcel. Raises :class:`BadInput` before anything is sent where the receiver is not whole."""
        receiver = checked_receiver(request.receiver, request.waybill)
        members = {"waybill": request.waybill, "receiver": receiver_members(receiver)}
        return self.request("redirect", request.key, members, request.waybill)

    def find_address_change(self, request: AddressChange) -> Finding:
        """By its key."""
        return self.find(request.key)

    def intercept(self, request: Interception) -> Submission:
        """Call a parcel back to its sender, or to the outlet that took it in."""
        members = {"waybill": request.waybill, "to": request.return_to, "reason": request.reason}
        return self.request("intercept", request.key, members, request.waybill)

    def find_interception(self, request: Interception) -> Finding:
        """By its key."""
        return self.find(request.key)

    def cancel_interception(self, request: Interception) -> Submission:
        """Take a request back by the key that it was made with: said twice it is the same."""
        return self.request("cancel", request.key, {}, request.waybill)

    def find_interception_cancelled(self, request: Interception) -> Finding:
        """Whether it was taken back."""
        return self.find_cancelled(request.key)

    def _answer(self, query: TrackQuery, told: dict[str, list[object]]) -> TrackAnswer:
        if query.courier != COURIER:
            return TrackAnswer(query, error=not_served(query.courier, self.context.account))
        # Nothing told is an answer: the courier knows nothing yet.
        events, problems = read_scans(told.get(query.waybill, ()), self.context.account)
        return TrackAnswer(query, events=events, problems=problems)


def _by_waybill(row: Row) -> dict[str, list[object]]:
    return {parcel.needed("waybill"): parcel.items("scans") for parcel in row.rows("parcels")}
