"""The client's promises, over real loopback connections."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from asctl.api.context import HttpAnswer, HttpRequest
from asctl.api.json import read_object
from asctl.domain.errors import (
    AsctlError,
    BadConfiguration,
    CredentialsRefused,
    NotFound,
    Refused,
    Unavailable,
    Unclear,
)
from asctl.transport import Client, NetworkLimits
from tests.http_support import Server, answer, close_after, close_before, drip, keep_answering, silent
from tests.unit.transport.conftest import SECRET, StillClock


def asking(server: Server, write: bool = False) -> Callable[[], HttpRequest]:
    return lambda: HttpRequest("POST", server.url, "shop.order.get", form={"tid": "1", "名": "值 &"}, write=write)


def body_of(reply: HttpAnswer) -> bytes:
    return reply.body


def test_a_form_is_sent_url_encoded_in_order_and_the_answer_is_read(client: Client) -> None:
    """What the provider built arrives as it was built, and what it makes of the answer is returned."""
    with Server([answer(b'{"ok": 1}')]) as server:
        assert client.call(asking(server), read_object) == {"ok": 1}
        (request,) = server.received
    assert request.body == b"tid=1&%E5%90%8D=%E5%80%BC+%26"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded;charset=utf-8"
    assert request.headers["user-agent"].startswith("asctl/")
    assert (request.method, request.path) == ("POST", "/api")


def test_a_body_and_headers_are_sent_as_they_are(client: Client) -> None:
    """A provider that speaks JSON sets its own content type and bytes."""
    with Server([answer()]) as server:
        make = lambda: HttpRequest(  # noqa: E731
            "PUT", server.url + "?a=1", "op", body=b"\x00{}", headers={"content-type": "application/json", "X-Key": "v"}
        )
        client.call(make, body_of)
        (request,) = server.received
    assert (request.body, request.path) == (b"\x00{}", "/api?a=1")
    assert (request.headers["content-type"], request.headers["x-key"]) == ("application/json", "v")


def test_one_connection_serves_many_calls(client: Client) -> None:
    """Connections are kept and used again."""
    with Server([keep_answering(b"[]")]) as server:
        for _again in range(5):
            assert client.call(asking(server), body_of) == b"[]"
        assert (server.connections, len(server.received)) == (1, 5)


@pytest.mark.parametrize("trouble", [close_before, close_after, answer(status=502), answer(status=503)])
def test_a_read_is_tried_again_and_built_anew(client: Client, clock: StillClock, trouble: object) -> None:
    """After a passing trouble a read is made again, so that time stamps and signatures are fresh."""
    built = []
    with Server([trouble, answer(b"fine")]) as server:  # type: ignore[list-item]

        def make() -> HttpRequest:
            built.append(1)
            return asking(server)()

        assert client.call(make, body_of) == b"fine"
    assert len(built) == 2
    assert len(clock.waits) == 1


def test_a_read_is_tried_three_times_at_most(client: Client, clock: StillClock) -> None:
    """The third failure is the answer, and it says what and where."""
    with Server([answer(b"busy", status=503)]) as server, pytest.raises(Unavailable) as caught:
        client.call(asking(server), body_of)
    assert (caught.value.code, caught.value.upstream_code, caught.value.upstream_text) == ("http_status", "503", "busy")
    assert (len(server.received), len(clock.waits)) == (3, 2)
    assert (caught.value.account, caught.value.provider) == ("flagship", "taobao")


@pytest.mark.parametrize("trouble", [close_after, answer(status=503), answer(b"busy")])
def test_a_counted_read_is_not_repeated_once_it_may_have_arrived(client: Client, trouble: object) -> None:
    """A question that the far side counts is asked once: after a lost answer, a bad status, or the far side's own word."""

    def busy(reply: HttpAnswer) -> bytes:
        raise Unavailable("busy", code="busy")

    with Server([trouble, answer(b"fine")]) as server:  # type: ignore[list-item]
        request = HttpRequest("POST", server.url, "query", form={"a": "1"}, counted=True)
        with pytest.raises(Unavailable):
            client.call(lambda: request, busy)
    assert len(server.received) == 1


def test_a_provider_can_ask_for_another_try(client: Client) -> None:
    """``Unavailable`` with ``passing`` from the reader is tried again; without it, it is not."""
    replies = iter([b"isp.busy", b"fine", b"web page"])

    def read(reply: HttpAnswer) -> bytes:
        word = next(replies)
        if word != b"fine":
            raise Unavailable("the far side says no", passing=word == b"isp.busy")
        return word

    with Server([answer()]) as server:
        assert client.call(asking(server), read) == b"fine"
        with pytest.raises(Unavailable):
            client.call(asking(server), read)
        assert len(server.received) == 3


@pytest.mark.parametrize(
    ("status", "family"), [(400, Refused), (401, CredentialsRefused), (403, CredentialsRefused), (501, Unavailable)]
)
def test_other_statuses_are_not_tried_again(client: Client, status: int, family: type[AsctlError]) -> None:
    """A status that will not change by itself is told at once, as what it is."""
    with Server([answer(b"<html>", status=status)]) as server, pytest.raises(family) as caught:
        client.call(asking(server), body_of)
    assert caught.value.code == "http_status"
    assert (caught.value.upstream_code, caught.value.upstream_text, len(server.received)) == (str(status), "", 1)


@pytest.mark.parametrize("trouble", [close_before, close_after, silent, drip(), answer(status=500)])
def test_a_write_that_may_have_arrived_is_unclear_and_never_repeated(client: Client, trouble: object) -> None:
    """Nobody knows whether it was carried out, so nothing is sent twice."""
    with Server([trouble]) as server, pytest.raises(Unclear) as caught:  # type: ignore[list-item]
        client.call(asking(server, write=True), body_of)
    assert caught.value.code in ("lost_answer", "http_status")
    assert caught.value.hint
    assert server.connections == 1


def test_a_write_that_never_left_is_unavailable(client: Client) -> None:
    """A refused connection carried nothing, so the write may simply be done again later."""
    with Server([answer()]) as server:
        url = server.url
    with pytest.raises(Unavailable) as caught:
        client.call(lambda: HttpRequest("POST", url, "op", write=True), body_of)
    assert caught.value.code == "not_reached"


def test_a_name_that_nobody_knows_is_not_reached(client: Client, clock: StillClock) -> None:
    """A host name without an address is told like a refused connection."""
    with pytest.raises(Unavailable) as caught:
        client.call(lambda: HttpRequest("GET", "http://nowhere.invalid/x", "op"), body_of)
    assert caught.value.code == "not_reached"
    assert "nowhere.invalid" in str(caught.value)


def test_a_write_that_was_turned_away_is_not_unclear(client: Client) -> None:
    """Status 4xx says that it was not carried out."""
    with Server([answer(status=404)]) as server, pytest.raises(Refused):
        client.call(asking(server, write=True), body_of)


@pytest.mark.parametrize("raised", [Unavailable("odd", code="not_json"), KeyError("memo")])
def test_an_unreadable_answer_leaves_a_write_unclear(client: Client, raised: Exception) -> None:
    """Whatever the reader trips over, the write was sent."""

    def read(reply: HttpAnswer) -> bytes:
        raise raised

    with Server([answer(b"<html>")]) as server, pytest.raises(Unclear):
        client.call(asking(server, write=True), read)


def test_refusals_by_the_reader_pass_through_for_reads_and_writes(client: Client) -> None:
    """The far side's own word is an outcome, not a trouble of the wire."""

    def read(reply: HttpAnswer) -> bytes:
        raise NotFound("no such order", code="isv.trade-not-exist")

    with Server([answer()]) as server:
        for write in (False, True):
            with pytest.raises(NotFound):
                client.call(asking(server, write), read)
        assert len(server.received) == 2


def test_a_fault_of_the_reader_stays_what_it_is_for_reads(client: Client) -> None:
    """A programming error is not dressed up as a trouble of the far side."""
    with Server([answer(b"[1]")]) as server, pytest.raises(TypeError):
        client.call(asking(server), lambda reply: json.loads(reply.body)["x"])


def test_a_rehearsal_writes_to_this_machine_only(client_for: Callable[..., Client], limits: NetworkLimits) -> None:
    """With a fixed clock no write reaches the outside; reads and loopback writes do."""
    client = client_for(limits, rehearsal=True)
    with pytest.raises(BadConfiguration) as caught:
        client.call(lambda: HttpRequest("POST", "https://shop.example/api?sign=1", "memo.update", write=True), body_of)
    assert caught.value.code == "rehearsal_write"
    assert "sign" not in str(caught.value)
    with Server([answer(b"ok")]) as server:
        assert client.call(asking(server, write=True), body_of) == b"ok"


@pytest.mark.parametrize("url", ["ftp://host/x", "http://", "http://[broken/", "host-only", "http://host:99999/"])
def test_a_bad_address_is_a_matter_of_configuration(client: Client, url: str) -> None:
    """An address that cannot be called is told before anything is sent."""
    with pytest.raises(BadConfiguration) as caught:
        client.call(lambda: HttpRequest("GET", url, "op"), body_of)
    assert caught.value.code == "bad_url"


def test_secrets_and_phones_never_leave_in_an_error(client: Client) -> None:
    """Upstream words are cleaned before anybody can print, log or store them."""
    told = f"Invalid session {SECRET} of 13812345678"

    def read(reply: HttpAnswer) -> bytes:
        raise NotFound(told, code="x", upstream_text=told, hint=told)

    with Server([answer()]) as server, pytest.raises(NotFound) as caught:
        client.call(asking(server), read)
    error = caught.value
    for text in (str(error), repr(error), error.message, error.upstream_text, error.hint, repr(error.args)):
        assert SECRET not in text
        assert "13812345678" not in text
        assert "138********" in text


def test_the_causes_of_wire_errors_are_not_shown(client: Client) -> None:
    """HTTP libraries quote whole addresses; those must not appear below our error."""
    with Server([answer()]) as server:
        url = server.url
    with pytest.raises(Unavailable) as caught:
        client.call(lambda: HttpRequest("GET", f"{url}?session=abcdef", "op"), body_of)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert "abcdef" not in str(caught.value)
