"""What red invoices take, what is left, and what is billed anew: to the cent, in whatever parts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from asctl.domain.billing import GoodsTax, totals
from asctl.domain.errors import BadInput, Refused
from asctl.domain.invoices import FREIGHT, Invoice, InvoiceLine, InvoiceState, LineNature, Scope
from asctl.domain.reversal_rules import flaws_of_red
from asctl.domain.reversals import (
    Rest,
    amounts_only,
    balance,
    exchanged,
    rests,
    reverse_all,
    reverse_amount,
    reverse_goods,
)
from tests.unit.domain.invoicing import (
    CODE,
    KETTLES,
    LIMITS,
    POLICY,
    RATE,
    amounts,
    blue,
    goods,
    money,
    red,
    row,
)

ONE = Decimal(1)


def sums(lines: tuple[InvoiceLine, ...]) -> list[str]:
    """Net, tax and gross as text."""
    return [str(amount) for amount in totals(lines)]


def whole(*lines: InvoiceLine) -> tuple[Rest, ...]:
    """Nothing reversed yet."""
    return rests(blue(*lines), ())


def test_a_discount_row_counts_with_its_line() -> None:
    """Of the sample, one line is left: 203.40 for two units, at place 1."""
    (rest,) = whole(*KETTLES)
    assert (rest.place, rest.net, rest.tax, rest.gross, rest.quantity) == (
        1, money("180.00"), money("23.40"), money("203.40"), 2,
    )  # fmt: skip


def test_one_of_two_returned() -> None:
    """The sample: one unit back is 101.70 = 90.00 + 11.70, the discount taken off; the other one is what is left."""
    (line,) = reverse_goods(whole(*KETTLES), {"1": ONE})
    assert (line.net, line.tax, line.gross) == (money("-90.00"), money("-11.70"), money("-101.70"))
    assert (line.quantity, line.price, line.blue_line, line.nature) == (-1, money("101.70"), 1, LineNature.NORMAL)
    (rest,) = rests(blue(*KETTLES), [red(line)])
    assert (rest.net, rest.tax, rest.gross, rest.quantity) == (money("90.00"), money("11.70"), money("101.70"), 1)


def test_all_is_reversed_line_by_line() -> None:
    """Discount rows have no line of their own, and lines of which nothing is left none at all."""
    left = whole(*KETTLES, row("11.30", line_id="2"))
    assert [(line.blue_line, str(line.gross), line.quantity) for line in reverse_all(left)] == [
        (1, "-203.40", -2),
        (3, "-11.30", -1),
    ]
    (gone,) = reverse_amount(left, money("11.30"), {"2"})
    after = rests(blue(*KETTLES, row("11.30", line_id="2")), [red(gone)])
    assert [line.blue_line for line in reverse_all(after)] == [1]


@pytest.mark.parametrize(
    ("state", "counts"),
    [(InvoiceState.QUEUED, True), (InvoiceState.SENDING, True), (InvoiceState.ISSUED, True), (InvoiceState.WAITING, True),
     (InvoiceState.FAILED, False), (InvoiceState.CANCELLED, False), (InvoiceState.VOIDED, False)],
)  # fmt: skip
def test_what_may_come_to_pass_is_taken(state: InvoiceState, counts: bool) -> None:
    """A red invoice under way has taken its part already, else two could take the same; one that failed took nothing."""
    taken = red(*reverse_goods(whole(*KETTLES), {"1": ONE}), state=state)
    (rest,) = rests(blue(*KETTLES), [taken])
    assert rest.gross == money("101.70" if counts else "203.40")


def test_a_full_one_leaves_nothing() -> None:
    """Whatever its rows say: the provider takes all."""
    (rest,) = rests(blue(*KETTLES), [red(scope=Scope.FULL)])
    assert (rest.net, rest.tax, rest.gross, rest.quantity) == (0, 0, 0, 0)
    with pytest.raises(Refused) as told:
        reverse_all((rest,))
    assert told.value.code == "nothing_left"


def test_units_one_by_one() -> None:
    """33.34 for three: 11.11, 11.12 and 11.11, and the last takes net and tax as they are left."""
    sale = blue(row("33.34", "3"))
    reds: list[Invoice] = []
    for number in range(3):
        reds.append(red(*reverse_goods(rests(sale, reds), {"1": ONE}), invoice=str(number)))
    assert [str(one.gross) for one in reds] == ["-11.11", "-11.12", "-11.11"]
    assert sum(one.net for one in reds) == -sale.net
    assert sum(one.tax for one in reds) == -sale.tax


def test_roundings_do_not_gather_in_the_last_piece() -> None:
    """100 units of 1.00: 0.88 a hundred times would leave a last piece with a tax below zero."""
    sale = blue(row("100.00", "100"))
    reds: list[Invoice] = []
    for number in range(100):
        reds.append(red(*reverse_goods(rests(sale, reds), {"1": ONE}), invoice=str(number), state=InvoiceState.ISSUED))
        assert flaws_of_red(reds[-1], sale, reds[:-1], POLICY, LIMITS) == ()
        assert abs(reds[-1].net * RATE - reds[-1].tax) <= Decimal("0.015")
    assert sum(one.net for one in reds) == -sale.net
    assert {str(one.net) for one in reds} == {"-0.88", "-0.89"}


def test_the_refund_may_be_another_sum() -> None:
    """Less than the goods' share is spread over the shares; more, as far as something is left, goes on top of them."""
    left = whole(row("60.00", "2", "1"), row("40.00", "1", "2"))
    back = {"1": ONE, "2": ONE}
    assert [str(line.gross) for line in reverse_goods(left, back)] == ["-30.00", "-40.00"]
    assert [str(line.gross) for line in reverse_goods(left, back, money("35.00"))] == ["-15.00", "-20.00"]
    assert [str(line.gross) for line in reverse_goods(left, back, money("80.00"))] == ["-40.00", "-40.00"]
    (line,) = reverse_goods(left, {"1": ONE}, money("25.00"))
    assert (line.quantity, line.price) == (-1, money("25.00"))


def test_a_gift_was_never_billed() -> None:
    """Its return takes nothing from the invoice; where nothing else came back there is nothing to reverse."""
    left = whole(row("60.00", "2", "1"))
    assert len(reverse_goods(left, {"1": ONE, "gift": ONE})) == 1
    with pytest.raises(Refused) as told:
        reverse_goods(left, {"gift": ONE})
    assert told.value.code == "nothing_left"


def test_an_allowance_is_amounts_only() -> None:
    """10.00 over 33.33, 33.33 and 33.34: no units, and not the freight unless it is named."""
    left = whole(
        *(row(gross, "1", str(place)) for place, gross in enumerate(("33.33", "33.33", "33.34"))),
        row("8.00", line_id=FREIGHT),
    )
    lines = reverse_amount(left, money("10.00"))
    assert [(str(line.gross), line.quantity, line.price) for line in lines] == [
        ("-3.33", None, None),
        ("-3.34", None, None),
        ("-3.33", None, None),
    ]
    (freight,) = reverse_amount(left, money("8.00"), {FREIGHT})
    assert (freight.blue_line, freight.gross) == (4, money("-8.00"))


def test_parts_of_nothing_are_dropped() -> None:
    """A cent over two lines is on one of them."""
    lines = reverse_amount(whole(row("5.00", line_id="1"), row("5.00", line_id="2")), money("0.01"))
    assert [str(line.gross) for line in lines] == ["-0.01"]


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        (lambda left: reverse_goods(left, {"1": Decimal(3)}), ("3", "2")),
        (lambda left: reverse_goods(left, {"1": ONE}, money("203.41")), ("203.41", "203.40")),
        (lambda left: reverse_amount(left, money("203.41")), ("203.41", "203.40")),
        (lambda left: reverse_amount(left, money("1.00"), ["2"]), ("1.00", "0.00")),
        (lambda left: exchanged(left, "1", goods(), money("-203.40")), ("203.40", "203.39")),
        (lambda left: exchanged(left, "1", goods(), money("0.00"), Decimal(3)), ("3", "2")),
    ],
)  # fmt: skip
def test_more_than_is_left(asked: object, numbers: tuple[str, str]) -> None:
    """Refused with what was asked and what is left."""
    with pytest.raises(Refused) as told:
        asked(whole(*KETTLES))  # type: ignore[operator]
    assert told.value.code == "exceeds_rest"
    assert all(number in told.value.message for number in numbers)


@pytest.mark.parametrize(
    "asked",
    [lambda left: reverse_goods(left, {"1": Decimal(0)}), lambda left: reverse_amount(left, money("-1.00")),
     lambda left: reverse_goods(left, {"1": ONE}, money("0.00"))],
)  # fmt: skip
def test_nothing_asked(asked: object) -> None:
    """Nothing, or less, is a mistake of the input."""
    with pytest.raises(BadInput) as told:
        asked(whole(*KETTLES))  # type: ignore[operator]
    assert told.value.code == "nothing_asked"


def test_the_balance_is_what_stays() -> None:
    """One of two back: the new invoice has the other, in a row at what was paid for it, and no row for a line that is gone."""
    left = whole(*KETTLES, row("11.30", line_id="2"))
    (line,) = balance(left, [*reverse_goods(left, {"1": ONE, "2": ONE})])
    assert (line.net, line.tax, line.gross) == (money("90.00"), money("11.70"), money("101.70"))
    assert (line.quantity, line.price, line.nature, line.blue_line) == (1, money("101.70"), LineNature.NORMAL, 0)
    assert balance(left, reverse_all(left)) == ()


def test_the_balance_after_an_allowance_keeps_its_units() -> None:
    """Two units, cheaper; all units back for a part of the money leave an amount without units."""
    left = whole(*KETTLES)
    (cheaper,) = balance(left, reverse_amount(left, money("3.40")))
    assert (cheaper.gross, cheaper.quantity, cheaper.price) == (money("200.00"), 2, money("100.00"))
    (kept,) = balance(left, reverse_goods(left, {"1": Decimal(2)}, money("200.00")))
    assert (kept.gross, kept.quantity, kept.price) == (money("3.40"), None, None)


def test_an_application_shrinks_in_the_same_way() -> None:
    """One that was not issued counts as a blue invoice with no red ones."""
    waiting = blue(*KETTLES, state=InvoiceState.QUEUED)
    left = rests(waiting, ())
    assert sums(balance(left, reverse_amount(left, money("3.40")))) == ["176.99", "23.01", "200.00"]


def test_exchanged_for_dearer_goods() -> None:
    """The old goods' row is that of the new ones, at the new total; other rows stay."""
    new = GoodsTax("SKU-02", CODE, Decimal("0.09"), "演示茶壶", "只", "2L")
    kettle, other = exchanged(whole(*KETTLES, row("11.30", line_id="2")), "1", new, money("14.60"))
    assert (kettle.sku, kettle.name, kettle.unit, kettle.spec, kettle.line_id) == (
        "SKU-02",
        "演示茶壶",
        "只",
        "2L",
        "1",
    )
    assert (kettle.net, kettle.tax, kettle.gross) == (money("200.00"), money("18.00"), money("218.00"))
    assert (kettle.quantity, kettle.price) == (2, money("109.00"))
    assert (other.gross, other.line_id) == (money("11.30"), "2")


def test_one_of_two_exchanged() -> None:
    """The unit that stays has its row, the new one the next; a later return of both takes from both rows."""
    new = GoodsTax("SKU-02", CODE, RATE)
    stays, came = exchanged(whole(*KETTLES), "1", new, money("-1.70"), ONE)
    assert (stays.sku, stays.quantity, stays.gross) == ("SKU-01", 1, money("101.70"))
    assert (came.sku, came.quantity, came.gross, came.name) == ("SKU-02", 1, money("100.00"), "演示水壶")
    back = reverse_goods(whole(stays, came), {"1": Decimal(2)})
    assert [(line.blue_line, line.quantity, str(line.gross)) for line in back] == [
        (1, -1, "-101.70"),
        (2, -1, "-100.00"),
    ]


def test_exchanged_without_units() -> None:
    """A row that counts no units is exchanged as a whole."""
    (line,) = exchanged(whole(amounts("100.00", "13.00", "113.00", line_id="1")), "1", goods(), money("113.00"))
    assert (line.gross, line.quantity, line.price) == (money("226.00"), None, None)


def test_goods_that_were_never_billed_cannot_be_exchanged_on_it() -> None:
    """The line is named."""
    with pytest.raises(Refused) as told:
        exchanged(whole(*KETTLES), "gift", goods(), money("0.00"))
    assert told.value.code == "line_not_billed"
    assert "gift" in told.value.message


def test_an_allowance_of_everything() -> None:
    """The lines without units and prices, as a partial allowance must have them."""
    (line,) = amounts_only(reverse_all(whole(*KETTLES)))
    assert (line.gross, line.quantity, line.price) == (money("-203.40"), None, None)
