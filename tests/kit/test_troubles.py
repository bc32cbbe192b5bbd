"""The rules that hold for every method, each on a provider that breaks it: the demo's, with that method made wrong."""

from __future__ import annotations

import pytest

from asctl.api import Evidence
from asctl.testing.catalogue import rules_of
from asctl.testing.exercises import Exercise
from tests.kit.conftest import Judge
from tests.kit.good import contract, exercises, offering, rule
from tests.kit.wrong import (
    Behaviour,
    alike,
    asking_nobody,
    careless,
    crashing,
    dismayed,
    forgetful,
    giving_up,
    idle,
    incurious,
    insistent,
    misbehaving,
    misreading,
    outsleeping,
    overlooking,
    printing,
    remembering,
    restless,
    saying,
    twice,
    uncertain,
    wandering,
    with_spec,
)

pytestmark = pytest.mark.storeless
ALL = list(exercises())
WRITES = [one for one in ALL if one.write]
KEYED = [one for one in WRITES if contract(one).write == "keyed"]
LOOKED_FOR = [one for one in WRITES if contract(one).find and one.capability != "RemarkWriter"]
TROUBLES = ("garbage", "truncated", "html", "huge", "odd_shapes", "server_error", "cut_off")
ACCOUNT = ("throttled", "expired")
LIES = {
    "found": Evidence.ABSENT,
    "absent": Evidence.PRESENT,
    "not_ours": Evidence.PRESENT,
    "look_fails": Evidence.ABSENT,
}


def name(value: object) -> str:
    return value.name if isinstance(value, Exercise) else getattr(value, "__name__", str(value))


def having(suffix: str, among: list[Exercise]) -> list[Exercise]:
    """The methods that have a rule of that name."""
    return [one for one in among if any(rule.id == f"{one.name}.{suffix}" for rule in rules_of(one.capability))]


def pairs(suffixes: tuple[str, ...], among: list[Exercise]) -> list[tuple[str, Exercise]]:
    return [(suffix, one) for suffix in suffixes for one in having(suffix, among)]


ODD_INSIDE = [one for one in having("odd_inside", ALL) if one.name != "InvoiceFiles.invoice_file"]
"""A file has nothing inside that is read, and Demo tells by a status alone that there is none."""
BROKEN = {
    f"{one.name}.{suffix}"
    for suffix, among in (
        *((suffix, having(suffix, ALL)) for suffix in (*TROUBLES, *ACCOUNT, "slow", "refused")),
        ("odd_inside", ODD_INSIDE),
        ("new_error", ODD_INSIDE),
        ("tidy", ALL),
        ("done", WRITES),
        ("keyed", KEYED),
        ("key_window", KEYED),
        *((suffix, having(suffix, LOOKED_FOR)) for suffix in LIES),
    )
    for one in among
}


def breaks(judge: Judge, exercise: Exercise, suffix: str, behaviour: Behaviour, method: str = "") -> str:
    """That the good provider keeps the rule and the wrong one does not; answers what is told of it."""
    subject, tried = offering(exercise.capability), rule(f"{exercise.name}.{suffix}")
    return judge.told(subject, tried, misbehaving(subject, method or exercise.method, behaviour))


@pytest.mark.parametrize(("suffix", "exercise"), pairs(TROUBLES, ALL), ids=name)
def test_trouble_is_no_answer(judge: Judge, exercise: Exercise, suffix: str) -> None:
    """Whoever takes a broken answer for a good one is found out."""
    assert "but there was" in breaks(judge, exercise, suffix, careless)


@pytest.mark.parametrize("exercise", ODD_INSIDE, ids=name)
def test_an_unknown_error_is_an_error(judge: Judge, exercise: Exercise) -> None:
    """Whoever knows some errors, and takes all others for an answer, is found out."""
    assert "but there was" in breaks(judge, exercise, "new_error", incurious)
    assert "the far side was not asked" in breaks(judge, exercise, "new_error", asking_nobody)


@pytest.mark.parametrize("exercise", [one for one in ODD_INSIDE if not one.write][::4], ids=name)
def test_an_unknown_error_is_not_that_there_is_none(judge: Judge, exercise: Exercise) -> None:
    """Nobody knows what it says, so it does not say that."""
    assert "there was NotFound" in breaks(judge, exercise, "new_error", dismayed)


@pytest.mark.parametrize("exercise", [one for one in WRITES if not one.before][::4], ids=name)
def test_after_an_unknown_error_a_write_is_not_sent_again(judge: Judge, exercise: Exercise) -> None:
    """It may have been carried out."""
    assert "sent 2 times" in breaks(judge, exercise, "new_error", insistent)


@pytest.mark.parametrize("exercise", having("slow", ALL), ids=name)
def test_slowness_is_no_answer(judge: Judge, exercise: Exercise) -> None:
    """As little is an answer that never came in time. That the good one keeps this takes its time, and its contract shows it."""
    subject = misbehaving(offering(exercise.capability), exercise.method, idle)
    assert "but there was" in judge.todo(rule(f"{exercise.name}.slow"), subject)


@pytest.mark.parametrize(
    ("suffix", "exercise"), [*pairs(("odd_shapes",), ALL), *(("odd_inside", one) for one in ODD_INSIDE)], ids=name
)
def test_a_crash_is_no_family(judge: Judge, exercise: Exercise, suffix: str) -> None:
    """Python's own errors are the plugin's fault, and told with the exception behind."""
    assert "KeyError" in breaks(judge, exercise, suffix, crashing)


@pytest.mark.parametrize("exercise", ALL, ids=name)
def test_the_screen_is_not_the_plugins(judge: Judge, exercise: Exercise) -> None:
    """What it prints stands between an operator and what he asked for."""
    assert "prints" in breaks(judge, exercise, "tidy", printing)


def test_a_setting_that_nobody_can_set(judge: Judge) -> None:
    """A slip in a setting's name would leave it empty for every user; it is told with the likely name."""
    told = breaks(judge, ALL[0], "tidy", misreading)
    assert "reads the setting secrt, which the spec does not declare; did you mean secret?" in told


def test_the_process_is_not_the_plugins(judge: Judge) -> None:
    """Others work there, too."""
    assert "the working directory" in breaks(judge, ALL[0], "tidy", wandering)


@pytest.mark.parametrize(("suffix", "exercise"), pairs((*ACCOUNT, "refused"), ALL), ids=name)
def test_each_answer_has_a_family_of_its_own(judge: Judge, exercise: Exercise, suffix: str) -> None:
    """Who calls everything "not found" sends an operator on the wrong way."""
    assert "NotFound" in breaks(judge, exercise, suffix, dismayed)


@pytest.mark.parametrize(("suffix", "exercise"), pairs((*ACCOUNT, "refused"), WRITES), ids=name)
def test_what_is_known_is_not_in_doubt(judge: Judge, exercise: Exercise, suffix: str) -> None:
    """A write that was turned away unread was not carried out: who leaves that open makes work for a person."""
    assert "there was Unclear" in breaks(judge, exercise, suffix, uncertain)


@pytest.mark.parametrize("exercise", ALL[::6], ids=name)
def test_a_rest_is_a_rest(judge: Judge, exercise: Exercise) -> None:
    """It lasts for a second at least, and nobody is asked meanwhile."""
    assert "retry_after is 0:00:00.001" in breaks(judge, exercise, "throttled", restless)
    assert "asked again at once" in breaks(judge, exercise, "throttled", outsleeping)


@pytest.mark.parametrize("exercise", WRITES, ids=name)
def test_a_write_is_sent_once(judge: Judge, exercise: Exercise) -> None:
    """Who sends it again after a lost answer is found out by the far side's ledger."""
    assert "sent 2 times" in breaks(judge, exercise, "cut_off", insistent)


@pytest.mark.parametrize("exercise", WRITES, ids=name)
@pytest.mark.parametrize("behaviour", [idle, twice], ids=["idle", "twice"])
def test_a_write_happens(judge: Judge, exercise: Exercise, behaviour: Behaviour) -> None:
    """Neither who does nothing nor who does it twice has done it."""
    breaks(judge, exercise, "done", behaviour)


@pytest.mark.parametrize("exercise", KEYED, ids=name)
def test_a_key_is_kept(judge: Judge, exercise: Exercise) -> None:
    """A key made anew for each attempt protects nobody."""
    told = breaks(judge, exercise, "keyed", forgetful)
    assert "carried out again" in told or "two keys" in told or "should have succeeded" in told


@pytest.mark.parametrize("exercise", [one for one in KEYED if one.stranger], ids=name)
def test_a_key_is_for_one_request(judge: Judge, exercise: Exercise) -> None:
    """Under one key for all the far side drops the second request, whatever it asks for."""
    told = breaks(judge, exercise, "keyed", alike)
    assert "another request went out under the same key" in told or "should have succeeded" in told


@pytest.mark.parametrize("exercise", KEYED, ids=name)
def test_a_key_must_be_there(judge: Judge, exercise: Exercise) -> None:
    """Where the far side sees no key, it drops nothing by it."""
    subject, tried = offering(exercise.capability), rule(f"{exercise.name}.keyed")
    keyless = with_spec(subject, sandbox="tests.kit.wrong_far_sides:Keyless")
    assert "went out without a key" in judge.told(subject, tried, keyless)


@pytest.mark.parametrize("exercise", KEYED, ids=name)
def test_the_far_side_drops_repeats(judge: Judge, exercise: Exercise) -> None:
    """A memory of one's own is no proof of what the far side does."""
    assert "never reached the far side" in breaks(judge, exercise, "key_window", remembering())


@pytest.mark.parametrize(("suffix", "exercise"), pairs(tuple(LIES), LOOKED_FOR), ids=name)
def test_looks_are_honest(judge: Judge, suffix: str, exercise: Exercise) -> None:
    """A look that always says the same is wrong where it matters."""
    breaks(judge, exercise, suffix, saying(LIES[suffix]), contract(exercise).find)


@pytest.mark.parametrize("behaviour", [giving_up, overlooking], ids=lambda one: one.__name__)
@pytest.mark.parametrize("exercise", [one for one in LOOKED_FOR if having("look_fails", [one])], ids=name)
def test_a_no_to_a_look_says_nothing_of_the_write(judge: Judge, exercise: Exercise, behaviour: Behaviour) -> None:
    """Neither a no nor an error that nobody has heard of proves that there is nothing."""
    told = breaks(judge, exercise, "look_fails", behaviour, contract(exercise).find)
    assert "could not look, and says" in told
