"""``asctl demo``: the main job, walked through with the ordinary commands in a sandbox of its own."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from asctl.cli.demo_scene import Scene
from asctl.cli.demo_step import Step
from asctl.cli.demo_steps import steps
from asctl.cli.options import pass_run
from asctl.cli.run import Run
from asctl.cli.sandbox import directory
from asctl.domain.errors import AsctlError, BadInput
from asctl.sandbox import Sandbox
from asctl.services.sandbox_apps import sandbox_apps
from asctl.text import _

LINES_SHOWN = 9
PATIENCE_S = 120.0


@click.command(
    "demo",
    help=_(
        "Walk through the whole main job in a sandbox on this machine: sync, remark, track, poll, tasks, address changes,"
        " interceptions, RMA, label. Needs no account and reads no configuration of yours. Exit 0 if every step did what"
        " it says, else 1."
    ),
)
@click.option(
    "--keep", "folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help=_("Leave configuration, store and label here."),
)  # fmt: skip
@pass_run
def demo(run: Run, folder: Path | None) -> None:
    if folder is not None and (folder / "asctl.db").exists():
        raise BadInput(
            _("there is a store in {folder} already, and the demo begins with none").format(folder=folder),
            code="demo_directory_used",
            hint=_("name a directory that does not exist yet"),
        )
    apps = sandbox_apps(run.host_of(None), run.say)
    with directory(folder) as place:
        sandbox = Sandbox(apps, place)
        with sandbox as info:
            _walk(run, Scene(sandbox, info.config))
    _say(run, _farewell(folder))


def _walk(run: Run, scene: Scene) -> None:
    _say(run, _welcome(scene.config))
    environ = _environment(run.environ, scene.config)
    whole = steps()
    try:
        for number, step in enumerate(whole, start=1):
            _say(run, f"\n[{number}/{len(whole)}] {step.shows}")
            scene.begin_step()
            step.first(scene)
            _perform(run, scene, step, number, environ)
    finally:
        scene.close()


def _perform(run: Run, scene: Scene, step: Step, number: int, environ: Mapping[str, str]) -> None:
    """Type the command, show what it says, and judge the outcome. Raises :class:`AsctlError` where the claim is not true."""
    arguments = step.words(scene)
    line = shlex.join(["asctl", *arguments])
    _say(run, f"$ {line}")
    ended = subprocess.run(
        [sys.executable, "-m", "asctl", *arguments],
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=PATIENCE_S,
        check=False,
    )
    _say(run, _excerpt(ended.stdout) + ended.stderr.rstrip())
    if ended.returncode != step.exit_code:
        raise _untrue(number, line, _("its exit code was {code}").format(code=ended.returncode))
    scene.said = ended.stdout
    if not step.holds(scene):
        raise _untrue(number, line, _("it is not true that {claim}").format(claim=step.claim))
    _say(run, _("=> exit {code}; {claim}").format(code=step.exit_code, claim=step.claim))


def _environment(environ: Mapping[str, str], config: Path) -> dict[str, str]:
    """The commands get the demo's configuration and nothing of the user's own: no store, clock or format of theirs."""
    foreign = {name: value for name, value in environ.items() if not name.startswith("ASCTL_") or name == "ASCTL_LANG"}
    return foreign | {"ASCTL_CONFIG": str(config)}


def _excerpt(text: str) -> str:
    lines = text.splitlines()
    if len(lines) > LINES_SHOWN:
        more = len(lines) - LINES_SHOWN
        lines = [*lines[:LINES_SHOWN], _("... and {count} more lines").format(count=more)]
    return "".join(f"{line}\n" for line in lines)


def _untrue(number: int, line: str, what: str) -> AsctlError:
    return AsctlError(
        _("step {number} of the demo did not do what it says ({line}): {what}").format(
            number=number, line=line, what=what
        ),
        code="demo_failed",
        hint=_("see what is wrong with: asctl doctor; where that finds nothing, report it"),
    )


def _welcome(config: Path) -> str:
    return "\n".join(
        [
            _("A make-believe marketplace and courier service now run on this machine; all data is invented."),
            _("Each line that begins with $ is a command as you would type it, after:"),
            f"  export ASCTL_CONFIG={shlex.quote(str(config))}",
        ]
    )


def _farewell(kept: Path | None) -> str:
    lines = ["", _("Every step did what it says. The marketplace and the courier service are gone now.")]
    if kept is not None:
        config = shlex.quote(str((kept / "asctl.toml").absolute()))
        lines += [
            _("Configuration, store and label are in {folder}; reading needs no far side:").format(folder=kept),
            f"  ASCTL_CONFIG={config} asctl task list",
        ]
    return "\n".join(
        [
            *lines,
            _("To type commands yourself, start a sandbox, and in another terminal export the ASCTL_CONFIG it names:"),
            f"  asctl sandbox serve --dir {_('DIRECTORY')}",
            _("For your own shop: asctl init"),
        ]
    )


def _say(run: Run, text: str) -> None:
    run.stdout.write(text.rstrip("\n") + "\n")
    run.stdout.flush()
