from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from asctl.cli.report import PLANNED, SKIPPED, Report
from asctl.cli.tally import Tally
from asctl.domain.errors import BadInput, Refused, Unclear
from asctl.intake.rows import Row
from asctl.output.records import Record, RecordShape, batch_shape

BATCH = batch_shape("probe", ("order_id",))
LIST = RecordShape("probe", ("order_id", "status"), ("order_id",))


class Kept:
    """A writer that keeps what it is given, until its reader goes away."""

    def __init__(self, reads: int = 99) -> None:
        self.records: list[Record] = []
        self.closed = False
        self._reads = reads

    def write(self, record: Mapping[str, object]) -> None:
        if len(self.records) == self._reads:
            raise BrokenPipeError
        self.records.append(dict(record))

    def close(self) -> None:
        self.closed = True


def tally() -> Tally:
    return Tally(lambda: datetime(2026, 11, 21, tzinfo=UTC))


def test_outcomes_follow_from_errors() -> None:
    """No error is done; a refusal is refused, an unclear write unclear, all else failed; a plan says so itself."""
    kept, counts = Kept(), tally()
    with Report(BATCH, kept, counts) as report:
        report.add({"input": "1"})
        report.add({"input": "2"}, status=PLANNED)
        for error in (Refused("no"), Unclear("lost", code="lost_answer"), BadInput("bad", code="bad_row")):
            report.add({"input": "3"}, error=error)
    assert [record["status"] for record in kept.records] == ["done", "planned", "refused", "unclear", "failed"]
    assert counts.statuses == {"done": 1, "planned": 1, "refused": 1, "unclear": 1, "failed": 1}
    assert kept.closed


def test_an_object_keeps_its_own_status() -> None:
    """In a list ``status`` belongs to the object; the outcome is only counted."""
    kept, counts = Kept(), tally()
    with Report(LIST, kept, counts) as report:
        report.add({"order_id": "1", "status": "shipped"})
    assert kept.records == [{"order_id": "1", "status": "shipped"}]
    assert counts.statuses == {"found": 1}


def test_good_rows_pass_and_the_others_are_reported() -> None:
    """Bad rows fail with their reason, repeats are skipped and say what they repeat."""
    kept, counts = Kept(), tally()
    bad = BadInput("line 2: spoilt", code="spoilt_number")
    rows = [Row("1"), Row("", "line 2", 2, error=bad), Row("1", "line 3", 3, repeats="the same as line 1")]
    with Report(BATCH, kept, counts) as report:
        assert [row.given for row in report.good(rows)] == ["1"]
    assert [(record["input"], record["status"], record["error_code"]) for record in kept.records] == [
        ("line 2", "failed", "spoilt_number"),
        ("1", "skipped", "duplicate"),
    ]
    assert kept.records[1]["error_message"] == "the same as line 1"


def test_a_note_tells_why_without_being_an_error() -> None:
    """A row that is skipped for a reason has its code and sentence, no family, and counts as no error."""
    kept, counts = Kept(), tally()
    with Report(BATCH, kept, counts) as report:
        report.add({"input": "1"}, status=SKIPPED, note=("already_there", "the line stands there already"))
    assert kept.records == [
        {
            "input": "1",
            "status": "skipped",
            "error_code": "already_there",
            "error_message": "the line stands there already",
        }
    ]
    assert (counts.families, counts.first_errors) == ({"": 1}, {})


def test_a_batch_is_finished_without_its_reader() -> None:
    """Writes that go out are counted to the end, although nobody reads the rows any more."""
    kept, counts = Kept(reads=1), tally()
    with Report(BATCH, kept, counts) as report:
        for number in range(3):
            report.add({"input": str(number)})
    assert (len(kept.records), counts.rows) == (1, 3)


def test_a_list_ends_with_its_reader() -> None:
    """A list has no purpose without a reader, so it stops."""
    with Report(LIST, Kept(reads=0), tally()) as report, pytest.raises(BrokenPipeError):
        report.add({"order_id": "1"})
