"""Looking after a write: whether it happened, and what came of it (design section 4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Evidence(StrEnum):
    """What a look found. ``ABSENT`` counts as proof only where the write's contract says that its look is authoritative,
    and only from a look that was made late enough."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Effect(StrEnum):
    """What came of a write that the far side accepted: accepted is not done."""

    ACCEPTED = "accepted"
    EFFECTIVE = "effective"
    INEFFECTIVE = "ineffective"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of a method that a :class:`WriteContract` names as ``find``: it takes the same request as the write,
    changes nothing, and raises the read families where it cannot look at all.

    ``effect`` is given where the far side tells it, ``reference`` its own number for what it found, ``waybill`` that of the
    parcel which came into being.
    """

    evidence: Evidence
    effect: Effect | None = None
    reference: str = ""
    message: str = ""
    waybill: str = ""
