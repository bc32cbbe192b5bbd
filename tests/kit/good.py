"""The good providers that the wrong ones are made of: those of the demo plugin, which has every capability."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module

import asctl.testing
from asctl.capabilities.specs import WriteContract
from asctl.testing.catalogue import rules_of
from asctl.testing.exercises import Exercise
from asctl.testing.rules import Rule
from asctl.testing.subject import Subject, subjects_in


@cache
def good() -> tuple[Subject, ...]:
    """Every spec of the demo plugin."""
    return subjects_in("asctl_demo")


def offering(capability: str) -> Subject:
    """The demo's spec with a capability."""
    return next(subject for subject in good() if subject.spec.capability(capability))


def exercises() -> Iterator[Exercise]:
    """Every method that the kit calls over the network."""
    for module in pkgutil.iter_modules(asctl.testing.__path__):
        yield from getattr(import_module(f"asctl.testing.{module.name}"), "EXERCISES", ())


def rule(identifier: str) -> Rule:
    """The rule of that id."""
    capability = identifier.partition(".")[0]
    return next(one for one in rules_of(capability) if one.id == identifier)


def contract(exercise: Exercise) -> WriteContract:
    """What the demo declares of a write."""
    declared = offering(exercise.capability).spec.capability(exercise.capability)
    assert declared is not None
    return declared.writes.get(exercise.method, WriteContract())
