"""Where ``label render`` will not write, and layouts that it will not read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.command_support import Command
from tests.sandbox_support import ON_A_FILE

pytestmark = pytest.mark.storeless


@ON_A_FILE
def test_the_store_is_no_place_for_a_label(asctl: Command, approved: list[str], store_url: str) -> None:
    """A slip of the fingers does not cost the store."""
    store = store_url.removeprefix("sqlite:///")
    told = asctl("label", "render", approved[0], "-f", store)
    assert told.code in (2, 3)
    assert "is the store itself" in told.err
    assert asctl("rma", "show", approved[0]).code == 0


def test_a_link_to_itself(asctl: Command, approved: list[str], tmp_path: Path) -> None:
    """What can never be a file is told as a bad place."""
    loop = tmp_path / "loop.pdf"
    loop.symlink_to(loop)
    for place in (loop, tmp_path / ("x" * 300 + ".pdf")):
        told = asctl("label", "render", approved[0], "-f", str(place))
        assert told.code in (2, 3)
        assert "cannot be written" in told.err


def test_a_full_disk_is_no_fault_of_the_plugin(asctl: Command, approved: list[str]) -> None:
    """``/dev/full`` behind a link: the file cannot be written, says the row, and no plugin is blamed."""
    told = asctl("label", "render", approved[0], "-f", "/dev/full")
    assert told.code in (2, 3)
    assert "plugin" not in told.err


@pytest.mark.parametrize("content", ["", "  \n", "a = " + "[" * 4000 + "]" * 4000])
def test_a_layout_that_is_none(asctl: Command, approved: list[str], tmp_path: Path, content: str) -> None:
    """An empty or bottomless layout is an error that names the file, never the standard one in silence."""
    layout = tmp_path / "own.toml"
    layout.write_text(content, "utf-8")
    told = asctl("label", "render", approved[0], "--layout", str(layout), "-f", str(tmp_path / "label.pdf"))
    assert told.code != 0
    assert "own.toml" in told.err
    assert "plugin pdf failed" not in told.err
    assert not (tmp_path / "label.pdf").exists()


def test_a_pipe_is_no_layout(asctl: Command, approved: list[str], tmp_path: Path) -> None:
    """Nobody waits for ever for a layout."""
    pipe = tmp_path / "own.toml"
    os.mkfifo(pipe)
    told = asctl("label", "render", approved[0], "--layout", str(pipe), "-f", str(tmp_path / "label.pdf"))
    assert (told.code, told.error["code"]) == (2, "layout_unreadable")


def test_what_only_a_courier_needs(asctl: Command, approved: list[str], tmp_path: Path) -> None:
    """Where nobody is to come, an address to fetch from is a slip, and said to be one."""
    told = asctl("label", "render", approved[0], "--name", "王五", "-f", str(tmp_path / "label.pdf"))
    assert (told.code, told.error["code"]) == (2, "usage")
    assert "--pickup" in told.err
