"""Docstrings and tables as Markdown that is read as easily in a terminal."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterable, Iterator, Sequence

WIDTH = 100
_CODE = re.compile(r"`[^`]*`")
_ROLE = re.compile(r":(class|exc|func|data|meth|mod|attr):`~?([\w.]+)`")


def prose(docstring: str, public: Collection[str]) -> str:
    """A docstring as Markdown: roles become links to what is ``public``, else code; indented blocks become Python."""
    parts = []
    for block in re.split(r"\n{2,}(?! {4})", docstring.strip()):
        text, *code = re.split(r"\n{2,}(?= {4})", block)
        parts.append(_paragraph(inline(text.removesuffix("::") + (":" if text.endswith("::") else ""), public)))
        if code:
            parts.append(python(textwrap.dedent("\n\n".join(code))))
    return "\n\n".join(parts)


def inline(text: str, public: Collection[str]) -> str:
    """Roles and double backquotes of one piece of text."""

    def linked(match: re.Match[str]) -> str:
        role, target = match.groups()
        last = target.rpartition(".")[2]
        if role == "meth":
            return f"`{'.'.join(target.split('.')[-2:])}()`"
        return f"`{target}`" if role == "mod" else f"[{last}]" if last in public else f"`{last}`"

    return _ROLE.sub(linked, text).replace("``", "`")


def _paragraph(text: str) -> str:
    """Filled lines; items of a list each on their own."""
    pieces = re.split(r"\n(?=- )", text)
    return "\n".join(item(piece) if piece.startswith("- ") else fill(piece) for piece in pieces)


def fill(text: str) -> str:
    """One paragraph."""
    return _filled(text, "")


def item(text: str) -> str:
    """One item of a list, its further lines below its words."""
    return _filled(text, "  ")


def _filled(text: str, indent: str) -> str:
    """What stands in backquotes stays on one line."""
    whole = _CODE.sub(lambda match: match[0].replace(" ", "\0"), " ".join(text.split()))
    lines = textwrap.wrap(whole, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines).replace("\0", " ")


def python(code: str) -> str:
    """A block of Python."""
    return f"```python\n{code.strip()}\n```"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose columns stand below each other, but for the last one."""
    lines = [heads, *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads) - 1)]
    return "\n".join(_table_lines(lines, widths))


def _table_lines(lines: Sequence[Sequence[str]], widths: Sequence[int]) -> Iterator[str]:
    for place, line in enumerate(lines):
        padded = [cell.ljust(width) for cell, width in zip(line, widths, strict=False)]
        yield f"| {' | '.join([*padded, line[-1]])} |"
        if not place:
            yield f"| {' | '.join('-' * width for width in [*widths, 3])} |"


def page(*parts: str) -> str:
    """A whole document from its parts; empty ones are left out."""
    return "\n\n".join(part for part in parts if part) + "\n"
