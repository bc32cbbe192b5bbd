"""Which plugins are installed: their entry points, read without importing anything.

Neither the standard library nor ``importlib_metadata``, which takes its place once something imports it, says what reading a
damaged distribution raises; they differ.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import Distribution, EntryPoint, distributions

GROUP = "asctl.plugins"
OWN = "asctl"
"""The distribution of the tool itself."""


@dataclass(frozen=True, slots=True)
class Entries:
    """Those that may load by name, those whose name is taken, and those that are not allowed to; ``unreadable`` are distributions
    that say nothing that can be read, and what came of trying."""

    by_name: dict[str, EntryPoint] = field(default_factory=dict)
    clashing: list[EntryPoint] = field(default_factory=list)
    left_out: list[EntryPoint] = field(default_factory=list)
    unreadable: dict[str, Exception] = field(default_factory=dict)


def find_entries(allow: Collection[str] | None) -> Entries:
    """What is installed; ``allow`` names those that may load. Of two with one name the tool's own wins, else the distribution
    that sorts first."""
    found = Entries()
    installed = [entry for name, one in _installed().items() for entry in _entries_of(name, one, found.unreadable)]
    for entry in sorted(installed, key=_rank):
        if allow is not None and entry.name not in allow:
            found.left_out.append(entry)
        elif found.by_name.setdefault(entry.name, entry) is not entry:
            found.clashing.append(entry)
    return found


def distribution_of(entry: EntryPoint) -> tuple[str, str]:
    """Name and version of the distribution that brings it; empty where there is none, or nothing that can be read."""
    return _name_and_version(entry.dist) if entry.dist else ("", "")


def names_a_module(entry: EntryPoint) -> bool:
    """Whether it says what to import."""
    return entry.pattern.match(entry.value) is not None


def _installed() -> dict[str, Distribution]:
    """Every distribution, the first on the path of each name."""
    found: dict[str, Distribution] = {}
    for distribution in distributions():
        found.setdefault(_folder_name(distribution), distribution)
    return found


def _folder_name(distribution: Distribution) -> str:
    """Its name as its folder has it: what is in the folder may be damaged."""
    try:
        return str(distribution._normalized_name)  # type: ignore[attr-defined]
    except Exception:
        return "?"


@cache
def _name_and_version(distribution: Distribution) -> tuple[str, str]:
    """Read once for all plugins that it brings: it takes longer than finding them."""
    try:
        told = distribution.metadata
        return str(told["Name"] or ""), str(told["Version"] or "")
    except Exception:
        return _folder_name(distribution), ""


def _entries_of(name: str, distribution: Distribution, unreadable: dict[str, Exception]) -> Iterator[EntryPoint]:
    """Its plugins. A distribution that cannot be read must not take the others along."""
    try:
        text = distribution.read_text("entry_points.txt") or ""
        if GROUP in text:
            yield from [entry for entry in distribution.entry_points if entry.group == GROUP]
    except Exception as error:
        unreadable[name] = error


def _rank(entry: EntryPoint) -> tuple[bool, str, str]:
    distribution, _version = distribution_of(entry)
    return distribution != OWN, entry.name, distribution
