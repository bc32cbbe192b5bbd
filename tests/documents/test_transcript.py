"""What the READMEs show of the sandbox's shop is what it says."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command_support import Command
from tests.documents.markdown import READMES, arguments, blocks, read
from tests.sandbox_support import running_sandbox

LEFT_OUT = re.compile(r"[(（].*\d.*[)）]$")
TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:]+\+08:00")
RMA = re.compile(r"RMA[0-9A-Z]{11}")


@pytest.fixture
def asctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """The command with a sandbox and a store of its own, in a folder that takes the label."""
    monkeypatch.chdir(tmp_path)
    with running_sandbox(tmp_path / "world") as site:
        env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "ASCTL_CONFIG": str(site.info.config)}
        command = Command(env)
        assert command("db", "upgrade").code == 0
        yield command


@pytest.mark.parametrize("readme", READMES)
def test_every_line_shown_is_said(readme: str, asctl: Command) -> None:
    """Typed in this order the commands end well, and say each line that is shown, but for times and the RMA's number."""
    transcript = "\n".join(block.text for block in blocks(read(readme), "text"))
    rma = ""
    for line, *shown in steps(transcript):
        (words,) = arguments(RMA.sub(rma, line))
        result = asctl(*words)
        assert result.code == 0, result.err
        found = RMA.search(result.out)
        rma = found.group() if found else rma
        assert [want for want in shown if plain(want) not in plain(result.out + result.err)] == []
    labels = list(Path.cwd().glob("RMA*.pdf"))
    assert len(labels) == transcript.count("$ asctl label render")
    assert all(label.read_bytes().startswith(b"%PDF") for label in labels)


def steps(transcript: str) -> Iterator[list[str]]:
    """Each command line with the lines shown below it; a remark about lines left out is none of them."""
    for step in transcript.split("$ ")[1:]:
        line, *shown = step.strip().splitlines()
        yield [line, *(want for want in shown if not LEFT_OUT.match(want))]


def plain(text: str) -> str:
    """The text with times and RMA numbers made alike."""
    return RMA.sub("RMA", TIME.sub("TIME", text))
