"""The API reference for authors of plugins: every public name, from its docstring and its source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from asctl.api import API_VERSION
from asctl.cli import exits
from asctl.domain import errors
from tests.documents.references.groups import Chapter, chapters
from tests.documents.references.markup import fill, inline, item, page, prose, python, table
from tests.documents.references.source import Entry, Method, module_doc

_INTRODUCTION = """\
What a plugin may import. All of it stands in `asctl.api`, but for the sandbox apps, whose records are in
`asctl.api.sandbox` and `asctl.api.bureau`. What is here is kept; what is not here may change tomorrow.

How to begin: `asctl help authors`. One entry alone: `asctl help api Tracker`; one chapter:
`asctl help api tracking`.

Give fields by keyword: more may be added, with a default. Times are aware `datetime`, money is
`Decimal` in yuan with two places, texts that are absent are empty. A courier is meant by our own code
(`sf`, `zto` ...), an account by its name in the configuration.
"""
_LISTED = ("record", "enumeration", "interface")
_OPERATOR = {
    "AsctlError": "report it",
    "BadInput": "fix the command, or the row of its input",
    "BadConfiguration": "fix the configuration",
    "CredentialsRefused": "call a person who can renew credentials, or mend the clock",
    "NotFound": "check the number",
    "Refused": "accept the no, and go another way",
    "Stale": "look again, then decide anew",
    "Throttled": "wait: `retry_at` is given",
    "Unavailable": "run it again later; nothing was changed",
    "Unclear": "nothing; `asctl action reconcile` looks what became of it",
    "NotOffered": "use another account or another way",
    "PluginBroken": "tell the plugin's author",
}


def api() -> str:
    """The whole reference."""
    found = chapters()
    public = frozenset(one.name for chapter in found for one in chapter.entries)
    contents = "\n".join(
        item(f"- {chapter.group.title}: {', '.join(f'[{one.name}]' for one in chapter.entries)}")
        for chapter in found
        if chapter.entries
    )
    parts = [part for chapter in found for part in _chapter(chapter, public)]
    targets = "\n".join(f"[{name}]: #{name.lower()}" for name in sorted(public))
    return page(f"# The plugin API, version {API_VERSION}", prose(_INTRODUCTION, ()), contents, *parts, targets)


def _chapter(chapter: Chapter, public: frozenset[str]) -> Iterator[str]:
    yield f"## {chapter.group.title}"
    if chapter.group.told:
        yield prose(module_doc(chapter.group.told), public)
    if chapter.group.title == "Errors":
        yield _families(chapter)
    for one in chapter.entries:
        yield from _entry(one, public)


def _entry(one: Entry, public: frozenset[str]) -> Iterator[str]:
    yield f"### {one.name}"
    yield f"*{_kind(one, public)}*"
    if one.kind in ("hook", "function"):
        yield python(f"def {one.methods[0].signature}")
    words, told = _split(one) if one.kind in _LISTED else (one.doc, {})
    yield prose(words, public)
    if one.lines and one.kind in _LISTED:
        yield "\n".join(_lines(one, told, public))
    if one.kind not in ("hook", "function"):
        for method in one.methods:
            yield from _method(method, public, making=method.name == one.name)
    if one.kind != "enumeration" and (others := [name for name in _typed(one) if name in public and name != one.name]):
        yield fill(f"See: {', '.join(f'[{name}]' for name in others)}.")


def _kind(one: Entry, public: frozenset[str]) -> str:
    bases = [base for base in one.bases if base in public]
    where = f", in `{one.module}`" if one.module in ("asctl.api.sandbox", "asctl.api.bureau") else ""
    return one.kind + (f", a [{bases[0]}]" if bases else "") + where


def _split(one: Entry) -> tuple[str, dict[str, str]]:
    """The docstring without its items about fields or members, and what those say of each."""
    told: dict[str, str] = {}
    names = {line.name for line in one.lines}

    def taken(match: re.Match[str]) -> str:
        about = re.findall(r"``(\w+)``", match[1])
        if not set(about) <= names:
            return match[0]
        told.update(dict.fromkeys(about, match[2]))
        return ""

    words = re.sub(r"^- ((?:``\w+``(?:, )?)+): ((?:.|\n  )+)\n?", taken, one.doc, flags=re.MULTILINE)
    return words, told


def _lines(one: Entry, told: dict[str, str], public: frozenset[str]) -> Iterator[str]:
    """Fields and members, each with its own words where the docstring has some."""
    for line in one.lines:
        typed = f": {line.type}" if line.type else ""
        means = f": {inline(told[line.name], public)}" if line.name in told else ""
        yield item(f"- `{line.name}{typed}{f' = {line.default}' if line.default else ''}`{means}")


def _method(method: Method, public: frozenset[str], making: bool) -> Iterator[str]:
    mark = {"property": "@property\n", "classmethod": "@classmethod\n"}.get(method.kind, "")
    define = "" if making or method.kind == "property" else "def "
    yield python(f"{mark}{define}{method.signature}")
    if method.doc:
        yield prose(method.doc, public)


def _typed(one: Entry) -> list[str]:
    """The names in the types of an entry."""
    types = [*(line.type for line in one.lines), *(method.signature for method in one.methods)]
    return list(dict.fromkeys(re.findall(r"[A-Z]\w+", " ".join(types))))


def _families(chapter: Chapter) -> str:
    """Each family with what the operator does next, and the exit codes it leads to."""
    names = [one.name for one in chapter.entries if one.kind == "error"]
    return table(("error", "family", "what the operator does", "exit code"), map(_family, names))


def _family(name: str) -> tuple[str, str, str, str]:
    kind: type[errors.AsctlError] = getattr(errors, name)
    plain = errors.AsctlError("", code="")
    plain.family = kind.family
    of_rows, of_run = exits.code_of_rows(Counter({kind.family: 1})), exits.code_of_run(plain, 0)
    codes = f"{of_rows}" if of_rows == of_run else f"{of_rows} of a row, {of_run} before any row"
    return f"[{name}]", f"`{kind.family}`", _OPERATOR[name], codes
