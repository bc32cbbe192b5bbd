"""Commands that put two things together, such as an RMA and a waybill: a pair of arguments, or a file of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from asctl.cli.options import Given
from asctl.cli.run import Run
from asctl.domain.errors import BadInput
from asctl.intake.columns import Column
from asctl.intake.rows import Source
from asctl.text import _

R = TypeVar("R")


def pair_input(first: Column, second: Column, *more: Column) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Give a command ``FIRST SECOND`` and ``--from FILE``; it is handed ``given``, and ``pair``: what stands in for the second
    column in every row. Raises :class:`BadInput` (``no_input``, ``usage``) for neither or both."""
    columns = (first, second, *more)
    shape = f"{first.name.upper()} {second.name.upper()}"
    names = ", ".join(column.name for column in columns)

    def decorate(command: Callable[..., R]) -> Callable[..., R]:
        @click.argument("one", required=False, metavar=f"[{first.name.upper()}")
        @click.argument("other", required=False, metavar=f"{second.name.upper()}]")
        @click.option(
            "--from", "file", type=click.Path(path_type=Path), metavar="FILE",
            help=_("CSV, TSV, NDJSON or XLSX with the columns: {names}.").format(names=names),
        )  # fmt: skip
        @wraps(command)
        def reading(*args: Any, one: str | None, other: str | None, file: Path | None, **options: Any) -> R:
            if (other is None) == (file is None) or (file and one):
                raise _which(shape, neither=not one and file is None)
            run = click.get_current_context().ensure_object(Run)
            given = Given(run, columns, Source((one,) if one else (), run.stdin_bytes, file))
            return command(*args, given=given, pair={second.name: other}, **options)

        return reading

    return decorate


def _which(shape: str, neither: bool) -> BadInput:
    hint = _("give {shape}, or --from FILE").format(shape=shape)
    if neither:
        return BadInput(_("nothing to work on: no {name} is given").format(name=shape), code="no_input", hint=hint)
    return BadInput(_("{shape} belong together, and a file stands alone").format(shape=shape), code="usage", hint=hint)
