from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from asctl.domain.errors import BadInput
from asctl.output.blocks import WIDTH, open_answers
from asctl.output.scan_schemas import SCAN

RECORD = {
    "input": "YT1", "status": "done", "rma": "RMA2611220001K", "kind": "return", "reason": "quality",
    "state": "approved", "phase": "receiving", "order_id": "30001", "shop": "flagship", "customer": "王**",
    "expect": ["1 x CUP 保温杯", "2 x BRUSH 杯刷"], "warnings": [], "next": "asctl rma scan RMA2611220001K --receive",
}  # fmt: skip


class Watched(io.StringIO):
    """A stream that remembers what had been sent on its way."""

    sent = ""

    def flush(self) -> None:
        self.sent = self.getvalue()


def told(record: dict[str, Any], format: str = "table", columns: tuple[str, ...] = ()) -> str:
    """What has left by the time the writer has taken one record."""
    stream = Watched()
    open_answers(SCAN, format, columns, stream).write(record)
    return stream.sent


def test_a_scan_is_a_block_of_lines() -> None:
    """What is absent takes no room; each kind of goods has a line of its own."""
    assert told(RECORD) == (
        "YT1  done  RMA2611220001K  return  quality  approved  receiving\n"
        "  order     30001  flagship  王**\n"
        "  expect    1 x CUP 保温杯\n"
        "            2 x BRUSH 杯刷\n"
        "  next      asctl rma scan RMA2611220001K --receive\n"
    )


def test_chosen_columns_are_one_line() -> None:
    """Who chooses fields gets just them; a field that is not there is told."""
    assert told(RECORD, columns=("rma", "expect")) == "RMA2611220001K  1 x CUP 保温杯, 2 x BRUSH 杯刷\n"
    with pytest.raises(BadInput) as caught:
        told(RECORD, columns=("rna",))
    assert caught.value.code == "unknown_column"


@pytest.mark.parametrize("format", ["table", "ndjson", "json", "csv", "tsv"])
def test_nothing_is_held_back(format: str) -> None:
    """In every format the record has left before the next one is asked for."""
    assert "RMA2611220001K" in told(RECORD, format)


@given(st.text(max_size=300), st.lists(st.text(max_size=300), max_size=5))
def test_no_text_drives_the_terminal_or_breaks_the_block(customer: str, goods: list[str]) -> None:
    """Remote text stays on its line, within the width, and carries no control characters."""
    record = RECORD | {"customer": customer, "expect": goods}
    lines = told(record).split("\n")[:-1]
    assert len(lines) == 3 + len([item for item in goods if item])
    assert all(0 <= wcswidth(line) <= WIDTH or max(line) >= "\u0300" for line in lines)
