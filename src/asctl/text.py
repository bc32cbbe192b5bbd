"""Text for people: every message that a person reads goes through :func:`_`.

This module is below everything else and imports nothing at start, so that ``asctl --help`` stays cheap.
"""

from __future__ import annotations

import os
from collections.abc import Callable

_VARIABLES = ("ASCTL_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
_SIMPLIFIED = frozenset({"zh", "zh_cn", "zh_sg", "zh_hans"})
_FOLDER = os.path.join(os.path.dirname(__file__), "locale")
_catalogue: Callable[[str], str] | None = None


def _(message: str) -> str:
    """Return ``message`` in the language of ``ASCTL_LANG`` or the locale; English where there is no catalogue."""
    global _catalogue
    if _catalogue is None:
        _catalogue = _load()
    return _catalogue(message) if message else ""


def language() -> str:
    """``zh_CN`` or ``en``: what ``ASCTL_LANG`` asks for, else ``LC_ALL``, ``LC_MESSAGES`` or ``LANG``, the first that is set.

    Every Chinese in simplified characters is ``zh_CN``; traditional ones, and all other languages, are ``en``.
    """
    told = next(filter(None, map(os.environ.get, _VARIABLES)), "")
    name = told.partition(".")[0].partition("@")[0].replace("-", "_").lower()
    return "zh_CN" if name in _SIMPLIFIED or name.startswith("zh_hans_") else "en"


def teach_libraries() -> None:
    """Let libraries that use ``gettext`` by themselves, as click does, find their sentences in our catalogue."""
    if language() == "en":
        return
    import gettext

    os.environ["LANGUAGE"] = language()
    gettext.bindtextdomain("asctl", _FOLDER)
    gettext.textdomain("asctl")


def _load() -> Callable[[str], str]:
    """English is what the code says itself, and costs no catalogue."""
    if language() == "en":
        return str
    import gettext

    return gettext.translation("asctl", _FOLDER, [language()], fallback=True).gettext
