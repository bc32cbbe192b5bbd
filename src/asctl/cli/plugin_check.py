"""``asctl plugin check``: the conformance kit's rules tried on a plugin, in tiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from asctl.cli.options import output_options, pass_run
from asctl.cli.run import Run
from asctl.domain.errors import Refused
from asctl.output.records import Record
from asctl.output.schemas import PLUGIN_RULE
from asctl.testing.rules import Rule, Tier
from asctl.text import _

if TYPE_CHECKING:
    from asctl.testing.examination import Standing
    from asctl.testing.subject import Subject

_TIERS = [tier.value for tier in Tier]


@click.command(
    "check",
    help=_(
        "Try the conformance kit's rules on a plugin: NAME of an installed one, or PATH of its code. Nothing but this machine is"
        " called. Exit 3 where a rule of the demanded tier is still to do."
    ),
)
@click.argument("name", metavar="NAME|PATH")
@click.option("--require", type=click.Choice(_TIERS), default="silver", show_default=True, help=_("The tier to reach."))
@click.option("--todo", is_flag=True, help=_("Only the rules that are still to do."))
@output_options
@pass_run
def check(run: Run, name: str, require: str, todo: bool) -> None:
    from asctl.testing.examination import State, examine, summary
    from asctl.testing.far_side import Port
    from asctl.testing.finding import find_subjects

    progress = _Progress(run)
    left, demanded = 0, _TIERS[: _TIERS.index(require) + 1]
    with run.report(PLUGIN_RULE) as report, Port() as port, find_subjects(run.host, name) as subjects:
        for subject in subjects:
            standings: list[Standing] = []
            for standing in run.interruption.until_signal(examine(subject, port, progress.show)):
                progress.clear()
                standings.append(standing)
                if standing.state is State.TODO or not todo:
                    report.add(_record(subject, standing))
            run.say(summary(subject, standings))
            left += sum(one.state is State.TODO and one.rule.tier in demanded for one in standings)
    if left:
        run.tally.note(_left(name, left, require))


class _Progress:
    """Which rule is being tried, on a terminal; gone again when it was."""

    def __init__(self, run: Run) -> None:
        self._terminal = run.stderr if run.stderr.isatty() else None
        self._shown = ""

    def show(self, rule: Rule) -> None:
        self._shown = rule.id
        self._write(rule.id)

    def clear(self) -> None:
        self._write(f"\r{' ' * len(self._shown)}\r")

    def _write(self, text: str) -> None:
        if self._terminal is not None:
            self._terminal.write(text)
            self._terminal.flush()


def _record(subject: Subject, standing: Standing) -> Record:
    rule = standing.rule
    return PLUGIN_RULE.record(
        plugin=subject.plugin,
        provider=subject.spec.id,
        capability=rule.capability,
        rule=rule.id,
        tier=rule.tier,
        state=standing.state,
        says=rule.says,
        why=standing.why,
    )


def _left(name: str, count: int, tier: str) -> Refused:
    return Refused(
        _("{name} has not reached {tier}: {count} to do").format(name=name, tier=tier, count=count),
        code="rules_to_do",
        hint=_("the column why says what was seen; about the tiers: asctl help authors"),
    )
