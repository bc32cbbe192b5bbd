"""The conformance kit's rules, and what only this plugin knows."""

from asctl.testing import PluginContract
from asctl_pigeon.lines import wrapped


class TestPigeon(PluginContract):
    module = "asctl_pigeon"


def test_a_line_is_never_wider_than_the_paper() -> None:
    """Chinese characters take two columns each, so half as many fit."""
    assert list(wrapped("上海市青浦区 No. 88", 8)) == ["上海市青", "浦区 No.", " 88"]
