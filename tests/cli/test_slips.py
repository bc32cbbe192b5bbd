"""Whoever mistypes a word is asked whether he meant the likely one, wherever words come from a list."""

from __future__ import annotations

import pytest

from tests.command_support import Command

pytestmark = pytest.mark.storeless


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("parcl list", "parcel"),
        ("parcel pol", "poll"),
        ("parcel poll --dedline 3", "--deadline"),
        ("order list --output jsn", "json"),
        ("parcel list --verdict lst", "lost"),
        ("order list --columns ordr_id", "order_id"),
        ("order list --shop flagshp", "flagship"),
        ("account check flagshp", "flagship"),
        ("plugin show kuaidi10", "kuaidi100"),
        ("plugin check kuaidi10", "kuaidi100"),
        ("config explain watch.slow_aftr", "watch.slow_after"),
        ("help exit-code", "exit-codes"),
        ("completion fsh", "fish"),
        ("track 123456 --courier zt", "zto"),
        ("rma open 12345678 --kind return --reason qualty", "quality"),
        ("parcel add 123456 --courier sto --direction retrn", "return"),
    ],
)
def test_a_slip_is_answered_with_what_was_meant(asctl: Command, line: str, meant: str) -> None:
    """The word that was meant stands in the question."""
    told = asctl(*line.split())
    assert told.code != 0
    assert "did you mean" in told.err.lower()
    assert meant in told.err.lower().partition("did you mean")[2]
