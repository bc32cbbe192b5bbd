"""How a layout is read, what is refused, and which pages follow from it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import asctl_labels
from asctl.api import BadConfiguration, BadInput, LabelForm
from asctl_labels.elements import Layout
from asctl_labels.layout import load_layout, read_layout, standard_layout
from tests.plugins.labels.recorder import recorded
from tests.plugins.labels.samples import LABEL

MINIMAL = """
paper = [60, 60]

[[both.text]]
say = "{rma}"
box = [1, 1, 50, 8]
size = 10

[[both.bars]]
say = "{rma}"
box = [1, 10, 58, 8]

[first.goods]
box = [1, 20, 48, 19]
row = 6

[[first.goods.text]]
say = "{title}"
box = [0, 0, 48, 6]
size = 8

[others.goods]
box = [1, 20, 48, 12]
row = 6

[others.cases]
box = [1, 40, 58, 14]
row = 14

[[others.cases.bars]]
say = "{rma}"
box = [0, 0, 58, 7]

[[others.cases.text]]
say = "{rma}"
box = [0, 7, 58, 6]
size = 8

[next.goods]
box = [1, 20, 48, 28]
row = 7
"""
NUMBER = 'say = "{rma}"\nbox = [1, 1, 50, 8]\nsize = 10'
BARS = 'say = "{rma}"\nbox = [1, 10, 58, 8]'


def refused(toml: str) -> str:
    """The message with which a layout is refused."""
    with pytest.raises(BadConfiguration) as caught:
        read_layout(toml, "test.toml")
    assert caught.value.code == "bad_label_layout"
    assert "test.toml" in caught.value.message
    assert "asctl label layout" in caught.value.hint
    return caught.value.message


@pytest.mark.parametrize(
    ("goods", "cases", "kinds"),
    [
        (0, 0, ["first"]),
        (3, 0, ["first"]),
        (4, 0, ["first", "next"]),
        (7, 0, ["first", "next"]),
        (8, 0, ["first", "next", "next"]),
        (1, 1, ["first", "others"]),
        (5, 1, ["first", "others"]),
        (6, 1, ["first", "others", "next"]),
        (0, 3, ["first", "others", "others", "others"]),
        (10, 2, ["first", "others", "others", "next"]),
    ],
)
def test_pages_follow_from_goods_and_cases(goods: int, cases: int, kinds: list[str]) -> None:
    """Here the first page holds three lines of goods, one for other cases two and a case, each further one four."""
    assert [page.name for page in read_layout(MINIMAL, "test.toml").sheets(goods, cases)] == kinds


@pytest.mark.parametrize("size", ["a0", "", "../100x150", "100X150"])
def test_an_unknown_size_is_refused_with_the_known_ones(size: str) -> None:
    """The error names the sizes there are; a path is not a size."""
    for ask in (standard_layout, lambda size: load_layout(LabelForm(size))):
        with pytest.raises(BadInput) as caught:
            ask(size)
        assert caught.value.code == "unknown_size"
        assert "100x150" in caught.value.hint


@pytest.mark.parametrize(
    ("found", "put", "said"),
    [
        # TOML itself
        ("paper = [60, 60]", "paper = [60, 60", "line 4"),
        ("paper = [60, 60]", "paper = [60, 60]\npaper = [60, 60]", "line 3"),
        # keys
        ("paper = [60, 60]", "", "paper is missing"),
        ("paper = [60, 60]", "paper = [60, 60]\nmargin = 3", "there is no key 'margin'"),
        ("[[both.text]]", "[[first.words]]", "first: there is no key 'words'"),
        ("[next.goods]\nbox = [1, 20, 48, 28]\nrow = 7\n", "", "next is missing"),
        ("[next.goods]", "[next.cases]", "next: there is no key 'cases'"),
        ("[others.cases]\nbox = [1, 40, 58, 14]\nrow = 14", "", "others.cases: box is missing"),
        ("size = 10", "sise = 10", "both.text 1 \"{rma}\": there is no key 'sise'"),
        ("size = 10\n", "", "size is missing"),
        ("row = 6\n", "", "row is missing"),
        (BARS, BARS + "\nsize = 7", "both.bars 1 \"{rma}\": there is no key 'size'"),
        # values
        ("paper = [60, 60]", 'paper = "a6"', "paper is a list of 2 numbers"),
        ("paper = [60, 60]", "paper = [60, nan]", "paper is a number"),
        ("paper = [60, 60]", "paper = [60, true]", "paper is a number"),
        ("paper = [60, 60]", "paper = [60, 1e9]", "paper is from 0 to 1000"),
        ("box = [1, 1, 50, 8]", "box = [1, 1, 50]", "box is a list of 4 numbers"),
        ("box = [1, 1, 50, 8]", "box = [-1, 1, 50, 8]", "box is from 0"),
        ("size = 10", 'size = "large"', "size is a number"),
        ("size = 10", "size = 1000", "size is from 4 to 200"),
        ("size = 10", "size = 10\nbold = 1", "bold is true or false"),
        ("size = 10", 'size = 10\nalign = "up"', "align is one of left, center, right"),
        ("size = 10", "size = 10\nalign = [1]", "align is text"),
        ("row = 6", "row = 0", "row is 0"),
        ("[[both.text]]", "[both.text]", "write [[both.text]]"),
        ('say = "{rma}"', "say = 7", "say is text"),
        ('say = "{rma}"', 'say = "{rma}\\u202e"', "nobody can see"),
        ('say = "{rma}"', 'say = "{rma}\\n"', "nobody can see"),
        # words
        ('say = "{rma}"', 'say = "{rma} {rna}"', "no word 'rna'"),
        ('say = "{rma}"', 'say = "{rma} {title}"', "no word 'title'"),
        ('say = "{title}"', 'say = "{page}"', "no word 'page'"),
        ('say = "{rma}"', 'say = "{rma.__class__}"', "no word 'rma.__class__'"),
        ('say = "{rma}"', 'say = "{rma[0]}"', "no word 'rma[0]'"),
        ('say = "{rma}"', 'say = "{}"', "no word ''"),
        ('say = "{rma}"', 'say = "{rma!r}"', "alone in its braces"),
        ('say = "{rma}"', 'say = "{rma:>999999999}"', "alone in its braces"),
        ('say = "{rma}"', 'say = "{rma"', "both.text 1"),
        ("size = 10", 'size = 10\nwhen = "raining"', "no word 'raining'"),
    ],
)
def test_a_bad_file_is_a_clear_error(found: str, put: str, said: str) -> None:
    """The error names the file, the place and what is wrong there; words cannot reach into Python."""
    assert found in MINIMAL
    assert said in refused(MINIMAL.replace(found, put, 1))


@pytest.mark.parametrize(
    ("found", "put", "said"),
    [
        (
            "box = [1, 1, 50, 8]",
            "box = [11, 1, 50, 8]",
            'first.text "{rma}" [11, 1, 50, 8] does not stay within 60 x 60',
        ),
        ("box = [1, 20, 48, 28]", "box = [1, 40, 48, 28]", "next.goods does not stay within 60 x 60"),
        ("box = [0, 0, 48, 6]", "box = [0, 1, 48, 6]", "does not stay within 48 x 6"),
        ("row = 6", "row = 20", "first.goods holds no row"),
        ("box = [1, 10, 58, 8]", "box = [1, 8, 58, 8]", "overlaps"),
        ("box = [1, 20, 48, 12]", "box = [1, 30, 48, 12]", "others.goods overlaps others.cases"),
        ("box = [1, 20, 48, 19]", "box = [1, 16, 48, 19]", "overlaps first.goods"),
        ("box = [0, 7, 58, 6]", "box = [0, 6, 58, 6]", "overlaps"),
        ("box = [1, 10, 58, 8]", "box = [1, 10, 30, 8]", "quiet zones"),
        ("box = [1, 10, 58, 8]", "box = [1, 10, 58, 5]", "lower than 6 mm"),
        ("box = [0, 0, 58, 7]", "box = [0, 0, 30, 7]", "others.cases.bars"),
        ("box = [1, 1, 50, 8]", "box = [1, 1, 50, 2]", "no room for words of 6 pt"),
        ("box = [1, 1, 50, 8]", "box = [1, 1, 5, 8]", "no room for words of 6 pt"),
        ("size = 10", "size = 5", "below its smallest"),
        (NUMBER, NUMBER + '\nwhen = "waybill"', "no text that always says {rma}"),
        (BARS, BARS + '\nunless = "waybill"', "no bars that always say {rma}"),
        (
            '[[others.cases.bars]]\nsay = "{rma}"',
            '[[others.cases.bars]]\nsay = "{order_id}"',
            "others.cases has no bars",
        ),
        (NUMBER, NUMBER + '\n[[both.qr]]\nsay = "{qr}"\nbox = [1, 50, 9, 9]', "quiet zones"),
    ],
)
def test_a_layout_that_cannot_be_printed_is_refused(found: str, put: str, said: str) -> None:
    """Off the paper, in the way of another, too small for a code with its quiet zones: the error says which box."""
    assert found in MINIMAL
    assert said in refused(MINIMAL.replace(found, put, 1))


def test_boxes_of_which_a_label_shows_but_one_may_share_a_place() -> None:
    """A waybill's text and the line to write one on are never together."""
    shared = "box = [1, 40, 48, 8]\nsize = 10\n"
    one = f'[[first.text]]\nsay = "{{waybill}}"\nwhen = "waybill"\n{shared}'
    other = f'[[first.text]]\nsay = "Waybill"\nunless = "waybill"\n{shared}'
    assert isinstance(read_layout(MINIMAL + one + other, "test.toml"), Layout)
    assert "overlaps" in refused(MINIMAL + one + other.replace('unless = "waybill"\n', ""))


def test_a_shop_moves_and_renames_things_without_code() -> None:
    """A box moved in a copy of the standard layout moves on the label, and so does another title."""
    standard = standard_layout("100x150")
    own = standard.replace('say = "订单号 Order"\nbox = [3,', 'say = "订单 No."\nbox = [5,')
    assert own != standard
    form = LabelForm("100x150", layout=own, layout_name="my.toml")
    before, after = (recorded(LABEL, layout=load_layout(each)).pages[0] for each in (LabelForm("100x150"), form))
    old, new = (next(line for line in page.lines if line.words.startswith("订单")) for page in (before, after))
    assert (old.words, new.words) == ("订单号 Order", "订单 No.")
    assert new.extent.x - old.extent.x == pytest.approx(2)


def test_the_readme_shows_a_layout_as_it_is() -> None:
    """Every element of the README's example stands in the standard layout of 100 x 150 mm, shortened at most."""
    readme = (Path(asctl_labels.__file__).parent / "README.md").read_text(encoding="utf-8")
    example = tomllib.loads(readme.split("```toml")[1].split("```")[0])
    standard = tomllib.loads(standard_layout("100x150"))
    assert example["paper"] == standard["paper"]
    table, whole = example["first"].pop("goods"), standard["first"]["goods"]
    assert (table["box"], table["row"]) == (whole["box"], whole["row"])
    for shown, there in ((example["both"], standard["both"]), (example["first"], standard["first"]), (table, whole)):
        for kind in {"text", "bars", "rule"} & set(shown):
            for element in shown[kind]:
                assert any(element.items() <= other.items() for other in there[kind]), element


def test_a_layout_of_ones_own_is_for_its_size() -> None:
    """A layout for another paper would be cut off by the printer; the error names both papers and the file."""
    form = LabelForm("76x130", layout=standard_layout("100x150"), layout_name="my.toml")
    with pytest.raises(BadConfiguration) as caught:
        load_layout(form)
    assert caught.value.code == "bad_label_layout"
    assert "my.toml" in caught.value.message
    assert "[100, 150]" in caught.value.message
    assert "[76, 130]" in caught.value.message


def test_a_bad_layout_of_ones_own_is_named_where_it_came_from() -> None:
    """The message carries the name that the form gives."""
    with pytest.raises(BadConfiguration) as caught:
        load_layout(LabelForm("a6", layout="paper = []", layout_name="shops/outlet/a6.toml"))
    assert "shops/outlet/a6.toml" in caught.value.message
