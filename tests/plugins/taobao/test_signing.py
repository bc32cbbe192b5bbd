"""The published vectors of the protocol reference, section 1.3."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl_taobao.signing import signature, signed_text, without_empties

SELLER_ITEM = {
    "app_key": "12345678",
    "fields": "num_iid,title,nick,price,num",
    "format": "json",
    "method": "taobao.item.seller.get",
    "num_iid": "11223344",
    "session": "test",
    "timestamp": "2016-01-01 12:00:00",
    "v": "2.0",
}
COMMON = {
    "app_key": "20990001",
    "format": "json",
    "session": "demo-session-not-real",
    "timestamp": "2026-01-02 03:04:05",
    "v": "2.0",
}
MEMO = COMMON | {
    "method": "taobao.trade.memo.update",
    "tid": "4000000000000000101",
    "memo": "先补发 A&B=2+1 件",
    "flag": "3",
}
SECRET = "demo-secret-not-real"


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("md5", "66987CB115214E59E6EC978214934FB8"),
        ("hmac", "D56D7858309C31B6251083A874D48273"),
        ("hmac-sha256", "04DB15AD0774D5CFCE2C837DE43E3FCEA9011ED74F3038FB6AB5F3C4CEA119E8"),
    ],
)
def test_seller_item(method: str, expected: str) -> None:
    """The official page's call has its published sign, and the same call its own in the two other methods."""
    assert signature(SELLER_ITEM | {"sign_method": method}, "helloworld", method) == expected


@pytest.mark.parametrize(
    ("method", "length", "expected"),
    [
        ("hmac", 16, "9294727A3638BB1C13F48EF8158BFC9D"),
        ("hmac-sha256", 20, "B0344C61D8DB38535CA8AFCEAF0BF12B881DC200C9833DA726E9376C2E32CFF7"),
    ],
)
def test_rfc_inputs(method: str, length: int, expected: str) -> None:
    """The RFC inputs bent into one parameter give the RFC's digests: blanks at the edge of a value are signed."""
    assert signature({"Hi": " There"}, "\x0b" * length, method) == expected


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("md5", "468E903DE9180887902EC763EAC7C0C4"),
        ("hmac", "5CDCF3494EC691D98F10043AFB3DC97F"),
        ("hmac-sha256", "BAC32C27BF1AE00A7B5A4EB232BD72CE0F15F18CCDFD4A761824DB07CA590AD5"),
    ],
)
def test_chinese_and_reserved_characters(method: str, expected: str) -> None:
    """W1: raw UTF-8 is signed, not the percent-encoded form."""
    assert signature(MEMO | {"sign_method": method}, SECRET, method) == expected


def test_empty_value() -> None:
    """W2: an empty parameter is not in the text."""
    call = COMMON | {
        "method": "taobao.trades.sold.get",
        "fields": "tid,status",
        "status": "WAIT_SELLER_SEND_GOODS",
        "buyer_nick": "",
        "sign_method": "hmac-sha256",
    }
    assert signature(call, SECRET, "hmac-sha256") == "353B37FDEC4E218948692788C05007C76C0D1C011CCB8AD1AC21422BAD8D2A74"
    assert "buyer_nick" not in without_empties(call)


def test_file_is_left_out() -> None:
    """W3: text parameters of a call with a file are signed without the file."""
    call = COMMON | {
        "method": "taobao.refund.message.add",
        "refund_id": "70000000000000101",
        "content": "凭证见图",
        "sign_method": "hmac-sha256",
    }
    assert signature(call, SECRET, "hmac-sha256") == "C08074FD7C98F115057A2DD1CA7F1CE9EBD7AD88CB5F83A8413D99FAA22A6C36"


def test_order_of_names() -> None:
    """W4: names are sorted by their bytes, where the underscore stands before small letters."""
    call = {"foo_bar": "3", "foo": "1", "bar": "2", "foobar": "4"}
    assert signed_text(call) == "bar2foo1foo_bar3foobar4"
    assert signature(call, SECRET, "md5") == "5553E871B0E5B5CC50D85A7EE647E223"


def test_unknown_method() -> None:
    """There is no fourth way to sign."""
    with pytest.raises(ValueError, match="sha1"):
        signature({}, SECRET, "sha1")


@given(st.dictionaries(st.text(min_size=1), st.text()), st.sampled_from(["md5", "hmac", "hmac-sha256"]))
def test_sign_itself_never_counts(call: dict[str, str], method: str) -> None:
    """A sign that travels along, and anything empty, changes nothing."""
    plain = {name: value for name, value in call.items() if name != "sign"}
    assert signature({"none": ""} | plain | {"sign": "X"}, SECRET, method) == signature(plain, SECRET, method)
