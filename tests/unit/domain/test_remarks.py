from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.domain.errors import BadInput
from asctl.domain.remarks import COURIER_CONTACTED, appended, dated, holds_line, one_line, stamped

NOW = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)


def test_query_remark_has_words_number_and_date() -> None:
    """R82, T12: fixed wording, own staff number, date (in China it is already the next day)."""
    assert dated(COURIER_CONTACTED, "8012", NOW) == "已联系快递，等待回复 8012 2026-11-21"


def test_change_remark_has_the_time() -> None:
    """R80, T13: reason, staff number and time, on one line whatever was typed."""
    assert stamped("改地址\n 上海", "8012", NOW) == "改地址 上海 8012 2026-11-21 01:30"


def test_what_stood_there_stays() -> None:
    """A remark is appended to, never replaced."""
    assert appended("VIP 先联系", "新的一行", 1000) == "VIP 先联系\n新的一行"
    assert appended("  ", "新的一行", 1000) == "新的一行"


@given(
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=400),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=30),
)
def test_byte_budget_is_kept_in_both_encodings(standing: str, line: str) -> None:
    """Whatever passes is within 1,000 bytes in UTF-8 and in GBK and ends with the line; the rest is refused, not cut."""
    try:
        whole = appended(standing, line, 1000)
    except BadInput as error:
        assert error.code == "remark_too_long"
        return
    assert len(whole.encode("utf-8")) <= 1000
    assert len(whole.encode("gb18030")) <= 1000
    assert whole.endswith(line)


def test_line_is_found_as_a_line() -> None:
    """Only a whole line counts as standing there already."""
    assert holds_line("甲\n 乙 8012 2026-11-21 \n丙", "乙 8012 2026-11-21")
    assert not holds_line("甲 乙 8012 2026-11-21 丙", "乙 8012 2026-11-21")


@pytest.mark.parametrize("text", ["", "  ", "\n\t", "\x00", "\ud800"])
def test_a_remark_says_something(text: str) -> None:
    """Blanks, control characters and broken ones are no remark."""
    with pytest.raises(BadInput) as caught:
        one_line(text)
    assert caught.value.code == "empty_text"


def test_what_cannot_be_stored_is_left_out() -> None:
    """A NUL or half a character in a text is dropped, the rest stays."""
    assert one_line("改\x00地址\ud83d 上海") == "改 地址 上海"
