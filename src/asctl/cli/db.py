"""``asctl db``: upgrade, check, backup, info, audit."""

from __future__ import annotations

from pathlib import Path

import click

from asctl.cli.findings import show_findings
from asctl.cli.options import list_options, output_options, pass_run
from asctl.cli.run import Run
from asctl.cli.shared import stored
from asctl.output.schemas import AUDIT, STORE, audit_record
from asctl.text import _


@click.group("db", help=_("The store: upgrade, check, back up, describe; its audit trail."))
def db() -> None:
    """The group."""


def store_url(run: Run) -> str:
    """Where the configuration has the store."""
    return str(run.settings.value("store.url"))


@db.command("upgrade", help=_("Create the store, or bring it to this version's schema. May be run again."))
@pass_run
def upgrade(run: Run) -> None:
    from asctl.store.places import place_of
    from asctl.store.upkeep import create_or_upgrade

    url = store_url(run)
    before, after = create_or_upgrade(url)
    if before is None:
        told = _("created the store at {place}, schema {after}")
    elif before == after:
        told = _("the store at {place} has schema {after} already; nothing was changed")
    else:
        told = _("brought the store at {place} from schema {before} to {after}")
    run.say(told.format(place=place_of(url).shown, before=before, after=after))


@db.command("check", help=_("Examine the store: its schema, its tables, and on SQLite every page of it."))
@output_options
@pass_run
def check(run: Run) -> None:
    from asctl.services.checkup import store_findings

    run.findings += show_findings(run, store_findings(store_url(run)))


@db.command(
    "backup", help=_("Copy a SQLite store to a new file, complete as of one moment, while others go on working.")
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_run
def backup(run: Run, file: Path) -> None:
    from asctl.store.upkeep import backup

    size = backup(store_url(run), file)
    run.say(_("copied the store to {file}, {size} bytes").format(file=file, size=size))


@db.command("info", help=_("Where the store is, which database, schema, size; rows by table in JSON."))
@output_options
@pass_run
def info(run: Run) -> None:
    from asctl.store.upkeep import info

    facts = info(store_url(run))
    with run.report(STORE) as report:
        report.add(STORE.record(**facts))


@db.command("audit", help=_("The trail: who did what, and who had personal data revealed; the newest first."))
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help=_("At most so many records."))
@list_options
@pass_run
def audit(run: Run, limit: int) -> None:
    from asctl.store.audit import list_audit

    with run.report(AUDIT) as report:
        for entry in stored(run, lambda tx: list_audit(tx, limit)):
            report.add(audit_record(entry.at, entry.who, entry.what, entry.subject, entry.detail))
