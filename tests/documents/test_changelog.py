"""The changelog knows this version and its commands."""

from __future__ import annotations

import re

from asctl import __version__
from asctl.cli.table import commands
from tests.documents.markdown import named, read


def test_it_names_this_version() -> None:
    """The newest release in it is the version of the package, below a place for what comes next."""
    headings = re.findall(r"^## \[(.+?)\]", read("CHANGELOG.md"), re.MULTILINE)
    assert headings[:2] == ["Unreleased", __version__]


def test_the_first_release_names_every_command() -> None:
    """Each command that exists was announced."""
    told = {words[0] for words in named(read("CHANGELOG.md")) if words}
    assert set(commands()) <= told
