from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_36

from asctl.domain.errors import BadInput
from asctl.domain.numbers import check_character, clean_rma_number, is_rma_number, likely_numbers, rma_number

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
bodies = st.text(ALPHABET, min_size=1, max_size=24)
days = st.dates(date(2020, 1, 1), date(2099, 12, 31))
runnings = st.integers(1, 123_456)


@given(bodies)
def test_check_character_is_iso_7064(body: str) -> None:
    """Our check character is the one that python-stdnum, written by others, computes."""
    assert check_character(body) == mod_37_36.calc_check_digit(body)


@given(days, runnings)
def test_number_is_right_by_its_own_rule(day: date, running: int) -> None:
    """Every number we give out is accepted again, in lower case and with blanks, too."""
    number = rma_number(day, running)
    assert is_rma_number(number)
    assert clean_rma_number(f"  {number.lower()} ") == number


@given(days, runnings, st.data())
def test_single_wrong_character_is_noticed(day: date, running: int, data: st.DataObject) -> None:
    """One wrong character never makes another right number."""
    number = rma_number(day, running)
    at = data.draw(st.integers(0, len(number) - 1))
    wrong = data.draw(st.sampled_from([c for c in ALPHABET if c != number[at]]))
    assert not is_rma_number(number[:at] + wrong + number[at + 1 :])


@given(days, runnings, st.data())
def test_the_right_number_is_among_the_likely_ones(day: date, running: int, data: st.DataObject) -> None:
    """After one wrong character or two swapped neighbours, the number that was meant is offered."""
    number = rma_number(day, running)
    at = data.draw(st.integers(0, len(number) - 2))
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    typo = number[:at] + data.draw(st.sampled_from(ALPHABET)) + number[at + 1 :]
    for mistyped in (swapped, typo):
        assert is_rma_number(mistyped) or number in likely_numbers(mistyped)


def test_mistyped_number_is_refused_with_advice() -> None:
    """A wrong check character is told as such, with where to look."""
    with pytest.raises(BadInput) as caught:
        clean_rma_number("RMA2611210001A")
    assert caught.value.code == "bad_rma_number"
    assert "asctl rma list" in caught.value.hint
