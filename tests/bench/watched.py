"""Parcels put under watch at once: benchmarks measure what comes after."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from asctl.domain.parcels import Parcel
from asctl.store.opening import open_store
from asctl.store.parcels import add_parcels
from tests.bench.world import World


def put_under_watch(world: World, waybills: Iterable[str]) -> None:
    """Enter J&T parcels in the world's store, due now."""
    now = datetime.now(UTC)
    store = open_store(f"sqlite:///{world.store}")
    try:
        with store.write() as tx:
            add_parcels(tx, (Parcel("jt", waybill, now) for waybill in waybills))
    finally:
        store.close()
