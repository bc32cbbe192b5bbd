"""What somebody may have meant who mistyped a word."""

from __future__ import annotations

from collections.abc import Iterable

from asctl.text import _


def nearest(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """Up to three known words that ``word`` may be a slip of, best first."""
    import difflib

    return tuple(difflib.get_close_matches(word, list(dict.fromkeys(known)), n=3, cutoff=0.6))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The hint that asks for the nearest words; empty where none is near."""
    likely = nearest(word, known)
    return _("did you mean {names}?").format(names=_(" or ").join(likely)) if likely else ""
