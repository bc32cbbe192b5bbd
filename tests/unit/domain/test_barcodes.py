from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.domain.barcodes import qr_text, repeatable, scanned_codes
from asctl.domain.errors import BadInput
from asctl.domain.numbers import rma_number

RMA, SECOND, THIRD = (rma_number(date(2026, 11, 21), running) for running in (1, 2, 3))
ORDER = "4000000000000000101"
NOISE = st.text(alphabet="\ufeff\r\n\t \u200b\x02\x03", max_size=4)
running_numbers = st.integers(1, 99_999)


def test_our_qr_code_leads_back_to_the_rma() -> None:
    """What the label's QR code says is read back as RMA first, then order."""
    assert scanned_codes(qr_text(RMA, ORDER, "flagship") + "\r\n") == (RMA, ORDER)


def test_a_label_of_several_cases_names_them_all() -> None:
    """All RMAs of a parcel stand in its QR code and come back in their order, each once."""
    text = qr_text(RMA, ORDER, "flagship", (SECOND, THIRD))
    assert text == f"ASCTL1|{RMA}+{SECOND}+{THIRD}|{ORDER}|flagship"
    assert scanned_codes(text) == (RMA, SECOND, THIRD, ORDER)
    assert scanned_codes(qr_text(RMA, ORDER, "flagship", (RMA,))) == (RMA, ORDER)


@pytest.mark.parametrize(
    ("scan", "code"),
    [
        (" yt1234567890123\r", "YT1234567890123"),
        ("]C1SF1234567890123", "SF1234567890123"),
        ("\ufeff]C0YT1234567890123\t", "YT1234567890123"),
        ("ＳＦ１２３４５６７８９０１２３", "SF1234567890123"),
        ("SF 1234 5678 90123", "SF1234567890123"),
        (f"]Q1{RMA.lower()}\r\n", RMA),
        (f"{RMA[:3]} {RMA[3:9]} {RMA[9:13]} {RMA[13:]}", RMA),
        (f"{RMA[:3]}-{RMA[3:9]}-{RMA[9:]}", RMA),
        (ORDER, ORDER),
        ("773333", "773333"),
    ],
)
def test_scanner_noise_and_ways_of_writing(scan: str, code: str) -> None:
    """AIM identifiers, byte order marks, line ends, blanks, full width and small letters make no difference."""
    assert scanned_codes(scan) == (code,)


@pytest.mark.parametrize(
    "scan",
    [
        "https://courier.example/q?from=3&waybill=SF1234567890123",
        "https%3A%2F%2Fcourier.example%2Fq%3Fwaybill%3DSF1234567890123%26t%3D1",
        "MMM={'k1':'571','k2':'571AE','k3':'','k4':'T4','k5':'SF1234567890123','k6':'','k7':'a1b2c3'}",
        "]Q1MMM=k1,k8=SF1234567890123",
        "sf1234567890123|sf1234567890123",
    ],
)
def test_a_couriers_code_holds_its_waybill(scan: str) -> None:
    """The waybill inside a courier's QR code or web address is found by its shape."""
    assert scanned_codes(scan) == ("SF1234567890123",)


@pytest.mark.parametrize(
    "scan",
    [
        "",
        " \r\n",
        "\t",
        "https://courier.example/q?waybill=SF1234567890123&other=YT1234567890123",
        "https://courier.example/q?id=SF12345678901234",
        "你好",
        "A1",
        "SF]C1234567890123",
        "YT]Q0123]C1456789",
    ],
)
def test_nothing_is_guessed(scan: str) -> None:
    """Two waybills in one code, a shape that does not quite fit, a mark of the reader amid the digits, nothing at all: no code."""
    assert scanned_codes(scan) == ()


def test_a_waybill_with_a_piece_number() -> None:
    """The pieces of a JD consignment carry its waybill with a suffix: the waybill is likelier than the whole."""
    assert scanned_codes("JDVA12345678901-1-1-") == ("JDVA12345678901", "JDVA12345678901-1-1-")


def test_an_order_number_keeps_its_dashes() -> None:
    """Only RMA numbers are written with dashes that mean nothing."""
    assert scanned_codes("w-2026-1121") == ("W-2026-1121",)


def test_a_rounded_number_is_refused() -> None:
    """What a spreadsheet has spoilt is told, not looked for."""
    with pytest.raises(BadInput) as caught:
        scanned_codes("7.12E+13")
    assert caught.value.code == "spoilt_number"


@given(running_numbers, st.lists(running_numbers, max_size=4), NOISE, NOISE)
def test_every_qr_code_is_read_back(first: int, more: list[int], before: str, after: str) -> None:
    """Whatever the scanner adds before and after, all the RMAs of a parcel are read back."""
    numbers = [rma_number(date(2026, 11, 21), running) for running in (first, *more)]
    text = before + qr_text(numbers[0], ORDER, "flagship", numbers[1:]) + after
    assert scanned_codes(text) == (*dict.fromkeys(numbers), ORDER)


@given(st.text(max_size=200))
def test_any_text_is_answered(scan: str) -> None:
    """Codes are short, plain and in capitals whatever was read; only a rounded number is refused."""
    try:
        codes = scanned_codes(scan)
    except BadInput as error:
        assert error.code == "spoilt_number"
        return
    assert all(code.isascii() and code == code.upper() and 1 <= len(code) <= 64 and " " not in code for code in codes)


@pytest.mark.parametrize(
    ("scan", "shown"),
    [
        ("YT5555555555555", "YT5555555555555"),
        ("13812345678", "138***"),
        ("+86 138 1234 5678", "+86***"),
        ("0571-88888888", "057***"),
        ("610102199001011234", "610***"),
        ("张三 13812345678 浙江省杭州市", "张三 ***"),
        ("   ", ""),
    ],
)
def test_what_may_be_repeated_of_a_scan(scan: str, shown: str) -> None:
    """A code as it is; of a person's number, or of a text that is no code, only how it begins."""
    assert repeatable(scan) == shown
