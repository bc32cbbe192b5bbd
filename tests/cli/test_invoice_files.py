"""``asctl invoice resend`` and ``download``: copies of what is issued."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.command_support import Command
from tests.invoice_support import ACCOUNTS, billed_by, invoice_of, issued, requested, sold, work_queue
from tests.sandbox_support import SandboxSite

pytestmark = pytest.mark.storeless

MAIL = ("--email", "buyer@example.invalid")


def deliveries(sandbox: SandboxSite) -> list[object]:
    """What the sandbox's providers sent to customers."""
    return [sent for each in sandbox.state()["invoices"] for sent in each["deliveries"]]


@pytest.mark.parametrize("account", ACCOUNTS)
def test_every_file_there_is(sandbox: SandboxSite, asctl: Command, tmp_path: Path, account: str) -> None:
    """Each lies in the folder under a safe name, with the hash that the record tells; a second run fetches nothing new."""
    order = issued(sandbox, asctl, account)
    folder = tmp_path / "books" / "2026"
    result = asctl("invoice", "download", order, "-d", str(folder))
    assert result.code == 0
    number = invoice_of(asctl, order)["number"]
    for record in result.records:
        content = Path(record["file"]).read_bytes()
        assert Path(record["file"]).name == f"{order}_{number}.{record['format']}"
        assert (record["bytes"], record["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    formats = {record["format"] for record in result.records}
    assert "pdf" in formats
    assert {path.suffix[1:] for path in folder.iterdir()} == formats
    again = asctl("invoice", "download", order, "-d", str(folder))
    assert (again.code, set(again.codes())) == (0, {"there_already"})
    kept = {file["format"]: file["sha256"] for file in invoice_of(asctl, order)["files"]}
    assert kept == {record["format"]: record["sha256"] for record in result.records}
    assert sandbox.writes() == []


def test_one_format(sandbox: SandboxSite, asctl: Command, tmp_path: Path) -> None:
    """Only what was asked for is fetched."""
    order = issued(sandbox, asctl)
    result = asctl("invoice", "download", order, "-d", str(tmp_path / "pdf"), "--format", "pdf")
    assert result.record["format"] == "pdf"
    assert [path.suffix for path in (tmp_path / "pdf").iterdir()] == [".pdf"]


def test_another_file_of_that_name(sandbox: SandboxSite, asctl: Command, tmp_path: Path) -> None:
    """It is never written over: the row is refused, and the file stays as it was."""
    order = issued(sandbox, asctl)
    (path,) = (Path(asctl("invoice", "download", order, "-d", str(tmp_path), "--format", "pdf").record["file"]),)
    path.write_bytes(b"somebody's own")
    result = asctl("invoice", "download", order, "-d", str(tmp_path), "--format", "pdf")
    assert (result.code, result.record["status"], result.codes()) == (3, "refused", ["file_differs"])
    assert path.read_bytes() == b"somebody's own"


def test_blue_and_red_of_an_order(sandbox: SandboxSite, asctl: Command, tmp_path: Path) -> None:
    """The books need both; a red one says so in its name."""
    order = issued(sandbox, asctl)
    asctl("invoice", "reverse", order, "--reason", "return", "--yes")
    work_queue(sandbox, asctl)
    result = asctl("invoice", "download", order, "-d", str(tmp_path / "both"), "--format", "pdf")
    assert [record["colour"] for record in result.records] == ["blue", "red"]
    assert [Path(record["file"]).stem.endswith("_red") for record in result.records] == [False, True]


def test_a_folder_that_cannot_be(sandbox: SandboxSite, asctl: Command, tmp_path: Path) -> None:
    """A file in the place of the folder is told in words."""
    order = issued(sandbox, asctl)
    taken = tmp_path / "taken"
    taken.write_text("x", "utf-8")
    result = asctl("invoice", "download", order, "-d", str(taken), "--format", "pdf")
    assert (result.code, result.codes()) == (3, ["file_not_written"])


def test_a_file_that_does_not_come(sandbox: SandboxSite, asctl: Command, tmp_path: Path) -> None:
    """A missing file makes no issued invoice a failed one; nothing half is left in the folder."""
    order = issued(sandbox, asctl)
    sandbox.fault("nuonuo:file", "html", times=0)
    result = asctl("invoice", "download", order, "-d", str(tmp_path / "none"), "--format", "pdf")
    assert result.code != 0
    assert result.record["error_code"]
    assert not list((tmp_path / "none").iterdir() if (tmp_path / "none").exists() else ())
    assert invoice_of(asctl, order)["state"] == "issued"


def test_what_is_not_issued_has_no_file(sandbox: SandboxSite, asctl: Command, tmp_path: Path) -> None:
    """Neither a file nor a copy for the customer; each row says how far its invoice is."""
    billed_by(asctl)
    (order,) = sold(sandbox, asctl)
    requested(asctl, order)
    assert asctl("invoice", "download", order, "-d", str(tmp_path)).codes() == ["not_issued"]
    assert asctl("invoice", "resend", order, *MAIL, "--yes").codes() == ["not_issued"]


@pytest.mark.parametrize("account", ACCOUNTS)
def test_once_more_to_the_customer(sandbox: SandboxSite, asctl: Command, account: str) -> None:
    """The provider sends it once; the same again is skipped, unless ``--again`` says that it is meant."""
    order = issued(sandbox, asctl, account, more=MAIL)
    before = len(deliveries(sandbox))
    result = asctl("invoice", "resend", order, "--yes")
    assert (result.code, result.record["status"], result.record["submission"]) == (0, "done", "accepted")
    assert len(deliveries(sandbox)) == before + 1
    assert asctl("invoice", "resend", order, "--yes").codes() == ["already_done"]
    assert asctl("invoice", "resend", order, "--yes", "--again").record["status"] == "done"
    assert len(deliveries(sandbox)) == before + 2
    assert not any(MAIL[1] in text for text in (result.out, result.err))


def test_nobody_says_where_to(sandbox: SandboxSite, asctl: Command) -> None:
    """Without an address in the application one must be told."""
    order = issued(sandbox, asctl)
    assert asctl("invoice", "resend", order, "--yes").codes() == ["no_address"]
    assert asctl("invoice", "resend", order, *MAIL, "--yes").code == 0


def test_a_rehearsed_copy_goes_nowhere(sandbox: SandboxSite, asctl: Command) -> None:
    """``--dry-run`` sends nothing."""
    order = issued(sandbox, asctl)
    result = asctl("invoice", "resend", order, *MAIL, "--dry-run")
    assert (result.code, result.record["status"]) == (0, "planned")
    assert sandbox.writes() == []
