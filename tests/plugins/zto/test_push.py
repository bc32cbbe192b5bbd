"""Callbacks: verified as received, read whole, answered exactly."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import CHINA, AsctlError, BadInput, CredentialsRefused, ParcelStatus, Push
from asctl_zto import push
from asctl_zto.client import sign
from asctl_zto.provider import Zto

SECRET = "ztoTestSecret"
VECTOR = (
    '{"billCode":"73100012345678","actionTime":"2024-05-01 10:00:00","action":"GOT","facilityName":"测试网点",'
    '"desc":"已揽收"}'
)
SAMPLE = (
    '{"billCode":"73100012345678","actionTime":"2024-05-01 19:02:11","action":"GOT","facilityCode":"57100",'
    '"facilityName":"余杭测试网点","facilityContactPhone":"0571-00000001","city":"杭州市","dist":"余杭区",'
    '"courier":"测试甲","courierPhone":"13800000001","desc":"已揽收","expressSigner":"","nextNodeCode":"",'
    '"nextNodeName":"","nextCity":"","comCode":"","comName":"","address":""}'
)


def body_of(data: str, digest: str | None = None, **members: str) -> bytes:
    form = {
        "data": data,
        "data_digest": sign(data, SECRET) if digest is None else digest,
        "company_id": "ztoTestCompany",
    }
    return urlencode({**form, "msg_type": "Traces", **members}).encode()


def receive(data: str, digest: str | None = None, **members: str) -> Push:
    return push.receive(body_of(data, digest, **members), SECRET, "zto")


def changed(**members: Any) -> str:
    return json.dumps(json.loads(SAMPLE) | members, ensure_ascii=False)


def test_published_vector_is_accepted():
    """The push of section 2, with the digest printed there, is a scan of its waybill."""
    received = receive(VECTOR, "5gGFuMAfVZqvNig2m8A0pw==")
    (answer,) = received.answers
    (event,) = answer.events
    assert (received.kind, answer.query.courier, answer.query.waybill) == ("tracks", "zto", "73100012345678")
    assert (event.status, event.location) == (ParcelStatus.PICKED_UP, "测试网点")


def test_sample_of_section_5_is_read_whole():
    """Time is China's, place is the city, the text is as told."""
    (answer,) = receive(SAMPLE).answers
    (event,) = answer.events
    assert event.at == datetime(2024, 5, 1, 19, 2, 11, tzinfo=CHINA)
    assert (event.text, event.location, event.raw_code, event.source) == ("已揽收", "杭州市", "GOT", "zto")
    assert answer.problems == ()


def test_the_text_is_verified_as_it_came():
    """Blanks and order of the text belong to what was signed."""
    spaced = json.dumps(json.loads(SAMPLE), ensure_ascii=True, indent=1)
    assert receive(spaced).answers[0].query.waybill == "73100012345678"
    with pytest.raises(CredentialsRefused):
        receive(spaced, sign(SAMPLE, SECRET))


@pytest.mark.parametrize(
    ("data", "digest", "code"),
    [
        (SAMPLE, "", "push_unsigned"),
        (SAMPLE, "AAAA", "push_forged"),
        (SAMPLE, "签", "push_forged"),
        (SAMPLE, sign(SAMPLE, "other"), "push_forged"),
        (SAMPLE.replace("GOT", "SIGNED"), sign(SAMPLE, SECRET), "push_forged"),
        ("", "", "push_unsigned"),
    ],
)
def test_what_is_not_signed_right_is_refused(data: str, digest: str, code: str):
    """No digest, another digest or another text."""
    with pytest.raises(CredentialsRefused) as caught:
        receive(data, digest)
    assert caught.value.code == code
    assert SECRET not in repr(vars(caught.value))


def test_a_plus_that_was_not_escaped_is_a_plus():
    """A digest with ``+`` in a form that does not escape it arrives with a blank there."""
    data = next(text for text in (changed(address=str(number)) for number in range(500)) if "+" in sign(text, SECRET))
    assert receive(data, sign(data, SECRET).replace("+", " ")).answers


@pytest.mark.parametrize("data", ["", "[]", "<xml/>", '"text"', "[" * 100_000])
def test_what_is_no_object_is_bad_input(data: str):
    """Signed right and unreadable: the plugin's author should know."""
    with pytest.raises(BadInput) as caught:
        receive(data)
    assert caught.value.code == "push_unreadable"


def test_other_callbacks_are_other():
    """Another message type and a push without waybill are stored as they are, and carry no scans."""
    assert receive(SAMPLE, msg_type="Intercept") == Push("other", state="Intercept")
    assert receive(changed(billCode="")).kind == "other"


@pytest.mark.parametrize("members", [{"desc": ""}, {"actionTime": "soon"}, {"actionTime": "0001-01-01 00:00:00"}])
def test_an_odd_scan_is_set_aside(members: dict[str, str]):
    """Its waybill is known, its scan is told as a problem."""
    (answer,) = receive(changed(**members)).answers
    assert (answer.events, len(answer.problems)) == ((), 1)


def test_unknown_action_is_kept():
    """A word that nobody mapped is UNKNOWN with the word beside it."""
    (event,) = receive(changed(action="NEW_WORD")).answers[0].events
    assert (event.status, event.raw_code) == (ParcelStatus.UNKNOWN, "NEW_WORD")


@given(body=st.binary(max_size=200) | st.text(max_size=60).map(body_of))
def test_any_body_is_read_or_refused(body: bytes):
    """Whatever arrives, the answer is a push or one of our errors."""
    try:
        assert push.receive(body, SECRET, "zto").kind
    except AsctlError as error:
        assert error.code.startswith("push_")


def test_reply_is_exact(provider: Zto):
    """The bytes that ZTO reads as received, and others where the push is not safe."""
    stored, lost = provider.reply(True), provider.reply(False)
    assert (stored.status, stored.body) == (
        200,
        b'{"status":true,"message":"","result":"success","statusCode":"0"}',
    )
    assert json.loads(lost.body)["status"] is False
