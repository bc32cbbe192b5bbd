"""What was agreed with the customer, told apart (reference/invoices.md section 11)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from asctl.domain.errors import BadInput, NeedsApproval, Refused
from asctl.domain.orders import Order, OrderStatus
from asctl.domain.resolutions import Wish, amount_of, check_ready, resolution_of
from asctl.domain.rmas import Rma, RmaKind, RmaLine, RmaState
from asctl.domain.settlements import Resolution
from tests.store_support import an_order, an_rma
from tests.unit.domain.invoicing import COMPANY

ORDER = an_order()
"""Two units for 71.90, another article for 40.00, freight 8.00: 119.90."""
ALL = (RmaLine("1", "CUP-1", "保温杯", 2), RmaLine("2", "BRUSH-1", "杯刷", 1))
ONE = (RmaLine("1", "CUP-1", "保温杯", 1),)
WITHOUT_FREIGHT = replace(ORDER, freight=Decimal("0.00"), amount=Decimal("111.90"))
UNSHIPPED = replace(ORDER, status=OrderStatus.TO_SHIP)
WITH_A_GIFT = replace(
    WITHOUT_FREIGHT, lines=(*ORDER.lines, replace(ORDER.lines[1], line_id="3", sku="GIFT", paid=Decimal("0.00")))
)


def case(kind: RmaKind, lines: tuple[RmaLine, ...] = ALL, **told: Any) -> Rma:
    """An approved case."""
    return an_rma(kind=kind, lines=lines, **{"state": RmaState.APPROVED, **told})


def yuan(text: str) -> Decimal:
    """An amount."""
    return Decimal(text)


REFUNDS = (
    (Wish(refund=yuan("119.90")), None, True),
    (Wish(refund=yuan("119.89")), None, False),
    (Wish(refund=yuan("10.00")), yuan("119.90"), False),
    (Wish(refund=yuan("100.00")), yuan("100.00"), True),
    (Wish(refund=yuan("119.90")), yuan("100.00"), False),
    (Wish(refund=yuan("119.90")), yuan("0.00"), True),
    (Wish(refund=yuan("19.90")), yuan("0.00"), False),
)
"""What is told, what is left of the invoice, and whether that is all. Of one that is reversed the order's amount is all."""
GIVEN_UP = (
    (ALL, ORDER, Wish(freight=True), True),
    (ALL, ORDER, Wish(), False),
    (ALL, WITHOUT_FREIGHT, Wish(), True),
    (ONE, WITHOUT_FREIGHT, Wish(), False),
    (ONE, ORDER, Wish(freight=True), False),
    (ALL, WITH_A_GIFT, Wish(), True),
    (ALL, UNSHIPPED, Wish(), True),
    (ONE, UNSHIPPED, Wish(), False),
    (ONE, ORDER, Wish(refund=yuan("119.90")), True),
    (ALL, WITHOUT_FREIGHT, Wish(refund=yuan("100.00")), False),
)
"""The goods of the case, the order, what is told, and whether that is all."""
MONEY_BACK = {
    RmaKind.REFUND_ONLY: (Resolution.REFUND_FULL, Resolution.REFUND_PART),
    RmaKind.RETURN: (Resolution.RETURN_FULL, Resolution.RETURN_PART),
}
"""The rows for all of it, and for a part."""


@pytest.mark.parametrize("kind", MONEY_BACK)
@pytest.mark.parametrize(("wish", "left", "whole"), REFUNDS)
def test_a_told_refund(kind: RmaKind, wish: Wish, left: Decimal | None, whole: bool) -> None:
    """A told refund decides by itself: all is what was paid, or what of the invoice is left."""
    full, part = MONEY_BACK[kind]
    assert resolution_of(case(kind), ORDER, wish, left) is (full if whole else part)


@pytest.mark.parametrize("kind", MONEY_BACK)
@pytest.mark.parametrize(("lines", "order", "wish", "whole"), GIVEN_UP)
def test_what_is_given_up(kind: RmaKind, lines: tuple[RmaLine, ...], order: Order, wish: Wish, whole: bool) -> None:
    """Without a refund the goods of the case decide. Cross rule 6: with freight that stays even all of them are a part, unless
    nothing was ever sent; a gift, for which nobody paid, need not come back."""
    full, part = MONEY_BACK[kind]
    assert resolution_of(case(kind, lines), order, wish, None) is (full if whole else part)


EXCHANGES = (
    (Wish(), Resolution.EXCHANGE_SAME),
    (Wish(goods="加大号"), Resolution.EXCHANGE_NEW_FACE),
    (Wish(sku="CUP-2"), Resolution.EXCHANGE_NEW_FACE),
    (Wish(difference=yuan("12.00")), Resolution.EXCHANGE_DEARER),
    (Wish(difference=yuan("12.00"), sku="CUP-2"), Resolution.EXCHANGE_DEARER),
    (Wish(difference=yuan("-5.00")), Resolution.EXCHANGE_CHEAPER),
    (Wish(difference=yuan("-5.00"), goods="小号"), Resolution.EXCHANGE_CHEAPER_OTHER),
    (Wish(difference=yuan("-5.00"), sku="CUP-2"), Resolution.EXCHANGE_CHEAPER_OTHER),
)


@pytest.mark.parametrize(("wish", "row"), EXCHANGES)
def test_exchange(wish: Wish, row: Resolution) -> None:
    """An exchange is told apart by its difference in price, and by whether other goods went out."""
    assert resolution_of(case(RmaKind.EXCHANGE), ORDER, wish, None) is row


OTHERS = (
    (RmaKind.REPAIR, Wish(), Resolution.REPAIR_FREE),
    (RmaKind.REPAIR, Wish(paper=True), Resolution.REPAIR_FREE),
    (RmaKind.REPAIR, Wish(fee=yuan("0.00")), Resolution.REPAIR_FREE),
    (RmaKind.REPAIR, Wish(fee=yuan("30.00"), sku="REPAIR"), Resolution.REPAIR_PAID),
    (RmaKind.RESHIP, Wish(), Resolution.RESHIP),
    (RmaKind.COMPENSATE, Wish(booked_as="goodwill"), Resolution.GOODWILL),
    (RmaKind.COMPENSATE, Wish(booked_as="platform"), Resolution.PLATFORM_PAYS),
    (RmaKind.COMPENSATE, Wish(booked_as="price_reduction", refund=yuan("5.00")), Resolution.REFUND_PART),
)


@pytest.mark.parametrize(("kind", "wish", "row"), OTHERS)
def test_the_other_kinds(kind: RmaKind, wish: Wish, row: Resolution) -> None:
    """A repair by its fee, a compensation by what it is in the books: a price reduction is a refund in part."""
    assert resolution_of(case(kind), ORDER, wish, None) is row


def test_every_row_is_reached() -> None:
    """Each row but the change of a title, which needs no case, comes of some case."""
    reached = (
        {row for _wish, row in EXCHANGES} | {row for _kind, _wish, row in OTHERS} | set().union(*MONEY_BACK.values())
    )
    assert reached == set(Resolution) - {Resolution.TITLE_CHANGE}


FACTS: dict[str, Any] = {
    "refund": yuan("1.00"), "difference": yuan("1.00"), "goods": "小号", "sku": "CUP-2", "fee": yuan("1.00"),
    "booked_as": "goodwill", "freight": True, "unseen": True, "paper": True, "used": True, "approved_by": "财务甲",
    "buyer": COMPANY,
}  # fmt: skip
BELONGS = {
    RmaKind.REFUND_ONLY: {"refund", "freight", "used", "sku"},
    RmaKind.RETURN: {"refund", "freight", "unseen", "used", "sku"},
    RmaKind.EXCHANGE: {"difference", "goods", "sku", "used", "approved_by"},
    RmaKind.REPAIR: {"fee", "paper", "sku", "goods", "buyer"},
    RmaKind.RESHIP: set(),
    RmaKind.COMPENSATE: {"refund", "booked_as", "used"},
}
"""The facts by name, and those that the rows of a kind are decided by."""
OPTIONS = {"booked_as": "--as", "approved_by": "--approved-by", "buyer": "--title"}
"""Those whose option has another name."""


@pytest.mark.parametrize("kind", RmaKind)
@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_in_its_place(kind: RmaKind, fact: str) -> None:
    """A fact that means nothing for a kind of case is refused by its option; one that belongs to it is not."""
    told = {"booked_as": "goodwill", fact: FACTS[fact]} if kind is RmaKind.COMPENSATE else {fact: FACTS[fact]}
    if fact in BELONGS[kind]:
        assert resolution_of(case(kind), ORDER, Wish(**told), None) in Resolution
        return
    with pytest.raises(BadInput) as caught:
        resolution_of(case(kind), ORDER, Wish(**told), None)
    assert caught.value.code == "fact_out_of_place"
    assert OPTIONS.get(fact, f"--{fact}") in caught.value.message


@pytest.mark.parametrize("booked_as", ["", "kindness"])
def test_a_compensation_must_be_booked(booked_as: str) -> None:
    """What a compensation is in the books decides; nothing is assumed."""
    with pytest.raises(BadInput) as caught:
        resolution_of(case(RmaKind.COMPENSATE), ORDER, Wish(booked_as=booked_as), None)
    assert caught.value.code == "booked_as_missing"


def test_a_price_reduction_needs_its_amount() -> None:
    """By how much the price was reduced must be told."""
    with pytest.raises(BadInput) as caught:
        resolution_of(case(RmaKind.COMPENSATE), ORDER, Wish(booked_as="price_reduction"), None)
    assert caught.value.code == "refund_missing"


def test_a_requested_case_waits() -> None:
    """R9: what is not approved is not settled."""
    with pytest.raises(NeedsApproval) as caught:
        check_ready(case(RmaKind.REFUND_ONLY, state=RmaState.REQUESTED), Resolution.REFUND_FULL, False, Wish())
    assert caught.value.code == "rma_not_approved"


def test_a_withdrawn_case() -> None:
    """A withdrawn case settles nothing."""
    with pytest.raises(Refused) as caught:
        check_ready(case(RmaKind.RETURN, state=RmaState.CANCELLED), Resolution.RETURN_FULL, True, Wish())
    assert caught.value.code == "rma_cancelled"


@pytest.mark.parametrize("row", Resolution)
def test_only_returns_wait_for_goods(row: Resolution) -> None:
    """The invoice of a return is revised after the goods were received; of anything else at once."""
    if row not in (Resolution.RETURN_FULL, Resolution.RETURN_PART):
        check_ready(case(RmaKind.REPAIR), row, arrived=False, wish=Wish())
        return
    with pytest.raises(Refused) as caught:
        check_ready(case(RmaKind.RETURN), row, arrived=False, wish=Wish())
    assert caught.value.code == "goods_not_received"
    check_ready(case(RmaKind.RETURN), row, arrived=True, wish=Wish())
    check_ready(case(RmaKind.RETURN), row, arrived=False, wish=Wish(unseen=True))


FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


@given(fen=st.integers(0, 10**11 - 1))
@example(fen=0)
@example(fen=10**11 - 1)
def test_an_amount_is_what_was_written(fen: int) -> None:
    """Any amount below a billion yuan is taken to the cent: with blanks, a plus sign, or in the full-width digits of a Chinese
    keyboard; its negative only where that means something."""
    written = f"{fen // 100}.{fen % 100:02d}"
    assert amount_of(f" +{written} ", "refund") == Decimal(written)
    assert amount_of(written.translate(FULL_WIDTH), "refund") == Decimal(written)
    assert str(amount_of(written, "refund")) == written
    assert amount_of(f"-{written}", "difference", negative=True) == -Decimal(written)
    if fen:
        with pytest.raises(BadInput):
            amount_of(f"-{written}", "refund")


@given(
    text=st.text(max_size=12)
    | st.sampled_from(["", "NaN", "-Infinity", "1e999", "1.005", "12,50", "0x10", "10**6", "1_000", "٣.00"])
)
def test_anything_else_is_refused(text: str) -> None:
    """Whatever is typed: an amount with at most two places below a billion, or a refusal that names it."""
    try:
        amount = amount_of(text, "refund")
    except BadInput as error:
        assert error.code == "bad_amount"
        assert "refund" in error.message
    else:
        assert amount.as_tuple().exponent == -2
        assert 0 <= amount < 10**9


@given(
    st.builds(
        Wish,
        refund=st.none() | st.decimals(0, 10**6, places=2),
        difference=st.decimals(-(10**6), 10**6, places=2),
        goods=st.text(max_size=5),
        sku=st.text(max_size=5),
        fee=st.none() | st.decimals(0, 10**6, places=2),
        booked_as=st.sampled_from(["", "goodwill", "platform"]),
        freight=st.booleans(),
        unseen=st.booleans(),
        paper=st.booleans(),
        used=st.booleans(),
        approved_by=st.text(max_size=5),
    )
)
def test_the_record_keeps_what_was_told(wish: Wish) -> None:
    """What is decided again later is decided with the same facts."""
    assert Wish.of_facts(wish.facts()) == wish


def test_the_record_keeps_no_buyer() -> None:
    """Personal data stays with the invoice: the facts do not name whom a title names."""
    assert Wish(buyer=COMPANY).facts() == {}
    assert COMPANY.title not in repr(Wish(buyer=COMPANY))
