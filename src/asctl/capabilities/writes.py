"""Looking after a write: whether it happened, and what came of it. Accepted is not done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Evidence(StrEnum):
    """What a look found.

    - ``PRESENT``: this very request has arrived. What an earlier or a stranger's request may have left is no evidence of ours.
    - ``ABSENT``: the far side was asked about the right object, answered, and does not have it. It counts as proof only where
      the write's contract says that its look is ``authoritative``, and only from a look that was made late enough.
    - ``UNKNOWN``: everything in between. A look that could not be made raises; it never answers ``ABSENT``.
    """

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Effect(StrEnum):
    """What came of a write that the far side accepted.

    - ``ACCEPTED``: it was taken, and nobody knows yet
    - ``EFFECTIVE``: it came about: the parcel is called back, the goods are fetched, the invoice is issued
    - ``INEFFECTIVE``: it did not, and will not
    - ``CANCELLED``: it was taken back, by us or by the far side
    """

    ACCEPTED = "accepted"
    EFFECTIVE = "effective"
    INEFFECTIVE = "ineffective"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of a method that a :class:`WriteContract` names as ``find`` or ``status``. That method takes the same request
    as the write, changes nothing, may be called again, and raises the read families where it cannot look at all.

    ``effect`` is given where the far side tells it, ``reference`` is its own number for what it found, ``message`` its own
    words, ``waybill`` that of the parcel which came into being.
    """

    evidence: Evidence
    effect: Effect | None = None
    reference: str = ""
    message: str = ""
    waybill: str = ""
