"""The README in both languages: its quick start, its configuration, its extras, and that both say the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from asctl.cli import exits
from asctl.host.plugins import Host
from asctl.settings import check, load_unchecked
from tests.documents.click_tree import misfit
from tests.documents.markdown import READMES, ROOT, Block, blocks, links, named, read, spans, table, typed

MAKE = "python3 -m venv .venv"
PROJECT = tomllib.loads(read("pyproject.toml"))["project"]


def data(block: Block) -> object:
    """A TOML block without its comments."""
    return tomllib.loads(block.text)


@pytest.mark.parametrize("readme", READMES)
def test_quick_start_is_two_commands(readme: str) -> None:
    """The first two blocks: one installs and runs the demo, the other installs the development extra and runs all tests."""
    first, second = blocks(read(readme))[:2]
    assert first == Block("sh", f"{MAKE} && .venv/bin/pip install . && .venv/bin/asctl demo\n")
    assert second == Block("sh", f"{MAKE} && .venv/bin/pip install -e '.[dev]' && .venv/bin/pytest -n auto\n")


@pytest.mark.parametrize("readme", READMES)
def test_quick_start_holds_nothing_else_to_type(readme: str) -> None:
    """No third block stands between the heading and the next one."""
    section = re.split(r"^## ", read(readme), flags=re.MULTILINE)[1]
    assert len(blocks(section)) == 2


def test_the_test_command_has_what_it_needs() -> None:
    """``-n`` comes from pytest-xdist, which the development extra brings; Python is the one that the README asks for."""
    assert any(requirement.startswith("pytest-xdist") for requirement in PROJECT["optional-dependencies"]["dev"])
    oldest = PROJECT["requires-python"].removeprefix(">=")
    assert all(f"Python {oldest}" in read(readme) for readme in READMES)


@pytest.mark.parametrize("readme", READMES)
def test_configuration_is_right(readme: str, tmp_path: Path) -> None:
    """Whoever copies it and sets the variables that it names has a configuration without a mistake."""
    (block,) = blocks(read(readme), "toml")
    file = tmp_path / "asctl.toml"
    file.write_text(block.text, "utf-8")
    file.chmod(0o600)
    host = Host(None, pytest.fail)
    settings = load_unchecked(file, dict.fromkeys(re.findall(r'env = "(\w+)"', block.text), "x"))
    assert check(settings, lambda account: host.spec(account.kind, account.plugin)) == []
    assert len(settings.accounts()) == 3


@pytest.mark.parametrize("readme", READMES)
def test_extras_are_those_of_the_project(readme: str) -> None:
    """Each extra is in the table, and brings what the table says."""
    rows = {spans(name)[0]: brings for name, brings, *_ in table(read(readme), "extra", "名称")}
    extras = PROJECT["optional-dependencies"]
    assert list(rows) == list(extras)
    for name in set(rows) - {"dev"}:
        brought = [re.match(r"[\w-]+", requirement).group() for requirement in extras[name]]
        assert brought == re.split(", |、", rows[name])


@pytest.mark.parametrize("readme", READMES)
def test_exit_codes_named_exist(readme: str) -> None:
    """What is said below the example for cron names documented exit codes, and those that mean what they say."""
    below = next(part for part in read(readme).split("\n\n") if "3 (" in part or "3（" in part)
    told = {int(code) for code in re.findall(r"(?<![\d.])(\d+)(?: \(|（)", below)}
    assert told == {exits.PARTIAL, exits.CREDENTIALS, exits.STORE, exits.PLUGIN}


def test_both_show_the_same_commands() -> None:
    """What is typed in one is typed in the other; so are the configuration and the links."""
    english, chinese = map(read, READMES)
    assert typed(english) == typed(chinese)
    assert len(typed(english)) > 10
    assert sorted(named(english)) == sorted(named(chinese))
    assert [data(block) for block in blocks(english, "toml")] == [data(block) for block in blocks(chinese, "toml")]
    assert set(links(english)) - set(READMES) == set(links(chinese)) - set(READMES)


def test_both_have_the_same_sections() -> None:
    """Section by section there is as much to type and to look up."""
    english, chinese = (re.split(r"^##+ ", read(readme), flags=re.MULTILINE) for readme in READMES)
    shape = [[block.language for block in blocks(section)] for section in english]
    assert shape == [[block.language for block in blocks(section)] for section in chinese]


def test_what_is_promised_for_later_is_not_there_yet() -> None:
    """The list of what is missing is taken back when a command for it arrives."""
    later = (["rma", "inspect"], ["invoice", "void"])
    assert all(misfit(words, whole=False) for words in later)


def test_the_licence_is_the_one_that_is_named() -> None:
    """README, project file and LICENSE speak of one licence."""
    assert PROJECT["license"] == "Apache-2.0"
    assert "Apache License" in read("LICENSE")
    assert all(PROJECT["license"] in read(readme) for readme in READMES)
    assert (ROOT / PROJECT["readme"]).name == READMES[0]
