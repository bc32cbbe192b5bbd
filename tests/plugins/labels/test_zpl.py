from __future__ import annotations

import io
import re
import weakref
from collections.abc import Iterable
from dataclasses import replace
from typing import cast

import pytest
import zplkit
from PIL import Image, ImageChops
from zplkit.rendering import Limits

from asctl.api import BadInput, Context, LabelContent, LabelForm
from asctl_labels.zpl import ZplFile, ZplLabels
from tests.plugins.labels.printers import DOTS_PER_MM, dots, draw, limits, printed_pages, zpl_pages
from tests.plugins.labels.samples import HOSTILE, LABEL, codes_of, goods, hostile_label, random_label, scanned

_GRAPHIC = r"\^FO\d+,\d+\^GFA,\d+,\d+,\d+,:Z64:[A-Za-z0-9+/=]+:[0-9A-F]{4}\^FS\n"
_FORMAT = rf"\^XA\^PW\d+\^LL\d+\^LH0,0\^FWN\^LRN\^PMN\n(?:{_GRAPHIC})*\^XZ\n"


def zpl(*labels: LabelContent, size: str = "100x150", dpi: int = 203) -> str:
    """The file's text."""
    return draw("zpl", labels, LabelForm(size, dpi))[1].decode("ascii")


def rendered(text: str, dpi: int) -> list[Image.Image]:
    """What an independent renderer of ZPL shows; it stops at commands it does not know and at damaged graphics."""
    options = zplkit.Options(profile="specification", dpi=dpi)
    document = zplkit.render(text.encode(), options, limits=Limits(graphic_bytes=99_999))
    assert not document.warnings
    pictures = [label.rasterize() for label in document.labels]
    return [Image.frombytes("L", (picture.width, picture.height), picture.pixels) for picture in pictures]


@pytest.mark.parametrize("dpi", limits("zpl").dpis)
@pytest.mark.parametrize("size", limits("zpl").sizes)
def test_an_independent_renderer_shows_the_same_dots(size: str, dpi: int) -> None:
    """Another ZPL renderer, our reading of Zebra's rules, and the PNG of the same label agree on every dot."""
    (page,) = rendered(zpl(LABEL, size=size, dpi=dpi), dpi)
    assert page.size == dots(size, dpi)
    assert scanned(page) == codes_of(LABEL)
    for other in (*printed_pages("zpl", [LABEL], size, dpi), *printed_pages("png", [LABEL], size, dpi)):
        assert ImageChops.difference(page, other).getbbox() is None


def test_one_format_for_each_page_in_order() -> None:
    """One file holds all labels, each page a format of its own."""
    labels = [random_label(seed) for seed in range(3)] + [replace(LABEL, goods=goods(40))]
    answer, data = draw("zpl", labels, LabelForm("100x150", 203))
    pages = zpl_pages(data.decode())
    assert answer.pages[:3] == (1, 1, 1)
    assert len(pages) == sum(answer.pages)
    assert [scanned(page) for page in pages[:3]] == [codes_of(label) for label in labels[:3]]
    assert all(LABEL.rma in scanned(page) for page in pages[3:])


@pytest.mark.parametrize("label", [LABEL, hostile_label(), replace(LABEL, shop="^XZ~JR^XA^FDx^FS", customer="~DGR:A")])
def test_no_word_of_a_label_becomes_a_command(label: LabelContent) -> None:
    """The file is nothing but paper sizes, resets and packed graphics, whatever people write on a label."""
    text = zpl(label)
    assert re.fullmatch(f"(?:{_FORMAT})+", text)
    assert HOSTILE[:10] not in text


def test_fields_keep_to_the_limits_of_the_language() -> None:
    """The largest label at 300 dpi takes several graphic fields, none of more than 99,999 bytes, all on the paper."""
    text = zpl(LABEL, size="100x180", dpi=300)
    width, height = dots("100x180", 300)
    fields = [list(map(int, found)) for found in re.findall(r"\^FO(\d+),(\d+)\^GFA,(\d+),\d+,(\d+),", text)]
    assert len(fields) > 1
    for x, y, size, row in fields:
        assert size <= 99_999
        assert x + (row - 1) * 8 < width
        assert y + size // row <= height


def test_white_costs_nothing() -> None:
    """A page without ink is a format without graphics, and ink in a corner takes the room of the ink."""
    file = ZplFile()
    white, spot = Image.new("1", (800, 1200), 255), Image.new("1", (800, 1200), 255)
    spot.paste(0, (792, 1190, 800, 1200))
    file.add(white)
    file.add(spot)
    out = io.BytesIO()
    file.write(out)
    first, second = out.getvalue().decode().split("^XZ\n")[:2]
    assert "^GF" not in first
    assert "^FO792,1190^GFA,10,10,1,:Z64:" in second


def test_finished_pages_leave_the_memory() -> None:
    """A thousand labels take the memory of one: of a page that was added only its packed form is kept."""
    file = ZplFile()
    page = Image.new("1", (800, 1200), 255)
    gone = weakref.ref(page)
    file.add(page)
    del page
    assert gone() is None


def test_a_label_is_small() -> None:
    """Packed, a label of 100x150 mm takes less than a fifth of its dots, at any resolution."""
    for dpi in limits("zpl").dpis:
        plain = 100 * 150 * DOTS_PER_MM[dpi] ** 2 / 8
        assert len(zpl(LABEL, dpi=dpi)) < plain / 5


def test_damage_in_transit_is_seen() -> None:
    """A changed digit fails the check sum, both by the rules and in the independent renderer."""
    text = zpl(LABEL)
    at = text.index(":Z64:") + 100
    damaged = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
    with pytest.raises(ValueError, match="damaged"):
        zpl_pages(damaged)
    with pytest.raises(ValueError, match="CRC"):
        rendered(damaged, 203)


@pytest.mark.parametrize(
    ("labels", "form", "code"),
    [
        ([LABEL], LabelForm("a4", 203), "unknown_size"),
        ([LABEL], LabelForm("a0", 203), "unknown_size"),
        ([LABEL], LabelForm("100x150"), "unknown_dpi"),
        ([LABEL], LabelForm("100x150", 204), "unknown_dpi"),
        ([], LabelForm("100x150", 203), "no_labels"),
        ([LABEL, replace(LABEL, waybill="A" * 40)], LabelForm("100x150", 203), "unprintable_code"),
    ],
)
def test_what_cannot_be_printed_writes_nothing(labels: Iterable[LabelContent], form: LabelForm, code: str) -> None:
    """Bad input is told by its code, and no byte of the good labels before it is written."""
    out = io.BytesIO()
    with pytest.raises(BadInput) as caught:
        ZplLabels(cast(Context, None)).render(labels, form, out)
    assert caught.value.code == code
    assert out.getvalue() == b""
