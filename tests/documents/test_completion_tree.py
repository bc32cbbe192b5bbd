"""What completion knows of the commands is what the commands take."""

from __future__ import annotations

import json

from asctl.cli.completing.following import PART
from asctl.cli.completing.known import ACCOUNTS, OTHERS, STORED
from tests.documents.completion_tree import FILE, text


def test_the_file_is_what_the_commands_say() -> None:
    """Each command, verb, option and choice completes, and none that is gone."""
    assert FILE.read_text("utf-8") == text(), "write it anew: python -m tests.documents.completion_tree"


def test_every_kind_of_value_is_known() -> None:
    """Whatever the file says a value is, somebody can offer some."""
    nodes = json.loads(FILE.read_text("utf-8")).values()
    takers = [taker for node in nodes for taker in [*node["options"], *node.get("arguments", [])]]
    named = {taker["takes"] for taker in takers if isinstance(taker.get("takes"), str)}
    assert named == {"", "file", "dir", *ACCOUNTS, *STORED, *OTHERS, PART}
