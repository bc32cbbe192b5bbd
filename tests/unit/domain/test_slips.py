"""What somebody may have meant."""

from __future__ import annotations

from asctl.domain.slips import did_you_mean, nearest


def test_the_nearest_words_best_first() -> None:
    """A slip is answered with the known words that are like it, each once."""
    assert nearest("zt", ["sf", "zto", "zto", "yto"]) == ("zto",)
    assert did_you_mean("jsn", ["json", "ndjson", "table"]) == "did you mean json or ndjson?"


def test_nothing_is_guessed_where_nothing_is_near() -> None:
    """A word like none of the known ones gets no question."""
    assert did_you_mean("xyz", ["table", "csv"]) == ""
