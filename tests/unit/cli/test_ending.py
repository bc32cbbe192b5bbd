from __future__ import annotations

import json
import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import Result

from asctl.cli.options import list_options, output_options, pass_run, write_options
from asctl.cli.run import Run
from asctl.domain.errors import (
    AsctlError,
    BadConfiguration,
    BadInput,
    CredentialsRefused,
    LockHeld,
    NeedsApproval,
    NotFound,
    NotOffered,
    PluginBroken,
    Refused,
    Stale,
    StoreTrouble,
    Throttled,
    Unavailable,
    Unclear,
)
from asctl.output.records import RecordShape, batch_shape

from .conftest import Probe

BATCH = batch_shape("probe", ("order_id",))
LIST = RecordShape("probe", ("order_id", "status"), ("order_id", "status"))


def raising(error: BaseException) -> click.Command:
    @click.command()
    @output_options
    @pass_run
    def command(run: Run) -> None:
        with run.report(BATCH):
            raise error

    return command


def reporting(*errors: AsctlError | None) -> click.Command:
    @click.command()
    @output_options
    @pass_run
    def command(run: Run) -> None:
        with run.report(BATCH) as report:
            for number, error in enumerate(errors):
                report.add({"input": str(number)}, error=error)

    return command


def last_line(result: Result) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(result.stderr.splitlines()[-1])
    return value


@pytest.mark.parametrize(
    ("error", "code", "name"),
    [
        (BadInput("m", code="c"), 2, "misuse"),
        (BadConfiguration("m", code="c"), 2, "misuse"),
        (Refused("m"), 3, "partial"),
        (NotFound("m", code="c"), 3, "partial"),
        (Unclear("m", code="c"), 4, "unclear"),
        (Unavailable("m"), 5, "unavailable"),
        (Throttled("m", retry_after=timedelta(seconds=9)), 5, "unavailable"),
        (CredentialsRefused("m", code="c"), 7, "credentials_refused"),
        (NeedsApproval("m", code="c"), 8, "needs_approval"),
        (Stale("m", code="c"), 9, "stale"),
        (StoreTrouble("m", code="c"), 10, "store"),
        (LockHeld("m", code="c"), 11, "locked"),
        (NotOffered("m", code="c"), 15, "plugin"),
        (PluginBroken("m", code="c"), 15, "plugin"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (ZeroDivisionError("secret"), 1, "bug"),
    ],
)
def test_each_end_has_its_exit_code(probe: Probe, error: BaseException, code: int, name: str) -> None:
    """Whatever ends a command becomes its documented code; in JSON modes the last line on stderr says so."""
    result = probe(raising(error), "-o", "json")
    assert result.exit_code == code
    assert last_line(result)["exit_code"] == code
    assert last_line(result)["exit_name"] == name
    assert json.loads(result.stdout) == []


def test_an_error_is_a_sentence_and_a_hint(probe: Probe) -> None:
    """On stderr: what and where with the far side's own code, then what to do; stdout stays clean."""
    error = Refused("order 1 is closed", hint="open another", upstream_code="isv.closed")
    result = probe(raising(error))
    assert result.stderr == "asctl: order 1 is closed (isv.closed)\n  open another\n"
    assert result.stdout == ""


def test_remote_text_in_an_error_cannot_drive_the_terminal(probe: Probe) -> None:
    """Escape sequences in an error's message are shown, not sent."""
    result = probe(raising(Refused("bad \x1b[2J\u202e text")))
    assert "\x1b" not in result.stderr
    assert "\\x1b[2J\\u202e" in result.stderr


def test_the_error_is_in_the_last_json_line(probe: Probe) -> None:
    """Scripts read family, code, message, hint, account and the time to come back from one object."""
    moment = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
    error = Unavailable("kd100 is down", hint="wait", account="kd100", retry_at=moment)
    end = last_line(probe(raising(error), "-o", "ndjson"))
    assert end == {
        "exit_code": 5,
        "exit_name": "unavailable",
        "counts": {},
        "batch_id": None,
        "retry_at": "2026-11-21T12:00:00+08:00",
        "error": {
            "family": "unavailable",
            "code": "unavailable",
            "message": "kd100 is down",
            "hint": "wait",
            "account": "kd100",
            "retry_at": "2026-11-21T12:00:00+08:00",
        },
    }


def test_a_rest_without_a_moment_counts_from_now(probe: Probe, monkeypatch: pytest.MonkeyPatch) -> None:
    """Throttled for 90 seconds means: come back 90 seconds after the run's own clock."""
    monkeypatch.setenv("ASCTL_NOW", "2026-11-21T12:00:00+08:00")
    error = Throttled("slow down", retry_after=timedelta(seconds=90))
    assert last_line(probe(reporting(None, error), "-o", "json"))["retry_at"] == "2026-11-21T12:01:30+08:00"


def test_rows_give_counts_summary_and_one_word_per_kind_of_error(probe: Probe) -> None:
    """Ten rows refused for one reason are told once; the summary counts by outcome."""
    refused = [Refused("row 1 refused", hint="ask"), Refused("row 2 refused", hint="ask")]
    result = probe(reporting(None, None, *refused, Unclear("row 4 unclear", code="lost_answer")))
    assert result.exit_code == 4
    assert result.stderr.splitlines() == [
        "asctl: row 1 refused (and 1 more: refused)",
        "  ask",
        "asctl: row 4 unclear",
        "asctl: 2 done, 2 refused, 1 unclear",
    ]


def test_a_batch_record_tells_its_outcome(probe: Probe) -> None:
    """Each input has a record with status and the error's family, code and message."""
    result = probe(reporting(None, Refused("no", code="too_late"), Unavailable("down")), "-o", "json")
    assert [
        (row["input"], row["status"], row["error_family"], row["error_code"]) for row in json.loads(result.stdout)
    ] == [
        ("0", "done", None, None),
        ("1", "refused", "refused", "too_late"),
        ("2", "failed", "unavailable", "unavailable"),
    ]
    assert last_line(result)["counts"] == {"done": 1, "refused": 1, "failed": 1}


def test_all_rows_unavailable_is_an_outage(probe: Probe) -> None:
    """If every row failed because the far side was down, the run says so instead of "partial"."""
    assert probe(reporting(Unavailable("a"), Unavailable("b"))).exit_code == 5
    assert probe(reporting(Unavailable("a"), None)).exit_code == 3


def test_a_bug_leaves_a_log_and_no_traceback(probe: Probe, tmp_path: Path) -> None:
    """An unexpected exception: one sentence with its type, and a private file that holds the traceback."""
    result = probe(raising(ZeroDivisionError("13800138000")))
    assert result.exit_code == 1
    assert "ZeroDivisionError" in result.stderr
    assert "Traceback" not in result.stderr
    assert "13800138000" not in result.stderr
    (log,) = (tmp_path / "state" / "asctl" / "bugs").iterdir()
    assert str(log) in result.stderr
    assert "Traceback" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0


def test_a_bug_without_a_place_for_its_log(probe: Probe, tmp_path: Path) -> None:
    """Where no log can be written the sentence still comes."""
    (tmp_path / "state").write_text("in the way")
    result = probe(raising(KeyError("x")))
    assert result.exit_code == 1
    assert "no log could be written" in result.stderr


def empty() -> click.Command:
    @click.command()
    @list_options
    @pass_run
    def command(run: Run) -> None:
        with run.report(LIST):
            pass

    return command


def test_an_empty_list(probe: Probe) -> None:
    """Nothing matched is 0, and 6 only where the script asked for it."""
    assert probe(empty()).exit_code == 0
    assert probe(empty()).stderr == "asctl: nothing there\n"
    assert probe(empty(), "--fail-if-empty").exit_code == 6
    assert last_line(probe(empty(), "--fail-if-empty", "-o", "json"))["exit_name"] == "nothing_matched"


def test_a_limit_that_was_hit(probe: Probe) -> None:
    """A deadline or --max-items that ended the work early is 12."""

    @click.command()
    @write_options
    @output_options
    @pass_run
    def command(run: Run) -> None:
        with run.report(BATCH) as report:
            for number in range(10):
                if not run.budget.take():
                    run.limit_hit = True
                    break
                report.add({"input": str(number)})

    result = probe(command, "--max-items", "3", "-o", "json")
    assert result.exit_code == 12
    assert last_line(result)["counts"] == {"done": 3}
    assert probe(command, "--max-items", "30").exit_code == 0


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_looks_stops_at_a_safe_place(probe: Probe, signum: int, code: int) -> None:
    """The first signal lets a long run finish its row; its rows are kept and the code says how it ended."""

    @click.command()
    @output_options
    @pass_run
    def command(run: Run) -> None:
        with run.report(BATCH) as report:
            while not run.stopping():
                os.kill(os.getpid(), signum)
                report.add({"input": "finished"})

    result = probe(command, "-o", "json")
    assert result.exit_code == code
    assert [row["input"] for row in json.loads(result.stdout)] == ["finished"]
    assert last_line(result)["counts"] == {"done": 1}


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_does_not_look_is_ended_at_once(probe: Probe, signum: int, code: int) -> None:
    """A command that never asks is interrupted; what it wrote before is still a whole document."""

    @click.command()
    @output_options
    @pass_run
    def command(run: Run) -> None:
        with run.report(BATCH) as report:
            report.add({"input": "first"})
            os.kill(os.getpid(), signum)
            report.add({"input": "never"})

    result = probe(command, "-o", "json")
    assert result.exit_code == code
    assert [row["input"] for row in json.loads(result.stdout)] == ["first"]


def test_handlers_of_before_are_put_back(probe: Probe) -> None:
    """A command run inside another program leaves that program's signal handlers alone."""
    before = signal.getsignal(signal.SIGTERM)
    probe(empty())
    assert signal.getsignal(signal.SIGTERM) is before


def test_usage_errors_speak_our_format(probe: Probe) -> None:
    """A wrong option is 2, one sentence and where to look, in click's place."""
    result = probe(empty(), "--xyzzy", "red")
    assert result.exit_code == 2
    assert result.stderr == "asctl: No such option '--xyzzy'.\n  see: asctl probe --help\n"


def test_usage_errors_are_json_too(probe: Probe) -> None:
    """With -o json even a misuse ends with the JSON object."""
    end = last_line(probe(empty(), "-o", "json", "--colour"))
    assert (end["exit_code"], end["error"]["family"], end["error"]["code"]) == (2, "bad_input", "usage")
