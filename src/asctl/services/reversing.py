"""Reversals (红冲) that somebody asks for by hand, outside a case: checked against what is left, entered once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from asctl.domain.errors import BadInput, Refused
from asctl.domain.invoices import (
    LIVING,
    OVER,
    BuyerUse,
    Colour,
    Invoice,
    InvoiceLine,
    InvoiceState,
    Reason,
    Scope,
)
from asctl.domain.reversals import Rest, amounts_only, rests, reverse_all, reverse_amount, reverse_places
from asctl.domain.tax import add_up
from asctl.services.desk import Desk
from asctl.services.finding_invoices import find_invoice
from asctl.services.invoice_checks import check_free
from asctl.services.invoicing import check_red, enter, red_of, target_of
from asctl.store import actions as stored_actions
from asctl.store import audit as stored_audit
from asctl.store import invoices as stored_invoices
from asctl.text import _

_REVERSIBLE = frozenset({InvoiceState.ISSUED, InvoiceState.SEAL_FAILED, InvoiceState.PARTLY_REVERSED})


@dataclass(frozen=True, slots=True)
class ReversalWish:
    """What is asked for: all of an invoice, an ``amount`` of it, or goods by SKU (with ``amount``: refunded with that). ``used``
    says that its buyer has used it."""

    reason: Reason
    amount: Decimal | None = None
    goods: Mapping[str, int] = field(default_factory=dict)
    again: bool = False
    used: bool = False


@dataclass(frozen=True, slots=True)
class Reversed:
    """A red invoice in the books. ``known`` says that it was asked for before."""

    red: Invoice
    known: bool = False


def reverse(desk: Desk, subject: str, wish: ReversalWish, shop: str = "", rehearse: bool = False) -> Reversed:
    """Queue a red invoice for an invoice (``I17``, its number, or its order's). The same wish again finds the same red one,
    unless ``again`` says that another one is meant.

    Raises :class:`NotFound` for an order without an invoice, :class:`Refused` for one that is not issued, is red itself, is being
    reversed, and for more than is left; :class:`BadInput` for what the rules do not allow.
    """
    blue = find_invoice(desk, subject, shop)
    _check_blue(blue)
    with desk.store.write() as tx:
        stored_actions.take_turn(tx, target_of(blue))
        reds = stored_invoices.reds_of(tx, blue.invoice)
        own = [red for red in reds if not red.rma and red.state not in OVER]
        if (earlier := _earlier(blue, own, wish)) and not wish.again:
            return Reversed(earlier, known=True)
        check_free([each for each in reds if each.rma or each.state is not InvoiceState.FAILED])
        red = _drafted(desk, blue, reds, wish)
        check_red(desk, red, blue, reds)
        _check_part(desk, blue, red, wish.used)
        if rehearse:
            return Reversed(red)
        entered = enter(tx, red)
        told = {"blue": blue.invoice, "gross": str(red.gross), "reason": wish.reason.value}
        stored_audit.write_audit(tx, desk.clock.now(), desk.staff_no, "invoice reverse", entered.invoice, told)
    return Reversed(entered)


def _drafted(desk: Desk, blue: Invoice, reds: tuple[Invoice, ...], wish: ReversalWish) -> Invoice:
    if blue.state is InvoiceState.REVERSED:
        raise Refused(
            _("{blue} is reversed in full already").format(blue=blue.invoice),
            code="nothing_left",
            hint=_("see its red invoices: asctl invoice show {order}").format(order=blue.order_id),
        )
    lines = _lines(rests(blue, reds), wish)
    untouched = not any(red.state in LIVING for red in reds)
    scope = Scope.FULL if untouched and add_up(line.gross for line in lines) == -blue.gross else Scope.PARTIAL
    # How many came before tells one wish from the next, and stays the same after a restart.
    return red_of(desk, blue, lines, scope, wish.reason, f"{blue.serial} by hand {len(reds)}", 1)


def _check_part(desk: Desk, blue: Invoice, red: Invoice, used: bool) -> None:
    """What its buyer has not used is reversed in full or not at all, unless the shop lets a part be tried (section 2.4)."""
    known_used = used or blue.buyer_use is BuyerUse.USED or blue.state is InvoiceState.PARTLY_REVERSED
    if red.scope is Scope.FULL or known_used or desk.settings.invoice_policy().partial_when_unused == "try_partial":
        return
    raise Refused(
        _("{blue} can be reversed in full only: as far as is known its buyer has not used it").format(
            blue=blue.invoice
        ),
        code="only_in_full",
        hint=_("open a case and settle it, which bills the rest anew; or say that he has used it: --used"),
    )


def _earlier(blue: Invoice, own: list[Invoice], wish: ReversalWish) -> Invoice | None:
    """The red invoice that the same wish brought about before."""
    for red in reversed(own):
        whole = not wish.goods and wish.amount is None
        if red.reason is not wish.reason:
            continue
        if whole and (red.scope is Scope.FULL or blue.state is InvoiceState.REVERSED):
            return red
        if not whole and _asks_for(red, wish):
            return red
    return None


def _asks_for(red: Invoice, wish: ReversalWish) -> bool:
    quantities: dict[str, Decimal] = {}
    for line in red.lines:
        if line.quantity:
            quantities[line.sku] = quantities.get(line.sku, Decimal(0)) - line.quantity
    same_goods = quantities == {sku: Decimal(units) for sku, units in wish.goods.items()}
    return same_goods and wish.amount in (None, -red.gross)


def _lines(left: tuple[Rest, ...], wish: ReversalWish) -> tuple[InvoiceLine, ...]:
    if wish.goods:
        units = dict(pair for sku, asked in wish.goods.items() for pair in _rows_of(left, sku, Decimal(asked)))
        lines = reverse_places(left, units, wish.amount)
        return amounts_only(lines) if wish.reason is Reason.ALLOWANCE else lines
    return reverse_all(left) if wish.amount is None else reverse_amount(left, wish.amount)


def _rows_of(left: tuple[Rest, ...], sku: str, asked: Decimal) -> Iterator[tuple[int, Decimal]]:
    """The rows that bill a SKU (or a line of the order), by place, with what is taken of each; all that is asked beyond them is
    left to the last, which says how much there is."""
    rows = [rest for rest in left if sku in (rest.line.sku, rest.line.line_id)]
    if not rows:
        raise BadInput(
            _("the invoice bills no {sku}").format(sku=sku[:60]),
            code="unknown_line",
            hint=_("it bills: {skus}").format(skus=", ".join(rest.line.sku or rest.line.line_id for rest in left)),
        )
    for row in rows[:-1]:
        taken = min(asked, row.quantity or Decimal(0))
        asked -= taken
        if taken:
            yield row.place, taken
    if asked:
        yield rows[-1].place, asked


def _check_blue(blue: Invoice) -> None:
    """A red of a red is never issued; what is not issued is called off, not reversed."""
    if blue.colour is Colour.RED:
        raise Refused(
            _("{red} is a red invoice itself; to undo it, a new blue one is issued").format(red=blue.invoice),
            code="red_of_red",
            hint=_("see what stands: asctl invoice show {order}").format(order=blue.order_id),
        )
    if blue.state not in _REVERSIBLE | {InvoiceState.REVERSED}:
        raise Refused(
            _("{blue} is {state}: only an issued invoice can be reversed").format(
                blue=blue.invoice, state=blue.state.value
            ),
            code="not_issued",
            hint=_(
                "what is queued is called off with: asctl invoice cancel {blue}; else see: asctl invoice show {blue}"
            ).format(blue=blue.invoice),
        )
