"""What the ledger and the world say of a run, held against what the store says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.faults.scene import OPERATIONS, Kept, Scene

_OUTCOMES = {"accepted", "effective", "ineffective", "cancelled"}
Operation = tuple[str, str, str]


@dataclass
class Verdict:
    """What went wrong, each with a word on where: nothing, if all is well."""

    duplicates: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    misreported: list[str] = field(default_factory=list)

    def __add__(self, other: Verdict) -> Verdict:
        return Verdict(
            self.duplicates + other.duplicates,
            self.lost + other.lost,
            self.unexpected + other.unexpected,
            self.misreported + other.misreported,
        )

    def __str__(self) -> str:
        return ", ".join(f"{name} {len(found)}" for name, found in vars(self).items())


def in_between(scene: Scene) -> Verdict:
    """What must hold at every instant, also after a kill: nothing done that the ledger does not have, and nothing in the
    ledger without a row that was durable before."""
    kept = scene.kept()
    sent, applied = _writes(scene)
    attempts: Counter[Operation] = Counter()
    for action in kept:
        attempts[action.operation] += action.attempt
    return Verdict(
        lost=[f"{action} is done" for action in kept if action.state == "done" and not applied[action.operation]],
        unexpected=[f"{one} was sent {count} times" for one, count in sent.items() if count > attempts[one]],
    )


def at_the_end(scene: Scene) -> Verdict:
    """What must hold once everything is settled."""
    kept = scene.kept()
    _sent, applied = _writes(scene)
    verdict = Verdict(duplicates=[f"{one} {count} times" for one, count in applied.items() if count > 1])
    verdict.lost += [f"{target} has no action" for target in set(scene.targets) - {each.about for each in kept}]
    done = Counter(action.operation for action in kept if action.state == "done")
    for action in kept:
        _judge(verdict, action, applied[action.operation], done[action.operation])
    asked = {action.operation for action in kept if action.state == "done"}
    verdict.unexpected += [f"{one} was never asked for" for one in applied.keys() - asked]
    verdict.lost += _without_remark(kept)
    verdict.misreported += _wrong_effects(scene, kept)
    return verdict


def _judge(verdict: Verdict, action: Kept, applied: int, done: int) -> None:
    """``done`` of the same: one that was refused may have been asked for anew."""
    if action.state == "done" and not applied:
        verdict.lost.append(f"{action} was not carried out")
    if action.state not in ("done", "refused"):
        verdict.misreported.append(f"{action} is not settled, and was carried out {applied} times")
    if action.state == "refused" and applied > done:
        verdict.misreported.append(f"{action} was carried out")


def _without_remark(kept: list[Kept]) -> list[str]:
    """Every change leaves one remark on its order (T13)."""
    changes = sum(action.kind != "remark" and action.state == "done" for action in kept)
    remarks = sum(action.kind == "remark" for action in kept)
    return [] if changes == remarks else [f"{changes} changes left {remarks} remarks"]


def _wrong_effects(scene: Scene, kept: list[Kept]) -> list[str]:
    """What came of interceptions by the store and by the world; the store may be behind, and say ``accepted``."""
    true = {made["waybill"]: made["effect"] for made in scene.site.state()["interceptions"]}
    return [
        f"{action}: the world says {true.get(action.about)}"
        for action in kept
        if action.kind == "intercept" and action.state == "done"
        if action.effect not in ("accepted", true.get(action.about)) or action.effect not in _OUTCOMES
    ]


def _writes(scene: Scene) -> tuple[Counter[Operation], Counter[Operation]]:
    """How often each write was received, and how often it took effect."""
    sent: Counter[Operation] = Counter()
    applied: Counter[Operation] = Counter()
    for entry in scene.site.writes():
        one = _operation(entry)
        sent[one] += 1
        applied[one] += entry["applied"]
    return sent, +applied


def _operation(entry: Mapping[str, str]) -> Operation:
    assert entry["operation"] in OPERATIONS.values(), entry
    return entry["plugin"], entry["operation"], entry["target"]
