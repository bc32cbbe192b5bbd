"""Gold: real answers, recorded, are read as they should be."""

from __future__ import annotations

from asctl.testing.exercises import Arguments, Exercise
from asctl.testing.recording_files import Recording
from asctl.testing.recordings import RecordedApp, looked_up, stands_there
from asctl.testing.rules import Broken, Hung, Missing, Rule, Stage, Tier, expect
from asctl.testing.site import Outcome, Site


def recorded_rule(exercise: Exercise) -> Rule:
    """The rule that at least one real answer to this method is recorded, and that each is read as its author expects."""

    def check(site: Site) -> None:
        mine = [
            one
            for one in site.subject.recordings
            if (one.capability, one.method) == (exercise.capability, exercise.method)
        ]
        if not mine:
            raise Missing(
                f"record a real answer to {exercise.method} (conformance: recorded=); see: asctl help authors"
            )
        arguments = exercise.arrange(site)
        for recording in mine:
            _read_as_expected(site, exercise, arguments, recording)

    return Rule(
        f"{exercise.name}.recorded",
        Tier.GOLD,
        f"{exercise.method}: real answers, recorded, are read rightly",
        check,
        exercise.capability,
        stage=Stage.ANY,
    )


def _read_as_expected(site: Site, exercise: Exercise, arguments: Arguments, recording: Recording) -> None:
    site.play(RecordedApp((recording,), {exercise.method: recording.case}))
    try:
        outcome = exercise.outcome(site, arguments, provider=site.another_provider())
    except Hung:
        raise
    except Missing as missing:  # there is an answer, and it cannot be played: that is no answer yet to record
        raise Broken(f"{recording.name}: {missing}") from missing
    for place, wanted in recording.expect.items():
        _expect_at(outcome, place, wanted, recording.name)


def _expect_at(outcome: Outcome, place: str, wanted: object, name: str) -> None:
    of_error = place.split(".")[0] == "error"
    expect(of_error or outcome.error is None, f"{name}: {place} should be {wanted!r}, but there was {outcome.seen}")
    result = {"error": outcome.error} if of_error else outcome.result
    try:
        right, seen = stands_there(result, place, wanted), repr(looked_up(result, place))
    except (LookupError, TypeError) as missing:
        right, seen = False, f"nothing ({missing})"
    expect(right, f"{name}: {place} is {seen}, and should be {wanted!r}")


def _all_can_be_read(site: Site) -> None:
    expect(not site.subject.flaws, "; ".join(site.subject.flaws))


RECORDINGS = Rule("spec.recordings", Tier.GOLD, "every file in the folder of recordings is one", _all_can_be_read)
"""A file that is none takes part in no other rule, so nobody is exempt from this one."""
