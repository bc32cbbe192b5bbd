"""Faults in force: which of them strikes a request, how often and for how long (design section 6, *Faults*)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil
from random import Random
from threading import Lock

from asctl.api.sandbox import SandboxCall, SandboxRequest


@dataclass(frozen=True, slots=True)
class Sighting:
    """A request on its way to an app: what faults look at."""

    plugin: str
    call: SandboxCall
    request: SandboxRequest

    @property
    def names(self) -> frozenset[str]:
        """What the request is about: its target and its key; a call about several lists them with commas."""
        return frozenset({*self.call.target.split(","), *self.call.key.split(",")} - {""})

    def holds(self, text: str) -> bool:
        """Whether ``text`` stands in target, key, query or body."""
        told = (self.call.target, self.call.key, *self.request.query.values())
        return any(text in part for part in told) or text.encode() in self.request.body


@dataclass(kw_only=True)
class Fault:
    """A fault that strikes the first ``times`` matching requests (0 = all), each with ``probability``.

    ``route`` is a plugin, or a plugin and an operation as ``sf:intercept``; ``match`` must stand in the request.
    The draw is seeded, so that a run with chances repeats exactly.
    """

    kind: str
    route: str
    times: int = 1
    match: str = ""
    probability: float = 1.0
    seed: int = 0
    seconds: float = 0.0
    code: int = 0
    applied: bool = False
    reason: str = ""
    bytes: int = 0
    mib: float = 0.0
    struck: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._chance = Random(self.seed)
        self._plugin, _colon, self._operation = self.route.partition(":")

    def strikes(self, sighting: Sighting, now: float) -> bool:
        """Whether this request is hit; a hit is counted. ``now`` is in seconds of a clock that only goes forward."""
        hit = self._left() and self._matches(sighting) and self._chance.random() < self.probability
        self.struck += hit
        return hit

    def spent(self, now: float) -> bool:
        """Whether it will never strike again."""
        return not self._left()

    def seconds_left(self, now: float) -> int:
        """For how many whole seconds it will go on, at least one."""
        return max(ceil(self.seconds), 1)

    def _left(self) -> bool:
        return self.times == 0 or self.struck < self.times

    def _matches(self, sighting: Sighting) -> bool:
        return (
            sighting.plugin == self._plugin
            and self._operation in ("", sighting.call.operation)
            and (not self.match or sighting.holds(self.match))
        )


class Ban(Fault):
    """``throttle``: a hit begins a ban of ``seconds`` during which every matching request is turned away."""

    _until = float("-inf")

    def strikes(self, sighting: Sighting, now: float) -> bool:
        if now < self._until:
            return self._matches(sighting)
        hit = super().strikes(sighting, now)
        if hit:
            self._until = now + self.seconds
        return hit

    def spent(self, now: float) -> bool:
        return super().spent(now) and now >= self._until

    def seconds_left(self, now: float) -> int:
        return max(ceil(self._until - now), 1)


class Hiding(Fault):
    """``hide``: a hit begins ``seconds`` in which reads about the same target or key find nothing.

    A write is carried out as always, and begins the time anew: what it did shows late.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        self._hidden_until: dict[str, float] = {}

    def strikes(self, sighting: Sighting, now: float) -> bool:
        names = sighting.names or frozenset({""})
        same_plugin = sighting.plugin == self._plugin
        open_already = same_plugin and any(now < self._hidden_until.get(name, now) for name in names)
        if open_already and not sighting.call.write:
            return True
        if not open_already and not super().strikes(sighting, now):
            return False
        self._hidden_until.update(dict.fromkeys(names, now + self.seconds))
        return True

    def spent(self, now: float) -> bool:
        return super().spent(now) and all(until <= now for until in self._hidden_until.values())


class Faults:
    """The faults in force. The one posted first strikes first, and one alone strikes a request."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Put a fault in force, behind those that are."""
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> int:
        """End all faults, bans included; answers how many there were."""
        with self._lock:
            count = len(self._faults)
            self._faults = []
        return count

    def strike(self, sighting: Sighting) -> Fault | None:
        """The fault that this request meets, if any."""
        if not self._faults:
            return None
        with self._lock:
            now = self._clock()
            self._faults = [fault for fault in self._faults if not fault.spent(now)]
            return next((fault for fault in self._faults if fault.strikes(sighting, now)), None)
