"""Callbacks: hints about whom to ask (sections 5.12 and 14.6)."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import AsctlError, BadInput, Push
from asctl_nuonuo import push
from tests.plugins.nuonuo.conftest import Desk

CONTENT = {
    "c_status": "1",
    "c_fpqqlsh": "26010110000000000001",
    "c_orderno": "B2601017QK4M2ZP01",
    "c_fphm": "26990000000000000001",
    "c_fpdm": "",
    "c_kprq": "1767232805000",
    "c_bhsje": "180.00",
    "c_hjse": "23.40",
    "c_url": "http://127.0.0.1:8899/files/26010110000000000001.pdf",
}


def body(content: object, operater: str = "callback", orderno: str = "B2601017QK4M2ZP01") -> bytes:
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    return urlencode({"operater": operater, "orderno": orderno, "content": text}).encode()


def test_sample(desk: Desk) -> None:
    """The sample names our number and their word; nothing of what it claims is believed."""
    told = desk.provider.receive({}, body(CONTENT))
    assert told == Push("invoice", reference="B2601017QK4M2ZP01", state="1")
    assert desk.loop.sent == []


@pytest.mark.parametrize(
    ("content", "orderno", "reference", "state"),
    [
        (CONTENT | {"c_status": 2}, "", "B2601017QK4M2ZP01", "2"),
        ({"c_status": "2", "c_fpqqlsh": "26010110000000000001"}, "", "26010110000000000001", "2"),
        ({"c_status": "3"}, "B1", "B1", "3"),
        ({"billId": "R1", "billStatus": "02"}, "", "R1", "02"),
        ({}, "B1", "B1", ""),
    ],
)
def test_whom_it_names(content: dict[str, object], orderno: str, reference: str, state: str) -> None:
    """The field of the form is spelled in small letters; the content has names of its own, a failure brings little."""
    told = push.receive(body(content, orderno=orderno), "books")
    assert (told.kind, told.reference, told.state) == ("invoice", reference, state)


@pytest.mark.parametrize(
    ("operater", "kind"),
    [
        ("callback", "invoice"),
        ("invoiceInvalid", "invoice"),
        ("invoiceApply", "invoice"),
        ("invoiceRedCallback", "invoice"),
        ("redConfirmCallback", "invoice"),
        ("somethingElse", "other"),
    ],
)
def test_occasions(operater: str, kind: str) -> None:
    """All five documented occasions are about an invoice."""
    assert push.receive(body(CONTENT, operater), "books").kind == kind


@pytest.mark.parametrize("sent", [b"", b"x", body("[]"), body("{"), body({}, orderno=""), b"orderno=B1", b"\xff\xfe"])
def test_unreadable(sent: bytes) -> None:
    """What names nobody, or holds no content, is turned away."""
    with pytest.raises(BadInput) as caught:
        push.receive(sent, "books")
    assert (caught.value.code, caught.value.account) == ("push_unreadable", "books")


@given(st.binary(max_size=60) | st.text(max_size=40).map(lambda text: body(text)))
def test_junk_never_upsets(sent: bytes) -> None:
    """Whatever comes is a push or one of our errors."""
    try:
        assert push.receive(sent, "books").kind in ("invoice", "other")
    except AsctlError as error:
        assert error.code == "push_unreadable"


def test_what_they_want_to_read(desk: Desk) -> None:
    """The status 0000 says that it is stored; any other makes them send it again."""
    stored, lost = desk.provider.reply(True), desk.provider.reply(False)
    assert stored.body.decode() == '{"status":"0000","message":"同步成功"}'
    assert (stored.status, stored.content_type) == (200, "application/json;charset=utf-8")
    assert json.loads(lost.body)["status"] != "0000"
