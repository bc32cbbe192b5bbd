"""``asctl help [TOPIC]``."""

from __future__ import annotations

import click

from asctl.cli.help_topics import TOPICS
from asctl.cli.options import pass_run
from asctl.cli.run import Run
from asctl.cli.table import overview
from asctl.domain.errors import BadInput
from asctl.text import _


@click.command(
    "help", help=_("Show a topic: exit-codes, output, input, writes, labels, invoices, configuration, plugins.")
)
@click.argument("topic", required=False)
@pass_run
def help_(run: Run, topic: str | None) -> None:
    """Print a topic on stdout; without one, the overview and the topics there are."""
    names = ", ".join(TOPICS)
    if topic is None:
        run.stdout.write(overview() + _("Topics: {names}").format(names=names) + "\n")
    elif topic in TOPICS:
        run.stdout.write(TOPICS[topic]() + "\n")
    else:
        raise BadInput(
            _("there is no help topic {topic!r}").format(topic=topic[:40]),
            code="unknown_topic",
            hint=_("topics: {names}; about a command: asctl COMMAND --help").format(names=names),
        )
