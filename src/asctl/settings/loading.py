"""From files, variables and options to :class:`Settings`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from asctl.settings.checking import core_problems
from asctl.settings.resolved import Settings
from asctl.settings.sources import config_path, gather


def load(path: Path | None, environ: Mapping[str, str], overrides: Mapping[str, str] | None = None) -> Settings:
    """The settings of this run; ``overrides`` are options by dotted key.

    No file at the default place means defaults only. Raises :class:`BadConfiguration` for the first thing that is wrong
    and can be seen without a plugin.
    """
    settings = load_unchecked(path, environ, overrides)
    for problem in core_problems(settings):
        raise problem
    return settings


def load_unchecked(
    path: Path | None, environ: Mapping[str, str], overrides: Mapping[str, str] | None = None
) -> Settings:
    """As :func:`load`, but only a file that cannot be read or parsed raises: for `config check`, which tells the rest."""
    place, named = config_path(path, environ)
    return Settings(place, gather(place, named, environ, overrides or {}), environ)
