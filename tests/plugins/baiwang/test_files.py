"""Files: where they may come from, and what they must be."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from asctl.api import BadInput, HttpAnswer, HttpRequest, Unavailable
from asctl.api.files import LARGEST
from asctl.api.sandbox import SandboxReply
from asctl_baiwang.provider import Baiwang
from tests.plugins.baiwang.samples import BASE
from tests.plugins.loopback import Loopback

HOME = f"{BASE}/files/1.pdf"


@pytest.mark.parametrize(
    "url",
    [
        "https://pis.example.com/1.pdf",
        "https://baiwang.com.example.com/1.pdf",
        "https://notbaiwang.com/1.pdf",
        "http://pis.baiwang.com/1.pdf",
        "ftp://pis.baiwang.com/1.pdf",
        "https://baiwang.com@example.com/1.pdf",
        "https://user@pis.baiwang.com/1.pdf",
        "http://127.0.0.2/1.pdf",
        "file:///etc/passwd",
        "//pis.baiwang.com/1.pdf",
        "https://[::1/1.pdf",
        "",
    ],
)
def test_foreign_addresses_are_not_asked(provider: Baiwang, loop: Loopback, url: str) -> None:
    """Only https and only Baiwang's hosts; nothing is sent anywhere else."""
    with pytest.raises(BadInput) as caught:
        provider.invoice_file(url, "pdf")
    assert caught.value.code == "file_address"
    assert not loop.sent


@pytest.mark.parametrize("url", ["https://baiwang.com/1.pdf", "https://pis.BAIWANG.com/1.pdf?token=x"])
def test_baiwangs_hosts_are_asked(
    make_provider: Callable[..., Baiwang], loop: Loopback, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    """The domain and what is below it, over https, with a plain question."""
    asked: list[HttpRequest] = []

    def call(make: Callable[[], HttpRequest], read: Callable[[HttpAnswer], bytes]) -> bytes:
        asked.append(make())
        return read(HttpAnswer(200, {}, b"%PDF-1.4"))

    monkeypatch.setattr(loop, "call", call)
    assert make_provider().invoice_file(url, "pdf") == b"%PDF-1.4"
    assert (asked[0].method, asked[0].url, asked[0].write) == ("GET", url, False)


def test_a_loopback_host_is_ours_only_where_the_gateway_is_there(make_provider: Callable[..., Baiwang]) -> None:
    """A real account's files never come from this machine."""
    with pytest.raises(BadInput):
        make_provider(base_url="https://openapi.baiwang.com/router/rest").invoice_file(HOME, "pdf")


def test_hosts_can_be_set(make_provider: Callable[..., Baiwang], loop: Loopback) -> None:
    """Without any, only the loopback host of the gateway is left."""
    loop.answer = lambda _request: SandboxReply(b"%PDF")
    with pytest.raises(BadInput):
        make_provider(file_hosts=()).invoice_file("https://pis.baiwang.com/1.pdf", "pdf")
    assert make_provider(file_hosts=()).invoice_file(HOME, "pdf") == b"%PDF"


@pytest.mark.parametrize(
    ("format_", "body"),
    [("pdf", b"%PDF-1.4"), ("ofd", b"PK\x03\x04"), ("xml", b"<?xml?>"), ("xml", b"\xef\xbb\xbf<EInvoice/>")],
)
def test_what_is_a_file(provider: Baiwang, loop: Loopback, format_: str, body: bytes) -> None:
    """Its first bytes are those of its format."""
    loop.answer = lambda _request: SandboxReply(body)
    assert provider.invoice_file(HOME, format_) == body


@pytest.mark.parametrize(("format_", "body"), [("pdf", b"<html>"), ("ofd", b"%PDF"), ("xml", b"PK"), ("pdf", b"")])
def test_what_is_none(provider: Baiwang, loop: Loopback, format_: str, body: bytes) -> None:
    """A web page in place of a file is told, and not kept."""
    loop.answer = lambda _request: SandboxReply(body)
    with pytest.raises(Unavailable) as caught:
        provider.invoice_file(HOME, format_)
    assert caught.value.code == "no_such_file"


def test_too_large(provider: Baiwang, loop: Loopback) -> None:
    """Ten MiB and not a byte more."""
    loop.answer = lambda _request: SandboxReply(b"%PDF".ljust(LARGEST, b"x"))
    assert len(provider.invoice_file(HOME, "pdf")) == LARGEST
    loop.answer = lambda _request: SandboxReply(b"%PDF".ljust(LARGEST + 1, b"x"))
    with pytest.raises(Unavailable) as caught:
        provider.invoice_file(HOME, "pdf")
    assert caught.value.code == "file_too_large"
