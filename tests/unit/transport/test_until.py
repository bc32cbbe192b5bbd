"""A write whose turn comes too late is never sent, whatever it waited for."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from asctl.api.context import HttpAnswer, HttpRequest
from asctl.capabilities.specs import Pace
from asctl.domain.errors import AsctlError, Unavailable, Unclear
from asctl.transport import Client, NetworkLimits, never_left, writes_until
from asctl.transport.until import send_window
from tests.http_support import Behaviour, Server, answer, close_before, silent
from tests.unit.transport.conftest import StillClock

ONE_LINE = Pace(1000, timedelta(seconds=1), 1)


def asking(server: Server, write: bool = True) -> Callable[[], HttpRequest]:
    return lambda: HttpRequest("POST", server.url, "parcel.intercept", form={"no": "SF1"}, write=write)


def body_of(reply: HttpAnswer) -> bytes:
    return reply.body


def once(release: threading.Event, arrived: threading.Event) -> Behaviour:
    """An answer that comes when the test says so; ``arrived`` is set once the request is there, its line taken."""

    def behave(server: Server, connection: object) -> None:
        server.read(connection)  # type: ignore[arg-type]
        arrived.set()
        release.wait(5)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")  # type: ignore[attr-defined]

    return behave


def test_a_write_in_time_is_sent(client: Client) -> None:
    """Before the last moment nothing is held back."""
    with Server([answer(b"ok")]) as server, writes_until(5):
        assert client.call(asking(server), body_of) == b"ok"
    assert len(server.received) == 1


def test_a_write_after_its_last_moment_never_leaves(client: Client) -> None:
    """No connection is made at all, and the error says that surely nothing was sent."""
    with Server([answer(b"ok")]) as server, writes_until(0), pytest.raises(Unavailable) as caught:
        client.call(asking(server), body_of)
    assert (server.connections, server.received) == (0, [])
    assert caught.value.code == "too_late_to_send"
    assert never_left(caught.value)
    assert (caught.value.account, bool(caught.value.hint)) == ("flagship", True)


def test_reads_are_not_held_back(client: Client) -> None:
    """A read, such as the look before a write, has the whole time of a call; it is tried again as ever."""
    with Server([close_before, answer(b"ok")]) as server, writes_until(0):
        assert client.call(asking(server, write=False), body_of) == b"ok"


def test_a_write_that_waits_for_a_line_too_long_is_not_sent(
    client_for: Callable[..., Client], limits: NetworkLimits
) -> None:
    """The queue in front of an account's only line counts: whoever comes out of it too late goes home."""
    client = client_for(limits, ONE_LINE)
    release, line_is_taken = threading.Event(), threading.Event()

    def read_first(reply: HttpAnswer) -> None:
        return None

    with Server([once(release, line_is_taken), answer(b"ok")]) as server, ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.call, asking(server, write=False), read_first)
        assert line_is_taken.wait(5)
        threading.Timer(0.1, release.set).start()
        with writes_until(0.02), pytest.raises(Unavailable) as caught:
            client.call(asking(server), body_of)
        first.result(5)
    assert caught.value.code == "too_late_to_send"
    assert len(server.received) == 1


def test_a_write_that_the_pace_holds_back_too_long_is_not_sent(
    client_for: Callable[..., Client], limits: NetworkLimits, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waiting for the account's pace counts as well."""
    client = client_for(limits, Pace(1, timedelta(seconds=0.1), 4))
    monkeypatch.setattr(clock, "sleep", time.sleep)
    with Server([answer(b"ok")]) as server:
        client.call(asking(server), body_of)
        with writes_until(0.02), pytest.raises(Unavailable) as caught:
            client.call(asking(server), body_of)
    assert caught.value.code == "too_late_to_send"
    assert len(server.received) == 1


def test_a_write_under_way_is_given_up_at_its_last_moment(
    client_for: Callable[..., Client], limits: NetworkLimits
) -> None:
    """An answer that does not come by then is not waited for, and what became of the write is not known."""
    patient = NetworkLimits(read_timeout=timedelta(seconds=30), total_timeout=timedelta(seconds=30))
    client, begun = client_for(patient), time.monotonic()
    with Server([silent]) as server, writes_until(0.15), pytest.raises(Unclear):
        client.call(asking(server), body_of)
    assert time.monotonic() - begun < 10
    assert len(server.received) == 1


def test_a_window_belongs_to_its_thread_and_block() -> None:
    """Blocks may be nested, other threads are free, and nothing is left behind, even after a failure."""
    assert send_window() is None
    with writes_until(60) as outer:
        with pytest.raises(KeyError, match="True"), writes_until(5) as inner:
            raise KeyError(send_window() is inner)
        assert inner.ends < outer.ends
        assert send_window() is outer
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(send_window).result() is None
    assert send_window() is None


@pytest.mark.parametrize(
    ("behaviour", "left"),
    [(answer(b"ok"), True), (silent, True), (answer(status=400), True), (answer(status=502), True)],
)
def test_a_window_knows_what_may_have_arrived(client: Client, behaviour: Behaviour, left: bool) -> None:
    """Whatever the answer was, and without one: a write that went out may have been carried out."""
    with Server([behaviour]) as server, writes_until(5) as window, contextlib.suppress(AsctlError):
        client.call(asking(server), body_of)
    assert window.left is left


def test_what_never_left_leaves_the_window_untouched(client: Client) -> None:
    """A read, a write without a connection and one that came too late are no write that may have arrived."""
    with Server([answer(b"ok")]) as server, writes_until(5) as window:
        client.call(asking(server, write=False), body_of)
    with writes_until(5) as nobody_there, pytest.raises(Unavailable) as caught:
        client.call(lambda: HttpRequest("POST", "http://127.0.0.1:9/", "parcel.intercept", write=True), body_of)
    assert (caught.value.code, caught.value.of_write) == ("not_reached", True)
    assert (window.left, nobody_there.left) == (False, False)
