"""What red invoices take from a blue one, what is left of it, and what is billed anew (reference/invoices.md sections 2.4, 4.4
and 4.5).

An application that was not issued yet counts as a blue invoice with no red ones: what of it stays is its new content.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from asctl.domain.billing import GoodsTax, priced, unit_price
from asctl.domain.errors import BadInput, Refused
from asctl.domain.invoices import FREIGHT, OVER, Invoice, InvoiceLine, InvoiceState, LineNature, Scope
from asctl.domain.money import CENT
from asctl.domain.tax import add_up, split, spread, to_cent
from asctl.text import _

_CAME_TO_NOTHING = OVER - {InvoiceState.REVERSED}
_NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of the blue ``line`` at ``place`` (from 1), its discount taken off: yuan, and the units not yet returned
    (``None`` where the line counts none)."""

    place: int
    line: InvoiceLine
    net: Decimal
    tax: Decimal
    gross: Decimal
    quantity: Decimal | None


def rests(blue: Invoice, reds: Iterable[Invoice]) -> tuple[Rest, ...]:
    """What is left of each line; a discount row counts with its line. Every red invoice of this blue one counts that may come to
    pass, issued or not; one that takes all leaves nothing."""
    whole = tuple(_whole(blue))
    living = [red for red in reds if red.state not in _CAME_TO_NOTHING]
    if any(red.scope is Scope.FULL for red in living):
        return tuple(_less(rest, _all_of(whole)) for rest in whole)
    gone = [line for red in living for line in red.lines]
    return tuple(_less(rest, gone) for rest in whole)


def reverse_all(left: Sequence[Rest]) -> tuple[InvoiceLine, ...]:
    """Red lines for everything that is left. Raises :class:`Refused` (``nothing_left``)."""
    return _some(_all_of(left))


def reverse_goods(
    left: Sequence[Rest], quantities: Mapping[str, Decimal], amount: Decimal | None = None
) -> tuple[InvoiceLine, ...]:
    """Red lines for returned goods: units by the order's ``line_id``.

    They take their share of what is left of their line, so that units returned one by one come to the same in the end as all at
    once. Where the refund was another ``amount``, that is taken from those lines: each its share first. An order's line that
    was never billed, as a gift, has nothing to give back. Raises :class:`Refused`: ``exceeds_rest``, ``nothing_left``.
    """
    returned = [pair for line_id, units in quantities.items() for pair in _returned(left, line_id, units)]
    shares = tuple(_share(rest, units) for rest, units in returned)
    if amount is not None:
        shares = _refunded(amount, shares, [rest.gross for rest, _units in returned])
    taken = (_taken(rest, share, units) for (rest, units), share in zip(returned, shares, strict=True) if share)
    return _some(taken)


def reverse_places(
    left: Sequence[Rest], units: Mapping[int, Decimal], amount: Decimal | None = None
) -> tuple[InvoiceLine, ...]:
    """As :func:`reverse_goods`, by the places of the lines: an order's line may stand in several rows after an exchange."""
    named = [replace(rest, line=replace(rest.line, line_id=str(rest.place))) for rest in left]
    lines = reverse_goods(named, {str(place): quantity for place, quantity in units.items()}, amount)
    own = {rest.place: rest.line.line_id for rest in left}
    return tuple(replace(line, line_id=own[line.blue_line]) for line in lines)


def reverse_amount(
    left: Sequence[Rest], amount: Decimal, line_ids: Collection[str] | None = None
) -> tuple[InvoiceLine, ...]:
    """Red lines for an allowance: amounts only, spread over the named lines; over all but the freight where none are named.
    Raises :class:`Refused`: ``exceeds_rest``, ``nothing_left``."""
    meant = [
        rest
        for rest in left
        if (rest.line.line_id in line_ids if line_ids is not None else rest.line.line_id != FREIGHT)
    ]
    _within(amount, add_up(rest.gross for rest in meant), _("yuan"))
    shares = spread(amount, [rest.gross for rest in meant])
    return _some(_taken(rest, share, None) for rest, share in zip(meant, shares, strict=True) if share)


def amounts_only(lines: Iterable[InvoiceLine]) -> tuple[InvoiceLine, ...]:
    """The same red lines without units and prices, as a partial allowance must have them (rule V23)."""
    return tuple(replace(line, quantity=None, price=None) for line in lines)


def balance(left: Sequence[Rest], taken: Iterable[InvoiceLine]) -> tuple[InvoiceLine, ...]:
    """The lines of the blue invoice that follows a full reversal: what stays after the red lines ``taken``, split anew. Empty where
    nothing stays."""
    gone = tuple(taken)
    stays = (_less(rest, gone) for rest in left)
    return tuple(_billed_anew(rest) for rest in stays if rest.gross > 0)


def exchanged(
    left: Sequence[Rest], line_id: str, goods: GoodsTax, difference: Decimal, quantity: Decimal | None = None
) -> tuple[InvoiceLine, ...]:
    """The lines of the blue invoice after ``quantity`` units of a line (all, where none is told) were exchanged for ``goods``.
    Their gross is that of the old ones plus ``difference``: what the customer paid on top, or, below zero, got back. Units that
    were not exchanged stay in a row before theirs. Raises :class:`Refused`: ``line_not_billed``, ``exceeds_rest``."""
    old = next((rest for rest in left if rest.line.line_id == line_id and rest.gross > 0), None)
    if old is None:
        raise Refused(
            _("line {line} is not on the invoice, or nothing is left of it").format(line=line_id),
            code="line_not_billed",
            hint=_("see what it bills: asctl invoice show ORDER"),
        )
    given = _taken(old, old.gross, old.quantity)
    if quantity is not None:
        _within(quantity, old.quantity or _NONE, _("units"))
        given = _taken(old, _share(old, quantity), quantity)
    if difference <= given.gross:
        raise _exceeds(-difference, -given.gross - CENT, _("yuan"))
    named = replace(goods, name=goods.name or old.line.name)
    units = None if given.quantity is None else -given.quantity
    rows: list[InvoiceLine] = []
    for rest in left:
        rows += balance((rest,), (given,))
        if rest is old:
            rows.append(priced(named, difference - given.gross, units, line_id))
    return tuple(rows)


def _whole(blue: Invoice) -> Iterator[Rest]:
    for place, line in enumerate(blue.lines, 1):
        rows = [line]
        if line.nature is LineNature.DISCOUNTED:
            rows += [row for row in blue.lines[place : place + 1] if row.nature is LineNature.DISCOUNT]
        if line.nature is not LineNature.DISCOUNT:
            net, tax, gross = (
                add_up(amounts) for amounts in zip(*((r.net, r.tax, r.gross) for r in rows), strict=True)
            )
            yield Rest(place, line, net, tax, gross, line.quantity)


def _less(rest: Rest, gone: Iterable[InvoiceLine]) -> Rest:
    """What stays of a line after red lines, whose amounts and units are negative."""
    own = [line for line in gone if line.blue_line == rest.place]
    units = sum((line.quantity or _NONE for line in own), _NONE)
    return replace(
        rest,
        net=rest.net + add_up(line.net for line in own),
        tax=rest.tax + add_up(line.tax for line in own),
        gross=rest.gross + add_up(line.gross for line in own),
        quantity=None if rest.quantity is None else rest.quantity + units,
    )


def _all_of(left: Iterable[Rest]) -> tuple[InvoiceLine, ...]:
    return tuple(_taken(rest, rest.gross, rest.quantity) for rest in left if rest.gross > 0)


def _taken(rest: Rest, gross: Decimal, quantity: Decimal | None) -> InvoiceLine:
    net = rest.net if gross == rest.gross else _net_of_part(rest, gross)
    return replace(
        rest.line,
        nature=LineNature.NORMAL,
        net=-net,
        tax=net - gross,
        gross=-gross,
        quantity=-quantity if quantity else None,
        price=unit_price(gross, quantity) if quantity else None,
        blue_line=rest.place,
    )


def _net_of_part(rest: Rest, gross: Decimal) -> Decimal:
    """A part is split on its own, and moved by a cent where what stays would be off its rate by a cent or more: else the roundings
    of many parts would gather in the last one. The tax of a part fits its rate to within 0.015 yuan, that of the last part to
    within 0.01. Of a line that comes from elsewhere, or a great many parts of a few cents, the last part may be further off;
    so may, by 0.002, a discounted line that is reversed at once. Neither the part nor what stays has a tax below zero, or lacks
    a net while there is a cent for it."""
    net = split(gross, rest.line.rate)[0]
    drift = (rest.net - net) * (1 + rest.line.rate) - (rest.gross - gross)
    if abs(drift) >= CENT:
        net += CENT.copy_sign(drift)
    least, most = max(CENT, gross - rest.tax), min(gross, rest.net - CENT)
    return min(max(net, least), most)


def _returned(left: Sequence[Rest], line_id: str, units: Decimal) -> Iterator[tuple[Rest, Decimal]]:
    """The rows that bill an order's line, each with the units that it gives; after an exchange of some there are two."""
    rows = [rest for rest in left if rest.line.line_id == line_id]
    if rows:
        _within(units, sum((rest.quantity or _NONE for rest in rows), _NONE), _("units"))
    for rest in rows:
        given = min(units, rest.quantity or _NONE)
        units -= given
        if given:
            yield rest, given


def _share(rest: Rest, units: Decimal) -> Decimal:
    """The gross of some of the units that are left."""
    return to_cent(rest.gross * units / (rest.quantity or units))


def _refunded(amount: Decimal, shares: Sequence[Decimal], most: Sequence[Decimal]) -> tuple[Decimal, ...]:
    _within(amount, add_up(most), _("yuan"))
    due = add_up(shares)
    if amount <= due:
        return spread(amount, shares)
    on_top = spread(amount - due, [whole - share for whole, share in zip(most, shares, strict=True)])
    return tuple(share + more for share, more in zip(shares, on_top, strict=True))


def _billed_anew(rest: Rest) -> InvoiceLine:
    line = rest.line
    goods = GoodsTax(line.sku, line.code, line.rate, line.name, line.unit, line.spec)
    return priced(goods, rest.gross, rest.quantity or None, line.line_id)


def _some(lines: Iterable[InvoiceLine]) -> tuple[InvoiceLine, ...]:
    taken = tuple(lines)
    if not taken:
        raise Refused(
            _("nothing is left of the invoice's lines that could be reversed"),
            code="nothing_left",
            hint=_("see what was reversed already: asctl invoice show ORDER"),
        )
    return taken


def _within(asked: Decimal, left: Decimal, unit: str) -> None:
    if asked <= 0:
        raise BadInput(
            _("{asked} {unit} cannot be reversed: it must be more than nothing").format(asked=asked, unit=unit),
            code="nothing_asked",
            hint=_("say how much was returned or refunded"),
        )
    if asked > left:
        raise _exceeds(asked, left, unit)


def _exceeds(asked: Decimal, left: Decimal, unit: str) -> Refused:
    return Refused(
        _("{asked} {unit} are to be taken from the invoice, but only {left} are left").format(
            asked=asked, unit=unit, left=left
        ),
        code="exceeds_rest",
        hint=_("see what was reversed already: asctl invoice show ORDER"),
    )
