"""Words of the wire to error families."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from asctl.domain.errors import (
    AsctlError,
    BadConfiguration,
    NotOffered,
    Refused,
    Throttled,
    Unavailable,
    Unclear,
)
from asctl.transport.faults import asked_rest, never_left, status_fault

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def fault(status: int, write: bool = False, rest: timedelta | None = None) -> AsctlError:
    """The fault of an empty answer of ``host``."""
    return status_fault(status, "", "", "host", write, rest, NOW)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", None),
        ("soon", None),
        ("5", 5),
        ("0", 1),
        ("99999999999999999999", None),
        ("999999999", 86400),
        ("Sat, 21 Nov 2026 09:31:30 GMT", 90),
        ("Sat, 21 Nov 2026 09:00:00 GMT", 1),
        ("Sat, 21 Nov 2026 09:31:30 -0000", None),
    ],
)
def test_retry_after_is_read_with_sense(text: str, seconds: int | None) -> None:
    """Seconds and dates are understood, nonsense is none, and the rest is between a second and a day."""
    assert asked_rest(text, NOW) == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(("rest", "told"), [(None, 60), (timedelta(seconds=5), 5)])
def test_too_many_calls_rest_a_minute_where_nothing_is_said(rest: timedelta | None, told: int) -> None:
    """Status 429 always comes with a rest."""
    refused = fault(429, rest=rest)
    assert isinstance(refused, Throttled)
    assert refused.retry_after == timedelta(seconds=told)


@pytest.mark.parametrize("write", [False, True])
def test_a_moment_that_the_far_side_names_is_kept(write: bool) -> None:
    """503 with ``Retry-After``: come back then, and do not try again at once."""
    rest = timedelta(minutes=2)
    busy = fault(503, write, rest)
    assert busy.retry_at == NOW + rest
    assert not getattr(busy, "passing", False)
    assert fault(503, write).retry_at is None


@pytest.mark.parametrize(
    ("error", "left"),
    [
        (BadConfiguration("m", code="bad_url"), False),
        (NotOffered("m", code="courier_not_served"), False),
        (Unavailable("m", code="not_reached"), False),
        (Throttled("m", code="parked", retry_after=timedelta(1)), False),
        (Throttled("m", retry_after=timedelta(1)), True),
        (Unavailable("m", code="lost_answer"), True),
        (Unclear("m", code="lost_answer"), True),
        (Refused("m"), True),
    ],
)
def test_what_never_left_is_known(error: AsctlError, left: bool) -> None:
    """Without a connection, at rest, or forbidden by our own side: nothing was sent. All else may have arrived."""
    assert never_left(error) is not left


@pytest.mark.parametrize(
    ("status", "family", "passing"),
    [
        (302, "unavailable", False),
        (400, "refused", None),
        (401, "credentials_refused", None),
        (403, "credentials_refused", None),
        (404, "refused", None),
        (408, "unavailable", False),
        (500, "unavailable", True),
        (501, "unavailable", False),
        (504, "unavailable", True),
    ],
)
def test_statuses_of_reads(status: int, family: str, passing: bool | None) -> None:
    """Only the far side's passing troubles are worth another try; 401 and 403 are a matter of credentials."""
    told = fault(status)
    assert (told.family, getattr(told, "passing", None)) == (family, passing)


@pytest.mark.parametrize(
    ("status", "family"),
    [(303, "unclear"), (401, "credentials_refused"), (404, "refused"), (408, "unclear"), (502, "unclear")],
)
def test_statuses_of_writes(status: int, family: str) -> None:
    """A write is clear only where it was turned away."""
    assert fault(status, write=True).family == family
