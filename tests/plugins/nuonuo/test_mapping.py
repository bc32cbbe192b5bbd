"""Invoices and forms of a query in our words (sections 2.2, 5.7, 5.8 and 14)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import (
    CHINA,
    Effect,
    Evidence,
    FormState,
    InvoiceState,
    InvoiceTold,
    json_object,
)
from asctl_nuonuo import push
from asctl_nuonuo.mapping import (
    FORM_STATES,
    QUERY_STATES,
    found_invoice,
    read_form,
    read_invoice,
    read_time,
    red_is_there,
    waits,
)

ISSUED = (
    b'{"result":[{"serialNo":"26010110000000000001","orderNo":"B2601017QK4M2ZP01","status":"2",'
    b'"statusMsg":"done","failCause":"","invoiceTime":1767232805000,"invoiceCode":"","invoiceNo":"26990000000000000001",'
    b'"allElectronicInvoiceNumber":"26990000000000000001","exTaxAmount":"180.00","taxAmount":"23.40","orderAmount":"203.40",'
    b'"payerName":"x","payerTaxNo":"91990000MA0BUYER1T","invoiceKind":"x","invoiceType":"1",'
    b'"pdfUrl":"http://127.0.0.1:8899/files/26010110000000000001.pdf",'
    b'"ofdUrl":"http://127.0.0.1:8899/files/26010110000000000001.ofd","xmlUrl":""}]}'
)


def told(**members: Any) -> InvoiceTold:
    """An issued invoice with these members beside."""
    read = read_invoice({"status": "2", **members})
    assert read is not None
    return read


def test_issued_sample() -> None:
    """The sample of the reference: number, moment, sums and the files that there are."""
    (row,) = json_object(ISSUED)["result"]
    assert read_invoice(row) == InvoiceTold(
        InvoiceState.ISSUED,
        raw_state="2",
        reference="26010110000000000001",
        number="26990000000000000001",
        issued_at=datetime(2026, 1, 1, 10, 0, 5, tzinfo=CHINA),
        net=Decimal("180.00"),
        tax=Decimal("23.40"),
        gross=Decimal("203.40"),
        files={
            "pdf": "http://127.0.0.1:8899/files/26010110000000000001.pdf",
            "ofd": "http://127.0.0.1:8899/files/26010110000000000001.ofd",
        },
    )


@pytest.mark.parametrize(
    ("status", "state", "effect"),
    [
        ("20", InvoiceState.ISSUING, Effect.ACCEPTED),
        ("21", InvoiceState.ISSUING, Effect.ACCEPTED),
        ("2", InvoiceState.ISSUED, Effect.EFFECTIVE),
        ("22", InvoiceState.FAILED, Effect.INEFFECTIVE),
        ("24", InvoiceState.SEAL_FAILED, Effect.EFFECTIVE),
        ("31", InvoiceState.VOIDING, Effect.EFFECTIVE),
        ("3", InvoiceState.VOIDED, Effect.EFFECTIVE),
    ],
)
def test_states_of_a_query(status: str, state: InvoiceState, effect: Effect) -> None:
    """Each state of the table, also where it comes as a number, and what it means for the write."""
    for raw in (status, int(status)):
        found = found_invoice([{"status": raw}])
        assert found.invoice is not None
        assert (found.invoice.state, found.invoice.raw_state, found.effect) == (state, status, effect)
    assert len(QUERY_STATES) == 7


def test_two_means_done_in_a_query_and_nothing_in_a_callback() -> None:
    """The trap: a callback's 2 says that it failed. It is handed on as their word, and settles nothing."""
    received = push.receive(b"operater=callback&orderno=B1&content=%7B%22c_status%22%3A%222%22%7D", "books")
    assert (received.reference, received.state, received.effect) == ("B1", "2", None)
    assert told().state is InvoiceState.ISSUED


def test_why_it_failed() -> None:
    """The cause, or the words of the state where none is told; a state without trouble needs no words."""
    failed = {"status": "22", "statusMsg": "开票失败"}
    assert [read.message for row in (failed | {"failCause": "税号有误"}, failed) if (read := read_invoice(row))] == [
        "税号有误",
        "开票失败",
    ]
    assert told(statusMsg="开票完成").message == ""


@pytest.mark.parametrize("name", ["allElectronicInvoiceNumber", "allElectronicInvoiceNumbe", "invoiceNo"])
def test_number_under_each_of_its_names(name: str) -> None:
    """Their tables cut the name off, and older answers have the other one."""
    assert told(**{name: "26990000000000000001"}).number == "26990000000000000001"


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        ("203.40", "203.40"),
        (203, "203.00"),
        (Decimal("203.4"), "203.40"),
        ("-203.40", "-203.40"),
        ("", None),
        (None, None),
        ("NaN", None),
        ("1E+999999", None),
        (Decimal("1E+999999"), None),
        (Decimal("Infinity"), None),
        (True, None),
        ([], None),
    ],
)
def test_amounts(value: object, amount: str | None) -> None:
    """Text or number, without a float on the way; nonsense is none."""
    assert told(orderAmount=value).gross == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize("sign", ["", "-"])
def test_red_invoice_is_negative(sign: str) -> None:
    """Whichever sign it is told with."""
    red = told(invoiceType=2, exTaxAmount=f"{sign}180.00", taxAmount=f"{sign}23.40", orderAmount=f"{sign}203.40")
    assert (red.net, red.tax, red.gross) == (Decimal("-180.00"), Decimal("-23.40"), Decimal("-203.40"))


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (1767232805000, datetime(2026, 1, 1, 10, 0, 5, tzinfo=CHINA)),
        ("1767232805000", datetime(2026, 1, 1, 10, 0, 5, tzinfo=CHINA)),
        ("2026-01-01 10:00:05", datetime(2026, 1, 1, 10, 0, 5, tzinfo=CHINA)),
        ("", None),
        (None, None),
        ("yesterday", None),
        (10**17, None),
        (-5, None),
    ],
)
def test_moments(value: object, moment: datetime | None) -> None:
    """Milliseconds as number or text, or a time of China."""
    assert read_time(value) == moment


@pytest.mark.parametrize("odd", ["99", "", None, "02"])
def test_unknown_state_is_there_all_the_same(odd: object) -> None:
    """An invoice in a state that nobody documented has arrived; nothing is guessed beyond that."""
    found = found_invoice([{"status": odd}])
    assert (found.evidence, found.effect, found.invoice) == (Evidence.PRESENT, Effect.ACCEPTED, None)


def test_several_under_one_number() -> None:
    """A divided invoice has arrived, and no single state."""
    found = found_invoice([{"status": "2"}, {"status": "22"}])
    assert (found.evidence, found.effect, found.invoice) == (Evidence.PRESENT, Effect.ACCEPTED, None)
    assert "2" in found.message


FORMS = {
    "15": FormState.APPLYING,
    "16": FormState.APPLY_FAILED,
    "01": FormState.NOT_NEEDED,
    "02": FormState.WAIT_BUYER,
    "03": FormState.WAIT_SELLER,
    "04": FormState.CONFIRMED,
    **{f"{code:02}": FormState.VOID for code in range(5, 14)},
}


def test_every_state_of_a_form() -> None:
    """The table of the reference, whole."""
    assert dict(FORM_STATES) == FORMS


@pytest.mark.parametrize("code", FORMS)
def test_form_waits_for_72_hours(code: str) -> None:
    """A form that waits for somebody lapses 72 hours after its time; any other has no deadline."""
    form = read_form({"billStatus": code, "billTime": "2026-01-02 10:00:00", "billNo": "9999", "billId": "R1"}, None)
    assert form is not None
    assert (form.state, form.raw_state, form.number, form.reference) == (FORMS[code], code, "9999", "R1")
    until = datetime(2026, 1, 5, 10, tzinfo=CHINA) if code in ("02", "03") else None
    assert form.deadline == until
    assert waits({"billStatus": code}) is (until is not None)


def test_no_deadline_without_a_time() -> None:
    """Where the form's time is not told, neither is its end."""
    form = read_form({"billStatus": "02"}, None)
    assert form is not None
    assert form.deadline is None


@pytest.mark.parametrize(
    ("row", "there"),
    [
        ({"billStatus": "04", "openStatus": 1}, True),
        ({"billStatus": "01", "openStatus": "1"}, True),
        ({"billStatus": "01", "openStatus": 0, "invoiceSerialNum": "2601"}, True),
        ({"billStatus": "01", "openStatus": 0, "invoiceSerialNum": None}, False),
        ({"billStatus": "02", "openStatus": 1}, False),
        ({"billStatus": "07", "openStatus": 1, "invoiceSerialNum": "2601"}, False),
        ({"billStatus": "99", "openStatus": 1}, False),
    ],
)
def test_when_a_red_invoice_is_asked_for(row: dict[str, Any], there: bool) -> None:
    """Only for a form that was granted, and that speaks of one."""
    assert red_is_there(row) is there


def test_form_failed_says_why() -> None:
    """State 16 brings its message; it is void, not red."""
    form = read_form({"billId": "R1", "billStatus": "16", "billMessage": "演示：该发票已全额冲红"}, None)
    assert form is not None
    assert (form.state, form.message) == (FormState.APPLY_FAILED, "演示：该发票已全额冲红")


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)
MEMBERS = (
    "status", "serialNo", "failCause", "statusMsg", "invoiceTime", "invoiceNo", "exTaxAmount", "taxAmount", "orderAmount",
    "invoiceType", "pdfUrl", "billStatus", "billTime", "billNo", "openStatus", "invoiceSerialNum", "billMessage",
)  # fmt: skip


@given(st.fixed_dictionaries(dict.fromkeys(MEMBERS, JUNK)), st.sampled_from(["2", "20", "22", None]))
def test_odd_members_spoil_nothing(row: dict[str, Any], status: str | None) -> None:
    """A record may hold anything in any place: what can be read is, and nothing raises."""
    shown = row | ({"status": status, "billStatus": "02"} if status else {})
    assert found_invoice([shown]).evidence is Evidence.PRESENT
    read_form(shown, None)
    red_is_there(shown)
    waits(shown)


def test_times_are_aware() -> None:
    """What is read can be compared with our clock."""
    for text in ("2026-01-01 10:00:05", "1767232805000"):
        moment = read_time(text)
        assert moment is not None
        assert moment.utcoffset() == timedelta(hours=8)
