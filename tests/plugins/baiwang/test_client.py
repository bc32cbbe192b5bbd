"""The token and its renewal; answers in no known shape."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asctl.api import AsctlError, CredentialsRefused, HttpRequest, Throttled, Unavailable, Unclear
from asctl.api.sandbox import SandboxReply, SandboxRequest
from asctl_baiwang.provider import Baiwang
from asctl_baiwang.wire import ISSUE, QUERY, TOKEN
from tests.plugins.baiwang.samples import BLUE, body_of, methods, reversal, said, said_no, told
from tests.plugins.loopback import Loopback


def query_of(request: HttpRequest) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(request.url).query))


def refuse_once(loop: Loopback, method: str, reply: SandboxReply) -> None:
    """Have the first call of a method turned away."""
    before, left = loop.answer, [reply]

    def answer(request: SandboxRequest) -> SandboxReply:
        return left.pop() if left and request.query.get("method") == method else before(request)

    loop.answer = answer


def test_one_token_serves_many_calls(provider: Baiwang, loop: Loopback) -> None:
    """It is fetched for the first call, and used by those that follow."""
    provider.issue_invoice(BLUE)
    provider.find_invoice(BLUE)
    provider.find_invoice(BLUE)
    assert methods(loop) == ["token", "invoice", "query", "query"]


def test_login_by_password(provider: Baiwang, loop: Loopback) -> None:
    """The login is not signed; the password goes hashed, in the body, and the application's secret with it."""
    provider.find_invoice(BLUE)
    query, body = query_of(loop.sent[0]), body_of(loop.sent[0])
    assert set(query) == {"method", "grant_type", "client_id", "version", "timestamp"}
    assert query["grant_type"] == "password"
    assert body["password"] == "809eaa1f6dfdd7a8a50dc08435e9ce0341785e94"
    assert set(body) == {"username", "password", "client_secret"}


def test_login_of_version_3_has_all_in_its_query(make_provider: Callable[..., Baiwang], loop: Loopback) -> None:
    """Nothing is posted, and the sandbox lets it in."""
    make_provider(token_version="3.0").find_invoice(BLUE)
    assert loop.sent[0].body == b""
    assert {"username", "password", "client_secret"} <= query_of(loop.sent[0]).keys()


def test_version_7_says_so_everywhere(make_provider: Callable[..., Baiwang], loop: Loopback) -> None:
    """Login and calls carry the parameters of version 7, and are let in with its hash and signature."""
    make_provider(token_version="7.0", api_version="7.0").find_invoice(BLUE)
    login, call = map(query_of, loop.sent)
    assert (login["encryptType"], login["encryptScope"]) == ("NONE", "00")
    assert "signType" not in login
    assert (call["signType"], call["encryptType"], call["encryptScope"]) == ("MD5", "NONE", "00")


def test_third_party_grant_goes_along(make_provider: Callable[..., Baiwang], loop: Loopback) -> None:
    """A seller's grant to a third party's application is part of the login."""
    make_provider(org_auth_code="demo-grant").find_invoice(BLUE)
    assert body_of(loop.sent[0])["orgAuthCode"] == "demo-grant"


def test_token_is_renewed_before_it_ends(provider: Baiwang, loop: Loopback) -> None:
    """Within half an hour of its end it is renewed with what came beside it, without the password."""
    provider.find_invoice(BLUE)
    loop.clock.moment += timedelta(hours=7, minutes=31)
    provider.find_invoice(BLUE)
    assert methods(loop) == ["token", "query", "token", "query"]
    assert query_of(loop.sent[2])["grant_type"] == "refresh_token"
    assert set(body_of(loop.sent[2])) == {"client_secret"}


def test_renewal_that_is_refused_becomes_a_login(provider: Baiwang, loop: Loopback) -> None:
    """After a month the renewal is worth nothing: the password is used, once."""
    provider.find_invoice(BLUE)
    loop.clock.moment += timedelta(days=31)
    provider.find_invoice(BLUE)
    assert [query_of(request).get("grant_type") for request in loop.sent] == [
        "password",
        None,
        "refresh_token",
        "password",
        None,
    ]


@pytest.mark.parametrize("code", [100001, 100002])
def test_refused_token_is_replaced_once_even_for_a_write(provider: Baiwang, loop: Loopback, code: int) -> None:
    """The gateway turned the write away unread, so it is sent once more, with another token."""
    refuse_once(loop, ISSUE, said_no(code=code, text="demo: token expired"))
    assert provider.issue_invoice(BLUE).reference
    assert methods(loop) == ["token", "invoice", "token", "invoice"]
    assert query_of(loop.sent[1])["token"] != query_of(loop.sent[3])["token"]
    assert len(loop.world.bureau.invoices) == 1


def test_token_refused_twice_is_told(provider: Baiwang, loop: Loopback) -> None:
    """A new token that is refused as well is for a person."""
    told(loop, ISSUE, said_no(code=100002, text="demo: token expired"))
    with pytest.raises(CredentialsRefused) as caught:
        provider.issue_invoice(BLUE)
    assert (caught.value.code, caught.value.upstream_code) == ("token_refused", "100002")
    assert methods(loop).count("invoice") == 2


def test_write_stays_turned_away_where_no_token_is_given(provider: Baiwang, loop: Loopback) -> None:
    """The error is that of the write, which was not carried out, with the login's trouble behind it."""
    provider.find_invoice(BLUE)
    told(loop, ISSUE, said_no(code=100002, text="demo: token expired"))
    told(loop, TOKEN, said_no("SANDBOX-BUSY", "系统繁忙"))
    with pytest.raises(CredentialsRefused) as caught:
        provider.issue_invoice(BLUE)
    assert caught.value.code == "token_refused"
    assert isinstance(caught.value.__cause__, Unavailable)


@pytest.mark.parametrize(
    ("reply", "family", "code"),
    [
        (said_no(code=100004, text="密码错误"), CredentialsRefused, "login_refused"),
        (said_no(code=100004, text="调用过于频繁"), Throttled, "busy"),
        (said_no(code=100004, text="系统异常"), Unavailable, "server_error"),
        (said({"access_token": "t"}), Unavailable, "odd_answer"),
        (said({"access_token": "", "expires_in": 1}), Unavailable, "odd_answer"),
        (said({"access_token": "t", "expires_in": "soon"}), Unavailable, "odd_answer"),
        (said([]), Unavailable, "odd_answer"),
    ],
)
def test_login_that_fails(
    provider: Baiwang, loop: Loopback, reply: SandboxReply, family: type[AsctlError], code: str
) -> None:
    """Each way not to get a token has its family."""
    told(loop, TOKEN, reply)
    with pytest.raises(family) as caught:
        provider.find_invoice(BLUE)
    assert caught.value.code == code


def test_lives_are_told_as_text_too(provider: Baiwang, loop: Loopback) -> None:
    """``expires_in`` may come as text; a renewal that brings nothing to renew with keeps the old one."""
    told(loop, TOKEN, said({"access_token": "t1", "refresh_token": "r1", "expires_in": "28800"}))
    told(loop, QUERY, said([]))
    provider.find_invoice(BLUE)
    loop.clock.moment += timedelta(hours=8)
    told(loop, TOKEN, said({"access_token": "t2", "expires_in": 28800}))
    provider.find_invoice(BLUE)
    loop.clock.moment += timedelta(hours=8)
    provider.find_invoice(BLUE)
    assert query_of(loop.sent[-2])["refresh_token"] == "r1"


@pytest.mark.parametrize(
    "reply",
    [
        {"success": True},
        {"success": True, "response": None},
        {"success": True, "response": {"serialNo": ""}},
        {"success": True, "response": []},
        {"success": False},
        {"success": "maybe", "response": {"serialNo": "1"}},
        {},
    ],
)
def test_odd_answer_to_a_write_leaves_it_open(provider: Baiwang, loop: Loopback, reply: object) -> None:
    """Neither a yes with its number nor a no: not known."""
    told(loop, ISSUE, SandboxReply.of(reply))
    with pytest.raises(Unclear) as caught:
        provider.issue_invoice(BLUE)
    assert caught.value.code == "odd_answer"


MEMBERS = (
    *("success", "response", "errorResponse", "code", "subCode", "message", "access_token", "expires_in"),
    *("orderNo", "serialNo", "status", "invoiceTime", "invoiceTotalPrice"),
    *("list", "total", "redConfirmStatus", "redConfirmSerialNo", "entryDate"),
)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["01", "02", BLUE.serial]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=6),
    max_leaves=12,
)
ASKED: list[Callable[[Baiwang], object]] = [
    lambda provider: provider.issue_invoice(BLUE),
    lambda provider: provider.find_invoice(BLUE),
    lambda provider: provider.find_retried(BLUE),
    lambda provider: provider.retry_invoice(BLUE),
    lambda provider: provider.reverse_invoice(reversal("26990000000000000001")),
    lambda provider: provider.find_reversal(reversal("26990000000000000001")),
]


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(junk=JUNK, enveloped=st.booleans(), logged_in=st.booleans(), ask=st.sampled_from(ASKED))
def test_junk_raises_none_but_our_families(
    make_provider: Callable[..., Baiwang],
    loop: Loopback,
    junk: object,
    enveloped: bool,
    logged_in: bool,
    ask: Callable[[Baiwang], object],
) -> None:
    """Whatever comes back, to the login or behind it, it is an answer or one of our errors."""
    proper, reply = loop.answer, SandboxReply.of({"success": True, "response": junk} if enveloped else junk)
    loop.answer = lambda request: proper(request) if logged_in and request.query.get("method") == TOKEN else reply
    try:
        ask(make_provider())
    except AsctlError as error:
        assert error.code
    finally:
        loop.answer = proper
