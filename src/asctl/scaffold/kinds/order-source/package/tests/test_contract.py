"""The conformance kit's rules, and what only this plugin knows."""

from asctl.api import Unreadable
from asctl.testing import PluginContract
from asctl_pigeon.mapping import read_row


class TestPigeon(PluginContract):
    module = "asctl_pigeon"


def test_an_odd_order_is_told_by_its_number() -> None:
    """Where everything but the number is odd, a person can still look for it."""
    row = read_row({"number": "4711", "state": ["PAID"]}, "flagship")
    assert isinstance(row, Unreadable)
    assert row.number == "4711"
