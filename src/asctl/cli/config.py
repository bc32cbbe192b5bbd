"""``asctl config``: show, explain, check. They look at a configuration as it is, also at a wrong one."""

from __future__ import annotations

from dataclasses import replace

import click

from asctl.cli.findings import show_findings
from asctl.cli.options import list_options, output_options, pass_run
from asctl.cli.run import Run
from asctl.domain.errors import AsctlError, BadConfiguration
from asctl.host.plugins import Host
from asctl.output.records import Record
from asctl.output.schemas import CONFIG
from asctl.services.configuration import CHECK, configuration_findings, spec_finder
from asctl.services.findings import bad
from asctl.settings import Explained, Settings, everything, explain, load_unchecked
from asctl.text import _

EXPLAINED = replace(CONFIG, table=("key", "value", "origin", "overridden", "default", "help"), whole=CONFIG.fields)


@click.group("config", help=_("Show, explain and check the configuration."))
def config() -> None:
    """The group."""


def settings_as_they_are(run: Run) -> tuple[Settings, Host]:
    """Settings that may hold mistakes, and the plugins. Raises :class:`BadConfiguration` for a file that is no TOML."""
    settings = load_unchecked(run.choices.config, run.environ)
    try:
        allowed = settings.value("plugins.allow")
    except BadConfiguration:
        allowed = ()
    return settings, run.host_of(allowed)


@config.command("show", help=_("The values in force and where each comes from; secrets as ***."))
@click.option("--all", "with_defaults", is_flag=True, help=_("Also those that nobody set."))
@list_options
@pass_run
def show(run: Run, with_defaults: bool) -> None:
    settings, host = settings_as_they_are(run)
    with run.report(CONFIG) as report:
        for setting in everything(settings, spec_finder(host)):
            if with_defaults or tuple(setting.key.split(".")) in settings.layers:
                report.add(_record(setting))


@config.command("explain", help=_("One setting, as watch.slow_after: its value, what set it, and what that overrode."))
@click.argument("key")
@output_options
@pass_run
def explain_(run: Run, key: str) -> None:
    settings, host = settings_as_they_are(run)
    with run.report(EXPLAINED) as report:
        report.add(_record(explain(settings, key, spec_finder(host))))


@config.command(
    "check", help=_("Everything that is wrong, at once; reads secrets, calls nobody. Exit 2 if anything is.")
)
@output_options
@pass_run
def check(run: Run) -> None:
    try:
        settings, host = settings_as_they_are(run)
    except AsctlError as error:
        findings = iter([bad(CHECK, error)])
    else:
        findings = configuration_findings(settings, host)
    if show_findings(run, findings):
        run.findings.append(BadConfiguration(_("the configuration is wrong"), code="config_wrong"))


def _record(setting: Explained) -> Record:
    overridden = [f"{value} ({origin})" for origin, value in setting.overridden]
    return CONFIG.of(setting, overridden=overridden)
