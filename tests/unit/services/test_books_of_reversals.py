"""How reversals come into the books: forms, red invoices, what is left of the blue ones, and what waits for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from asctl.capabilities.invoices import FormTold, InvoiceTold
from asctl.domain.invoices import FORM_ENDED, BuyerUse, FormState, InvoiceState
from asctl.domain.tasks import TaskState
from asctl.services import books
from tests.unit.services.bookkeeping import (
    ISSUED,
    LATER,
    NUMBER,
    RED_ISSUED,
    REFERENCE,
    Books,
    new_books,
    one_unit,
)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Books]:
    with new_books(tmp_path) as opened:
        yield opened


def test_a_full_reversal(kept: Books) -> None:
    """When the red one is issued, and not before, the blue one is reversed, and what waited for it is queued and owed."""
    old = kept.sale(InvoiceState.ISSUED, number=NUMBER)
    red_ = kept.reversal(old)
    new = kept.waiting(red_, old)
    granted = kept.learn(
        red_, FormTold(FormState.CONFIRMED, "04", number="9999", red=InvoiceTold(InvoiceState.ISSUING))
    )
    assert (granted.state, granted.form_state, granted.form_number) == (
        InvoiceState.ISSUING,
        FormState.CONFIRMED,
        "9999",
    )
    assert (kept.now(old).state, kept.now(new).state) == (InvoiceState.ISSUED, InvoiceState.WAITING)
    issued = kept.learn(
        granted, FormTold(FormState.CONFIRMED, "04", red=replace(RED_ISSUED, number="26990000000000000002"))
    )
    assert (issued.state, issued.number, issued.form_number) == (InvoiceState.ISSUED, "26990000000000000002", "9999")
    assert (kept.now(old).state, kept.now(new).state) == (InvoiceState.REVERSED, InvoiceState.QUEUED)
    assert kept.tasks(new) == {"invoice_reissue": TaskState.OPEN}
    kept.learn(kept.now(new), ISSUED)
    assert kept.tasks(new) == {"invoice_reissue": TaskState.DONE}


def test_partial_reversals(kept: Books) -> None:
    """One unit of two leaves a rest; the second takes it."""
    old = kept.sale(InvoiceState.ISSUED)
    half = replace(RED_ISSUED, net=-Decimal("90.00"), tax=-Decimal("11.70"), gross=-Decimal("101.70"))
    first = kept.reversal(old, one_unit())
    kept.learn(first, FormTold(FormState.NOT_NEEDED, "01", red=half))
    assert kept.now(old).state is InvoiceState.PARTLY_REVERSED
    second = kept.reversal(old, one_unit(), serial="R260102BBBBBBBB01")
    kept.learn(second, FormTold(FormState.NOT_NEEDED, "01", red=replace(half, number="26990000000000000003")))
    assert kept.now(old).state is InvoiceState.REVERSED
    assert [kept.tasks(each) for each in (first, second)] == [{}, {}]


@pytest.mark.parametrize("state", [FormState.APPLYING, FormState.WAIT_SELLER])
def test_a_form_on_its_way(kept: Books, state: FormState) -> None:
    """Applied for is not reversed; a term is kept as long as somebody is waited for."""
    red_ = kept.reversal(kept.sale(InvoiceState.ISSUED))
    deadline = LATER + timedelta(hours=72)
    after = kept.learn(red_, FormTold(state, "15", "…", deadline=deadline))
    assert (after.state, after.form_state, after.form_raw) == (InvoiceState.ISSUING, state, "15")
    assert after.form_deadline == (deadline if state is FormState.WAIT_SELLER else None)


def test_a_form_that_waits_for_its_buyer(kept: Books) -> None:
    """That shows that he uses the invoice, and he is to be reminded; when he has confirmed there is no term any more."""
    old = kept.sale(InvoiceState.ISSUED)
    red_ = kept.reversal(old)
    deadline = LATER + timedelta(hours=72)
    waits = kept.learn(red_, FormTold(FormState.WAIT_BUYER, "02", deadline=deadline))
    assert (waits.state, waits.form_deadline) == (InvoiceState.ISSUING, deadline)
    assert kept.now(old).buyer_use is BuyerUse.USED
    assert kept.tasks(red_) == {"invoice_confirm": TaskState.OPEN}
    kept.learn(waits, FormTold(FormState.CONFIRMED, "04", red=RED_ISSUED))
    assert kept.now(red_).form_deadline is None
    assert kept.tasks(red_) == {"invoice_confirm": TaskState.DONE}
    assert kept.now(old).buyer_use is BuyerUse.USED


def test_a_form_that_needs_nobody(kept: Books) -> None:
    """That shows that the buyer does not use the invoice."""
    old = kept.sale(InvoiceState.ISSUED)
    kept.learn(kept.reversal(old), FormTold(FormState.NOT_NEEDED, "01"))
    assert (kept.now(old).buyer_use, kept.now(old).state) == (BuyerUse.UNUSED, InvoiceState.ISSUED)


@pytest.mark.parametrize("state", sorted(FORM_ENDED))
def test_a_form_that_came_to_nothing(kept: Books, state: FormState) -> None:
    """The reversal has failed, and finance decides; the blue invoice stands as it stood, and what waits goes on waiting."""
    old = kept.sale(InvoiceState.ISSUED)
    red_ = kept.reversal(old)
    new = kept.waiting(red_, old)
    kept.learn(red_, FormTold(FormState.WAIT_BUYER, "02", deadline=LATER + timedelta(hours=72)))
    after = kept.learn(kept.now(red_), FormTold(state, "07", "72小时未确认"))
    assert (after.state, after.form_state, after.form_raw, after.form_deadline) == (
        InvoiceState.FAILED,
        state,
        "07",
        None,
    )
    assert after.error_code == ("form_void" if state is FormState.VOID else "form_refused")
    assert after.message == "72小时未确认"
    assert (kept.now(old).state, kept.now(new).state) == (InvoiceState.ISSUED, InvoiceState.WAITING)
    assert kept.tasks(red_) == {"invoice_confirm": TaskState.DONE, "invoice_finance": TaskState.OPEN}


@pytest.mark.parametrize("state", sorted(FORM_ENDED))
def test_a_red_invoice_counts_for_more_than_its_form(kept: Books, state: FormState) -> None:
    """Where it is issued, it is issued, whatever is told of the form."""
    old = kept.sale(InvoiceState.ISSUED)
    after = kept.learn(kept.reversal(old), FormTold(state, "08", red=RED_ISSUED))
    assert (after.state, kept.now(old).state) == (InvoiceState.ISSUED, InvoiceState.REVERSED)


def test_a_red_invoice_whose_form_cannot_be_read(kept: Books) -> None:
    """What is known of the form stays."""
    old = kept.sale(InvoiceState.ISSUED)
    red_ = kept.reversal(old, form_state=FormState.CONFIRMED, form_raw="04", form_number="9999")
    after = kept.learn(red_, FormTold(FormState.NONE, red=RED_ISSUED))
    assert (after.form_state, after.form_raw, after.form_number) == (FormState.CONFIRMED, "04", "9999")
    assert kept.now(old).state is InvoiceState.REVERSED


@pytest.mark.parametrize("state", [FormState.NOT_NEEDED, FormState.CONFIRMED])
def test_a_red_invoice_that_failed_under_a_good_form(kept: Books, state: FormState) -> None:
    """The form holds what it takes: so the reversal stays under way, for another one beside it would take twice."""
    old = kept.sale(InvoiceState.ISSUED)
    red_ = kept.reversal(old)
    stuck = InvoiceTold(InvoiceState.FAILED, "22", "开票失败", REFERENCE)
    after = kept.learn(red_, FormTold(state, "04", red=stuck))
    assert (after.state, after.message, after.reference) == (InvoiceState.ISSUING, "开票失败", REFERENCE)
    assert after.error_code == books.NOT_ISSUED
    assert kept.tasks(red_) == {"invoice_failed": TaskState.OPEN}
    assert kept.now(old).state is InvoiceState.ISSUED
    assert kept.learn(after, FormTold(state, "04", red=RED_ISSUED)).state is InvoiceState.ISSUED
    assert kept.tasks(red_) == {"invoice_failed": TaskState.DONE}


@pytest.mark.parametrize("state", [each for each in FormState if each])
def test_a_late_word_about_a_form(kept: Books, state: FormState) -> None:
    """What is reversed stays reversed."""
    old = kept.sale(InvoiceState.REVERSED)
    red_ = kept.reversal(old, state=InvoiceState.ISSUED, form_state=FormState.NOT_NEEDED)
    assert kept.learn(red_, FormTold(state, "07", red=replace(RED_ISSUED, state=InvoiceState.FAILED))) == red_
    assert kept.tasks(red_) == {}


def test_a_red_invoice_over_other_sums(kept: Books) -> None:
    """Finance has to know of that, too."""
    red_ = kept.reversal(kept.sale(InvoiceState.ISSUED))
    kept.learn(red_, FormTold(FormState.NOT_NEEDED, "01", red=ISSUED))
    assert kept.tasks(red_) == {"invoice_finance": TaskState.OPEN}
