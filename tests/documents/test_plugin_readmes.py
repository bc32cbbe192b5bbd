"""Each plugin's README says what its spec declares; ``plugins/README.md`` lists them. How one is written: ``test_authors.py``."""

from __future__ import annotations

import re
import tomllib

import pytest

from asctl.api import LabelLimits, ProviderKind, ProviderSpec, Setting
from asctl.host.entries import GROUP
from asctl.host.plugins import Host
from asctl.services.offers import offers
from tests.documents.markdown import ROOT, read, spans, table

COURIERS = ("kuaidi100", "sf", "zto", "yto")
OFFERED = {
    "track": "track",
    "address change": "address change",
    "intercept request --return-to sender": "intercept request",
    "intercept request --return-to outlet": "intercept request --return-to outlet",
    "intercept cancel": "intercept cancel",
    "interception told by query": "intercept status by query",
    "pickup request": "pickup request",
    "pickup cancel": "pickup cancel",
}
"""A row of a courier's table below *What it cannot do*, and the words of ``account list`` for the same."""
TOLD_BY_CALLBACK = "interception told by callback"
PLUGINS: dict[str, str] = tomllib.loads(read("pyproject.toml"))["project"]["entry-points"][GROUP]
GUIDE = "plugins/README.md"


def specs(name: str) -> list[ProviderSpec]:
    return [spec for listed in Host(None, pytest.fail).plugin(name).specs.values() for spec in listed]


def own_readme(name: str) -> str:
    return read(f"plugins/{PLUGINS[name]}/README.md")


def offered(name: str) -> dict[str, bool]:
    """What the README of a courier says of each verb."""
    section = own_readme(name).partition("## What it cannot do")[2]
    answers = {"yes": True, "no": False}
    return {spans(verb)[0]: answers[re.split(r"\W", told)[0]] for verb, told in table(section, "verb")}


def default_text(setting: Setting) -> str:
    """A default as a README writes it; empty where there is none."""
    match setting.default:
        case None:
            return ""
        case bool(value):
            return str(value).lower()
        case tuple(values):
            return ", ".join(values)
        case value:
            return str(value)


@pytest.mark.parametrize("name", PLUGINS)
def test_capabilities_are_those_declared(name: str) -> None:
    """The capability table lists what the spec declares, in its order."""
    told = [spans(row[0])[0] for row in table(own_readme(name), "capability")]
    assert told == [capability.name for spec in specs(name) for capability in spec.capabilities]


@pytest.mark.parametrize("name", [name for name in PLUGINS if any(spec.settings for spec in specs(name))])
def test_settings_are_those_declared(name: str) -> None:
    """The settings table lists each setting with its default; one that several kinds of account have, once."""
    headings = ("setting", "name")
    column = 1 if table(own_readme(name), "setting") else 2
    told = {
        setting: (spans(row[column]) or [""])[0]
        for row in table(own_readme(name), *headings)
        for setting in spans(row[0])
    }
    assert told == {setting.name: default_text(setting) for spec in specs(name) for setting in spec.settings}


def test_label_formats_and_sizes_are_those_declared() -> None:
    """The label plugin's table has each format with its sizes."""
    told = {spans(row[1])[0]: tuple(spans(row[3])) for row in table(own_readme("labels"), "capability")}
    limits = {spec.id: spec.capabilities[0].limits for spec in specs("labels")}
    assert told == {format_: limit.sizes for format_, limit in limits.items() if isinstance(limit, LabelLimits)}


@pytest.mark.parametrize("name", COURIERS)
def test_what_a_courier_cannot_do_is_what_is_declared(name: str) -> None:
    """The table says yes where ``account list`` offers the verb, and no where it does not; it leaves none out."""
    (spec,) = specs(name)
    can, cannot = offers(ProviderKind.COURIER, spec)
    told = offered(name)
    del told[TOLD_BY_CALLBACK]
    assert {OFFERED[verb]: says_yes for verb, says_yes in told.items()} == dict.fromkeys(can, True) | dict.fromkeys(
        cannot, False
    )


@pytest.mark.parametrize("name", COURIERS)
def test_whether_callbacks_tell_of_interceptions_is_true(name: str) -> None:
    """Where the table says yes the plugin reads a callback as kind ``interception``, and nowhere else."""
    reads = '"interception"' in (ROOT / "plugins" / PLUGINS[name] / "push.py").read_text("utf-8")
    assert offered(name)[TOLD_BY_CALLBACK] == reads


@pytest.mark.parametrize("name", PLUGINS)
def test_guide_introduces_every_plugin(name: str) -> None:
    """The guide names each plugin of this checkout by folder and by entry point, and links to its README."""
    assert f"- [{PLUGINS[name]}]({PLUGINS[name]}/README.md) (`{name}`)" in read(GUIDE)


@pytest.mark.parametrize("name", [name for name in PLUGINS if any(spec.sandbox for spec in specs(name))])
def test_plugins_that_speak_to_somebody_have_the_rooms(name: str) -> None:
    """The rooms that the guide lists are there."""
    rooms = [spans(row[0])[0] for row in table(read(GUIDE), "file")]
    assert [room for room in rooms if not (ROOT / "plugins" / PLUGINS[name] / room).is_file()] == []
