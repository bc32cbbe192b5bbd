"""Tracking over the plugin's own sandbox app."""

from __future__ import annotations

from datetime import timedelta

import pytest

from asctl.api import (
    BadInput,
    CredentialsRefused,
    Event,
    NotOffered,
    ParcelStatus,
    Refused,
    Throttled,
    TrackAnswer,
    TrackQuery,
)
from asctl_kuaidi100.provider import Kuaidi100
from asctl_kuaidi100.sandbox import Kuaidi100Sandbox
from asctl_kuaidi100.sandbox_lock import LockRule
from tests.plugins.kuaidi100.conftest import BASE, Wire, answering, provider_on


def ask(provider: Kuaidi100, courier: str, waybill: str, phone_tail: str = "") -> TrackAnswer:
    (answer,) = provider.track((TrackQuery(courier, waybill, phone_tail),))
    return answer


@pytest.mark.parametrize("courier", ["yto", "sto", "yunda", "jd", "jt", "ems", "post", "deppon", "best"])
def test_a_parcel_is_read_back(provider: Kuaidi100, wire: Wire, courier: str):
    """What happens to a parcel in the world is what the provider tells, newest first, with city and source."""
    wire.add(
        courier,
        "W1234567890",
        wire.event(ParcelStatus.PICKED_UP, hours_ago=30, text="已揽收", location="杭州市"),
        wire.event(ParcelStatus.IN_TRANSIT, hours_ago=3, text="转递", location="上海市", flags=("redirected",)),
    )
    answer = ask(provider, courier, "W1234567890")
    newest = Event(
        at=wire.clock.moment - timedelta(hours=3),
        status=ParcelStatus.IN_TRANSIT,
        text="转递",
        raw_code="1003",
        location="上海市",
        flags=("redirected",),
        source="kd100",
    )
    assert answer.events[0] == newest
    assert [event.status for event in answer.events] == [ParcelStatus.IN_TRANSIT, ParcelStatus.PICKED_UP]
    assert (answer.error, answer.problems) == (None, ())


@pytest.mark.parametrize(("courier", "waybill"), [("sf", "SF1234567890123"), ("zto", "73123456789012")])
def test_phone_tail_is_wanted_before_anything_is_sent(provider: Kuaidi100, wire: Wire, courier: str, waybill: str):
    """SF and ZTO without a phone tail are answered at home, and say what to add."""
    answer = ask(provider, courier, waybill)
    assert isinstance(answer.error, BadInput)
    assert (answer.error.code, answer.error.account) == ("phone_tail_missing", "kd100")
    assert "--phone-tail" in answer.error.hint
    assert wire.sent == []


def test_phone_tail_opens_the_track(provider: Kuaidi100, wire: Wire):
    """The right digits give the track, wrong ones a BadInput of this waybill."""
    wire.add("sf", "SF1234567890123", wire.event(ParcelStatus.OUT_FOR_DELIVERY), phone_tail="1234")
    assert ask(provider, "sf", "SF1234567890123", "1234").events[0].status is ParcelStatus.OUT_FOR_DELIVERY
    wrong = ask(provider, "sf", "SF1234567890123", "4321").error
    assert isinstance(wrong, BadInput)
    assert wrong.code == "phone_tail_wrong"


def test_one_bad_waybill_never_stops_the_others(provider: Kuaidi100, wire: Wire):
    """Answers come in the order asked, each with its own fate."""
    wire.add("yto", "YT1234567890123", wire.event(ParcelStatus.DELIVERED))
    answers = provider.track(
        (
            TrackQuery("sf", "SF1234567890123"),
            TrackQuery("nobody", "X123456"),
            TrackQuery("yto", "YT9999999999999"),
            TrackQuery("yto", "YT12"),
            TrackQuery("yto", "YT1234567890123"),
        )
    )
    assert [type(answer.error) for answer in answers] == [BadInput, NotOffered, type(None), Refused, type(None)]
    assert [len(answer.events) for answer in answers] == [0, 0, 0, 0, 1]


def test_asked_again_at_once(provider: Kuaidi100, wire: Wire):
    """The sandbox refuses a waybill within 30 minutes and tells it again afterwards."""
    wire.add("yto", "YT1234567890123", wire.event(ParcelStatus.IN_TRANSIT))
    assert ask(provider, "yto", "YT1234567890123").events
    locked = ask(provider, "yto", "YT1234567890123").error
    assert isinstance(locked, Throttled)
    assert not locked.whole_account
    wire.clock.sleep(30 * 60)
    assert ask(provider, "yto", "YT1234567890123").events


def test_wrong_key_ends_the_run(wire: Wire):
    """A wrong key is found out by the signature and is no matter of one waybill."""
    with pytest.raises(CredentialsRefused) as caught:
        ask(provider_on(wire, key="other"), "yto", "YT1234567890123")
    assert caught.value.code == "signature_refused"


def test_basic_states_are_read_too():
    """A service that tells the parcel's state as a digit makes no difference to the events."""
    wire = Wire(Kuaidi100Sandbox(LockRule.COUNT, basic_state=True), BASE)
    wire.add("yto", "YT1234567890123", wire.event(ParcelStatus.READY_FOR_PICKUP))
    assert ask(provider_on(wire), "yto", "YT1234567890123").events[0].status is ParcelStatus.READY_FOR_PICKUP


def test_check_proves_the_signature(wire: Wire):
    """One query about nobody's waybill: a right key is confirmed, a wrong one refused; the customer is not told whole."""
    provider = provider_on(wire)
    result = provider.check()
    assert "ABCDEF..." in result.detail
    assert "ABCDEF0" not in result.detail
    assert '"num":"YT0000000000000"' in (wire.sent[0].form or {})["param"]
    with pytest.raises(CredentialsRefused):
        provider_on(wire, key="other").check()


@pytest.mark.parametrize("code", ["200", "400", "408", "500", "504"])
def test_check_takes_any_word_on_the_waybill_as_proof(code: str):
    """Whatever is said of the waybill was said after the signature was accepted."""
    wire = answering({"returnCode": code})
    assert provider_on(wire).check().detail


def test_check_does_not_take_a_throttled_account_for_proof():
    """A busy service says nothing of the signature."""
    wire = answering({"returnCode": "502"})
    with pytest.raises(Throttled):
        provider_on(wire).check()
