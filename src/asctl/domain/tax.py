"""Tax arithmetic: Decimal, half up to the cent, and what does not come out even is shared so that it adds up
(reference/invoices.md sections 4.1 and 4.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate, pairwise

from asctl.domain.money import CENT


def to_cent(amount: Decimal) -> Decimal:
    """An amount in yuan, half up to the cent."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def split(gross: Decimal, rate: Decimal) -> tuple[Decimal, Decimal]:
    """Net and tax of an amount with tax: the net is rounded, the tax is what is left, so that they add up exactly."""
    net = to_cent(gross / (1 + rate))
    return net, gross - net


def spread(amount: Decimal, over: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """``amount`` (cents, at most the sum of ``over``) shared in proportion: no part exceeds its own, none is negative, and they
    add up exactly. ``ValueError`` where there is more to share than they hold."""
    total = sum(over, Decimal(0))
    if not 0 <= amount <= total or any(part < 0 for part in over):
        raise ValueError(f"{amount} cannot be shared over {total}")
    if not total:
        return tuple(Decimal(0) for _part in over)
    marks = (to_cent(amount * so_far / total) for so_far in accumulate(over, initial=Decimal(0)))
    return tuple(after - before for before, after in pairwise(marks))


def add_up(amounts: Iterable[Decimal]) -> Decimal:
    """The sum, with two places even where there is nothing to add."""
    return sum(amounts, Decimal("0.00"))
