"""Records by which a plugin says what it offers, so that listing it imports none of its providers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class ProviderKind(StrEnum):
    """Which list hook a spec came from; an account's section in the configuration follows from it."""

    ORDER_SOURCE = "order_source"
    COURIER = "courier"
    INVOICE = "invoice"
    LABEL = "label"
    NOTIFIER = "notifier"


class SettingType(StrEnum):
    TEXT = "text"
    SECRET = "secret"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DURATION = "duration"
    CHOICE = "choice"
    URL = "url"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting, declared once: its file key, variable, check, default and documentation all come from here.

    ``default`` is written as in the file (``None`` means none). ``help`` is one sentence in
    English, translated where it is shown. Values reach the provider as
    ``str``, ``int``, ``float``, ``bool``, ``timedelta`` (DURATION) or ``tuple[str, ...]`` (LIST).
    """

    name: str
    type: SettingType
    help: str
    default: str | int | float | bool | tuple[str, ...] | None = None
    required: bool = False
    choices: tuple[str, ...] = ()


class WriteClass(StrEnum):
    """What the far side does with a repeat (design section 3)."""

    KEYED = "keyed"
    VERSIONED = "versioned"
    UNKEYED = "unkeyed"
    NOTIFY = "notify"


@dataclass(frozen=True, slots=True)
class WriteContract:
    """What the core may rely on when a write's answer is lost (design sections 3 and 4).

    ``find`` names the provider's method that looks whether the write happened: it takes the same request and returns a
    :class:`~asctl.capabilities.writes.Finding` (remarks are looked at through ``remark``). ``authoritative`` says that its "no"
    is proof. ``status`` names the method that tells what came of a request that was accepted, by the far side's own number;
    without one ``find`` is asked. A write shows at the latest ``visibility_lag`` after it took effect, and takes effect at the
    latest ``late_window`` after it was sent. ``key_window``: for so long a ``keyed`` far side drops repeats of our key.
    """

    write: WriteClass = WriteClass.UNKEYED
    find: str = ""
    status: str = ""
    authoritative: bool = False
    key_window: timedelta = timedelta()
    visibility_lag: timedelta = timedelta()
    late_window: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Capability:
    """One declared capability: the Protocol's name, its limits record, and a contract for each writing method."""

    name: str
    limits: object | None = None
    writes: dict[str, WriteContract] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast one account may be called: ``calls`` in any ``per``, and ``at_once`` calls under way."""

    calls: int = 10
    per: timedelta = timedelta(seconds=1)
    at_once: int = 16


@dataclass(frozen=True, slots=True)
class ProviderSpec:
    """What a plugin offers under one ``id``.

    ``factory`` is ``module:callable`` and is imported only when an account is used; it is called with a
    :class:`~asctl.api.context.Context`. ``couriers`` are our codes of the couriers it serves (courier specs);
    ``aggregator`` says that they are not its own. ``sandbox`` is ``module:callable`` of its sandbox app.
    """

    id: str
    title: str
    api_version: int
    factory: str
    settings: tuple[Setting, ...] = ()
    capabilities: tuple[Capability, ...] = ()
    pace: Pace = Pace()
    couriers: tuple[str, ...] = ()
    aggregator: bool = False
    sandbox: str = ""

    def capability(self, name: str) -> Capability | None:
        """The declared capability of that Protocol name, or ``None``."""
        return next((capability for capability in self.capabilities if capability.name == name), None)
