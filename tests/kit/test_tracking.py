"""The rules about trackers, each on a provider that breaks just that one."""

from __future__ import annotations

import pytest

from asctl.testing.subject import subjects_in
from tests.kit.conftest import Judge
from tests.kit.good import offering, rule
from tests.kit.wrong import careless, misbehaving
from tests.kit.wrong_couriers import Wrong
from tests.kit.wrong_tracking import OF_TAILS, WRONGS

pytestmark = pytest.mark.storeless
ORDER = "Tracker.track.order"
BROKEN = {wrong.rule for wrong in (*WRONGS, *OF_TAILS)} | {ORDER}


@pytest.mark.parametrize("wrong", WRONGS, ids=lambda wrong: f"{wrong.rule}: {wrong.told}")
def test_who_breaks_a_rule_is_told_so(judge: Judge, wrong: Wrong) -> None:
    """The good provider keeps the rule; the wrong one does not, and is told what was seen."""
    subject = offering("Tracker")
    assert wrong.told in judge.told(subject, rule(wrong.rule), misbehaving(subject, "track", wrong.behaviour))


@pytest.mark.parametrize("wrong", OF_TAILS, ids=lambda wrong: wrong.told)
def test_a_phone_opens_a_parcel_to_who_knows_it(judge: Judge, wrong: Wrong) -> None:
    """SF wants the last digits: neither a provider that makes them up has them, nor is a crash a no."""
    (subject,) = subjects_in("asctl_sf")
    assert wrong.told in judge.told(subject, rule(wrong.rule), misbehaving(subject, "track", wrong.behaviour))


def test_a_tracker_that_needs_the_order_may_not_do_without(judge: Judge) -> None:
    """A marketplace knows parcels by their orders: who answers for a waybill alone has guessed."""
    (shop,) = subjects_in("asctl_taobao")
    assert "should be BadInput" in judge.told(shop, rule(ORDER), misbehaving(shop, "track", careless))
