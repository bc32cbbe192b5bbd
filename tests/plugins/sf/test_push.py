"""Route pushes in both formats, and the bytes that answer them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import AsctlError, BadInput, CredentialsRefused, ParcelStatus, Push
from asctl_sf import push
from asctl_sf.provider import SF

ROW = {
    "id": "158918741444476", "mailno": "SF1234567890123", "orderid": "AS-1", "acceptTime": "2024-05-02 07:12:40",
    "acceptAddress": "上海市", "remark": "正在派送途中", "opCode": "44", "reasonCode": "", "reasonName": "",
    "firstStatusCode": "3", "firstStatusName": "派送中", "secondaryStatusCode": "301", "secondaryStatusName": "派送中",
}  # fmt: skip
XML = (
    '<Request service="RoutePushService" lang="zh-CN"><Body><WaybillRoute mailno="SF1234567890123" '
    'acceptTime="2024-05-02 07:12:40" acceptAddress="上海市" remark="正在派送途中" opCode="44" id="158918741444476"/>'
    "</Body></Request>"
)


def json_push(*rows: object) -> bytes:
    return json.dumps({"Body": {"WaybillRoute": list(rows)}}, ensure_ascii=False).encode()


def xml_push(content: str) -> bytes:
    return urlencode({"content": content}).encode()


def receive(body: bytes, form: str = "json") -> Push:
    return push.receive(body, form, True, "sf-main")


@pytest.mark.parametrize(("form", "body"), [("json", json_push(ROW)), ("xml", xml_push(XML))])
def test_published_samples(form: str, body: bytes) -> None:
    """Both formats tell the same scan."""
    pushed = receive(body, form)
    (answer,) = pushed.answers
    (event,) = answer.events
    assert (pushed.kind, answer.query.courier, answer.query.waybill) == ("tracks", "sf", "SF1234567890123")
    assert (event.status, event.location, event.text) == (ParcelStatus.OUT_FOR_DELIVERY, "上海市", "正在派送途中")
    assert (event.raw_code, event.source, answer.problems) == ("44", "sf-main", ())


def test_scans_of_several_waybills() -> None:
    """Scans are gathered by waybill, in the order told; one that names none is told as a problem."""
    later = ROW | {"acceptTime": "2024-05-02 09:00:00", "opCode": "80", "remark": "已签收"}
    pushed = receive(json_push(ROW, ROW | {"mailno": "sf0000000000009"}, later, ROW | {"mailno": ""}))
    assert [answer.query.waybill for answer in pushed.answers] == ["SF1234567890123", "SF0000000000009"]
    assert [len(answer.events) for answer in pushed.answers] == [2, 1]
    assert [len(answer.problems) for answer in pushed.answers] == [1, 0]


def test_odd_scan_is_set_aside() -> None:
    """A scan without time loses only itself."""
    (answer,) = receive(json_push(ROW, ROW | {"acceptTime": ""})).answers
    assert (len(answer.events), len(answer.problems)) == (1, 1)


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ("json", b""),
        ("json", b"[]"),
        ("json", b"{}"),
        ("json", b'{"Body":[]}'),
        ("json", b'{"orderState":[{"waybillNo":"SF1234567890123"}]}'),
        ("json", json_push()),
        ("json", json_push("row", ROW | {"mailno": None})),
        ("json", xml_push(XML)),
        ("xml", json_push(ROW)),
        ("xml", xml_push("<Request>")),
        ("xml", xml_push("<Request/>")),
        ("xml", xml_push('<!DOCTYPE r [<!ENTITY a "b">]>' + XML)),
    ],
)
def test_what_holds_no_routes_is_bad_input(form: str, body: bytes) -> None:
    """Another format, another kind of push, entities or nothing: told by name, with where to look."""
    with pytest.raises(BadInput) as caught:
        receive(body, form)
    assert (caught.value.code, caught.value.account) == ("push_unreadable", "sf-main")


def test_unsigned_pushes_are_refused_by_default(make_provider: Callable[..., SF]) -> None:
    """Nothing proves who sent a route push, so nothing is believed until the operator vouches for the address."""
    with pytest.raises(CredentialsRefused) as caught:
        make_provider(push_accept_unsigned=False).receive({}, json_push(ROW))
    assert caught.value.code == "push_unsigned"
    assert "push_accept_unsigned" in caught.value.hint


def test_provider_reads_the_format_of_its_setting(make_provider: Callable[..., SF]) -> None:
    """``push_format`` chooses how pushes are read and answered."""
    provider = make_provider(push_format="xml")
    assert provider.receive({}, xml_push(XML)).answers[0].query.waybill == "SF1234567890123"
    assert provider.reply(True) == push.reply("xml", True)


def test_replies_are_exact() -> None:
    """The bytes are the vendor's own."""
    assert push.reply("json", True).body == '{"return_code":"0000","return_msg":"成功"}'.encode()
    assert push.reply("json", False).body == '{"return_code":"1000","return_msg":"系统异常"}'.encode()
    assert push.reply("xml", True).body == b'<Response service="RoutePushService"><Head>OK</Head></Response>'
    assert b'<Head>ERR</Head><ERROR code="4001">' in push.reply("xml", False).body


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(list(ROW)), inner, max_size=4),
    max_leaves=8,
)


@given(
    body=st.binary(max_size=100) | st.builds(lambda value: json_push(value), json_values),
    form=st.sampled_from(["json", "xml"]),
)
def test_any_body_is_read_or_refused_by_family(body: bytes, form: str) -> None:
    """Whatever a stranger posts never crashes the receiver."""
    try:
        receive(body, form)
    except AsctlError as error:
        assert error.code == "push_unreadable"


@given(st.dictionaries(st.sampled_from(list(ROW)), json_values))
def test_any_row_with_a_waybill_is_an_answer(row: dict[str, Any]) -> None:
    """A row of any shape gives its waybill an event or a problem."""
    (answer,) = receive(json_push(row | {"mailno": "SF1234567890123"})).answers
    assert len(answer.events) + len(answer.problems) == 1
