"""Issued invoices as the parameters of an upload."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from asctl.api import BadInput, Buyer, InvoiceKind, InvoiceResult, LineNature, TitleType
from asctl_taobao.multipart import Upload
from asctl_taobao.uploads import MOST_ITEMS, file_of, parameters
from tests.plugins.taobao.invoices import NUMBER, TID, a_line, a_result, discounted_lines, reversed_result


def sent(result: InvoiceResult, all_electronic: bool = False) -> dict[str, Any]:
    """What is not empty: only that is sent."""
    told = parameters(result, "TM", all_electronic)
    return {name: value for name, value in told.items() if value}


def items(result: InvoiceResult) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(sent(replace(result, application="APPLY0001"))["invoice_items"])
    return rows


def test_brought_to_its_order() -> None:
    """An invoice whose application has no number of the platform's goes to platform and order, without rows."""
    expected = {
        "source": "upload",
        "platform_code": "TM",
        "platform_tid": TID,
        "invoice_type": "blue",
        "invoice_kind": "4",
        "invoice_no": NUMBER,
        "invoice_date": "2026-01-08",
        "sum_price": "113.57",
        "sum_tax": "14.77",
        "invoice_amount": "128.34",
        "invoice_file_type": "PDF",
        "payee_register_no": "91990000MA0DEM0022",
        "payee_name": "示例卖家有限公司",
        "payee_operator": "虚构开票员",
        "business_type": "0",
        "payer_name": "虚构甲",
    }
    assert sent(a_result()) == expected
    assert sent(a_result(application="")) == expected


def test_answer_to_an_application() -> None:
    """Under the platform's own number the rows go along: the price without tax, what a row lacks left out."""
    told = sent(a_result(application="APPLY0001"))
    assert (told["source"], told["apply_id"], told["platform_tid"]) == ("apply", "APPLY0001", TID)
    cup, freight = json.loads(told["invoice_items"])
    assert cup == {
        "row_type": 0,
        "item_name": "示例保温杯",
        "item_no": "1060301000000000000",
        "specification": "500ml",
        "tax_rate": "0.13",
        "sum_price": "109.15",
        "tax": "14.19",
        "amount": "123.34",
        "unit": "件",
        "quantity": "2",
        "price": "54.575",
    }
    assert freight.keys() == {"row_type", "item_name", "item_no", "tax_rate", "sum_price", "tax", "amount"}


def test_discount_rows() -> None:
    """A discount follows its row, negative, without quantity, price or unit."""
    full, discount = items(a_result(lines=discounted_lines()))
    assert (full["row_type"], full["amount"], full["quantity"]) == (2, "258.00", "2")
    assert (discount["row_type"], discount["amount"]) == (1, "-134.66")
    assert not {"quantity", "price", "unit"} & discount.keys()


def test_red() -> None:
    """Sums and amounts negative, quantity and price positive, and the blue invoice named."""
    told = sent(reversed_result(application="APPLY0002"))
    assert (told["invoice_type"], told["normal_invoice_no"]) == ("red", NUMBER)
    assert (told["sum_price"], told["sum_tax"], told["invoice_amount"]) == ("-113.57", "-14.77", "-128.34")
    cup = json.loads(told["invoice_items"])[0]
    assert (cup["amount"], cup["sum_price"], cup["tax"]) == ("-123.34", "-109.15", "-14.19")
    assert (cup["quantity"], cup["price"]) == ("2", "54.575")


@pytest.mark.parametrize(
    ("quantity", "net", "told", "price"),
    [
        ("3", "100.00", "3", "33.333333"),
        ("0.12345678", "1.00", "0.123457", "8.100001"),
        ("10", "100.00", "10", "10.00"),
        ("1.50", "0.02", "1.5", "0.013333"),
    ],
)
def test_places(quantity: str, net: str, told: str, price: str) -> None:
    """At most six places, of a price at least two, half up; never an exponent."""
    (row,) = items(a_result(lines=(a_line(quantity=Decimal(quantity), net=Decimal(net)),)))
    assert (row["quantity"], Decimal(row["price"])) == (told, Decimal(price))
    assert len(row["price"].partition(".")[2]) in range(2, 7)


@pytest.mark.parametrize(("rate", "told"), [("0", "0.00"), ("0.1", "0.10"), ("0.13", "0.13"), ("0.015", "0.015")])
def test_rates(rate: str, told: str) -> None:
    """Two places at least, and none lost."""
    (row,) = items(a_result(lines=(a_line(rate=Decimal(rate)),)))
    assert row["tax_rate"] == told


def test_whole_company() -> None:
    """All that a special invoice tells of its buyer, and where a copy goes."""
    company = Buyer(
        "示例虚构有限公司", TitleType.COMPANY, "91990000MA0DEM0011", "示例市示例路1号", "0571-80000000", "示例银行",
        "330000000000000000", "kaipiao@example.com", "13800001234",
    )  # fmt: skip
    told = sent(a_result(buyer=company, kind=InvoiceKind.DIGITAL_SPECIAL))
    assert (told["business_type"], told["invoice_kind"]) == ("1", "5")
    assert {name: value for name, value in told.items() if name.startswith(("payer_", "receive_"))} == {
        "payer_name": company.title,
        "payer_register_no": company.tax_id,
        "payer_address": company.address,
        "payer_phone": company.phone,
        "payer_bank_name": company.bank,
        "payer_bank_account_id": company.bank_account,
        "payer_email": company.email,
        "receive_mobile": company.mobile,
    }


def test_kinds_by_the_old_numbers() -> None:
    """Where every electronic invoice is kind 0, special ones are too; paper keeps its own, and an unknown one is not told."""
    kinds = (InvoiceKind.DIGITAL_ORDINARY, InvoiceKind.DIGITAL_SPECIAL, InvoiceKind.TAXCTRL_PAPER_SPECIAL)
    assert [sent(a_result(kind=kind), all_electronic=True)["invoice_kind"] for kind in kinds] == ["0", "0", "2"]
    assert "invoice_kind" not in sent(a_result(kind=InvoiceKind.TAXCTRL_ROLL))


def test_day_in_china() -> None:
    """The date is the one on the invoice, also where the moment is told in another zone."""
    late = datetime(2026, 1, 7, 16, 30, tzinfo=UTC)
    assert sent(a_result(issued_at=late))["invoice_date"] == "2026-01-08"


def test_tax_control_invoice() -> None:
    """One with a code tells it, and a red one that of its blue invoice."""
    told = sent(reversed_result(code="033002000111", blue_code="033002000111", blue_number="12345678"))
    assert (told["invoice_code"], told["normal_invoice_code"], told["normal_invoice_no"]) == (
        "033002000111", "033002000111", "12345678",
    )  # fmt: skip


def test_file() -> None:
    """PDF and OFD go along, named after the invoice."""
    assert file_of(a_result()) == Upload("invoice_file_data", f"{NUMBER}.pdf", "application/pdf", b"%PDF-1.4 example")
    ofd = file_of(a_result(format="ofd", file=b"PK"))
    assert (ofd.file_name, ofd.content_type) == (f"{NUMBER}.ofd", "application/ofd")


@pytest.mark.parametrize("changed", [{"file": b""}, {"format": "xml"}])
def test_no_file(changed: dict[str, Any]) -> None:
    """Without a file that the platform takes there is nothing to hand over, and the invoice is named."""
    with pytest.raises(BadInput) as caught:
        file_of(a_result(**changed))
    assert caught.value.code == "invoice_file_missing"
    assert NUMBER in caught.value.message


def test_too_many_rows() -> None:
    """An application is answered with 100 rows at most; without its number the rows stay away."""
    lines = (a_line(nature=LineNature.NORMAL),) * (MOST_ITEMS + 1)
    assert "invoice_items" not in sent(a_result(lines=lines))
    with pytest.raises(BadInput) as caught:
        parameters(a_result(lines=lines, application="APPLY0001"), "TM", False)
    assert caught.value.code == "too_many_invoice_rows"
    assert "101" in caught.value.message
