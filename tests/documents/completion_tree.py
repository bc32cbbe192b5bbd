"""The tree of commands that completion reads. ``python -m tests.documents.completion_tree`` writes it anew."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import click

from asctl.cli.app import app
from asctl.cli.completing.following import PART
from asctl.cli.help_topics import TOPICS
from asctl.cli.table import commands
from asctl.domain.parcels import Direction
from tests.documents.markdown import ROOT

FILE = ROOT / "src" / "asctl" / "cli" / "completing" / "commands.json"
BY_OPTION: dict[str, str | list[str]] = {
    "--shop": "shop",
    "--account": "courier-account",
    "--pickup": "courier-account",
    "--courier": "courier",
    "--order": "order",
    "--rma": "rma",
    "--waybill": "waybill",
    "--batch": "batch",
    "--direction": [direction.value for direction in Direction],
}
BY_METAVAR = {
    "FILE": "file",
    "RMA": "rma",
    "WAYBILL": "waybill",
    "ORDER": "order",
    "AFTER-SALE": "after-sale",
    "AFTERSALE": "after-sale",
    "ACTION": "action",
    "TASK": "task",
    "BATCH": "batch",
    "INVOICE": "invoice",
    "INVOICE-OR-ORDER": "invoice-or-order",
    "TARGET": "target",
    "ACCOUNT": "account",
}
EXCEPTIONS: dict[tuple[str, str], str | list[str]] = {
    ("invoice", "--account"): "invoice-account",
    ("rma open", "--reason"): "reason",
    ("config explain", "key"): "setting",
    ("plugin show", "name"): "plugin",
    ("plugin check", "name"): "plugin",
    ("help", "topic"): list(TOPICS),
    ("help", "name"): PART,
}

HELP = {"names": ["--help", "-h"], "help": "Show this message and exit."}
"""What click adds to each command; it keeps the option of whoever asked first, so it is not asked."""


def tree() -> dict[str, dict[str, Any]]:
    """Every command by its path, ``parcel poll``, with its verbs or arguments, its options, and what their values are."""
    context = click.Context(app, info_name="asctl")
    nodes = {"": {"help": "", "verbs": list(commands()), "options": _options("", app)}}
    for name, (_path, line) in commands().items():
        nodes |= dict(_nodes(name, app.get_command(context, name)))
        nodes[name]["help"] = line
    return nodes


def text() -> str:
    """The tree as the file has it: a command to the line."""
    lines = (f"{json.dumps(path)}: {json.dumps(node, ensure_ascii=False)}" for path, node in tree().items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _nodes(path: str, command: click.Command | None) -> Iterator[tuple[str, dict[str, Any]]]:
    assert command is not None
    node = {"help": _told(command.help), "options": _options(path, command)}
    if isinstance(command, click.Group):
        verbs = {name: verb for name, verb in command.commands.items() if not verb.hidden}
        yield path, node | {"verbs": list(verbs)}
        for name, verb in verbs.items():
            yield from _nodes(f"{path} {name}", verb)
        return
    arguments = [found for found in command.params if isinstance(found, click.Argument)]
    yield path, node | {"arguments": [_taking(path, each) | _many(each.nargs != 1) for each in arguments]}


def _options(path: str, command: click.Command) -> list[dict[str, Any]]:
    options = [found for found in command.params if isinstance(found, click.Option) and not found.hidden]
    told = [
        {"names": sorted(option.opts, key=len, reverse=True), "help": _told(option.help)}
        | _many(option.multiple or option.count)
        | ({} if option.is_flag or option.count else _taking(path, option))
        for option in options
    ]
    return [*told, HELP]


def _many(many: bool) -> dict[str, bool]:
    return {"many": True} if many else {}


def _taking(path: str, parameter: click.Parameter) -> dict[str, Any]:
    """What its values are; empty where only the operator knows."""
    if isinstance(parameter.type, click.Choice):
        return {"takes": list(parameter.type.choices)}
    name = max(parameter.opts, key=len)
    told = EXCEPTIONS.get((path, name)) or EXCEPTIONS.get((path.partition(" ")[0], name))
    if told is None and isinstance(parameter.type, click.Path):
        told = "dir" if name in ("--dir", "--keep") else "file"
    word = re.match(r"\[?([A-Z-]+)", (isinstance(parameter, click.Argument) and parameter.metavar) or "")
    by_metavar = BY_METAVAR.get(word[1]) if word else "file" if getattr(parameter, "metavar", "") == "FILE" else None
    return {"takes": told or BY_OPTION.get(name) or by_metavar or ""}


def _told(help_: str | None) -> str:
    """A help text that is one sentence of ours; one that was put together cannot be translated afterwards, so none is told."""
    return help_ if help_ and help_ in _sentences() else ""


@cache
def _sentences() -> frozenset[str]:
    return frozenset(found for path in (ROOT / "src/asctl/cli").glob("*.py") for found in _strings(path.read_text()))


def _strings(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "{" not in node.value:
            yield node.value


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
