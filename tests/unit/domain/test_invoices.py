"""Invoices: their kinds, their states, and how one is named."""

from __future__ import annotations

import pytest

from asctl.domain.errors import BadInput
from asctl.domain.invoices import (
    ISSUED_HERE,
    LIVING,
    NOT_YET,
    OVER,
    STANDING,
    UNDER_WAY,
    InvoiceKind,
    InvoiceState,
    invoice_number,
)


def test_every_state_has_one_place() -> None:
    """An invoice is not sent yet, under way, standing or over: exactly one of them."""
    groups = (NOT_YET, UNDER_WAY, STANDING, OVER)
    assert sum(map(len, groups)) == len(InvoiceState)
    assert frozenset().union(*groups) == frozenset(InvoiceState)
    assert frozenset(InvoiceState) - OVER == LIVING


def test_kinds() -> None:
    """Special ones may be deducted; digital ones alone, and not on paper, are issued here."""
    assert {kind.value for kind in InvoiceKind if kind.special and kind.digital} == {
        "digital_special",
        "digital_paper_special",
    }
    assert not InvoiceKind.TAXCTRL_E_ORDINARY.special
    assert not InvoiceKind.TAXCTRL_ROLL.digital
    assert all(kind.digital and "paper" not in kind.value for kind in ISSUED_HERE)


@pytest.mark.parametrize("text", ["I17", "i17", " 17 ", "I0017"])
def test_a_number_of_ours(text: str) -> None:
    """With and without its letter."""
    assert invoice_number(text) == 17


@pytest.mark.parametrize("text", ["", "I", "II17", "-17", "17.0", "１７", "RMA17", "1" * 16])
def test_no_number_of_ours(text: str) -> None:
    """Anything else is refused with how one is written."""
    with pytest.raises(BadInput) as told:
        invoice_number(text)
    assert told.value.code == "bad_invoice"
    assert "I17" in told.value.message
