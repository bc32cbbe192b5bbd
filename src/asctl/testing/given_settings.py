"""The settings that a provider is given, which tell what else it asks them for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from asctl.domain.slips import did_you_mean


class GivenSettings(dict[str, object]):
    """As any mapping of settings. Of a name that the spec does not declare, ``tell`` gets a line: to a user it would always be
    empty."""

    def __init__(self, values: Mapping[str, object], tell: Callable[[str], None]) -> None:
        super().__init__(values)
        self._tell = tell

    def get(self, name: str, default: Any = None) -> Any:
        """As of any mapping."""
        self._look_up(name)
        return super().get(name, default)

    def __getitem__(self, name: str) -> object:
        self._look_up(name)
        return super().__getitem__(name)

    def _look_up(self, name: str) -> None:
        if name not in self:
            hint = did_you_mean(name, self)
            self._tell(f"it reads the setting {name}, which the spec does not declare{f'; {hint}' if hint else ''}")
