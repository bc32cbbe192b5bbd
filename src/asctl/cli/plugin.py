"""``asctl plugin``: list, show; check and new have modules of their own. Listing imports no provider."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import timedelta

import click

from asctl.capabilities.specs import Capability, ProviderKind, ProviderSpec, Setting, WriteContract
from asctl.cli.options import list_options, output_options, pass_run
from asctl.cli.plugin_check import check
from asctl.cli.plugin_new import new
from asctl.cli.run import Run
from asctl.domain.times import duration_text
from asctl.host.installed import Plugin
from asctl.output.records import Record
from asctl.output.schemas import PLUGIN, PLUGIN_PART
from asctl.text import _


@click.group("plugin", help=_("Plugins: what is installed and what it offers; check one, write one."))
def plugin() -> None:
    """The group."""


@plugin.command("list", help=_("Every installed plugin; a broken one with what is wrong with it."))
@list_options
@pass_run
def list_(run: Run) -> None:
    with run.report(PLUGIN) as report:
        for found in run.host.installed():
            report.add(_record(found))


@plugin.command(
    "show", help=_("What a plugin offers: settings, capabilities with limits and write contracts, couriers.")
)
@click.argument("name")
@output_options
@pass_run
def show(run: Run, name: str) -> None:
    found = run.host.plugin(name)
    if found.error is not None:
        raise found.error
    with run.report(PLUGIN_PART) as report:
        for kind, specs in found.specs.items():
            for spec in specs:
                for part in _parts(spec):
                    report.add({"plugin": found.name, "kind": kind.value, "provider": spec.id} | part)


plugin.add_command(check)
plugin.add_command(new)


def _record(found: Plugin) -> Record:
    """A broken plugin is listed with its error, which is no failure of the list."""
    specs = [spec for specs in found.specs.values() for spec in specs]
    return PLUGIN.record(
        plugin=found.name,
        distribution=found.distribution,
        version=found.version,
        api_version=max((spec.api_version for spec in specs), default=None),
        kinds=[kind.value for kind in ProviderKind if found.specs.get(kind)],
        state=found.state.value,
        error_message=found.error.message if found.error else None,
    )


def _parts(spec: ProviderSpec) -> Iterator[Record]:
    yield from map(_setting, spec.settings)
    for capability in spec.capabilities:
        yield {"part": "capability", "name": capability.name, "detail": _limits(capability)}
        for method, contract in capability.writes.items():
            yield {"part": "write", "name": method, "type": contract.write.value, "detail": _contract(contract)}
    if spec.couriers:
        yield {
            "part": "couriers",
            "name": "aggregator" if spec.aggregator else "own",
            "detail": " ".join(spec.couriers),
        }


def _setting(setting: Setting) -> Record:
    choices = _(" ({words})").format(words=" ".join(setting.choices)) if setting.choices else ""
    return {
        "part": "setting",
        "name": setting.name,
        "type": setting.type.value,
        "required": setting.required,
        "default": _plain(setting.default),
        "detail": _(setting.help) + choices,
    }


def _limits(capability: Capability) -> str | None:
    return _told(capability.limits) if is_dataclass(capability.limits) else None


def _contract(contract: WriteContract) -> str:
    return _told(contract, leave_out="write")


def _told(record: object, leave_out: str = "") -> str:
    """A record's fields as ``name=value``, without those that say nothing."""
    values = {field.name: _plain(getattr(record, field.name)) for field in fields(record) if field.name != leave_out}  # type: ignore[arg-type]
    return ", ".join(f"{name}={value}" for name, value in values.items() if value)


def _plain(value: object) -> str:
    """A declared value on one line; nothing for what is not set."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, timedelta):
        return duration_text(value) if value else ""
    if isinstance(value, (tuple, frozenset)):
        return " ".join(sorted(value) if isinstance(value, frozenset) else value)
    return "" if value is None else str(value)
