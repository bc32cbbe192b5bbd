"""Words of the wire to error families."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from asctl.transport.faults import status_fault, too_many

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 60),
        ("soon", 60),
        ("5", 5),
        ("0", 1),
        ("99999999999999999999", 60),
        ("999999999", 86400),
        ("Sat, 21 Nov 2026 09:31:30 GMT", 90),
        ("Sat, 21 Nov 2026 09:00:00 GMT", 1),
        ("Sat, 21 Nov 2026 09:31:30 -0000", 60),
    ],
)
def test_retry_after_is_read_with_sense(text: str, seconds: int) -> None:
    """Seconds and dates are understood, nonsense means a minute, and the rest is between a second and a day."""
    assert too_many(text, "host", NOW).retry_after == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("status", "family", "passing"),
    [(400, "unavailable", False), (408, "unavailable", False), (500, "unavailable", True), (504, "unavailable", True)],
)
def test_statuses_of_reads(status: int, family: str, passing: bool) -> None:
    """Only the far side's passing troubles are worth another try."""
    fault = status_fault(status, "", "", "host", write=False)
    assert (fault.family, getattr(fault, "passing", None)) == (family, passing)


@pytest.mark.parametrize(
    ("status", "family"), [(303, "unclear"), (404, "unavailable"), (408, "unclear"), (502, "unclear")]
)
def test_statuses_of_writes(status: int, family: str) -> None:
    """A write is clear only where it was turned away."""
    assert status_fault(status, "", "", "host", write=True).family == family
