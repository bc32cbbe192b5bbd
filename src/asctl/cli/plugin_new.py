"""``asctl plugin new``: a plugin that works, to be changed into one's own."""

from __future__ import annotations

import shlex
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from asctl.capabilities.specs import ProviderKind
from asctl.cli.options import output_options, pass_run
from asctl.cli.run import Run
from asctl.output.schemas import NEW_FILE
from asctl.text import _

if TYPE_CHECKING:
    from asctl.scaffold import PluginName

KINDS = tuple(kind.value.replace("_", "-") for kind in ProviderKind)


@click.command(
    "new",
    help=_(
        "Write a plugin NAME that works and keeps every rule, to be changed into your own: a package, or with --one-file a"
        " single module. The guide: asctl help authors"
    ),
)
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), required=True, help=_("What it is for."))
@click.option("--one-file", is_flag=True, help=_("The whole plugin in one module."))
@click.option(
    "-d", "--dir", "folder", type=click.Path(path_type=Path), metavar="DIR",
    help=_("The folder to make; without it asctl-NAME, here."),
)  # fmt: skip
@output_options
@pass_run
def new(run: Run, name: str, kind: str, one_file: bool, folder: Path | None) -> None:
    from asctl.scaffold import PluginName, new_files, put

    chosen, for_what = PluginName.of(name), ProviderKind(kind.replace("-", "_"))
    _refuse_taken(run, chosen, for_what)
    place = folder or Path(chosen.distribution)
    files = new_files(chosen, kind, one_file)
    with run.report(NEW_FILE) as report:
        put(files, place)
        for file in files:
            report.add(NEW_FILE.record(file=str(place / file.path), purpose=file.purpose))
    _tell_next(run, chosen, for_what, place)


def _refuse_taken(run: Run, name: PluginName, kind: ProviderKind) -> None:
    """Of two plugins, providers of one kind, or modules with one name only one could be used."""
    if name.id in run.host.names():
        raise name.taken(_("a plugin of that name is installed"))
    if any(spec.id == name.id for spec in run.host.specs(kind)):
        raise name.taken(_("an installed plugin offers it"))
    if find_spec(name.module) is not None:
        raise name.taken(_("there is a module {module}").format(module=name.module))


def _tell_next(run: Run, name: PluginName, kind: ProviderKind, place: Path) -> None:
    commands = (
        f"cd {shlex.quote(str(place))}",
        'pip install -e ".[test]"',
        "pytest",
        f"asctl plugin check {name.id}",
        *(["asctl sandbox serve"] if kind is not ProviderKind.LABEL else []),
    )
    run.say(
        _("the plugin and what it offers are called {id}, its module {module}, its distribution {distribution}").format(
            id=name.id, module=name.module, distribution=name.distribution
        )
    )
    if kind is ProviderKind.COURIER:
        run.say(
            _(
                "{id} is our code for the courier, too, as in --courier {id}: it stays in the records, so choose it well"
            ).format(id=name.id)
        )
    run.say(_("{folder} holds a plugin that works. Next:").format(folder=place))
    for command in commands:
        run.stderr.write(f"  {command}\n")
    run.say(_("then put your own facts in place of the invented ones; asctl help authors tells in which order"))
