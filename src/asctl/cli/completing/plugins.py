"""Commands that plugins bring: their names, and what may follow them. Plugins are loaded for this, and click."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from asctl.cli.completing.known import Candidates
from asctl.cli.run import Run


def plugin_commands(run: Run) -> Candidates:
    """The names and lines of the commands that working plugins bring. Those of asctl itself bring none: they
    are not loaded, and where there are no others nothing is."""
    strangers = _strangers(run)
    if not strangers:
        return ()
    run.host = run.host_of(strangers)
    return [(name, line) for plugin in run.host.plugins() for name, _path, line in plugin.commands]


def _strangers(run: Run) -> list[str]:
    from asctl.host.entries import OWN, distribution_of, find_entries

    found = find_entries(run.settings.value("plugins.allow")).by_name
    return [name for name, entry in found.items() if distribution_of(entry)[0] != OWN]


def after_plugin_command(run: Run, name: str, words: list[str], begun: str) -> tuple[str, Candidates]:
    """What click offers after ``words``, of which ``name`` is the command: ``plain``, ``file`` or ``dir``, and words."""
    if name not in dict(plugin_commands(run)):
        return "plain", ()
    from click.shell_completion import ShellComplete

    from asctl.cli.app import app

    offered = ShellComplete(app, {"obj": run}, "asctl", "").get_completions(words, begun)
    places = [item.type for item in offered if item.type != "plain"]
    return (places[0] if places else "plain"), [(str(item.value), item.help or "") for item in offered]


def silent_run(config: str, environ: Mapping[str, str]) -> Run:
    """A run with this configuration that says nothing to anybody."""
    nothing = open(os.devnull, "r+", encoding="utf-8")  # noqa: SIM115 - open until the process ends
    run = Run(environ, nothing, nothing, nothing)
    run.choices.config = Path(config) if config else None
    return run
