from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageFilter

from asctl.api import LabelForm
from asctl_labels.layout import load_layout
from asctl_labels.marks import Block, dot_of
from asctl_labels.sheet import Sheet, label_surface
from asctl_labels.stencil import MM
from tests.plugins.labels.samples import LABEL, codes_of, goods, page_text, printed, random_label, render, scanned

DPI = 203
UNPRINTED = 4.2  # mm, the widest white edge of common office printers
QUARTERS = ((0, 0), (1, 0), (0, 1), (1, 1))


class Recorder:
    """A surface that remembers what it is told."""

    dot = dot_of(300)

    def __init__(self, width: float, height: float) -> None:
        self.size = width, height
        self.told: list[tuple[object, ...]] = []
        self.stamps: set[str] = set()

    def page(self) -> None:
        self.told.append(("page",))

    def stamp(self, name: str, draw: Callable[[], None]) -> None:
        if name not in self.stamps:
            self.stamps.add(name)
            draw()

    def text(
        self, x: float, baseline: float, line: str, size: float, *, bold: bool = False, white: bool = False
    ) -> None:
        self.told.append(("text", x, baseline, line, size, bold, white))

    def blocks(self, x: float, y: float, unit: tuple[float, float], blocks: Iterable[Block]) -> None:
        self.told.append(("blocks", x, y, unit, tuple(blocks)))


def sheets(*labels: object) -> list[Image.Image]:
    """The printed sheets of labels."""
    return [printed(page, DPI) for page in pypdfium2.PdfDocument(render(labels, "a4")[1])]


def quarter(sheet: Image.Image, place: int) -> Image.Image:
    """What remains of a sheet that was cut twice through its middle."""
    across, down = sheet.width / 2, sheet.height / 2
    column, row = QUARTERS[place]
    return sheet.crop((int(column * across), int(row * down), int((column + 1) * across), int((row + 1) * down)))


def test_labels_take_the_places_of_a_sheet_in_order() -> None:
    """Six labels, one of them with two pages, fill seven places of two A4 sheets; pages are those of labels."""
    labels = [random_label(seed) for seed in range(6)]
    labels[2] = replace(labels[2], goods=goods(6))
    rendered, pdf = render(labels, "a4")
    assert rendered.pages == (1, 1, 2, 1, 1, 1)
    document = pypdfium2.PdfDocument(pdf)
    assert [page.get_size() for page in document] == [pytest.approx((210 * MM, 297 * MM), abs=0.01)] * 2
    drawn = [printed(page, DPI) for page in document]
    head = sorted((labels[2].rma, labels[2].qr))
    expected = [codes_of(label) for label in labels]
    for place, codes in enumerate([*expected[:3], head, *expected[3:], []]):
        assert scanned(quarter(drawn[place // 4], place % 4)) == codes, place
    assert "第 2/2 页" in page_text(document[0])


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_an_uncut_sheet_scans(turn: int) -> None:
    """All codes of four labels are read from one sheet, and nothing else is."""
    labels = [random_label(seed) for seed in range(10, 14)]
    [sheet] = sheets(*labels)
    assert set(scanned(sheet, turn=turn)) == {code for label in labels for code in codes_of(label)}


def test_cuts_touch_no_label() -> None:
    """The marks stand within half a mm of where the sheet is cut, and no label has ink on them or beside them."""
    [one], [four] = (sheets(*labels) for labels in ([LABEL], [LABEL] * 4))
    across, down, near = one.width // 2, one.height // 2, round(0.5 / 25.4 * DPI)
    marks = ImageChops.invert(one)
    marks.paste(0, (0, 0, across - 2 * near, down - 2 * near))  # the label itself
    assert marks.histogram()[255] > 6 * 3 / 25.4 * DPI
    ink = ImageChops.invert(four)
    beside = marks.filter(ImageFilter.MaxFilter(7))
    assert ImageChops.multiply(ImageChops.subtract(ink, marks), beside).getbbox() is None
    marks.paste(0, (across - near, 0, across + near, one.height))
    marks.paste(0, (0, down - near, one.width, down + near))
    assert marks.getbbox() is None


def test_nothing_is_lost_at_the_edges_or_by_the_cuts() -> None:
    """Every box of a label on a sheet is inside its own quarter, and where office printers print."""
    layout = load_layout(LabelForm("a4"))
    recorder = Recorder(0, 0)
    sheet = Sheet(recorder)
    boxes = [part.box for page in layout.pages for part in (*page.elements, *page.tables)]
    for column, row in QUARTERS:
        sheet.page()
        for box in boxes:
            sheet.blocks(box.x * MM, box.y * MM, (box.w * MM, box.h * MM), ((0, 0, 1, 1),))
            _, x, y, (width, height), _ = recorder.told[-1]
            left, top, right, bottom = x / MM, y / MM, (x + width) / MM, (y + height) / MM
            assert left >= (105 if column else UNPRINTED)
            assert right <= (210 - UNPRINTED if column else 105)
            assert top >= (148.5 if row else UNPRINTED)
            assert bottom <= (297 - UNPRINTED if row else 148.5)


def test_codes_stay_on_the_dots() -> None:
    """What was on the printer's grid in a label is on it in every place of the sheet, for dots of any size."""
    recorder = Recorder(0, 0)
    sheet = Sheet(recorder)
    for _ in QUARTERS:
        sheet.page()
        sheet.blocks(7 * sheet.dot * MM, 9 * sheet.dot * MM, (1, 1), ())
    corners = {(told[1], told[2]) for told in recorder.told if told[0] == "blocks"}
    assert len(corners) >= 4
    for length in (length for corner in corners for length in corner):
        dots = length / MM / sheet.dot
        assert dots == pytest.approx(round(dots), abs=1e-6)


def test_each_place_has_its_own_stamps() -> None:
    """The fixed parts of a label are drawn once for each place, and the next sheet takes them over."""
    recorder = Recorder(0, 0)
    sheet = Sheet(recorder)
    for _ in range(9):
        sheet.page()
        sheet.stamp("head", lambda: sheet.text(1, 2, "头", 3))
    places = [(x, y) for kind, x, y, *_ in (told for told in recorder.told if told[0] == "text")]
    assert len(places) == len(set(places)) == 4
    assert [told[0] for told in recorder.told].count("page") == 3


def test_other_sizes_have_a_paper_of_their_own() -> None:
    """Only A4 is a sheet; its labels are those of A6."""
    a6, a4 = (load_layout(LabelForm(size)) for size in ("a6", "a4"))
    surface = label_surface("a6", a6, Recorder)
    assert isinstance(surface, Recorder)
    assert surface.size == pytest.approx((105 * MM, 148 * MM))
    assert a4 == a6
    assert isinstance(label_surface("a4", a4, Recorder), Sheet)
