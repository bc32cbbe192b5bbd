"""The conformance kit's rules, and what only this plugin knows."""

from asctl.api import Effect, Evidence
from asctl.testing import PluginContract
from asctl_pigeon.mapping import read_invoice


class TestPigeon(PluginContract):
    module = "asctl_pigeon"


def test_a_new_state_is_no_verdict() -> None:
    """A state that nobody has mapped says that the invoice has arrived, and neither that it is issued nor that it failed."""
    found = read_invoice({"state": "BEAMED", "reference": "4711"})
    assert (found.evidence, found.effect) == (Evidence.PRESENT, Effect.ACCEPTED)
