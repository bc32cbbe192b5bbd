from __future__ import annotations

import re
from pathlib import Path

import pytest

from asctl.cli import exits, help_topics
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


@pytest.mark.parametrize(("language", "told"), [("zh_CN", "中文"), ("en", "English"), ("de", "English")])
def test_a_text_comes_in_the_language_of_the_run(
    language: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A translated text is taken where the run is in its language; where there is none, the English one."""
    (tmp_path / "zh_CN").mkdir()
    (tmp_path / "input.txt").write_text("English\n", "utf-8")
    (tmp_path / "zh_CN" / "input.txt").write_text("中文\n", "utf-8")
    (tmp_path / "plugins.txt").write_text("English\n", "utf-8")
    monkeypatch.setattr(help_topics, "_SHIPPED", tmp_path)
    monkeypatch.setenv("ASCTL_LANG", language)
    assert TOPICS["input"]() == told
    assert TOPICS["plugins"]() == "English"
