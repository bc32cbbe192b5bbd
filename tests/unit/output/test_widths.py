from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth, wcwidth

from asctl.output.widths import GAP, HEADER_PADDING, NARROWEST, NARROWEST_KEPT, fitted, shortened

TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=0x9FFF, exclude_categories=("Cc", "Cf")), max_size=60)
ROWS = st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=4)
HEADER = ("text", "remark", "mend")
KEPT = (False, False, True)


@given(TEXTS, st.integers(2, 50))
def test_shortened_text_fits(text: str, width: int) -> None:
    """What fits stays; what does not fits afterwards and ends with an ellipsis."""
    short = shortened(text, width)
    needed = sum(max(wcwidth(character), 0) for character in text)
    if needed <= width:
        assert short == text
    else:
        assert short.endswith("…")
        assert wcswidth(short) <= width


@given(ROWS, st.integers(50, 200))
def test_a_line_fits_and_kept_columns_lose_nothing(rows: list[tuple[str, ...]], room: int) -> None:
    """The cells of a line, with the gaps and the room that headers take, need no more than there is."""
    names, cells, wrapped = fitted(HEADER, rows, KEPT, room)
    columns = zip(names, *cells, strict=True)
    widths = [
        limit or max(wcswidth(name) + HEADER_PADDING, *map(wcswidth, column))
        for limit, (name, *column) in zip(wrapped, columns, strict=True)
    ]
    assert sum(widths) + GAP * 2 <= room
    assert [row[2] for row in cells] == [row[2] for row in rows]
    assert wrapped[:2] == [None, None]


def test_the_widest_gives_way_first() -> None:
    """A short column is not touched while a longer one can give."""
    names, (row,), wrapped = fitted(HEADER, [("a" * 12, "b" * 40, "c" * 30)], KEPT, 70)
    assert (names, row[0], row[2], wrapped) == (list(HEADER), "a" * 12, "c" * 30, [None] * 3)
    assert row[1] == "b" * 23 + "…"


def test_what_is_kept_is_wrapped_last() -> None:
    """Only when all else is as narrow as may be; and below a limit nothing goes at all."""
    _names, (row,), wrapped = fitted(HEADER, [("a" * 40, "b" * 40, "c" * 60)], KEPT, 60)
    assert [len(cell) for cell in row] == [NARROWEST, NARROWEST, 60]
    assert wrapped[2] == 60 - 2 * (NARROWEST + GAP)
    assert fitted(HEADER, [("a" * 40, "b" * 40, "c" * 60)], KEPT, 10)[2] == [None, None, NARROWEST_KEPT]
