"""Rows of applications as our records."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import CHINA, ApplicationLine, Buyer, Colour, InvoiceKind, TitleType
from asctl_taobao.application_rows import application, applications, is_own_number
from asctl_taobao.wire import ODD
from tests.plugins.taobao.invoices import TID, application_row, item_row

cents = st.integers(1, 10**9).map(lambda fen: Decimal(fen) / 100)


def items(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"invoice_items": {"invoice_item": list(rows)}}


def lines_of(*rows: dict[str, Any]) -> tuple[ApplicationLine, ...]:
    return application(application_row(**items(*rows))).lines


def test_smallest_row() -> None:
    """What is not told is empty; a colour that is not told is blue; the number is ours."""
    told = application(application_row())
    assert (told.order_id, told.state, told.trigger) == (TID, "applied", "buyer_payed")
    assert (told.kind, told.colour, told.amount) == (InvoiceKind.DIGITAL_ORDINARY, Colour.BLUE, Decimal("128.34"))
    assert told.buyer == Buyer("虚构甲")
    assert told.applied_at == datetime(2026, 1, 8, 8, 0, tzinfo=CHINA)
    assert told.lines == ()
    assert told.application == f"{TID}-20260108080000-blue"


def test_numbers() -> None:
    """The platform's own number is used where it is told; ours tell red and blue of one second apart."""
    red = application(application_row(invoice_type="red")).application
    blue = application(application_row()).application
    theirs = application(application_row(apply_id=20260001)).application
    assert theirs == "20260001"
    assert red != blue
    assert [is_own_number(number, TID) for number in (red, blue, theirs)] == [True, True, False]


def test_applications_of_one_second() -> None:
    """Each has a number of its own, the same at every reading, also where another one comes later."""
    rows = [application_row(payer_name=name) for name in ("虚构甲", "虚构乙", "虚构丙")]
    earlier = application_row(gmt_create="2026-01-08 07:59:59")
    first = f"{TID}-20260108080000-blue"
    assert [found.application for found in applications(rows)] == [first, f"{first}-2", f"{first}-3"]
    assert [found.application for found in applications([*rows, earlier])][1:] == [first, f"{first}-2", f"{first}-3"]
    theirs = application_row(apply_id="A1")
    assert [found.application for found in applications([theirs, theirs])] == ["A1", "A1"]


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (0, InvoiceKind.TAXCTRL_E_ORDINARY),
        (1, InvoiceKind.TAXCTRL_PAPER_ORDINARY),
        (2, InvoiceKind.TAXCTRL_PAPER_SPECIAL),
        (3, InvoiceKind.TAXCTRL_E_SPECIAL),
        (4, InvoiceKind.DIGITAL_ORDINARY),
        ("5", InvoiceKind.DIGITAL_SPECIAL),
    ],
)
def test_kinds(number: object, kind: InvoiceKind) -> None:
    """Every kind of reference/invoices.md section 1.3, as a number or as text."""
    assert application(application_row(invoice_kind=number)).kind is kind


def test_company() -> None:
    """All that a special invoice needs of its buyer."""
    told = application(
        application_row(
            business_type="1",
            payer_name=" 示例虚构有限公司 ",
            payer_register_no="91990000ma0dem0011",
            payer_address="示例市示例路1号",
            payer_phone="0571-80000000",
            payer_bank="示例银行",
            payer_bankaccount="330000000000000000",
        )
    )
    assert told.buyer == Buyer(
        title="示例虚构有限公司",
        type=TitleType.COMPANY,
        tax_id="91990000MA0DEM0011",
        address="示例市示例路1号",
        phone="0571-80000000",
        bank="示例银行",
        bank_account="330000000000000000",
    )


@pytest.mark.parametrize(("status", "state"), [(0, "refused"), (1, "applied"), ("2", "accepted")])
def test_states(status: object, state: str) -> None:
    """The three states of section 8."""
    assert application(application_row(status=status)).state == state


def test_lines() -> None:
    """Rate and quantity keep their places; the freight is marked; a goods number of the seller's is no tax category."""
    cup, freight = lines_of(
        item_row(
            "123.34", item_no="1060301000000000000", tax_rate="0.13", quantity="2", unit="个", specification="500ml",
            biz_order_id=4000000000000000102, is_post_fee_row=False,
        ),
        item_row("5.00", item_name="运费", item_no="CUP500", is_post_fee_row=True),
    )  # fmt: skip
    assert cup == ApplicationLine(
        name="示例保温杯",
        gross=Decimal("123.34"),
        line_id="4000000000000000102",
        code="1060301000000000000",
        rate=Decimal("0.13"),
        quantity=Decimal(2),
        unit="个",
        spec="500ml",
    )
    assert freight == ApplicationLine(name="运费", gross=Decimal("5.00"), freight=True)


@given(price=cents, part=st.integers(0, 100), told_negative=st.booleans(), red=st.booleans())
def test_discounts_are_taken_off_their_row(price: Decimal, part: int, told_negative: bool, red: bool) -> None:
    """Whatever its sign, a discount brings its row nearer to zero, to the cent, and stands in no row of its own."""
    discount = (price * part / 100).quantize(Decimal("0.01"))
    sign = -1 if red else 1
    (line, other) = lines_of(
        item_row(str(price * sign), "2"),
        item_row(str(-discount if told_negative else discount), "1"),
        item_row("1.00"),
    )
    assert line.gross == (price - discount) * sign
    assert other.gross == Decimal("1.00")


@pytest.mark.parametrize(
    "changed",
    [
        {"status": 7},
        {"invoice_kind": 9},
        {"business_type": ""},
        {"invoice_type": "green"},
        {"invoice_amount": ""},
        {"invoice_amount": "NaN"},
        {"gmt_create": "yesterday"},
        items(item_row("-1.00", "1")),
        items(item_row("1.00", "3")),
        items(item_row("1.00", tax_rate="Infinity")),
        items(item_row("1.00", quantity="two")),
        items(item_row("")),
        {"invoice_items": "none"},
    ],
)
def test_rows_out_of_shape(changed: dict[str, Any]) -> None:
    """What cannot be read raises what the client takes for an odd answer; nothing is guessed."""
    with pytest.raises(ODD):
        application(application_row(**changed))


@pytest.mark.parametrize(
    "missing", ["platform_tid", "status", "invoice_kind", "business_type", "payer_name", "gmt_create"]
)
def test_rows_that_lack_a_member(missing: str) -> None:
    """What every application has must be there."""
    with pytest.raises(LookupError):
        application({name: value for name, value in application_row().items() if name != missing})
