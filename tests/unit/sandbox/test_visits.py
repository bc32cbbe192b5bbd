"""Each fault as a raw client meets it, and what the ledger says of it."""

from __future__ import annotations

import http.client
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import requests

from asctl.sandbox.fault_bodies import PARAMETERS
from asctl.sandbox.visits import PLAYS

if TYPE_CHECKING:
    from tests.unit.sandbox.conftest import Client


def test_every_fault_that_can_be_posted_can_be_played() -> None:
    """The two tables of faults name the same kinds."""
    assert PLAYS.keys() == PARAMETERS.keys()


@pytest.mark.parametrize("kind", ["refuse_connect", "close_before"])
def test_a_connection_lost_before_the_request_was_heard_applies_nothing(client: Client, kind: str) -> None:
    """The client gets no answer, and the ledger says that the write did not take effect."""
    client.fault(kind)
    with pytest.raises(requests.ConnectionError):
        client.note("SF1")
    assert client.office.notes == []
    assert [(line["fault"], line["applied"]) for line in client.ledger()] == [(kind, False)]


def test_a_refused_connection_is_reset_and_not_merely_closed(client: Client) -> None:
    """The client's machine sees a reset, as it would where nobody listens."""
    client.fault("refuse_connect")
    where = urlsplit(client.info.url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port)
    connection.request("GET", "/post/track?waybill=SF1")
    with pytest.raises(ConnectionResetError):
        connection.getresponse()
    connection.close()


def test_a_connection_closed_after_the_write_leaves_it_applied(client: Client) -> None:
    """The client cannot tell, the ledger can: the write took effect."""
    client.fault("close_after")
    with pytest.raises(requests.ConnectionError):
        client.note("SF1", key="k1")
    (line,) = client.ledger()
    assert client.office.notes == ["SF1"]
    assert (line["operation"], line["target"], line["key"]) == ("note", "SF1", "k1")
    assert (line["write"], line["applied"], line["fault"]) == (True, True, "close_after")


@pytest.mark.parametrize("applied", [False, True])
def test_a_status_is_answered_whether_or_not_the_write_was_applied(client: Client, applied: bool) -> None:
    """The parameter ``applied`` decides what happened behind the same status."""
    client.fault("status", code=503, applied=applied)
    assert client.note("SF1").status_code == 503
    assert client.ledger()[0]["applied"] is applied


def test_a_throttle_is_told_by_the_vendor_and_counts_down(client: Client) -> None:
    """A ban is in the vendor's words, lasts beyond the first request, and is over when its seconds are."""
    client.fault("throttle", seconds=1.15)
    assert client.note("SF1").json()["complaint"] == "throttle"
    time.sleep(0.17)
    assert client.note("SF2").json()["seconds"] == 1
    deadline = time.monotonic() + 5
    while client.note("SF3").json().get("complaint") and time.monotonic() < deadline:
        time.sleep(0.1)
    assert client.office.notes == ["SF3"]


def test_a_reply_brings_the_vendors_header_fields(client: Client) -> None:
    """A far side that tells in a header for how long to rest can be played."""
    client.fault("throttle", seconds=60)
    answer = client.note("SF1")
    assert answer.headers["Retry-After"] == str(answer.json()["seconds"])


def test_credentials_and_refusals_are_told_in_the_vendors_words(client: Client) -> None:
    """The app is asked to complain; nothing is applied."""
    client.fault("auth")
    client.fault("refuse", reason="already-signed")
    assert client.note("SF1").json()["complaint"] == "auth"
    assert client.note("SF1").json()["reason"] == "already-signed"
    assert client.office.notes == []


def test_a_gateways_page_stands_before_the_app(client: Client) -> None:
    """HTML comes with status 200 in place of the answer, and nothing is applied."""
    client.fault("html")
    answer = client.note("SF1")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html;charset=utf-8")
    assert client.ledger()[0]["applied"] is False


def test_garbage_hides_a_write_that_was_applied(client: Client) -> None:
    """The answer is spoilt on its way back, after the write took effect."""
    client.fault("garbage")
    with pytest.raises(requests.JSONDecodeError):
        client.note("SF1").json()
    assert client.ledger()[0]["applied"] is True


def test_a_truncated_answer_announces_its_full_length(client: Client) -> None:
    """The client sees fewer bytes than were announced; the write was applied."""
    client.fault("truncate", bytes=4)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        client.note("SF1")
    assert client.ledger()[0]["applied"] is True


def test_a_slow_answer_comes_after_the_write_was_applied(client: Client) -> None:
    """Who gives up waiting has still changed the world, and others are served meanwhile."""
    client.fault("slow", seconds=30)
    with pytest.raises(requests.ReadTimeout):
        requests.post(f"{client.info.url}/post/note", json={"target": "SF1"}, timeout=0.1)
    assert client.note("SF2").json() == {"ok": True}
    assert [line["applied"] for line in client.ledger()] == [True, True]


def test_a_late_write_is_applied_after_the_connection_is_gone(client: Client) -> None:
    """The ledger says no at first, and yes when the seconds are over."""
    client.fault("late", seconds=0.3)
    with pytest.raises(requests.ConnectionError):
        client.note("SF1")
    assert client.ledger()[0]["applied"] is False
    deadline = time.monotonic() + 10
    while not client.ledger()[0]["applied"] and time.monotonic() < deadline:
        time.sleep(0.05)
    assert client.ledger()[0]["applied"] is True
    assert client.office.notes == ["SF1"]


def test_what_a_write_did_can_be_hidden_from_looks(client: Client) -> None:
    """The write is applied and answered; reads about its target find nothing, reads about others do."""
    client.fault("hide", route="post:note", seconds=60)
    assert client.note("SF1").json() == {"ok": True}
    assert client.track("SF1").json()["complaint"] == "not_found"
    assert client.track("SF2").json() == {"texts": []}
    assert [(line["fault"], line["applied"]) for line in client.ledger()] == [
        ("hide", True),
        ("hide", False),
        (None, False),
    ]


def test_a_big_answer_is_as_big_as_asked(client: Client) -> None:
    """The answer is padded to the mebibytes asked for, and still JSON."""
    client.fault("big", mib=3)
    answer = client.track("SF1")
    assert len(answer.content) > 3 * 1024 * 1024
    assert answer.json() == {"texts": []}


def test_a_client_that_leaves_a_big_answer_unread_harms_nobody(client: Client) -> None:
    """The next request is answered as ever."""
    client.fault("big", mib=64)
    with requests.get(f"{client.info.url}/post/track", params={"waybill": "SF1"}, stream=True, timeout=5) as answer:
        assert answer.status_code == 200
    assert client.track("SF1").json() == {"texts": []}


def test_one_kept_alive_connection_outlives_the_faults_that_leave_it_open(client: Client) -> None:
    """After a status, a page and a complaint the same socket serves the next request."""
    where = urlsplit(client.info.url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port)
    client.fault("status", code=500)
    client.fault("html")
    client.fault("auth")
    seen = []
    for _request in range(4):
        connection.request("GET", "/post/track?waybill=SF1")
        socket_before = connection.sock
        answer = connection.getresponse()
        seen.append((answer.status, answer.read()[:9]))
        assert connection.sock is socket_before
    connection.close()
    assert seen == [(500, b""), (200, b"<!DOCTYPE"), (200, b'{"complai'), (200, b'{"texts":')]


def test_an_app_that_breaks_is_a_500_and_no_end_of_the_world(client: Client) -> None:
    """A bug of an app is answered as such, stands in the ledger, and the next request is served."""
    answer = client.session.get(f"{client.info.url}/post/break", timeout=5)
    assert answer.status_code == 500
    assert "log" in answer.json()["error"]
    assert client.track("SF1").status_code == 200
    assert [line["operation"] for line in client.ledger()] == ["break", "track"]


@pytest.fixture
def waybill(client: Client) -> str:
    """A parcel that can be called back."""
    (made,) = client.control("POST", "orders", {"couriers": ["sf"], "paid_at": client.sandbox.world.now().isoformat()})
    return str(made["waybills"][0])


def test_a_late_interception_is_absent_at_first_and_present_in_the_end(client: Client, waybill: str) -> None:
    """A look made too early finds nothing, though the write is still to take effect."""
    client.fault("late", route="post:intercept", seconds=0.3)
    with pytest.raises(requests.ConnectionError):
        client.intercept(waybill)
    assert client.look(waybill) == {"effects": []}
    deadline = time.monotonic() + 10
    while not client.ledger()[0]["applied"] and time.monotonic() < deadline:
        time.sleep(0.05)
    assert client.look(waybill) == {"effects": ["accepted"]}


@pytest.mark.parametrize(("applied", "effects"), [(True, ["accepted"]), (False, [])])
def test_behind_a_bad_status_the_world_has_changed_or_not(
    client: Client, waybill: str, applied: bool, effects: list[str]
) -> None:
    """The answer is the same; the world and the ledger agree with each other."""
    client.fault("status", route="post:intercept", code=500, applied=applied)
    assert client.intercept(waybill).status_code == 500
    assert client.look(waybill) == {"effects": effects}
    assert client.ledger()[0]["applied"] is applied


@pytest.mark.parametrize("route", ["post:intercept", "post:interception_status"])
def test_an_interception_can_be_hidden_by_either_route(client: Client, waybill: str, route: str) -> None:
    """The look is told that there is no such thing; the state and the ledger know better."""
    client.fault("hide", route=route, seconds=60)
    assert "number" in client.intercept(waybill).json()
    assert client.look(waybill)["complaint"] == "not_found"
    assert [made["waybill"] for made in client.control("GET", "state")["interceptions"]] == [waybill]
    assert [line["applied"] for line in client.ledger()] == [True, False]


def test_a_repeated_interception_stands_twice_in_the_world(client: Client, waybill: str) -> None:
    """The sandbox is the witness of a client that sends twice."""
    numbers = {client.intercept(waybill, key="k1").json()["number"] for _repeat in range(2)}
    assert len(numbers) == 2
    assert client.look(waybill) == {"effects": ["accepted", "accepted"]}
