"""``asctl demo``: every step is true, and a step that is not ends it."""

from __future__ import annotations

import shlex
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from asctl.cli import demo as module
from asctl.cli.demo_steps import Step, steps
from asctl.cli.exits import MISUSE
from tests.command_support import Command, ended, no_traceback

DEMO_S = 300
"""How long the demo may take on a machine that does much else."""

pytestmark = pytest.mark.storeless

QUICK = Step("The store is created.", "db upgrade", "there is a store", lambda scene: scene.store.url_shown != "")


def test_the_whole_main_job_comes_true(plain: Command, tmp_path: Path) -> None:
    """The demo ends with 0, shows each command as it is typed, and leaves configuration, store and label with ``--keep``.
    Only the request that it repeats on purpose is skipped."""
    kept = tmp_path / "kept"
    walked = plain.process("demo", "--keep", str(kept), env={"ASCTL_OUTPUT": ""}, seconds=DEMO_S)
    assert walked.code == 0, walked.out + walked.err
    typed = [line for line in walked.out.splitlines() if line.startswith("$ ")]
    assert [line.split()[1] for line in typed] == ["asctl"] * len(steps())
    verbs = {" ".join(line.split()[2:4]) for line in typed}
    assert {"order sync", "order remark", "parcel poll", "task list", "rma open", "label render"} <= verbs
    assert {"address change", "intercept request", "intercept status", "action list"} <= verbs
    assert (kept / "label.pdf").read_bytes().startswith(b"%PDF")
    assert f"export ASCTL_CONFIG={shlex.quote(str(kept / 'asctl.toml'))}" in walked.out
    assert "NO_DATA" not in walked.out
    assert [line for line in walked.out.splitlines() if line.endswith(" skipped")] == ["asctl: 1 skipped"]
    tasks = plain("task", "list", env={"ASCTL_CONFIG": str(kept / "asctl.toml")})
    assert tasks.code == 0
    assert tasks.records


def test_nothing_of_the_users_own_is_used(plain: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store, a clock or a format in the user's environment do not reach the demo's commands."""
    monkeypatch.setattr(module, "steps", lambda: (QUICK,))
    own = tmp_path / "own.db"
    foreign = {
        "ASCTL_STORE__URL": f"sqlite:///{own}",
        "ASCTL_NOW": "2001-01-01T00:00:00+08:00",
        "ASCTL_CONFIG": str(tmp_path / "gone.toml"),
    }
    walked = plain("demo", env=foreign)
    assert walked.code == 0, walked.err
    assert not own.exists()


def test_it_leaves_nothing_behind(plain: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without ``--keep`` the place that it named is gone afterwards."""
    monkeypatch.setattr(module, "steps", lambda: (QUICK,))
    walked = plain("demo")
    config = next(line for line in walked.out.splitlines() if "export" in line).partition("=")[2]
    assert walked.code == 0
    assert not Path(config).parent.exists()


def test_a_claim_that_is_not_true_ends_it(plain: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 1 names the step, the command and what was not true; no later step is walked."""
    false = replace(QUICK, claim="pigs fly", holds=lambda scene: scene.label.exists())
    monkeypatch.setattr(module, "steps", lambda: (QUICK, false, QUICK))
    walked = plain("demo")
    assert walked.code == 1
    assert "step 2 of the demo" in walked.err
    assert "it is not true that pigs fly" in walked.err
    assert "[3/3]" not in walked.out
    no_traceback(walked)


def test_another_exit_code_than_promised_ends_it(plain: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that fails where it should not, or succeeds where it should not, is told with its code."""
    monkeypatch.setattr(module, "steps", lambda: (replace(QUICK, exit_code=MISUSE),))
    walked = plain("demo")
    assert walked.code == 1
    assert "its exit code was 0" in walked.err


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_and_nothing_stays(plain: Command, sent: signal.Signals, code: int) -> None:
    """Interrupted in the middle it ends with the signal's code and clears its place away."""
    process = plain.start("demo")
    assert process.stdout is not None
    config = ""
    for line in process.stdout:
        if "export" in line:
            config = line.strip().partition("=")[2]
        if line.startswith("[2/"):
            break
    process.send_signal(sent)
    result = ended(process)
    assert result.code == code
    assert config
    assert not Path(config).parent.exists()
    no_traceback(result)


def test_a_directory_with_a_store_is_refused(plain: Command, tmp_path: Path) -> None:
    """The demo begins with no store; it does not touch one that is there."""
    (tmp_path / "asctl.db").write_bytes(b"mine")
    refused = plain("demo", "--keep", str(tmp_path))
    assert refused.code == 2
    assert (tmp_path / "asctl.db").read_bytes() == b"mine"
    assert not (tmp_path / "asctl.toml").exists()


def test_long_output_is_cut_and_says_so() -> None:
    """A newcomer sees the beginning of a long table and how much more there is."""
    text = "".join(f"line {number}\n" for number in range(30))
    shown = module._excerpt(text).splitlines()
    assert len(shown) == module.LINES_SHOWN + 1
    assert shown[-1] == f"... and {30 - module.LINES_SHOWN} more lines"
    assert module._excerpt("one\n") == "one\n"
