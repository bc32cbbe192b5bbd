"""The language that people read."""

from __future__ import annotations

import re

import pytest

from tests.command_support import Command

pytestmark = pytest.mark.storeless
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize(
    "environ", [{"ASCTL_LANG": "zh_CN"}, {"LANG": "zh_CN.UTF-8"}, {"LC_ALL": "zh_CN.GB18030", "LANG": "C"}]
)
def test_it_follows_the_surroundings(plain: Command, environ: dict[str, str]) -> None:
    """``ASCTL_LANG`` or the locale chooses Chinese: for errors, their hints, and what click says by itself."""
    refused = plain.process("parcel", "poll", "--jobs", "many", env=environ)
    assert refused.code == 2
    assert "取值无效" in refused.err


def test_help_is_chinese_throughout(plain: Command) -> None:
    """Usage, options, and the line about --help itself; options and commands keep their names."""
    told = plain.process("parcel", "poll", "--help", env={"ASCTL_LANG": "zh_CN"}).out
    assert told.startswith("用法:")
    assert "Show this message" not in told
    assert "--deadline" in told
    assert CHINESE.search(plain.process("--help", env={"ASCTL_LANG": "zh_CN"}).out)


def test_the_word_of_asctl_wins(plain: Command) -> None:
    """Who sets ``ASCTL_LANG`` is not overruled by the locale."""
    told = plain.process("parcel", "poll", "--help", env={"ASCTL_LANG": "en", "LANG": "zh_CN.UTF-8"}).out
    assert told.startswith("Usage:")
    assert not CHINESE.search(told)


def test_data_is_the_same_in_every_language(plain: Command) -> None:
    """Fields, states and codes are no words: a script reads them whoever runs it."""
    english = plain.process("plugin", "list", env={"ASCTL_LANG": "en"})
    chinese = plain.process("plugin", "list", env={"ASCTL_LANG": "zh_CN"})
    assert english.out == chinese.out
    assert english.end == chinese.end
