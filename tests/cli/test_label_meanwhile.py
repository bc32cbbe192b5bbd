"""What happens to cases while their labels are drawn, and runs that end in between."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from asctl.services import drawing
from tests.command_support import Command
from tests.spooler_support import labels

Change = Callable[[Command, str], object]


def cancel(asctl: Command, rma: str) -> None:
    assert asctl("rma", "cancel", rma, "--reason", "客户不退了").code == 0


def tie(asctl: Command, rma: str) -> None:
    assert asctl("parcel", "add", "YT6666666666666", "--rma", rma).code == 0


def after_drawing(monkeypatch: pytest.MonkeyPatch, work: Callable[[], object]) -> None:
    """Let something happen once, when the labels are drawn but not noted yet."""
    draw, left = drawing.render_into, [work]

    def late(*arguments: Any) -> object:
        drawn = draw(*arguments)
        while left:
            left.pop()()
        return drawn

    monkeypatch.setattr(drawing, "render_into", late)


@pytest.mark.parametrize(("change", "why"), [(cancel, "cancelled"), (tie, "YT5555555555555")])
@pytest.mark.parametrize("place", ["-f", "-d"])
def test_a_case_that_changes_while_it_is_drawn(
    asctl: Command,
    approved: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Change,
    why: str,
    place: str,
) -> None:
    """Its label is void as soon as it is on record, and its row says so and in which file it is; the others stand."""
    for number, rma in enumerate(approved):
        asctl("parcel", "add", f"YT555555555555{5 + number}", "--rma", rma)
    after_drawing(monkeypatch, lambda: change(asctl, approved[0]))
    where = tmp_path / "labels.pdf" if place == "-f" else tmp_path
    result = asctl("label", "render", *approved, place, str(where))
    assert (result.code, result.end["counts"]) == (9, {"failed": 1, "done": 2})
    assert [record["error_code"] for record in result.records] == ["label_outdated", None, None]
    assert Path(result.records[0]["file"]).exists()
    assert why in result.records[0]["error_message"]
    assert f"asctl label render {approved[0]}" in result.err
    (void,) = labels(asctl, "--void")
    assert void["rma"] == approved[0]
    assert why in str(void["void_why"])


def test_a_first_waybill_meanwhile_is_no_matter(
    asctl: Command, approved: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A label without waybill goes on any parcel."""
    after_drawing(monkeypatch, lambda: tie(asctl, approved[0]))
    assert asctl("label", "render", approved[0], "-f", str(tmp_path / "l.pdf")).code == 0
    assert labels(asctl, "--void") == []


def test_no_file_is_out_that_is_not_on_record(
    asctl: Command, approved: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that ends at the very moment in which its file gets its name has noted it before."""
    rename = os.replace

    def last_act(*arguments: Any) -> None:
        rename(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("os.replace", last_act)
        assert asctl("label", "render", approved[0], "-f", str(tmp_path / "l.pdf")).code != 0
    assert (tmp_path / "l.pdf").exists()
    assert [(entry["rma"], entry["state"]) for entry in labels(asctl)] == [(approved[0], "current")]


def test_a_file_that_cannot_get_its_name(
    asctl: Command, approved: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The former file stays as it was; the label is void, nobody has it, and an older one is current again."""
    file = tmp_path / "l.pdf"
    assert asctl("label", "render", approved[0], "-f", str(file)).code == 0
    before = file.read_bytes()

    def refused(*_arguments: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    with monkeypatch.context() as patched:
        patched.setattr("os.replace", refused)
        result = asctl("label", "render", *approved[:2], "-f", str(file))
    assert result.codes() == ["file_not_written"] * 2
    assert file.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".label-")) == []
    assert [(entry["rma"], entry["state"], entry["file"]) for entry in labels(asctl, "--rma", approved[0])] == [
        (approved[0], "void", None),
        (approved[0], "current", str(file)),
    ]
    assert labels(asctl, "--void") == []
