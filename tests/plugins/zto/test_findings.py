"""What the state of an interception tells of a request or a cancellation."""

from __future__ import annotations

import pytest

from asctl.api import Effect, Evidence
from asctl_zto.mapping import EFFECTS, cancellation_finding, interception_finding

SECTION_6_3 = {
    "INTERCEPTING": Effect.ACCEPTED,
    "INTERCEPT_SUCCESS": Effect.EFFECTIVE,
    "PACKAGE_DELIVERYING": Effect.EFFECTIVE,
    "INTERCEPT_FAIL": Effect.INEFFECTIVE,
    "INTERCEPT_CANCEL": Effect.CANCELLED,
    "INTERCEPT_DISCONTINUE": None,
}
SPELT_RIGHT = {"PACKAGE_DELIVERING": Effect.EFFECTIVE}
STANDING = {"INTERCEPTING", "INTERCEPT_SUCCESS", "PACKAGE_DELIVERYING", "PACKAGE_DELIVERING"}


def test_the_table_has_no_other_rows():
    """No state is mapped that the reference does not name, but for the one that it misspells."""
    assert dict(EFFECTS) == SECTION_6_3 | SPELT_RIGHT


@pytest.mark.parametrize(("state", "effect"), (SECTION_6_3 | SPELT_RIGHT).items())
def test_every_state_of_a_known_request(state: str, effect: Effect | None):
    """A request that is known to have been accepted is there, and its state tells the effect."""
    found = interception_finding({"status": state, "statusName": "名称"}, "K-1", known=True)
    assert (found.evidence, found.effect, found.reference, found.message) == (
        Evidence.PRESENT,
        effect,
        "K-1",
        "名称",
    )


@pytest.mark.parametrize(("state", "effect"), (SECTION_6_3 | SPELT_RIGHT).items())
def test_what_is_over_is_no_evidence_of_an_unknown_request(state: str, effect: Effect | None):
    """The query tells the parcel's latest interception: one that is over may be an earlier one, one that stands counts as ours."""
    standing = state in STANDING
    found = interception_finding({"status": state}, "K-1", known=False)
    assert found.evidence is (Evidence.PRESENT if standing else Evidence.UNKNOWN)
    assert found.effect is (effect if standing else None)


@pytest.mark.parametrize("known", [True, False])
def test_no_interception_and_an_unknown_state(known: bool):
    """None is absence; a state that nobody knows is neither presence nor absence."""
    assert interception_finding(None, "K-1", known).evidence is Evidence.ABSENT
    for told in ({"status": "SOMETHING_NEW"}, {"status": 7}, {"billCode": "73100012345678"}):
        assert interception_finding(told, "K-1", known).evidence is Evidence.UNKNOWN


@pytest.mark.parametrize(
    ("told", "evidence"),
    [
        (None, Evidence.ABSENT),
        ({"status": "INTERCEPTING"}, Evidence.ABSENT),
        ({"status": "INTERCEPT_SUCCESS"}, Evidence.ABSENT),
        ({"status": "PACKAGE_DELIVERYING"}, Evidence.ABSENT),
        ({"status": "PACKAGE_DELIVERING"}, Evidence.ABSENT),
        ({"status": "INTERCEPT_FAIL"}, Evidence.ABSENT),
        ({"status": "INTERCEPT_CANCEL"}, Evidence.PRESENT),
        ({"status": "INTERCEPT_DISCONTINUE"}, Evidence.UNKNOWN),
        ({"status": "SOMETHING_NEW"}, Evidence.UNKNOWN),
    ],
)
def test_every_state_after_a_cancellation(told: dict[str, str] | None, evidence: Evidence):
    """Only a cancelled interception shows that it was taken back; a closed one does not tell why."""
    assert cancellation_finding(told).evidence is evidence
