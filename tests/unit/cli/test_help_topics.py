from __future__ import annotations

import re

from asctl.cli import exits
from asctl.cli.help_topics import TOPICS
from asctl.output.schemas import SHAPES
from asctl.output.writer import FORMATS


def test_exit_codes_are_the_table() -> None:
    """The topic shows every code of the table with its name and meaning, and no other."""
    text = TOPICS["exit-codes"]()
    shown = re.findall(r"^ *(\d+)  (\w+) +(.+); .+$", text, re.MULTILINE)
    told = [(str(entry.code), entry.name) for entry in exits.table()]
    assert [(code, name) for code, name, _rest in shown] == told
    assert all(entry.meaning in text for entry in exits.table())
    assert " ".join(map(str, exits.SEVERITY)) in text


def test_output_shows_every_format_and_record() -> None:
    """The topic names all formats and the fields of every record."""
    text = TOPICS["output"]()
    assert all(f"-o {name}" in text for name in FORMATS)
    assert all(" ".join(shape.fields) in text for shape in SHAPES)
