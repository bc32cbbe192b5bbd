"""The conformance kit's rules, and what only this plugin knows."""

from asctl.api import ParcelStatus
from asctl.testing import PluginContract
from asctl_pigeon.mapping import read_scans


class TestPigeon(PluginContract):
    module = "asctl_pigeon"


def test_a_new_word_is_kept() -> None:
    """A word that nobody has mapped is UNKNOWN, stands beside it, and loses no other scan."""
    known = {"time": "2026-11-20 10:00:00", "state": "MOVING", "text": "in Jiaxing"}
    events, problems = read_scans([known, known | {"state": "BEAMED"}, None])
    assert [event.status for event in events] == [ParcelStatus.IN_TRANSIT, ParcelStatus.UNKNOWN]
    assert (events[1].raw_code, len(problems)) == ("BEAMED", 1)
