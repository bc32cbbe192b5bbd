"""The words that layouts use."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import asctl_labels
from asctl.api import LabelCase, LabelContent, LabelGoods
from asctl_labels.words import CASE_WORDS, GOODS_WORDS, WORDS, case_words, goods_words, label_words, page_words
from tests.plugins.labels.samples import LABEL, PARCEL, hostile_parcel


def parcel(*numbers: str) -> LabelContent:
    """A parcel with these cases, a line of goods for each."""
    first, *others = numbers
    return replace(
        LABEL,
        rma=first,
        others=tuple(LabelCase(rma, "", "", "") for rma in others),
        goods=tuple(LabelGoods("", "", 1, rma) for rma in numbers),
    )


def test_the_words_are_those_that_layouts_may_use() -> None:
    """Each word a layout may name has a value, and none is without a name."""
    assert set(label_words(LABEL) | page_words(1, 1, 0)) == WORDS
    assert set(goods_words(LABEL)[0]) == GOODS_WORDS
    assert set(case_words(PARCEL)[0]) == CASE_WORDS


def test_a_parcel_with_one_case_has_no_words_about_others() -> None:
    """Empty words keep what is about further cases off the label."""
    words = label_words(LABEL)
    assert (words["others"], words["cases_count"]) == ("", "")
    assert {line["rma"] for line in goods_words(replace(LABEL, goods=PARCEL.goods))} == {""}
    assert case_words(LABEL) == []


def test_all_cases_of_a_parcel_are_named() -> None:
    """The count is of all cases, the list of those beyond the label's own."""
    words = label_words(PARCEL)
    assert words["cases_count"] == "3"
    assert words["others"].split() == [case.rma for case in PARCEL.others]
    assert [case["rma"] for case in case_words(PARCEL)] == [case.rma for case in PARCEL.others]


def test_goods_name_their_case_by_its_end() -> None:
    """The day's count and the check character tell cases apart."""
    assert [line["rma"] for line in goods_words(PARCEL)] == ["…0001X", "…0001X", "…00427", "…00427", "…0310K"]


def test_numbers_that_end_alike_are_written_out() -> None:
    """Where the ends of two numbers are the same, goods carry the whole ones."""
    numbers = ["RMA2611210001X", "RMA2611220001X"]
    assert [line["rma"] for line in goods_words(parcel(*numbers))] == numbers


def test_pages_are_told_where_there_are_several() -> None:
    """A single page has no number; a page without goods has no word for them."""
    assert page_words(1, 1, 3) == {"page": "", "goods_here": "3"}
    assert page_words(2, 3, 0) == {"page": "第 2/3 页", "goods_here": ""}


def test_dates_are_chinas() -> None:
    """A label valid until shortly after midnight in China is valid on that day, wherever the program runs."""
    assert label_words(LABEL)["valid_until"] == "2026-12-06"
    assert label_words(LABEL)["approved_at"] == "2026-11-21"


def test_every_word_is_clean() -> None:
    """Nothing that cannot be seen comes through any word, of the label, its goods or its cases."""
    label = hostile_parcel()
    texts = [
        *label_words(label).values(),
        *(text for row in (*goods_words(label), *case_words(label)) for text in row.values()),
    ]
    assert all(text.isprintable() for text in texts)
    assert any("{rma}" in text for text in texts)


def test_the_readme_lists_every_word() -> None:
    """Whoever changes a layout finds each word he may use, in the row of where he may use it."""
    readme = (Path(asctl_labels.__file__).parent / "README.md").read_text(encoding="utf-8")
    rows = [line for line in readme.splitlines() if line.startswith("| `")]
    for words, where in ((WORDS, "pages"), (GOODS_WORDS, "rows of `goods`"), (CASE_WORDS, "rows of `cases`")):
        listed = {word for row in rows if row.endswith(f"| {where} |") for word in re.findall(r"`(\w+)`", row)}
        assert words <= listed
        assert listed - {"goods", "cases"} <= words
