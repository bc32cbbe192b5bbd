"""``asctl label print``: labels on their way to a printer, against a spooler of the test's own."""

from __future__ import annotations

import shutil

import pytest

from tests.command_support import Command
from tests.plugins.labels.samples import page_text, printed, scanned
from tests.sandbox_support import SandboxSite
from tests.spooler_support import REPRINT, Spooler, labels, pdf_pages

pytestmark = pytest.mark.storeless


def test_one_job_for_all_in_their_order(lp: Spooler, asctl: Command, approved: list[str]) -> None:
    """The spooler gets one file whose labels stand in the order asked for; each case has a record of its job."""
    wanted = [approved[2], approved[0], approved[1]]
    result = lp(*wanted, "--printer", "Zebra")
    assert result.code == 0
    (file,) = lp.files()
    assert [n for page in pdf_pages(file) for n in approved if n in scanned(printed(page, 203))] == wanted
    assert [record["rma"] for record in result.records] == wanted
    for record in result.records:
        told = {name: record[name] for name in ("status", "printer", "job", "copies", "pages", "error_code", "said")}
        assert told == {
            "status": "done", "printer": "Zebra", "job": "Zebra-12", "copies": 1, "pages": 1, "error_code": None,
            "said": "request id is Zebra-12 (1 file(s))",
        }  # fmt: skip


def test_the_printer_is_told_the_actual_size(lp: Spooler, approved: list[str]) -> None:
    """Nothing scales the bars; the job is found in the queue by its RMA."""
    lp(approved[0], "--printer", "Zebra", "--copies", "3")
    assert lp.option("-d") == ["Zebra"]
    assert lp.option("-n") == ["3"]
    assert lp.option("-o") == ["print-scaling=none", "media=Custom.100x150mm"]
    assert lp.option("-t") == [f"asctl-{approved[0]}"]


def test_a_sheet_is_called_by_its_name(lp: Spooler, approved: list[str]) -> None:
    """Sizes with a name are asked for by it."""
    lp(approved[0], "--printer", "Office", "--size", "a6")
    assert lp.option("-o") == ["print-scaling=none", "media=A6"]


def test_a_label_printer_gets_its_own_language(lp: Spooler, approved: list[str]) -> None:
    """ZPL goes through untouched, all labels in one file."""
    assert lp(*approved, "--printer", "Zebra", "--format", "zpl").code == 0
    assert lp.option("-o") == ["raw"]
    (file,) = lp.files()
    assert file.read_bytes().count(b"^XA") == 3


def test_pictures_are_one_job_too(lp: Spooler, asctl: Command, approved: list[str]) -> None:
    """Where a file holds one label only, the job has a file for each, in order, and each its own checksum."""
    assert lp(*approved, "--printer", "Zebra", "--format", "png").code == 0
    assert [file.suffix for file in lp.files()] == [".png"] * 3
    assert lp.option("-t") == [f"asctl-{approved[0]}+2"]
    assert [entry["rma"] for entry in labels(asctl)] == approved[::-1]


def test_nobody_else_can_read_the_file_and_nothing_is_left(lp: Spooler, approved: list[str]) -> None:
    """The file lies in a folder of its own while the spooler reads it, both closed to others, and is gone afterwards."""
    lp(approved[0], "--printer", "Zebra")
    (job,) = lp.jobs()
    file, folder = (line.split()[0] for line in (job / "modes").read_text("utf-8").splitlines())
    assert file.startswith("-rw-------")
    assert folder.startswith("drwx------")
    assert list(lp.tmp.iterdir()) == []


def test_a_print_is_on_record(lp: Spooler, asctl: Command, approved: list[str]) -> None:
    """The label has no file, but a print: how often, and when; the next one is a reprint and says so."""
    lp(approved[0], "--printer", "Zebra")
    (first,) = labels(asctl)
    assert (first["printed"], first["file"], first["state"], first["format"]) == (1, None, "current", "pdf")
    assert first["printed_at"] >= first["rendered_at"]  # type: ignore[operator]
    shutil.rmtree(lp.jobs()[0])
    lp(approved[0], "--printer", "Zebra")
    assert REPRINT in page_text(pdf_pages(lp.files()[0])[0])
    again, before = labels(asctl)
    assert (again["state"], before["state"]) == ("current", "superseded")
    assert again["content_sha256"] == before["content_sha256"]


def test_cases_in_one_parcel_share_a_label(lp: Spooler, asctl: Command, approved: list[str]) -> None:
    """With --together the cases of one order are one label on paper, and each of them has its record."""
    order = asctl("rma", "show", approved[0]).record["order_id"]
    other = asctl("rma", "open", order, "--kind", "exchange", "--reason", "damaged").record["rma"]
    asctl("rma", "approve", other)
    result = lp(approved[0], other, "--printer", "Zebra", "--together")
    assert [(record["rma"], record["travels_with"]) for record in result.records] == [
        (approved[0], other),
        (other, approved[0]),
    ]
    texts = [page_text(page) for page in pdf_pages(lp.files()[0])]
    assert len(texts) == result.records[0]["pages"]
    assert approved[0] in texts[0]
    assert {entry["rma"]: entry["printed"] for entry in labels(asctl)} == {approved[0]: 1, other: 1}


def test_the_usual_printer(lp: Spooler, sandbox: SandboxSite, approved: list[str]) -> None:
    """Without --printer the one of the configuration is taken."""
    sandbox.configure('[label]\nprinter = "Zebra"')
    assert lp(approved[0]).record["printer"] == "Zebra"
    assert lp.option("-d") == ["Zebra"]


def test_a_rehearsal_prints_nothing(lp: Spooler, asctl: Command, approved: list[str]) -> None:
    """--dry-run checks the cases and the printer's name and leaves no trace."""
    result = lp(approved[0], "RMA2601010001X", "--printer", "Zebra", "--dry-run")
    assert [record["status"] for record in result.records] == ["failed", "planned"]
    assert (lp.jobs(), labels(asctl)) == ([], [])
    assert lp(approved[0], "--printer", "Zebra", "--dry-run", "--size", "9x9").code == 2


def test_a_bad_case_among_them(lp: Spooler, asctl: Command, approved: list[str]) -> None:
    """Cancelled, unapproved or mistyped ones are refused as when drawing; the others are printed."""
    asctl("rma", "cancel", approved[1], "--reason", "客户不退了")
    result = lp(*approved, "RMA2601010001X", "--printer", "Zebra")
    assert result.code == 3
    assert {record["rma"]: record["error_code"] for record in result.records if record["error_code"]} == {
        approved[1]: "rma_cancelled",
        "RMA2601010001X": "bad_rma_number",
    }
    assert len(pdf_pages(lp.files()[0])) == 2


def test_no_good_case_at_all(lp: Spooler, asctl: Command, approved: list[str]) -> None:
    """Then no spooler is asked."""
    asctl("rma", "cancel", approved[0], "--reason", "客户不退了")
    assert lp(approved[0], "--printer", "Zebra").code == 3
    assert lp.jobs() == []
