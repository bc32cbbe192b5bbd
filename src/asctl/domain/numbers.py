"""RMA numbers: ``RMA`` + yymmdd + running number + one check character (ISO 7064 MOD 37,36)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from asctl.domain.errors import BadInput
from asctl.domain.identifiers import clean_identifier
from asctl.text import _

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SHAPE = re.compile(r"RMA\d{6}\d{4,}[0-9A-Z]")


def check_character(body: str) -> str:
    """The MOD 37,36 check character of upper-case letters and digits."""
    product = 36
    for character in body:
        subtotal = (product + _ALPHABET.index(character)) % 36 or 36
        product = subtotal * 2 % 37
    return _ALPHABET[(37 - product) % 36]


def rma_number(day: date, running: int) -> str:
    """The number of the ``running``-th RMA of a day; four digits, more when a day has more than 9,999."""
    body = f"RMA{day:%y%m%d}{running:04d}"
    return body + check_character(body)


def is_rma_number(text: str) -> bool:
    """Whether shape and check character are right."""
    return bool(_SHAPE.fullmatch(text)) and check_character(text[:-1]) == text[-1]


def clean_rma_number(text: str) -> str:
    """Trim, upper-case and check an RMA number. Raises :class:`BadInput` when it is mistyped."""
    cleaned = clean_identifier(text).replace(" ", "").replace("-", "")
    if not is_rma_number(cleaned):
        raise BadInput(
            _("{text!r} is not an RMA number: its check character does not fit").format(text=cleaned[:40]),
            code="bad_rma_number",
            hint=_("compare it with the label, or find it with: asctl rma list --order ORDER"),
        )
    return cleaned


def likely_numbers(mistyped: str) -> Iterator[str]:
    """Right numbers that one slip away from ``mistyped``: a wrong character or two neighbours swapped."""
    text = clean_identifier(mistyped)
    if not re.fullmatch(r"[0-9A-Z]{14,20}", text):
        return
    slips = (text[:i] + text[i + 1] + text[i] + text[i + 2 :] for i in range(len(text) - 1))
    typos = (text[:i] + c + text[i + 1 :] for i in range(len(text)) for c in _ALPHABET)
    yield from dict.fromkeys(number for source in (slips, typos) for number in source if is_rma_number(number))
