"""What became of each refund of one call."""

from __future__ import annotations

from typing import Any

import pytest

from asctl.api import AfterSaleOutcome, Refused, Unclear
from asctl_taobao.payouts import outcomes, refund_infos
from tests.plugins.taobao.support import an_after_sale

TWO = (an_after_sale(101), an_after_sale(202))
FIRST, SECOND = (sale.after_sale_id for sale in TWO)


def row(number: str, succ: Any = True, message: str = "操作成功") -> dict[str, Any]:
    return {"refund_id": number, "succ": succ, "message": message} if number else {"succ": succ, "message": message}


def told(*rows: Any, **answer: Any) -> list[str]:
    """``done`` or the error's family, for each of the two."""
    whole = {"succ": True, "msg_code": "SOME_OP_SUCC", "results": {"refund_mapping_result": list(rows)}, **answer}
    return [word(outcome) for outcome in outcomes(TWO, whole)]


def word(outcome: AfterSaleOutcome) -> str:
    return "done" if outcome.error is None else outcome.error.family


def test_what_is_asked() -> None:
    """Amounts travel in fen; the phase only at Tmall."""
    assert refund_infos(TWO, tmall=True) == (f"{FIRST}|12334|1767608411000|onsale,{SECOND}|12334|1767608411000|onsale")
    assert refund_infos(TWO[:1], tmall=False) == f"{FIRST}|12334|1767608411000"


@pytest.mark.parametrize(
    ("rows", "ours"),
    [
        ([row(FIRST), row(SECOND)], ["done", "done"]),
        ([row(SECOND), row(FIRST, False)], ["refused", "done"]),
        ([row(""), row("", message="succ")], ["done", "done"]),
        ([row(""), row(SECOND, False)], ["done", "refused"]),
        ([row(FIRST, "true"), row(SECOND, "false")], ["done", "refused"]),
        ([row(FIRST)], ["done", "unclear"]),
        ([row("")], ["unclear", "unclear"]),
        ([row(FIRST), row(FIRST, False)], ["unclear", "unclear"]),
        ([row("70000000000000999"), row(SECOND)], ["unclear", "done"]),
        ([row(FIRST, None), row(SECOND, "maybe")], ["unclear", "unclear"]),
        (["text", row("")], ["unclear", "unclear"]),
        ([], ["unclear", "unclear"]),
    ],
)
def test_rows(rows: list[Any], ours: list[str]) -> None:
    """A row is found by its number, else by its place; what is missing, odd or doubled is unclear, never guessed."""
    assert told(*rows) == ours


def test_nothing_done() -> None:
    """No rows and a flag that says no: all refused, in their words; the flag alone is no success."""
    answer = {"succ": False, "msg_code": "OP_FAILURE_UE", "message": "余额不足"}
    refused = [outcome.error for outcome in outcomes(TWO, answer)]
    assert all(isinstance(error, Refused) and error.upstream_text == "余额不足" for error in refused)
    unsaid = [outcome.error for outcome in outcomes(TWO, {"succ": True, "msg_code": "OP_SUCC"})]
    assert all(isinstance(error, Unclear) for error in unsaid)


@pytest.mark.parametrize("word", ["SEND_CODE_SUCC", "10000"])
def test_code_by_text_message(word: str) -> None:
    """A code was sent: nothing is done, somebody has to answer."""
    for outcome in outcomes(TWO, {"succ": False, "msg_code": word, "message": "发送二次验证短信成功"}):
        assert (outcome.needs_person, outcome.error) == (True, None)
        assert outcome.message
