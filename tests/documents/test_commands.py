"""The commands that documents and help topics tell people to type exist, with these options."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from asctl.cli.help_topics import REFERENCES, TOPICS
from asctl.cli.table import commands
from tests.documents.click_tree import groups, misfit
from tests.documents.markdown import READMES, ROOT, arguments, blocks, named, read, typed

WRITTEN = [*ROOT.glob("plugins/**/README.md"), *ROOT.glob("src/asctl/help/reference/*.md")]
DOCUMENTS = [*READMES, "CHANGELOG.md", *(str(path.relative_to(ROOT)) for path in WRITTEN)]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_shell_lines_can_be_typed(document: str) -> None:
    """Group, verb, options and their choices of every shown command line are real."""
    assert [wrong for words in typed(read(document)) if (wrong := misfit(words, whole=True))] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_named_in_passing_exist(document: str) -> None:
    """A command in backquotes is real, though it may leave out what it works on."""
    assert [wrong for words in named(read(document)) if (wrong := misfit(words, whole=False))] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_lines_in_help_topics_can_be_typed(topic: str) -> None:
    """So are those that the help topics show, left of what they say about them."""
    shown = [re.split(r"\s{2,}", line.strip())[0] for line in TOPICS[topic]().splitlines() if line.startswith("  ")]
    lines = [line for line in shown if re.search(r"(^|\| )asctl ", line)]
    assert [wrong for line in lines for words in arguments(line) if (wrong := misfit(words, whole=True))] == []


def test_commands_named_in_messages_exist() -> None:
    """Where a hint of ours names a group and a verb, there is such a verb."""
    assert list(_wrong_hints()) == []


@pytest.mark.parametrize("name", commands())
def test_every_command_is_introduced(name: str) -> None:
    """A newcomer meets each command in the README or in a help topic, before he looks it up in a reference."""
    told = read("README.md") + "".join(TOPICS[name]() for name in TOPICS.keys() - REFERENCES)
    assert f"asctl {name}" in told


def test_a_wrong_line_is_found() -> None:
    """The check itself notices a wrong group, verb, option, choice and topic, and a missing argument."""
    wrong = (
        "asctl parcels", "asctl parcel pol", "asctl order sync --sinse x", "asctl rma open 1 --kind rent",
        "asctl help colours", "asctl config explain",
    )  # fmt: skip
    assert all(misfit(words, whole=True) for line in wrong for words in arguments(line))
    assert [words for line in wrong for words in arguments(line)][1] == ["parcel", "pol"]


@pytest.mark.parametrize("document", READMES)
def test_shell_blocks_are_shell(document: str) -> None:
    """Each shell block is read by sh without complaint."""
    for block in blocks(read(document), "sh"):
        done = subprocess.run(["sh", "-n"], input=block.text, text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr


def _wrong_hints() -> Iterator[str]:
    for path in [*(ROOT / "src").rglob("*.py"), *(ROOT / "plugins").rglob("*.py")]:
        for group, verb in re.findall(r"\basctl ([a-z]+) ([a-z]+)\b", "\n".join(_strings(path))):
            if group in groups() and misfit([group, verb], whole=False):
                yield f"{path.relative_to(ROOT)}: asctl {group} {verb}"


def _strings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
