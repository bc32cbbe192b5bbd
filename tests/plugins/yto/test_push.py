"""Callbacks: verified as received, read without trust in their XML, answered exactly."""

from __future__ import annotations

import json
from datetime import datetime
from threading import Thread
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import CHINA, AsctlError, BadInput, CredentialsRefused, Effect, Event, ParcelStatus, Push
from asctl_yto.client import sign
from asctl_yto.provider import Yto
from asctl_yto.push import Callbacks
from tests.plugins.loopback import Loopback
from tests.plugins.yto.conftest import WAYBILL, settings

SECRET = "ytoTestSecret"
SAMPLE = (
    "<UpdateInfo><logisticProviderID>YTO</logisticProviderID><clientID>TEST01</clientID><txLogisticID>AS-1</txLogisticID>"
    "<mailNo>YT1234567890123</mailNo><infoType>STATUS</infoType><infoContent>GOT</infoContent>"
    "<acceptTime>2024-05-01 10:00:00.0 CST</acceptTime><remark>已收件</remark></UpdateInfo>"
)
SAMPLE_DIGEST = "A7cgV/scZhQmo1Akg2YQeA=="
SCAN = Event(
    datetime(2024, 5, 1, 10, tzinfo=CHINA), ParcelStatus.PICKED_UP, "已收件", raw_code="GOT", source="yto-main"
)
MEMBERS = {
    "txLogisticID": "AS-1",
    "mailNo": WAYBILL,
    "infoType": "STATUS",
    "infoContent": "GOT",
    "acceptTime": "2024-05-01 10:00:00.0 CST",
    "remark": "已收件",
}
NEWS = {
    "waybillNo": WAYBILL,
    "wantedType": "RETURN",
    "status": "ACCEPT",
    "remark": "已受理",
    "time": "2024-05-01 10:00:00",
}


def body_of(text: str, digest: str | None = None) -> bytes:
    form = {"logistics_interface": text, "data_digest": sign(text, SECRET) if digest is None else digest}
    return urlencode(form | {"clientId": "TEST01", "type": "online"}).encode()


def callbacks() -> Callbacks:
    return Callbacks(SECRET, "yto-main")


def receive(text: str, digest: str | None = None) -> Push:
    return callbacks().receive(body_of(text, digest))


def dumped(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False)


@pytest.mark.parametrize("text", [SAMPLE, f'<?xml version="1.0" encoding="GBK"?>{SAMPLE}', dumped(MEMBERS)])
def test_a_scan_is_read(text: str):
    """The sample of section 5, as XML whatever encoding it claims or as JSON, gives waybill, scan and order number."""
    received = receive(text)
    (answer,) = received.answers
    assert (received.kind, received.reference) == ("tracks", "AS-1")
    assert (answer.query.courier, answer.query.waybill, answer.events) == ("yto", WAYBILL, (SCAN,))


def test_the_worked_digest_is_accepted():
    """The digest of section 2 opens the sample, even with its plus and slash signs left unencoded in the form."""
    assert receive(SAMPLE, SAMPLE_DIGEST).kind == "tracks"
    text = next(text for text in (SAMPLE.replace("AS-1", f"AS-{n}") for n in range(99)) if "+" in sign(text, SECRET))
    body = f"logistics_interface={quote(text)}&data_digest={sign(text, SECRET)}&type=online"
    assert callbacks().receive(body.encode()).kind == "tracks"


def test_provider_receives_by_its_own_secret(loopback: Loopback):
    """Callbacks are signed with push_secret, or with the account's secret where there is none."""
    assert Yto(loopback.context("a", settings())).receive({}, body_of(SAMPLE)).kind == "tracks"
    own = Yto(loopback.context("a", settings(push_secret="pushSecret")))
    assert own.receive({}, body_of(SAMPLE, sign(SAMPLE, "pushSecret"))).kind == "tracks"
    with pytest.raises(CredentialsRefused):
        own.receive({}, body_of(SAMPLE))


@pytest.mark.parametrize("tampered", [SAMPLE.replace("GOT", "SIGNED"), SAMPLE + "\n", SAMPLE.replace("><", "> <")])
def test_another_text_is_refused(tampered: str):
    """The digest holds for the characters received, not for their meaning."""
    with pytest.raises(CredentialsRefused) as caught:
        receive(tampered, SAMPLE_DIGEST)
    assert caught.value.code == "push_forged"


@pytest.mark.parametrize("body", [b"", b"logistics_interface=%7B%7D", body_of(SAMPLE, ""), b"\xff\xfe"])
def test_missing_digest_is_refused(body: bytes):
    """A callback without a digest is refused before it is read."""
    with pytest.raises(CredentialsRefused) as caught:
        callbacks().receive(body)
    assert caught.value.code == "push_unsigned"


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><UpdateInfo><remark>&b;</remark></UpdateInfo>'
FILE_READER = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><UpdateInfo><remark>&f;</remark></UpdateInfo>'


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        FILE_READER,
        f"<!DOCTYPE UpdateInfo>{SAMPLE}",
        "<UpdateInfo>&unknown;</UpdateInfo>",
        SAMPLE[:-5],
        "",
        "text",
        "{",
        '{"a":' * 50_000,
        "<a>" * 50_000,
        "\0",
        dumped(MEMBERS | {"mailNo": ""}),
    ],
    ids=[
        "bomb",
        "file",
        "doctype",
        "entity",
        "half",
        "empty",
        "text",
        "brace",
        "deep JSON",
        "deep XML",
        "NUL",
        "no waybill",
    ],
)
def test_what_cannot_be_read_is_bad_input(text: str):
    """However well signed: declarations, entities, halves and callbacks without a waybill are refused."""
    with pytest.raises(BadInput) as caught:
        receive(text)
    assert caught.value.code == "push_unreadable"


def test_deep_but_whole_xml_does_no_harm():
    """Nesting costs no stack; a record that says nothing we know is some other callback."""
    assert receive("<a>" * 50_000 + "</a>" * 50_000).kind == "other"


def test_an_odd_scan_is_told():
    """A callback without a readable time keeps its waybill and says what is wrong."""
    (answer,) = receive(dumped(MEMBERS | {"acceptTime": "soon"})).answers
    assert (answer.query.waybill, answer.events) == (WAYBILL, ())
    assert answer.problems == ("the scan was set aside: it has no readable time",)


def test_other_news_are_kept_as_other():
    """An infoType that is no status is no track; its order number is kept."""
    assert receive(dumped(MEMBERS | {"infoType": "BILL"})) == Push("other", reference="AS-1")


@pytest.mark.parametrize(
    ("status", "effect"),
    [
        ("ACCEPT", Effect.ACCEPTED),
        ("SUCCESS", Effect.EFFECTIVE),
        ("FAIL", Effect.INEFFECTIVE),
        ("CANCEL", Effect.CANCELLED),
    ],
)
@pytest.mark.parametrize(
    ("wanted", "request_"), [("RETURN", "intercept"), ("CHANGE", "redirect"), ("RECALL", ""), (None, "")]
)
def test_progress_of_an_interception(status: str, effect: Effect, wanted: str | None, request_: str):
    """Each status of section 6 is an effect, and the wanted type tells what was asked for; a new type leaves that open."""
    received = receive(dumped(NEWS | {"status": status, "wantedType": wanted}))
    assert received == Push(
        "interception",
        courier="yto",
        waybill=WAYBILL,
        effect=effect,
        message="已受理",
        request=request_,
        at=datetime(2024, 5, 1, 10, tzinfo=CHINA),
    )


@pytest.mark.parametrize("odd", [{"status": "LATER"}, {"status": None}, {"waybillNo": ""}])
def test_odd_progress_is_kept_as_other(odd: dict[str, Any]):
    """A status that nobody knows, or no waybill, changes nothing and is no error."""
    received = receive(dumped(NEWS | odd))
    assert (received.kind, received.effect) == ("other", None)


@pytest.mark.parametrize(("stored", "word"), [(True, "true"), (False, "false")])
def test_xml_is_answered_in_xml(stored: bool, word: str):
    """The reply of section 5, byte for byte, with the order number that came."""
    account = callbacks()
    account.receive(body_of(SAMPLE))
    reply = account.reply(stored)
    assert (
        reply.body
        == (
            "<Response><logisticProviderID>YTO</logisticProviderID>"
            f"<txLogisticID>AS-1</txLogisticID><success>{word}</success></Response>"
        ).encode()
    )
    assert (reply.status, reply.content_type) == (200, "text/xml;charset=utf-8")


def test_json_is_answered_in_json():
    """A JSON callback gets the JSON reply of section 5."""
    account = callbacks()
    account.receive(body_of(dumped(MEMBERS)))
    assert account.reply(True).body == b'{"logisticProviderID":"YTO","txLogisticID":"AS-1","success":true}'
    assert account.reply(False).content_type == "application/json;charset=utf-8"


def test_order_numbers_are_escaped():
    """A number with markup in it cannot break the reply."""
    account = callbacks()
    account.receive(body_of(SAMPLE.replace("AS-1", "A&amp;&lt;S")))
    assert b"<txLogisticID>A&amp;&lt;S</txLogisticID>" in account.reply(True).body


def test_a_forged_callback_is_not_answered_with_the_last_number():
    """Nothing of an earlier callback shows in the reply to one that was refused."""
    account = callbacks()
    account.receive(body_of(dumped(MEMBERS)))
    with pytest.raises(CredentialsRefused):
        account.receive(body_of(SAMPLE, "forged"))
    assert b"<txLogisticID></txLogisticID><success>false</success>" in account.reply(False).body


def test_threads_do_not_mix_their_replies():
    """Each thread answers the callback that it received itself."""
    account = callbacks()
    account.receive(body_of(SAMPLE))
    other = Thread(target=account.receive, args=(body_of(SAMPLE.replace("AS-1", "AS-2")),))
    other.start()
    other.join()
    assert b"AS-1" in account.reply(True).body


@given(
    text=st.text(max_size=80)
    | st.dictionaries(
        st.sampled_from([*MEMBERS, *NEWS]),
        st.none() | st.integers() | st.text(max_size=10) | st.sampled_from(["STATUS", "GOT", "SUCCESS"]),
    ).map(dumped)
    | st.text(max_size=40).map(
        lambda text: f"<UpdateInfo><infoType>STATUS</infoType><mailNo>{text}</mailNo></UpdateInfo>"
    )
)
def test_signed_junk_raises_nothing_but_our_families(text: str):
    """Whatever is signed well is read or refused, and can be answered."""
    account = callbacks()
    try:
        assert account.receive(body_of(text)).kind in ("tracks", "interception", "other")
    except AsctlError as error:
        assert error.code == "push_unreadable"
    assert account.reply(True).status == 200
