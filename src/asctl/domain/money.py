"""Money is Decimal yuan with two places, or integer fen; never a float."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

CENT = Decimal("0.01")


def yuan(text: str | int | Decimal) -> Decimal:
    """Read an amount in yuan and round it half up to the cent; ``ValueError`` if it is not a finite number."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"not an amount: {text!r}") from None
    if not amount.is_finite():
        raise ValueError(f"not an amount: {text!r}")
    return amount.quantize(CENT, ROUND_HALF_UP)


def from_fen(fen: int | str) -> Decimal:
    """Turn integer fen into yuan."""
    return (Decimal(int(fen)) / 100).quantize(CENT)


def to_fen(amount: Decimal) -> int:
    """Turn yuan into integer fen, rounded half up."""
    return int((amount * 100).to_integral_value(ROUND_HALF_UP))
