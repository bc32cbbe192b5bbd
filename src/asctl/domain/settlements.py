"""What a case's resolution means for the invoice (T11, R21-R23; reference/invoices.md section 11): the decision table as data.

A return revises the invoice, an exchange endorses it or issues it anew, a repair gives the original back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from asctl.domain.invoices import (
    NOT_YET,
    STANDING,
    UNDER_WAY,
    BuyerUse,
    Invoice,
    InvoiceState,
    Reason,
)


class Resolution(StrEnum):
    """The rows: what was agreed with the customer. ``new_face`` is an exchange at the same price after which the printed words
    are wrong; ``cheaper_other`` one against other goods, ``cheaper`` against the same at a lower price. A compensation that is
    booked as a price reduction is ``refund_part``."""

    REFUND_FULL = "refund_full"
    REFUND_PART = "refund_part"
    RETURN_FULL = "return_full"
    RETURN_PART = "return_part"
    EXCHANGE_SAME = "exchange_same"
    EXCHANGE_NEW_FACE = "exchange_new_face"
    EXCHANGE_DEARER = "exchange_dearer"
    EXCHANGE_CHEAPER = "exchange_cheaper"
    EXCHANGE_CHEAPER_OTHER = "exchange_cheaper_other"
    REPAIR_FREE = "repair_free"
    REPAIR_PAID = "repair_paid"
    RESHIP = "reship"
    GOODWILL = "goodwill"
    PLATFORM_PAYS = "platform_pays"
    TITLE_CHANGE = "title_change"


class Standing(StrEnum):
    """The columns: how the sale's invoice stands. ``none``: nobody asked for one; ``*_used``: the buyer confirmed its use or
    entered it, so that he must confirm a reversal."""

    NONE = "none"
    QUEUED = "queued"
    ISSUING = "issuing"
    ORDINARY = "ordinary"
    ORDINARY_USED = "ordinary_used"
    SPECIAL = "special"
    SPECIAL_USED = "special_used"
    PARTLY_REVERSED = "partly_reversed"
    REVERSED = "reversed"


class Step(StrEnum):
    """What is done, in the order of a cell. A blue invoice that follows a red one waits until that is issued."""

    NOTHING = "nothing"
    CANCEL_APPLICATION = "cancel_application"
    BILL_LESS = "bill_less"
    BILL_ANEW = "bill_anew"
    EDIT_TITLE = "edit_title"
    HOLD = "hold"
    REVERSE_ALL = "reverse_all"
    REVERSE_GOODS = "reverse_goods"
    REVERSE_AMOUNT = "reverse_amount"
    REISSUE_REST = "reissue_rest"
    REISSUE_NEW = "reissue_new"
    REISSUE_TITLE = "reissue_title"
    ENDORSE = "endorse"
    GIVE_BACK = "give_back"
    BILL_FEE = "bill_fee"
    BILL_NEW = "bill_new"
    ASK_FINANCE = "ask_finance"


Cell = tuple[Step, ...]

_N: Cell = (Step.NOTHING,)
_CANCEL: Cell = (Step.CANCEL_APPLICATION,)
_LESS: Cell = (Step.BILL_LESS,)
_ANEW: Cell = (Step.BILL_ANEW,)
_HOLD: Cell = (Step.HOLD,)
_ALL: Cell = (Step.REVERSE_ALL,)
_GOODS: Cell = (Step.REVERSE_GOODS,)
_AMOUNT: Cell = (Step.REVERSE_AMOUNT,)
_REST: Cell = (Step.REVERSE_ALL, Step.REISSUE_REST)
_NEW: Cell = (Step.REVERSE_ALL, Step.REISSUE_NEW)
_TITLE: Cell = (Step.REVERSE_ALL, Step.REISSUE_TITLE)
_NOTE: Cell = (Step.ENDORSE,)
_FEE: Cell = (Step.BILL_FEE,)
_SEPARATE: Cell = (Step.BILL_NEW,)
_FINANCE: Cell = (Step.ASK_FINANCE,)


def _row(*cells: Cell) -> Mapping[Standing, Cell]:
    return dict(zip(Standing, cells, strict=True))


_S = Resolution
TABLE: Mapping[Resolution, Mapping[Standing, Cell]] = {
    #                   none   queued    issuing ordinary used     special  used     partly   reversed
    _S.REFUND_FULL: _row(_N, _CANCEL, _HOLD, _ALL, _ALL, _ALL, _ALL, _ALL, _N),
    _S.REFUND_PART: _row(_N, _LESS, _HOLD, _REST, _AMOUNT, _REST, _AMOUNT, _AMOUNT, _FINANCE),
    _S.RETURN_FULL: _row(_N, _CANCEL, _HOLD, _ALL, _ALL, _ALL, _ALL, _ALL, _N),
    _S.RETURN_PART: _row(_N, _LESS, _HOLD, _REST, _GOODS, _REST, _GOODS, _GOODS, _FINANCE),
    _S.EXCHANGE_SAME: _row(_N, _N, _HOLD, _NOTE, _NOTE, _NOTE, _NOTE, _NOTE, _SEPARATE),
    _S.EXCHANGE_NEW_FACE: _row(_N, _ANEW, _HOLD, _NEW, _NEW, _FINANCE, _FINANCE, _FINANCE, _SEPARATE),
    _S.EXCHANGE_DEARER: _row(_N, _ANEW, _HOLD, _NEW, _NEW, _NEW, _NEW, _FINANCE, _SEPARATE),
    _S.EXCHANGE_CHEAPER: _row(_N, _ANEW, _HOLD, _NEW, _AMOUNT, _NEW, _AMOUNT, _AMOUNT, _FINANCE),
    _S.EXCHANGE_CHEAPER_OTHER: _row(_N, _ANEW, _HOLD, _NEW, _NEW, _NEW, _NEW, _AMOUNT, _FINANCE),
    _S.REPAIR_FREE: _row(*[_N] * 9),
    _S.REPAIR_PAID: _row(*[_FEE] * 9),
    _S.RESHIP: _row(_N, _N, _N, _NOTE, _NOTE, _NOTE, _NOTE, _N, _N),
    _S.GOODWILL: _row(*[_N] * 9),
    _S.PLATFORM_PAYS: _row(*[_N] * 9),
    _S.TITLE_CHANGE: _row(_N, (Step.EDIT_TITLE,), _HOLD, _TITLE, _TITLE, _TITLE, _TITLE, _FINANCE, _SEPARATE),
}
"""Row and column of section 11 -> what is done."""

REPAIRS = frozenset({_S.REPAIR_FREE, _S.REPAIR_PAID})
GOODS_BACK = frozenset({_S.RETURN_FULL, _S.RETURN_PART})
"""The invoice is touched only after the goods are there."""
GIVES_ALL_UP = frozenset({_S.REFUND_FULL, _S.RETURN_FULL})
"""After these nothing of the sale stands."""


def standing_of(blue: Invoice | None) -> Standing:
    """The column of a sale's invoice. One that failed counts as not issued: it is called off or changed like one in the queue, and
    not tried again as it was; one whose outcome is not known counts as being issued; one without its seal as issued (section 11,
    cross rule 3)."""
    if blue is None or blue.state in (InvoiceState.VOIDED, InvoiceState.CANCELLED):
        return Standing.NONE
    if blue.state in NOT_YET | {InvoiceState.FAILED}:
        return Standing.QUEUED
    if blue.state in UNDER_WAY:
        return Standing.ISSUING
    if blue.state is InvoiceState.REVERSED:
        return Standing.REVERSED
    if blue.state is InvoiceState.PARTLY_REVERSED:
        return Standing.PARTLY_REVERSED
    assert blue.state in STANDING
    used = blue.buyer_use is BuyerUse.USED
    if blue.kind.special:
        return Standing.SPECIAL_USED if used else Standing.SPECIAL
    return Standing.ORDINARY_USED if used else Standing.ORDINARY


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What decides within a cell: ``approved`` says that finance agreed to issue a special invoice anew; ``paper`` that a paper
    original came with the parcel; ``try_partial`` that an unused invoice may be reversed in part at first (section 2.4)."""

    approved: bool = False
    paper: bool = False
    try_partial: bool = False


def decide(resolution: Resolution, standing: Standing, told: Circumstances) -> Cell:
    """What is to be done."""
    cell = TABLE[resolution][standing]
    special = standing in (Standing.SPECIAL, Standing.SPECIAL_USED)
    if resolution is _S.EXCHANGE_NEW_FACE and special and told.approved:
        cell = _NEW
    if told.try_partial and cell == _REST:
        cell = _GOODS if resolution is _S.RETURN_PART else _AMOUNT
    if told.paper and resolution in REPAIRS and standing in _HAS_AN_ORIGINAL:
        cell = (*(step for step in cell if step is not Step.NOTHING), Step.GIVE_BACK)
    return cell


def reason_of(resolution: Resolution, step: Step, shipped: bool) -> Reason:
    """Why the invoice is reversed (section 2.3): money back for goods that stay is an allowance."""
    if resolution is _S.TITLE_CHANGE:
        return Reason.WRONG
    if step is Step.REVERSE_AMOUNT:
        return Reason.ALLOWANCE
    if step is Step.REVERSE_GOODS or resolution in GOODS_BACK | _EXCHANGES:
        return Reason.RETURN
    return Reason.ALLOWANCE if shipped else Reason.RETURN


_EXCHANGES = frozenset(resolution for resolution in Resolution if resolution.value.startswith("exchange"))
_HAS_AN_ORIGINAL = frozenset(Standing) - {Standing.NONE, Standing.QUEUED, Standing.ISSUING, Standing.REVERSED}
CHANGES_CONTENT = frozenset({_S.REFUND_FULL, _S.REFUND_PART, _S.RETURN_FULL, _S.RETURN_PART}) | _EXCHANGES - {
    _S.EXCHANGE_SAME
}
"""After these something else is billed than was sold."""
CHANGES_NO_INVOICE = frozenset({Step.NOTHING, Step.HOLD, Step.ENDORSE, Step.GIVE_BACK, Step.ASK_FINANCE})
"""Steps that leave every invoice as it is."""
