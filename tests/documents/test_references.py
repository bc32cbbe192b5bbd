"""The references that are made from the code are as the code is now, and leave nothing out."""

from __future__ import annotations

import re

import pytest

from asctl import api
from asctl.cli.help_topics import REFERENCES as TOPICS
from asctl.output.schemas import field_names
from tests.documents.markdown import ROOT
from tests.documents.references.groups import SANDBOX, chapters
from tests.documents.references.meanings import MEANINGS
from tests.documents.references.source import defined
from tests.documents.references.written import FOLDER, REFERENCES

pytestmark = pytest.mark.storeless
HOW = "write it anew: python -m tests.documents.references"


@pytest.mark.parametrize("name", REFERENCES)
def test_it_is_what_the_code_says(name: str) -> None:
    """The shipped file is the one that the generator makes."""
    assert (FOLDER / f"{name}.md").read_text("utf-8") == REFERENCES[name](), HOW


def test_there_is_no_other() -> None:
    """Nobody writes a reference by hand, and each can be shown. Two the tool makes by itself: a table, and the kit's rules, which
    are no file."""
    assert {path.stem for path in FOLDER.iterdir()} == set(REFERENCES)
    assert set(REFERENCES) - {"exit-codes"} | {"rules"} == TOPICS


def test_every_public_name_has_an_entry() -> None:
    """All of ``asctl.api``, the sandbox's records and every hook stand in the reference once."""
    told = [entry.name for chapter in chapters() for entry in chapter.entries]
    sandbox = {name for module in SANDBOX for name in defined(module)}
    hooks = {name for name in defined("asctl.api.hooks") if name.startswith("asctl_")}
    assert len(told) == len(set(told))
    assert set(told) == set(api.__all__) | sandbox | hooks


def test_its_links_lead_to_entries() -> None:
    """Every word in brackets has its target, and every target its heading."""
    text = re.sub(r"```.*?```|`[^`]*`", "", (FOLDER / "api.md").read_text("utf-8"), flags=re.DOTALL)
    headings = set(re.findall(r"^### (\w+)$", text, re.MULTILINE))
    assert set(re.findall(r"\[(\w+)\]", text)) == headings
    assert re.findall(r"^\[(\w+)\]: #(\w+)$", text, re.MULTILINE) == [(name, name.lower()) for name in sorted(headings)]


def test_every_field_is_described() -> None:
    """Whoever adds a field says what it means, in a line that tells people something; nothing is said of fields that are gone."""
    assert set(MEANINGS) == field_names(), "tests/documents/references/meanings.py"
    assert [name for name, told in MEANINGS.items() if len(told) < 8 or "\n" in told] == []


@pytest.mark.parametrize("name", REFERENCES)
def test_it_is_fit_for_a_terminal(name: str) -> None:
    """Prose is no wider than that of the topics, and tells no place on anybody's machine."""
    text = (FOLDER / f"{name}.md").read_text("utf-8")
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    wide = [line for line in prose.splitlines() if len(line) > 100 and not line.startswith("|")]
    assert [line for line in wide if " " in re.sub(r"`[^`]*`", "", line).strip("- ")] == []
    assert str(ROOT) not in text
    assert " at 0x" not in text
