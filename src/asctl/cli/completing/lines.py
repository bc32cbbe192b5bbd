"""A command line as the shell has it so far: its words, and what of the last one stands there already."""

from __future__ import annotations

import shlex


def words_of(line: str) -> list[str]:
    """The words of a line that ends at the cursor, quotes taken away; the last is the one to complete, empty after a blank.

    A quotation that is still open ends with the line.
    """
    words: list[str] = []
    lexer = shlex.shlex(line, posix=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        words.extend(lexer)
    except ValueError:  # an open quotation, or a backslash at the very end
        return [*words, lexer.token]
    ended = line[-1:].isspace() and line[-2:-1] != "\\"
    return [*words, ""] if ended or not words else words


def standing_before(word: str, breaks: str) -> int:
    """How many characters of ``word`` the shell keeps: up to the last of those at which it begins a new word itself."""
    return 1 + max((word.rfind(mark) for mark in breaks), default=-1)
