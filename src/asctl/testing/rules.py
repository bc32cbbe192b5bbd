"""A rule of the kit: what it says, how much it is worth, and how it is tried on a provider."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from asctl.capabilities.specs import ProviderSpec

if TYPE_CHECKING:
    from asctl.testing.site import Site

T = TypeVar("T")


class Tier(StrEnum):
    """What a plugin has shown. Bronze: its contract, and that malformed answers do no harm. Silver: faults, and looking after its
    writes. Gold: real answers, recorded, are read rightly."""

    BRONZE = "bronze"
    SILVER = "silver"
    GOLD = "gold"

    @property
    def optional(self) -> bool:
        """Whether tests pass without it: real answers can only be recorded by who has an account."""
        return self is Tier.GOLD


class Stage(StrEnum):
    """On what a rule can be tried: ``ANY`` far side, recorded answers too, or only in the ``WORLD`` of a sandbox app, because it
    puts something there. Where there are only recorded answers, what their author expects of them stands in for such a rule;
    nothing stands in for a ``PROOF``, which shows a promise that asctl relies on."""

    ANY = "any"
    WORLD = "world"
    PROOF = "proof"


class Broken(Exception):
    """A rule is not kept; the text says what was seen in place of what."""


class Missing(Exception):
    """A rule cannot be tried; the text says what the author has to add."""


class Hung(Missing):
    """Code of the plugin did not come back, and nothing else of it is tried."""


def always(_declared: object) -> str:
    """Of a rule that is never beside the point."""
    return ""


PATIENT = timedelta(seconds=15)
HURRIED = timedelta(milliseconds=300)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``id`` is stable: exemptions name it. ``says`` is one sentence about what a provider does that keeps it.

    ``check`` is handed a fresh :class:`~asctl.testing.site.Site` and raises :class:`Broken` or :class:`Missing`. ``beside`` answers
    with why the rule is beside the point for a spec that declares ``capability``, or with nothing. ``patience`` is how long
    the provider's HTTP client waits for an answer. A rule without a ``capability`` is about the spec as a whole, and needs no
    ``stage``.
    """

    id: str
    tier: Tier
    says: str
    check: Callable[[Site], None]
    capability: str = ""
    beside: Callable[[ProviderSpec], str] = always
    patience: timedelta = PATIENT
    stage: Stage = Stage.WORLD

    @property
    def method(self) -> str:
        """Whose method it is about; of a rule about a spec, its name."""
        return self.id.split(".")[1]

    @property
    def name(self) -> str:
        """What it is called among the rules for its method."""
        return self.id.rpartition(".")[2]


def declared_limits(spec: ProviderSpec, capability: str, kind: type[T]) -> T:
    """What a spec declares of a capability; the usual limits of that kind where it says nothing."""
    declared = spec.capability(capability)
    limits = declared.limits if declared else None
    return limits if isinstance(limits, kind) else kind()


def expect(kept: bool, seen: str) -> None:
    """Raise :class:`Broken` with what was seen, unless the rule is kept."""
    if not kept:
        raise Broken(seen)


def beside_where(rules: Iterable[Rule], beside: Callable[[ProviderSpec], str]) -> Iterator[Rule]:
    """The rules, which are beside the point also where ``beside`` says why."""
    for rule in rules:
        yield replace(rule, beside=_either(beside, rule.beside))


def _either(one: Callable[[ProviderSpec], str], other: Callable[[ProviderSpec], str]) -> Callable[[ProviderSpec], str]:
    return lambda spec: one(spec) or other(spec)
