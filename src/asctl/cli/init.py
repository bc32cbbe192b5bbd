"""``asctl init``: a commented configuration and an empty store."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click

from asctl.capabilities.specs import ProviderKind, ProviderSpec
from asctl.cli.options import pass_run
from asctl.cli.run import Run
from asctl.domain.errors import BadConfiguration, BadInput, StoreTrouble
from asctl.host.plugins import Host
from asctl.settings import config_path
from asctl.text import _


@click.command(
    "init",
    help=_(
        "Write a commented configuration (at --config, ASCTL_CONFIG or the default place) and create the store."
        " What is there already is left as it is; where both are there, the exit code is 2."
    ),
)
@pass_run
def init(run: Run) -> None:
    path, _named = config_path(run.choices.config, run.environ)
    written = not path.exists()
    if written:
        _write(path, _example(run))
    store, created = _create_store(run)
    if not written and not created:
        raise BadInput(
            _("there is a configuration at {path} and a store at {store} already; nothing was changed").format(
                path=path, store=store
            ),
            code="config_exists",
            hint=_("edit it, then: asctl config check; to begin anew, name another place with --config"),
        )
    run.stdout.write(_told(path, written, store, created))


def example_specs(host: Host) -> Iterator[tuple[ProviderKind, ProviderSpec]]:
    """Every spec of every working plugin, in a fixed order; not the imaginary ones, where nobody has an account."""
    return ((kind, spec) for kind in ProviderKind for spec in host.specs(kind) if spec.id != "demo")


def _example(run: Run) -> str:
    from asctl.settings.example import example_text

    return example_text(example_specs(run.host_of(None)))


def _write(path: Path, text: str) -> None:
    """Readable by its owner alone from the first moment. Raises :class:`BadConfiguration` for a place that takes no file."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise BadConfiguration(
            _("the configuration {path} cannot be written: {reason}").format(path=path, reason=error.strerror),
            code="config_unwritable",
            hint=_("name another place with --config"),
        ) from None


def _create_store(run: Run) -> tuple[str, bool]:
    """Where the store is, and whether it was made just now. Raises :class:`StoreTrouble` for one that cannot be used."""
    from asctl.store.opening import open_store
    from asctl.store.places import place_of
    from asctl.store.upkeep import create_or_upgrade

    url = str(run.settings.value("store.url"))
    shown = place_of(url).shown
    try:
        open_store(url).close()
    except StoreTrouble as error:
        if error.code != "store_missing":
            raise
        create_or_upgrade(url)
        return shown, True
    return shown, False


def _told(path: Path, written: bool, store: str, created: bool) -> str:
    done, kept = _("written"), _("was there already, left as it is")
    return "\n".join(
        [
            _("configuration  {path} ({what})").format(path=path, what=done if written else kept),
            _("store          {path} ({what})").format(path=store, what=_("created") if created else kept),
            "",
            _("Next: open the configuration, set your staff number and take the comment signs off your accounts. Then")
            if written
            else _("Next:"),
            _("  asctl config check     finds what is wrong with it"),
            _("  asctl account check    makes one harmless call with each account"),
            _("  asctl order sync       pulls the orders and puts their parcels under watch"),
            "",
        ]
    )
