"""The help topics for ops staff stand in Chinese too, and name there what they name in English."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from wcwidth import wcswidth

from asctl.cli.table import commands
from tests.command_support import Command
from tests.documents.click_tree import groups, misfit
from tests.documents.markdown import ROOT

pytestmark = pytest.mark.storeless
ENGLISH = ROOT / "src" / "asctl" / "help"
CHINESE = ENGLISH / "zh_CN"
NOT_FOR_STAFF = {"authors"}
"""Whoever writes a plugin reads English: Python, our docstrings and the references are."""
TOPICS = sorted({file.stem for file in ENGLISH.glob("*.txt")} - NOT_FOR_STAFF)
WIDEST = 100

NAMES = {
    "options": r"(?<![\w-])--?[a-z][a-z-]*",
    "settings, fields, codes and files": r"\w+(?:[._]\w+)+",
    "sections": r"\[\w+[.\w]*\]",
    "numbers": r"(?<![\w.])\d+(?!\w|\.\d)",
}
"""What is written the same in every language."""


def text(folder: Path, topic: str) -> str:
    return (folder / f"{topic}.txt").read_text("utf-8")


def named(told: str) -> dict[str, set[str]]:
    """What a text names, wherever its lines break."""
    flat = " ".join(told.split())
    found = {what: set(re.findall(pattern, flat, re.ASCII)) for what, pattern in NAMES.items()}
    return found | {"commands": set(named_commands(flat))}


def named_commands(flat: str) -> Iterator[str]:
    """Each ``asctl GROUP VERB`` or ``asctl COMMAND``; other words behind ``asctl`` are a sentence about it."""
    for first, second in re.findall(r"\basctl ([a-z]+)(?: ([a-z]+))?", flat, re.ASCII):
        if first in {*groups(), "help"} and second and not misfit([first, second], whole=False):
            yield f"{first} {second}"
        elif first in commands():
            yield first


def shown(told: str) -> list[str]:
    """The indented lines in order, each up to the gap before what is said about it: commands, states, exit codes."""
    blocks = [block for block in told.split("\n\n") if block.startswith(" ")]
    return re.findall(r"^ {2,3}(\S.*?)(?= {2,}|$)", "\n".join(blocks), re.MULTILINE)


def test_every_topic_is_told_in_chinese() -> None:
    """None is missing, and none is left of a topic that is gone."""
    assert [file.stem for file in sorted(CHINESE.glob("*.txt"))] == TOPICS
    assert len(TOPICS) >= 7


@pytest.mark.parametrize("topic", TOPICS)
def test_both_name_the_same(topic: str) -> None:
    """Commands, options, settings, fields, error codes, sections and numbers of one text are those of the other."""
    assert named(text(CHINESE, topic)) == named(text(ENGLISH, topic))


@pytest.mark.parametrize("topic", TOPICS)
def test_both_show_the_same_lines(topic: str) -> None:
    """Whatever is shown to be typed or looked up is shown in both, in the same order."""
    assert shown(text(CHINESE, topic)) == shown(text(ENGLISH, topic))
    assert shown(text(ENGLISH, topic))


@pytest.mark.parametrize("topic", TOPICS)
def test_no_line_is_too_wide(topic: str) -> None:
    """A terminal of 100 columns shows each line whole; a Chinese character takes two of them."""
    assert [line for line in text(CHINESE, topic).splitlines() if wcswidth(line) > WIDEST] == []


@pytest.mark.parametrize("topic", ["writes", "output"])
def test_it_is_what_the_command_prints(topic: str) -> None:
    """Whoever works in Chinese reads the Chinese text."""
    asctl = Command({"PATH": os.environ["PATH"], "ASCTL_LANG": "zh_CN"})
    told = asctl.process("help", topic)
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith(text(CHINESE, topic))


def test_what_a_translation_loses_is_found() -> None:
    """The comparison itself notices a missing option, field, number, verb and line, also across a line break."""
    whole = "Run asctl parcel\npoll with --jobs 4; [shops.NAME] has a field sender_phone.\n\n  asctl doctor    checks\n"
    for lost in ("--jobs", "4", "[shops.NAME]", "sender_phone", "\npoll", "asctl doctor"):
        assert named(whole.replace(lost, "")) != named(whole)
    assert shown(whole) == ["asctl doctor"]
