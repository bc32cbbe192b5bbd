"""The part of a shipped reference that is about one name: what stands below its heading, or its line of a list or table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_HEADING = re.compile(r"(##+) (.+)")
_LINE = re.compile(r"[-|] \**`([\w.]+)")
_DEFINED = re.compile(r"def (\w+)\(")
_NAMED = re.compile(r"`(\w+)`")
_BEGINNING = re.compile(r"[A-Z][a-z0-9]+(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of level two or three with all below it, smaller headings included."""

    title: str
    depth: int
    lines: tuple[str, ...]

    @property
    def names(self) -> frozenset[str]:
        """What it may be asked for by: ``asctl order sync`` also as ``order sync``, ``couriers: sf`` also as ``sf``,
        ``Tracker.track`` also as ``track``."""
        shorter = (self.title.removeprefix("asctl "), self.title.rpartition(": ")[2], self.title.rpartition(".")[2])
        return frozenset({self.title, *shorter})

    def is_about(self, word: str) -> bool:
        """Whether ``word``, in small letters, is one of a chapter's title, or begins an entry's name: ``http``, HttpClient."""
        if self.depth == 2:
            return word in self.title.casefold().split()
        beginning = _BEGINNING.match(self.title)
        return beginning is not None and beginning[0].casefold() == word


def headings(text: str) -> set[str]:
    """What its sections go by."""
    return {name for section in _sections(text) for name in section.names}


def known_names(text: str) -> set[str]:
    """Everything that :func:`part` finds by its whole name."""
    return (
        headings(text)
        | set(_DEFINED.findall(text))
        | {match[1] for line in text.splitlines() if (match := _LINE.match(line))}
    )


def entry(text: str, word: str) -> str:
    """The title of a reference's section of that very name, in any case, as it is asked for; empty where there is none."""
    titles = (section.title.removeprefix("asctl ") for section in _sections(text))
    return next((title for title in titles if title.casefold() == word.casefold()), "")


def uses(text: str, word: str) -> int:
    """How often a text has this word, also in the plural."""
    return len(re.findall(rf"\b{re.escape(word.rstrip('s'))}s?\b", text, re.IGNORECASE))


def part(text: str, name: str) -> str:
    """The part about ``name``, in any case; empty where there is none.

    That is a section, else the sections that define such a method, else the chapters with that word in their titles, else the
    entries whose names begin with it, and single lines with their headings.
    """
    wanted = name.casefold()
    sections = list(_sections(text))
    for section in sections:
        if wanted in map(str.casefold, section.names):
            return "\n".join((*section.lines, *_rows(text, section))).strip()
    last = wanted.rpartition(".")[2]
    defining = [section for section in sections if section.depth == 3 and last in _defined(section)]
    chosen = defining or [section for section in sections if section.depth == 2 and section.is_about(wanted)]
    if chosen:
        return _whole(chosen)
    entries = _whole(section for section in sections if section.depth == 3 and section.is_about(wanted))
    lines = "\n".join(_single(text, wanted) or _single(text, last)).strip()
    return "\n\n".join(filter(None, (entries, lines)))


def _whole(sections: Iterable[Section]) -> str:
    return "\n".join(line for section in sections for line in section.lines).strip()


def _sections(text: str) -> Iterator[Section]:
    lines = text.splitlines()
    headings = [(place, match) for place, line in enumerate(lines) if (match := _HEADING.fullmatch(line))]
    for place, match in headings:
        depth = len(match[1])
        end = next((later for later, other in headings if later > place and len(other[1]) <= depth), len(lines))
        yield Section(match[2], depth, tuple(lines[place:end]))


def _defined(section: Section) -> set[str]:
    return {name.casefold() for line in section.lines for name in _DEFINED.findall(line)}


def _rows(text: str, section: Section) -> Iterator[str]:
    """What a table elsewhere says of the names in a section, in their order."""
    rows = {match[1]: line for line in text.splitlines() if line.startswith("|") and (match := _LINE.match(line))}
    told = dict.fromkeys(_NAMED.findall("\n".join(section.lines)))
    yield from (rows[name] for name in told if name in rows and rows[name] not in section.lines)


def _single(text: str, wanted: str) -> list[str]:
    """Lines of lists and tables that begin with the name, each under the heading that it stands below."""
    found, heading, within = [], "", False
    for line in text.splitlines():
        if line.startswith("#"):
            heading, within = line, False
        elif match := _LINE.match(line):
            within = match[1].casefold() == wanted
        elif not line.startswith("  "):
            within = False
        if within and heading:
            found += ["", heading, ""]
            heading = ""
        if within:
            found.append(line)
    return found
