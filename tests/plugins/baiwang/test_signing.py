"""Signatures and hashes against the published vectors (section 6)."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

from asctl_baiwang.client import sign
from asctl_baiwang.login import password_hash
from asctl_baiwang.provider import Baiwang
from asctl_baiwang.sandbox_gate import APP_SECRET
from tests.plugins.baiwang.samples import BLUE
from tests.plugins.loopback import Loopback

SECRET = "00000000-1111-2222-3333-444444444444"
SALT = "00112233445566778899aabbccddeeff"
V7 = {"signType": "MD5", "encryptType": "NONE", "encryptScope": "00"}


def parameters(method: str, version: str, request_id: str, **more: str) -> dict[str, str]:
    return {
        "method": method,
        "appKey": "1000009",
        "token": "tok-demo-1",
        "timestamp": "1767200000000",
        "format": "json",
        "type": "sync",
        "version": version,
        "requestId": request_id,
        **more,
    }


@pytest.mark.parametrize(
    ("query", "body", "right"),
    [
        (
            parameters("baiwang.s.outputinvoice.query", "6.0", "req-0001"),
            '{"taxNo":"91990000MA0DEM0011","orderNos":["AS2601010001"],"detailMark":"1"}',
            "B9B4F9759DE37B17C121978AC8D13701",
        ),
        (
            parameters("baiwang.s.outputinvoice.invoice", "6.0", "req-0002"),
            '{"orderNo":"AS2601010002","buyerName":"演示购方有限公司"}',
            "480EAC7EC61DD79E6F80C200D36492B0",
        ),
        (
            parameters("baiwang.output.redinvoice.add", "7.0", "req-0003", **V7),
            '{"taxNo":"91990000MA0DEM0011","redConfirmSerialNo":"RED2601010001"}',
            "9D9FA9CFD8D637B5083DACAB3CD97EF7",
        ),
    ],
    ids=["B1", "B2", "B3"],
)
def test_published_signatures(query: dict[str, str], body: str, right: str) -> None:
    """Each vector of section 6.3, the one of version 7 with its three parameters more."""
    assert sign(query, body, SECRET) == right


def test_neither_sign_nor_blank_values_are_signed() -> None:
    """The signature itself and what is blank stay out of what is hashed."""
    query = parameters("baiwang.s.outputinvoice.query", "6.0", "req-0001")
    assert sign({**query, "sign": "X", "empty": "", "blank": "  "}, "{}", SECRET) == sign(query, "{}", SECRET)


@pytest.mark.parametrize(
    ("version", "right"),
    [
        ("6.0", "809eaa1f6dfdd7a8a50dc08435e9ce0341785e94"),
        ("3.0", "809eaa1f6dfdd7a8a50dc08435e9ce0341785e94"),
        ("7.0", "70760b7752fcd8b713e92cd0fd0db4e18bbfd538955922d99313e816c0ad5b7c"),
    ],
)
def test_published_password_hashes(version: str, right: str) -> None:
    """The vectors of section 6.2."""
    assert password_hash("Demo-Pass", SALT, version) == right


def test_what_is_signed_is_what_is_sent(provider: Baiwang, loop: Loopback) -> None:
    """The signature of a call is right over its query as decoded and its bytes as posted: compact, Chinese left readable."""
    provider.issue_invoice(BLUE)
    sent = loop.sent[-1]
    query, body = dict(parse_qsl(urlsplit(sent.url).query)), (sent.body or b"").decode()
    assert query["sign"] == sign(query, body, APP_SECRET)
    assert "演示购方有限公司" in body
    assert ": " not in body
    assert len(query["timestamp"]) == 13
