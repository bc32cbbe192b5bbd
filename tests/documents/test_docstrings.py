"""What strangers write plugins by: every public name says what it is, and a capability's methods say what they promise."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.documents.references.groups import chapters
from tests.documents.references.source import Entry, Method

pytestmark = pytest.mark.storeless
PYTHONS = {
    "Any", "BinaryIO", "Callable", "Decimal", "False", "Iterable", "Iterator", "Mapping", "MutableMapping", "None", "Path",
    "Sequence", "T", "True",
}  # fmt: skip
ENTRIES = [entry for chapter in chapters() for entry in chapter.entries]


def methods(*kinds: str) -> Iterator[tuple[str, Method]]:
    for entry in ENTRIES:
        if entry.kind in kinds:
            yield from ((f"{entry.name}.{method.name}", method) for method in entry.methods)


def lacking(pattern: str, found: Iterator[tuple[str, Method]]) -> list[str]:
    return [name for name, method in found if not re.search(pattern, " ".join(method.doc.split()))]


def test_every_public_name_is_described() -> None:
    """Records, Protocols, enumerations, errors, functions and constants have a docstring of a sentence at least."""
    assert [entry.name for entry in ENTRIES if len(entry.doc) < 20 or not re.search(r"[.:]", entry.doc)] == []


def test_every_method_is_described() -> None:
    """So do the methods and properties of what is public, but for what makes it."""
    found = methods("capability", "interface", "record", "class", "enumeration")
    made = {entry.name for entry in ENTRIES}
    assert [name for name, method in found if not method.doc and method.name not in made] == []


def test_capabilities_say_what_they_return() -> None:
    """Each method that gives something back says what."""
    assert lacking(r"\bReturns ", ((name, method) for name, method in methods("capability") if method.returns)) == []


def test_capabilities_say_what_they_raise() -> None:
    """Each names the families, or says that there are none."""
    assert lacking(r"\bRaises ", methods("capability")) == []


def test_capabilities_say_whether_they_may_be_called_again() -> None:
    """Each says so, and for a write under which condition."""
    assert lacking(r"\b(called again|never sent again)\b", methods("capability")) == []


@pytest.mark.parametrize("kind", ["capability", "record", "enumeration", "error", "hook", "function"])
def test_there_is_something_to_check(kind: str) -> None:
    """The source was read: there are several of each kind."""
    assert sum(entry.kind == kind for entry in ENTRIES) > 8


def test_types_are_public() -> None:
    """What a signature or a field names is Python's own, or a public name of ours."""
    public = {entry.name for entry in ENTRIES}
    typed = [pair for entry in ENTRIES for pair in _typed(entry)]
    strange = {name: types - public - PYTHONS for name, types in typed if types - public - PYTHONS}
    assert strange == {}


def test_what_docstrings_list_exists() -> None:
    """An item about a field or member names one that is there."""
    strange = {
        entry.name: names for entry in ENTRIES if (names := _listed(entry) - {line.name for line in entry.lines})
    }
    assert strange == {}


def _typed(entry: Entry) -> Iterator[tuple[str, set[str]]]:
    """The capitalised names in the types of each field and method."""
    types = [(line.name, line.type) for line in entry.lines] + [(each.name, each.signature) for each in entry.methods]
    for name, told in types:
        yield f"{entry.name}.{name}", set(re.findall(r"\b[A-Z]\w*", re.sub(r'"[^"]*"', "", told)))


def _listed(entry: Entry) -> set[str]:
    if entry.kind not in ("record", "enumeration"):
        return set()
    heads = re.findall(r"^- ((?:``\w+``(?:, )?)+):", entry.doc, re.MULTILINE)
    return {name for head in heads for name in re.findall(r"``(\w+)``", head)}
