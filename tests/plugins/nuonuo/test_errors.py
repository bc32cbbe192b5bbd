"""Every row of their table of codes (section 5.11), and what only words tell."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import (
    AsctlError,
    BadConfiguration,
    BadInput,
    CredentialsRefused,
    NotFound,
    PluginBroken,
    Refused,
    Throttled,
    Unavailable,
    Unclear,
)
from asctl_nuonuo.complaints import DATA_CODES
from asctl_nuonuo.errors import delivery_error, error_for, submission_error, token_error
from tests.documents.markdown import read, spans, table

REST = timedelta(hours=6)
DAY = timedelta(days=1)
ROWS: dict[str, tuple[type[AsctlError], str]] = {
    "E4000": (Refused, "refused"),
    **dict.fromkeys(("E9101", "E9107"), (BadInput, "kind_refused")),
    **dict.fromkeys(("E9102", "E9512", "E9520", "E9522", "E9529"), (BadInput, "blue_refused")),
    "E9103": (Refused, "already_reversed"),
    "E9104": (BadInput, "email_refused"),
    **dict.fromkeys(
        ("E9105", "E9108", "E9110", "E9111", "E9112", "E9114", "E9116", "E9119"), (BadInput, "discount_refused")
    ),
    "E9106": (Unclear, "serial_known"),
    **dict.fromkeys(("E9113", "E9115", "E9117", "E9118", "E9120"), (BadInput, "buyer_differs")),
    **dict.fromkeys(("E9121", "E9138"), (BadInput, "goods_code_missing")),
    **dict.fromkeys((f"E91{last}" for last in (*range(22, 30), 30, 31)), (BadInput, "amounts_refused")),
    "E9154": (BadInput, "too_many_invoices"),
    **dict.fromkeys(("E9300", "E9545", "E9607"), (BadInput, "question_malformed")),
    **dict.fromkeys(("E9306", "E9307", "E9540"), (BadInput, "buyer_tax_id_refused")),
    "E9301": (BadConfiguration, "seller_unknown"),
    "E9302": (BadConfiguration, "seller_differs"),
    "E9338": (BadConfiguration, "not_entitled"),
    "E9500": (NotFound, "invoice_not_found"),
    "E9601": (Unavailable, "query_fault"),
    "E9611": (PluginBroken, "nothing_asked"),
    "E9613": (Throttled, "retries_used_up"),
    "E9999": (Unavailable, "catch_all"),
    "070101": (BadConfiguration, "app_key_unknown"),
    **dict.fromkeys(("070304", "070305", "070399"), (CredentialsRefused, "token_refused")),
    "070306": (Throttled, "token_limit"),
    "070307": (BadConfiguration, "app_type"),
    "070601": (CredentialsRefused, "signature_refused"),
    "E7777": (Refused, "refused"),
    "": (Unavailable, "odd_answer"),
}


@pytest.mark.parametrize("code", ROWS)
def test_every_code_has_its_family(code: str) -> None:
    """The family and our word for each code; theirs and their text stay beside it, and there is always a next step."""
    error = error_for(code, "说明", "B1", REST)
    assert (type(error), error.code) == ROWS[code]
    assert (error.upstream_code, error.upstream_text, bool(error.hint)) == (code, "说明", True)


def test_readme_tells_every_code() -> None:
    """The table of the README is this one."""
    rows = table(read("plugins/asctl_nuonuo/README.md"), "code")
    told = {code: spans(row[1])[:2] for row in rows for code in spans(row[0])}
    documented = {code: row for code, row in ROWS.items() if code not in ("", "E7777", "070399")}
    assert told == {code: [family.__name__, word] for code, (family, word) in documented.items()}
    assert set(DATA_CODES) <= set(told)


def test_how_long_to_wait() -> None:
    """Token calls rest the account as long as set; the retries of one invoice come back tomorrow, and rest nothing else."""
    tokens, retries = error_for("070306", "", "B1", REST), error_for("E9613", "", "B1", REST)
    assert isinstance(tokens, Throttled)
    assert isinstance(retries, Throttled)
    assert (tokens.retry_after, tokens.whole_account) == (REST, True)
    assert (retries.retry_after, retries.whole_account) == (DAY, False)


@pytest.mark.parametrize("code", ["E9999", "E4000", "E7777"])
@pytest.mark.parametrize(
    ("words", "family", "word"),
    [
        ("开票员未登录电子税务局", CredentialsRefused, "drawer_session"),
        ("请先完成实名认证", CredentialsRefused, "drawer_session"),
        ("授信额度不足，请登录电子税务局申请", Throttled, "quota_used_up"),
        ("可用额度不足", Throttled, "quota_used_up"),
    ],
)
def test_lapsed_session_and_quota_have_no_code(code: str, words: str, family: type[AsctlError], word: str) -> None:
    """Among the codes that mean anything, words decide: who must log in, and a quota that rests the account for a day."""
    error = error_for(code, words, "B1", REST)
    assert (type(error), error.code) == (family, word)
    if isinstance(error, Throttled):
        assert (error.retry_after, error.whole_account) == (DAY, True)


@pytest.mark.parametrize(("code", "words"), [("E9999", "billId已存在"), ("E4000", "申请号重复"), ("E7777", "单号重复")])
def test_known_number_of_a_submission(code: str, words: str) -> None:
    """No code tells that a form's number is known; about a submission it is no refusal, elsewhere it is none of ours."""
    assert (submission_error(code, words, "R1", REST).family, submission_error(code, words, "R1", REST).code) == (
        "unclear",
        "serial_known",
    )
    assert error_for(code, words, "R1", REST).code != "serial_known"


def test_words_never_overrule_a_documented_code() -> None:
    """A code that is documented decides, whatever its text mentions."""
    assert submission_error("E9306", "购方税号重复，请登录", "B1", REST).code == "buyer_tax_id_refused"
    assert submission_error("070601", "重复", "B1", REST).code == "signature_refused"


def test_catch_all_of_a_delivery() -> None:
    """There it says that there is no such invoice, unless its words tell another thing."""
    assert isinstance(delivery_error("E9999", "未查询到", "26990000000000000001", REST), NotFound)
    assert delivery_error("E9999", "请登录", "26990000000000000001", REST).code == "drawer_session"
    assert delivery_error("E9338", "", "26990000000000000001", REST).code == "not_entitled"


@given(st.text(max_size=30), st.text(max_size=60))
def test_whatever_they_say_becomes_a_family(code: str, told: str) -> None:
    """No code and no text upsets any of the tables."""
    for judge in (error_for, submission_error, delivery_error):
        assert judge(code, told, "B1", REST).code
    assert token_error(code, told, REST).code
