"""``asctl task``: what people write down beside what the rules find."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.command_support import Command
from tests.sandbox_support import BOTH_STORES, SandboxSite

pytestmark = BOTH_STORES


@pytest.fixture
def number(asctl: Command) -> str:
    """An open task."""
    return str(asctl("task", "add", "问仓库缺货原因", "--why", "客户催", "--owner", "8007").record["task"])


def test_add_and_list(asctl: Command, number: str) -> None:
    """A task of one's own has subject, owner, due time and the command that would settle it."""
    record = asctl("task", "list").record
    assert (record["task"], record["subject"], record["owner"]) == (number, "问仓库缺货原因", "8007")
    assert (record["state"], record["next"]) == ("open", f"asctl task done {number}")


def test_done_and_again(asctl: Command, number: str) -> None:
    """Done is done: it leaves the list, keeps who settled it and why, and doing it twice is no error."""
    assert asctl("task", "done", number, "--why", "已补货").code == 0
    assert asctl("task", "list").records == []
    assert asctl("task", "done", number).code == 0
    record = asctl("task", "list", "--state", "done").record
    assert (record["closed_by"], record["task"]) == ("8012", number)


def test_notes_carry_staff_number_and_time(asctl: Command, sandbox: SandboxSite, number: str) -> None:
    """Each note is kept with who wrote it and when."""
    asctl("task", "note", number, "--text", "仓库说明天到货")
    asctl("task", "note", number, "--text", "已到货")
    notes = asctl("task", "list").record["notes"]
    assert [note.rsplit(" ", 2)[0] for note in notes] == ["仓库说明天到货 8012", "已到货 8012"]
    assert all(f"{sandbox.now():%Y-%m-%d}" in note for note in notes)


def test_due(asctl: Command, sandbox: SandboxSite, number: str) -> None:
    """``--due`` keeps those whose time has come."""
    later = (sandbox.now() + timedelta(hours=2)).isoformat()
    second = asctl("task", "add", "回访", "--due", later).record["task"]
    assert [record["task"] for record in asctl("task", "list", "--due").records] == [number]
    sandbox.travel(3)
    assert {record["task"] for record in asctl("task", "list", "--due").records} == {number, second}


def test_an_unknown_task(asctl: Command, number: str) -> None:
    """A number there is not is told; the known one beside it is settled: exit 3."""
    result = asctl("task", "done", "T999", number)
    assert (result.code, result.codes()) == (3, ["unknown_task", None])
    assert asctl("task", "note", "T999", "--text", "x").record["error_code"] == "unknown_task"
