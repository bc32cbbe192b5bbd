"""What several wishes about one target say together: the same, or different things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from asctl.domain.actions import ActionKind, Wanted

TOLD = (
    "receiver",
    "sender",
    "goods",
    "window",
    "return_to",
    "reason",
    "text",
    "reason_id",
    "proof",
    "allow_signed",
    "request",
)
"""The parts of a payload in the operator's words: what the far side is told, and what was expressly allowed."""


def tells_the_same(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Whether two payloads say the same to the far side."""
    return all((one.get(part) or "") == (other.get(part) or "") for part in TOLD)


def contradicted(wishes: Iterable[Wanted]) -> frozenset[tuple[ActionKind, str]]:
    """The kinds and targets about which different things are wished: nobody knows which is meant. Remarks add up."""
    by_target: dict[tuple[ActionKind, str], list[Wanted]] = {}
    for wish in wishes:
        if wish.intent.kind is not ActionKind.REMARK:
            by_target.setdefault((wish.intent.kind, wish.intent.target), []).append(wish)
    return frozenset(place for place, found in by_target.items() if any(not _alike(found[0], each) for each in found))


def _alike(one: Wanted, other: Wanted) -> bool:
    same = one.intent == other.intent and dict(one.afterwards) == dict(other.afterwards)
    return same and tells_the_same(one.payload, other.payload)
