"""Each plugin's README says what its spec declares; ``plugins/README.md`` says how the next one is made."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from asctl import api
from asctl.api import LabelLimits, ProviderKind, ProviderSpec, Setting, WriteClass, WriteContract
from asctl.host.plugins import GROUP, Host
from asctl.sandbox.fault_bodies import PARAMETERS
from asctl.services.offers import offers
from tests.documents.markdown import ROOT, blocks, read, spans, table
from tests.plugin_support import install
from tests.sandbox_support import SandboxSite, running_sandbox

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
    """The settings table lists each setting with its default."""
    headings = ("setting", "name")
    (spec,) = specs(name)
    column = 1 if table(own_readme(name), "setting") else 2
    told = {
        setting: (spans(row[column]) or [""])[0]
        for row in table(own_readme(name), *headings)
        for setting in spans(row[0])
    }
    assert told == {setting.name: default_text(setting) for setting in spec.settings}


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


def test_the_guides_example_is_a_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The spec in the guide, installed as it stands, is listed without an error; its entry point has our group."""
    source = blocks(read(GUIDE), "python")[0]
    (entry,) = blocks(read(GUIDE), "toml")
    monkeypatch.syspath_prepend(str(tmp_path))
    install(tmp_path, "swift", source.text)
    plugin = Host(None, pytest.fail).plugin("swift")
    assert [spec.id for listed in plugin.specs.values() for spec in listed] == ["swift"]
    assert tomllib.loads(entry.text)["project"]["entry-points"] == {GROUP: {"swift": "asctl_swift"}}


def test_the_guides_look_speaks_the_api() -> None:
    """The records in the example of a look are ours, and built as they can be."""
    look = blocks(read(GUIDE), "python")[1]
    names = {node.id for node in ast.walk(ast.parse(look.text)) if isinstance(node, ast.Name)}
    assert {"Interception", "Finding", "Evidence"} <= names & set(api.__all__)


def test_guide_explains_every_member_of_a_write_contract() -> None:
    """What a plugin can declare of a write is in the table, or in the words of its rows."""
    told = {span for row in table(read(GUIDE), "declared") for cell in row for span in spans(cell)}
    assert {field.name for field in fields(WriteContract)} <= told
    assert {kind.name for kind in WriteClass} <= told


def test_guide_lists_every_fault() -> None:
    """Each fault of the sandbox is explained, and no other."""
    told = {span for row in table(read(GUIDE), "fault") for span in spans(row[0])}
    assert told == set(PARAMETERS)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxSite]:
    with running_sandbox(tmp_path_factory.mktemp("world")) as running:
        yield running


def test_guide_lists_every_control_call(site: SandboxSite) -> None:
    """The calls in the table are those that the control door offers."""
    offered = site.session.get(site.info.control + "no-such-call", timeout=30).json()["calls"]
    assert {span for row in table(read(GUIDE), "call") for span in spans(row[0])} == set(offered)


def test_guides_control_bodies_are_taken(site: SandboxSite) -> None:
    """Each body in the table can be sent as it stands."""
    for calls, body in table(read(GUIDE), "call"):
        for example in (span for span in spans(body) if span.startswith("{")):
            call = re.search(r"POST (\w+)", calls)
            assert call is not None
            answer = site.session.post(site.info.control + call[1], data=example.encode(), timeout=30)
            assert answer.status_code == 200, answer.text
