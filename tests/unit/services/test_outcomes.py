"""What every family of errors means for a write."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from asctl.capabilities.shipping import Submission
from asctl.domain.actions import SLOW_KINDS, TAKING_BACK, Action, ActionKind, ActionState
from asctl.domain.errors import (
    AsctlError,
    BadConfiguration,
    BadInput,
    CredentialsRefused,
    LockHeld,
    NeedsApproval,
    NotFound,
    NotOffered,
    PluginBroken,
    Refused,
    Stale,
    StoreTrouble,
    Throttled,
    Unavailable,
    Unclear,
)
from asctl.services.outcomes import Outcome, accepted, as_sent, failed, looks_down, stops_account
from tests.store_support import NOW

THROTTLED = Throttled("m", retry_after=timedelta(minutes=1))
ONE_WAYBILL = Throttled("m", retry_after=timedelta(minutes=1), whole_account=False)
MEANING: dict[ActionState, list[AsctlError]] = {
    ActionState.PLANNED: [
        THROTTLED,
        ONE_WAYBILL,
        CredentialsRefused("m", code="c"),
        BadConfiguration("m", code="c"),
        NotOffered("m", code="c"),
        Unavailable("m", code="not_reached"),
        Unavailable("m", code="too_late_to_send"),
        Throttled("m", code="parked", retry_after=timedelta(minutes=1)),
    ],
    ActionState.REFUSED: [Refused("m"), BadInput("m", code="c"), NotFound("m", code="c"), Stale("m", code="c")],
    ActionState.NEEDS_PERSON: [NeedsApproval("m", code="sms_needed")],
    ActionState.UNCLEAR: [
        Unclear("m", code="lost_answer"),
        Unavailable("m", code="http_status"),
        PluginBroken("m", code="plugin_failed"),
        LockHeld("m", code="lock_held"),
        StoreTrouble("m", code="store_full"),
        AsctlError("m", code="bug"),
    ],
}
CASES = [(error, state) for state, errors in MEANING.items() for error in errors]
ACTION = Action(
    "A1", ActionKind.INTERCEPT, "sf", "sf SF1", "", "", 1, "k", {}, "h", ActionState.SENDING, NOW, "8012",
    effect="accepted", reference="R1", fee=Decimal("5.00"), message="old",
)  # fmt: skip


def families(of: type[AsctlError] = AsctlError) -> set[type[AsctlError]]:
    """Every family that the domain declares."""
    return {each for each in of.__subclasses__() if each.__module__ == AsctlError.__module__}


@pytest.mark.parametrize(("error", "state"), CASES)
def test_what_an_error_of_a_send_means(error: AsctlError, state: ActionState) -> None:
    """A clear no, a call that surely changed nothing, a step for a person; everything else is not known."""
    outcome = failed(error)
    assert (outcome.state, outcome.error) == (state, error)


def test_no_family_is_forgotten() -> None:
    """Each family has its meaning above, so that a new one is thought about."""
    assert {type(error) for error, _state in CASES} == families() | {AsctlError}


@pytest.mark.parametrize("kind", ActionKind)
def test_accepted_is_not_done_for_slow_kinds(kind: ActionKind) -> None:
    """What a courier has to carry out is only accepted; what the far side does at once is effective, or undone."""
    usual = "accepted" if kind in SLOW_KINDS else "effective"
    if kind in TAKING_BACK:
        usual = "cancelled"
    outcome = accepted(kind, Submission("R9", "ok", Decimal("3.50")))
    assert (outcome.state, outcome.effect) == (ActionState.DONE, usual)
    assert (outcome.reference, outcome.fee, outcome.message) == ("R9", Decimal("3.50"), "ok")


def test_a_yes_without_words_is_a_yes() -> None:
    """A submission without number or fee was accepted all the same."""
    assert accepted(ActionKind.REMARK, Submission()) == Outcome(ActionState.DONE, "effective")


def test_what_was_learned_before_is_kept() -> None:
    """An attempt that learned no reference, fee or effect does not wipe out an earlier one's; a fee of nothing is a fee."""
    news = Outcome(ActionState.DONE).news(ACTION)
    assert (news["effect"], news["reference"], news["fee"], news["message"]) == ("accepted", "R1", Decimal("5.00"), "")
    news = Outcome(ActionState.DONE, "effective", "R2", Decimal(0), "m").news(ACTION)
    assert (news["effect"], news["reference"], news["fee"], news["message"]) == ("effective", "R2", Decimal(0), "m")


def test_an_error_is_kept_in_columns_and_cleared_by_success() -> None:
    """Family, code, sentence, reason and the far side's code are on record, until an attempt comes through."""
    error = Refused("no", reason="TOO_LATE", code="too_late", upstream_code="8")
    news = Outcome(ActionState.REFUSED, error=error).news(ACTION)
    kept = {name: news[name] for name in ("error_family", "error_code", "error_message", "refusal", "upstream_code")}
    assert list(kept.values()) == ["refused", "too_late", "no", "TOO_LATE", "8"]
    assert replace(ACTION, **kept).refusal == "TOO_LATE"  # type: ignore[arg-type]
    cleared = Outcome(ActionState.DONE).news(ACTION)
    assert {cleared[name] for name in kept} == {""}


@pytest.mark.parametrize(("error", "state"), CASES)
@pytest.mark.parametrize("left", [True, False])
def test_the_answer_to_a_write_means_what_it_says(
    monkeypatch: pytest.MonkeyPatch, error: AsctlError, state: ActionState, left: bool
) -> None:
    """Whether it was the first write of the call or not; a yes stays a yes."""
    monkeypatch.setattr(error, "of_write", True)
    assert as_sent(failed(error), left) == Outcome(state, error=error)
    assert as_sent(Outcome(ActionState.DONE), left) == Outcome(ActionState.DONE)


@pytest.mark.parametrize("error", [*MEANING[ActionState.PLANNED], *MEANING[ActionState.REFUSED]])
@pytest.mark.parametrize("told_by", [False, None])
def test_what_failed_after_a_write_had_left_is_no_clear_no(
    monkeypatch: pytest.MonkeyPatch, error: AsctlError, told_by: bool | None
) -> None:
    """A read, or the plugin itself, says nothing of a write that went out before; as long as none did, it is as it was."""
    monkeypatch.setattr(error, "of_write", told_by)
    outcome = failed(error)
    after = as_sent(outcome, left=True)
    assert (after.state, after.error and after.error.family) == (ActionState.UNCLEAR, "unclear")
    assert error.message in (after.error.message if after.error else "")
    assert as_sent(outcome, left=False) == outcome


def test_a_read_that_fails_before_the_write_changed_nothing() -> None:
    """Nothing was sent; but where nobody knows what kind of call failed, it is not known."""
    lost = Unavailable("m", code="lost_answer")
    assert as_sent(failed(lost), left=False).state is ActionState.UNCLEAR
    lost.of_write = False
    assert as_sent(failed(lost), left=False).state is ActionState.PLANNED
    assert as_sent(failed(lost), left=True).state is ActionState.UNCLEAR


def test_which_errors_stop_an_account() -> None:
    """Those that the next send would meet as well; a rest for one waybill stops only that."""
    stopping = {type(error) for error, _state in CASES if stops_account(error)}
    assert stopping == {Throttled, CredentialsRefused, BadConfiguration, NotOffered}
    assert not stops_account(ONE_WAYBILL)
    assert stops_account(Refused("m", reason="RATE_LIMITED"))
    assert stops_account(Refused("m", reason="SIGN_ERROR"))
    assert not stops_account(None)


def test_which_errors_look_like_trouble_at_the_far_side() -> None:
    """No answer, or none that can be read; a refusal is an answer."""
    assert {type(error) for error, _state in CASES if looks_down(error)} == {Unavailable, Unclear}
    assert not looks_down(None)


def test_too_often_is_not_now() -> None:
    """A courier that tells its pace among its refusals has carried nothing out: the action stays planned, as throttled."""
    refused = Refused("m", reason="RATE_LIMITED", upstream_code="30029")
    refused.of_write = True
    outcome = as_sent(failed(refused), left=True)
    assert (outcome.state, outcome.error and outcome.error.family) == (ActionState.PLANNED, "throttled")
    assert outcome.error is not None
    assert outcome.error.upstream_code == "30029"
    assert stops_account(outcome.error)
