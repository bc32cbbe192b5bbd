"""The help topics: texts and references shipped as files, and tables that are made from the code they describe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from importlib.resources import files
from importlib.resources.abc import Traversable

from asctl.cli import exits
from asctl.output.schemas import SHAPES
from asctl.text import _, language

_SHIPPED = files("asctl") / "help"
_REFERENCE = _SHIPPED / "reference"

ABOUT = {
    "input": _("Arguments, stdin and files as input; what becomes of bad rows."),
    "output": _("Formats, records, masking, and how rows end."),
    "exit-codes": _("Every exit code and what a script should do at it."),
    "writes": _("Outgoing writes: never twice, and what to do where an answer was lost."),
    "labels": _("Return labels, pickups, and the bench in the warehouse."),
    "invoices": _("Invoices: applied for, issued, and revised by what a case comes to."),
    "configuration": _("The configuration file, variables and secrets."),
    "plugins": _("Plugins: what is installed, and how one is added."),
    "authors": _("How to write a plugin, from nothing to published."),
    "rules": _("The conformance kit's rules. About one, or a method's: asctl help rules Tracker.track.found"),
    "api": _("Reference: what a plugin may import. About one name: asctl help api Tracker"),
    "commands": _("Reference: every command with its options. About one: asctl help commands order sync"),
    "settings": _("Reference: every setting with its default and variable. About one: asctl help settings watch"),
    "fields": _("Reference: every record and field. About one: asctl help fields parcel"),
}
"""What each topic is about, in the order of the list."""


def _exit_codes() -> str:
    rows = [
        f"{entry.code:>4}  {entry.name:<20} "
        + _("{meaning}; {advice}").format(meaning=entry.meaning, advice=entry.advice)
        for entry in exits.table()
    ]
    order = " ".join(str(code) for code in exits.SEVERITY)
    return "\n".join((*rows, "", _("Where several apply, the first of these wins: {order}").format(order=order)))


def _output() -> str:
    records = "\n".join(f"  {shape.name}\n      {' '.join(shape.fields)}" for shape in SHAPES)
    return f"{_text('output')}\n\n{records}"


def _rules() -> str:
    from asctl.cli.help_rules import rules_text

    return rules_text()


def _text(name: str) -> str:
    """A shipped text in the language of the run, else in English."""
    own = _SHIPPED / language() / f"{name}.txt"
    return _read(own if own.is_file() else _SHIPPED / f"{name}.txt")


def _read(file: Traversable) -> str:
    return file.read_text(encoding="utf-8").rstrip()


def _names(folder: Traversable, suffix: str) -> Iterator[str]:
    yield from sorted(file.name.removesuffix(suffix) for file in folder.iterdir() if file.name.endswith(suffix))


_MADE: dict[str, Callable[[], str]] = {"exit-codes": _exit_codes, "output": _output, "rules": _rules}
_FOUND: dict[str, Callable[[], str]] = {
    **{name: partial(_read, _REFERENCE / f"{name}.md") for name in _names(_REFERENCE, ".md")},
    **{name: partial(_text, name) for name in _names(_SHIPPED, ".txt")},
    **_MADE,
}
REFERENCES = frozenset(_names(_REFERENCE, ".md")) - set(_MADE) | {"rules"}
"""The topics that can be asked about one name."""
TOPICS = {name: _FOUND[name] for name in ABOUT if name in _FOUND}
