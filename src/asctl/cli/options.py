"""Options that many commands share, declared once. They end up in ``run.choices``, so commands need not pass them on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import click

from asctl.cli.run import Choices, Run
from asctl.domain.errors import BadInput
from asctl.intake.columns import Column
from asctl.intake.rows import Row, Source, read_rows
from asctl.output.writer import FORMATS
from asctl.text import _

P = ParamSpec("P")
R = TypeVar("R")
Command = TypeVar("Command", bound=Callable[..., Any])

OUTPUT_VARIABLE = "ASCTL_OUTPUT"


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    """Note a choice that was made; an option that was not given changes nothing (the root may have had it)."""
    if value and param.name:
        setattr(ctx.ensure_object(Run).choices, param.name, value)


def _keep_columns(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    if value:
        _keep(ctx, param, tuple(name.strip() for name in value.split(",") if name.strip()))


def _keep_verbose(ctx: click.Context, _param: click.Parameter, value: int) -> None:
    if value:
        run = ctx.ensure_object(Run)
        run.choices.verbose += value
        run.start_log()


def _choice(*names: str, callback: Callable[..., None] = _keep, **attributes: Any) -> Callable[[Command], Command]:
    return click.option(*names, expose_value=False, callback=callback, **attributes)


def _together(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Several options as one decorator, in the order of the help."""
    return lambda command: reduce(lambda inner, option: option(inner), reversed(options), command)


common_options: Callable[[Command], Command] = _together(
    _choice("--config", type=click.Path(path_type=Path), metavar="FILE", help=_("Configuration file.")),
    _choice(
        "-v", "--verbose", count=True, callback=_keep_verbose, help=_("Tell on stderr what is done; -vv for more.")
    ),
)

output_options: Callable[[Command], Command] = _together(
    _choice(
        "-o", "--output", "format", type=click.Choice(FORMATS), envvar=OUTPUT_VARIABLE, is_eager=True, show_envvar=True,
        help=_("Format of the records on stdout; table where nothing is said."),
    ),
    _choice(
        "--columns", metavar="A,B,C", callback=_keep_columns, help=_("Only these fields, in this order."),
    ),
)  # fmt: skip


def format_meant(arguments: Sequence[str], environ: Mapping[str, str]) -> str:
    """The format that a command line asks for which click could not read as a whole."""
    text = "\0".join(arguments)
    found = re.findall(r"(?:^|\0)(?:-o|--output)[\0=]?(\w+)", text)
    meant = found[-1] if found else environ.get(OUTPUT_VARIABLE, "")
    return meant if meant in FORMATS else Choices.format


list_options: Callable[[Command], Command] = _together(
    output_options, _choice("--fail-if-empty", is_flag=True, help=_("Exit with 6 when nothing matched."))
)

reveal_option: Callable[[Command], Command] = _choice(
    "--reveal", is_flag=True, help=_("Show personal data; leaves an audit record.")
)

work_options: Callable[[Command], Command] = _together(
    _choice("--jobs", type=click.IntRange(1, 64), help=_("How many calls at the same time; default 8.")),
    _choice(
        "--deadline", type=click.FloatRange(0, min_open=True), metavar="SECONDS",
        help=_("Begin nothing new after so many seconds."),
    ),
    _choice("--max-items", type=click.IntRange(1), help=_("Begin at most so many items.")),
)  # fmt: skip

write_options: Callable[[Command], Command] = _together(
    _choice("--dry-run", is_flag=True, help=_("Show what would be done; nothing is sent.")),
    _choice("--yes", is_flag=True, help=_("Do not ask.")),
    work_options,
)


def pass_run(command: Callable[Concatenate[Run, P], R]) -> Callable[P, R]:
    """Hand the :class:`Run` to a command as its first argument, and give it ``--config`` and ``-v``.

    What is no moment in ``ASCTL_NOW`` is refused also by commands that never look at the clock: whoever rehearses should not
    learn of it only at the first one that does.
    """

    @wraps(command)
    def with_clock(run: Run, /, *args: P.args, **options: P.kwargs) -> R:
        if "ASCTL_NOW" in run.environ:
            from asctl.settings.clock import clock_from

            clock_from(run.environ)
        return command(run, *args, **options)

    return common_options(click.make_pass_decorator(Run)(with_clock))


@dataclass(frozen=True, slots=True)
class Given:
    """The batch input of a command: what its identifiers, stdin and ``--from`` hold."""

    run: Run
    columns: tuple[Column, ...]
    source: Source

    def rows(self, **options: str | None) -> Iterator[Row]:
        """The rows as they are read, until a signal comes; ``options`` win over the cells of the column of that name."""
        from asctl.output.schemas import field_names

        named = {name.replace("_", "-"): value for name, value in options.items()}
        read = read_rows(self.source, self.columns, named, field_names(), self.run.say)
        return self.run.interruption.until_signal(read)


def batch_input(*columns: Column) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Give a command ``ID...``, ``-`` and ``--from FILE``; it is handed ``given``, a :class:`Given`.

    The first column is the identifier. Raises :class:`BadInput` (``no_input``) where nothing is given.
    """
    metavar = columns[0].name.upper()
    names = ", ".join(column.name for column in columns)

    def decorate(command: Callable[..., R]) -> Callable[..., R]:
        @click.argument("ids", nargs=-1, metavar=f"[{metavar}|-]...")
        @click.option(
            "--from", "file", type=click.Path(path_type=Path), metavar="FILE",
            help=_("CSV, TSV, NDJSON or XLSX with the columns: {names}.").format(names=names),
        )  # fmt: skip
        @wraps(command)
        def reading(*args: Any, ids: tuple[str, ...], file: Path | None, **options: Any) -> R:
            if not ids and file is None:
                raise _nothing_given(metavar)
            run = click.get_current_context().ensure_object(Run)
            given = Given(run, columns, Source(ids, run.stdin_bytes, file))
            return command(*args, given=given, **options)

        return reading

    return decorate


def _nothing_given(metavar: str) -> BadInput:
    return BadInput(
        _("nothing to work on: no {name} is given").format(name=metavar),
        code="no_input",
        hint=_("give {name}..., or - to read stdin, or --from FILE").format(name=metavar),
    )
