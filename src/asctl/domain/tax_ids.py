"""Whether a tax ID can be right (reference/invoices.md section 3): shape and check character, no register asked."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from asctl.text import _

_CHARSET = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")
_AUTHORITIES = frozenset("123456789ANY")
_OLD_REGISTRATION = re.compile(r"[0-9]{6}[0-9A-Z]{9}")
_RARE_OLD_FORM = re.compile(r"[0-9A-Z]{17}|[0-9A-Z]{20}")
_IDENTITY_NUMBER = re.compile(r"[0-9]{17}[0-9X]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """``problem`` is empty where nothing is wrong, else ``empty``, ``length``, ``charset``, ``authority``, ``region``,
    ``checksum`` or ``old_form``; the ``sentence`` never shows the number. A ``warning`` may be passed over."""

    problem: str = ""
    warning: bool = False
    sentence: str = ""


RIGHT = Verdict()


def normalised(text: str) -> str:
    """Without blanks at its ends, in upper case; blanks and hyphens within stay, since they are errors."""
    return text.strip().upper()


def check_tax_id(text: str, mode: str = "strict", allow: Collection[str] = (), legacy: bool = False) -> Verdict:
    """Judge the tax ID of an enterprise: a unified social credit code (GB 32100-2015) or one of its forerunners.

    ``mode`` is that of the policy: ``warn`` makes a warning of every problem, ``off`` finds none. Numbers in ``allow`` are taken
    as they are. ``old_form`` is always a warning: 15 characters, and with ``legacy`` 17 and 20, have nothing to check.
    """
    number = normalised(text)
    if mode == "off" or number in {normalised(allowed) for allowed in allow}:
        return RIGHT
    if _OLD_REGISTRATION.fullmatch(number) or (legacy and _RARE_OLD_FORM.fullmatch(number)):
        return Verdict("old_form", True, _("is of an old form ({length} characters)").format(length=len(number)))
    return _judged(_credit_code_problem(number), number, mode)


def check_identity_number(text: str, mode: str = "strict") -> Verdict:
    """Judge the identity number of a natural person, which is no credit code and has a check character of its own."""
    number = normalised(text)
    return RIGHT if mode == "off" else _judged(_identity_problem(number), number, mode)


def _credit_code_problem(number: str) -> str:
    if not number:
        return "empty"
    if len(number) != 18:
        return "length"
    if not _CHARSET.issuperset(number):
        return "charset"
    if number[0] not in _AUTHORITIES:
        return "authority"
    if not number[2:8].isdecimal():
        return "region"
    # Imported here: the library loads a quarter of the standard library with it.
    from stdnum.cn import uscc

    return "" if uscc.calc_check_digit(number[:17]) == number[17] else "checksum"


def _identity_problem(number: str) -> str:
    if not number:
        return "empty"
    if len(number) != 18:
        return "length"
    if not _IDENTITY_NUMBER.fullmatch(number):
        return "charset"
    from stdnum.cn import ric

    return "" if ric.calc_check_digit(number) == number[17] else "checksum"


def _judged(problem: str, number: str, mode: str) -> Verdict:
    if not problem:
        return RIGHT
    sentences = {
        "empty": _("is missing"),
        "length": _("has {length} characters in place of 18").format(length=len(number)),
        "charset": _("has a character that cannot stand there"),
        "authority": _("begins with a character that no authority has"),
        "region": _("has no six digits of a region from its third character on"),
        "checksum": _("has a check character that does not fit the others"),
    }
    return Verdict(problem, mode == "warn", sentences[problem])
