"""Rows of a file or of stdin, as a command reads them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from asctl.intake.columns import COURIER, OF_ORDER, WAYBILL
from asctl.intake.rows import Row, Source, read_rows

COLUMNS = (WAYBILL, COURIER, OF_ORDER)
IGNORED = {"status", "input", "verdict", "events"}

ReadFile = Callable[..., list[Row]]


@pytest.fixture
def read_file(tmp_path: Path) -> ReadFile:
    """``read_file(content)`` gives the rows of a file with that content; what was said goes to ``said``."""

    def read(content: bytes, said: list[str] | None = None, **options: str) -> list[Row]:
        path = tmp_path / "rows.txt"
        path.write_bytes(content)
        source = Source((), io.BytesIO(), path)
        return list(read_rows(source, COLUMNS, options, IGNORED, (said if said is not None else []).append))

    return read
