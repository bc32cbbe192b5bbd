"""Callbacks are hints: which invoice to ask for, and nothing that changes a state."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asctl.api import BadInput, Push
from asctl_baiwang.provider import Baiwang
from tests.plugins.baiwang.samples import RED_SERIAL

FORM = {
    "orderNo": RED_SERIAL,
    "redConfirmSerialNo": "1000000000000000001",
    "redConfirmNo": "99992601020000000001",
    "redConfirmStatus": "02",
    "redConfirmMessage": "",
}


def test_form_callback_with_text_inside(provider: Baiwang) -> None:
    """The sample of section 14.8, whose ``data`` is JSON text."""
    body = json.dumps({"method": "baiwang.s.callback.redconfirm", "data": json.dumps(FORM)}).encode()
    assert provider.receive({}, body) == Push("invoice", reference=RED_SERIAL, state="02")


@pytest.mark.parametrize(
    ("data", "reference", "state"),
    [
        (FORM, RED_SERIAL, "02"),
        ({"orderNo": "B1", "serialNo": "S1", "status": "01", "statusMessage": "开票完成"}, "B1", "01"),
        ({"serialNo": "S1", "status": "02"}, "S1", "02"),
        ({"orderNo": "B1"}, "B1", ""),
    ],
)
def test_callbacks_name_whom_to_ask_for(provider: Baiwang, data: dict[str, str], reference: str, state: str) -> None:
    """Our serial before the provider's number, and the raw word of the state."""
    body = json.dumps({"method": "any", "data": data}).encode()
    assert provider.receive({}, body) == Push("invoice", reference=reference, state=state)


def test_state_of_a_callback_is_never_read(provider: Baiwang) -> None:
    """The same code may mean one thing in a query and another in a callback: it stays their raw word, without effect."""
    for status in ("00", "01", "02", "1", "2", "3"):
        push = provider.receive({}, json.dumps({"data": {"orderNo": "B1", "status": status}}).encode())
        assert (push.state, push.effect, push.answers) == (status, None, ())


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b"\xff", b'{"data":[]}', b'{"data":"no"}', b'{"data":{"status":"01"}}', b'{"data":null}'],
)
def test_unreadable(provider: Baiwang, body: bytes) -> None:
    """What names no invoice is none of ours."""
    with pytest.raises(BadInput) as caught:
        provider.receive({}, body)
    assert (caught.value.code, caught.value.account) == ("push_unreadable", "baiwang")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=30).map(lambda text: json.dumps({"data": text}).encode()))
def test_junk_is_bad_input(provider: Baiwang, body: bytes) -> None:
    """Nothing that is sent to the address makes it fail otherwise."""
    try:
        assert provider.receive({}, body).reference
    except BadInput as error:
        assert error.code == "push_unreadable"


def test_replies(provider: Baiwang) -> None:
    """Exactly these bytes; one that is not stored is refused by its status, so that it comes again."""
    yes, no = provider.reply(True), provider.reply(False)
    assert (yes.status, yes.body) == (200, b'{"success":true}')
    assert (no.status, no.body) == (500, b'{"success":false}')
