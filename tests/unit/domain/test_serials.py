"""Our own numbers of invoices: the same work has the same number for ever."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.domain.invoices import Colour
from asctl.domain.serials import LONGEST, invoice_serial

SELLER = "91990000MA0DEM0011"
AT = datetime(2026, 1, 1, 2, 0, tzinfo=UTC)


def test_shape() -> None:
    """A letter for the colour, the day, eight characters for the work, two digits for the attempt."""
    serial = invoice_serial(Colour.BLUE, SELLER, "shop/1/sale", AT, 1)
    assert re.fullmatch(r"B260101[A-Z2-7]{8}01", serial)
    assert invoice_serial(Colour.RED, SELLER, "shop/1/sale", AT, 7) == "R" + serial[1:-2] + "07"


def test_it_never_changes() -> None:
    """A number on record: another release must not make another one for the same work."""
    assert invoice_serial(Colour.BLUE, SELLER, "shop/1/sale", AT, 1) == "B260101JFWL6ZJI01"


def test_the_day_is_that_of_china() -> None:
    """Late in the evening of Greenwich it is tomorrow there."""
    late = datetime(2026, 1, 1, 16, 0, tzinfo=UTC)
    assert invoice_serial(Colour.BLUE, SELLER, "x", late, 1).startswith("B260102")


@given(st.text(), st.text(), st.integers(1, 99))
def test_fits_every_provider(seller: str, occasion: str, attempt: int) -> None:
    """At most 20 ASCII letters and digits, whatever the order is called."""
    serial = invoice_serial(Colour.RED, seller, occasion, AT, attempt)
    assert len(serial) <= LONGEST
    assert serial.isascii()
    assert serial.isalnum()


def test_other_work_has_another_number() -> None:
    """Seller, occasion and attempt all tell apart, also where one ends with what the other begins with."""
    told = [(SELLER, "a1", 1), (SELLER, "a", 1), (SELLER, "a1", 2), (SELLER + "a", "1", 1), (SELLER, "", 1)]
    assert len({invoice_serial(Colour.BLUE, seller, occasion, AT, attempt) for seller, occasion, attempt in told}) == 5


@pytest.mark.parametrize("attempt", [0, 100, -1])
def test_attempts_without_a_number(attempt: int) -> None:
    """A hundredth attempt would be longer, and is a mistake anyway."""
    with pytest.raises(ValueError, match="has no number"):
        invoice_serial(Colour.BLUE, SELLER, "x", AT, attempt)
