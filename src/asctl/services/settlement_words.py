"""The decision table in words, for the one line that explains a settlement (R107)."""

from __future__ import annotations

from collections.abc import Callable

from asctl.domain.settlements import Cell, Resolution, Standing, Step
from asctl.text import _

_RESOLUTIONS: dict[Resolution, Callable[[], str]] = {
    Resolution.REFUND_FULL: lambda: _("all money back"),
    Resolution.REFUND_PART: lambda: _("a part of the money back, the goods stay"),
    Resolution.RETURN_FULL: lambda: _("everything returned (退货)"),
    Resolution.RETURN_PART: lambda: _("a part returned (退货)"),
    Resolution.EXCHANGE_SAME: lambda: _("exchange for the same at the same price (换货)"),
    Resolution.EXCHANGE_NEW_FACE: lambda: _("exchange for other goods at the same price (换货)"),
    Resolution.EXCHANGE_DEARER: lambda: _("exchange, the customer pays more (换货)"),
    Resolution.EXCHANGE_CHEAPER: lambda: _("exchange for the same at a lower price (换货)"),
    Resolution.EXCHANGE_CHEAPER_OTHER: lambda: _("exchange for cheaper goods (换货)"),
    Resolution.REPAIR_FREE: lambda: _("repair under warranty (维修)"),
    Resolution.REPAIR_PAID: lambda: _("repair that the customer pays (维修)"),
    Resolution.RESHIP: lambda: _("reshipping, or a missing part (补发)"),
    Resolution.GOODWILL: lambda: _("goodwill, no reduction of the price"),
    Resolution.PLATFORM_PAYS: lambda: _("the marketplace pays"),
    Resolution.TITLE_CHANGE: lambda: _("another title (抬头)"),
}
_STANDINGS: dict[Standing, Callable[[], str]] = {
    Standing.NONE: lambda: _("no invoice"),
    Standing.QUEUED: lambda: _("the invoice is applied for, not issued"),
    Standing.ISSUING: lambda: _("the invoice is being issued"),
    Standing.ORDINARY: lambda: _("an ordinary invoice, as far as is known not used by the buyer"),
    Standing.ORDINARY_USED: lambda: _("an ordinary invoice that the buyer has used"),
    Standing.SPECIAL: lambda: _("a special invoice, as far as is known not used by the buyer"),
    Standing.SPECIAL_USED: lambda: _("a special invoice that the buyer has used"),
    Standing.PARTLY_REVERSED: lambda: _("an invoice of which a part is reversed already"),
    Standing.REVERSED: lambda: _("an invoice that is reversed already"),
}
_STEPS: dict[Step, Callable[[], str]] = {
    Step.NOTHING: lambda: _("nothing to do"),
    Step.CANCEL_APPLICATION: lambda: _("call the application off"),
    Step.BILL_LESS: lambda: _("bill only what stays"),
    Step.BILL_ANEW: lambda: _("bill the new goods and price"),
    Step.EDIT_TITLE: lambda: _("put in the new title"),
    Step.HOLD: lambda: _("wait until it is issued, then decide"),
    Step.REVERSE_ALL: lambda: _("reverse it in full (红冲)"),
    Step.REVERSE_GOODS: lambda: _("reverse the returned goods (部分红冲)"),
    Step.REVERSE_AMOUNT: lambda: _("reverse the amount (部分红冲)"),
    Step.REISSUE_REST: lambda: _("then bill what stays"),
    Step.REISSUE_NEW: lambda: _("then bill the new goods and price"),
    Step.REISSUE_TITLE: lambda: _("then issue it with the new title"),
    Step.ENDORSE: lambda: _("keep it, and note the case on it (背书)"),
    Step.GIVE_BACK: lambda: _("give the paper original back with the goods (返还原件)"),
    Step.BILL_FEE: lambda: _("bill the fee separately"),
    Step.BILL_NEW: lambda: _("bill what stands now separately"),
    Step.ASK_FINANCE: lambda: _("finance decides"),
}


def told_in_one_line(resolution: Resolution, standing: Standing, cell: Cell) -> str:
    """The rule that applied: what was agreed, how the invoice stands, what is done."""
    return _("{agreed}; {invoice}: {done}").format(
        agreed=_RESOLUTIONS[resolution](),
        invoice=_STANDINGS[standing](),
        done=_(", ").join(_STEPS[step]() for step in cell),
    )
