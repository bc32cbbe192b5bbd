"""What the redactor takes out, and what it must leave alone."""

from __future__ import annotations

import logging
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.domain.errors import Unavailable
from asctl.transport import RedactingLog, Redactor

SECRETS = st.text(alphabet='abc+/ =&%中"', min_size=4, max_size=30)
OTHERS = st.text(alphabet="xyz ?&=", max_size=20)


@given(SECRETS, OTHERS, OTHERS)
def test_no_form_of_a_secret_survives(secret: str, before: str, after: str) -> None:
    """Plain or url-encoded, between any other text, a secret is gone."""
    redactor = Redactor([secret])
    for form in (secret, quote(secret, safe=""), quote_plus(secret)):
        assert form not in redactor.text(before + form + after)


@pytest.mark.parametrize(
    ("phone", "left"),
    [
        ("13812345678", "138********"),
        ("+86 138-1234-5678", "+86 138********"),
        ("0571-88886666", "0571-********"),
        ("手机13812345678请", "手机138********请"),
        ("mobile%3D13812345678", "mobile%3D138********"),
        ("%22mobile%22%3A%2213812345678%22", "%22mobile%22%3A%22138********%22"),
    ],
)
def test_phones_keep_only_their_beginning(phone: str, left: str) -> None:
    """The last four digits open tracking at some couriers, so they never show."""
    assert Redactor([]).text(phone) == left


@pytest.mark.parametrize(
    "number", ["2312345678901234567", "SF1381234567890", "20261121093000", "order 4399", "12345678901"]
)
def test_order_numbers_and_waybills_stay(number: str) -> None:
    """A number that only contains a phone-like run is left whole."""
    assert Redactor([]).text(number) == number


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("GET /rest?app_key=1&session=abc&sign=DEF HTTP", "GET /rest?app_key=1&session=***&sign=*** HTTP"),
        ('{"access_token": "abc", "x": 1}', '{"access_token":"***", "x": 1}'),
        ("customer=me&key=abc", "customer=me&key=***"),
        ("Invalid Session: please log in", "Invalid Session: please log in"),
    ],
)
def test_values_named_like_secrets_go(text: str, left: str) -> None:
    """Even a secret that we were not told of is hidden by its name."""
    assert Redactor([]).text(text) == left


@pytest.mark.parametrize("field", ["message", "hint", "upstream_code", "upstream_text"])
def test_an_error_is_cleaned_in_all_that_it_tells(field: str) -> None:
    """Their code as well: what stands there is as much theirs as their text."""
    error = Unavailable("no answer", code="no_answer")
    setattr(error, field, "asked with topsecret")
    Redactor(["topsecret"]).error(error)
    assert getattr(error, field) == "asked with ***"


def test_log_lines_are_cleaned(caplog: pytest.LogCaptureFixture) -> None:
    """Arguments are put in first, then cleaned, so that none slips through."""
    log = RedactingLog("flagship", ["topsecret"])
    with caplog.at_level(logging.DEBUG):
        log.debug("asked with %s", "topsecret")
        log.info("call 13812345678")
        log.warning("100% sure")
    assert caplog.messages == ["flagship: asked with ***", "flagship: call 138********", "flagship: 100% sure"]
