"""Whether a command line that a document shows is one that asctl takes. Nothing is carried out."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import closing
from functools import cache

import click

from asctl.cli.app import app
from asctl.cli.help_topics import TOPICS
from asctl.cli.run import Run
from asctl.cli.table import commands


@cache
def groups() -> frozenset[str]:
    """The commands that take a verb."""
    context = click.Context(app, info_name="asctl")
    return frozenset(name for name in commands() if isinstance(app.get_command(context, name), click.Group))


def misfit(words: Sequence[str], *, whole: bool) -> str:
    """What is wrong with these arguments of ``asctl``; empty where nothing is.

    ``whole`` asks for a line that can be typed as it stands; else it may leave out arguments, as prose does.
    """
    nobody = io.TextIOWrapper(io.BytesIO())
    with closing(Run({}, nobody, nobody, nobody)) as run:
        return _misfit(click.Context(app, info_name="asctl", obj=run), words, whole)


def _misfit(root: click.Context, words: Sequence[str], whole: bool) -> str:
    command, rest = _walk(app, root, list(words))
    if command is None:
        return f"there is no {' '.join(words)}"
    if command.name == "help" and rest and rest[0] not in TOPICS:
        return f"there is no topic {rest[0]}"
    if isinstance(command, click.Group) and not rest:
        return f"{' '.join(words)} lacks a verb" if whole and words else ""
    return _refusal(command, root, rest, whole)


def _walk(
    command: click.Command | None, context: click.Context, rest: list[str]
) -> tuple[click.Command | None, list[str]]:
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        command = command.get_command(context, rest.pop(0))
    return command, rest


def _refusal(command: click.Command, root: click.Context, rest: list[str], whole: bool) -> str:
    try:
        command.make_context(command.name, rest, parent=root)
    except click.exceptions.Exit:
        return ""
    except click.MissingParameter as missing:
        return missing.format_message() if whole else ""
    except click.UsageError as refused:
        return refused.format_message()
    return ""
