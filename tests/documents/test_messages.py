"""The catalogues are complete, fit the code, and are what people read."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from tests.documents.messages import LANGUAGES, ROOT, SOURCE, catalogue, compiled, mo_file, renewed, told_by_the_code

pytestmark = pytest.mark.storeless
WRITE = "run: python -m tests.documents.messages"
_PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\([a-z_]+\)s")


@pytest.fixture(scope="module")
def said() -> set[str | tuple[str, str]]:
    return told_by_the_code()


def messages(language: str) -> list[Message]:
    """The entries of a catalogue, without its header."""
    return [message for message in catalogue(language) if message.id]


def strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_its_entry_and_no_other(language: str, said: set[str | tuple[str, str]]) -> None:
    """Each text that may be shown stands in the catalogue, translated; what nobody says any more is gone."""
    kept = {
        message.id if isinstance(message.id, str) else (message.id[0], message.id[1]) for message in messages(language)
    }
    assert not said - kept, WRITE
    assert not kept - said, WRITE
    empty = [first(message) for message in messages(language) if not all(strings(message))]
    assert not empty, f"without a translation: {empty[:5]}"
    assert not any(message.fuzzy for message in messages(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_those_of_the_code(language: str) -> None:
    """A translation with a placeholder that the code does not fill, or without one, would fail at the worst moment."""
    for message in messages(language):
        meant = [Counter(_PLACEHOLDER.findall(text)) for text in _texts(message)]
        for string in strings(message):
            assert Counter(_PLACEHOLDER.findall(string)) in meant, message.id


def _texts(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def test_english_says_what_the_code_says() -> None:
    """The English catalogue is the template of all others."""
    for message in messages(SOURCE):
        assert strings(message) == _texts(message)[: len(strings(message))]


def test_chinese_is_chinese() -> None:
    """A text with words in it has Chinese in it, unless it is made of names alone."""
    bare = [first(one) for one in messages("zh_CN") if not re.search("[\u4e00-\u9fff]", "".join(strings(one)))]
    assert [text for text in bare if re.search(r"[a-z]{3,} [a-z]{3,}", _PLACEHOLDER.sub("", text))] == []


def test_what_the_tool_reads_is_what_people_translated() -> None:
    """The compiled catalogue is that of the text beside it."""
    assert mo_file("zh_CN").read_bytes() == compiled(catalogue("zh_CN")), WRITE


def test_writing_them_anew_changes_nothing() -> None:
    """The files stand as the writer leaves them: a change to one text changes one entry."""
    for language in LANGUAGES:
        fresh = [(message.id, message.string) for message in renewed(language) if message.id]
        assert sorted(fresh, key=str) == sorted(((one.id, one.string) for one in messages(language)), key=str), WRITE


def calls() -> Iterator[tuple[Path, ast.Call]]:
    for folder in ("src/asctl", "plugins"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
                    yield path, node


def test_only_texts_that_can_be_found_are_marked() -> None:
    """``_()`` is handed a literal; or a setting's help, which the writer collects by itself; or, in completion, a text that the
    table of commands has from the source."""
    for path, call in calls():
        text = call.args[0]
        known = ast.unparse(text) == "setting.help" or path.parent.name == "completing"
        assert isinstance(text, ast.Constant) or known, f"{path}:{call.lineno}"
