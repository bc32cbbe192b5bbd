"""The values in a layout's TOML, each read as what its key stands for. Every reader raises :class:`ValueError` with a sentence.

``where`` is what the sentence calls the place, such as ``first.text 3 "{rma}"``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from string import Formatter
from typing import Any

from asctl.api import translate as _
from asctl_labels.elements import ALIGNMENTS, Box
from asctl_labels.text import invisible

Data = Mapping[str, Any]

_SIZES = (4.0, 200.0)  # pt
_LENGTHS = (0.0, 1000.0)  # mm


def keys(where: str, data: Data, known: Collection[str], required: Collection[str] = ()) -> None:
    """See that a table has no key that is not ``known``, and each that is ``required``."""
    prefix = where + ": " if where else ""
    for key in data:
        if key not in known:
            raise ValueError(
                _("{where}there is no key {key!r}, only {known}").format(where=prefix, key=key, known=", ".join(known))
            )
    for key in required:
        if key not in data:
            raise ValueError(_("{where}{key} is missing").format(where=prefix, key=key))


def table(where: str, value: object) -> Data:
    """A table of keys."""
    if not isinstance(value, dict):
        raise ValueError(_("{where} is a table of keys").format(where=where))
    return value


def tables(where: str, value: object) -> list[Data]:
    """A list of tables."""
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise ValueError(_("{where} is a list of tables: write [[{where}]]").format(where=where))
    return value


def number(where: str, value: object, limits: tuple[float, float] = _LENGTHS) -> float:
    """A number within limits, usually a length in mm."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(_("{where} is a number").format(where=where))
    least, most = limits
    if not least <= value <= most:
        raise ValueError(_("{where} is from {least:g} to {most:g}").format(where=where, least=least, most=most))
    return float(value)


def numbers(where: str, value: object, count: int) -> list[float]:
    """So many lengths in mm."""
    if not isinstance(value, list) or len(value) != count:
        raise ValueError(_("{where} is a list of {count} numbers").format(where=where, count=count))
    return [number(where, length) for length in value]


def box(where: str, value: object) -> Box:
    """``[x, y, width, height]`` in mm."""
    return Box(*numbers(where, value, 4))


def element_value(where: str, key: str, value: object, words: Collection[str]) -> Any:
    """What stands at a ``key`` of an element that may use ``words``."""
    if key in ("when", "unless"):
        return _word(f"{where}: {key}", value, words)
    if key == "say":
        return _say(where, value, words)
    return _PLAIN[key](f"{where}: {key}", value)


def _string(where: str, value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(_("{where} is text in quotes").format(where=where))
    return value


def _points(where: str, value: object) -> float:
    return number(where, value, _SIZES)


def _align(where: str, value: object) -> str:
    name = _string(where, value)
    if name not in ALIGNMENTS:
        raise ValueError(_("{where} is one of {names}").format(where=where, names=", ".join(ALIGNMENTS)))
    return name


def _flag(where: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(_("{where} is true or false").format(where=where))
    return value


def _word(where: str, value: object, words: Collection[str]) -> str:
    word = _string(where, value)
    if word not in words:
        raise ValueError(
            _("{where}: there is no word {word!r}, only {words}").format(
                where=where, word=word, words=", ".join(sorted(words))
            )
        )
    return word


def _say(where: str, value: object, words: Collection[str]) -> str:
    said = _string(f"{where}: say", value)
    if any(map(invisible, said)):
        raise ValueError(_("{where}: say holds a character that nobody can see").format(where=where))
    try:
        pieces = list(Formatter().parse(said))
    except ValueError as trouble:
        raise ValueError(f"{where}: {trouble}") from None
    for _literal, word, form, conversion in pieces:
        if word is not None:
            _word(where, word, words)
            if form or conversion:
                raise ValueError(_("{where}: {word} stands alone in its braces").format(where=where, word=word))
    return said


_PLAIN: Mapping[str, Callable[[str, object], object]] = {
    "box": box,
    "size": _points,
    "smallest": _points,
    "align": _align,
    "bold": _flag,
    "reverse": _flag,
}
