"""Where a value came from: every setting can tell (house rule: value with origin)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from asctl.text import _

KeyPath = tuple[str, ...]
"""A setting's place: ``("watch", "slow_after")`` or ``("shops", "flagship", "app_key")``."""


class Source(StrEnum):
    """The four sources, strongest first."""

    OPTION = "option"
    ENVIRONMENT = "environment"
    FILE = "file"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Origin:
    """``place`` is the option's key, the variable's name or ``file:line``; empty for a default."""

    source: Source
    place: str = ""

    def __str__(self) -> str:
        if self.source is Source.OPTION:
            return _("option {name}").format(name=self.place)
        return self.place or _("default")

    @property
    def textual(self) -> bool:
        """Whether values from there are always text, to be read by the setting's type."""
        return self.source in (Source.OPTION, Source.ENVIRONMENT)


@dataclass(frozen=True, slots=True)
class Found:
    """A value as it was written, and where."""

    value: object
    origin: Origin


def dotted(path: KeyPath) -> str:
    """The key as people write it: ``shops.flagship.app_key``."""
    return ".".join(path)
