"""The conformance kit's rules, and what only this plugin knows."""

from asctl.testing import PluginContract
from asctl_pigeon.provider import SEVERITIES


class TestPigeon(PluginContract):
    module = "asctl_pigeon"


def test_an_alarm_calls_everybody() -> None:
    """Nobody sleeps through an alarm, and nobody is woken by less."""
    assert [ours for ours, theirs in SEVERITIES.items() if theirs == "everybody"] == ["alarm"]
