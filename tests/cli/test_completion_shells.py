"""The scripts of ``asctl completion`` in the shells themselves, as far as they are installed; CI need not have all."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.command_support import PATIENCE_S, Command

pytestmark = pytest.mark.storeless

_LINE_START, _LINE_END = "\x01", "\x05"
CONFIG = '[couriers."sf:east"]\nplugin = "sf"\n[shops."旗舰店"]\nplugin = "taobao"\n'


def having(shell: str) -> pytest.MarkDecorator:
    """Only where that shell is installed."""
    return pytest.mark.skipif(shutil.which(shell) is None, reason=f"{shell} is not installed")


EACH_SHELL = pytest.mark.parametrize(
    "shell", [pytest.param(shell, marks=having(shell)) for shell in ("bash", "zsh", "fish")]
)


@pytest.fixture
def user(plain: Command, tmp_path: Path) -> Command:
    """A user whose path has this asctl, with an account and a folder of his own."""
    (tmp_path / "folder of mine").mkdir()
    (tmp_path / "rows.csv").touch()
    (tmp_path / "asctl.toml").write_text(CONFIG, "utf-8")
    path = f"{Path(sys.executable).parent}:{plain.env['PATH']}"
    return Command({**plain.env, "PATH": path, "ASCTL_CONFIG": str(tmp_path / "asctl.toml")})


@EACH_SHELL
def test_the_script_is_one(plain: Command, shell: str) -> None:
    """Each shell reads its script without complaint, and its first lines say how to install it."""
    script = plain("completion", shell)
    assert (script.code, f"asctl completion {shell}" in script.out) == (0, True)
    assert subprocess.run([shell, "-n"], input=script.out, text=True, capture_output=True, check=True).stderr == ""


@having("bash")
def test_bash_asked_by_another_function(user: Command) -> None:
    """The function answers also one that has set the words alone, whatever options the shell runs under."""
    asked = (
        'set -euo pipefail; eval "$(asctl completion bash)"; COMP_WORDS=(asctl parcel p); COMP_CWORD=2;'
        ' _asctl_completion asctl p parcel; printf "%s\\n" "${COMPREPLY[@]}"; complete -p asctl'
    )
    done = subprocess.run(["bash", "-c", asked], env=user.env, capture_output=True, text=True, check=True)
    assert (done.stdout.splitlines()[0], "-F _asctl_completion asctl" in done.stdout, done.stderr) == ("poll", True, "")


TYPED = [
    ("asctl parcel po\t", "asctl parcel poll "),
    ("asctl parcel poll --acc\tsf:\t", "asctl parcel poll --account sf:east "),
    ("asctl order list --shop=旗\t", "asctl order list --shop=旗舰店 "),
    ("asctl order list --output=nd\t", "asctl order list --output=ndjson "),
    ("asctl track --from ro\t", "asctl track --from rows.csv "),
    ("asctl track --from=ro\t", "asctl track --from=rows.csv "),
    ("asctl label render -d fold\t", "asctl label render -d folder\\ of\\ mine/"),
    ("asctl sandbox serve nothing\t", "asctl sandbox serve nothing"),
]


@having("bash")
@pytest.mark.parametrize(("keys", "line"), TYPED)
def test_typed_in_bash(user: Command, tmp_path: Path, keys: str, line: str) -> None:
    """Who presses the tabulator in bash gets the word, a colon, an equals sign and Chinese included."""
    assert (
        typed(["bash", "--norc", "--noprofile", "-i"], 'eval "$(asctl completion bash)"', keys, user, tmp_path) == line
    )


@having("zsh")
@pytest.mark.parametrize(("keys", "line"), TYPED)
def test_typed_in_zsh(user: Command, tmp_path: Path, keys: str, line: str) -> None:
    """So does who presses it in zsh."""
    first = 'bindkey -e; autoload -Uz compinit; compinit -u -D; eval "$(asctl completion zsh)"'
    assert typed(["zsh", "-f", "-i"], first, keys, user, tmp_path) == line


@having("fish")
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("asctl parcel po", ["poll"]),
        ("asctl parcel poll --account sf", ["sf:east"]),
        ("asctl order list --shop=旗", ["--shop=旗舰店"]),
        ("asctl track --from ro", ["rows.csv"]),
        ("asctl track --from=ro", ["--from=rows.csv"]),
        ("asctl label render -d fold", ["folder of mine/"]),
    ],
)
def test_asked_of_fish(user: Command, tmp_path: Path, line: str, words: list[str]) -> None:
    """fish, asked what it would complete, has the same words."""
    asked = f"asctl completion fish | source; complete -C '{line}'"
    done = subprocess.run(
        ["fish", "--no-config", "-c", asked], env=user.env, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert [told.partition("\t")[0] for told in done.stdout.splitlines()] == words


def typed(shell: list[str], first: str, keys: str, user: Command, folder: Path) -> str:
    """The line as an interactive shell has it after these keys: kept by the shell itself, instead of carried out."""
    outer, inner = pty.openpty()
    env = {**user.env, "TERM": "dumb"}
    with subprocess.Popen(
        shell, stdin=inner, stdout=inner, stderr=inner, env=env, cwd=folder, start_new_session=True
    ) as process:
        os.close(inner)
        try:
            os.write(outer, f"{first}\n{keys}'{_LINE_START}printf %s '{_LINE_END} >line; exit\n".encode())
            _drain(outer)
        finally:
            process.kill()
            os.close(outer)
    return (folder / "line").read_text("utf-8")


def _drain(terminal: int) -> None:
    """Read what the shell says until it ends."""
    deadline = time.monotonic() + PATIENCE_S
    with contextlib.suppress(OSError):
        while time.monotonic() < deadline:
            if select.select([terminal], [], [], 1)[0] and not os.read(terminal, 4096):
                return
