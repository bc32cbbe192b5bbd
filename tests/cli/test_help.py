"""``asctl help``: topics, and of a reference the part about one name."""

from __future__ import annotations

from importlib.resources import files

import pytest

from asctl import api
from asctl.cli.help_topics import ABOUT, REFERENCES, TOPICS
from asctl.output.schemas import SHAPES
from asctl.settings.declared import CORE
from asctl.testing.catalogue import KNOWN, rules_of
from tests.command_support import Command

pytestmark = pytest.mark.storeless
HELP = files("asctl") / "help"


def asked(plain: Command, *words: str) -> str:
    result = plain("help", *words)
    assert (result.code, result.err) == (0, ""), result.err
    return result.out


def test_every_shipped_text_is_a_topic_with_a_line(plain: Command) -> None:
    """``asctl help`` lists each text and each reference of the package, with what it is about."""
    shipped = {name.removesuffix(".txt") for name in (file.name for file in HELP.iterdir()) if name.endswith(".txt")}
    references = {file.name.removesuffix(".md") for file in (HELP / "reference").iterdir()}
    assert set(TOPICS) == shipped | references | {"rules"}
    listed = asked(plain).partition("asctl help TOPIC")[2]
    assert all(f"  {name}  " in f"{listed}" and ABOUT[name] in listed for name in TOPICS)


def test_a_name_of_the_api_is_shown_alone(plain: Command) -> None:
    """Every public name has its own part, in any case of its letters."""
    for name in api.__all__:
        part = asked(plain, "api", name.upper())
        assert part.startswith(f"### {name}\n")
        assert part.count("\n### ") == 0


def test_a_method_leads_to_its_capability(plain: Command) -> None:
    """Who knows only a method finds who has it, by itself or behind a point."""
    assert asked(plain, "api", "track") == asked(plain, "api", "Tracker.track") == asked(plain, "api", "Tracker")


def test_a_chapter_is_shown_with_all_its_entries(plain: Command) -> None:
    """A chapter's name shows the capability with its records, and nothing of the next one."""
    part = asked(plain, "api", "tracking")
    assert [line for line in part.splitlines() if line.startswith("## ")] == ["## Tracking"]
    assert "### TrackAnswer" in part


@pytest.mark.parametrize(("word", "title"), [("sandbox", "Sandbox apps"), ("writes", "Looking after writes")])
def test_a_word_of_a_chapters_title_shows_the_chapter(plain: Command, word: str, title: str) -> None:
    """It comes before fields of that name."""
    part = asked(plain, "api", word)
    assert [line for line in part.splitlines() if line.startswith("## ")] == [f"## {title}"]


def test_the_beginning_of_names_shows_them_all(plain: Command) -> None:
    """``http`` is no entry and no chapter, and a field that is called so tells little by itself."""
    part = asked(plain, "api", "http")
    titles = [line for line in part.splitlines() if line.startswith("### ")]
    assert titles == ["### HttpClient", "### HttpRequest", "### HttpAnswer", "### Context"]
    assert "`http: HttpClient`" in part


def test_several_names_are_shown_one_after_the_other(plain: Command) -> None:
    """As they were asked for; one that is unknown is named alone."""
    assert asked(plain, "api", "ParcelStatus", "Event").split() == [
        *asked(plain, "api", "ParcelStatus").split(),
        *asked(plain, "api", "Event").split(),
    ]
    unknown = plain("help", "api", "Event", "Trackr")
    assert (unknown.code, unknown.out) == (2, "")
    assert "nothing about 'Trackr'" in unknown.err
    assert "did you mean Tracker" in unknown.err


def test_every_rule_is_told(plain: Command) -> None:
    """The topic is made from the kit; one rule, those of a method and those of a capability are shown alone."""
    text = asked(plain, "rules")
    rules = [rule for name in KNOWN for rule in rules_of(name)]
    assert all(f"- `{rule.id}`, {rule.tier}: " in text for rule in rules)
    assert [line for line in text.splitlines() if len(line) > 100] == []
    found = asked(plain, "rules", "tracker.track.found")
    assert found.startswith("### Tracker.track\n")
    assert found.count("- `") == 1
    assert asked(plain, "rules", "track").count("- `") == len(rules_of("Tracker"))
    assert "`spec.exemptions`" in asked(plain, "rules", "spec")


@pytest.mark.parametrize("words", [("order", "sync"), ("asctl", "order", "sync"), ("asctl order sync",)])
def test_a_command_is_found_as_it_is_typed(plain: Command, words: tuple[str, ...]) -> None:
    """With or without ``asctl``, in one word or several."""
    part = asked(plain, "commands", *words)
    assert part.startswith("### asctl order sync\n")
    assert "--since TIME" in part
    assert "Records: `sync`." in part


def test_settings_are_found_by_section_key_and_plugin(plain: Command) -> None:
    """A section, a key of it, and the settings of a plugin."""
    assert asked(plain, "settings", "watch").count("\n- `") == len(CORE["watch"])
    key = asked(plain, "settings", "watch.slow_after")
    assert "ASCTL_WATCH__SLOW_AFTER" in key
    assert key.count("- `") == 1
    assert asked(plain, "settings", "yto").startswith("### couriers: yto\n")


def test_a_record_is_shown_with_the_meaning_of_its_fields(plain: Command) -> None:
    """Each of its fields has its line of the table below it."""
    for shape in SHAPES:
        part = asked(plain, "fields", shape.name)
        assert all(f"| `{field}` " in part for field in shape.fields)


def test_a_field_is_shown_alone(plain: Command) -> None:
    """A field that is no record has just its line."""
    lines = [line for line in asked(plain, "fields", "idle_hours").splitlines() if line.startswith("|")]
    assert len(lines) == 1


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (("ap",), "api"),
        (("api", "Trackr"), "Tracker"),
        (("commands", "order", "snc"), "order sync"),
        (("fields", "waybil"), "waybill"),
        (("rules", "Tracker.track.fond"), "Tracker.track.found"),
    ],
)
def test_a_slip_gets_the_likely_name(plain: Command, words: tuple[str, ...], near: str) -> None:
    """A mistyped topic or name is misuse, with the right one in the hint."""
    result = plain("help", *words)
    assert (result.code, result.out) == (2, "")
    assert f"did you mean {near}" in result.err


def test_a_name_that_is_like_none_gets_the_way_to_all(plain: Command) -> None:
    """Where nothing is near, the hint shows the whole."""
    assert "asctl help api" in plain("help", "api", "zzzzzz").err
    assert "see: asctl help" in plain("help", "zzzzzz").err


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("recording", "authors"),
        ("tiers", "authors"),
        ("courier", "authors"),
        ("kit", "authors"),
        ("Tracker", "api Tracker"),
        ("tracker", "api Tracker"),
        ("track", "commands track"),
        ("refund", "invoices"),
    ],
)
def test_a_word_that_is_no_topic_leads_to_where_it_is_told(plain: Command, word: str, told: str) -> None:
    """An entry of a reference, or the texts that use the word."""
    result = plain("help", word)
    assert (result.code, result.out) == (2, "")
    assert f"asctl help {told}" in result.err


@pytest.mark.parametrize("topic", sorted(set(TOPICS) - REFERENCES))
def test_a_text_has_no_parts(plain: Command, topic: str) -> None:
    """Only references can be asked about a name."""
    result = plain("help", topic, "anything")
    assert result.code == 2
    assert f"asctl help {topic}" in result.err
