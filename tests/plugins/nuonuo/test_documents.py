"""What is sent: the invoice to issue and the form to apply for (sections 2.3, 5.6, 5.8, 14.2 and 14.4)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import AsctlError, BadConfiguration, BadInput, Buyer, InvoiceKind, LineNature, Reason, Scope, TitleType
from asctl_nuonuo.documents import NATURES, REASONS, Terms, blue_order, plain, red_form
from tests.plugins.nuonuo.conftest import BLUE, BUYER, CODE, FULL, ONE_BACK, PART, SELLER, SOLD, line

TERMS = Terms("901", "auto", "")


def order(request: Any = BLUE, terms: Terms = TERMS) -> dict[str, Any]:
    """The order of an issue call."""
    body = blue_order(request, terms)
    assert list(body) == ["order"]
    told = body["order"]
    assert isinstance(told, dict)
    return told


def test_invoice_of_the_sample() -> None:
    """All values are text; prices with tax, all three amounts, and a discount row without quantity, price or unit."""
    assert order() == {
        "orderNo": "B2601017QK4M2ZP01",
        "invoiceDate": "2026-01-01 10:00:00",
        "invoiceType": "1",
        "invoiceLine": "bs",
        "extensionNumber": "901",
        "salerTaxNum": "91990000MA0DEM0011",
        "clerk": "演示员",
        "buyerName": "演示购方有限公司",
        "buyerTaxNum": "91990000MA0BUYER1T",
        "pushMode": "0",
        "email": "buyer@example.invalid",
        "bField1": "RMA2601010001X",
        "bField2": "3000000000000000001",
        "invoiceDetail": [
            {
                "goodsName": "演示水壶",
                "goodsCode": CODE,
                "selfCode": "SKU-01",
                "withTaxFlag": "1",
                "price": "113",
                "num": "2",
                "unit": "件",
                "specType": "1.5L",
                "taxRate": "0.13",
                "taxExcludedAmount": "200.00",
                "tax": "26.00",
                "taxIncludedAmount": "226.00",
                "invoiceLineProperty": "2",
                "favouredPolicyFlag": "0",
                "dField1": "L-1",
            },
            {
                "goodsName": "演示水壶",
                "goodsCode": CODE,
                "withTaxFlag": "1",
                "taxRate": "0.13",
                "taxExcludedAmount": "-20.00",
                "tax": "-2.60",
                "taxIncludedAmount": "-22.60",
                "invoiceLineProperty": "1",
                "favouredPolicyFlag": "0",
            },
        ],
    }


def test_form_of_the_sample() -> None:
    """A partial reversal names the blue lines; quantity and amounts are negative, the price without tax is not."""
    assert red_form(PART, TERMS) == {
        "billId": "R260102H3J5K7M901",
        "orderNo": "R260102H3J5K7M901",
        "blueInvoiceLine": "bs",
        "applySource": "0",
        "blueElecInvoiceNumber": "26990000000000000001",
        "sellerTaxNo": "91990000MA0DEM0011",
        "sellerName": "演示销方有限公司",
        "buyerTaxNo": "91990000MA0BUYER1T",
        "buyerName": "演示购方有限公司",
        "redReason": "1",
        "extensionNumber": "901",
        "detail": [
            {
                "blueDetailIndex": "1",
                "goodsName": "演示水壶",
                "goodsCode": CODE,
                "unit": "件",
                "specType": "1.5L",
                "num": "-1",
                "taxExcludedPrice": "90",
                "taxExcludedAmount": "-90.00",
                "taxAmount": "-11.70",
                "taxRate": "0.13",
            }
        ],
    }


def test_full_reversal_has_no_lines() -> None:
    """Whatever lines the request holds, a full form goes without."""
    assert "detail" not in red_form(replace(FULL, lines=(ONE_BACK,)), TERMS)


def test_allowance_has_amounts_alone() -> None:
    """Money back for goods that stay has neither quantity nor price."""
    given_back = line("-10.00", "-1.30", blue_line=1)
    (row,) = _rows(red_form(replace(PART, reason=Reason.ALLOWANCE, lines=(given_back,)), TERMS)["detail"])
    assert {"num", "taxExcludedPrice"} & set(row) == set()
    assert row["taxExcludedAmount"] == "-10.00"


def test_price_that_does_not_come_out_even() -> None:
    """It has eight decimals; it only informs, the amounts decide."""
    third = line("-10.00", "-1.30", quantity=Decimal(-3), price=Decimal("3.77"), blue_line=1)
    (row,) = _rows(red_form(replace(PART, lines=(third,)), TERMS)["detail"])
    assert row["taxExcludedPrice"] == "3.33333333"


@pytest.mark.parametrize(
    ("reason", "code"),
    [(Reason.RETURN, "1"), (Reason.WRONG, "2"), (Reason.STOPPED, "3"), (Reason.ALLOWANCE, "4")],
)
def test_reasons_in_nuonuos_order(reason: Reason, code: str) -> None:
    """The trap: goods returned is 1 here and 02 at the bureau, a wrong invoice the other way round."""
    assert red_form(replace(FULL, reason=reason), TERMS)["redReason"] == code
    assert set(REASONS) == set(Reason)


def test_natures() -> None:
    """0 normal, 1 discount, 2 discounted."""
    assert {nature.value: code for nature, code in NATURES.items()} == {
        LineNature.NORMAL: "0",
        LineNature.DISCOUNT: "1",
        LineNature.DISCOUNTED: "2",
    }


@pytest.mark.parametrize(
    ("email", "mobile", "mode", "told"),
    [
        ("a@example.invalid", "13800000000", "auto", ("2", "a@example.invalid", "13800000000")),
        ("a@example.invalid", "", "auto", ("0", "a@example.invalid", None)),
        ("", "13800000000", "auto", ("1", None, "13800000000")),
        ("", "", "auto", ("-1", None, None)),
        ("a@example.invalid", "13800000000", "email", ("0", "a@example.invalid", None)),
        ("a@example.invalid", "13800000000", "phone", ("1", None, "13800000000")),
        ("a@example.invalid", "", "phone", ("-1", None, None)),
        ("a@example.invalid", "13800000000", "none", ("-1", None, None)),
    ],
)
def test_ways_of_delivery(email: str, mobile: str, mode: str, told: tuple[str, ...]) -> None:
    """A mode is never sent without its address, nor an address that the account does not want to be used."""
    request = replace(BLUE, buyer=replace(BUYER, email=email, mobile=mobile))
    sent = order(request, replace(TERMS, push_mode=mode))
    assert (sent["pushMode"], sent.get("email"), sent.get("buyerPhone")) == told


@pytest.mark.parametrize(
    ("buyer", "flag"),
    [
        (Buyer("测试甲", TitleType.PERSON), None),
        (Buyer("测试甲", TitleType.PERSON, "110101199003070000"), "1"),
        (Buyer("演示购方有限公司", TitleType.COMPANY, "91990000MA0BUYER1T"), None),
    ],
)
def test_private_person(buyer: Buyer, flag: str | None) -> None:
    """Only a private person with a number of his own is a natural person to the bureau."""
    assert order(replace(BLUE, kind=InvoiceKind.DIGITAL_ORDINARY, buyer=buyer)).get("naturalPersonFlag") == flag


def test_bank_and_account_are_one_text() -> None:
    """On both sides."""
    seller = replace(SELLER, bank="演示银行", bank_account="6200")
    sent = order(replace(BLUE, seller=seller, buyer=replace(BUYER, bank="演示银行", bank_account="6201")))
    assert (sent["salerAccount"], sent["buyerAccount"]) == ("演示银行 6200", "演示银行 6201")


@pytest.mark.parametrize(
    ("changed", "field", "length"),
    [
        ({"buyer": replace(BUYER, title="购" * 101)}, "buyer.title", 101),
        ({"buyer": replace(BUYER, address="路" * 81)}, "buyer.address", 81),
        ({"buyer": replace(BUYER, address="路" * 80, phone="0" * 21)}, "buyer.address + buyer.phone", 101),
        ({"buyer": replace(BUYER, email="e" * 51)}, "buyer.email", 51),
        ({"buyer": replace(BUYER, tax_id="9" * 21)}, "buyer.tax_id", 21),
        ({"remark": "注" * 201}, "remark", 201),
        ({"serial": "B" * 21}, "serial", 21),
        ({"lines": (replace(SOLD, name="壶" * 91),)}, "lines[1].name", 91),
        ({"lines": (SOLD, replace(SOLD, spec="L" * 41))}, "lines[2].spec", 41),
        ({"lines": (replace(SOLD, unit="件" * 21),)}, "lines[1].unit", 21),
        ({"lines": (replace(SOLD, price=Decimal("12345678.12345678")),)}, "lines[1].price", 17),
    ],
)
def test_what_is_too_long_is_not_sent(changed: dict[str, Any], field: str, length: int) -> None:
    """The field and both numbers are told, and nothing of what the field holds."""
    with pytest.raises(BadInput) as caught:
        blue_order(replace(BLUE, **changed), TERMS)
    assert caught.value.code == "too_long"
    assert (field in caught.value.message, str(length) in caught.value.message) == (True, True)
    assert all(held not in caught.value.message for held in ("购购", "路路", "壶壶", "9999", "演示"))


@pytest.mark.parametrize(
    ("change", "setting"),
    [
        (lambda: blue_order(replace(BLUE, seller=replace(SELLER, phone="0" * 21)), TERMS), "seller_phone"),
        (lambda: blue_order(replace(BLUE, seller=replace(SELLER, address="路" * 81)), TERMS), "seller_address"),
        (lambda: blue_order(replace(BLUE, seller=replace(SELLER, drawer="员" * 21)), TERMS), "drawer"),
        (lambda: blue_order(BLUE, replace(TERMS, extension="901234")), "extension"),
        (lambda: red_form(replace(FULL, seller=replace(SELLER, name="名" * 101)), TERMS), "seller_name"),
        (lambda: red_form(FULL, replace(TERMS, callback_url="https://a.invalid/" + "x" * 210)), "callback_url"),
    ],
)
def test_settings_that_are_too_long(change: Any, setting: str) -> None:
    """They are a matter of the configuration, by the setting's name."""
    with pytest.raises(BadConfiguration) as caught:
        change()
    assert (caught.value.code, setting in caught.value.message) == ("setting_too_long", True)


def test_long_sku_stays_at_home() -> None:
    """A SKU only informs: one of more than 16 characters is left out, not cut."""
    (row,) = order(replace(BLUE, lines=(replace(SOLD, sku="S" * 17),)))["invoiceDetail"]
    assert "selfCode" not in row


@pytest.mark.parametrize(
    "build",
    [lambda kind: blue_order(replace(BLUE, kind=kind), TERMS), lambda kind: red_form(replace(FULL, kind=kind), TERMS)],
)
def test_other_kinds_are_not_issued(build: Any) -> None:
    """Paper and tax-control invoices are read, and neither issued nor reversed."""
    for kind in set(InvoiceKind) - {InvoiceKind.DIGITAL_ORDINARY, InvoiceKind.DIGITAL_SPECIAL}:
        with pytest.raises(AsctlError) as caught:
            build(kind)
        assert caught.value.code == "kind_not_issued"


def test_partial_of_an_ordinary_invoice() -> None:
    """The kind of the blue invoice goes along."""
    assert (
        red_form(replace(PART, kind=InvoiceKind.DIGITAL_ORDINARY, scope=Scope.PARTIAL), TERMS)["blueInvoiceLine"]
        == "pc"
    )


@given(st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=-(10**7), max_value=10**7))
def test_numbers_are_plain(number: Decimal) -> None:
    """No exponent, nothing behind the last digit that counts, and the very same number."""
    text = plain(number)
    assert Decimal(text) == number
    assert "E" not in text.upper()
    assert "." not in text or text[-1] not in "0."


def _rows(value: object) -> list[dict[str, str]]:
    assert isinstance(value, list)
    return value
