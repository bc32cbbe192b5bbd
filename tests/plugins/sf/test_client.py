"""Signature, form and envelope of a call."""

from __future__ import annotations

import json
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import AsctlError, TrackQuery, Unavailable
from asctl.api.sandbox import SandboxReply
from asctl_sf.client import Client, digest, sign
from asctl_sf.provider import SF
from asctl_sf.sandbox import SFSandbox
from asctl_sf.sandbox_gate import CHECK_WORD
from asctl_sf.wire import verdict
from tests.plugins.loopback import Loopback
from tests.plugins.sf.conftest import BASE, SETTINGS, TAIL, WAYBILL, said_yes, told

QUERY = (
    '{"language":"0","trackingType":"1","trackingNumber":["SF1234567890123"],"methodType":"1","checkPhoneNo":"1234"}'
)
REMARK = '{"remark":"测试 a*b~c+d"}'


def answer_with(loop: Loopback, envelope: object) -> None:
    """Have every call answered by this."""
    loop.answer = lambda _request: SandboxReply.of(envelope)


@pytest.mark.parametrize(
    ("msg_data", "signature"), [(QUERY, "gh+v4gLKiE/f42ECAr87PA=="), (REMARK, "PVYT65uMhmCVKI4GX45r9A==")]
)
def test_published_vectors(msg_data: str, signature: str) -> None:
    """The digests printed in the reference come out, Chinese and the characters of Java's own rule included."""
    assert sign(msg_data, "1700000000", "testCheckWord") == signature


def test_published_raw_variant() -> None:
    """What some clients sign, the text that is not encoded, is another digest: the one printed in the reference."""
    assert digest(QUERY + "1700000000" + "testCheckWord") == "UjWz95EBs7nV6ZP9H/gT9A=="


@given(st.text(alphabet="aZ9.-*_ ~()!'+%测\n", max_size=12))
def test_encoding_is_javas(text: str) -> None:
    """Only letters, digits and . - * _ stay, a blank becomes a plus, all else upper-case hex (section 2.1)."""
    encoded = "".join(
        c if c.isascii() and (c.isalnum() or c in ".-*_") else "+" if c == " " else _hex(c) for c in text + "1" + "w"
    )
    assert sign(text, "1", "w") == digest(encoded)


def _hex(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode())


def test_form_holds_what_the_platform_wants(provider: SF, loop: Loopback) -> None:
    """Each call has all six fields, a short request number of its own, and signs the very text that it posts."""
    for _ in range(2):
        provider.track((TrackQuery("sf", WAYBILL, TAIL),))
    first, second = (dict(request.form or {}) for request in loop.sent)
    assert list(first) == ["partnerID", "requestID", "serviceCode", "timestamp", "msgDigest", "msgData"]
    assert first["msgDigest"] == sign(first["msgData"], first["timestamp"], CHECK_WORD)
    assert first["timestamp"] == str(int(loop.clock.now().timestamp() * 1000))
    assert first["requestID"] != second["requestID"]
    assert len(first["requestID"]) <= 40


def test_answer_may_be_an_object_or_text(loop: Loopback) -> None:
    """The service's answer is text inside the envelope on the wire, and an object in some replies: both are read."""
    said = {"success": True, "errorCode": "S0000", "msgData": {"routeResps": [{"mailNo": WAYBILL, "routes": []}]}}
    for data in (said, json.dumps(said)):
        answer_with(loop, {"apiResultCode": "A1000", "apiResultData": data})
        assert Client(loop.context("sf-main", SETTINGS)).routes({WAYBILL: TAIL}) == {WAYBILL: []}


@pytest.mark.parametrize("success", [True, "true"])
@pytest.mark.parametrize("code", ["S0000", None])
def test_a_yes(success: object, code: str | None) -> None:
    """Success with the code of success, or with none, is a yes."""
    assert verdict({"success": success, "errorCode": code}) is True


def test_a_no() -> None:
    """No success with a code or a text is a no; services spell the text differently."""
    assert verdict({"success": False, "errorCode": "8301"}) is False
    assert verdict({"success": "false", "errorMessage": "说明"}) is False


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"success": None},
        {"success": 1.5},
        {"success": True, "errorCode": "8301"},
        {"success": False, "errorCode": "S0000"},
        {"success": False},
    ],
)
def test_neither_yes_nor_no(answer: dict[str, object]) -> None:
    """An answer that is missing, bare or contradicts itself decides nothing."""
    assert verdict(answer) is None


def test_bare_refusal_text_is_kept(loop: Loopback) -> None:
    """The platform's number of the answer goes with the error, so that SF's support can find it."""
    loop.answer = lambda _request: told(None, "A1099", "系统异常")
    with pytest.raises(Unavailable) as caught:
        Client(loop.context("sf-main", SETTINGS)).routes({WAYBILL: TAIL})
    assert (caught.value.request_id, caught.value.upstream_code, caught.value.upstream_text) == (
        "00018F3A",
        "A1099",
        "系统异常",
    )


def test_answer_without_routes_is_odd(loop: Loopback) -> None:
    """Success that does not speak of routes is no answer to the question; null is, and says that there are none."""
    client = Client(loop.context("sf-main", SETTINGS))
    loop.answer = lambda _request: said_yes(None)
    assert client.routes({WAYBILL: TAIL}) == {}
    loop.answer = lambda _request: said_yes({"routeResps": "none"})
    with pytest.raises(Unavailable) as caught:
        client.routes({WAYBILL: TAIL})
    assert caught.value.code == "odd_answer"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_MEMBERS = st.sampled_from(("success", "errorCode", "errorMsg", "msgData", "routeResps"))


@given(data=st.dictionaries(_MEMBERS, json_values) | json_values, code=st.sampled_from(("A1000", "A1005", "X", None)))
def test_any_answer_is_read_or_told_in_our_families(data: object, code: str | None) -> None:
    """Whatever stands in the envelope, a call ends in an answer or in an error of ours."""
    loop = Loopback(SFSandbox(), BASE)
    client = Client(loop.context("sf-main", SETTINGS))
    for told_as in (data, json.dumps(data)):
        answer_with(loop, {"apiResultCode": code, "apiResultData": told_as})
        for ask in (partial(client.routes, {WAYBILL: TAIL}), partial(client.instruct, {"waybillNo": WAYBILL})):
            try:
                ask()
            except AsctlError as error:
                assert error.code
