"""What stands on which page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from asctl.api import BadInput, LabelCase, LabelForm
from asctl_labels import SIZES
from asctl_labels.layout import load_layout
from asctl_labels.marks import bar_mark, qr_mark
from asctl_labels.surface import MM
from tests.plugins.labels.recorder import Drawn, Filled, recorded
from tests.plugins.labels.samples import LABEL, PARCEL, goods, random_label


def bars_of(page: Drawn) -> list[Filled]:
    """A page's barcodes: their blocks are one module high and all in one row."""
    return [code for code in page.codes if {(top, high) for _left, top, _wide, high in code.blocks} == {(0, 1)}]


@pytest.mark.parametrize("size", SIZES)
def test_a_parcel_of_several_cases_lists_them_all(size: str) -> None:
    """The first page names them; further pages give each its bars, number, order, kind and reason."""
    first, *rest = recorded(PARCEL, size=size).pages
    assert [word for word in " ".join(first.words).split() if word in {case.rma for case in PARCEL.others}] == [
        case.rma for case in PARCEL.others
    ]
    words = [word for page in rest for word in page.words]
    blocks = [bars.blocks for page in rest for bars in bars_of(page)]
    for case in PARCEL.others:
        assert {case.rma, case.order_id, case.kind, case.reason} <= set(words)
        assert blocks.count(bar_mark(case.rma, 70).blocks) == 1


@pytest.mark.parametrize("size", SIZES)
def test_many_cases_take_as_many_pages_as_their_table_needs(size: str) -> None:
    """Ten further cases fill one table after the other; each has its bars once, in order."""
    cases = tuple(LabelCase(f"RMA261120{number:04d}A", str(number), "退货", "其他") for number in range(1, 11))
    _first, *rest = recorded(replace(LABEL, others=cases), size=size).pages
    table = load_layout(LabelForm(size)).others.cases
    assert table is not None
    assert len(rest) == -(-len(cases) // table.rows)
    own = bar_mark(LABEL.rma, 70).blocks
    drawn = [bars.blocks for page in rest for bars in bars_of(page) if bars.blocks != own]
    assert drawn == [bar_mark(case.rma, 70).blocks for case in cases]


@pytest.mark.parametrize("size", SIZES)
def test_every_page_repeats_the_head(size: str) -> None:
    """However far pages get apart, each has number, its bars, the QR code, kind, reason and its page number."""
    pages = recorded(replace(PARCEL, goods=goods(40)), size=size).pages
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        assert {LABEL.rma, LABEL.kind, LABEL.reason, "补打", f"第 {number}/{len(pages)} 页"} <= set(page.words)
        codes = [code.blocks for code in page.codes]
        assert codes.count(bar_mark(LABEL.rma, 70).blocks) == 1
        assert codes.count(qr_mark(LABEL.qr, 22).blocks) == 1


@pytest.mark.parametrize("size", SIZES)
def test_no_line_of_goods_is_lost(size: str) -> None:
    """Over all pages of a parcel every line of goods appears once, in order, with the end of its case's number."""
    label = replace(PARCEL, goods=tuple(replace(line, rma=PARCEL.others[0].rma) for line in goods(30)))
    words = [word for page in recorded(label, size=size).pages for word in page.words]
    assert [word for word in words if word.startswith("SKU-")] == [line.sku for line in label.goods]
    assert words.count("…00427") == 30


def test_goods_of_a_single_case_do_not_repeat_its_number() -> None:
    """With one case in the parcel the column of numbers is free for the titles."""
    (page,) = recorded(replace(LABEL, goods=PARCEL.goods[:3])).pages
    assert not [word for word in page.words if word.startswith("…")]


def test_the_heading_of_goods_stands_over_goods_only() -> None:
    """A page that lists cases and has no goods left has no empty table."""
    label = replace(PARCEL, goods=PARCEL.goods[:2])
    first, others = recorded(label).pages
    assert "SKU" in first.words
    assert "SKU" not in others.words


def test_what_never_changes_is_stamped() -> None:
    """Constant words and rules come as stamps, and a stamp's name always means the same drawing."""
    labels = [random_label(seed) for seed in range(20)]
    recorder = recorded(*labels, PARCEL, replace(PARCEL, goods=goods(40)), replace(LABEL, waybill=""))
    stamped = [element for drawn in recorder.stamps.values() for element in drawn]
    assert {"订单号 Order", "寄回 Return to", "运单号 Waybill no.", "补打"} - {
        getattr(element, "words", "") for element in stamped
    } == {"补打"}
    fixed = sum(len(drawn) for name, drawn in recorder.stamps.items() if name.startswith("first:"))
    assert fixed > len(recorder.pages[0]) / 3


@pytest.mark.parametrize("size", SIZES)
def test_blocks_stand_on_the_printers_grid(size: str) -> None:
    """Corners of codes, rules and black boxes lie between dots, and modules are whole dots."""
    recorder = recorded(PARCEL, replace(LABEL, waybill=""), size=size)
    lengths = [
        length / MM / recorder.dot
        for page in recorder.pages
        for each in page
        if isinstance(each, Filled)
        for length in (each.x, each.y, *each.unit)
    ]
    assert lengths
    assert all(length == pytest.approx(round(length), abs=1e-6) for length in lengths)
    assert min(lengths) > 0


def test_a_bad_number_of_a_further_case_is_named() -> None:
    """The error says which case has a number that no barcode holds."""
    label = replace(LABEL, others=(LabelCase("RMA-运单", "1", "退货", "其他"),))
    with pytest.raises(BadInput, match="RMA-运单") as caught:
        recorded(label)
    assert caught.value.code == "unprintable_code"


def test_ten_thousand_lines_of_goods_are_pages_too() -> None:
    """No line is dropped however long the list is."""
    label = replace(LABEL, goods=goods(10_000))
    layout = load_layout(LabelForm("100x150"))
    expected = 1 + -(-(10_000 - layout.first.goods.rows) // layout.next.goods.rows)
    assert len(layout.sheets(len(label.goods), 0)) == expected
