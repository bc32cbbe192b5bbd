"""Single odd answers: size, time, certificates, redirects, proxies, content encodings."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import requests
import responses

from asctl.api.context import HttpAnswer, HttpRequest
from asctl.domain.errors import AsctlError, Unavailable, Unclear
from asctl.transport import Client, NetworkLimits
from tests.http_support import OWN_HOST, Server, answer, drip, endless, redirect, silent, truncated
from tests.unit.transport.conftest import SECRET

CERTIFICATE = Path(__file__).parent / "self_signed.pem"
MakeClient = Callable[..., Client]


def ask(client: Client, url: str, write: bool = False) -> bytes:
    return client.call(lambda: HttpRequest("POST", url, "trade.get", body=b"", write=write), lambda reply: reply.body)


def fault_of(client: Client, url: str, write: bool = False) -> AsctlError:
    with pytest.raises(AsctlError) as caught:
        ask(client, url, write)
    return caught.value


@pytest.mark.parametrize("announced", [None, 50 * 1024 * 1024])
def test_a_huge_answer_stops_early(client: Client, announced: int | None) -> None:
    """An answer over the limit is neither read to its end nor asked for again."""
    with Server([endless(announced)]) as server:
        fault = fault_of(client, server.url)
        assert (fault.family, fault.code) == ("unavailable", "too_large")
        assert server.connections == 1


def test_a_packed_answer_counts_by_its_true_size(client: Client) -> None:
    """A small answer that unpacks to a huge one is refused as well."""
    bomb = gzip.compress(b"0" * (8 * 1024 * 1024))
    with Server([answer(bomb, headers={"Content-Encoding": "gzip"})]) as server:
        assert fault_of(client, server.url).code == "too_large"


def test_a_packed_answer_is_unpacked(client: Client) -> None:
    """gzip is offered and understood."""
    with Server([answer(gzip.compress(b"hello"), headers={"Content-Encoding": "gzip"})]) as server:
        assert ask(client, server.url) == b"hello"
        assert "gzip" in server.received[0].headers["accept-encoding"]


def test_an_answer_that_breaks_its_packing_is_lost(client: Client) -> None:
    """Bytes that claim to be gzip and are not give our error, not the library's."""
    with Server([answer(b"not gzip at all", headers={"Content-Encoding": "gzip"})]) as server:
        assert fault_of(client, server.url).code == "lost_answer"


def test_a_cut_off_answer_is_lost(client: Client) -> None:
    """Fewer bytes than announced are never taken for an answer."""
    with Server([truncated()]) as server:
        assert fault_of(client, server.url).code == "lost_answer"


@pytest.mark.parametrize("behaviour", [silent, drip()])
def test_a_slow_far_side_is_given_up(client: Client, behaviour: object) -> None:
    """Silence ends at the read limit, dripping at the total limit."""
    with Server([behaviour]) as server:  # type: ignore[list-item]
        assert fault_of(client, server.url).code == "lost_answer"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_told_not_followed(client: Client, status: int) -> None:
    """Signed parameters never travel on to another host; a write that was redirected is unclear."""
    with Server([answer()]) as elsewhere, Server([redirect(elsewhere.url + "?token=1", status)]) as server:
        fault = fault_of(client, server.url)
        assert (fault.family, fault.code) == ("unavailable", "redirected")
        assert OWN_HOST in fault.message
        assert "token" not in fault.message
        assert "base_url" in fault.hint
        assert isinstance(fault_of(client, server.url, write=True), Unclear)
        assert elsewhere.received == []


def test_a_self_signed_certificate_is_refused(client: Client) -> None:
    """Nothing is sent to who cannot prove his name, so even a write is merely unavailable."""
    with Server([answer()], CERTIFICATE) as server:
        for write in (False, True):
            fault = fault_of(client, server.url, write)
            assert (fault.family, fault.code) == ("unavailable", "tls_failed")
            assert "ca_bundle" in fault.hint
        assert server.received == []


def test_a_bundle_of_ones_own_is_trusted(client_for: MakeClient) -> None:
    """``network.ca_bundle`` names the certificates that count."""
    client = client_for(NetworkLimits(ca_bundle=str(CERTIFICATE)))
    with Server([answer(b"private")], CERTIFICATE) as server:
        assert ask(client, server.url) == b"private"


def test_the_environment_changes_neither_proxy_nor_certificates(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What other tools put into the environment has no say here."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    with Server([answer(b"direct")]) as server, Server([answer()], CERTIFICATE) as private:
        assert ask(client, server.url) == b"direct"
        assert fault_of(client, private.url).code == "tls_failed"


def test_the_proxy_of_the_settings_is_used_for_the_outside_only(client_for: MakeClient) -> None:
    """Calls to this machine go straight, all others through the proxy."""
    with Server([answer(b"by proxy")]) as proxy, Server([answer(b"straight")]) as server:
        client = client_for(NetworkLimits(proxy=proxy.url))
        assert ask(client, "http://shop.example/api") == b"by proxy"
        assert ask(client, server.url) == b"straight"
        assert proxy.received[0].path == "http://shop.example/api"


def test_a_proxy_that_is_down_means_that_nothing_was_sent(client_for: MakeClient, limits: NetworkLimits) -> None:
    """A write that did not get past the proxy may simply be done again later."""
    with Server([answer()]) as gone:
        address = gone.url
    client = client_for(NetworkLimits(proxy=address, total_timeout=timedelta(seconds=1)))
    assert fault_of(client, "https://shop.example/api", write=True).code == "not_reached"


@responses.activate
def test_errors_of_the_library_become_ours(client: Client) -> None:
    """Whatever requests raises while an answer is on its way is a lost answer."""
    responses.post("http://shop.example/api", body=requests.exceptions.ChunkedEncodingError("session=abc"))
    fault = fault_of(client, "http://shop.example/api")
    assert (type(fault), fault.code) == (Unavailable, "lost_answer")
    assert "abc" not in repr(fault)


@responses.activate
def test_a_slow_connection_is_not_reached(client: Client) -> None:
    """A connection that is not made in time carried nothing."""
    responses.post("http://shop.example/api", body=requests.exceptions.ConnectTimeout())
    assert fault_of(client, "http://shop.example/api", write=True).code == "not_reached"


@responses.activate
def test_tls_that_breaks_under_way_leaves_a_write_unclear(client: Client) -> None:
    """Only a failed handshake proves that nothing was sent."""
    responses.post("https://shop.example/api", body=requests.exceptions.SSLError("bad record"))
    assert isinstance(fault_of(client, "https://shop.example/api", write=True), Unclear)
    assert isinstance(fault_of(client, "https://shop.example/api"), Unavailable)


@responses.activate
def test_headers_of_the_answer_are_found_in_any_case(client: Client) -> None:
    """Providers may look up a request id as they like to spell it."""
    responses.get("http://shop.example/api", headers={"X-Request-ID": "r1"})
    seen = client.call(lambda: HttpRequest("GET", "http://shop.example/api", "op"), _request_id)
    assert seen == "r1"


def _request_id(reply: HttpAnswer) -> str:
    return reply.headers["x-request-id"]


def test_each_call_is_one_line_without_secrets(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    """The log tells operation, outcome, time and size; neither address nor body."""
    with caplog.at_level(logging.DEBUG), Server([answer(b"private words")]) as server:
        make = lambda: HttpRequest("POST", server.url, "trade.get", form={"session": SECRET})  # noqa: E731
        client.call(make, lambda reply: reply.body)
    (line,) = caplog.messages
    assert line.startswith("flagship: trade.get 200 ")
    assert line.endswith(" 13 bytes")


def test_failures_are_logged_with_their_code(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    """A failed call leaves its line too."""
    with caplog.at_level(logging.INFO), Server([answer(status=404)]) as server:
        fault_of(client, server.url)
    assert "trade.get http_status 404 " in caplog.messages[0]
