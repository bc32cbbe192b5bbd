"""The sandbox's HTTP: what it reads, what it refuses, what it sends."""

from __future__ import annotations

import io
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.sandbox.wire import Answer, BadRequest, outgoing, read_incoming

if TYPE_CHECKING:
    from tests.unit.sandbox.conftest import Client


def stream(raw: bytes) -> io.BufferedReader:
    """Bytes as they come from a socket."""
    return io.BufferedReader(io.BytesIO(raw))


def test_a_request_is_read_whole() -> None:
    """Path decoded, query with empty values, header fields under any spelling, body by its length."""
    raw = b"POST /sf/%E5%8D%95?a=1&b= HTTP/1.1\r\nHost: x\r\nContent-LENGTH: 4\r\nX-Key: one\r\n\r\nbodyNEXT"
    incoming = read_incoming(stream(raw))
    assert incoming is not None
    assert (incoming.method, incoming.path, incoming.query) == ("POST", "/sf/单", {"a": "1", "b": ""})
    assert (incoming.headers["x-key"], incoming.headers.get("X-KEY")) == ("one", "one")
    assert incoming.body == b"body"
    assert incoming.keep_alive


@pytest.mark.parametrize(
    ("line", "field", "kept"),
    [
        (b"HTTP/1.1", b"", True),
        (b"HTTP/1.1", b"Connection: close\r\n", False),
        (b"HTTP/1.0", b"", False),
        (b"HTTP/1.0", b"Connection: Keep-Alive\r\n", True),
    ],
)
def test_connections_are_kept_as_the_version_says(line: bytes, field: bytes, kept: bool) -> None:
    """1.1 keeps unless told to close, 1.0 closes unless told to keep."""
    incoming = read_incoming(stream(b"GET / " + line + b"\r\n" + field + b"\r\n"))
    assert incoming is not None
    assert incoming.keep_alive is kept


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"hello\r\n\r\n", 400),
        (b"GET /\xff HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA: b", 400),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 500 + b"\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nshort", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
    ],
)
def test_what_is_no_request_is_refused(raw: bytes, status: int) -> None:
    """Each with the status that says why."""
    with pytest.raises(BadRequest) as caught:
        read_incoming(stream(raw))
    assert caught.value.status == status


@given(raw=st.binary(max_size=300))
def test_any_bytes_are_a_request_or_refused(raw: bytes) -> None:
    """Nothing else ever comes out of reading."""
    try:
        read_incoming(stream(raw))
    except BadRequest as bad:
        assert bad.status in (400, 411, 413)


@given(body=st.binary(max_size=50), padding=st.integers(0, 200_000))
def test_an_answer_is_as_long_as_it_says(body: bytes, padding: int) -> None:
    """Content-Length counts the padding."""
    head, _blank, sent = b"".join(outgoing(Answer(body, padding=padding), keep_alive=True)).partition(b"\r\n\r\n")
    assert f"Content-Length: {len(sent)}".encode() in head
    assert sent == body + b" " * padding


def test_header_fields_come_along_but_for_the_servers_own() -> None:
    """What frames the answer is the server's, also where an app hands on all that it once received; no field ends the head."""
    fields = {"Retry-After": "30", "content-length": "7", "Content-Encoding": "gzip", "X-Note": "退\r\n\r\nbody"}
    told = b"".join(outgoing(Answer(b"{}", headers=fields), keep_alive=True))
    head, _blank, body = told.partition(b"\r\n\r\n")
    names = [line.partition(b":")[0] for line in head.splitlines()[1:]]
    assert names == [b"Content-Type", b"Content-Length", b"Connection", b"Retry-After", b"X-Note"]
    assert b"Content-Length: 2\r\n" in head
    assert body == b"{}"


def test_a_cut_answer_says_its_full_length() -> None:
    """So that the client can tell that something is missing."""
    whole = b"".join(outgoing(Answer(b"0123456789", cut=3), keep_alive=False))
    assert b"Content-Length: 10" in whole
    assert whole.endswith(b"\r\n\r\n012")


def test_nonsense_on_the_wire_is_answered_and_the_next_client_served(client: Client) -> None:
    """A client that speaks something else is told so and hung up on."""
    where = urlsplit(client.info.url)
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=5) as raw:
        raw.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        told = b"".join(iter(lambda: raw.recv(4096), b""))
    assert told.startswith(b"HTTP/1.1 400 ")
    assert client.track("SF1").status_code == 200
