"""What is billed of an order: every cent that was paid, and no other."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.domain.billing import GoodsTax, fee_line, sale_lines, totals, unit_price
from asctl.domain.errors import BadInput
from asctl.domain.invoice_rules import flaws_of_blue
from asctl.domain.invoices import FREIGHT, LineNature
from asctl.domain.orders import Order, OrderLine
from asctl.domain.tax import split
from tests.unit.domain.invoicing import CODE, LIMITS, POLICY, RATE, SELLER, blue, goods, item, money, order

CENT = Decimal("0.01")
POST = GoodsTax("", "3040407040000000000", Decimal("0.09"))


def known(line: OrderLine) -> GoodsTax:
    """Every SKU is known, by its own number and the order's name."""
    return GoodsTax(line.sku, CODE, RATE)


def grosses(*lines: OrderLine, amount: str, freight: str = "0.00", post: GoodsTax | None = None) -> list[str]:
    """The gross of each row."""
    return [str(row.gross) for row in sale_lines(order(*lines, amount=amount, freight=freight), known, post)]


def test_discounted_goods_make_a_pair() -> None:
    """Two units at 113.00 with 22.60 off: the full price, then the discount in a row of its own, as providers want it."""
    full, off = sale_lines(order(item("1", "113.00", "203.40", 2), amount="203.40"), lambda _line: goods(), None)
    assert (full.net, full.tax, full.gross) == (money("200.00"), money("26.00"), money("226.00"))
    assert (full.quantity, full.price, full.nature) == (2, money("113.00"), LineNature.DISCOUNTED)
    assert (off.net, off.tax, off.gross) == (money("-20.00"), money("-2.60"), money("-22.60"))
    assert (off.quantity, off.price, off.unit, off.nature) == (None, None, "", LineNature.DISCOUNT)
    assert (off.name, off.code, off.rate, off.line_id) == (full.name, full.code, full.rate, full.line_id)
    assert totals((full, off)) == (money("180.00"), money("23.40"), money("203.40"))


def test_goods_at_their_price_make_one_row() -> None:
    """What was not paid for, as a gift, is not billed; names are those of the order where the goods have none."""
    (row,) = sale_lines(order(item("1", "5.65", "5.65"), item("2", "9.00", "0.00"), amount="5.65"), known, None)
    assert (row.net, row.tax, row.gross, row.nature) == (money("5.00"), money("0.65"), money("5.65"), LineNature.NORMAL)
    assert (row.name, row.sku, row.line_id, row.price) == ("水壶", "SKU-1", "1", money("5.65"))


def test_freight() -> None:
    """With its own category it is a row; without, it is part of what the goods cost."""
    lines = (item("1", "10.00", "10.00"), item("2", "20.00", "20.00"))
    assert grosses(*lines, amount="36.00", freight="6.00", post=POST) == ["10.00", "20.00", "6.00"]
    assert grosses(*lines, amount="36.00", freight="6.00") == ["12.00", "24.00"]
    *_goods, freight = sale_lines(order(*lines, amount="36.00", freight="6.00"), known, POST)
    assert (freight.line_id, freight.quantity, freight.rate, freight.name) == (FREIGHT, 1, Decimal("0.09"), "运费")


def test_a_discount_on_the_whole_order_is_spread() -> None:
    """An invoice has no negative row that stands alone, so every row gives its share: 33.33, 33.33 and 33.34 less 10.00."""
    lines = [item(str(place), price, price) for place, price in enumerate(("33.33", "33.33", "33.34"), 1)]
    billed = sale_lines(order(*lines, amount="90.00"), known, None)
    assert [str(row.gross) for row in billed] == ["33.33", "-3.33", "33.33", "-3.34", "33.34", "-3.33"]


def test_a_surplus_is_a_higher_price() -> None:
    """What was paid beyond the lines, even several times as much, is billed with the goods."""
    assert grosses(item("1", "10.00", "10.00"), item("2", "30.00", "30.00"), amount="44.00") == ["11.00", "33.00"]
    (row,) = sale_lines(order(item("1", "0.00", "0.10", 3), amount="10.00"), known, None)
    assert (row.gross, row.quantity, row.price) == (money("10.00"), 3, Decimal("3.33333333"))


def test_the_last_cent_keeps_a_net() -> None:
    """0.05 with 0.04 off: split each alone, the pair would have no net, and nothing of it could be reversed."""
    full, off = sale_lines(order(item("1", "0.05", "0.01"), amount="0.01"), known, None)
    assert (full.net + off.net, full.tax + off.tax) == (money("0.01"), money("0.00"))


def test_unknown_goods() -> None:
    """The SKU is named, and the command that tells its category."""
    with pytest.raises(BadInput) as told:
        sale_lines(order(item("7", "5.00", "5.00"), amount="5.00"), lambda _line: None, None)
    assert told.value.code == "goods_unknown"
    assert "SKU-7" in told.value.message
    assert "asctl goods set SKU-7" in told.value.hint


@pytest.mark.parametrize("amount", ["0.00", "5.00"])
def test_nothing_to_bill(amount: str) -> None:
    """Nothing paid, or nothing it was paid for."""
    with pytest.raises(BadInput) as told:
        sale_lines(order(item("1", "5.00", "0.00"), amount=amount), known, None)
    assert told.value.code == "nothing_to_bill"
    assert amount in told.value.message


def test_fee_of_a_repair() -> None:
    """One unit, under the name of the service unless its category has another."""
    fee = fee_line("维修费", GoodsTax("", CODE, RATE), money("56.50"))
    assert (fee.net, fee.tax, fee.quantity, fee.price, fee.name) == (
        money("50.00"), money("6.50"), 1, money("56.50"), "维修费",
    )  # fmt: skip
    assert fee_line("维修费", goods(), money("1.00")).name == "演示水壶"


@pytest.mark.parametrize(
    ("gross", "quantity", "price"),
    [("226.00", "2", "113.00"), ("44.45", "2", "22.225"), ("10.00", "3", "3.33333333"), ("-90.00", "-4", "22.50")],
)
def test_unit_price(gross: str, quantity: str, price: str) -> None:
    """As few decimals as come out even, and positive on a red invoice, too."""
    assert str(unit_price(money(gross), Decimal(quantity))) == price


cents = st.integers(1, 500_000).map(lambda cents: Decimal(cents) / 100)
rates = st.sampled_from([rate for rate in POLICY.rates if rate])


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """Orders with discounts, surpluses, freight, and an amount that need not be their lines' sum."""
    lines = []
    for place in range(draw(st.integers(1, 6))):
        paid = draw(st.one_of(st.just(Decimal("0.00")), st.just(CENT), cents))
        price = draw(st.one_of(st.just(paid), cents))
        lines.append(OrderLine(str(place), "水壶", "S", quantity=draw(st.integers(1, 5)), price=price, paid=paid))
    freight = draw(st.one_of(st.just(Decimal("0.00")), cents))
    due = sum((line.paid for line in lines), freight)
    amount = draw(st.one_of(st.just(due), cents))
    return replace(order(*lines, amount="0.00"), amount=amount, freight=freight)


@given(orders(), rates, st.booleans())
def test_every_order_is_billed_to_the_cent(paid: Order, rate: Decimal, freight_apart: bool) -> None:
    """The rows add up to what was paid, pass every rule that is checked before sending, and each tax fits its rate to a cent."""
    post = replace(POST, rate=rate) if freight_apart else None
    try:
        lines = sale_lines(paid, lambda line: GoodsTax(line.sku, CODE, rate), post)
    except BadInput as told:
        assert told.code == "nothing_to_bill"
        assert not any(line.paid for line in paid.lines)
        return
    assert totals(lines)[2] == paid.amount
    assert flaws_of_blue(blue(*lines), SELLER, POLICY, LIMITS, paid.amount) == ()
    assert all(abs(row.net * row.rate - row.tax) <= CENT for row in lines)


@given(st.integers(1, 100_000), st.integers(1, 100_000), rates)
def test_a_pair_leaves_the_split_of_what_was_paid(paid: int, off: int, rate: Decimal) -> None:
    """To within a cent; its net is above zero and its tax not below."""
    gross, full = Decimal(paid) / 100, Decimal(paid + off) / 100
    line = OrderLine("1", "水壶", "S", price=full, paid=gross)
    net, tax, billed = totals(
        sale_lines(replace(order(line, amount="0.00"), amount=gross), lambda _line: GoodsTax("S", CODE, rate), None)
    )
    assert billed == gross
    assert net > 0 <= tax
    assert abs(net - split(gross, rate)[0]) <= CENT
