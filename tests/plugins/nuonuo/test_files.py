"""Files of invoices: what is fetched, and what is never called (section 5.9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import pytest

from asctl.api import BadInput, HttpAnswer, HttpRequest, Unavailable
from asctl.api.files import LARGEST, FileFetcher
from asctl.api.sandbox import SandboxReply
from tests.plugins.nuonuo.conftest import BASE, SETTINGS, Desk

T = TypeVar("T")

ADDRESS = f"{BASE}/files/26112110000000000001.pdf"


@pytest.mark.parametrize(("format", "start"), [("pdf", b"%PDF"), ("ofd", b"PK"), ("xml", b"<?xml")])
def test_files_of_an_issued_invoice(desk: Desk, format: str, start: bytes) -> None:
    """Each file that the look tells is there, by a plain question without token, and always the same."""
    url = desk.issued().files[format]
    body = desk.provider.invoice_file(url, format)
    request = desk.loop.sent[-1]
    assert body.startswith(start)
    assert (request.method, request.write, request.headers, request.url) == ("GET", False, None, url)
    assert desk.provider.invoice_file(url, format) == body


@pytest.mark.parametrize(
    "url",
    [
        "https://example.invalid/a.pdf",
        "http://inv.jss.com.cn/a.pdf",
        "ftp://inv.jss.com.cn/a.pdf",
        "file:///etc/passwd",
        "https://evil-jss.com.cn/a.pdf",
        "https://jss.com.cn.example.invalid/a.pdf",
        "https://jss.com.cn@example.invalid/a.pdf",
        "https://example.invalid\\@inv.jss.com.cn/a.pdf",
        "https://inv.jss.com.cn /a.pdf",
        "https://inv.jss.com.cn\n.example.invalid/a.pdf",
        "http://127.0.0.2:8100/a.pdf",
        "http://localhost/a.pdf",
        "https://[::1/a.pdf",
        "https://",
        "",
    ],
)
def test_addresses_that_are_not_called(desk: Desk, url: str) -> None:
    """Only https, at the hosts of the setting and below them, or this machine where the account's gateway is; nothing is sent."""
    with pytest.raises(BadInput) as caught:
        desk.provider.invoice_file(url, "pdf")
    assert (caught.value.code, desk.loop.sent) == ("file_address", [])


def test_error_names_the_host_alone(desk: Desk) -> None:
    """An address may be a key to the file: only its host is told."""
    with pytest.raises(BadInput) as caught:
        desk.provider.invoice_file("https://example.invalid/secret-token.pdf", "pdf")
    assert "example.invalid" in caught.value.message
    assert "secret-token" not in caught.value.message


def test_this_machine_only_beside_a_gateway_on_it(make_desk: Callable[..., Desk]) -> None:
    """An account at the real Nuonuo fetches nothing from this machine."""
    desk = make_desk(base_url="https://sdk.nuonuo.com/open/v1/services")
    with pytest.raises(BadInput):
        desk.provider.invoice_file(ADDRESS, "pdf")


class Elsewhere:
    """An ``HttpClient`` that reaches every host, and brings the same file from each."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def call(self, make: Callable[[], HttpRequest], read: Callable[[HttpAnswer], T]) -> T:
        self.asked.append(make().url)
        return read(HttpAnswer(200, {}, b"%PDF-1.4"))


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("https://inv.jss.com.cn/fp2/a.pdf", None),
        ("https://STORAGE.nuonuo.com/a.pdf", None),
        ("https://jss.com.cn/a", None),
        ("https://invtest.nntest.cn/a.pdf", ("nntest.cn",)),
    ],
)
def test_addresses_that_are_called(desk: Desk, url: str, hosts: tuple[str, ...] | None) -> None:
    """A host of the setting, in any spelling, and all below it."""
    elsewhere = Elsewhere()
    settings = SETTINGS | ({"file_hosts": hosts} if hosts else {})
    files = FileFetcher(replace(desk.loop.context("books", settings), http=elsewhere))
    assert files.fetch(url, "pdf") == b"%PDF-1.4"
    assert elsewhere.asked == [url]


def test_setting_replaces_the_hosts(make_desk: Callable[..., Desk]) -> None:
    """What is not in it is not fetched from any more."""
    with pytest.raises(BadInput):
        make_desk(file_hosts=("nntest.cn",)).provider.invoice_file("https://inv.jss.com.cn/a.pdf", "pdf")


@pytest.mark.parametrize(
    ("format", "body", "code"),
    [
        ("pdf", b"", "no_such_file"),
        ("pdf", b"<html>login</html>", "no_such_file"),
        ("pdf", b" %PDF-1.4", "no_such_file"),
        ("ofd", b"%PDF-1.4", "no_such_file"),
        ("xml", b"<!DOCTYPE html><p>", "no_such_file"),
        ("xml", b"\n<HTML>", "no_such_file"),
        ("xml", b"{}", "no_such_file"),
        ("pdf", b"%PDF" + b" " * LARGEST, "file_too_large"),
    ],
)
def test_what_is_no_file(desk: Desk, format: str, body: bytes, code: str) -> None:
    """A login page in place of the file, the wrong kind, or too much of it."""
    desk.answers(SandboxReply(body), "file")
    with pytest.raises(Unavailable) as caught:
        desk.provider.invoice_file(ADDRESS, format)
    assert caught.value.code == code


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"\n "])
def test_xml_may_begin_with_a_mark(desk: Desk, start: bytes) -> None:
    """A byte order mark or blanks before the first tag are no fault."""
    desk.answers(SandboxReply(start + b"<EInvoice/>"), "file")
    assert desk.provider.invoice_file(ADDRESS, "xml").endswith(b"<EInvoice/>")
