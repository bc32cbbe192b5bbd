"""Tax IDs: what cannot be right is noticed, by the name of the problem."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from asctl.domain.tax_ids import RIGHT, Verdict, check_identity_number, check_tax_id, normalised

CHARSET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
RIGHT_ONES = (
    "91990000MA0DEM0011",
    "91990000MA0DEM0024",
    "91990000MA0BUYER1T",
    "91990000MA0BUYER2X",
    "92990000L0PERP0N3F",
    "91110000600037341L",
)


@pytest.mark.parametrize("number", RIGHT_ONES)
def test_right_numbers(number: str) -> None:
    """Published and synthetic numbers are right, in lower case and with blanks at their ends, too."""
    assert check_tax_id(number) == RIGHT
    assert check_tax_id(f"  {number.lower()}\t") == RIGHT


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("91990000MA0DEM001", "length"),
        ("91990000MA0DEM00111", "length"),
        ("91990000 MA0DEM0011", "length"),
        ("91990000-A0DEM0011", "charset"),
        ("91990000 A0DEM0011", "charset"),
        ("91990000MA0DEMO011", "charset"),
        ("９1990000MA0DEM0011", "charset"),
        ("000000000000000000", "authority"),
        ("B1990000MA0DEM0011", "authority"),
        ("9199000AMA0DEM0011", "region"),
        ("91990000MA0DEM0012", "checksum"),
        ("339902999999789113", "checksum"),
    ],
)
def test_problems_in_their_order(number: str, problem: str) -> None:
    """The first problem in the order of the rules is the one that is told; blanks and hyphens within are no noise."""
    verdict = check_tax_id(number)
    assert (verdict.problem, verdict.warning) == (problem, False)
    assert verdict.sentence


@given(st.text(CHARSET, min_size=18, max_size=18))
def test_the_number_is_never_told(number: str) -> None:
    """No sentence shows the number, which may be a person's."""
    assert number[-4:] not in check_tax_id(number).sentence


heads = st.tuples(
    st.sampled_from("123456789ANY"),
    st.text(CHARSET, min_size=1, max_size=1),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(CHARSET, min_size=9, max_size=9),
).map("".join)


@given(heads, st.data())
def test_one_wrong_character_is_noticed(head: str, data: st.DataObject) -> None:
    """A number with its own check character is right; with any other it is not."""
    right = uscc.calc_check_digit(head)
    assert check_tax_id(head + right) == RIGHT
    wrong = data.draw(st.sampled_from(sorted(set(CHARSET) - {right})))
    assert check_tax_id(head + wrong).problem == "checksum"


@pytest.mark.parametrize("number", ["990000123456789", "99000012345678X"])
def test_old_registrations(number: str) -> None:
    """The 15 characters of old customers pass with a warning: there is nothing to check in them."""
    verdict = check_tax_id(number)
    assert (verdict.problem, verdict.warning) == ("old_form", True)


@pytest.mark.parametrize("number", ["99000012345678901", "99000012345678901234"])
def test_rare_old_forms(number: str) -> None:
    """17 and 20 characters pass with a warning where the configuration allows them, and only there."""
    assert check_tax_id(number).problem == "length"
    assert check_tax_id(number, legacy=True) == Verdict(
        "old_form", True, f"is of an old form ({len(number)} characters)"
    )


def test_fifteen_characters_of_another_shape() -> None:
    """Six digits of a region come first in an old registration, so this is none."""
    assert check_tax_id("99000A123456789").problem == "length"


def test_modes_and_the_allow_list() -> None:
    """``warn`` finds the same and lets it pass, ``off`` asks nothing, and a vendor's test number is taken as it is."""
    assert check_tax_id("91990000MA0DEM0012", "warn").warning
    assert check_tax_id("", "off") == RIGHT
    assert check_tax_id("339902999999789113", allow={"339902999999789113"}) == RIGHT
    assert check_tax_id(" 5000smb ", allow={"5000SMB"}) == RIGHT


def test_where_the_library_judges_otherwise() -> None:
    """On record: python-stdnum wants digits in the first eight places, takes blanks and hyphens as noise, and knows no
    authorities. Its check characters are ours."""
    lettered = [
        head + uscc.calc_check_digit(head) for head in ("A1990000MA0DEM001", "Y1990000MA0DEM001", "9A990000MA0DEM001")
    ]
    assert [(check_tax_id(number).problem, uscc.is_valid(number)) for number in lettered] == [("", False)] * 3
    assert (check_tax_id("91990000-MA0DEM0011").problem, uscc.is_valid("91990000-MA0DEM0011")) == ("length", True)
    assert (check_tax_id("000000000000000000").problem, uscc.is_valid("000000000000000000")) == ("authority", True)
    assert all(uscc.is_valid(number) for number in RIGHT_ONES)


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("990000199001010000", "checksum"), ("99000019900101000", "length"), ("99000019900101000A", "charset"),
        ("91990000MA0DEM0011", "charset"), ("", "empty"),
    ],
)  # fmt: skip
def test_identity_numbers(number: str, problem: str) -> None:
    """A person's number has a check character of its own kind, and is never judged as a credit code."""
    assert check_identity_number(number).problem == problem
    assert check_identity_number(number, "off") == RIGHT
    assert check_identity_number(number, "warn").warning


def test_a_right_identity_number() -> None:
    """Weights 2^17 to 2^1 modulo 11, as in the standard: exactly one last character fits."""
    body = "99000019900101000"
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(body))
    right = "10X98765432"[total % 11]
    fitting = [last for last in "0123456789X" if check_identity_number(body + last) == RIGHT]
    assert fitting == [right]


def test_normalised() -> None:
    """Only the ends are trimmed."""
    assert normalised(" 91-a b\n") == "91-A B"
