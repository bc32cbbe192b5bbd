"""What the marketplace says of the money that goes back, against what the invoice would lose."""

from __future__ import annotations

from decimal import Decimal

from asctl.domain.aftersales import AfterSaleStatus
from asctl.domain.errors import BadInput
from asctl.domain.rmas import Rma, RmaKind
from asctl.domain.settlements import Cell, Resolution, Step
from asctl.domain.tax import add_up, to_cent
from asctl.services.carrying_out import CarryingOut, Matter
from asctl.services.desk import Desk
from asctl.services.open_cases import MONEY_BACK
from asctl.store import aftersales as stored_after_sales
from asctl.store.aftersales import AfterSaleFilter
from asctl.text import _

_NOT_MEANT = (AfterSaleStatus.CLOSED, AfterSaleStatus.REFUSED)
_PARTS = (Resolution.RETURN_PART, Resolution.REFUND_PART)
_NOT_BILLED = (Step.NOTHING, Step.HOLD, Step.ASK_FINANCE)


def asked_at_marketplace(desk: Desk, rma: Rma) -> Decimal | None:
    """What the customer's applications about the goods of a case say goes back; ``None`` where there are none."""
    if rma.kind not in (RmaKind.RETURN, RmaKind.REFUND_ONLY):
        return None
    lines = {line.line_id for line in rma.lines}
    with desk.store.read() as tx:
        found = stored_after_sales.list_after_sales(tx, AfterSaleFilter(order_id=rma.order_id, shop=rma.shop))
        meant = [
            each.amount
            for each in found
            if each.kind in MONEY_BACK and each.status not in _NOT_MEANT and each.line_id in lines
        ]
    return add_up(meant) if meant else None


def check_refund(matter: Matter, row: Resolution, carrying: CarryingOut, cell: Cell) -> None:
    """Where no refund was told, what the goods are billed with goes back: unless the application says another sum, or an earlier
    case changed what they are billed with, so that nobody can tell. Raises :class:`BadInput` (``refund_missing``)."""
    rma = matter.rma
    if rma is None or matter.wish.refund is not None or rma.kind not in (RmaKind.RETURN, RmaKind.REFUND_ONLY):
        return
    billed = _share(matter) if cell[0] in _NOT_BILLED else -add_up(line.gross for line in carrying.taken())
    if matter.asked is not None and matter.asked != billed:
        raise _say_which(
            _("the marketplace's application is about {asked}, the goods of {rma} are billed with {billed}").format(
                asked=matter.asked, rma=rma.rma, billed=billed
            ),
            matter.asked,
        )
    if matter.asked is None and row in _PARTS and cell[0] not in _NOT_BILLED and carrying.changed_before():
        raise _say_which(
            _("an earlier case changed what the goods of {rma} are billed with: {billed} by now").format(
                rma=rma.rma, billed=billed
            ),
            billed,
        )


def _share(matter: Matter) -> Decimal:
    """What the goods of the case were paid with, and the freight where it is refunded."""
    paid = {line.line_id: line for line in matter.order.lines}
    shares = (
        to_cent(paid[line.line_id].paid * line.quantity / paid[line.line_id].quantity)
        for line in (matter.rma.lines if matter.rma else ())
        if line.line_id in paid
    )
    return add_up(shares) + (matter.order.freight if matter.wish.freight else 0)


def _say_which(sentence: str, amount: Decimal) -> BadInput:
    return BadInput(
        sentence, code="refund_missing", hint=_("say what goes back, as: --refund {amount}").format(amount=amount)
    )
