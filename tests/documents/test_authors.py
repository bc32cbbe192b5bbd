"""The author's guide says what is true: its names, its tables, and every example that can be tried."""

from __future__ import annotations

import builtins
import json
import re
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path

import pytest

import asctl.api.bureau
import asctl.api.sandbox
from asctl import api, testing
from asctl.api import (
    CHINA,
    BadInput,
    Capability,
    Conformance,
    CredentialsRefused,
    Refused,
    Throttled,
    Unavailable,
    WriteClass,
    WriteContract,
)
from asctl.domain.identifiers import clean_waybill
from asctl.sandbox.fault_bodies import PARAMETERS
from asctl.scaffold import PluginName, new_files, put
from asctl.testing.catalogue import rules_for, rules_of
from asctl.testing.examination import State, stand
from asctl.testing.far_side import Port
from asctl.testing.recording_files import read_recordings
from asctl.testing.rules import Tier
from asctl.testing.subject import subjects_in
from asctl.transport.faults import status_fault
from tests.documents.markdown import read
from tests.sandbox_support import SandboxSite, running_sandbox

pytestmark = pytest.mark.storeless
GUIDE = read("src/asctl/help/authors.txt")
WIDEST = 100


def chapter(heading: str) -> str:
    """The text below a heading, up to the next one."""
    found = re.search(rf"^{re.escape(heading)}\n\n(.*?)(?=\n\n(?:\d+\. )?[A-Z][^\n.]*\n\n|\Z)", GUIDE, re.M | re.S)
    assert found, heading
    return found[1]


def rows(text: str) -> dict[str, str]:
    """The rows of the tables in a chapter: what stands before the gap, and all that is said of it."""
    told: dict[str, str] = {}
    for line in text.splitlines():
        if row := re.match(r"  (\S.*?) {2,}(\S.*)", line):
            last = row[1]
            told[last] = row[2]
        elif line.startswith("   ") and told:
            told[last] += " " + line.strip()
    return told


def objects(text: str) -> list[str]:
    """The JSON objects in a text, each whole."""
    found, place = [], text.find("{")
    while place >= 0:
        _value, length = json.JSONDecoder().raw_decode(text[place:])
        found.append(text[place : place + length])
        place = text.find("{", place + length)
    return found


def control_calls() -> dict[str, str]:
    """``POST orders`` and its like, with what is said of each."""
    calls: dict[str, str] = {}
    for named, told in rows(chapter("The sandbox's control door")).items():
        *methods, name = re.findall(r"[A-Z]+|\w+$", named)
        calls |= {f"{method} {name}": told for method in methods}
    return calls


def test_it_is_as_wide_as_the_other_topics() -> None:
    """It is read in a terminal."""
    assert [line for line in GUIDE.splitlines() if len(line) > WIDEST] == []


def test_the_names_it_uses_are_public() -> None:
    """Each ``api.NAME``, and every record, capability and family that it names, can be imported as it says."""
    public = {*api.__all__, *vars(asctl.api.sandbox), *vars(asctl.api.bureau), *testing.__all__}
    used = set(re.findall(r"\bapi\.(\w+)", GUIDE)) - {"sandbox", "bureau", "__all__"}
    named = set(re.findall(r"\b(?:[A-Z][a-z]+){2,}\b", GUIDE)) - set(vars(builtins))
    named = {name for name in named if not name.startswith(("Swift", "TestSwift"))}
    assert used | named <= public, (used | named) - public


def test_it_explains_every_member_of_a_write_contract() -> None:
    """What a plugin can declare of a write has a row, or is named in one."""
    told = chapter("6. Writes")
    assert {field.name for field in fields(WriteContract)} <= set(re.findall(r"[a-z_]+", told))
    assert {kind.name for kind in WriteClass} <= set(re.findall(r"[A-Z]+", told))


def test_it_explains_everything_that_the_kit_can_be_told() -> None:
    """A field of :class:`Conformance` that nobody knows of helps nobody."""
    assert {field.name for field in fields(Conformance)} <= set(
        re.findall(r"[a-z_]+", chapter("7. The kit, and its tiers"))
    )


def test_it_lists_the_tiers() -> None:
    """In their order."""
    listed = [row for row in rows(chapter("7. The kit, and its tiers")) if row in set(Tier)]
    assert listed == list(Tier)


def test_it_lists_every_fault() -> None:
    """Each fault of the sandbox is explained, and no other."""
    told = [name for row in rows(chapter("The sandbox's control door")) for name in row.split(", ")]
    assert {name for name in told if " " not in name} == set(PARAMETERS)


def test_its_recording_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example, in a folder, is read by a fresh plugin as the example says."""
    name = PluginName.of("guided")
    put(new_files(name, "courier", True), tmp_path / "it")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "it"), *sys.path])
    (example,) = [text for text in objects(chapter("7. The kit, and its tiers")) if "capability" in text]
    (tmp_path / "found.json").write_text(example, "utf-8")
    (subject,) = subjects_in(name.module)
    recorded = replace(subject, recordings=read_recordings(tmp_path).recordings)
    (rule,) = [rule for rule in rules_for(recorded.spec) if rule.id == "Tracker.track.recorded"]
    with Port() as port:
        assert stand(recorded, rule, port).state is State.DONE
        assert stand(subject, rule, port).state is State.TODO


def test_its_write_keeps_every_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example, put at the end of a fresh plugin as the guide says, leaves nothing to do up to silver."""
    name = PluginName.of("swift")
    put(new_files(name, "courier", True), tmp_path / "it")
    example = re.search(r"^  import dataclasses.*?(?=^\S)", chapter("6. Writes"), re.M | re.S)
    assert example
    plugin = tmp_path / "it" / "asctl_swift.py"
    plugin.write_text(f"{plugin.read_text('utf-8')}\n\n{textwrap.dedent(example[0])}", "utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "it"), *sys.path])
    (subject,) = subjects_in(name.module)
    contract = sys.modules[name.module].CHANGE
    changer = Capability("AddressChanger", writes={"change_address": contract})
    factory, sandbox = (f"{name.module}:{made}" for made in ("SwiftChanges", "SwiftChangesSandbox"))
    spec = replace(subject.spec, factory=factory, sandbox=sandbox, capabilities=(changer,))
    with Port() as port:
        standings = [stand(replace(subject, spec=spec), rule, port) for rule in rules_of("AddressChanger")]
    told = {one.rule.id: one.why for one in standings if one.state is not State.DONE}
    assert set(told) == {"AddressChanger.change_address.recorded"}, told
    del sys.modules[name.module]


@pytest.mark.parametrize(
    ("statuses", "family"),
    [
        ((401, 403), CredentialsRefused),
        ((429,), Throttled),
        ((408, 302, 500, 503), Unavailable),
        ((400, 404, 422), Refused),
    ],
)
def test_it_says_what_becomes_of_a_status(statuses: tuple[int, ...], family: type[Exception]) -> None:
    """The paragraph names each family that the way out makes of a status by itself."""
    (told,) = (paragraph for paragraph in chapter("5. Errors: which family when").split("\n\n") if "429" in paragraph)
    assert family.__name__ in told
    for status in statuses:
        made = status_fault(status, "", "", "far.example", False, None, datetime.now(CHINA))
        assert type(made) is family, status


def test_it_says_which_waybills_there_are() -> None:
    """The bounds that it tells are those that hold."""
    (told,) = re.findall(r"has (\d+) to (\d+) letters A to Z, digits and dashes", " ".join(GUIDE.split()))
    least, most = map(int, told)
    assert all(clean_waybill("a-" + "1" * (length - 2)) for length in (least, most))
    for wrong in ("1" * (least - 1), "1" * (most + 1), "-" + "1" * least):
        with pytest.raises(BadInput):
            clean_waybill(wrong)


def test_what_it_records_comes_along_into_the_wheel() -> None:
    """The folder of its example is the one that the new plugin's build takes in."""
    made = {file.path: file.text for file in new_files(PluginName.of("swift"), "courier", True)}
    (folder,) = re.findall(r'with_name\("(\w+)"\)', GUIDE)
    assert f'"{folder}"' in made["pyproject.toml"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxSite]:
    with running_sandbox(tmp_path_factory.mktemp("world")) as running:
        yield running


def test_it_lists_every_control_call(site: SandboxSite) -> None:
    """The calls are those that the control door offers."""
    offered = site.session.get(site.info.control + "no-such-call", timeout=30).json()["calls"]
    assert set(control_calls()) == set(offered)


def test_its_control_door_is_written_as_it_is_told(site: SandboxSite) -> None:
    """The address ends in a slash, so a call's name follows it at once."""
    (example,) = re.findall(r"^  CONTROL=(\S+)$", GUIDE, re.M)
    assert site.info.control.partition("_sandbox")[1:] == example.partition("_sandbox")[1:]
    assert '"$CONTROL"parcels' in GUIDE


def test_its_control_bodies_are_taken(site: SandboxSite) -> None:
    """Each body can be sent as it stands; in place of the plugin that the guide makes, one that is there."""
    bodies = [
        (call, body) for call, told in control_calls().items() for body in objects(told) if call.startswith("POST")
    ]
    bodies.append(("POST parcels", objects(chapter("4. Try it in the sandbox"))[0]))
    assert len(bodies) > 8
    for call, body in bodies:
        sent = body.replace('"swift"', '"sf"').encode()
        answer = site.session.post(site.info.control + call.removeprefix("POST "), data=sent, timeout=30)
        assert answer.status_code == 200, (call, answer.text)
