"""Return labels on paper: which of them are right, and what became of those that were sent to a printer."""

from __future__ import annotations

from enum import StrEnum


class LabelState(StrEnum):
    """Whether a label may still be stuck on a parcel: the newest of its case that is right, an older one that says
    nothing wrong, or one that must not be used any more."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    VOID = "void"


class PrintState(StrEnum):
    """What became of a file that was handed to the spooler; it is unclear until the spooler has answered."""

    UNCLEAR = "unclear"
    DONE = "done"
    REFUSED = "refused"
