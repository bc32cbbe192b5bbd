"""Waybills in the shape of each courier (reference/couriers/README.md section 4); the numbers are invented."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

_SHAPES: Mapping[str, tuple[str, int]] = {
    "sf": ("SF", 13),
    "zto": ("78", 12),
    "yto": ("YT", 13),
    "sto": ("77", 13),
    "yunda": ("YD", 13),
    "jd": ("JDVA", 11),
    "jt": ("JT", 13),
    "post": ("98", 11),
    "deppon": ("DPK", 12),
    "best": ("A", 12),
}
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
COURIERS = (*_SHAPES, "ems")


def waybill(courier: str, serial: int, rng: Random) -> str:
    """A waybill that no other ``serial`` below a million gives; a courier without a known shape gets 13 digits."""
    if courier == "ems":
        digits = f"{rng.randrange(100):02d}{serial:06d}"
        return f"EA{digits}{_s10_check(digits)}CN"
    prefix, length = _SHAPES.get(courier, ("", 13))
    free = length - 6
    return f"{prefix}{rng.randrange(10**free):0{free}d}{serial:06d}"


def _s10_check(digits: str) -> int:
    """The check digit of an international postal number (UPU S10) over its eight digits."""
    rest = 11 - sum(weight * int(digit) for weight, digit in zip(_S10_WEIGHTS, digits, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)
