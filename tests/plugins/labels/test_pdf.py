from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import cast

import pypdfium2
import pytest

from asctl.api import BadInput, Context, LabelContent, LabelForm
from asctl_labels import fonts
from asctl_labels.elements import Box
from asctl_labels.layout import load_layout
from asctl_labels.pdf import PdfLabels
from tests.plugins.labels.samples import LABEL, document, goods, hostile_label, page_text, render

MM = 72 / 25.4
ROUNDING = 0.05  # mm


def within(box: Box, x: float, y: float) -> bool:
    """Whether a point, in mm, is inside a box."""
    return -ROUNDING <= x - box.x <= box.w + ROUNDING and -ROUNDING <= y - box.y <= box.h + ROUNDING


def test_a_label_says_all_that_it_must() -> None:
    """RMA number, order, waybill, customer, contact, address, goods, reason, dates and approver can be read (T10, R11, R12)."""
    text = page_text(document(LABEL)[0])
    for said in (
        "RMA2611210001X",
        "4012345678901234567",
        "SF1234567890123",
        "顺丰速运",
        "王**",
        "138********",
        "晨光售后仓",
        "021-5555 0123",
        "上海市青浦区华新镇示范路 88",
        "北欧风陶瓷马克杯 350ml 磨砂白",
        "MUG-350-WH",
        "质量问题",
        "退货 / RETURN",
        "晨光家居旗舰店",
        "2026-12-06",
        "8012",
        "2026-11-21",
        "共 2 种 3 件",
    ):
        assert said in text


def test_the_page_is_the_labels_size() -> None:
    """100 by 150 mm, to a hundredth of a point, and printed without scaling unless somebody asks for it."""
    pdf = document(LABEL)
    assert pdf[0].get_size() == pytest.approx((100 * MM, 150 * MM), abs=0.01)
    assert b"/PrintScaling /None" in render([LABEL])[1]


@pytest.mark.parametrize(("said", "when_reprint"), [("补打", True), ("补打", False)])
def test_a_reprint_says_so(said: str, when_reprint: bool) -> None:
    """The mark stands on reprints and only there."""
    assert (said in page_text(document(replace(LABEL, reprint=when_reprint))[0])) is when_reprint


def test_without_waybill_there_is_a_line_to_write_it_on() -> None:
    """A customer who ships by himself finds where courier and waybill belong."""
    text = page_text(document(replace(LABEL, waybill="", courier=""))[0])
    assert "快递公司" in text
    assert "运单号 Waybill no." in text
    assert "Waybill no." not in page_text(document(LABEL)[0])


def test_goods_go_on_with_the_number_repeated() -> None:
    """Every line of goods is on one of the pages, and each page names the RMA and itself."""
    label = replace(LABEL, goods=goods(20))
    rendered, _ = render([label])
    texts = [page_text(page) for page in document(label)]
    assert rendered.pages == (len(texts),) == (3,)
    for number, text in enumerate(texts, 1):
        assert label.rma in text
        assert f"第 {number}/3 页" in text
    words = " ".join(texts).split()
    assert [word for word in words if word.startswith("SKU-")] == [line.sku for line in label.goods]


def test_pages_are_counted_for_each_label_in_order() -> None:
    """One file holds all labels in the order given."""
    labels = [replace(LABEL, rma=f"RMA26112100{n}X", goods=goods(lines)) for n, lines in ((11, 3), (12, 4), (13, 0))]
    rendered, _ = render(labels)
    assert rendered.pages == (1, 2, 1)
    pages = [page_text(page) for page in document(*labels)]
    assert [next(label.rma for label in labels if label.rma in text) for text in pages] == [
        labels[number].rma for number in (0, 1, 1, 2)
    ]


def test_hostile_text_stays_in_its_boxes() -> None:
    """With attacks in every free text each visible character is inside a box of the layout, and none is invisible."""
    layout = load_layout(LabelForm("100x150"))
    label = hostile_label()
    pages = layout.sheets(len(label.goods), len(label.others))
    for page, sheet in zip(document(label), pages, strict=True):
        places = [part.box for part in (*sheet.texts, *sheet.tables)]
        text = page.get_textpage()
        for at in range(text.count_chars()):
            left, bottom, right, top = (edge / MM for edge in text.get_charbox(at))
            x, y = (left + right) / 2, layout.height - (bottom + top) / 2
            assert any(within(box, x, y) for box in places), (x, y)
        assert not set(text.get_text_range()) & set("\u202e\x00\x07\u200b\t")


def test_rare_characters_are_drawn_or_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """U+4DAE is in the first font, U+9FF0 in the second; U+20BB7, which none has, shows its code point and is reported."""
    monkeypatch.setattr(fonts, "FONT_FOLDERS", (str(tmp_path),))
    label = replace(LABEL, customer="䶮𠮷鿰龘")
    rendered, pdf = render([label])
    assert rendered.missing == {"𠮷"}
    text = page_text(pypdfium2.PdfDocument(pdf)[0])
    assert "䶮" in text
    assert "鿰龘" in text
    assert "20B" in text
    assert "B7" in text


def test_the_same_label_is_the_same_file() -> None:
    """Not a byte differs between two processes with different hash seeds."""
    program = "import hashlib; from tests.plugins.labels.samples import *; print(hashlib.sha256(render([LABEL])[1]).hexdigest())"
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


@pytest.mark.parametrize(
    ("label", "code"),
    [
        (replace(LABEL, waybill="A" * 40), "unprintable_code"),
        (replace(LABEL, waybill="运单"), "unprintable_code"),
        (replace(LABEL, rma=""), "unprintable_code"),
        (replace(LABEL, qr="4" * 600), "unprintable_code"),
    ],
)
def test_a_number_that_no_scanner_could_read_stops_the_file(label: LabelContent, code: str) -> None:
    """The error names the RMA, and nothing is written, not even the good labels before it."""
    out = io.BytesIO()
    with pytest.raises(BadInput) as caught:
        PdfLabels(cast(Context, None)).render([LABEL, label], LabelForm("100x150"), out)
    assert caught.value.code == code
    assert label.rma in caught.value.message
    assert out.getvalue() == b""
