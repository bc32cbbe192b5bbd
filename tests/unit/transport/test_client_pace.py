"""When the client sends: parked accounts, the pace, many threads at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from asctl.api.context import HttpAnswer, HttpRequest
from asctl.capabilities.specs import Pace
from asctl.domain.errors import Throttled, Unavailable
from asctl.transport import Client, NetworkLimits
from tests.http_support import Server, answer, keep_answering
from tests.unit.transport.conftest import NOW, SECRET, MemoryParking, StillClock


def asking(server: Server) -> Callable[[], HttpRequest]:
    return lambda: HttpRequest("POST", server.url, "shop.order.get", form={"tid": "1"})


def body_of(reply: HttpAnswer) -> bytes:
    return reply.body


def test_status_429_parks_the_account(client: Client, parking: MemoryParking) -> None:
    """After ``Retry-After: 120`` nothing is sent for two minutes, by this process or the next."""
    with Server([answer(status=429, headers={"Retry-After": "120"})]) as server:
        with pytest.raises(Throttled) as caught:
            client.call(asking(server), body_of)
        assert caught.value.retry_after == timedelta(seconds=120)
        assert parking.places == {"flagship": NOW + timedelta(seconds=120)}
        with pytest.raises(Throttled) as parked:
            client.call(asking(server), body_of)
        assert (parked.value.code, parked.value.retry_at) == ("parked", NOW + timedelta(seconds=120))
        assert len(server.received) == 1
    assert len(parking.reasons) == 1


def test_status_503_says_when_to_come_back(client: Client) -> None:
    """``Retry-After: 90`` is the moment to come back, and the read is not tried again before it."""
    with Server([answer(status=503, headers={"Retry-After": "90"})]) as server, pytest.raises(Unavailable) as caught:
        client.call(asking(server), body_of)
    assert caught.value.retry_at == NOW + timedelta(seconds=90)
    assert len(server.received) == 1


def test_a_throttle_of_one_object_does_not_park_the_account(client: Client, parking: MemoryParking) -> None:
    """One waybill that was asked too often leaves the others free."""

    def read(reply: HttpAnswer) -> bytes:
        raise Throttled("this waybill rests", retry_after=timedelta(minutes=30), whole_account=False)

    with Server([answer()]) as server, pytest.raises(Throttled) as caught:
        client.call(asking(server), read)
    assert parking.places == {}
    assert caught.value.retry_at == NOW + timedelta(minutes=30)


def test_what_is_parked_is_cleaned_too(client: Client, parking: MemoryParking) -> None:
    """The reason goes into the store, so it must be as clean as the error."""

    def read(reply: HttpAnswer) -> bytes:
        raise Throttled(f"{SECRET} is banned", retry_after=timedelta(minutes=1))

    with Server([answer()]) as server, pytest.raises(Throttled):
        client.call(asking(server), read)
    assert parking.reasons == ["*** is banned"]


def test_other_threads_stop_once_the_account_is_parked(client_for: Callable[..., Client]) -> None:
    """A ban that one thread meets keeps the waiting ones from sending."""
    client = client_for(NetworkLimits(), Pace(1000, timedelta(seconds=1), 1))
    with Server([answer(status=429, after=0.05)]) as server:

        def ask() -> str:
            with pytest.raises(Throttled) as caught:
                client.call(asking(server), body_of)
            return caught.value.code

        with ThreadPoolExecutor(8) as threads:
            codes = sorted(task.result() for task in [threads.submit(ask) for _number in range(8)])
        assert len(server.received) == 1
    assert codes == ["parked"] * 7 + ["throttled"]


def test_no_more_calls_at_once_than_the_pace_allows(client_for: Callable[..., Client]) -> None:
    """``at_once`` is a limit on calls under way, whatever the number of threads."""
    client = client_for(NetworkLimits(), Pace(1000, timedelta(seconds=1), 3))
    with Server([answer(after=0.03)]) as server:
        with ThreadPoolExecutor(12) as threads:
            list(threads.map(lambda _number: client.call(asking(server), body_of), range(12)))
        assert 2 <= server.most_at_once <= 4
        assert len(server.received) == 12


def test_the_pace_is_kept_by_waiting(client_for: Callable[..., Client], clock: StillClock) -> None:
    """The third call of two a minute waits for what is left of the minute."""
    client = client_for(NetworkLimits(), Pace(2, timedelta(minutes=1), 4))
    with Server([answer()]) as server:
        for _number in range(3):
            client.call(asking(server), body_of)
    (wait,) = clock.waits
    assert 50 < wait <= 60


def test_threads_share_a_client(client_for: Callable[..., Client]) -> None:
    """Many threads get each their own answer."""
    client = client_for(NetworkLimits())
    barrier = threading.Barrier(8)
    with Server([keep_answering(b"mine")]) as server:

        def ask(_number: int) -> bytes:
            barrier.wait(2)
            return client.call(asking(server), body_of)

        with ThreadPoolExecutor(8) as threads:
            assert set(threads.map(ask, range(8))) == {b"mine"}
