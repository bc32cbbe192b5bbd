"""Our requests in Baiwang's shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from asctl.api import Delivery, InvoiceKind, Reason
from asctl_baiwang.bodies import NATURES, REASONS, TYPE_CODES
from asctl_baiwang.provider import Baiwang
from asctl_baiwang.wire import DELIVER, REVERSE
from tests.plugins.baiwang.samples import BLUE, ONE_KETTLE, RED_SERIAL, SELLER, body_of, partial, reversal, said, told
from tests.plugins.loopback import Loopback

NUMBER, REFERENCE = "26990000000000000001", "26010110000000000001"


def test_issue_is_the_sample(provider: Baiwang, loop: Loopback) -> None:
    """The request of section 14.7: 2 units at 113.00 with a discount of 22.60 in a row of its own."""
    provider.issue_invoice(BLUE)
    assert body_of(loop.sent[-1]) == {
        "taxNo": "91990000MA0DEM0011",
        "orderNo": "B2601017QK4M2ZP01",
        "orderDateTime": "2026-01-01 10:00:00",
        "invoiceType": "1",
        "invoiceTypeCode": "02",
        "priceTaxMark": "1",
        "buyerName": "演示购方有限公司",
        "buyerTaxNo": "91990000MA0BUYER1T",
        "drawer": "演示员",
        "pushEmail": "buyer@example.invalid",
        "invoiceDetailList": [
            {
                "goodsName": "演示水壶",
                "goodsCode": "1090511030000000000",
                "goodsUnit": "件",
                "goodsQuantity": "2",
                "goodsPrice": "113",
                "goodsTaxRate": "0.13",
                "goodsTotalPrice": "200.00",
                "goodsTotalTax": "26.00",
                "goodsTotalPriceTax": "226.00",
                "invoiceLineNature": "2",
            },
            {
                "goodsName": "演示水壶",
                "goodsCode": "1090511030000000000",
                "goodsTaxRate": "0.13",
                "goodsTotalPrice": "-20.00",
                "goodsTotalTax": "-2.60",
                "goodsTotalPriceTax": "-22.60",
                "invoiceLineNature": "1",
            },
        ],
    }


def test_issue_with_all_that_an_account_sets(make_provider: Callable[..., Baiwang], loop: Loopback) -> None:
    """Terminal and callback address go along, and of the buyer all that is there, each in a field of its own."""
    buyer = replace(
        BLUE.buyer, address="演示市1号", phone="000-1", bank="演示银行", bank_account="1", mobile="13800000004"
    )
    request = replace(BLUE, buyer=buyer, remark="订单1", kind=InvoiceKind.DIGITAL_SPECIAL)
    make_provider(terminal="901", callback_url="https://shop.example/cb").issue_invoice(request)
    body = body_of(loop.sent[-1])
    assert {name: body[name] for name in body if name.startswith(("buyer", "push", "call"))} == {
        "buyerName": "演示购方有限公司",
        "buyerTaxNo": "91990000MA0BUYER1T",
        "buyerAddress": "演示市1号",
        "buyerTelephone": "000-1",
        "buyerBankName": "演示银行",
        "buyerBankNumber": "1",
        "pushEmail": "buyer@example.invalid",
        "pushPhone": "13800000004",
        "callBackUrl": "https://shop.example/cb",
    }
    assert (body["invoiceTerminalCode"], body["remarks"], body["invoiceTypeCode"]) == ("901", "订单1", "01")


def test_full_reversal_is_the_sample(provider: Baiwang, loop: Loopback) -> None:
    """The request of section 14.8, with the buyer's address for the red invoice; no rows for a full one."""
    told(loop, REVERSE, said({"redConfirmSerialNo": "1000000000000000001"}))
    provider.reverse_invoice(reversal(NUMBER, REFERENCE))
    assert body_of(loop.sent[-1]) == {
        "taxNo": "91990000MA0DEM0011",
        "orderNo": RED_SERIAL,
        "originalOrderNo": "B2601017QK4M2ZP01",
        "originalSerialNo": REFERENCE,
        "originalDigitInvoiceNo": NUMBER,
        "fastIssueRedType": "1",
        "redInvoiceLabel": "02",
        "pushEmail": "buyer@example.invalid",
    }


def test_partial_reversal_points_at_blue_rows(provider: Baiwang, loop: Loopback) -> None:
    """A row names the blue one; amounts and quantity are negative, the price is positive and, as the amount, without tax."""
    told(loop, REVERSE, said({"redConfirmSerialNo": "1"}))
    provider.reverse_invoice(partial(NUMBER))
    assert body_of(loop.sent[-1])["details"] == [
        {
            "originalInvoiceDetailNo": "1",
            "goodsName": "演示水壶",
            "goodsCode": "1090511030000000000",
            "goodsUnit": "件",
            "goodsQuantity": "-1",
            "goodsPrice": "90",
            "goodsTaxRate": "0.13",
            "goodsTotalPrice": "-90.00",
            "goodsTotalTax": "-11.70",
            "goodsTotalPriceTax": "-101.70",
        }
    ]


def test_allowance_has_amounts_alone(provider: Baiwang, loop: Loopback) -> None:
    """Without a quantity there is no price either; a price has at most 13 decimals and no exponent."""
    told(loop, REVERSE, said({"redConfirmSerialNo": "1"}))
    bare = replace(ONE_KETTLE, quantity=None, price=None)
    third = replace(ONE_KETTLE, quantity=Decimal(-7))
    provider.reverse_invoice(partial(NUMBER, reason=Reason.ALLOWANCE, lines=(bare, third)))
    first, second = body_of(loop.sent[-1])["details"]
    assert not {"goodsQuantity", "goodsPrice"} & first.keys()
    assert second["goodsPrice"] == "12.8571428571429"


@pytest.mark.parametrize(
    ("label", "codes"),
    [
        ("bureau", {"wrong": "01", "return": "02", "stopped": "03", "allowance": "04"}),
        ("order", {"wrong": "2", "return": "1", "stopped": "3", "allowance": "4"}),
    ],
)
def test_reason_orders(
    make_provider: Callable[..., Baiwang], loop: Loopback, label: str, codes: dict[str, str]
) -> None:
    """The two orders of section 2.3, which swap a return and a mistake; each reason is in both."""
    assert REASONS[label] == {Reason(reason): code for reason, code in codes.items()}
    told(loop, REVERSE, said({"redConfirmSerialNo": "1"}))
    make_provider(red_label=label).reverse_invoice(reversal(NUMBER))
    assert body_of(loop.sent[-1])["redInvoiceLabel"] == codes["return"]


def test_kinds_and_natures() -> None:
    """Section 1.3 and 4.3: 01 is the special one; 1 is the discount row."""
    assert {kind.value: code for kind, code in TYPE_CODES.items()} == {
        "digital_ordinary": "02",
        "digital_special": "01",
    }
    assert {nature.value: code for nature, code in NATURES.items()} == {
        "normal": "0",
        "discount": "1",
        "discounted": "2",
    }


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (InvoiceKind.DIGITAL_SPECIAL, {"digitInvoiceNo": NUMBER}),
        (InvoiceKind.TAXCTRL_E_ORDINARY, {"invoiceNo": NUMBER, "invoiceCode": "012345678901"}),
    ],
)
def test_delivery_names_the_invoice(
    provider: Baiwang, loop: Loopback, kind: InvoiceKind, number: dict[str, str]
) -> None:
    """A digital one by its number, an older one by code and number; what is not wanted is left out."""
    told(loop, DELIVER, said(None))
    provider.deliver_invoice(Delivery("key", SELLER, kind, NUMBER, "012345678901", email="buyer@example.invalid"))
    assert loop.sent[-1].write
    assert body_of(loop.sent[-1]) == {"taxNo": SELLER.tax_id, **number, "pushEmail": "buyer@example.invalid"}
