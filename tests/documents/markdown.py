"""What the documents hold: fenced blocks, tables, links, and the commands that they tell people to type."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh-CN.md")
_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: the word behind the opening fence, and the lines within."""

    language: str
    text: str


def read(name: str) -> str:
    """A document by its path in the checkout."""
    return (ROOT / name).read_text("utf-8")


def blocks(text: str, *languages: str) -> list[Block]:
    """The fenced blocks in order, all or those in these languages."""
    found = [Block(*match.groups()) for match in _FENCE.finditer(text)]
    return [block for block in found if not languages or block.language in languages]


def prose(text: str) -> str:
    """The text without its fenced blocks."""
    return _FENCE.sub("", text)


def spans(text: str) -> list[str]:
    """What stands in backquotes."""
    return re.findall(r"`([^`\n]+)`", text)


def links(text: str) -> list[str]:
    """The targets of all links and pictures."""
    return re.findall(r"\]\(([^)\s]+)\)", prose(text))


def table(text: str, *first_header: str) -> list[list[str]]:
    """The rows, as cells, of the first table whose first heading is one of these; empty where there is none."""
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith("|") and _cells(line)[0] in first_header:
            next(lines)
            return [_cells(row) for row in _while_table(lines)]
    return []


def typed(text: str) -> list[list[str]]:
    """The arguments of every ``asctl`` in shell blocks and transcripts."""
    lines = [line for block in blocks(text, "sh", "cron") for line in block.text.splitlines()]
    shown = [line[2:] for block in blocks(text, "text") for line in block.text.splitlines() if line.startswith("$ ")]
    return [words for line in lines + shown for words in arguments(line)]


def named(text: str) -> list[list[str]]:
    """The arguments of every ``asctl`` in backquotes."""
    return [words for span in spans(prose(text)) for words in arguments(span)]


def arguments(line: str) -> Iterator[list[str]]:
    """The arguments of every ``asctl`` in a line of shell."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words: list[str] | None = None
    for token in [*lexer, ";"]:
        if set(token) <= set("();<>|&"):
            if words is not None:
                yield words[:-1] if token.startswith(">") and words[-1:] == ["2"] else words
            words = None
        elif words is not None:
            words.append(token)
        elif token.rpartition("/")[2] == "asctl":
            words = []


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def _while_table(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if not line.startswith("|"):
            return
        yield line
