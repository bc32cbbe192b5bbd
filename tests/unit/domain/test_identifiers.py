import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.domain.errors import BadInput
from asctl.domain.identifiers import clean_identifier, clean_order_id, clean_phone_tail, clean_waybill


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (" yt1234567890123 ", "YT1234567890123"),
        ("ＹＴ１２３４５６７８９０１２３", "YT1234567890123"),
        ("'4000000000000000101", "4000000000000000101"),
        ('="4000000000000000101"', "4000000000000000101"),
        ("SF\u200b1234567890123", "SF1234567890123"),
        ("\ufeffSF1234567890123\t", "SF1234567890123"),
    ],
)
def test_identifiers_are_cleaned(typed: str, meant: str) -> None:
    """Blanks, full width, invisible characters and a spreadsheet's wrappings are no part of a number."""
    assert clean_identifier(typed) == meant


@pytest.mark.parametrize("spoilt", ["7.12E+13", "4E+18", "7,12e+13", " 7.1234567890123E+14 "])
def test_rounded_numbers_are_refused(spoilt: str) -> None:
    """What a spreadsheet rounded is refused, never guessed."""
    with pytest.raises(BadInput) as caught:
        clean_waybill(spoilt)
    assert caught.value.code == "spoilt_number"


@pytest.mark.parametrize("text", ["", "12", "../../etc/passwd", "YT12345;DROP", "单号一二三四五六", "Y" * 41])
def test_what_is_no_waybill_is_refused(text: str) -> None:
    """Neither paths nor texts nor over-long codes pass for a waybill."""
    with pytest.raises(BadInput) as caught:
        clean_waybill(text)
    assert caught.value.code == "bad_waybill"


@given(st.integers(10**18, 10**19 - 1))
def test_long_order_numbers_keep_every_digit(number: int) -> None:
    """A 19-digit order number, above 2**53, comes through unchanged."""
    assert clean_order_id(str(number)) == str(number)


@pytest.mark.parametrize(("typed", "tail"), [("1234", "1234"), ("13800001234", "1234"), ("021-5555 6789", "6789")])
def test_phone_tail_is_the_last_four_digits(typed: str, tail: str) -> None:
    """Whatever form of the phone is given, its last four digits count."""
    assert clean_phone_tail(typed) == tail


def test_short_phone_tail_is_refused() -> None:
    """Three digits are no phone tail."""
    with pytest.raises(BadInput):
        clean_phone_tail("123")


@given(st.text(max_size=60))
def test_cleaning_is_stable(text: str) -> None:
    """Cleaning twice changes nothing more; anything but BadInput would be a fault of ours."""
    try:
        once = clean_identifier(text)
    except BadInput:
        return
    try:
        assert clean_identifier(once).lstrip("'") == once.lstrip("'")
    except BadInput as error:
        assert error.code == "spoilt_number"
