"""What plugins of couriers check before they ask."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import (
    BadInput,
    Receiver,
    RefusalReason,
    cannot_cancel_pickup,
    checked_receiver,
    not_served,
    phone_tail_missing,
)

WHOLE = Receiver("测试甲", "13800000001", "浙江省", "杭州市", "余杭区", "良渚街道", "测试路1号")


def lacking(receiver: Receiver) -> str:
    with pytest.raises(BadInput) as caught:
        checked_receiver(receiver, "YT1")
    assert caught.value.code == "incomplete_address"
    return caught.value.message.partition(" lacks ")[2]


def test_whole_receiver_passes() -> None:
    """A town may be missing, and so may either the city or the district."""
    for receiver in (WHOLE, replace(WHOLE, town=""), replace(WHOLE, city=""), replace(WHOLE, district="")):
        assert checked_receiver(receiver, "YT1") == receiver


@pytest.mark.parametrize("typed", ["+86 138 0000 0001", "138００００ 0001", "86-13800000001"])
def test_phone_comes_back_as_couriers_write_it(typed: str) -> None:
    """Blanks, full width and the country are taken off."""
    assert checked_receiver(replace(WHOLE, phone=typed), "YT1").phone == "13800000001"


@pytest.mark.parametrize("part", ["name", "phone", "province", "detail"])
@pytest.mark.parametrize("told", ["", "  ", "138****0001"])
def test_missing_or_masked_parts_are_named(part: str, told: str) -> None:
    """The error names the part and its option, and repeats nothing of what it holds."""
    assert lacking(replace(WHOLE, **{part: told})) == part


def test_all_that_is_missing_is_named_at_once() -> None:
    """Nobody has to mend one part after the other; without a district the city is missing, too."""
    assert lacking(Receiver()) == "name, phone, province, city, detail"
    assert lacking(replace(WHOLE, city="", district="*")) == "district"
    assert lacking(replace(WHOLE, town="良*")) == "town"


@pytest.mark.parametrize("phone", ["12345", "call me", "2380000000 1"])
def test_number_that_is_no_phone(phone: str) -> None:
    """It is told without the number."""
    with pytest.raises(BadInput) as caught:
        checked_receiver(replace(WHOLE, phone=phone), "YT1")
    assert caught.value.code == "bad_phone"
    assert phone not in caught.value.message


@given(st.builds(Receiver, *[st.text(max_size=12)] * 7))
def test_any_receiver_passes_or_is_bad_input(receiver: Receiver) -> None:
    """Whatever people type, what passes has every part, and nothing of it is masked."""
    try:
        checked = checked_receiver(receiver, "YT1")
    except BadInput as error:
        assert error.hint
    else:
        parts = (checked.name, checked.phone, checked.province, checked.city or checked.district, checked.detail)
        assert all(part.strip() and "*" not in part for part in parts)


def test_words_for_what_cannot_be_asked() -> None:
    """Each names whom or what it is about, and what to do next."""
    foreign, untold = not_served("jd", "zto"), phone_tail_missing("731", "zto")
    assert (foreign.code, foreign.account, "jd" in foreign.message) == ("courier_not_served", "zto", True)
    assert (untold.code, untold.account, "731" in untold.message) == ("phone_tail_missing", "zto", True)
    assert "--phone-tail" in untold.hint


def test_a_pickup_that_cannot_be_taken_back() -> None:
    """The refusal names courier and case, keeps the courier's own words, and sends nobody after a redirection."""
    error = cannot_cancel_pickup("RMA2611210001X", "YTO", "200017004", "快件已揽收,无法取消")
    assert (error.reason, error.code) == (RefusalReason.CANNOT_CANCEL, "cannot_cancel")
    assert (error.upstream_code, error.upstream_text) == ("200017004", "快件已揽收,无法取消")
    assert "YTO" in error.message
    assert "RMA2611210001X" in error.message
    assert "asctl pickup list" in error.hint
    assert "phone" in error.hint
    assert "redirection" not in error.hint
