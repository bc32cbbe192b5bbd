"""The pictures in the plugin's README are of the labels that it draws today.

``UPDATE_PICTURES=1 pytest tests/plugins/labels/test_pictures.py`` draws them anew; look at each before it is committed.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import cast

import pypdfium2
import pytest
from PIL import Image, ImageChops

import asctl_labels
from asctl.api import Context, LabelContent, LabelForm
from asctl_labels.pdf import PdfLabels
from asctl_labels.png import PngLabels
from tests.plugins.labels.samples import LABEL, PARCEL, printed, random_label

ROOM = Path(asctl_labels.__file__).parent
DPI = 203
GAP, GREY = 12, 160
WITHOUT_WAYBILL = replace(random_label(7), waybill="", courier="", goods=LABEL.goods, reprint=False)


def from_pdf(size: str, *labels: LabelContent) -> Image.Image:
    """All pages of a PDF as a printer of 203 dpi prints them, side by side."""
    out = io.BytesIO()
    PdfLabels(cast(Context, None)).render(labels, LabelForm(size), out)
    return side_by_side([printed(page, DPI) for page in pypdfium2.PdfDocument(out.getvalue())])


def from_png(size: str, label: LabelContent) -> Image.Image:
    """A PNG as it is."""
    out = io.BytesIO()
    PngLabels(cast(Context, None)).render([label], LabelForm(size, dpi=DPI), out)
    return Image.open(out).convert("L")


def side_by_side(pages: Iterable[Image.Image]) -> Image.Image:
    """Pages on a grey table."""
    papers = list(pages)
    width = sum(paper.width + GAP for paper in papers) + GAP
    table = Image.new("L", (width, max(paper.height for paper in papers) + 2 * GAP), GREY)
    left = GAP
    for paper in papers:
        table.paste(paper, (left, GAP))
        left += paper.width + GAP
    return table


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "100x150": lambda: from_pdf("100x150", LABEL),
    "100x180": lambda: from_pdf("100x180", LABEL),
    "76x130": lambda: from_pdf("76x130", LABEL),
    "a6": lambda: from_pdf("a6", WITHOUT_WAYBILL),
    "a4": lambda: from_pdf("a4", LABEL, PARCEL, WITHOUT_WAYBILL),
    "parcel-100x150": lambda: from_pdf("100x150", PARCEL),
    "parcel-76x130": lambda: from_pdf("76x130", PARCEL),
    "png-100x150": lambda: from_png("100x150", LABEL),
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_is_of_todays_label(name: str) -> None:
    """Size and every pixel are what the renderer draws now."""
    file, drawn = ROOM / "pictures" / f"{name}.png", PICTURES[name]()
    if os.environ.get("UPDATE_PICTURES"):
        drawn.quantize(4).save(file, optimize=True)
    shown = Image.open(file).convert("L")
    hint = f"labels look different: look at them, then UPDATE_PICTURES=1 pytest {Path(__file__).name}"
    assert shown.size == drawn.size, hint
    assert ImageChops.difference(shown, drawn).getbbox() is None, hint


def test_the_readme_shows_every_picture_and_no_other_is_shipped() -> None:
    """Each picture is in the README and is drawn by a test."""
    readme = (ROOM / "README.md").read_text(encoding="utf-8")
    shipped = {file.stem for file in (ROOM / "pictures").iterdir()}
    assert shipped == set(PICTURES)
    assert all(f"pictures/{name}.png" in readme for name in PICTURES)
