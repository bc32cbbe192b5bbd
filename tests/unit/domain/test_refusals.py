"""One list of refusals for every courier and marketplace."""

from __future__ import annotations

import pytest

from asctl.domain.refusals import RefusalReason, refusal


@pytest.mark.parametrize("reason", [reason for reason in RefusalReason if reason is not RefusalReason.OTHER])
def test_every_reason_says_who_what_and_what_next(reason: RefusalReason) -> None:
    """A script reads the code, a person the sentence and the next step."""
    error = refusal(reason, "顺丰", "SF1234567890123", "8012", "系统提示")
    assert (error.family, error.reason, error.code) == ("refused", reason.value, reason.value.lower())
    assert error.message.startswith("顺丰 refused SF1234567890123: ")
    assert len(error.message) > len("顺丰 refused SF1234567890123: ")
    assert "系统提示" not in error.message
    assert error.hint
    assert (error.upstream_code, error.upstream_text) == ("8012", "系统提示")


def test_no_two_reasons_share_their_words() -> None:
    """Each reason is told apart by its sentence as well as by its code."""
    told = {refusal(reason, "x", "y", upstream_text="z").message for reason in RefusalReason}
    assert len(told) == len(RefusalReason)


def test_a_reason_of_no_list_is_told_in_the_far_sides_own_words() -> None:
    """What fits no entry keeps its code ``refused`` and says what the far side said, or that it said nothing."""
    error = refusal(RefusalReason.OTHER, "圆通", "YT1", "99", "网点拒绝")
    assert (error.code, error.reason, error.message) == ("refused", "OTHER", "圆通 refused YT1: 网点拒绝")
    assert refusal(RefusalReason.OTHER, "圆通", "YT1").message == "圆通 refused YT1: ?"
    assert error.hint
