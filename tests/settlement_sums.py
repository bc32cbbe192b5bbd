"""What invoices must come to, reckoned from an order of the sandbox by reference/invoices.md sections 4.1, 4.4 and 4.5 alone: a
witness beside the tool's own arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT, NOTHING = Decimal("0.01"), Decimal("0.00")
GOODS_RATE, FREIGHT_RATE = Decimal("0.13"), Decimal("0.09")
"""Those of the sandbox's invoice accounts."""
FREIGHT = "freight"


def half_up(amount: Decimal) -> Decimal:
    """To the cent."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Sums:
    """Net, tax and gross of an invoice, in yuan; below zero of a red one."""

    net: Decimal
    tax: Decimal
    gross: Decimal

    def __neg__(self) -> Sums:
        return Sums(-self.net, -self.tax, -self.gross)


@dataclass(frozen=True)
class Share:
    """What an invoice bills of one line of an order, or what is taken of that."""

    line: str
    rate: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal
    units: Decimal = Decimal(1)


Bill = tuple[Share, ...]


def of_gross(line: str, gross: Decimal, rate: Decimal, units: Decimal = Decimal(1)) -> Share:
    """Section 4.1."""
    net = half_up(gross / (1 + rate))
    return Share(line, rate, net, gross - net, gross, units)


def bill_of(order: dict[str, Any]) -> Bill:
    """What the invoice of a whole order bills: a discount has a row of its own, which is split on its own."""
    shares = [_line(line) for line in order["lines"] if Decimal(line["paid"])]
    freight = Decimal(order["freight"])
    return (*shares, *([of_gross(FREIGHT, freight, FREIGHT_RATE)] if freight else []))


def sums(bill: Iterable[Share]) -> Sums:
    """Added up."""
    rows = tuple(bill)
    added = [sum((getattr(row, name) for row in rows), NOTHING) for name in ("net", "tax", "gross")]
    return Sums(*added)


def amount_off(bill: Bill, amount: Decimal, line: str = "") -> Bill:
    """Section 4.4: an amount spread over the goods, or off one line, but not over the freight; no units are taken."""
    goods = [share for share in bill if share.line in ([line] if line else {each.line for each in bill} - {FREIGHT})]
    total, before, taken = sum((share.gross for share in goods), NOTHING), NOTHING, []
    for share in goods:
        after = before + share.gross
        part = half_up(amount * after / total) - half_up(amount * before / total)
        taken.append(_taken(share, part, Decimal(0)))
        before = after
    return tuple(each for each in taken if each.gross)


def goods_off(bill: Bill, line: str, units: int) -> Bill:
    """The share of some of a line's units."""
    share = _of(bill, line)
    return (_taken(share, half_up(share.gross * units / share.units), Decimal(units)),)


def less(bill: Bill, taken: Sequence[Share]) -> Bill:
    """What stays, as it stands in the books; what is all gone is not there any more."""
    for off in taken:
        bill = tuple(_minus(share, off) if share.line == off.line else share for share in bill)
    return tuple(share for share in bill if share.gross)


def anew(bill: Bill) -> Bill:
    """The same amounts on a new invoice: split anew, line by line."""
    return tuple(of_gross(share.line, share.gross, share.rate, share.units) for share in bill)


def exchanged(bill: Bill, line: str, difference: Decimal) -> Bill:
    """The new invoice after one unit of a line was exchanged: it has a row of its own, at its new price."""
    (unit,) = goods_off(bill, line, 1)
    new = of_gross(f"{line} new", unit.gross + difference, unit.rate)
    return (*anew(less(bill, (unit,))), new)


def _line(line: dict[str, Any]) -> Share:
    units, paid = Decimal(line["quantity"]), Decimal(line["paid"])
    full = Decimal(line["price"]) * units
    whole = of_gross(line["line_id"], full, GOODS_RATE, units)
    return _minus(whole, of_gross(line["line_id"], full - paid, GOODS_RATE, Decimal(0))) if full > paid else whole


def _taken(share: Share, gross: Decimal, units: Decimal) -> Share:
    """Section 4.5: the last piece is what is left. Any other is split on its own; and since what is left must fit its rate to
    within a cent (section 4.2), that may cost a cent of the net."""
    if gross == share.gross:
        return replace(share, units=units)
    split = of_gross(share.line, gross, share.rate, units)
    moved = (replace(split, net=split.net + cent, tax=split.tax - cent) for cent in (NOTHING, CENT, -CENT))
    return next(piece for piece in moved if _fits(_minus(share, piece)))


def _fits(share: Share) -> bool:
    return abs(share.net * share.rate - share.tax) < CENT


def _minus(share: Share, off: Share) -> Share:
    left = [getattr(share, name) - getattr(off, name) for name in ("net", "tax", "gross", "units")]
    return Share(share.line, share.rate, *left)


def _of(bill: Bill, line: str) -> Share:
    return next(share for share in bill if share.line == line)
