"""Text for people: every message that a person reads goes through :func:`_`.

This module is below everything else and imports nothing at start, so that ``asctl --help`` stays cheap.
"""

from __future__ import annotations

import os
from collections.abc import Callable

_catalogue: Callable[[str], str] | None = None


def _(message: str) -> str:
    """Return ``message`` in the language of ``ASCTL_LANG`` or the locale; English where there is no catalogue."""
    global _catalogue
    if _catalogue is None:
        _catalogue = _load()
    return _catalogue(message) if message else ""


def _load() -> Callable[[str], str]:
    language = os.environ.get("ASCTL_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    folder = os.path.join(os.path.dirname(__file__), "locale", language.split(".")[0])
    if not language or not os.path.isdir(folder):
        return str
    import gettext

    return gettext.translation("asctl", os.path.dirname(folder), [os.path.basename(folder)], fallback=True).gettext
