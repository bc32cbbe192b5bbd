"""``asctl label list``: what was drawn and printed, and what of it is right."""

from __future__ import annotations

import click

from asctl.cli.options import list_options, pass_run
from asctl.cli.run import Run
from asctl.cli.shared import LIMIT, stored
from asctl.domain.times import moment_or_distance
from asctl.output.label_schemas import LABEL_ON_RECORD
from asctl.text import _


@click.command(
    "list",
    help=_(
        "Labels that were drawn or printed, the newest first: when, by whom, how often, and whether they are right."
    ),
)
@click.option(
    "--void",
    "astray",
    is_flag=True,
    help=_(
        "Only those that must not be used any more and may be in circulation: void, or their time ran out, but somebody"
        " has the file or the paper, and nothing came back for the RMA yet. They may still arrive on a parcel."
    ),
)
@click.option("--rma", "numbers", multiple=True, metavar="RMA", help=_("Only of this RMA; may be given several times."))
@click.option("--since", metavar="TIME", help=_("Only those drawn since then."))
@LIMIT
@list_options
@pass_run
def list_(run: Run, astray: bool, numbers: tuple[str, ...], since: str | None, limit: int | None) -> None:
    from asctl.services.rmas import find_rma
    from asctl.store.label_lists import LabelFilter, list_labels

    now = run.clock.now()
    wanted = LabelFilter(
        rmas=tuple(find_rma(run.desk, number).rma for number in numbers),
        since=moment_or_distance(since, now) if since else None,
        astray=astray,
        limit=limit,
    )
    with run.report(LABEL_ON_RECORD) as report:
        for entry in stored(run, lambda tx: list_labels(tx, wanted, now)):
            report.add(LABEL_ON_RECORD.of(entry))
