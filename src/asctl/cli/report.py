"""The rows of a run: written as they come, and counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import TracebackType

from asctl.cli.tally import Tally
from asctl.domain.errors import AsctlError
from asctl.domain.masking import mask_numbers
from asctl.intake.rows import Row
from asctl.output.records import Record, RecordShape
from asctl.output.writer import Writer

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

    def add(
        self,
        record: Mapping[str, object],
        *,
        status: str = "",
        error: AsctlError | None = None,
        note: tuple[str, str] | None = None,
    ) -> None:
        """Write one record. ``status`` is its outcome; without one it follows from ``error``. ``note`` is the code and the
        sentence of what is no error but must be told, such as why a row was skipped.

        Where the shape has the fields, outcome and error are filled in. Raises ``OSError`` when the output
        cannot be written and ``BrokenPipeError`` when nobody reads it; a batch whose reader is gone is finished all the
        same.
        """
        outcome = status or self._outcome_of(error)
        full: Record = dict(record)
        if self._shape.outcome:
            full["status"] = outcome
        if error is not None:
            full |= {
                "error_family": error.family,
                "error_code": error.code,
                "error_message": mask_numbers(error.message),
            }
        elif note is not None:
            full |= dict(zip(("error_code", "error_message"), note, strict=True))
        self._tally.count(outcome, error)
        self._put(lambda: self._writer.write(full))

    def good(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Pass the good rows on; report those that are set aside, and repeats as skipped."""
        for row in rows:
            if row.error is not None:
                self.add({self._shape.fields[0]: row.given or row.place}, error=row.error)
            elif row.repeats:
                self.add({self._shape.fields[0]: row.given}, status=SKIPPED, note=("duplicate", row.repeats))
            else:
                yield row

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
