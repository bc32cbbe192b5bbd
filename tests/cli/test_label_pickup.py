"""``asctl label render --pickup``: the courier is ordered and the label drawn in one go, and a run that was cut off goes on."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from tests.command_support import Command, Result
from tests.pickup_support import HOME, ORDER, cases, pickups
from tests.plugins.labels.samples import page_text, printed, scanned
from tests.sandbox_support import ON_A_FILE, SandboxSite
from tests.spooler_support import REPRINT

pytestmark = pytest.mark.storeless


def render(asctl: Command, file: Path, *arguments: str, account: str = "sf") -> Result:
    return asctl("label", "render", *arguments, "--pickup", account, *HOME, "-f", str(file), "--yes")


def codes(file: Path) -> list[list[str]]:
    """What a scanner reads on each page."""
    return [scanned(printed(page, 203)) for page in pypdfium2.PdfDocument(file.read_bytes())]


def test_ordered_and_drawn_in_one_go(sandbox: SandboxSite, asctl: Command, tmp_path: Path) -> None:
    """Each label carries the waybill that its own pickup got, in the order asked for."""
    file, numbers = tmp_path / "labels.pdf", cases(sandbox, asctl, 3)
    result = render(asctl, file, *numbers)
    assert (result.code, result.end["counts"]) == (0, {"done": 3})
    made = {pickup["remark"].split()[-1]: pickup["waybill"] for pickup in pickups(sandbox)}
    assert [record["rma"] for record in result.records] == numbers
    for record, page in zip(result.records, codes(file), strict=True):
        assert record["waybill"] in page
        assert record["rma"] in page
        assert record["waybill"] in made.values()
    assert len({record["waybill"] for record in result.records}) == 3
    again = render(asctl, tmp_path / "again.pdf", *numbers)
    assert [record["waybill"] for record in again.records] == [record["waybill"] for record in result.records]
    assert len(pickups(sandbox)) == 3


@pytest.mark.parametrize("place", ["-f", "-d"])
def test_cut_off_between_order_and_label(
    sandbox: SandboxSite, asctl: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Where the disk is full in the end the pickups stand, each row tells its waybill and its action, and the same command
    draws the labels later: nobody comes twice."""
    numbers = cases(sandbox, asctl, 2)
    where = tmp_path / "labels.pdf" if place == "-f" else tmp_path
    command = ("label", "render", *numbers, "--pickup", "sf", *HOME, place, str(where), "--yes")
    with monkeypatch.context() as patched:
        patched.setattr("os.replace", full_disk)
        failed = asctl(*command)
    ordered = {pickup["waybill"] for pickup in pickups(sandbox)}
    assert (failed.end["counts"], len(ordered)) == ({"failed": 2}, 2)
    assert failed.codes() == ["file_not_written"] * 2
    assert {record["waybill"] for record in failed.records} == ordered
    assert all(record["action_id"] for record in failed.records)
    assert list(tmp_path.glob("*.pdf")) == []
    assert [record["state"] for record in asctl("label", "list").records] == ["void"] * 2
    assert asctl("label", "list", "--void").records == []
    result = asctl(*command)
    assert (result.code, len(pickups(sandbox))) == (0, 2)
    files = [tmp_path / Path(record["file"]).name for record in result.records]
    assert ordered <= {code for file in files for page in codes(file) for code in page}
    assert REPRINT not in page_text(pypdfium2.PdfDocument(files[0].read_bytes())[0])


def full_disk(*_arguments: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--format", "png", "-f", "{folder}/x.png"), "one_label_a_file"),
        (("--layout", "{folder}/bad.toml", "-f", "{folder}/x.pdf"), "bad_label_layout"),
        (("--layout", "{folder}/bad.toml", "-d", "{folder}"), "bad_label_layout"),
        (("-f", "{folder}/bad.toml/x.pdf"), "file_not_written"),
        (("-f", "{folder}/no/such/x.pdf"), "file_not_written"),
        (("-f", "{folder}"), "file_not_written"),
        (("-d", "{folder}/bad.toml"), "file_not_written"),
        (("-f", "{folder}/" + "x" * 300), "file_not_written"),
    ],
)
@pytest.mark.parametrize("rehearsal", [False, True])
def test_no_courier_for_labels_that_cannot_be_drawn(
    sandbox: SandboxSite, asctl: Command, tmp_path: Path, options: tuple[str, ...], code: str, rehearsal: bool
) -> None:
    """What can be told before is told before: misuse, nobody was asked to come, nothing is left behind."""
    numbers = cases(sandbox, asctl, 2)
    (tmp_path / "bad.toml").write_text("paper = [1", "utf-8")
    before = sorted(tmp_path.rglob("*.pdf")), sorted(path.name for path in tmp_path.iterdir())
    given = [option.format(folder=tmp_path) for option in options]
    result = asctl("label", "render", *numbers, "--pickup", "sf", *HOME, *given, "--dry-run" if rehearsal else "--yes")
    assert (result.code, result.error["code"], result.records) == (2, code, [])
    assert sandbox.writes() == []
    assert (sorted(tmp_path.rglob("*.pdf")), sorted(path.name for path in tmp_path.iterdir())) == before
    assert asctl("pickup", "list").records == []


def test_a_renderer_that_fails_sends_nobody(
    sandbox: SandboxSite, asctl: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who cannot draw is found out with the first label, drawn for nobody to see."""
    numbers = cases(sandbox, asctl, 2)
    monkeypatch.setattr("asctl_labels.pdf.PdfLabels.render", full_disk)
    result = render(asctl, tmp_path / "labels.pdf", *numbers)
    assert (result.code, result.error["code"]) == (2, "file_not_written")
    assert sandbox.writes() == []


def test_a_new_folder_is_made_for_the_labels(sandbox: SandboxSite, asctl: Command, tmp_path: Path) -> None:
    """A folder that can be made is no bad place; a rehearsal makes none."""
    (rma,) = cases(sandbox, asctl)
    command = ("label", "render", rma, "--pickup", "sf", *HOME, "-d", str(tmp_path / "new"))
    assert asctl(*command, "--dry-run").code == 0
    assert not (tmp_path / "new").exists()
    assert asctl(*command, "--yes").code == 0
    assert (tmp_path / "new" / f"{rma}.pdf").exists()


def test_no_label_for_what_is_not_known(sandbox: SandboxSite, asctl: Command, tmp_path: Path) -> None:
    """A lost answer holds back that label alone; once looked up, the same command draws it with its waybill."""
    first, second = cases(sandbox, asctl, 2)
    sandbox.fault(f"sf:{ORDER}", "close_after", times=1)
    file = tmp_path / "labels.pdf"
    result = render(asctl, file, first, second)
    assert (result.code, result.end["counts"]) == (4, {"done": 1, "unclear": 1})
    assert len(codes(file)) == 1
    sandbox.travel(1)
    assert asctl("action", "reconcile").code == 0
    assert render(asctl, file, first, second).code == 0
    assert len(codes(file)) == 2
    assert len(pickups(sandbox)) == 2


def test_a_refused_pickup_holds_up_nobody_else(sandbox: SandboxSite, asctl: Command, tmp_path: Path) -> None:
    """The courier's no is told on its row, and the other label is drawn."""
    first, second = cases(sandbox, asctl, 2)
    sandbox.fault(f"sf:{ORDER}", "refuse", times=1, reason="NOT_SUPPORTED")
    file = tmp_path / "labels.pdf"
    result = render(asctl, file, first, second)
    assert (result.code, result.end["counts"]) == (3, {"done": 1, "refused": 1})
    assert len(codes(file)) == 1


def test_several_cases_on_one_label(sandbox: SandboxSite, asctl: Command, tmp_path: Path) -> None:
    """R5: two cases of one order, one pickup, one label that lists both; each row tells the file."""
    (rma,) = cases(sandbox, asctl)
    order = asctl("rma", "show", rma).record["order_id"]
    other = asctl("rma", "open", order, "--kind", "exchange", "--reason", "damaged").record["rma"]
    asctl("rma", "approve", other)
    file = tmp_path / "labels.pdf"
    result = render(asctl, file, rma, other, "--together")
    assert result.code == 0
    assert [(record["rma"], record["travels_with"]) for record in result.records] == [(rma, other), (other, rma)]
    assert len(pickups(sandbox)) == 1
    read = [code for page in codes(file) for code in page]
    assert {rma, other} <= set(read)
    (shared,) = {code for code in read if "|" in code}
    assert {record["rma"] for record in asctl("rma", "scan", shared).records} == {rma, other}


def test_a_rehearsal(sandbox: SandboxSite, asctl: Command, tmp_path: Path) -> None:
    """``--dry-run`` orders nothing and draws nothing."""
    numbers = cases(sandbox, asctl, 2)
    file = tmp_path / "labels.pdf"
    result = asctl("label", "render", *numbers, "--pickup", "sf", *HOME, "-f", str(file), "--dry-run")
    assert (result.code, result.end["counts"]) == (0, {"planned": 2})
    plain = asctl("label", "render", *numbers, "-f", str(file), "--dry-run")
    assert (plain.code, plain.end["counts"]) == (0, {"planned": 2})
    assert not file.exists()
    assert sandbox.writes() == []


@ON_A_FILE
def test_the_store_is_no_place_and_nobody_is_sent(
    sandbox: SandboxSite, asctl: Command, tmp_path: Path, store_url: str
) -> None:
    """A place that no label may take is found out before a courier is asked."""
    (rma,) = cases(sandbox, asctl)
    result = render(asctl, Path(store_url.removeprefix("sqlite:///")), rma)
    assert (result.code, result.error["code"]) == (2, "file_not_written")
    assert sandbox.writes() == []
