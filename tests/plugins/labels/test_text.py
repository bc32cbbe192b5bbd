from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl_labels.fonts import Typefaces
from asctl_labels.text import LEADING, clean, fit, wrap

FACES = Typefaces()
CHARACTERS = "上海市青浦区，。（）《》ABCWil 0123-/.,iiii  "
TEXTS = st.text(CHARACTERS, max_size=300).map(clean)


def width(line: str) -> float:
    return sum(FACES.advances(line))


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  上海\n\t青浦  区 ", "上海 青浦 区"),
        ("a\u202eb\u2066c\u200bd\ufeffe", "abcde"),
        ("a\x00b\x07c\x1b[31md", "abc[31md"),
        ("葛\U000e0100城", "葛城"),
        ("e\u0301", "é"),
        ("a\ud800b", "ab"),
        ("<b>&amp;{rma}%s", "<b>&amp;{rma}%s"),
        ("\u2028\u3000", ""),
    ],
)
def test_cleaning_keeps_what_can_be_seen(text: str, cleaned: str) -> None:
    """Controls, bidi marks, half surrogates and selectors go, white space shrinks to one space, markup is just text."""
    assert clean(text) == cleaned


@given(TEXTS, st.floats(30, 300), st.floats(8, 80), st.floats(6.5, 34))
def test_text_never_leaves_its_box(text: str, wide: float, high: float, largest: float) -> None:
    """Whatever the text, every line is within the width and all of them are within the height."""
    fitted = fit(text, FACES, (wide, high), largest, smallest=6)
    assert all(width(line) * fitted.size <= wide + 1e-6 for line in fitted.lines)
    assert len(fitted.lines) * fitted.size * LEADING <= high + 1e-6
    assert 6 <= fitted.size <= largest


@given(TEXTS, st.floats(3, 40))
def test_wrapping_loses_nothing(text: str, limit: float) -> None:
    """The lines hold every character in order; only white space goes where a line ends."""
    lines = wrap(text, FACES.advances(text), limit)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_text_shrinks_before_it_wraps_and_wraps_before_it_is_cut() -> None:
    """A little too long shrinks, much too long wraps, far too long ends with an ellipsis."""
    box = (100, 16)
    short, longer, long, endless = (fit("货" * count, FACES, box, 10, 6) for count in (9, 12, 30, 300))
    assert (short.size, len(short.lines)) == (10, 1)
    assert 6 < longer.size < 10
    assert len(longer.lines) == 1
    assert (long.lines, long.size < 10) == (("货" * (n := len(long.lines[0])), "货" * (30 - n)), True)
    assert len(endless.lines) == 2
    assert endless.lines[-1].endswith("货…")


def test_words_and_brackets_stay_together() -> None:
    """Latin words are not broken where a line may end elsewhere; no line begins with a closing mark."""
    text = "青浦区 Online 栋，（三楼）"
    lines = wrap(text, FACES.advances(text), 6.5)
    assert "Online" in " ".join(lines)
    assert not any(line[0] in "，）" for line in lines)
