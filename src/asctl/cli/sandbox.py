"""``asctl sandbox``: a make-believe outside world on this machine."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from asctl.cli.options import pass_run
from asctl.cli.run import Run
from asctl.text import _

LOOK_EVERY_S = 0.2


@click.group("sandbox", help=_("A make-believe outside world on this machine."))
def sandbox() -> None:
    """The group."""


@sandbox.command(
    "serve",
    help=_(
        "Serve every plugin's sandbox on one loopback port until SIGINT or SIGTERM, which end it with exit 0. Prints one"
        " line of JSON when it is ready: url, config (for ASCTL_CONFIG), control. Your own configuration is not read, nor that"
        " of --config."
    ),
)
@click.option("--host", default="127.0.0.1", show_default=True, help=_("A loopback address."))
@click.option("--port", type=click.IntRange(0, 65535), default=0, help=_("0, the default, takes a free one."))
@click.option(
    "--dir", "folder", type=click.Path(path_type=Path, file_okay=False),
    help=_("Keep configuration and store here; without it they go to a fresh place and vanish at the end."),
)  # fmt: skip
@click.option("--seed", type=int, default=1, show_default=True, help=_("The same seed makes the same shop."))
@pass_run
def serve(run: Run, host: str, port: int, folder: Path | None, seed: int) -> None:
    from asctl.sandbox import Sandbox
    from asctl.services.sandbox_apps import sandbox_apps

    apps = sandbox_apps(run.host_of(None), run.say)
    with directory(folder) as place, Sandbox(apps, place, host=host, port=port, seed=seed) as info:
        ready = {"url": info.url, "config": str(info.config), "control": info.control}
        run.stdout.write(json.dumps(ready) + "\n")
        run.stdout.flush()
        while not run.stopping():
            run.clock.sleep(LOOK_EVERY_S)
    run.interruption.was_welcome()


@contextlib.contextmanager
def directory(kept: Path | None) -> Iterator[Path]:
    """The directory somebody wants to keep, or a fresh one that is removed at the end."""
    if kept is not None:
        yield kept.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="asctl-") as fresh:
        yield Path(fresh)
