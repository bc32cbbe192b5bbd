from __future__ import annotations

import io
import random
import tracemalloc
from dataclasses import replace

import pypdfium2
import pytest

from asctl_labels.canvas import PdfCanvas
from asctl_labels.fonts import Typefaces
from tests.plugins.labels.samples import APPROVED, page_text, printed, random_label, render

WIDTH, HEIGHT = 200.0, 100.0


def canvas() -> PdfCanvas:
    """A small page, ready to draw on."""
    fresh = PdfCanvas(WIDTH, HEIGHT, Typefaces(), APPROVED)
    fresh.page()
    return fresh


def opened(drawn: PdfCanvas) -> pypdfium2.PdfDocument:
    """The finished file in another reader."""
    out = io.BytesIO()
    drawn.save(out)
    return pypdfium2.PdfDocument(out.getvalue())


def test_a_stamp_is_drawn_once_and_shown_wherever_it_is_asked_for() -> None:
    """Each page that takes it shows it, in its own place among the rest, and others do not."""
    calls = []
    drawn = canvas()

    def stamp() -> None:
        calls.append("drawn")
        drawn.text(10, 50, "固定 fixed", 10)

    for text, stamped in (("one", True), ("two", False), ("three", True)):
        if text != "one":
            drawn.page()
        drawn.text(10, 20, text, 10)
        if stamped:
            drawn.stamp("fixed", stamp)
    assert calls == ["drawn"]
    assert [page_text(page) for page in opened(drawn)] == ["one 固定 fixed", "two", "three 固定 fixed"]


def test_blocks_touch_without_seams() -> None:
    """Neighbouring blocks at a place that is no whole dot leave no light between them: scanners stumble over it."""
    drawn = canvas()
    drawn.blocks(10.37, 10.41, (1.063, 20.11), [(x, 0, 1, 1) for x in range(100)])
    picture = opened(drawn)[0].render(scale=300 / 72).to_pil().convert("L")
    row = [picture.getpixel((x, 80)) for x in range(picture.width)]
    inked = [x for x, shade in enumerate(row) if shade < 255]
    assert all(shade == 0 for shade in row[inked[1] : inked[-1]])
    assert len(inked) == pytest.approx(106.3 / 72 * 300, abs=2)


def test_a_missing_character_is_seen_on_black_too() -> None:
    """In white words on a black box the mark is white, so that it does not vanish."""
    drawn = canvas()
    drawn.blocks(0, 0, (WIDTH, HEIGHT), ((0, 0, 1, 1),))
    drawn.text(10, 80, "\U0003fffd", 60, white=True)
    document = opened(drawn)
    picture = printed(document[0], 72)
    assert picture.crop((10, 20, 70, 90)).histogram()[255] > 200
    assert page_text(document[0]) == "3FF FD"


def test_bold_and_white_end_with_their_line() -> None:
    """The next line is black and plain again: its ink is that of a page without the lines before."""
    plain, after = canvas(), canvas()
    after.text(10, 30, "粗", 12, bold=True, white=True)
    for drawn in (plain, after):
        drawn.text(10, 80, "细 plain", 12)
    pictures = [opened(drawn)[0].render(scale=3).to_pil().crop((0, 180, 600, 300)) for drawn in (plain, after)]
    assert pictures[0].tobytes() == pictures[1].tobytes()


def test_finished_pages_take_no_memory() -> None:
    """Of pages of 2 kB each that are drawn, only their places in the file are kept."""
    drawn, chance = canvas(), random.Random(1)

    def draw(pages: int) -> int:
        for _ in range(pages):
            drawn.blocks(0, 0, (1, 1), [(chance.getrandbits(14_000), 0, 1, 1)])
            drawn.page()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        few = draw(800)
        assert draw(800) - few < 800 * 100
    finally:
        tracemalloc.stop()


def test_a_label_takes_little_of_the_file() -> None:
    """A hundred more labels with Chinese texts of their own take at most 4 kB each."""
    labels = [replace(random_label(seed), customer=f"{chr(0x4E00 + seed)}**") for seed in range(110)]
    few, many = (len(render(labels[:count])[1]) for count in (10, 110))
    assert (many - few) / 100 < 4_000
