"""Tables in files: CSV (with ``,`` or ``;``), TSV, NDJSON and XLSX, told apart by their content, so that a pipe will do."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from asctl.domain.errors import BadInput
from asctl.intake.columns import HeaderMatcher
from asctl.intake.encoding import open_text
from asctl.text import _

Cells = dict[str, str]
_ZIP = b"PK\x03\x04"
_BOM = b"\xef\xbb\xbf"


def read_file(path: Path, matcher: HeaderMatcher, say: Callable[[str], None]) -> Iterator[tuple[int, Cells | BadInput]]:
    """(line, cells by column name), or the reason why that line is set aside. Memory stays flat for text files.

    Raises :class:`BadInput` for a file that cannot be read as a whole.
    """
    with _opened(path) as file:
        head = file.read(4096)
        file.seek(0)
        if head.startswith(_ZIP):
            from asctl.intake.workbook import read_workbook

            yield from read_workbook(file, path.name, matcher)
            return
        start = head.removeprefix(_BOM).lstrip(b" \r\n")
        if start.startswith(b"["):
            raise _array(path)
        text = open_text(file, path.name, say)
        if start.startswith(b"{"):
            from asctl.intake.ndjson import read_ndjson

            yield from read_ndjson(text, matcher)
        else:
            from asctl.intake.delimited import delimiter_of, read_delimited

            yield from read_delimited(text, delimiter_of(start.partition(b"\n")[0]), matcher)


def _opened(path: Path) -> BinaryIO:
    """The file, rewindable; what comes through a pipe is put into a temporary file first."""
    try:
        file = path.open("rb")
        if file.seekable():
            return file
    except OSError as error:
        raise BadInput(
            _("{file} cannot be read: {reason}").format(file=path, reason=error.strerror),
            code="file_unreadable",
            hint=_("check the path given with --from"),
        ) from error
    with file:
        spooled = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
        shutil.copyfileobj(file, spooled)
    spooled.seek(0)
    return spooled


def _array(path: Path) -> BadInput:
    return BadInput(
        _("{file} is a JSON array; one object per line is read").format(file=path.name),
        code="json_array",
        hint=_("write it with -o ndjson, or: jq -c '.[]'"),
    )
