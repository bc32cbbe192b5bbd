"""What the READMEs and the help topic say of labels, pickups and the warehouse: formats, sizes, states, warnings, exit codes."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from asctl.api import LabelLimits
from asctl.capabilities.specs import ProviderKind
from asctl.capabilities.writes import Effect
from asctl.cli import exits
from asctl.cli.help_topics import TOPICS
from asctl.domain.arrivals import Caution
from asctl.domain.labels import LabelState
from asctl_labels.elements import Text
from asctl_labels.words import CASE_WORDS, GOODS_WORDS, WORDS
from tests.documents.markdown import READMES, links, read, table
from tests.documents.offered import offered

CHAPTERS = {"README.md": "## Return labels", "README.zh-CN.md": "## 退货标签"}


def chapter(readme: str) -> str:
    """The part of a README that is about what comes back."""
    return read(readme).partition(CHAPTERS[readme])[2].partition("\n## ")[0]


def limits() -> dict[str, LabelLimits]:
    return {
        id: declared.limits
        for id, spec in offered(ProviderKind.LABEL).items()
        if (declared := spec.capability("LabelRenderer")) and isinstance(declared.limits, LabelLimits)
    }


def explained(text: str) -> list[str]:
    """The words that stand indented before what they mean."""
    return re.findall(r"^  ([a-z_]+) {2,}\S", text, re.MULTILINE)


@pytest.mark.parametrize("told", [*map(chapter, READMES), TOPICS["labels"]()], ids=[*READMES, "topic"])
def test_formats_and_sizes_are_named(told: str) -> None:
    """Whoever reads it knows every format and every size that can be asked for."""
    words = set(re.findall(r"[a-z0-9]+", told))
    assert set(limits()) <= words
    assert {size for limit in limits().values() for size in limit.sizes} <= words


def test_topic_explains_states_effects_and_warnings() -> None:
    """It explains each word that records of labels, pickups and scans may hold, in this order, and no other."""
    assert explained(TOPICS["labels"]()) == [*LabelState, *Effect, *sorted(Caution, key=_place)]


def _place(caution: Caution) -> int:
    """The gravest first, and last of all what has no case."""
    return len(Caution) if caution is Caution.NO_RMA else list(Caution).index(caution)


@pytest.mark.parametrize("told", [TOPICS["labels"](), read("src/asctl/help/zh_CN/labels.txt")], ids=["en", "zh_CN"])
def test_topic_tells_how_a_layout_is_written(told: str) -> None:
    """Every word and every key that a layout may use is in it, since an installed asctl has no README; it names no file of ours."""
    words = set(re.findall(r"[a-z_]+", told))
    assert words >= WORDS | GOODS_WORDS | CASE_WORDS
    keys = {field.name for field in fields(Text)}
    assert {*keys, "both", "first", "others", "next", "text", "bars", "qr", "rule", "goods", "cases", "row"} <= words
    assert "README" not in told


def test_topic_fits_a_terminal() -> None:
    """No line of it is longer than those of the other topics."""
    widest = max(len(line) for line in TOPICS["writes"]().splitlines())
    assert [line for line in TOPICS["labels"]().splitlines() if len(line) > widest] == []


@pytest.mark.parametrize("readme", READMES)
def test_exit_codes_of_the_chapter_exist(readme: str) -> None:
    """Its table names documented codes, the topic the same ones and what ends a run before it begins."""
    told = [int(row[0]) for row in table(chapter(readme), "code", "码")]
    assert told == [exits.PARTIAL, exits.UNCLEAR, exits.UNCLEAR, exits.APPROVAL, exits.STALE, exits.PLUGIN]
    below = TOPICS["labels"]().partition("\nExit codes\n")[2]
    assert [int(code) for code in re.findall(r"^ {2,3}(\d+)  ", below, re.MULTILINE)] == sorted({exits.MISUSE, *told})


@pytest.mark.parametrize("readme", READMES)
def test_a_label_is_shown(readme: str) -> None:
    """Who reads the chapter sees one."""
    assert "plugins/asctl_labels/pictures/100x150.png" in links(chapter(readme))
