"""The rows of a run: written as they come, and counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import TracebackType

from asctl.cli.tally import Tally
from asctl.domain.errors import AsctlError
from asctl.intake.rows import Row
from asctl.output.records import Record, RecordShape
from asctl.output.writer import Writer
from asctl.text import _

DONE, REFUSED, FAILED, UNCLEAR, SKIPPED, PLANNED = "done", "refused", "failed", "unclear", "skipped", "planned"
FOUND = "found"


class Report:
    """A context manager that takes records, writes them in the chosen format and counts how they fared."""

    def __init__(self, shape: RecordShape, writer: Writer, tally: Tally) -> None:
        self._shape = shape
        self._writer = writer
        self._tally = tally
        self._reader_gone = False

    def __enter__(self) -> Report:
        self._tally.reported = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if not isinstance(error, OSError):
            self._put(self._writer.close)

    def add(self, record: Mapping[str, object], *, status: str = "", error: AsctlError | None = None) -> None:
        """Write one record. ``status`` is its outcome; without one it follows from ``error``.

        Where the shape has the fields, outcome and error are filled in. Raises ``OSError`` when the output
        cannot be written and ``BrokenPipeError`` when nobody reads it; a batch whose reader is gone is finished all the
        same.
        """
        outcome = status or self._outcome_of(error)
        full: Record = dict(record)
        if self._shape.outcome:
            full["status"] = outcome
        if error is not None:
            full |= {"error_family": error.family, "error_code": error.code, "error_message": error.message}
        self._tally.count(outcome, error)
        self._put(lambda: self._writer.write(full))

    def good(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Pass the good rows on; report those that are set aside, and repeats as skipped."""
        for row in rows:
            if row.error is not None:
                self.add({self._shape.fields[0]: row.given or row.place}, error=row.error)
            elif row.repeats:
                self.add(self._repeated(row), status=SKIPPED)
            else:
                yield row

    def _repeated(self, row: Row) -> Record:
        said = _("the same as {place}").format(place=row.repeats)
        return {self._shape.fields[0]: row.given, "error_code": "duplicate", "error_message": said}

    def _outcome_of(self, error: AsctlError | None) -> str:
        """A list finds records; a batch has outcomes."""
        if error is None:
            return DONE if "error_code" in self._shape.fields else FOUND
        return {"refused": REFUSED, "unclear": UNCLEAR}.get(error.family, FAILED)

    def _put(self, write: Callable[[], None]) -> None:
        if self._reader_gone:
            return
        try:
            write()
        except BrokenPipeError:
            if not self._shape.outcome:
                raise
            self._reader_gone = True
