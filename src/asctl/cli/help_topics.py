"""The help topics: short texts shipped as files, and tables that are made from the code they describe."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

from asctl.cli import exits
from asctl.output.schemas import SHAPES
from asctl.text import _


def _exit_codes() -> str:
    rows = [f"{entry.code:>4}  {entry.name:<20} {entry.meaning}; {entry.advice}" for entry in exits.table()]
    order = " ".join(str(code) for code in exits.SEVERITY)
    return "\n".join((*rows, "", _("Where several apply, the first of these wins: {order}").format(order=order)))


def _records() -> str:
    return "\n".join(f"  {shape.name}\n      {' '.join(shape.fields)}" for shape in SHAPES)


def _shipped(name: str) -> str:
    return (files("asctl") / "help" / f"{name}.txt").read_text(encoding="utf-8").rstrip()


TOPICS: dict[str, Callable[[], str]] = {
    "exit-codes": _exit_codes,
    "output": lambda: f"{_shipped('output')}\n\n{_records()}",
    "input": lambda: _shipped("input"),
    "writes": lambda: _shipped("writes"),
    "labels": lambda: _shipped("labels"),
    "invoices": lambda: _shipped("invoices"),
    "configuration": lambda: _shipped("configuration"),
    "plugins": lambda: _shipped("plugins"),
}
