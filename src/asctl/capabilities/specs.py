"""The records by which a plugin says what it offers, so that listing it imports none of its providers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class ProviderKind(StrEnum):
    """Which list hook a spec came from; an account's section in the configuration follows from it.

    - ``ORDER_SOURCE``: ``[shops.NAME]``
    - ``COURIER``: ``[couriers.NAME]``
    - ``INVOICE``: ``[invoices.NAME]``
    - ``LABEL``: has no accounts
    - ``NOTIFIER``: ``[notifiers.NAME]``
    """

    ORDER_SOURCE = "order_source"
    COURIER = "courier"
    INVOICE = "invoice"
    LABEL = "label"
    NOTIFIER = "notifier"


class SettingType(StrEnum):
    """What a setting holds: how it is written in the file, and as what it reaches the provider.

    - ``TEXT``: text; ``str``
    - ``SECRET``: best a reference such as ``{ env = "NAME" }``, and never shown; ``str``
    - ``INTEGER``: as in TOML; ``int``
    - ``NUMBER``: as in TOML; ``float``
    - ``BOOLEAN``: as in TOML; ``bool``
    - ``DURATION``: ``"30m"``, ``"24h"`` or ``"7d"``; ``timedelta``
    - ``CHOICE``: one of the ``choices``; ``str``
    - ``URL``: with http or https; ``str``
    - ``LIST``: a list of texts, in a variable separated by commas; ``tuple[str, ...]``
    """

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

    - ``name``: the key in the file, snake_case
    - ``type``: how it is checked, and as what it reaches the provider
    - ``help``: one sentence in English, translated where it is shown
    - ``default``: as it is written in the file; ``None`` means none
    - ``required``: without a value the account cannot be used
    - ``choices``: the values of a ``CHOICE``
    """

    name: str
    type: SettingType
    help: str
    default: str | int | float | bool | tuple[str, ...] | None = None
    required: bool = False
    choices: tuple[str, ...] = ()


class WriteClass(StrEnum):
    """What the far side does with a repeat of a write.

    - ``KEYED``: drops one with our ``request.key``, for ``WriteContract.key_window``
    - ``VERSIONED``: refuses one that is about a stale version
    - ``UNKEYED``: carries it out again
    - ``NOTIFY``: makes a nuisance of it; such a write is never sent again on doubt
    """

    KEYED = "keyed"
    VERSIONED = "versioned"
    UNKEYED = "unkeyed"
    NOTIFY = "notify"


@dataclass(frozen=True, slots=True)
class WriteContract:
    """What the core may rely on when a write's answer is lost. Without a contract it relies on nothing, and a person decides.

    - ``write``: what the far side does with a repeat
    - ``find``: the provider's method that looks whether the write happened. It takes the same request and returns a
      :class:`Finding` (remarks are looked at through ``remark``)
    - ``status``: the method that tells what came of a request that was accepted, by the far side's own number; without one
      ``find`` is asked
    - ``authoritative``: whether a look that finds nothing is proof
    - ``key_window``: for so long a ``KEYED`` far side drops repeats of our key
    - ``late_window``, ``visibility_lag``: a write takes effect at the latest ``late_window`` after it was sent, and shows at
      the latest ``visibility_lag`` after that
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
    """One declared capability: the Protocol's ``name``, its ``limits`` record (``None``: the defaults), and in ``writes`` a
    contract for each writing method by its name."""

    name: str
    limits: object | None = None
    writes: dict[str, WriteContract] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast one account may be called. Calls beyond it wait; a provider need not care.

    - ``calls``: at most so many calls
    - ``per``: in any such span of time
    - ``at_once``: at most so many calls under way
    """

    calls: int = 10
    per: timedelta = timedelta(seconds=1)
    at_once: int = 16


@dataclass(frozen=True, slots=True)
class ProviderSpec:
    """What a plugin offers under one ``id``.

    - ``id``: what accounts name as their plugin; best the entry point's own name. For a label renderer, the format
    - ``title``: for people
    - ``api_version``: :data:`API_VERSION` as the plugin was written for it
    - ``factory``: ``module:callable``, imported only when an account is used. It is called with a :class:`Context`, and makes
      the provider
    - ``settings``: what an account of it may hold in the configuration, beside what every account may
    - ``capabilities``: the Protocols that the provider keeps
    - ``pace``: how fast one account may be called; ``calls_per_second`` of the account wins
    - ``couriers``: our codes of the couriers that it serves (courier specs)
    - ``aggregator``: the couriers are not its own; it is asked where no account of the courier's own plugin is
    - ``sandbox``: ``module:callable`` that makes its :class:`SandboxApp`; not imported in daily work
    - ``conformance``: ``module:callable`` that makes its :class:`Conformance`; not imported in daily work
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
    conformance: str = ""

    def capability(self, name: str) -> Capability | None:
        """The declared capability of that Protocol name, or ``None``."""
        return next((capability for capability in self.capabilities if capability.name == name), None)
