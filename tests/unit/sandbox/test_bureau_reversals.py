"""Red-letter forms and red invoices of the world: in time, by whose leave, and never more than there was."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.domain.invoices import InvoiceLine, LineNature, Reason, Scope
from asctl.sandbox import reversal_checks as why
from asctl.sandbox.fates import Fate
from tests.unit.sandbox.bureau_support import (
    DISCOUNT,
    KETTLES,
    ONE_KETTLE_BACK,
    PLUGIN,
    SAMPLE,
    SELLER,
    Books,
)

ALLOWANCE = replace(ONE_KETTLE_BACK, quantity=None, price=None)


def test_an_unused_invoice_is_reversed_in_full_without_the_buyer() -> None:
    """One second of work, then the red invoice, issued two seconds later; its lines are netted, its remark names both."""
    books = Books()
    blue = books.issued()
    form = books.reverse(blue)
    assert (books.bureau.form_code(form), form.number, books.bureau.red_of(form)) == ("15", "", None)
    assert books.bureau.reversed_fully(blue.number), "under way counts"
    books.wait(seconds=1)
    assert (books.bureau.form_code(form), form.number) == ("01", "99992601010000000001")
    assert form.uuid == "demo0000000000000000000000000001"
    red = books.bureau.red_of(form)
    assert red is not None
    assert (books.bureau.phase(red), red.number, books.bureau.own(PLUGIN, SELLER)) == ("issuing", "", [blue, red])
    books.wait(seconds=2)
    assert (books.bureau.phase(red), red.number) == ("issued", "26990000000000000002")
    assert (red.net, red.tax, red.gross) == (Decimal("-180.00"), Decimal("-23.40"), Decimal("-203.40"))
    assert [(line.blue_line, line.gross, line.quantity) for line in red.lines] == [(1, red.gross, Decimal(-2))]
    assert red.remark == ("被红冲蓝字数电发票号码：26990000000000000001 红字发票信息确认单编号：99992601010000000001")
    assert (red.serial, red.order_id, red.buyer) == (form.serial, blue.order_id, blue.buyer)


def test_a_part_of_a_used_invoice_waits_for_the_buyer() -> None:
    """Nothing red is there before he agrees; then the sample's 101.70 is."""
    books = Books()
    blue = books.issued(used=True)
    form = books.reverse(blue, ONE_KETTLE_BACK)
    assert (form.net, form.tax) == (Decimal("-90.00"), Decimal("-11.70"))
    assert books.told(form) == ("02", "")
    assert (books.bureau.red_of(form), books.bureau.own(PLUGIN, SELLER)) == (None, [blue])
    waiting = books.bureau.reversals.waiting(blue.number)
    assert waiting is form
    books.bureau.reversals.confirm(form)
    red = books.bureau.red_of(form)
    assert red is not None
    assert (books.bureau.form_code(form), books.bureau.phase(red)) == ("04", "issuing")
    books.wait(seconds=2)
    assert (books.bureau.phase(red), red.gross) == ("issued", Decimal("-101.70"))
    assert books.bureau.own_forms(PLUGIN, SELLER) == [form]
    assert not books.bureau.reversed_fully(blue.number)


@pytest.mark.parametrize(("by_buyer", "code"), [(False, "02"), (True, "03")])
def test_a_form_that_nobody_confirms_is_void_after_72_hours(by_buyer: bool, code: str) -> None:
    """Whoever is waited for; then another may be applied for, and nobody can confirm the first."""
    books = Books()
    blue = books.issued(used=True)
    form = books.reverse(blue)
    form.by_buyer = by_buyer
    books.wait(hours=72, seconds=-1)
    assert books.bureau.form_code(form) == code
    assert books.told(books.reverse(blue)) == ("16", why.NOTHING_LEFT)
    assert books.bureau.form_code(form) == "07"
    assert books.bureau.reversals.waiting(blue.number) is None
    assert books.bureau.red_of(form) is None
    assert not books.bureau.reversed_fully(blue.number)
    assert books.told(books.reverse(blue)) == ("02", "")


def test_a_form_that_the_buyer_refuses_is_void() -> None:
    """It takes nothing, for good."""
    books = Books()
    blue = books.issued(used=True)
    form = books.reverse(blue)
    assert books.told(form) == ("02", "")
    books.bureau.reversals.refuse(form)
    books.wait(hours=100)
    assert (books.bureau.form_code(form), books.bureau.red_of(form)) == ("05", None)
    assert not books.bureau.reversed_fully(blue.number)


def test_a_part_of_an_unused_invoice_is_refused_unless_the_switch_is_off() -> None:
    """The provincial answer of section 2.4 is the default; without it the part is reversed at once."""
    books = Books()
    blue = books.issued()
    assert books.told(books.reverse(blue, ONE_KETTLE_BACK)) == ("16", why.ONLY_WHOLE)
    books.bureau.reversals.strict_full_when_unused = False
    assert books.told(books.reverse(blue, ONE_KETTLE_BACK)) == ("01", "")


@pytest.mark.parametrize("used", [False, True])
def test_a_second_full_reversal_is_refused(used: bool) -> None:
    """Also while the first is merely being worked on, or waits; the refusal has no number, and no red invoice."""
    books = Books()
    blue = books.issued(used=used)
    first, second = books.reverse(blue), books.reverse(blue, serial="R2")
    assert (books.bureau.form_code(second), second.complaint) == ("15", ""), "not told before it was worked on"
    assert books.told(second) == ("16", why.NOTHING_LEFT)
    assert (second.number, second.uuid, books.bureau.red_of(second)) == ("", "", None)
    assert books.bureau.form_code(first) == ("02" if used else "01")


@pytest.mark.parametrize(
    ("line", "reason", "complaint"),
    [
        (ONE_KETTLE_BACK, Reason.WRONG, why.WRONG_REASON),
        (ONE_KETTLE_BACK, Reason.STOPPED, why.WRONG_REASON),
        (ONE_KETTLE_BACK, Reason.ALLOWANCE, why.WRONG_AMOUNT),
        (ALLOWANCE, Reason.ALLOWANCE, ""),
        (replace(ONE_KETTLE_BACK, name="*家用器皿*演示水壶"), Reason.RETURN, ""),
        (replace(ONE_KETTLE_BACK, name="演示茶杯"), Reason.RETURN, why.OTHER_GOODS),
        (replace(ONE_KETTLE_BACK, code="1" * 19), Reason.RETURN, why.OTHER_GOODS),
        (replace(ONE_KETTLE_BACK, rate=Decimal("0.09")), Reason.RETURN, why.OTHER_GOODS),
        (replace(ONE_KETTLE_BACK, blue_line=0), Reason.RETURN, why.WRONG_PLACE),
        (replace(ONE_KETTLE_BACK, blue_line=2), Reason.RETURN, why.WRONG_PLACE),
        (replace(ONE_KETTLE_BACK, blue_line=3), Reason.RETURN, why.WRONG_PLACE),
        (replace(ONE_KETTLE_BACK, nature=LineNature.DISCOUNT), Reason.RETURN, why.WRONG_AMOUNT),
        (replace(ONE_KETTLE_BACK, price=Decimal(-90)), Reason.RETURN, why.WRONG_AMOUNT),
        (replace(ONE_KETTLE_BACK, quantity=Decimal(1)), Reason.RETURN, why.WRONG_AMOUNT),
        (replace(ONE_KETTLE_BACK, gross=Decimal("-101.71")), Reason.RETURN, why.WRONG_AMOUNT),
        (
            replace(ONE_KETTLE_BACK, tax=Decimal("-11.77"), gross=Decimal("-101.77")),
            Reason.RETURN,
            why.WRONG_AMOUNT,
        ),
        (
            replace(ONE_KETTLE_BACK, net=Decimal("90.00"), tax=Decimal("11.70"), gross=Decimal("101.70")),
            Reason.RETURN,
            why.WRONG_AMOUNT,
        ),
        (replace(ONE_KETTLE_BACK, quantity=Decimal(-3)), Reason.RETURN, why.TOO_MUCH),
        (
            replace(ONE_KETTLE_BACK, net=Decimal("-180.01"), tax=Decimal("-23.40"), gross=Decimal("-203.41")),
            Reason.RETURN,
            why.TOO_MUCH,
        ),
        (
            replace(ONE_KETTLE_BACK, net=Decimal("-180.00"), tax=Decimal("-23.41"), gross=Decimal("-203.41")),
            Reason.RETURN,
            why.TOO_MUCH,
        ),
    ],
)
def test_a_part_must_fit_the_line_that_it_names(line: InvoiceLine, reason: Reason, complaint: str) -> None:
    """Place, goods, signs, sums, and what is left once the discount is netted in."""
    books = Books()
    blue = books.issued(used=True)
    code = "16" if complaint else "02"
    assert books.told(books.reverse(blue, line, reason=reason)) == (code, complaint)


def test_parts_add_up_to_no_more_than_there_was() -> None:
    """The second kettle is the last; a full reversal no longer fits beside the first."""
    books = Books()
    blue = books.issued(used=True)
    assert books.told(books.reverse(blue, ONE_KETTLE_BACK)) == ("02", "")
    assert books.told(books.reverse(blue)) == ("16", why.TOO_MUCH)
    assert books.told(books.reverse(blue, ONE_KETTLE_BACK, ONE_KETTLE_BACK)) == ("16", why.TOO_MUCH)
    assert books.told(books.reverse(blue, ONE_KETTLE_BACK)) == ("02", "")
    assert books.bureau.reversed_fully(blue.number)
    assert books.told(books.reverse(blue, ONE_KETTLE_BACK)) == ("16", why.NOTHING_LEFT)


@given(st.lists(st.integers(1, 20_340), max_size=8))
def test_whatever_is_asked_the_reds_never_exceed_the_blue(cents: list[int]) -> None:
    """Allowances of any size, one after another: those that are accepted leave net and tax at zero or above."""
    books = Books()
    blue = books.issued(used=True)
    for asked in cents:
        gross = Decimal(asked) / 100
        net = (gross / Decimal("1.13")).quantize(Decimal("0.01"))
        if net:
            line = replace(ALLOWANCE, net=-net, tax=net - gross, gross=-gross)
            books.reverse(blue, line, reason=Reason.ALLOWANCE)
    books.wait(seconds=1)
    stand = [form for form in books.bureau.forms if books.bureau.form_code(form) == "02"]
    assert sum(form.net for form in stand) + blue.net >= 0
    assert sum(form.tax for form in stand) + blue.tax >= 0


def test_a_part_names_its_lines() -> None:
    """An application for a part without any is refused."""
    books = Books()
    blue = books.issued(used=True)
    form = books.bureau.apply_reversal(PLUGIN, SELLER, "R1", blue.number, Scope.PARTIAL, Reason.RETURN)
    assert books.told(form) == ("16", why.NO_LINES)


def test_what_is_no_blue_invoice_of_the_seller_cannot_be_reversed() -> None:
    """An unknown number, another seller's, and a red one (E9522)."""
    books = Books()
    blue = books.issued()
    unknown = books.bureau.apply_reversal(PLUGIN, SELLER, "R1", "2699", Scope.FULL, Reason.RETURN)
    others = books.bureau.apply_reversal(PLUGIN, "91990000MA0DEM0024", "R2", blue.number, Scope.FULL, Reason.RETURN)
    assert books.told(unknown) == books.told(others) == ("16", why.NO_SUCH_INVOICE)
    assert (unknown.net, unknown.tax) == (Decimal("0.00"), Decimal("0.00"))
    books.reverse(blue)
    books.wait(seconds=3)
    (_blue, red) = books.bureau.own(PLUGIN, SELLER)
    assert books.bureau.phase(red) == "issued"
    assert books.told(books.reverse(red)) == ("16", why.IS_RED)
    assert not books.bureau.reversed_fully("2699")


def test_lines_that_a_discount_took_entirely_are_not_reversed() -> None:
    """A gift beside the kettles: the red invoice has the kettles alone."""
    gift = replace(KETTLES, name="演示杯垫")
    given_away = replace(
        DISCOUNT, name="演示杯垫", net=Decimal("-200.00"), tax=Decimal("-26.00"), gross=Decimal("-226.00")
    )
    books = Books()
    form = books.reverse(books.issued(lines=(gift, given_away, *SAMPLE)))
    books.wait(seconds=1)
    red = books.bureau.red_of(form)
    assert red is not None
    assert [(line.name, line.blue_line) for line in red.lines] == [("演示水壶", 3)]


def test_a_red_invoice_that_failed_takes_nothing_and_can_be_tried_again() -> None:
    """Until another came in its place: then its retry is refused, for both would be more than there was."""
    books = Books()
    blue = books.issued()
    books.bureau.fates.lay_down(Fate("fail", "演示：开票失败", times=2, match="R"))
    reds = []
    for serial in ("R1", "R2"):
        form = books.reverse(blue, serial=serial)
        assert books.told(form) == ("01", "")
        reds.append(books.bureau.red_of(form))
        books.wait(seconds=1)
        assert not books.bureau.reversed_fully(blue.number)
    first, second = reds
    assert first is not None
    assert second is not None
    assert [books.bureau.phase(red) for red in (first, second)] == ["failed", "failed"]
    assert books.bureau.retry(second)
    assert not books.bureau.retry(first)
    books.wait(seconds=2)
    assert (books.bureau.phase(first), books.bureau.phase(second)) == ("failed", "issued")
    assert books.bureau.reversed_fully(blue.number)
