"""Tracker against the sandbox."""

from __future__ import annotations

from datetime import timedelta

import pytest

from asctl.api import BadInput, CredentialsRefused, Event, NotFound, ParcelKey, ParcelStatus, TrackQuery
from asctl.api.sandbox import SandboxParcel
from asctl_taobao.provider import Taobao
from tests.plugins.taobao.support import NOW, DirectHttp, World, an_order, provider_of, put

QUERY = TrackQuery("yto", "YT0000000000001", order_id="4000000000000000101")


def test_status_text_is_no_evidence(world: World, shop: Taobao) -> None:
    """A parcel sent offline is called signed at once; without a dated step we know nothing."""
    put(world, an_order())
    (answer,) = shop.track((QUERY,))
    assert (answer.events, answer.error) == ((), None)


def test_steps(world: World, shop: Taobao) -> None:
    """What has happened by now is told; what the script still holds is not."""
    put(world, an_order())
    script = [
        Event(NOW - timedelta(hours=9), ParcelStatus.PICKED_UP, "已揽收"),
        Event(NOW - timedelta(hours=1), ParcelStatus.READY_FOR_PICKUP, "已放入代收点"),
        Event(NOW + timedelta(hours=1), ParcelStatus.DELIVERED, "已签收"),
    ]
    world.parcels[ParcelKey("yto", "YT0000000000001")] = SandboxParcel("yto", "YT0000000000001", script=script)
    (answer,) = shop.track((QUERY,))
    assert [(event.at, event.status, event.text) for event in answer.events] == [
        (event.at, event.status, event.text) for event in script[:2]
    ]


def test_another_parcel_of_the_order(world: World, shop: Taobao) -> None:
    """Steps of the order's other parcels are not this waybill's, and an order that does not name it knows nothing of it."""
    put(world, an_order())
    (answer,) = shop.track((TrackQuery("yto", "YT0000000000009", order_id=QUERY.order_id),))
    assert answer.events == ()
    assert isinstance(answer.error, NotFound)


def test_errors_of_one_waybill(world: World, shop: Taobao, http: DirectHttp) -> None:
    """A missing order number costs no call; an unknown order is told in the answer; the others are still answered."""
    put(world, an_order())
    queries = (TrackQuery("yto", "YT1"), TrackQuery("yto", "YT2", order_id="4999999999999999999"), QUERY)
    missing, unknown, good = shop.track(queries)
    assert isinstance(missing.error, BadInput)
    assert isinstance(unknown.error, NotFound)
    assert good.error is None
    assert len(http.sent) == 2


def test_errors_of_the_account(http: DirectHttp) -> None:
    """What concerns the whole account is raised."""
    with pytest.raises(CredentialsRefused):
        provider_of(http, session="wrong-value").track((QUERY,))
