"""From whatever ended a command to one of our error families; a traceback goes to a file, never to the terminal."""

from __future__ import annotations

import errno
import os
import re
import traceback
from pathlib import Path

import click

from asctl.domain.errors import AsctlError, BadInput, StoreTrouble
from asctl.domain.slips import did_you_mean
from asctl.text import _

_UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG)


def error_of(problem: BaseException | None) -> AsctlError | None:
    """The error to tell, or ``None`` where there is none: a good end, help, a signal, a reader that went away."""
    if problem is None or isinstance(problem, (click.exceptions.Exit, click.Abort, KeyboardInterrupt, BrokenPipeError)):
        return None
    if isinstance(problem, AsctlError):
        return problem
    if isinstance(problem, click.ClickException):
        return _misuse(problem)
    if isinstance(problem, OSError) and problem.errno in _UNWRITABLE:
        return _unwritable(problem)
    return _bug(problem)


def _misuse(problem: click.ClickException) -> BadInput:
    context = problem.ctx if isinstance(problem, click.UsageError) else None
    command = context.command_path if context else "asctl"
    told = " ".join(problem.format_message().split())  # click lists choices over several lines
    return BadInput(
        told, code="usage", hint=_nearest_choice(problem) or _("see: {command} --help").format(command=command)
    )


def _nearest_choice(problem: click.ClickException) -> str:
    """Of a choice that there is not: click quotes it first."""
    parameter = problem.param if isinstance(problem, click.BadParameter) else None
    given = re.search(r"'(.+?)'", problem.message)
    if parameter is None or not isinstance(parameter.type, click.Choice) or given is None:
        return ""
    return did_you_mean(given[1], map(str, parameter.type.choices))


def _unwritable(problem: OSError) -> StoreTrouble:
    return StoreTrouble(
        _("the output cannot be written: {reason}").format(reason=problem.strerror),
        code="output_unwritable",
        hint=_("check the space and the permissions of the place that it goes to"),
    )


def _bug(problem: BaseException) -> AsctlError:
    message = _("a bug in asctl, or in a plugin: {type}").format(type=type(problem).__name__)
    try:
        path = _write_traceback(problem)
    except OSError:
        return AsctlError(message, code="bug", hint=_("no log could be written; run it again with -vv and report it"))
    return AsctlError(message, code="bug", hint=_("please report it to the maintainers with {path}").format(path=path))


def _write_traceback(problem: BaseException) -> Path:
    """Keep the traceback where only the user can read it: it may quote data."""
    import tempfile

    from asctl.settings.places import state_folder

    folder = state_folder() / "bugs"
    folder.mkdir(parents=True, exist_ok=True)
    handle, path = tempfile.mkstemp(".txt", "bug-", folder)
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.writelines(traceback.format_exception(problem))
    return Path(path)
