"""``asctl account``: list, check."""

from __future__ import annotations

from dataclasses import replace

import click

from asctl.cli.options import list_options, output_options, pass_run
from asctl.cli.report import FOUND
from asctl.cli.run import Run
from asctl.output.records import Record
from asctl.output.schemas import ACCOUNT
from asctl.services.account_checks import AccountState, account_states, check_accounts
from asctl.text import _

LISTED = replace(ACCOUNT, table=("account", "kind", "plugin", "state", "cannot", "detail", "error_message"))
CHECKED = replace(
    ACCOUNT, table=("account", "plugin", "state", "detail", "error_message"), whole=("detail", *ACCOUNT.whole)
)


@click.group("account", help=_("Shops and courier accounts: list them, check them."))
def account() -> None:
    """The group."""


@account.command("list", help=_("Every account, what it can do and cannot, and whether it can be used. Calls nobody."))
@list_options
@pass_run
def list_(run: Run) -> None:
    accounts = run.accounts(lambda: run.store_if_any)
    with run.report(LISTED) as report:
        for state in account_states(accounts, run.settings, run.clock.now()):
            report.add(_record(state), status=FOUND)


@account.command("check", help=_("Make one harmless signed call with each account, or with those named."))
@click.argument("names", nargs=-1, metavar="[ACCOUNT]...")
@output_options
@pass_run
def check(run: Run, names: tuple[str, ...]) -> None:
    accounts = run.accounts(lambda: run.store_if_any)
    chosen = [accounts.named(name) for name in dict.fromkeys(names)] or run.settings.accounts()
    with run.report(CHECKED) as report:
        for state in check_accounts(accounts, run.settings, chosen, run.clock.now()):
            report.add(_record(state), error=state.error)
            if state.caution:
                run.say(_("{account}: {caution}").format(account=state.account.name, caution=state.caution))


def _record(state: AccountState) -> Record:
    """An account that cannot be used is listed with its error, which is no failure of the list."""
    error = state.error
    return ACCOUNT.record(
        account=state.account.name,
        kind=state.account.kind,
        plugin=state.account.plugin,
        capabilities=state.capabilities,
        can=state.can,
        cannot=state.cannot,
        state=state.standing,
        detail="; ".join(part for part in (state.detail, state.caution) if part),
        error_family=error.family if error else None,
        error_code=error.code if error else None,
        error_message=error.message if error else None,
    )
