"""The topic ``rules``: every rule of the conformance kit, made from the kit itself."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from itertools import groupby

from asctl.testing.catalogue import BINDING, KNOWN, rules_of
from asctl.testing.declarations import spec_rules
from asctl.testing.rules import Rule

WIDTH = 100
_INTRODUCTION = """\
# The rules of the conformance kit

What asctl plugin check and PluginContract try. One rule alone: asctl help rules
Tracker.track.found; those of a method: asctl help rules track; of a capability: asctl help rules
Tracker. The guide, asctl help authors, says how to keep them, and what an exemption is."""


def rules_text() -> str:
    """In the form of the references: a chapter for each capability, in it a section for each method, a line for each rule."""
    chapters = (_chapter(name) for name in KNOWN)
    return "\n\n".join((_INTRODUCTION, "\n\n".join(("## spec", _lines((*spec_rules(), *BINDING)))), *chapters))


def _chapter(capability: str) -> str:
    rules = sorted(rules_of(capability), key=lambda rule: rule.method)
    return "\n\n".join((f"## {capability}", *_methods(capability, rules)))


def _methods(capability: str, rules: Iterable[Rule]) -> Iterator[str]:
    for method, its in groupby(rules, key=lambda rule: rule.method):
        yield f"### {capability}.{method}"
        yield _lines(its)


def _lines(rules: Iterable[Rule]) -> str:
    return "\n".join(map(_line, rules))


def _line(rule: Rule) -> str:
    says = rule.says.removeprefix(f"{rule.method}: ")
    return textwrap.fill(
        f"- `{rule.id}`, {rule.tier}: {says}",
        WIDTH,
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
