"""Their rows as what we tell: tables, samples, and what is odd."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import CHINA, Effect, Evidence, FormState, InvoiceFinding, InvoiceState, Unavailable, json_object
from asctl_baiwang.mapping import (
    FORM_STATES,
    STATES,
    amount,
    form_number,
    form_told,
    invoice_finding,
    moment,
    own_form,
    own_row,
    told_of,
)
from asctl_baiwang.wire import page_in

ISSUED: dict[str, Any] = {
    "serialNo": "26010110000000000001",
    "orderNo": "B2601017QK4M2ZP01",
    "status": "01",
    "statusMessage": "开票完成",
    "errorMessage": "",
    "pdfUrl": "http://127.0.0.1:8899/files/26010110000000000001.pdf",
    "xmlUrl": "",
    "invoiceTime": "2026-01-01 10:00:05",
    "invoiceCode": "",
    "invoiceNo": "26990000000000000001",
    "digitInvoiceNo": "26990000000000000001",
    "invoiceTotalPrice": "180.00",
    "invoiceTotalTax": "23.40",
    "invoiceTotalPriceTax": "203.40",
    "invoiceTypeCode": "02",
    "invoiceType": "1",
}
"""The sample of section 14.7."""


@pytest.mark.parametrize(
    ("code", "state", "effect"),
    [
        ("00", InvoiceState.ISSUING, Effect.ACCEPTED),
        ("01", InvoiceState.ISSUED, Effect.EFFECTIVE),
        ("02", InvoiceState.FAILED, Effect.INEFFECTIVE),
        ("03", InvoiceState.VOIDED, Effect.EFFECTIVE),
        ("04", InvoiceState.VOIDING, Effect.EFFECTIVE),
    ],
)
def test_states_of_a_query(code: str, state: InvoiceState, effect: Effect) -> None:
    """Each row of section 6.7, and no other."""
    found = invoice_finding({"orderNo": "B1", "serialNo": "S1", "status": code})
    assert found.invoice is not None
    assert (found.evidence, found.effect, found.reference) == (Evidence.PRESENT, effect, "S1")
    assert (found.invoice.state, found.invoice.raw_state) == (state, code)
    assert len(STATES) == 5


@pytest.mark.parametrize("code", ["", "2", "20", "05", None, 1])
def test_unknown_state_is_there_and_no_more(code: object) -> None:
    """A state that nobody knows proves that it has arrived, and tells nothing of how far it is."""
    found = invoice_finding({"orderNo": "B1", "serialNo": "S1", "status": code})
    assert (found.evidence, found.effect, found.invoice, found.reference) == (Evidence.PRESENT, None, None, "S1")


def test_issued_sample() -> None:
    """Number, moment, sums to the cent and files of the sample; a file without address is none."""
    told = told_of(ISSUED)
    assert told is not None
    assert (told.number, told.code, told.reference) == ("26990000000000000001", "", "26010110000000000001")
    assert told.issued_at == datetime(2026, 1, 1, 10, 0, 5, tzinfo=CHINA)
    assert (told.net, told.tax, told.gross) == (Decimal("180.00"), Decimal("23.40"), Decimal("203.40"))
    assert dict(told.files) == {"pdf": "http://127.0.0.1:8899/files/26010110000000000001.pdf"}


def test_failed_sample() -> None:
    """Why it failed is told; sums that are not told are unknown, not nothing."""
    told = told_of(
        {"serialNo": "2", "orderNo": "B2", "status": "02", "statusMessage": "开票失败", "errorMessage": "税号有误"}
    )
    assert told is not None
    assert (told.message, told.net, told.issued_at, told.number) == ("税号有误", None, None, "")


def test_red_sample_names_its_form() -> None:
    """The sample of section 14.8: negative sums, and the form's number in the remark."""
    row = ISSUED | {
        "orderNo": "R260102H3J5K7M901",
        "invoiceTotalPrice": "-180.00",
        "invoiceTotalTax": "-23.40",
        "invoiceTotalPriceTax": "-203.40",
        "remarks": "被红冲蓝字数电发票号码：26990000000000000001 红字发票信息确认单编号：99992601020000000001",
    }
    told = told_of(row)
    assert told is not None
    assert (told.net, told.tax, told.gross) == (Decimal("-180.00"), Decimal("-23.40"), Decimal("-203.40"))
    assert form_number(row) == "99992601020000000001"
    assert form_number(ISSUED) == ""


def test_amounts_stay_exact() -> None:
    """Text and JSON numbers become the same Decimal; what is no amount is unknown."""
    row = json_object('{"a": 203.40, "b": "203.40", "c": 203, "d": "NaN", "e": "1e40", "f": null, "g": "一百"}')
    assert [amount(row[name]) for name in "abc"] == [Decimal("203.40"), Decimal("203.40"), Decimal("203.00")]
    assert [amount(row[name]) for name in "defg"] == [None] * 4


@given(st.text(max_size=20) | st.integers() | st.none() | st.decimals(allow_nan=True))
def test_odd_members_are_unknown(told: object) -> None:
    """No text or number makes reading an amount or a time fail."""
    assert amount(told) is None or isinstance(amount(told), Decimal)
    assert moment(told) is None or moment(told).tzinfo is not None  # type: ignore[union-attr]


def test_moments() -> None:
    """A time in China, or milliseconds as number or text."""
    right = datetime(2026, 1, 1, 10, 0, 5, tzinfo=CHINA)
    assert moment("2026-01-01 10:00:05") == moment(1767232805000) == moment("1767232805000") == right


def test_own_row_is_ours() -> None:
    """One that failed gives way to one that did not; rows of others, or two that stand, are no answer."""
    failed, standing = ISSUED | {"status": "02", "serialNo": "1"}, ISSUED | {"serialNo": "2"}
    assert own_row([standing, failed], ISSUED["orderNo"]) == standing
    assert own_row([failed], ISSUED["orderNo"]) == failed
    assert own_row([], ISSUED["orderNo"]) is None
    with pytest.raises(ValueError, match="not asked for"):
        own_row([standing, ISSUED | {"orderNo": "B9"}], ISSUED["orderNo"])
    with pytest.raises(Unavailable) as caught:
        own_row([ISSUED, standing], ISSUED["orderNo"])
    assert caught.value.code == "several_invoices"


@pytest.mark.parametrize(
    ("code", "state", "effect"),
    [
        ("01", FormState.NOT_NEEDED, Effect.ACCEPTED),
        ("02", FormState.WAIT_BUYER, Effect.ACCEPTED),
        ("03", FormState.WAIT_SELLER, Effect.ACCEPTED),
        ("04", FormState.CONFIRMED, Effect.ACCEPTED),
        *((f"{code:02d}", FormState.VOID, Effect.INEFFECTIVE) for code in range(5, 14)),
    ],
)
def test_form_states(code: str, state: FormState, effect: Effect) -> None:
    """Each row of section 2.2 that is the bureau's; confirmed is not yet reversed."""
    told = form_told({"redConfirmStatus": code, "redConfirmSerialNo": "F1", "redConfirmNo": "N1"}, None)
    assert told is not None
    assert (told.state, told.raw_state, told.reference, told.number) == (state, code, "F1", "N1")
    assert InvoiceFinding.of_form(told).effect is effect
    assert len(FORM_STATES) == 13


@pytest.mark.parametrize("code", ["", "00", "14", "15", "16", "2", None])
def test_unknown_form_states(code: object) -> None:
    """Codes of other vendors are not guessed at."""
    assert form_told({"redConfirmStatus": code}, None) is None


def test_deadline_is_72_hours_from_the_entry() -> None:
    """A form that waits lapses 72 hours after it was entered, where that is told; others have no deadline."""
    row = {"redConfirmStatus": "02", "entryDate": "2026-01-02 09:00:00"}
    waiting, confirmed = form_told(row, None), form_told(row | {"redConfirmStatus": "04"}, None)
    silent = form_told({"redConfirmStatus": "02"}, None)
    assert waiting is not None
    assert waiting.deadline == datetime(2026, 1, 2, 9, tzinfo=CHINA) + timedelta(hours=72)
    assert [told and told.deadline for told in (confirmed, silent)] == [None, None]


FORM = {"orderNo": "R1", "redConfirmSerialNo": "F1", "redConfirmStatus": "02"}


@pytest.mark.parametrize(
    ("rows", "whole", "form_serial", "found", "sure"),
    [
        ([], True, "", None, True),
        ([FORM], True, "", FORM, True),
        ([FORM | {"orderNo": "R9"}], True, "", None, True),
        ([FORM | {"orderNo": ""}], True, "", None, False),
        ([{"redConfirmStatus": "02"}], True, "", None, False),
        ([FORM | {"orderNo": "R9"}], False, "", None, False),
        ([FORM | {"orderNo": ""}], True, "F1", FORM | {"orderNo": ""}, False),
        ([FORM | {"orderNo": ""}, FORM], True, "", FORM, False),
    ],
)
def test_own_form(
    rows: list[dict[str, str]], whole: bool, form_serial: str, found: dict[str, str] | None, sure: bool
) -> None:
    """By our serial, else by the number told at its application. A form that does not say whose it is leaves absence open."""
    assert own_form((rows, whole), "R1", form_serial) == (found, sure)


@pytest.mark.parametrize(
    ("response", "whole"),
    [
        ([FORM], True),
        ({"list": [FORM], "total": 1}, True),
        ({"rows": [FORM], "total": "1", "pageNo": 1, "next": None}, True),
        ({"list": [FORM]}, True),
        ({"list": [FORM], "total": 51}, False),
    ],
)
def test_pages(response: object, whole: bool) -> None:
    """A list, or an object that holds one beside its total."""
    assert page_in(response) == ([FORM], whole)


def test_empty_pages() -> None:
    """Nothing is a list without rows, ``null``, or a total of none."""
    assert page_in([]) == page_in(None) == page_in({"total": 0, "list": None}) == ([], True)


@pytest.mark.parametrize("response", ["", 1, {}, {"list": None}, {"a": [], "b": []}, ["R1"], {"list": [1]}])
def test_odd_pages(response: object) -> None:
    """Anything else cannot be read, and is never taken for nothing."""
    with pytest.raises((TypeError, ValueError)):
        page_in(response)
