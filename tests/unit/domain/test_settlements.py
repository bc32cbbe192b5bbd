"""The decision table (reference/invoices.md section 11), against the table as the reference prints it."""

from __future__ import annotations

import pytest

from asctl.domain.invoices import BuyerUse, InvoiceKind, InvoiceState, Reason
from asctl.domain.settlements import (
    Circumstances,
    Resolution,
    Standing,
    Step,
    decide,
    reason_of,
    standing_of,
)
from tests.settlement_table import LETTERS, STEPS
from tests.unit.domain.invoicing import KETTLES, blue

PLAIN = Circumstances()
UNUSED, USED = (Standing.ORDINARY, Standing.SPECIAL), (Standing.ORDINARY_USED, Standing.SPECIAL_USED)
ISSUED = (*UNUSED, *USED)
PARTS = (Resolution.REFUND_PART, Resolution.RETURN_PART)
REPAIRS = (Resolution.REPAIR_FREE, Resolution.REPAIR_PAID)


@pytest.mark.parametrize(("row", "column"), LETTERS)
def test_each_cell(row: Resolution, column: Standing) -> None:
    """Every row and column says what section 11 says."""
    assert decide(row, column, PLAIN) == STEPS[LETTERS[row, column]]


def test_no_cell_is_missing() -> None:
    """The reference's table, as it is written out for the tests, has a cell for each row and column."""
    assert set(LETTERS) == {(row, column) for row in Resolution for column in Standing}


@pytest.mark.parametrize(("row", "column"), LETTERS)
def test_red_before_blue(row: Resolution, column: Standing) -> None:
    """Cross rule 1: in every cell that reverses all and bills anew, the red invoice comes first."""
    cell = decide(row, column, PLAIN)
    assert not any(step.name.startswith("REISSUE") for step in cell[:1])
    assert len(cell) == 1 or cell[0] is Step.REVERSE_ALL


@pytest.mark.parametrize("column", [Standing.SPECIAL, Standing.SPECIAL_USED])
def test_finance_may_agree_to_a_special_one(column: Standing) -> None:
    """A special invoice with a new face needs finance; with its leave it is reversed and issued anew."""
    assert decide(Resolution.EXCHANGE_NEW_FACE, column, PLAIN) == (Step.ASK_FINANCE,)
    assert decide(Resolution.EXCHANGE_NEW_FACE, column, Circumstances(approved=True)) == STEPS["FR+X"]


@pytest.mark.parametrize(("row", "column"), LETTERS)
def test_leave_changes_nothing_else(row: Resolution, column: Standing) -> None:
    """Finance's leave matters only where a special invoice shows other goods."""
    special = column in (Standing.SPECIAL, Standing.SPECIAL_USED)
    if row is not Resolution.EXCHANGE_NEW_FACE or not special:
        assert decide(row, column, Circumstances(approved=True)) == decide(row, column, PLAIN)


@pytest.mark.parametrize("column", UNUSED)
def test_a_part_may_be_tried(column: Standing) -> None:
    """Section 2.4: with ``try_partial`` an unused invoice is reversed in part at first: by goods that came back, else by amount."""
    told = Circumstances(try_partial=True)
    assert decide(Resolution.RETURN_PART, column, told) == STEPS["PR goods"]
    assert decide(Resolution.REFUND_PART, column, told) == STEPS["PR amount"]


@pytest.mark.parametrize(("row", "column"), LETTERS)
def test_trying_changes_nothing_else(row: Resolution, column: Standing) -> None:
    """What reverses all for another reason than a part is not touched by ``try_partial``."""
    if row not in PARTS or column not in UNUSED:
        assert decide(row, column, Circumstances(try_partial=True)) == decide(row, column, PLAIN)


@pytest.mark.parametrize("column", [*ISSUED, Standing.PARTLY_REVERSED])
def test_a_paper_original_goes_back(column: Standing) -> None:
    """R23: a repair gives a paper original back that came with the parcel; a fee is billed beside that."""
    told = Circumstances(paper=True)
    assert decide(Resolution.REPAIR_FREE, column, told) == (Step.GIVE_BACK,)
    assert decide(Resolution.REPAIR_PAID, column, told) == (Step.BILL_FEE, Step.GIVE_BACK)


@pytest.mark.parametrize("column", [Standing.NONE, Standing.QUEUED, Standing.ISSUING, Standing.REVERSED])
def test_no_original_to_give_back(column: Standing) -> None:
    """What is not issued, or is reversed, has no original that stands."""
    for row in REPAIRS:
        assert decide(row, column, Circumstances(paper=True)) == decide(row, column, PLAIN)


@pytest.mark.parametrize("row", sorted(set(Resolution) - set(REPAIRS)))
def test_only_repairs_give_back(row: Resolution) -> None:
    """A paper original means nothing for other resolutions."""
    for column in Standing:
        assert Step.GIVE_BACK not in decide(row, column, Circumstances(paper=True))


COLUMN_OF = {
    InvoiceState.QUEUED: Standing.QUEUED,
    InvoiceState.WAITING: Standing.QUEUED,
    InvoiceState.SENDING: Standing.ISSUING,
    InvoiceState.ISSUING: Standing.ISSUING,
    InvoiceState.ISSUED: Standing.ORDINARY,
    InvoiceState.SEAL_FAILED: Standing.ORDINARY,
    InvoiceState.VOIDING: Standing.ORDINARY,
    InvoiceState.FAILED: Standing.QUEUED,
    InvoiceState.VOIDED: Standing.NONE,
    InvoiceState.CANCELLED: Standing.NONE,
    InvoiceState.PARTLY_REVERSED: Standing.PARTLY_REVERSED,
    InvoiceState.REVERSED: Standing.REVERSED,
}
"""Cross rule 3: failed and voided count as not issued, not sealed as issued, of unknown outcome as being issued. A failed one still
is an application, which may be tried again."""


@pytest.mark.parametrize("state", InvoiceState)
def test_the_column_of_each_state(state: InvoiceState) -> None:
    """Each state of an invoice stands in one column."""
    assert standing_of(blue(*KETTLES, state=state)) is COLUMN_OF[state]


def test_without_an_invoice() -> None:
    """A sale that nobody wanted an invoice for stands in the first column."""
    assert standing_of(None) is Standing.NONE


@pytest.mark.parametrize("kind", InvoiceKind)
@pytest.mark.parametrize("use", BuyerUse)
def test_kind_and_use(kind: InvoiceKind, use: BuyerUse) -> None:
    """An issued invoice's column tells ordinary from special, and used from what is not known to be used."""
    issued = blue(*KETTLES, state=InvoiceState.ISSUED, kind=kind, buyer_use=use)
    told = ("special" if kind.special else "ordinary") + ("_used" if use is BuyerUse.USED else "")
    assert standing_of(issued) is Standing(told)


@pytest.mark.parametrize("state", [InvoiceState.PARTLY_REVERSED, InvoiceState.REVERSED, InvoiceState.QUEUED])
def test_use_does_not_matter_elsewhere(state: InvoiceState) -> None:
    """Where the column says how much is reversed, or that nothing is issued, use and kind say nothing more."""
    special = blue(*KETTLES, state=state, kind=InvoiceKind.DIGITAL_SPECIAL, buyer_use=BuyerUse.USED)
    assert standing_of(special) is standing_of(blue(*KETTLES, state=state))


REASONS = (
    (Resolution.TITLE_CHANGE, Step.REVERSE_ALL, Reason.WRONG, Reason.WRONG),
    (Resolution.REFUND_FULL, Step.REVERSE_ALL, Reason.ALLOWANCE, Reason.RETURN),
    (Resolution.REFUND_PART, Step.REVERSE_ALL, Reason.ALLOWANCE, Reason.RETURN),
    (Resolution.REFUND_PART, Step.REVERSE_AMOUNT, Reason.ALLOWANCE, Reason.ALLOWANCE),
    (Resolution.RETURN_FULL, Step.REVERSE_ALL, Reason.RETURN, Reason.RETURN),
    (Resolution.RETURN_PART, Step.REVERSE_ALL, Reason.RETURN, Reason.RETURN),
    (Resolution.RETURN_PART, Step.REVERSE_GOODS, Reason.RETURN, Reason.RETURN),
    (Resolution.EXCHANGE_NEW_FACE, Step.REVERSE_ALL, Reason.RETURN, Reason.RETURN),
    (Resolution.EXCHANGE_DEARER, Step.REVERSE_ALL, Reason.RETURN, Reason.RETURN),
    (Resolution.EXCHANGE_CHEAPER, Step.REVERSE_ALL, Reason.RETURN, Reason.RETURN),
    (Resolution.EXCHANGE_CHEAPER_OTHER, Step.REVERSE_ALL, Reason.RETURN, Reason.RETURN),
    (Resolution.EXCHANGE_CHEAPER, Step.REVERSE_AMOUNT, Reason.ALLOWANCE, Reason.ALLOWANCE),
    (Resolution.EXCHANGE_CHEAPER_OTHER, Step.REVERSE_AMOUNT, Reason.ALLOWANCE, Reason.ALLOWANCE),
)
"""Row and step -> the reason once the goods were sent out, and before (section 2.3)."""


@pytest.mark.parametrize(("row", "step", "shipped", "unshipped"), REASONS)
def test_the_reason(row: Resolution, step: Step, shipped: Reason, unshipped: Reason) -> None:
    """Goods that come back, or never left, are a return; money back for goods that stay is an allowance; another title says that
    the invoice was wrong."""
    assert (reason_of(row, step, True), reason_of(row, step, False)) == (shipped, unshipped)


def test_every_reversal_has_a_reason() -> None:
    """The list of reasons knows each row that reverses, with each step by which it does."""
    reversing = {Step.REVERSE_ALL, Step.REVERSE_GOODS, Step.REVERSE_AMOUNT}
    used = {(row, step) for row, column in LETTERS for step in decide(row, column, PLAIN) if step in reversing}
    assert used == {(row, step) for row, step, *_reasons in REASONS}
