"""The two clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from asctl.domain.errors import BadConfiguration
from asctl.settings import clock_from


def test_the_machines_clock_is_aware_and_moves() -> None:
    """Without ``ASCTL_NOW`` time is the machine's."""
    clock = clock_from({"ASCTL_NOW": ""})
    before = datetime.now(UTC)
    clock.sleep(-1)
    assert before <= clock.now() <= before + timedelta(minutes=1)


@pytest.mark.parametrize("text", ["2026-11-21T09:30:00+08:00", "2026-11-21T01:30:00Z"])
def test_a_fixed_clock_stands_still(text: str) -> None:
    """The moment of ``ASCTL_NOW``, before and after waiting."""
    clock = clock_from({"ASCTL_NOW": text})
    clock.sleep(0)
    assert clock.now() == datetime(2026, 11, 21, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-11-21T09:30:00", "yesterday", "2026-11-21"])
def test_a_moment_without_offset_is_refused(text: str) -> None:
    """A rehearsal must not depend on the machine's time zone."""
    with pytest.raises(BadConfiguration) as caught:
        clock_from({"ASCTL_NOW": text})
    assert (caught.value.code, "+08:00" in caught.value.hint) == ("bad_now", True)
