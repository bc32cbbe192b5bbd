"""How far a call may go: time, size, proxy and certificates; all from ``[network]``."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from asctl.domain.errors import BadConfiguration
from asctl.text import _

MIB = 1024 * 1024


class NetworkSection(Protocol):
    """The part of the settings that is read here."""

    def section(self, name: str) -> dict[str, Any]:
        """All values of a section by their names."""
        ...


@dataclass(frozen=True, slots=True)
class NetworkLimits:
    """``total_timeout`` covers all attempts of one call; ``ca_bundle`` replaces the shipped certificates."""

    proxy: str | None = None
    ca_bundle: str | None = None
    connect_timeout: timedelta = timedelta(seconds=5)
    read_timeout: timedelta = timedelta(seconds=20)
    total_timeout: timedelta = timedelta(seconds=60)
    max_answer_mib: int = 16

    @classmethod
    def from_settings(cls, settings: NetworkSection) -> NetworkLimits:
        """The limits of this run. Raises :class:`BadConfiguration` ``ca_bundle_missing`` for certificates that are not there."""
        limits = cls(**settings.section("network"))
        if limits.ca_bundle and not os.path.exists(limits.ca_bundle):
            raise BadConfiguration(
                _("network.ca_bundle names {file}, which does not exist").format(file=limits.ca_bundle),
                code="ca_bundle_missing",
                hint=_("correct the path, or remove the setting to use the shipped certificates"),
            )
        return limits

    @property
    def max_bytes(self) -> int:
        """The largest answer, in bytes."""
        return self.max_answer_mib * MIB
