from __future__ import annotations

import json
import logging
from io import StringIO
from pathlib import Path

import click
import pytest

from asctl.cli.options import Given, batch_input, list_options, output_options, pass_run, reveal_option, write_options
from asctl.cli.run import Choices, Run
from asctl.domain.errors import BadInput
from asctl.intake.columns import COURIER, WAYBILL
from asctl.output.records import RecordShape, batch_shape

from .conftest import Probe

SHAPE = RecordShape("thing", ("order_id", "remark", "events"), ("order_id",), nested=("events",))
BATCH = batch_shape("thing", ("waybill", "courier"))


@click.command()
@list_options
@reveal_option
@write_options
@pass_run
def showing(run: Run) -> None:
    seen.append(run.choices)
    logging.getLogger("asctl.probe").info("asked \x1b[2J")
    with run.report(SHAPE) as report:
        report.add({"order_id": "1", "remark": "=1+1", "events": [{"at": None}]})


seen: list[Choices] = []


@click.command()
@batch_input(WAYBILL, COURIER)
@click.option("--courier")
@output_options
@pass_run
def batch(run: Run, given: Given, courier: str | None) -> None:
    with run.report(BATCH) as report:
        for row in report.good(given.rows(courier=courier)):
            report.add({"input": row.given, "waybill": row.get("waybill"), "courier": row.get("courier")})


def test_nothing_chosen_means_the_defaults(probe: Probe) -> None:
    """Without options a command sees the documented defaults."""
    assert probe(showing).exit_code == 0
    assert vars(seen[-1]) == {}


def test_choices_arrive(probe: Probe) -> None:
    """Every shared option ends up in the run's choices."""
    probe(
        showing, "-o", "csv", "--columns", "remark, order_id", "--reveal", "--dry-run", "--yes", "--jobs", "3",
        "--deadline", "1.5", "--max-items", "9", "--fail-if-empty", "--config", "x.toml", "-v",
    )  # fmt: skip
    assert vars(seen[-1]) == {
        "format": "csv",
        "columns": ("remark", "order_id"),
        "reveal": True,
        "dry_run": True,
        "yes": True,
        "jobs": 3,
        "deadline": 1.5,
        "max_items": 9,
        "fail_if_empty": True,
        "config": Path("x.toml"),
        "verbose": 1,
    }


def test_root_options_hold_for_the_command(probe: Probe) -> None:
    """``asctl --config F -v probe`` is ``asctl probe --config F -v``; the command's own wins."""
    probe(showing, before=("--config", "a.toml", "-v"))
    assert (seen[-1].config, seen[-1].verbose) == (Path("a.toml"), 1)
    probe(showing, "--config", "b.toml", "-v", before=("--config", "a.toml", "-v"))
    assert (seen[-1].config, seen[-1].verbose) == (Path("b.toml"), 2)


def test_the_format_comes_from_the_environment(probe: Probe) -> None:
    """ASCTL_OUTPUT sets the format, -o beats it, a wrong one is misuse."""
    assert probe(showing, env={"ASCTL_OUTPUT": "tsv"}).stdout == "order_id\tremark\n1\t'=1+1\n"
    assert probe(showing, "-o", "csv", env={"ASCTL_OUTPUT": "tsv"}).stdout.startswith("order_id,remark")
    assert probe(showing, env={"ASCTL_OUTPUT": "xml"}).exit_code == 2


def test_an_unknown_column_names_those_there_are(probe: Probe) -> None:
    """A wrong column is misuse before anything is written; nested fields exist only in JSON."""
    result = probe(showing, "--columns", "order_id,remarks")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "order_id, remark" in result.stderr
    assert "did you mean order_id?" in probe(showing, "--columns", "order").stderr
    assert probe(showing, "--columns", "events").exit_code == 2
    assert probe(showing, "--columns", "events", "-o", "json").exit_code == 0


def test_the_log_is_on_stderr_only_when_asked(probe: Probe) -> None:
    """-v shows what is done, harmless for the terminal; without it stderr has the summary alone."""
    assert "asctl: asctl.probe asked \\x1b[2J" in probe(showing, "-v").stderr
    assert probe(showing).stderr == "asctl: 1 found\n"
    assert all(isinstance(handler, logging.NullHandler) for handler in logging.getLogger("asctl").handlers)


def test_a_batch_from_everywhere(probe: Probe, tmp_path: Path) -> None:
    """Arguments, stdin and a file are one batch: bad rows are set aside, repeats skipped, an option holds for all."""
    table = tmp_path / "in.csv"
    table.write_text("waybill,courier\n7.12E+13,\nZT12345678,zto\n")
    result = probe(
        batch, "sf1234567890123", "-", "--from", str(table), "--courier", "sf", "-o", "json",
        input="# comment\n\nSF1234567890123\n",
    )  # fmt: skip
    assert result.exit_code == 3
    rows = json.loads(result.stdout)
    assert [(row["input"], row["status"], row["courier"], row["error_code"]) for row in rows] == [
        ("sf1234567890123", "done", "sf", None),
        ("SF1234567890123", "skipped", None, "duplicate"),
        ("7.12E+13", "failed", None, "spoilt_number"),
        ("ZT12345678", "done", "sf", None),
    ]
    assert rows[1]["error_message"] == "given twice"
    assert rows[2]["error_message"].startswith("in.csv line 2: ")


@pytest.mark.parametrize("now", ["yesterday", "2026-11-21T12:00:00", " "])
def test_no_moment_in_the_clock_variable_is_misuse(probe: Probe, now: str) -> None:
    """What is no moment is refused by a command that never looks at the clock, too; its help is still shown."""
    result = probe(batch, "SF1234567890123", env={"ASCTL_NOW": now})
    assert (result.exit_code, result.stdout) == (2, "")
    assert "ASCTL_NOW" in result.stderr
    assert probe(batch, "--help", env={"ASCTL_NOW": now}).exit_code == 0
    assert probe(batch, "SF1234567890123", env={"ASCTL_NOW": "2026-11-21T12:00:00+08:00"}).exit_code == 0


def test_no_input_is_misuse(probe: Probe) -> None:
    """A batch command without any input says how to give some."""
    result = probe(batch)
    assert result.exit_code == 2
    assert "--from FILE" in result.stderr


def test_a_wrong_file_is_misuse(probe: Probe, tmp_path: Path) -> None:
    """A missing file or an unknown column stops the run before it begins."""
    assert probe(batch, "--from", str(tmp_path / "none.csv")).exit_code == 2
    (tmp_path / "in.csv").write_text("waybill,paint\nSF1234567890123,red\n")
    result = probe(batch, "--from", str(tmp_path / "in.csv"))
    assert result.exit_code == 2
    assert "'paint'" in result.stderr


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def run_on(stdin: StringIO) -> Run:
    return Run({}, stdin, StringIO(), StringIO())


def test_a_terminal_is_asked() -> None:
    """On a terminal the operator decides; anything but yes means no, and nothing was sent."""
    run_on(Terminal("y\n")).confirm("Send 3 remarks?")
    run = run_on(Terminal("\n"))
    with pytest.raises(BadInput, match="nothing was sent"):
        run.confirm("Send 3 remarks?")
    assert run.stderr.getvalue() == "Send 3 remarks? [y/N] "  # type: ignore[attr-defined]


def test_without_a_terminal_yes_is_needed() -> None:
    """cron must say --yes; otherwise the run ends before anything is sent."""
    run = run_on(StringIO("y\n"))
    with pytest.raises(BadInput) as refused:
        run.confirm("Send?")
    assert refused.value.code == "needs_yes"
    run.choices.yes = True
    run.confirm("Send?")
    assert run.stderr.getvalue() == ""  # type: ignore[attr-defined]
