from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import HttpAnswer, Unavailable, as_text, compact_json, json_object, read_object

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters()),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(st.characters()), parts, max_size=3),
)


def test_text_that_no_store_takes_is_replaced() -> None:
    """Half characters and NUL become U+FFFD, however deep and whether escaped or raw; whole emoji, line breaks and
    money stay."""
    body = b'{"a": ["x\\ud83d", {"b\\u0000": "\\u0000\xed\xa0\xbd"}], "emoji": "\\ud83d\\ude00\\n", "fee": 1.10}'
    assert json_object(body) == {
        "a": ["x\ufffd", {"b\ufffd": "\ufffd\ufffd"}],
        "emoji": "\U0001f600\n",
        "fee": Decimal("1.10"),
    }


@given(st.dictionaries(st.text(st.characters()), ANYTHING))
def test_whatever_comes_can_be_stored(value: dict[str, object]) -> None:
    """Whatever the far side sends, its texts can be written as UTF-8 and hold no NUL."""
    told = json_object(json.dumps(value))
    assert "\0" not in repr(told)
    json.dumps(told, ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize("body", [b"", b"[]", b'"text"', b"{", b"<html>", b"\xff\xfe", b"[" * 200_000])
def test_anything_else_is_told(body: bytes) -> None:
    """An answer that is no JSON object is ``not_json``, nested however deep."""
    with pytest.raises(Unavailable) as caught:
        read_object(HttpAnswer(200, {}, body))
    assert caught.value.code == "not_json"


def test_written_without_blanks() -> None:
    """Members keep their order and Chinese stays readable: it is the very text that is signed."""
    assert compact_json({"b": "拦截", "a": [1, True, None]}) == '{"b":"拦截","a":[1,true,null]}'


@pytest.mark.parametrize(
    ("member", "text"),
    [(" 拦截\n", "拦截"), (200, "200"), (True, ""), (1.5, ""), (Decimal("1.5"), ""), (None, ""), ([], ""), ({}, "")],
)
def test_member_as_text(member: object, text: str) -> None:
    """Text and whole numbers are text; what is neither is empty and never fails."""
    assert as_text(member) == text
