"""What of a sale's invoice does not stand any more after a case: goods that came back, or money that went back
(reference/invoices.md sections 2.4 and 11)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from asctl.domain.errors import BadInput
from asctl.domain.invoices import FREIGHT, InvoiceLine
from asctl.domain.orders import Order
from asctl.domain.resolutions import Wish
from asctl.domain.reversals import Rest, amounts_only, reverse_all, reverse_amount, reverse_places
from asctl.domain.rmas import Rma, RmaLine
from asctl.domain.settlements import GIVES_ALL_UP, Resolution
from asctl.domain.tax import add_up, to_cent
from asctl.text import _


def given_back(row: Resolution, left: Sequence[Rest], rma: Rma | None, wish: Wish) -> tuple[InvoiceLine, ...]:
    """Red lines for what a case takes of what is ``left``. Raises :class:`BadInput` (``which_goods``) where it cannot be told which
    row is meant, and :class:`Refused` for more than is left."""
    if row in GIVES_ALL_UP:
        return reverse_all(left)
    if row is not Resolution.RETURN_PART and (wish.refund is not None or wish.difference):
        return _allowance(left, rma, wish)
    units = _units(left, rma, wish)
    if not units and wish.refund is None:
        raise BadInput(
            _("nothing of the goods of {rma} is billed any more").format(rma=rma.rma if rma else ""),
            code="refund_missing",
            hint=_("say what goes back: --refund 0.00 where that is nothing"),
        )
    lines = reverse_places(left, units, wish.refund)
    return lines if row is Resolution.RETURN_PART else amounts_only(lines)


def changed_before(left: Sequence[Rest], rma: Rma, order: Order) -> bool:
    """Whether an earlier case changed what the goods of this one are billed with."""
    sold = {line.line_id: line.paid for line in order.lines}
    meant = {line.line_id for line in rma.lines} & sold.keys()
    billed = {line_id: add_up(rest.gross for rest in left if rest.line.line_id == line_id) for line_id in meant}
    return any(billed[line_id] != sold[line_id] for line_id in meant)


def _units(left: Sequence[Rest], rma: Rma | None, wish: Wish) -> Mapping[int, Decimal]:
    """The goods of the case by their place on the invoice, and the freight where it is refunded, too."""
    units: dict[int, Decimal] = {}
    for line in rma.lines if rma else ():
        if row := _row_of(left, line, wish):
            units[row.place] = Decimal(line.quantity)
    freight = [rest for rest in left if rest.line.line_id == FREIGHT and rest.gross]
    if wish.freight and freight:
        units[freight[0].place] = Decimal(1)
    return units


def _row_of(left: Sequence[Rest], line: RmaLine, wish: Wish) -> Rest | None:
    """Where goods of the case stand on the invoice; nowhere where they were never billed. After an exchange one line of the order
    may stand in two rows: then the SKU tells which one is meant, and of two with the same SKU what is refunded."""
    rows = [rest for rest in left if rest.line.line_id == line.line_id and rest.gross > 0]
    named = [rest for rest in rows if rest.line.sku == wish.sku]
    if len(rows) > 1 and not named:
        raise BadInput(
            _("the invoice bills {sku} in {count} rows since an exchange, and nobody can tell which is meant").format(
                sku=line.sku or line.line_id, count=len(rows)
            ),
            code="which_goods",
            hint=_("say which one, as: --sku {skus}").format(
                skus="|".join(dict.fromkeys(rest.line.sku for rest in rows))
            ),
        )
    found = named if len(rows) > 1 else rows
    worth = (
        rest for rest in found if rest.quantity and to_cent(rest.gross * line.quantity / rest.quantity) == wish.refund
    )
    return next(worth, next(iter(found), None))


def _allowance(left: Sequence[Rest], rma: Rma | None, wish: Wish) -> tuple[InvoiceLine, ...]:
    """An amount, off the goods of the case (and the freight, where that is refunded) as far as they bear it, whichever of their
    rows."""
    amount = wish.refund if wish.refund is not None else -wish.difference
    meant = {line.line_id for line in rma.lines} if rma else set()
    if wish.freight:
        meant.add(FREIGHT)
    everything = {rest.line.line_id for rest in left}
    for lines in (meant, everything - {FREIGHT}, everything):
        if _bears(left, lines) >= amount:
            return reverse_amount(left, amount, lines)
    return reverse_amount(left, amount, everything)


def _bears(left: Sequence[Rest], lines: Collection[str]) -> Decimal:
    return add_up(rest.gross for rest in left if rest.line.line_id in lines)
