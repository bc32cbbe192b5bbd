from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PIL import Image

from asctl.api import BadInput, Context, LabelContent, LabelForm
from asctl_labels import fonts
from asctl_labels.png import PngLabels
from tests.plugins.labels.printers import dots, draw, limits, printed_pages
from tests.plugins.labels.samples import LABEL, goods, scanned


def picture(label: LabelContent, size: str = "100x150", dpi: int = 203) -> Image.Image:
    """The label's file, opened."""
    return Image.open(io.BytesIO(draw("png", [label], LabelForm(size, dpi))[1]))


@pytest.mark.parametrize("dpi", limits("png").dpis)
@pytest.mark.parametrize("size", limits("png").sizes)
def test_the_picture_is_the_paper_in_dots(size: str, dpi: int) -> None:
    """It has the paper's size, knows its resolution, and is black and white without grey."""
    image = picture(LABEL, size, dpi)
    assert image.format == "PNG"
    assert image.mode == "1"
    assert image.size == dots(size, dpi)
    assert image.info["dpi"] == pytest.approx((dpi, dpi), rel=0.001)


def test_pages_stand_below_each_other() -> None:
    """A label of several pages is one strip of whole papers, each of which names its RMA."""
    label = replace(LABEL, goods=goods(40))
    answer, _ = draw("png", [label], LabelForm("100x150", 203))
    width, height = dots("100x150", 203)
    assert answer.pages[0] > 1
    assert picture(label).size == (width, height * answer.pages[0])
    assert all(LABEL.rma in scanned(page) for page in printed_pages("png", [label], "100x150", 203))


def test_the_same_label_is_the_same_file() -> None:
    """Not a byte differs between two processes with different hash seeds, in dots as PNG and as ZPL."""
    program = (
        "import hashlib; from tests.plugins.labels.printers import *; from tests.plugins.labels.samples import LABEL; "
        "files = [draw(format, [LABEL], LabelForm('100x150', 203))[1] for format in ('png', 'zpl')]; "
        "print(*[hashlib.sha256(file).hexdigest() for file in files])"
    )
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


def test_missing_characters_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A character that no font has is told to whoever prints."""
    monkeypatch.setattr(fonts, "FONT_FOLDERS", (str(tmp_path),))
    answer, _ = draw("png", [replace(LABEL, customer="䶮𪚥")], LabelForm("100x150", 203))
    assert answer.missing == {"𪚥"}


@pytest.mark.parametrize(
    ("labels", "form", "code"),
    [
        ([LABEL, LABEL], LabelForm("100x150", 203), "one_label_a_file"),
        ([], LabelForm("100x150", 203), "no_labels"),
        ([LABEL], LabelForm("a0", 203), "unknown_size"),
        ([LABEL], LabelForm("100x150"), "unknown_dpi"),
        ([replace(LABEL, waybill="A" * 40)], LabelForm("100x150", 300), "unprintable_code"),
    ],
)
def test_what_is_no_picture_of_one_label_writes_nothing(
    labels: Iterable[LabelContent], form: LabelForm, code: str
) -> None:
    """Bad input is told by its code, and no byte is written."""
    out = io.BytesIO()
    with pytest.raises(BadInput) as caught:
        PngLabels(cast(Context, None)).render(labels, form, out)
    assert caught.value.code == code
    assert out.getvalue() == b""
