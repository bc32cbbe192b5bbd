"""Reversals in whatever parts, and what is billed anew: what holds of all of them."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from asctl.domain.billing import GoodsTax, sale_lines, totals
from asctl.domain.errors import AsctlError, Refused
from asctl.domain.invoice_rules import flaws_of_blue
from asctl.domain.invoices import Invoice, InvoiceLine, InvoiceState
from asctl.domain.orders import OrderLine
from asctl.domain.reversal_rules import flaws_of_red
from asctl.domain.reversals import (
    Rest,
    balance,
    exchanged,
    rests,
    reverse_all,
    reverse_amount,
    reverse_goods,
)
from tests.unit.domain.invoicing import (
    CODE,
    LIMITS,
    POLICY,
    SELLER,
    blue,
    goods,
    order,
    red,
)

CENT = Decimal("0.01")


@st.composite
def sales(draw: st.DrawFn) -> Invoice:
    """Issued invoices of orders with discounts, at one rate."""
    rate = draw(st.sampled_from([rate for rate in POLICY.rates if rate]))
    lines = []
    for place in range(draw(st.integers(1, 4))):
        paid = Decimal(draw(st.integers(1, 20_000))) / 100
        price = paid + Decimal(draw(st.integers(0, 2_000))) / 100
        lines.append(OrderLine(str(place), "水壶", "S", quantity=draw(st.integers(1, 6)), price=price, paid=paid))
    paid_for = replace(order(*lines, amount="0.00"), amount=sum((line.paid for line in lines), Decimal(0)))
    return blue(*sale_lines(paid_for, lambda _line: GoodsTax("S", CODE, rate), None))


def some_part(draw: st.DrawFn, left: tuple[Rest, ...]) -> tuple[InvoiceLine, ...]:
    """Units of some lines, for their share or another sum, or an amount."""
    units = {
        rest.line.line_id: Decimal(draw(st.integers(1, int(rest.quantity)), label="units"))
        for rest in left
        if rest.quantity and draw(st.booleans(), label="returned")
    }
    most = int(sum(rest.gross for rest in left if not units or rest.line.line_id in units) * 100)
    if not most:
        return ()
    amount = Decimal(draw(st.integers(1, most), label="cents")) / 100
    if not units:
        return reverse_amount(left, amount)
    try:
        return reverse_goods(left, units, draw(st.sampled_from([None, amount]), label="refund"))
    except Refused as told:
        assert told.code == "nothing_left"
        return ()


def errors_of(one: Invoice, sale: Invoice, reds: list[Invoice]) -> list[tuple[str, int]]:
    """Rule and blue row of each error; 0 where it is of no row."""
    errors = [flaw for flaw in flaws_of_red(one, sale, reds, POLICY, LIMITS) if not flaw.warning]
    rows = [re.match(r"lines\[(\d+)\]", flaw.field) for flaw in errors]
    return [
        (flaw.rule, one.lines[int(row[1]) - 1].blue_line if row else 0) for flaw, row in zip(errors, rows, strict=True)
    ]


@given(sales(), st.data())
def test_parts_and_the_last_of_them_are_the_blue_invoice(sale: Invoice, data: st.DataObject) -> None:
    """In whatever parts: no part takes more than is left, all pass the rules, and with the last they are the blue invoice to the
    cent: each line, its net, its tax and its units. Only of a net of one cent nothing can be given to a part: V18 refuses that."""
    reds: list[Invoice] = []
    for number in range(data.draw(st.integers(0, 5), label="parts")):
        left = rests(sale, reds)
        lines = some_part(data.draw, left)
        part = red(*lines, invoice=f"r{number}", state=InvoiceState.ISSUED)
        if errors_of(part, sale, reds) == []:
            reds.append(part)
        elif lines:
            starved = {rest.place for rest in left if rest.net == CENT < rest.gross}
            assert {rule for rule, _place in errors_of(part, sale, reds)} == {"V18"}
            assert {place for _rule, place in errors_of(part, sale, reds)} <= starved
    left = rests(sale, reds)
    assert all(rest.net >= 0 and rest.tax >= 0 and rest.gross >= 0 and (rest.quantity or 0) >= 0 for rest in left)
    if any(rest.gross for rest in left):
        last = red(*reverse_all(left), invoice="last", state=InvoiceState.ISSUED)
        assert errors_of(last, sale, reds) == []
        reds.append(last)
    for rest in rests(sale, ()):
        taken = [line for one in reds for line in one.lines if line.blue_line == rest.place]
        assert totals(taken) == (-rest.net, -rest.tax, -rest.gross)
    assert all(rest.gross == 0 for rest in rests(sale, reds))


@given(sales(), st.data())
def test_reversed_and_billed_anew(sale: Invoice, data: st.DataObject) -> None:
    """What is billed anew is the blue invoice less what was taken, to the cent, and passes every rule."""
    left = rests(sale, ())
    taken = some_part(data.draw, left)
    stays = balance(left, taken)
    assert totals(stays)[2] == sale.gross + totals(taken)[2]
    if stays:
        assert flaws_of_blue(blue(*stays), SELLER, POLICY, LIMITS) == ()


@given(sales(), st.integers(-5_000, 5_000), st.data())
def test_exchanged_by_the_difference(sale: Invoice, cents: int, data: st.DataObject) -> None:
    """The new total is the old one and the difference, to the cent, or the exchange is refused for want of money left.
    No unit is lost, where each is worth a cent at least."""
    left = rests(sale, ())
    units = data.draw(st.none() | st.integers(1, int(left[0].quantity or 1)).map(Decimal))
    difference = Decimal(cents) / 100
    try:
        lines = exchanged(left, left[0].line.line_id, goods(), difference, units)
    except AsctlError as told:
        assert told.code == "exceeds_rest"
        assert difference <= 0
        return
    assert totals(lines)[2] == sale.gross + difference
    assert flaws_of_blue(blue(*lines), SELLER, POLICY, LIMITS) == ()
    if left[0].gross >= (left[0].quantity or 0) * CENT:
        assert sum(line.quantity or 0 for line in lines) == sum(rest.quantity or 0 for rest in left)
