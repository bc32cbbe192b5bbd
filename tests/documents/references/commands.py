"""The reference of commands, from the click tree."""

from __future__ import annotations

import io
from collections.abc import Iterator

import click

from asctl.cli.app import app
from asctl.cli.run import Run
from asctl.cli.table import commands
from tests.documents.references.markup import fill, item, page, prose
from tests.documents.references.shapes import shapes_of

_INTRODUCTION = """\
Every command with its arguments and options, as `--help` tells them. Formats of the
records: `asctl help output`; their fields: `asctl help fields`; how a command ends:
`asctl help exit-codes`; files and stdin in place of arguments: `asctl help input`. One command
alone: `asctl help commands order sync`.
"""
_HELP = "- `-h, --help`: Show this message and exit."
"""What click adds to each command; it keeps the option of whoever asked first, so it is not asked."""


def commands_reference() -> str:
    """Every command in the order of the overview, groups with their verbs."""
    nobody = io.TextIOWrapper(io.BytesIO())
    root = click.Context(
        app,
        info_name="asctl",
        obj=Run({}, nobody, nobody, nobody),
        help_option_names=app.context_settings["help_option_names"],
    )
    found = [pair for name in commands() if (command := app.get_command(root, name)) for pair in _walk(command, root)]
    everywhere = set.intersection(*({*_options(command, ctx)} for command, ctx in found if not _is_group(command)))
    common = [line for line in _options(*found[0]) if line in everywhere]
    return page(
        "# Commands",
        prose(_INTRODUCTION, ()),
        "## Options of every command",
        "\n".join(map(item, common)),
        *(part for command, ctx in found for part in _command(command, ctx, everywhere)),
    )


def _walk(command: click.Command, parent: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    """A command and its verbs, each with the context in which it is called."""
    ctx = click.Context(command, info_name=command.name, parent=parent)
    yield command, ctx
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            if verb := command.get_command(ctx, name):
                yield from _walk(verb, ctx)


def _is_group(command: click.Command) -> bool:
    return isinstance(command, click.Group)


def _command(command: click.Command, ctx: click.Context, everywhere: set[str]) -> Iterator[str]:
    yield f"{'##' if ctx.parent and ctx.parent.parent is None else '###'} {ctx.command_path}"
    yield fill(command.help or "")
    if _is_group(command):
        return
    yield f"```text\n{ctx.command_path} {' '.join(command.collect_usage_pieces(ctx))}\n```"
    yield "\n".join(item(line) for line in _options(command, ctx) if line not in everywhere)
    if records := shapes_of(command):
        yield fill(f"Records: {', '.join(f'`{name}`' for name in records)}.")


def _options(command: click.Command, ctx: click.Context) -> list[str]:
    """One line for each option: its forms, its help, and in brackets what click adds."""
    records = [parameter.get_help_record(ctx) for parameter in command.params]
    told = [f"- `{record[0]}`: {' '.join(record[1].split())}" for record in records if record and record[1]]
    return [*told, _HELP]
