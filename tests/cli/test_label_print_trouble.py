"""``asctl label print`` where printer, spooler, disk or case stand in the way."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time

import pytest

from asctl.domain.labels import PrintState
from asctl.services import drawing, printing, spooling
from tests.command_support import Command, no_traceback
from tests.plugins.labels.samples import page_text
from tests.sandbox_support import ON_A_FILE
from tests.spooler_support import REPRINT, TAKEN, Spooler, labels, pdf_pages

pytestmark = pytest.mark.storeless


def test_no_printer_is_named(lp: Spooler, asctl: Command, approved: list[str]) -> None:
    """Exit 2, before anything is drawn, with the setting and the printers there are."""
    lp.knows_printers()
    result = lp(approved[0])
    assert (result.code, result.error["code"]) == (2, "no_printer")
    assert "[label]" in result.error["hint"]
    assert "Office Zebra" in result.error["hint"]
    assert (lp.jobs(), labels(asctl)) == ([], [])


def test_a_machine_without_spooler(lp: Spooler, asctl: Command, approved: list[str]) -> None:
    """Exit 2 and what to do instead; no label counts as drawn."""
    result = lp(approved[0], "--printer", "Zebra", PATH=str(lp.tmp))
    assert (result.code, result.error["code"]) == (2, "lp_missing")
    assert "asctl label render" in result.error["hint"]
    assert labels(asctl) == []


def test_a_printer_that_nobody_knows(lp: Spooler, asctl: Command, approved: list[str]) -> None:
    """The spooler's words and the names it knows; what was not printed is no reprint the next time."""
    lp.knows_printers()
    lp.will("echo 'lp: The printer or class does not exist.' >&2; exit 1")
    result = lp(approved[0], "--printer", "Zebar")
    assert (result.code, result.record["status"], result.record["error_code"]) == (3, "failed", "unknown_printer")
    assert "does not exist" in result.record["error_message"]
    assert "Office Zebra" in result.err
    (entry,) = labels(asctl)
    assert (entry["state"], entry["printed"]) == ("void", 0)
    assert labels(asctl, "--void") == []
    shutil.rmtree(lp.jobs()[0])
    lp.will(TAKEN)
    lp(approved[0], "--printer", "Zebra")
    assert REPRINT not in page_text(pdf_pages(lp.files()[0])[0])


@pytest.mark.parametrize("printers", [True, False])
def test_the_spooler_says_no(lp: Spooler, approved: list[str], printers: bool) -> None:
    """A printer it knows, or it does not say which it knows: refused with its own words, exit 3."""
    if printers:
        lp.knows_printers()
    lp.will("echo 'lp: Destination \"Zebra\" is not accepting jobs.' >&2; exit 1")
    result = lp(approved[0], "--printer", "Zebra")
    assert (result.code, result.record["status"], result.record["error_code"]) == (3, "refused", "print_refused")
    assert 'Destination "Zebra" is not accepting jobs.' in result.record["error_message"]


def test_the_spooler_hangs(lp: Spooler, asctl: Command, approved: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for ever; whether it prints is not known: exit 4, and on record as such. The next one is a reprint."""
    monkeypatch.setattr(spooling, "PATIENCE_S", 0.3)
    lp.will("sleep 60")
    began = time.monotonic()
    result = lp(*approved, "--printer", "Zebra")
    assert time.monotonic() - began < 30
    assert (result.code, {record["status"] for record in result.records}) == (4, {"unclear"})
    assert {record["error_code"] for record in result.records} == {"print_unclear"}
    assert "lpstat -o Zebra" in result.err
    assert {(entry["state"], entry["printed"]) for entry in labels(asctl)} == {("current", 1)}


@pytest.mark.parametrize("end", ["kill -9 $$", "exit 137"])
def test_the_spooler_is_killed(lp: Spooler, approved: list[str], end: str) -> None:
    """It may have handed the job on before: unclear, directly or through a shell around it."""
    lp.will(end)
    result = lp(approved[0], "--printer", "Zebra")
    assert (result.code, result.record["status"], result.record["error_code"]) == (4, "unclear", "print_unclear")


@ON_A_FILE
def test_a_run_that_is_killed_leaves_its_prints_unclear(
    lp: Spooler, asctl: Command, approved: list[str], store_url: str
) -> None:
    """They were on record before the spooler was asked, so nobody takes the paper for the first one."""
    lp.will(f"kill -9 $PPID; {TAKEN}")
    path = f"{lp.folder / 'bin'}{os.pathsep}{asctl.env['PATH']}"
    result = asctl.process("label", "print", approved[0], "--printer", "Zebra", env={"PATH": path})
    assert result.code == -9
    with sqlite3.connect(store_url.removeprefix("sqlite:///")) as store:
        assert store.execute("SELECT state, job, printer FROM prints").fetchall() == [(PrintState.UNCLEAR, "", "Zebra")]
    assert labels(asctl)[0]["printed"] == 1


def test_no_shell_reads_what_is_given(lp: Spooler, approved: list[str]) -> None:
    """A printer's name goes to lp as it is, whatever a shell would make of it."""
    name = "Zebra; touch $HOME/owned `id`"
    assert lp(approved[0], "--printer", name).code == 0
    assert lp.option("-d") == [name]


def test_words_of_the_spooler_drive_no_terminal(lp: Spooler, approved: list[str]) -> None:
    """Bytes that are no text and escape sequences are told harmlessly, and not at any length."""
    lp.will("printf 'lp: \\033[2J\\377 no'; head -c 100000 /dev/zero | tr '\\0' x; exit 1")
    result = lp(approved[0], "--printer", "Zebra", "-o", "table")
    no_traceback(result)
    assert result.code == 3
    assert "\x1b" not in result.out + result.err
    assert len(result.err) < 3000


def test_no_room_to_draw(lp: Spooler, asctl: Command, approved: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the temporary folder takes no file nothing is printed, and the way out is told."""
    monkeypatch.setattr("os.open", _full(os.open, str(lp.tmp)))
    result = lp(approved[0], "--printer", "Zebra")
    assert (result.code, result.error["code"]) == (2, "no_room_to_print")
    assert "TMPDIR" in result.error["hint"]
    assert (lp.jobs(), labels(asctl)) == ([], [])


def _full(real: object, place: str) -> object:
    def opened(path: object, *arguments: object, **named: object) -> object:
        if str(path).startswith(f"{place}/asctl-print-") and str(path).endswith(".pdf"):
            raise OSError(28, "No space left on device")
        return real(path, *arguments, **named)  # type: ignore[operator]

    return opened


@pytest.mark.parametrize("name", ["-", "-oraw", "--help"])
def test_a_name_that_is_an_option(lp: Spooler, asctl: Command, approved: list[str], name: str) -> None:
    """It never reaches lp, which would take it for an order of its own."""
    result = lp(approved[0], f"--printer={name}")
    assert (result.code, result.error["code"]) == (2, "bad_printer")
    assert (lp.jobs(), labels(asctl)) == ([], [])


def test_the_spooler_answers_in_one_language(lp: Spooler, approved: list[str]) -> None:
    """Whatever the operator's own is: the job's name is read from the answer."""
    lp.will(
        '[ "$LC_ALL" = C ] && echo "request id is Zebra-12 (1 file(s))" || echo "Auftrag-Nr. ist Zebra-12 (1 Datei)"'
    )
    assert lp(approved[0], "--printer", "Zebra", LC_ALL="de_DE.UTF-8").record["said"].startswith("request id")


def test_a_case_that_is_withdrawn_meanwhile(
    lp: Spooler, asctl: Command, approved: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is void before the spooler has it is not printed; the next run refuses that case and prints the others."""
    draw = drawing.render_into

    def late(*arguments: object) -> object:
        drawn = draw(*arguments)  # type: ignore[arg-type]
        assert asctl("rma", "cancel", approved[1], "--reason", "客户不退了").code == 0
        return drawn

    with monkeypatch.context() as patched:
        patched.setattr(printing, "render_into", late)
        result = lp(*approved, "--printer", "Zebra")
    assert result.error["code"] == "label_outdated"
    assert approved[1] in result.err
    assert (lp.jobs(), labels(asctl)) == ([], [])
    again = lp(*approved, "--printer", "Zebra")
    assert again.end["counts"] == {"done": 2, "failed": 1} or again.end["counts"] == {"done": 2, "refused": 1}
    assert len(pdf_pages(lp.files()[0])) == 2
