"""The gateway's door from our side: signature, headers, tokens (sections 5.2 and 5.3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from asctl.api import (
    AsctlError,
    BadConfiguration,
    CredentialsRefused,
    HttpRequest,
    Throttled,
    Unavailable,
    Unclear,
    compact_json,
)
from asctl.api.sandbox import SandboxReply
from asctl_nuonuo.client import sign
from tests.plugins.loopback import START
from tests.plugins.nuonuo.conftest import BLUE, Desk, said

VECTORS = {
    "N0": ("secret", "app", "a" * 32, "12345678", "1700000000", '{"name":"中文"}', "4BzcKzrcoqxPis0W/W3X2ae0uIo="),
    "N1": (
        "sandbox-secret-0001", "SDKEY001", "0123456789abcdef" * 2, "10000001", "1767200000",
        '{"orderNos":["AS2601010001"],"isOfferInvoiceDetail":"0"}', "k9N7j3CWRlH7on+wJvWhaxDIvOs=",
    ),
    "N2": (
        "sandbox-secret-0001", "SDKEY001", "0123456789abcdef" * 2, "10000002", "1767200001",
        '{"order":{"orderNo":"AS2601010002","buyerName":"演示购方有限公司","remark":"a&b=c"}}',
        "z3sFJ7o61MArVlqa8IPjZRKJBGM=",
    ),
    "N3": (
        "sandbox-secret-0001", "SDKEY001", "f" * 32, "10000003", "1767200002", "{}", "NXB/dPrLgSm9wzJ3kpRzMFNcp5M=",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", VECTORS)
def test_published_signatures(name: str) -> None:
    """Each vector of the reference comes out, unencoded: Chinese, and what would be special in an address, are signed as they
    are."""
    secret, app_key, senid, nonce, timestamp, body, signature = VECTORS[name]
    assert sign(secret, app_key, senid, nonce, timestamp, body.encode()) == signature


def test_body_of_vectors_is_ours() -> None:
    """What we serialise is compact and unescaped, as the vectors' bodies are."""
    assert compact_json({"name": "中文"}) == VECTORS["N0"][5]


def last(desk: Desk) -> tuple[HttpRequest, dict[str, str]]:
    request = desk.loop.sent[-1]
    return request, {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}


def test_call_is_made_as_the_vendor_wants(desk: Desk) -> None:
    """Four parts in the address, the rest in headers, and a signature over the very bytes of the body."""
    desk.provider.issue_invoice(BLUE)
    request, told = last(desk)
    assert set(told) == {"senid", "nonce", "timestamp", "appkey"}
    assert (len(told["senid"]), len(told["nonce"]), told["nonce"][0] != "0") == (32, 8, True)
    assert told["timestamp"] == str(int(START.timestamp()))
    headers = dict(request.headers or {})
    assert headers == {
        "Content-Type": "application/json; charset=UTF-8",
        "X-Nuonuo-Sign": sign(
            "sandbox-secret-0001", "SDKEY001", told["senid"], told["nonce"], told["timestamp"], request.body or b""
        ),
        "accessToken": "demo-token-000000000000000000000001",
        "method": "nuonuo.OpeMplatform.requestBillingNew",
        "userTax": "91990000MA0DEM0011",
    }
    assert "演示购方有限公司".encode() in (request.body or b"")


def test_milliseconds(make_desk: Callable[..., Desk]) -> None:
    """The unit of the time stamp is a setting."""
    desk = make_desk(timestamp_unit="milliseconds")
    with pytest.raises(CredentialsRefused):
        desk.provider.check()
    assert last(desk)[1]["timestamp"] == str(int(START.timestamp()) * 1000)


def test_half_a_character_is_signed_as_it_is_sent(desk: Desk) -> None:
    """Half an emoji, of which no bytes can be made, does not come between signature and body."""
    desk.provider.issue_invoice(replace(BLUE, remark="\ud83d"))
    assert desk.told().raw_state == "20"


def test_one_token_for_many_calls(desk: Desk) -> None:
    """A token is asked for once, as a call that is counted, and used until half an hour before its end."""
    for _time in range(3):
        desk.provider.check()
    tokens = [request for request in desk.loop.sent if request.operation == "accessToken"]
    assert [(request.counted, request.write) for request in tokens] == [(True, False)]
    assert dict(tokens[0].form or {}) == {
        "client_id": "SDKEY001",
        "client_secret": "sandbox-secret-0001",
        "grant_type": "client_credentials",
    }
    desk.loop.pass_time(23.6)
    desk.provider.check()
    assert len([request for request in desk.loop.sent if request.operation == "accessToken"]) == 2


def test_refused_token_is_renewed_once_even_for_a_write(desk: Desk) -> None:
    """The gateway turns a call away unread: it goes out again, under another token, and takes effect once."""
    desk.provider.check()
    desk.answers(said("070304"), "issue", times=1)
    desk.loop.sent.clear()
    desk.provider.issue_invoice(BLUE)
    assert [request.operation for request in desk.loop.sent] == [
        "requestBillingNew",
        "accessToken",
        "requestBillingNew",
    ]
    assert len(desk.loop.world.bureau.invoices) == 1


def test_token_refused_again_is_a_matter_for_people(desk: Desk) -> None:
    """A second no ends it, after exactly one more token."""
    desk.answers(said("070304"))
    with pytest.raises(CredentialsRefused) as caught:
        desk.provider.issue_invoice(BLUE)
    assert caught.value.code == "token_refused"
    assert len(desk.loop.sent) == 4


def test_no_other_token_to_be_had(desk: Desk) -> None:
    """Where the token cannot be renewed, that is told, as a consequence of the refusal."""
    desk.provider.check()
    desk.answers(said("070304"), "issue")
    desk.answers(SandboxReply.of({"error": "070306", "error_description": "超过限制"}), "token")
    with pytest.raises(Throttled) as caught:
        desk.provider.issue_invoice(BLUE)
    assert caught.value.code == "token_limit"
    assert isinstance(caught.value.__cause__, CredentialsRefused)


@pytest.mark.parametrize(
    ("reply", "family", "code"),
    [
        (SandboxReply.of({"error": "invalid_client", "error_description": "x"}), CredentialsRefused, "app_refused"),
        (SandboxReply.of({"error": "070304"}), CredentialsRefused, "app_refused"),
        (SandboxReply.of({"code": "070306", "describe": "x"}), Throttled, "token_limit"),
        (SandboxReply.of({"code": 70306}), Throttled, "token_limit"),
        (SandboxReply.of({"error": "070307"}), BadConfiguration, "app_type"),
        (SandboxReply.of({"error": "070101"}), BadConfiguration, "app_key_unknown"),
        (SandboxReply(b'{"error":"invalid_client"}', status=400), CredentialsRefused, "app_refused"),
        (SandboxReply(b"", status=401), CredentialsRefused, "http_status"),
        (SandboxReply.of({}), Unavailable, "odd_answer"),
        (SandboxReply.of({"access_token": "t"}), Unavailable, "odd_answer"),
        (SandboxReply.of({"access_token": "t", "expires_in": "soon"}), Unavailable, "odd_answer"),
        (SandboxReply.of({"access_token": "t", "expires_in": 0}), Unavailable, "odd_answer"),
        (SandboxReply.of({"access_token": "t", "expires_in": 10**12}), Unavailable, "odd_answer"),
        (SandboxReply(b"<html>"), Unavailable, "not_json"),
    ],
)
def test_no_token(desk: Desk, reply: SandboxReply, family: type[AsctlError], code: str) -> None:
    """Whatever comes in place of a token is told as what it is, and nothing else was sent."""
    desk.answers(reply, "token")
    with pytest.raises(family) as caught:
        desk.provider.issue_invoice(BLUE)
    assert caught.value.code == code
    assert len(desk.loop.sent) == 1
    assert "sandbox-secret" not in caught.value.message + caught.value.hint


@pytest.mark.parametrize("life", [86400, "86400"])
def test_life_of_a_token_as_number_or_text(desk: Desk, life: object) -> None:
    """One client saw a number, another one text."""
    desk.answers(SandboxReply.of({"access_token": "demo-token-x", "expires_in": life}), "token")
    desk.answers(said("E9500"), "query")
    desk.provider.check()
    assert (desk.loop.sent[-1].headers or {})["accessToken"] == "demo-token-x"


def test_token_limit_rests_as_long_as_set(make_desk: Callable[..., Desk]) -> None:
    """The limit names no time, so a setting does."""
    desk = make_desk(token_rest=timedelta(hours=2))
    desk.answers(said("070306"))
    with pytest.raises(Throttled) as caught:
        desk.provider.check()
    assert (caught.value.retry_after, caught.value.whole_account) == (timedelta(hours=2), True)


@pytest.mark.parametrize("body", [b'{"code":"E0000"}', b'{"code":"E0000","result":{}}'])
def test_an_unreadable_answer_leaves_a_write_open(desk: Desk, body: bytes) -> None:
    """The invoice may have been taken in: the write is unclear, and was sent once."""
    desk.answers(SandboxReply(body), "issue")
    with pytest.raises(Unclear):
        desk.provider.issue_invoice(BLUE)
    assert desk.operations == ["requestBillingNew"]


def test_code_as_a_number(desk: Desk) -> None:
    """A code may come as a number, which has no zero in front."""
    desk.answers(SandboxReply(b'{"code":70601,"describe":"x"}'))
    with pytest.raises(CredentialsRefused) as caught:
        desk.provider.check()
    assert (caught.value.code, caught.value.upstream_code) == ("signature_refused", "070601")


def test_wrong_secret_is_told_by_the_signature(make_desk: Callable[..., Desk], desk: Desk) -> None:
    """A token that is kept does not hide a secret that is wrong."""
    desk.provider.check()
    wrong = make_desk(app_secret="another-secret")
    wrong.answers(SandboxReply.of({"access_token": "demo-token-000000000000000000000001", "expires_in": 60}), "token")
    with pytest.raises(CredentialsRefused) as caught:
        wrong.provider.check()
    assert caught.value.code == "signature_refused"
