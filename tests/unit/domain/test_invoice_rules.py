"""What is refused of a blue invoice before anything is sent: each rule by its number."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from asctl.capabilities.invoices import InvoiceLimits
from asctl.domain.errors import BadInput
from asctl.domain.invoice_flaws import Flaw, refuse_flaws
from asctl.domain.invoice_rules import flaws_of_blue
from asctl.domain.invoices import Buyer, Invoice, InvoiceKind, InvoiceLine, LineNature, Seller, TitleType
from asctl.domain.policy import InvoicePolicy
from tests.unit.domain.invoicing import (
    COMPANY,
    KETTLES,
    LIMITS,
    PERSON,
    POLICY,
    SELLER,
    Limits,
    amounts,
    blue,
    money,
    row,
)

DIGITAL = InvoiceKind.DIGITAL_ORDINARY
SPECIAL = InvoiceKind.DIGITAL_SPECIAL
KETTLE, OFF = KETTLES


def flaws(invoice: Invoice, policy: InvoicePolicy = POLICY, seller: Seller = SELLER) -> list[Flaw]:
    """Those of a blue invoice."""
    return list(flaws_of_blue(invoice, seller, policy, LIMITS))


def told(invoice: Invoice, policy: InvoicePolicy = POLICY) -> list[tuple[str, str, str]]:
    """Rule, code and field of each flaw."""
    return [(flaw.rule, flaw.code, flaw.field) for flaw in flaws(invoice, policy)]


def for_buyer(buyer: Buyer, kind: InvoiceKind = DIGITAL) -> list[tuple[str, str, bool]]:
    """Rule, field and warning of an invoice that is right but for its buyer."""
    return [(flaw.rule, flaw.field, flaw.warning) for flaw in flaws(blue(*KETTLES, buyer=buyer, kind=kind))]


@pytest.mark.parametrize("buyer", [COMPANY, PERSON])
def test_the_sample_is_right(buyer: Buyer) -> None:
    """Two units at 113.00 with 22.60 off, for a company and for a person; the limits that plugins tell serve as they are."""
    assert flaws_of_blue(blue(*KETTLES, buyer=buyer), SELLER, POLICY, InvoiceLimits(), money("203.40")) == ()


@pytest.mark.parametrize(("tax_id", "warning"), [("", False), (" ", False), ("339902999999789113", True)])
def test_v01_seller(tax_id: str, warning: bool) -> None:
    """The seller's tax ID must be there; one that cannot be right is a warning, since vendors' test numbers are such."""
    (flaw,) = flaws(blue(*KETTLES), seller=replace(SELLER, tax_id=tax_id))
    assert (flaw.rule, flaw.field, flaw.warning) == ("V01", "seller.tax_id", warning)


def test_v02_tax_id_by_mode() -> None:
    """Refused, warned of, or not asked; and taken where the configuration allows it."""
    wrong = replace(COMPANY, tax_id="91990000MA0BUYER1X")
    (flaw,) = flaws(blue(*KETTLES, buyer=wrong))
    assert (flaw.rule, flaw.code, flaw.field, flaw.warning) == ("V02", "tax_id_checksum", "buyer.tax_id", False)
    assert wrong.tax_id not in flaw.sentence
    assert [flaw.warning for flaw in flaws(blue(*KETTLES, buyer=wrong), InvoicePolicy(tax_id_check="warn"))] == [True]
    assert flaws(blue(*KETTLES, buyer=wrong), InvoicePolicy(tax_id_check="off")) == []
    assert flaws(blue(*KETTLES, buyer=wrong), InvoicePolicy(tax_id_allow=frozenset({wrong.tax_id}))) == []


def test_v02_a_person_has_an_identity_number() -> None:
    """It is never judged as a credit code, nor the other way round."""
    assert for_buyer(replace(PERSON, tax_id="91990000MA0BUYER1T")) == [
        ("V02", "buyer.tax_id", False),
        ("V05", "buyer.tax_id", True),
    ]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [(SPECIAL, {"tax_id"}), (InvoiceKind.TAXCTRL_PAPER_SPECIAL, {"tax_id", "address", "phone", "bank", "bank_account"}),
     (DIGITAL, set()), (InvoiceKind.TAXCTRL_E_ORDINARY, set())],
)  # fmt: skip
def test_v03_fields_of_the_kind(kind: InvoiceKind, fields: set[str]) -> None:
    """A special invoice needs the tax ID; one of tax control address, phone and bank, too."""
    found = flaws(blue(*KETTLES, buyer=replace(COMPANY, tax_id=""), kind=kind))
    assert {flaw.field for flaw in found if flaw.code == "buyer_field_missing"} == {f"buyer.{name}" for name in fields}


def test_v03_kinds_that_are_not_issued() -> None:
    """A kind that the account does not issue is refused here."""
    assert ("V03", "kind_not_offered", "kind") in told(blue(*KETTLES, kind=InvoiceKind.TAXCTRL_ROLL))


@pytest.mark.parametrize(
    ("title", "code"),
    [("", "title_length"), ("   ", "title_length"), ("演" * 101, "title_length"), ("12-34.", "title_without_letters"),
     ("演示\x07公司", "title_control_character"), ("演示\u200b公司", "title_control_character")],
)  # fmt: skip
def test_v04_titles(title: str, code: str) -> None:
    """1 to 100 characters after trimming, none of them invisible, not digits and punctuation only; never shown."""
    (flaw,) = flaws(blue(*KETTLES, buyer=replace(COMPANY, title=title)))
    assert (flaw.rule, flaw.code, flaw.field) == ("V04", code, "buyer.title")
    assert not title.strip() or title not in flaw.sentence


@pytest.mark.parametrize("title", ["演", "  演示购方  ", "演" * 100, "Demo Co. 3"])
def test_v04_titles_that_are_right(title: str) -> None:
    """Blanks at the ends do not count."""
    assert flaws(blue(*KETTLES, buyer=replace(COMPANY, title=title))) == []


def test_v05_title_and_tax_id() -> None:
    """A company's title needs its tax ID."""
    assert for_buyer(replace(COMPANY, tax_id="")) == [("V05", "buyer.tax_id", False)]


def test_v06_special_for_a_person() -> None:
    """A person cannot deduct."""
    assert ("V06", "buyer.type", False) in for_buyer(replace(COMPANY, type=TitleType.PERSON), SPECIAL)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"name": "壶" * 91}, "name"), ({"name": " "}, "name"), ({"spec": "长" * 41}, "spec"), ({"unit": "件" * 21}, "unit")],
)  # fmt: skip
def test_v07_words_too_long(change: dict[str, str], field: str) -> None:
    """Goods' name 90, specification 40, unit 20 characters."""
    assert told(blue(replace(row("5.65"), **change))) == [("V07", f"{field}_length", f"lines[1].{field}")]  # type: ignore[arg-type]


def test_v07_rows_and_remark() -> None:
    """At least one row, at most what the issuer takes; the remark, too."""
    assert ("V07", "row_count", "lines") in told(blue())
    few = Limits(lines=1, remark=3)
    found = flaws_of_blue(blue(*KETTLES, remark="abcd"), SELLER, POLICY, few)
    assert [(flaw.code, flaw.field) for flaw in found] == [("row_count", "lines"), ("remark_length", "remark")]
    assert "2 rows; 1 to 1" in found[0].sentence


@pytest.mark.parametrize("code", ["", "109051103", "109051103000000000A", "１090511030000000000"])
def test_v08_tax_category(code: str) -> None:
    """19 ASCII digits."""
    assert told(blue(replace(row("5.65"), code=code))) == [("V08", "bad_goods_code", "lines[1].code")]


def test_v09_rates() -> None:
    """Only those that the configuration allows."""
    old = blue(row("11.70", rate=Decimal("0.17")))
    (flaw,) = flaws(old)
    assert (flaw.rule, flaw.code, flaw.field) == ("V09", "rate_not_allowed", "lines[1].rate")
    assert "0.17" in flaw.sentence
    assert "0.13" in flaw.sentence
    assert flaws(old, InvoicePolicy(rates=(Decimal("0.170"),))) == []


@pytest.mark.parametrize(
    ("net", "tax", "gross", "wrong"),
    [
        ("100.00", "13.06", "113.06", []),
        ("100.00", "12.94", "112.94", []),
        ("100.00", "13.07", "113.07", [("V12", "row_tax", "lines[1].tax")]),
        ("100.00", "12.93", "112.93", [("V12", "row_tax", "lines[1].tax")]),
        ("100.00", "13.00", "113.01", [("V11", "row_sum", "lines[1].gross")]),
        ("100.001", "13.00", "113.001",
         [("V10", "bad_amount", f"{at}{name}") for at in ("lines[1].", "") for name in ("net", "gross")]),
        ("-5.00", "0.65", "-4.35", [("V12", "row_tax", "lines[1].tax"), ("V12", "invoice_tax", "lines"),
                                    ("V16", "row_not_positive", "lines[1].gross"), ("V16", "total_not_positive", "gross")]),
        ("5.00", "-0.05", "4.95", [("V12", "row_tax", "lines[1].tax"), ("V16", "row_not_positive", "lines[1].gross")]),
        ("0.00", "0.00", "0.00", [("V16", "row_not_positive", "lines[1].gross"), ("V16", "total_not_positive", "gross")]),
    ],
)  # fmt: skip
def test_v10_to_v12_rows(net: str, tax: str, gross: str, wrong: list[tuple[str, str, str]]) -> None:
    """Two decimals, an exact sum, and a tax within 0.06 of its rate."""
    assert told(blue(amounts(net, tax, gross))) == wrong


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("field", ["net", "tax", "gross", "rate", "quantity", "price"])
def test_v10_no_numbers(number: str, field: str) -> None:
    """What is no number is a flaw of its own, and the other rules do not stumble over it."""
    broken = blue(row("5.65"), **{name: money("5.65") for name in ("net", "tax", "gross")})
    broken = replace(broken, lines=(replace(row("5.65"), **{field: Decimal(number)}),))  # type: ignore[arg-type]
    (flaw,) = flaws(broken)
    assert flaw.field in (f"lines[1].{field}", "lines[1].quantity")


def test_v12_of_all_rows() -> None:
    """Differences that each pass may not gather beyond 1.27."""
    most = [amounts("100.00", "13.06", "113.06")] * 21
    assert told(blue(*most)) == []
    assert told(blue(*most, most[0])) == [("V12", "invoice_tax", "lines")]


@pytest.mark.parametrize(
    ("quantity", "price"),
    [("1", None), (None, "113.00"), ("0", "113.00"), ("0.123456789", "919.00"), ("1", "113.000000001")],
)
def test_v13_quantity_and_price(quantity: str | None, price: str | None) -> None:
    """Both or none, not zero, with no more decimals than the issuer takes."""
    line = replace(row("113.00"), quantity=quantity and Decimal(quantity), price=price and Decimal(price))  # type: ignore[arg-type]
    assert ("V13", "bad_quantity", "lines[1].quantity") in told(blue(line))


def test_v14_price_is_a_warning() -> None:
    """The three amounts decide; a price that does not fit them is told."""
    (flaw,) = flaws(blue(replace(row("113.00"), price=money("113.02"))))
    assert (flaw.rule, flaw.warning) == ("V14", True)
    assert flaws(blue(replace(row("113.00"), price=money("113.01")))) == []


@pytest.mark.parametrize("name", ["net", "tax", "gross"])
def test_v15_sums(name: str) -> None:
    """The invoice's own sums are those of its rows, exactly."""
    right = blue(*KETTLES)
    (flaw,) = flaws(replace(right, **{name: getattr(right, name) + money("0.01")}))  # type: ignore[arg-type]
    assert (flaw.rule, flaw.code, flaw.field) == ("V15", "invoice_sum", name)
    assert str(getattr(right, name)) in flaw.sentence


def test_v16_signs() -> None:
    """Rows above zero, discounts below."""
    less = replace(row("113.00"), quantity=Decimal(-1), price=money("-113.00"))
    assert told(blue(less)) == [("V16", "row_not_positive", "lines[1].gross")]
    assert ("V16", "discount_not_negative", "lines[2].gross") in told(
        blue(KETTLE, amounts("20.00", "2.60", "22.60", nature=LineNature.DISCOUNT))
    )


@pytest.mark.parametrize(
    ("lines", "code", "field"),
    [
        ((OFF, KETTLE), "discount_unpaired", "lines[1].nature"),
        ((KETTLE,), "discount_missing", "lines[1]"),
        ((KETTLE, row("5.65"), OFF), "discount_unpaired", "lines[3].nature"),
        ((KETTLE, OFF, OFF), "discount_unpaired", "lines[3].nature"),
        ((replace(KETTLE, nature=LineNature.NORMAL), OFF), "discount_unpaired", "lines[2].nature"),
        ((KETTLE, replace(OFF, name="演示茶壶")), "discount_of_other_goods", "lines[2]"),
        ((KETTLE, replace(OFF, code="1" * 19)), "discount_of_other_goods", "lines[2]"),
        ((KETTLE, amounts("-201.00", "-26.13", "-227.13", nature=LineNature.DISCOUNT)), "discount_too_large", "lines[2].gross"),
        ((KETTLE, replace(OFF, unit="件")), "discount_quantity", "lines[2].quantity"),
        ((KETTLE, replace(OFF, quantity=Decimal(1), price=money("-22.60"))), "discount_quantity", "lines[2].quantity"),
    ],
)  # fmt: skip
def test_v17_discounts(lines: tuple[InvoiceLine, ...], code: str, field: str) -> None:
    """Directly after their line, of the same goods, not larger, one each, without units."""
    assert ("V17", code, field) in told(blue(*lines))


def test_v25_zero_rate() -> None:
    """It needs a policy code that is not on record, so such an invoice is not sent."""
    assert told(blue(row("5.65", rate=Decimal(0)))) == [("V25", "zero_rate", "lines[1].rate")]


@pytest.mark.parametrize(
    ("change", "field"),
    [({"email": "nobody"}, "email"), ({"email": "a" * 40 + "@example.invalid"}, "email"),
     ({"email": "a b@example.invalid"}, "email"),
     ({"mobile": "12345"}, "mobile"), ({"mobile": "23800000000"}, "mobile"), ({"mobile": "１3800000000"}, "mobile")],
)  # fmt: skip
def test_v26_delivery(change: dict[str, str], field: str) -> None:
    """An address that cannot be delivered to is refused, and not shown."""
    (flaw,) = flaws(blue(*KETTLES, buyer=replace(COMPANY, **change)))  # type: ignore[arg-type]
    assert (flaw.rule, flaw.field) == ("V26", f"buyer.{field}")
    assert change[field] not in flaw.sentence


@pytest.mark.parametrize("serial", ["", "B" * 21, "B 1", "B/1", "Ｂ1"])
def test_v27_serial(serial: str) -> None:
    """At most 20 characters that every provider takes."""
    assert told(blue(*KETTLES, serial=serial)) == [("V27", "bad_serial", "serial")]


def test_v28_more_than_was_paid() -> None:
    """What was refunded may not be billed."""
    (flaw,) = flaws_of_blue(blue(*KETTLES), SELLER, POLICY, LIMITS, money("203.39"))
    assert (flaw.rule, flaw.code, flaw.field) == ("V28", "exceeds_order", "gross")
    assert "203.40" in flaw.sentence
    assert "203.39" in flaw.sentence


def test_the_refusal() -> None:
    """The first error decides; field, rule and numbers are told, and how many more there are."""
    wrong = blue(amounts("100.00", "13.07", "113.08"), buyer=replace(COMPANY, tax_id="339902999999789113"))
    found = flaws(wrong, InvoicePolicy(tax_id_check="warn"))
    with pytest.raises(BadInput) as error:
        refuse_flaws(found, "order 8801")
    assert error.value.code == "row_sum"
    assert error.value.message == (
        "order 8801: lines[1].gross: net 100.00 and tax 13.07 do not add up to 113.08 (rule V11); 1 more flaws"
    )
    assert error.value.hint


@pytest.mark.parametrize(
    "rule", ["V01", "V02", "V07", "V11", "V20", "V30"]
)  # fmt: skip
def test_every_refusal_has_a_next_step(rule: str) -> None:
    """The hint depends on whose data are wrong."""
    with pytest.raises(BadInput) as error:
        refuse_flaws([Flaw(rule, "word", "gross", "is wrong")], "I17")
    assert error.value.hint
    assert error.value.message == f"I17: gross: is wrong (rule {rule})"


def test_warnings_are_passed_over() -> None:
    """Nothing is refused for a warning, or for nothing."""
    refuse_flaws([Flaw("V14", "row_price", "lines[1].price", "2 at 3 is not 5", warning=True)], "I17")
    refuse_flaws([], "I17")
