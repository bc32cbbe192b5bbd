"""``asctl doctor``: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator

import click

from asctl.cli.config import settings_as_they_are
from asctl.cli.findings import show_findings
from asctl.cli.options import output_options, pass_run
from asctl.cli.run import Run
from asctl.domain.errors import BadConfiguration
from asctl.services.findings import Finding, bad
from asctl.text import _


@click.command(
    "doctor",
    help=_(
        "Say what is wrong with this installation, and how to mend it. Exit 0 unless something is bad; then 2"
        " (configuration), 10 (store), 15 (plugin), and with --online also 5 or 7 (accounts)."
    ),
)
@click.option("--online", is_flag=True, help=_("Also make one harmless signed call with each account."))
@output_options
@pass_run
def doctor(run: Run, online: bool) -> None:
    run.findings += show_findings(run, _examine(run, online))


def _examine(run: Run, online: bool) -> Iterator[Finding]:
    from asctl.services.checkup import machine_findings, settings_findings

    try:
        settings, host = settings_as_they_are(run)
    except BadConfiguration as error:
        yield from machine_findings(run.host_of(None), run.clock, run.environ)
        yield bad("configuration", error)
        return
    yield from machine_findings(host, run.clock, run.environ)
    yield from settings_findings(settings, host)
    if online:
        yield from _accounts(run)


def _accounts(run: Run) -> Iterator[Finding]:
    """Accounts can be called only with a configuration that has no mistake; one that has was told above."""
    from asctl.services.account_checks import check_accounts
    from asctl.services.checkup import account_finding

    try:
        accounts = run.accounts(lambda: run.store_if_any)
    except BadConfiguration:
        return
    for state in check_accounts(accounts, run.settings, run.settings.accounts(), run.clock.now()):
        yield account_finding(state)
