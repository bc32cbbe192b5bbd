"""Answers for somebody who waits for each of them, such as at a hand scanner: out at once, in any format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TextIO

from asctl.output.records import RecordShape
from asctl.output.safety import visible
from asctl.output.widths import shortened
from asctl.output.writer import Writer, as_text, choose_fields, open_writer

WIDTH = 100
_NAME_WIDTH = 10
_HEAD = ("input", "status", "rma", "kind", "reason", "state", "phase")
_LINES = (
    ("order", ("order_id", "shop", "customer")),
    ("expect", ("expect",)),
    ("parcel", ("courier", "waybill", "parcel_status")),
    ("received", ("received_at", "received_by")),
    ("warnings", ("warnings",)),
    ("together", ("travels_with",)),
    ("error", ("error_message",)),
    ("hint", ("hint",)),
    ("next", ("next",)),
)
_WHOLE = frozenset({"error_message", "hint", "next"})


def open_answers(shape: RecordShape, format: str, columns: Sequence[str], stream: TextIO) -> Writer:
    """A writer that holds nothing back: blocks of lines in place of a table, the other formats record by record.

    Raises :class:`BadInput` (``unknown_column``).
    """
    if format != "table":
        return AtOnce(open_writer(shape, format, columns, stream), stream)
    chosen = choose_fields(shape, format, columns)
    return AtOnce(BlockWriter(chosen if columns else (), stream), stream)


class AtOnce:
    """Sends every record on its way before the next is asked for."""

    def __init__(self, writer: Writer, stream: TextIO) -> None:
        self._writer = writer
        self._stream = stream

    def write(self, record: Mapping[str, object]) -> None:
        self._writer.write(record)
        self._stream.flush()

    def close(self) -> None:
        self._writer.close()


class BlockWriter:
    """A few lines per scan that fit into :data:`WIDTH`, or one line of the chosen ``fields``; what is absent takes no room."""

    def __init__(self, fields: Sequence[str], stream: TextIO) -> None:
        self._fields = fields
        self._stream = stream

    def write(self, record: Mapping[str, object]) -> None:
        lines = [_joined(record, self._fields)] if self._fields else _block(record)
        self._stream.write("".join(f"{line}\n" for line in lines))

    def close(self) -> None:
        """Nothing is held back."""


def _block(record: Mapping[str, object]) -> Iterator[str]:
    yield _joined(record, [name for name in _HEAD if name == "input" or record.get(name) != record.get("input")])
    for name, fields in _LINES:
        values = record.get(fields[0])
        items = [_cell(item) for item in values] if isinstance(values, list) else [_joined(record, fields)]
        room = None if fields[0] in _WHOLE else WIDTH - _NAME_WIDTH - 2
        for label, item in zip((name, *[""] * len(items)), filter(None, items), strict=False):
            yield f"  {label.ljust(_NAME_WIDTH)}{item if room is None else shortened(item, room)}"


def _joined(record: Mapping[str, object], fields: Sequence[str]) -> str:
    return "  ".join(filter(None, (_cell(record.get(name)) for name in fields)))


def _cell(value: object) -> str:
    return visible(as_text(value))
