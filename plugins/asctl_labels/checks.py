"""What is wrong with a layout although each of its values is right: boxes off the paper, in each other's way, too small."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from asctl.api import translate as _
from asctl_labels.elements import Bars, Box, Element, Layout, Panel, Qr, Rule, Table, Text
from asctl_labels.marks import UnprintableCodeError, bar_mark, qr_mark
from asctl_labels.surface import MM
from asctl_labels.text import LEADING
from asctl_labels.words import TYPICAL

_WIDEST = 3.0  # em; no character is wider
_ROUNDING = 0.01  # pt
_LEAST_BARS = 6.0  # mm; a scanner's line must cross lower bars at a right angle, and nobody holds it so


def flaws(layout: Layout) -> Iterator[str]:
    """One sentence for each flaw; none for a layout that prints."""
    for page in layout.pages:
        yield from _panel_flaws(page, Box(0, 0, layout.width, layout.height))
        yield from _number_flaws(page)
        if page.cases:
            yield from _number_flaws(page.cases.panel)
        for table in page.tables:
            yield from _table_flaws(table, Box(0, 0, layout.width, layout.height))
        yield from _collisions(page, page.tables)


def _panel_flaws(panel: Panel, room: Box) -> Iterator[str]:
    for element in panel.elements:
        if not room.holds(element.box):
            yield _("{what} does not stay within {w:g} x {h:g} mm").format(
                what=_named(panel, element), w=room.w, h=room.h
            )
        if isinstance(element, Text):
            yield from _text_flaws(_named(panel, element), element)
        elif isinstance(element, Bars | Qr):
            yield from _code_flaws(_named(panel, element), element)


def _text_flaws(what: str, text: Text) -> Iterator[str]:
    """No room for a single line in the smallest size."""
    if text.smallest > text.size:
        yield _("{what} has a size below its smallest, {size:g} pt").format(what=what, size=text.smallest)
    if text.smallest * LEADING > text.box.h * MM + _ROUNDING or text.smallest * _WIDEST > text.width * MM:
        yield _("{what} has no room for words of {size:g} pt").format(what=what, size=text.smallest)


def _code_flaws(what: str, code: Bars | Qr) -> Iterator[str]:
    """No room for numbers of usual length, with quiet zones, in modules that scan."""
    typical = code.say.format_map(defaultdict(lambda: "0", TYPICAL))
    try:
        if isinstance(code, Bars):
            bar_mark(typical, code.box.w)
        else:
            qr_mark(typical, min(code.box.w, code.box.h))
    except UnprintableCodeError as trouble:
        yield _("{what} cannot hold {text!r} with quiet zones: {why}").format(what=what, text=typical, why=trouble)
    if isinstance(code, Bars) and code.box.h < _LEAST_BARS:
        yield _("{what} is lower than {least:g} mm").format(what=what, least=_LEAST_BARS)


def _number_flaws(panel: Panel) -> Iterator[str]:
    """A page that got apart, and a case in a list, must say which case it is, to people and to scanners."""
    always = [element for element in panel.elements if not (element.when or element.unless)]
    if not any(isinstance(element, Bars) and element.say == "{rma}" for element in always):
        yield _("{page} has no bars that always say {word}").format(page=panel.name, word="{rma}")
    if not any(isinstance(element, Text) and "{rma}" in element.say for element in always):
        yield _("{page} has no text that always says {word}").format(page=panel.name, word="{rma}")


def _table_flaws(table: Table, paper: Box) -> Iterator[str]:
    if not paper.holds(table.box):
        yield _("{what} does not stay within {w:g} x {h:g} mm").format(what=table.panel.name, w=paper.w, h=paper.h)
    if table.rows < 1:
        yield _("{what} holds no row").format(what=table.panel.name)
    yield from _panel_flaws(table.panel, Box(0, 0, table.box.w, table.row))
    yield from _collisions(table.panel, ())


def _collisions(panel: Panel, tables: tuple[Table, ...]) -> Iterator[str]:
    """Boxes that share a place, unless no label shows both; rules may cross each other."""
    for one, other in combinations(panel.elements, 2):
        rules = isinstance(one, Rule) and isinstance(other, Rule)
        if one.box.overlaps(other.box) and not one.never_beside(other) and not rules:
            yield _("{one} overlaps {other}").format(one=_named(panel, one), other=_named(panel, other))
    for at, table in enumerate(tables):
        for element in panel.elements:
            if table.box.overlaps(element.box):
                yield _("{one} overlaps {other}").format(one=_named(panel, element), other=table.panel.name)
        for other_table in tables[at + 1 :]:
            if table.box.overlaps(other_table.box):
                yield _("{one} overlaps {other}").format(one=table.panel.name, other=other_table.panel.name)


def _named(panel: Panel, element: Element) -> str:
    """``first.text "{rma}" [3, 14, 94, 13]``: enough to find it in the file."""
    kind = type(element).__name__.lower()
    box = ", ".join(f"{length:g}" for length in (element.box.x, element.box.y, element.box.w, element.box.h))
    said = f' "{element.say}"' if isinstance(element, Text | Bars | Qr) else ""
    return f"{panel.name}.{kind}{said} [{box}]"
