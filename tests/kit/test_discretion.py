"""The rules about what may stand in messages, in the log and on the screen, each on a provider that tells too much."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

import pytest

from asctl.api import AsctlError
from asctl.testing.exercises import Exercise
from asctl.testing.site import CUSTOMER
from asctl.testing.subject import subjects_in
from tests.kit.conftest import Judge
from tests.kit.good import exercises, offering, rule
from tests.kit.wrong import misbehaving, talkative
from tests.kit.wrong_mouths import WAYS, telling, telling_its_token

pytestmark = pytest.mark.storeless
ALL = list(exercises())
FEW = [one for one in ALL if one.name in ("Tracker.track", "Interceptor.intercept", "Notifier.notify")]
BROKEN = {f"{one.name}.{suffix}" for one in ALL for suffix in ("quoting", "discreet")}


def name(value: object) -> str:
    return value.name if isinstance(value, Exercise) else getattr(value, "__name__", str(value)).strip("_")


def found(judge: Judge, exercise: Exercise, suffix: str, behaviour: object) -> str:
    subject = offering(exercise.capability)
    wrong = misbehaving(subject, exercise.method, behaviour)  # type: ignore[arg-type]
    return judge.told(subject, rule(f"{exercise.name}.{suffix}"), wrong)


@pytest.mark.parametrize("exercise", ALL, ids=name)
@pytest.mark.parametrize("what", ["phone", "address"])
def test_messages_keep_to_themselves_what_is_private(judge: Judge, exercise: Exercise, what: str) -> None:
    """A customer's phone or house in a message is found, and not told again."""
    private = {"phone": CUSTOMER.phone, "address": CUSTOMER.detail}[what]
    told = found(judge, exercise, "quoting", talkative(private))
    assert what in told
    assert private not in told


@pytest.mark.parametrize("exercise", ALL, ids=name)
def test_what_they_say_is_not_our_advice(judge: Judge, exercise: Exercise) -> None:
    """A far side may quote the customer in its answer; in a hint nobody strikes that out."""
    assert "the hint" in found(judge, exercise, "discreet", telling(WAYS[0]))


@pytest.mark.parametrize("exercise", FEW, ids=name)
@pytest.mark.parametrize("way", WAYS, ids=name)
def test_there_are_many_ways_to_say_it(judge: Judge, exercise: Exercise, way: Callable[[AsctlError], None]) -> None:
    """In a message of its own, to a logger of its own, with an exception, on the screen: all are heard."""
    found(judge, exercise, "discreet", telling(way))


def test_a_token_is_a_secret(judge: Judge) -> None:
    """It stands in no setting, and is kept to itself all the same."""
    (subject,) = subjects_in("asctl_nuonuo")
    told = judge.told(subject, rule("InvoiceIssuer.issue_invoice.discreet"), telling_its_token(subject))
    assert "an access token" in told


def test_listening_leaves_all_as_it_was(judge: Judge) -> None:
    """Handlers, levels and stderr are the run's again once a rule was tried."""
    loggers = [logging.getLogger(name) for name in ("", "asctl")]
    before = [(logger.level, logger.propagate, list(logger.handlers)) for logger in loggers], sys.stderr
    assert judge(offering("Tracker"), rule("Tracker.track.quoting")).why == ""
    assert ([(logger.level, logger.propagate, list(logger.handlers)) for logger in loggers], sys.stderr) == before
