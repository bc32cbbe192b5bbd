"""What an examination of the installation found, one thing at a time."""

from __future__ import annotations

from dataclasses import dataclass

from asctl.domain.errors import AsctlError

OK, WARN, BAD = "ok", "warn", "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """``status`` is ``ok``, ``warn`` or ``bad``; ``mend`` says what to do, ``error`` is why it is bad."""

    check: str
    status: str
    detail: str
    mend: str = ""
    error: AsctlError | None = None


def bad(check: str, error: AsctlError) -> Finding:
    """Something that does not work."""
    return Finding(check, BAD, error.message, error.hint, error)
