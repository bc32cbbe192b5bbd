"""A new plugin's folder: all of its files, or none."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from asctl.domain.errors import BadInput
from asctl.scaffold.templates import NewFile
from asctl.text import _


def put(files: Iterable[NewFile], folder: Path) -> None:
    """Write the files into ``folder``, which is made, or empty. They are written aside and moved there when all are whole.

    Raises :class:`BadInput`: ``folder_not_empty``, ``folder_refused``.
    """
    try:
        there = folder.is_dir()
        if there and any(folder.iterdir()):
            raise _not_empty(folder)
        with TemporaryDirectory(prefix=".asctl-", dir=folder if there else folder.parent) as aside:
            whole = Path(aside, "whole")
            for file in files:
                path = whole / file.path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(file.text, "utf-8")
            _move(whole, folder, there)
    except OSError as trouble:
        raise BadInput(
            _("{folder} cannot be made: {reason}").format(folder=folder, reason=trouble.strerror),
            code="folder_refused",
            hint=_hint(folder),
        ) from None


def _hint(folder: Path) -> str:
    if folder.parent.exists():
        return _("name another place with --dir")
    return _("make the folder above it first: {command}").format(command=f"mkdir -p {shlex.quote(str(folder.parent))}")


def _move(whole: Path, folder: Path, there: bool) -> None:
    """As one step; into a folder that is there, entry by entry, since it may be the one that its user stands in: those that
    were moved are taken back where one cannot be."""
    if not there:
        whole.rename(folder)
        return
    with ExitStack() as taken_back:
        for entry in tuple(whole.iterdir()):
            moved = entry.rename(folder / entry.name)
            taken_back.callback(moved.rename, entry)
        taken_back.pop_all()


def _not_empty(folder: Path) -> BadInput:
    return BadInput(
        _("{folder} is not empty; nothing was changed").format(folder=folder),
        code="folder_not_empty",
        hint=_("name another place with --dir"),
    )
