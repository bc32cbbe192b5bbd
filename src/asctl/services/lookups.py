"""The durable count of questions about each waybill, kept where the couriers' limits hold across processes."""

from __future__ import annotations

from datetime import datetime

from asctl.capabilities.tracking import TrackerLimits
from asctl.domain.parcels import ParcelKey
from asctl.store import lookups as stored_lookups
from asctl.store.opening import Store


class StoredLookups:
    """The durable count of questions, in the shop's store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def claim(
        self, account: str, keys: list[ParcelKey], limits: TrackerLimits, now: datetime
    ) -> tuple[set[ParcelKey], dict[ParcelKey, datetime]]:
        with self._store.write() as tx:
            return stored_lookups.claim_lookups(
                tx, account, keys, now, limits.same_waybill_every, limits.same_waybill_per_day
            )

    def take_back(self, account: str, keys: list[ParcelKey], entered_at: datetime) -> None:
        with self._store.write() as tx:
            stored_lookups.take_back_lookups(tx, account, keys, entered_at)
