"""Whatever people write, a label keeps its shape."""

from __future__ import annotations

import unicodedata
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asctl.api import LabelCase, LabelContent, LabelForm, LabelGoods
from asctl_labels import SIZES
from asctl_labels.elements import Box
from asctl_labels.layout import load_layout
from asctl_labels.marks import DOT
from asctl_labels.surface import MM
from tests.plugins.labels.recorder import Drawn, Recorder, recorded, text_places
from tests.plugins.labels.samples import LABEL, PARCEL, goods, hostile_parcel

FREE = {field.name for field in fields(LabelContent) if field.type == "str"} - {"rma", "qr", "waybill"}
ROUNDING = 0.02  # mm
NASTY = [
    "{rma}",
    "{rma.__class__.__mro__}",
    "{0}{}{{%s%n",
    "<script>alert(1)</script>&lt;",
    "^XZ^XA^FO0,0^FD",
    "\n\r\t\x0b\x0c\x1c\x85\u2028\u2029",
    "\u202e\u2066\u2067\u200f倒过来\u2069",
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u3164",
    "Z" + "\u0301\u0334\u20dd\u0e47" * 60 + "algo",
    "\u0301\u0301 \u0301a",
    "👩‍👩‍👧‍👦🏳️‍🌈1️⃣",
    "\ud800\udfff\udc00",
    "\U0010ffff\ue000\ufdd0\ufffe",
    "⸻" * 40,
    "﷽" * 40,
    "𠮷䶮" * 40,
    "字" * 500,
    "W" * 500,
    " " * 500,
    ") ) " * 100,
    "مرحبا بالعالم",
    "../../etc/passwd\x00.pdf",
]
HOSTILE_TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=60),
    st.text(st.characters(), max_size=20),
    st.lists(st.sampled_from(NASTY), min_size=2, max_size=4).map("".join),
)
CASES = st.builds(
    LabelCase, rma=st.just("RMA26112000427"), order_id=HOSTILE_TEXTS, kind=HOSTILE_TEXTS, reason=HOSTILE_TEXTS
)
GOODS = st.builds(
    LabelGoods, title=HOSTILE_TEXTS, sku=HOSTILE_TEXTS, quantity=st.integers(-5, 10**12), rma=HOSTILE_TEXTS
)
LABELS = st.builds(
    replace,
    st.just(LABEL),
    **dict.fromkeys(sorted(FREE), HOSTILE_TEXTS),
    goods=st.lists(GOODS, max_size=9).map(tuple),
    others=st.lists(CASES, max_size=4).map(tuple),
    reprint=st.booleans(),
)


def shape(recorder: Recorder) -> list[list[object]]:
    """All of a drawing but its words: codes, rules and black boxes, page by page."""
    return [[each for each in page if each not in page.lines] for page in recorder.pages]


def strays(page: Drawn, places: list[Box]) -> list[str]:
    """The lines that are in no box of their page."""
    roomy = [Box(box.x - ROUNDING, box.y - ROUNDING, box.w + 2 * ROUNDING, box.h + 2 * ROUNDING) for box in places]
    return [line.words for line in page.lines if not any(box.holds(line.extent) for box in roomy)]


@pytest.mark.parametrize("size", SIZES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(label=LABELS)
def test_every_line_stays_in_a_box(size: str, label: LabelContent) -> None:
    """Each line of text is wholly within a text box of its page, and boxes do not overlap."""
    layout = load_layout(LabelForm(size))
    pages = recorded(label, size=size).pages
    sheets = layout.sheets(len(label.goods), len(label.others))
    assert len(pages) == len(sheets)
    for page, sheet in zip(pages, sheets, strict=True):
        assert strays(page, text_places(sheet)) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(label=LABELS)
def test_codes_and_rules_do_not_depend_on_what_people_write(label: LabelContent) -> None:
    """The same label with harmless texts has the same codes, rules, black boxes and pages."""
    harmless: dict[str, Any] = dict.fromkeys(FREE, "x")
    tame = replace(
        label,
        **harmless,
        goods=goods(len(label.goods)),
        others=tuple(replace(case, order_id="x", kind="x", reason="x") for case in label.others),
    )
    assert shape(recorded(label)) == shape(recorded(tame))


@given(text=HOSTILE_TEXTS)
@settings(max_examples=200, deadline=None)
def test_nothing_invisible_and_no_piles_are_drawn(text: str) -> None:
    """No control, format or half character reaches a surface, no line begins with a mark, and none carries more than two."""
    label = replace(LABEL, customer=text, return_address=text, goods=(LabelGoods(text, text, 1),))
    for line in recorded(label).pages[0].lines:
        kinds = [unicodedata.category(character) for character in line.words]
        assert not {"Cc", "Cf", "Cs", "Zl", "Zp", "Me"} & set(kinds)
        assert not kinds[0].startswith("M")
        assert "MMM" not in "".join(kind[0] for kind in kinds)


@pytest.mark.parametrize("text", ["{rma}", "{rma.__class__}", "{", "}", "{}{0}", "%(rma)s"])
def test_braces_in_a_name_are_just_braces(text: str) -> None:
    """What a customer is called is never read as a layout."""
    words = recorded(replace(LABEL, customer=text, goods=(LabelGoods(text, text, 1, text),))).pages[0].words
    assert words.count(text) >= 2


def test_a_hostile_parcel_takes_the_pages_that_its_lists_need() -> None:
    """Twenty lines and six further cases are four pages of 100 x 150 whatever stands in them."""
    hostile = hostile_parcel()
    tame = replace(PARCEL, goods=goods(20), others=PARCEL.others * 3)
    assert len(recorded(hostile).pages) == len(recorded(tame).pages) == 4


def test_a_line_in_no_box_would_be_found() -> None:
    """The measure itself: a box half a millimetre too small for its line is noticed."""
    page = recorded(LABEL).pages[0]
    places = [line.extent for line in page.lines]
    assert strays(page, places) == []
    widest = max(range(len(places)), key=lambda at: places[at].w)
    box = places[widest]
    assert strays(page, [*places[:widest], Box(box.x, box.y, box.w - 0.5, box.h), *places[widest + 1 :]])
    assert DOT * MM < 0.5
