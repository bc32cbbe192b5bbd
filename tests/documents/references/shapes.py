"""Which records a command writes: the shapes that its own code speaks of, else those of what it calls in the command line."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import CodeType, FunctionType

import click

from asctl.output.records import RecordShape


def shapes_of(command: click.Command) -> list[str]:
    """The names of the records, in the order in which the code names them."""
    function = inspect.unwrap(command.callback) if command.callback else None
    return list(dict.fromkeys(_named(function, set()))) if isinstance(function, FunctionType) else []


def _named(function: FunctionType, seen: set[FunctionType]) -> Iterator[str]:
    seen.add(function)
    used = [function.__globals__.get(name) for name in _names(function.__code__)]
    if shapes := [each.name for each in used if isinstance(each, RecordShape)]:
        yield from shapes
        return
    for each in used:
        if isinstance(each, FunctionType) and each not in seen and each.__module__.startswith("asctl.cli."):
            yield from _named(each, seen)


def _names(code: CodeType) -> Iterator[str]:
    """The names that a function and those inside it use."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
