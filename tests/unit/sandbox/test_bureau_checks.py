"""What the bureau would not take of a blue invoice, by arithmetic of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from asctl.domain.invoices import Buyer, InvoiceKind, InvoiceLine, LineNature, TitleType
from asctl.sandbox.bureau_checks import is_credit_code
from tests.unit.sandbox.bureau_support import COMPANY, DISCOUNT, KETTLES, ORDINARY, PERSON, SAMPLE, Books

PLAIN = replace(KETTLES, nature=LineNature.NORMAL)


def priced(net: str, tax: str, gross: str) -> InvoiceLine:
    """A line with these amounts, without quantity and price."""
    return replace(PLAIN, net=Decimal(net), tax=Decimal(tax), gross=Decimal(gross), quantity=None, price=None)


@pytest.mark.parametrize(
    ("lines", "flaw"),
    [
        (SAMPLE, ""),
        ([PLAIN], ""),
        ([], "no_lines"),
        ([priced("100.00", "13.06", "113.06")], ""),
        ([priced("100.00", "13.07", "113.07")], "tolerance"),
        ([priced("100.00", "12.94", "112.94")], ""),
        ([priced("100.00", "13.00", "113.01")], "sum"),
        ([priced("100.001", "13.00", "113.001")], "amount"),
        ([priced("-5.00", "-0.65", "-5.65")], "amount"),
        ([priced("NaN", "13.00", "113.00")], "amount"),
        ([priced("0.00", "0.00", "0.00")], "amount"),
        ([priced("100.00", "13.06", "113.06")] * 21, ""),
        ([priced("100.00", "13.06", "113.06")] * 22, "tolerance"),
        ([replace(PLAIN, price=None)], "amount"),
        ([replace(PLAIN, quantity=Decimal(0))], "amount"),
        ([replace(PLAIN, quantity=Decimal("NaN"))], "amount"),
        ([replace(PLAIN, quantity=Decimal(-2))], "amount"),
        ([replace(PLAIN, price=Decimal(-113))], "amount"),
        ([replace(PLAIN, code="109051103")], "code"),
        ([replace(PLAIN, code="١" * 19)], "code"),
        ([replace(PLAIN, rate=Decimal("0.17"))], "rate"),
        ([replace(PLAIN, rate=Decimal("0.130"))], ""),
        ([DISCOUNT, PLAIN], "discount"),
        ([KETTLES], "discount"),
        ([KETTLES, PLAIN], "discount"),
        ([PLAIN, DISCOUNT], "discount"),
        ([KETTLES, DISCOUNT, DISCOUNT], "discount"),
        ([KETTLES, replace(DISCOUNT, name="演示茶杯")], "discount"),
        ([KETTLES, replace(DISCOUNT, code="1" * 19)], "discount"),
        ([KETTLES, replace(DISCOUNT, quantity=Decimal(1), price=Decimal(1))], "discount"),
        ([KETTLES, replace(DISCOUNT, unit="件")], "discount"),
        ([KETTLES, replace(KETTLES, nature=LineNature.DISCOUNT, quantity=None, price=None, unit="")], "discount"),
        (
            [KETTLES, replace(DISCOUNT, net=Decimal("-200.00"), tax=Decimal("-26.00"), gross=Decimal("-226.00"))],
            "amount",
        ),
        (
            [KETTLES, replace(DISCOUNT, net=Decimal("-200.01"), tax=Decimal("-26.00"), gross=Decimal("-226.01"))],
            "discount",
        ),
    ],
)
def test_lines_must_agree_with_themselves(lines: Sequence[InvoiceLine], flaw: str) -> None:
    """The values at the end of section 10, the limits of 4.2, and the discount rows of 4.3."""
    assert Books().bureau.flaw(ORDINARY, COMPANY, tuple(lines)) == flaw


@pytest.mark.parametrize(
    ("kind", "buyer", "flaw"),
    [
        (ORDINARY, PERSON, ""),
        (ORDINARY, replace(PERSON, title="  "), "buyer_name"),
        (ORDINARY, replace(PERSON, title="长" * 101), "buyer_name"),
        (ORDINARY, replace(COMPANY, tax_id=""), "buyer_tax_id"),
        (ORDINARY, replace(COMPANY, tax_id="91990000MA0DEM0012"), "buyer_tax_id"),
        (ORDINARY, replace(COMPANY, tax_id="990000123456789"), ""),
        (ORDINARY, replace(COMPANY, tax_id="99000"), "buyer_tax_id"),
        (ORDINARY, replace(PERSON, tax_id="110101199003070000"), ""),
        (ORDINARY, replace(PERSON, tax_id="x"), "buyer_tax_id"),
        (InvoiceKind.DIGITAL_SPECIAL, COMPANY, ""),
        (InvoiceKind.DIGITAL_SPECIAL, PERSON, "buyer_tax_id"),
        (InvoiceKind.DIGITAL_SPECIAL, Buyer("演示", TitleType.PERSON, "110101199003070000"), "buyer_tax_id"),
    ],
)
def test_the_buyer_must_be_told_as_the_kind_needs_it(kind: InvoiceKind, buyer: Buyer, flaw: str) -> None:
    """A company and whoever deducts have a tax ID; a person need not (section 1.6)."""
    assert Books().bureau.flaw(kind, buyer, SAMPLE) == flaw


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("91990000MA0DEM0011", True),
        ("91990000MA0DEM0024", True),
        ("91990000MA0BUYER1T", True),
        ("91990000MA0BUYER2X", True),
        ("92990000L0PERP0N3F", True),
        ("91110000600037341L", True),
        ("91990000MA0DEM0012", False),
        ("91990000MA0DEMO011", False),
        ("000000000000000000", False),
        ("91990000ma0dem0011", False),
        ("", False),
    ],
)
def test_credit_codes_by_their_check_character(text: str, good: bool) -> None:
    """The vectors of section 3.1."""
    assert is_credit_code(text) is good
