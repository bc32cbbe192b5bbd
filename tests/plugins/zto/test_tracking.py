"""Tracks and the account check over the plugin's own sandbox app."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from asctl.api import BadInput, CredentialsRefused, Event, NotOffered, ParcelStatus, TrackAnswer, TrackQuery
from asctl.api.sandbox import SandboxParcel
from asctl.domain.parcels import in_time_order, status_of
from asctl_zto.provider import Zto
from tests.plugins.loopback import START, Loopback
from tests.plugins.zto.conftest import WAYBILL

S = ParcelStatus


def ask(provider: Zto, waybill: str = WAYBILL, phone_tail: str = "1234") -> TrackAnswer:
    (answer,) = provider.track((TrackQuery("zto", waybill, phone_tail),))
    return answer


def test_a_parcel_is_read_back(provider: Zto, moving: Loopback):
    """What happened by now is told with status, raw code and source; what is still to come is not."""
    answer = ask(provider)
    assert [(event.status, event.raw_code, event.source) for event in answer.events] == [
        (S.PICKED_UP, "收件", "zto"),
        (S.IN_TRANSIT, "到件", "zto"),
    ]
    assert (answer.error, answer.problems) == (None, ())


@pytest.mark.parametrize(
    "status",
    [
        S.PICKED_UP,
        S.IN_TRANSIT,
        S.OUT_FOR_DELIVERY,
        S.READY_FOR_PICKUP,
        S.DELIVERY_FAILED,
        S.DELAYED,
        S.REFUSED,
        S.EXCEPTION,
        S.DAMAGED,
        S.LOST,
        S.RETURNING,
        S.DELIVERED,
        S.UNKNOWN,
    ],
)
def test_every_status_they_can_tell_comes_back(provider: Zto, loop: Loopback, status: ParcelStatus):
    """A scan of the world is read as what it was."""
    loop.parcel("zto", WAYBILL, (2, status))
    assert [event.status for event in ask(provider).events] == [status]


@pytest.mark.parametrize("status", [S.CREATED, S.PICKUP_FAILED, S.CUSTOMS, S.CANCELLED])
def test_what_they_have_no_word_for_is_a_note(provider: Zto, loop: Loopback, status: ParcelStatus):
    """It is told and changes no status."""
    loop.parcel("zto", WAYBILL, (2, status))
    (event,) = ask(provider).events
    assert event.informational
    assert status_of((event,))[0] is S.NO_DATA


def test_the_way_back_ends_as_returned(provider: Zto, loop: Loopback):
    """A signature after 退件 is the sender's (rule c of the couriers' README)."""
    loop.parcel("zto", WAYBILL, (50, S.PICKED_UP), (20, S.RETURNING), (2, S.RETURNED))
    events = in_time_order(ask(provider).events)
    assert (events[-1].raw_code, status_of(events)[0]) == ("签收", S.RETURNED)


def test_digits_follow_a_transfer(provider: Zto, loop: Loopback):
    """After 转单 the same field speaks in digits, and reads the same."""
    script = [
        Event(START.replace(hour=hour), status, f"快件扫描 {hour}", flags=flags)
        for hour, status, flags in (
            (1, S.PICKED_UP, ()),
            (2, S.IN_TRANSIT, ("transferred",)),
            (3, S.IN_TRANSIT, ()),
            (4, S.READY_FOR_PICKUP, ()),
        )
    ]
    loop.world.add_parcel(SandboxParcel("zto", WAYBILL, script=script))
    events = ask(provider).events
    assert [event.raw_code for event in events] == ["收件", "转单", "3", "44"]
    assert [event.status for event in events] == [S.PICKED_UP, S.IN_TRANSIT, S.IN_TRANSIT, S.READY_FOR_PICKUP]
    assert events[1].flags == ("transferred",)


def test_nothing_known_is_an_answer(provider: Zto, loop: Loopback):
    """A waybill that nobody has, and one without scans, have no events and no error."""
    loop.parcel("zto", "73100012345679")
    for waybill in (WAYBILL, "73100012345679"):
        answer = ask(provider, waybill)
        assert (answer.events, answer.error, answer.problems) == ((), None, ())


@pytest.mark.parametrize("tail", ["", "123", "12a4", "１２３４", "13800001234"])
def test_four_digits_are_wanted_before_anything_is_sent(provider: Zto, moving: Loopback, tail: str):
    """A question without the digits is answered at home."""
    error = ask(provider, phone_tail=tail).error
    assert isinstance(error, BadInput)
    assert error.code == ("bad_phone_tail" if tail else "phone_tail_missing")
    assert moving.sent == []


def test_either_partys_digits_open_the_track(provider: Zto, moving: Loopback):
    """The receiver's and the sender's digits do, others are a BadInput of this waybill."""
    assert ask(provider, phone_tail="1234").events
    assert ask(provider, phone_tail="0000").events
    error = ask(provider, phone_tail="4321").error
    assert isinstance(error, BadInput)
    assert (error.code, error.upstream_code) == ("phone_tail_wrong", "E409")


def test_one_bad_waybill_never_stops_the_others(provider: Zto, moving: Loopback):
    """Answers come in the order asked, each with its own fate."""
    answers = provider.track(
        (
            TrackQuery("sf", "SF1234567890123", "1234"),
            TrackQuery("zto", "?", "1234"),
            TrackQuery("zto", WAYBILL, "1234"),
        )
    )
    assert isinstance(answers[0].error, NotOffered)
    assert isinstance(answers[1].error, BadInput)
    assert len(answers[2].events) == 2


def test_the_same_waybill_again_and_again(provider: Zto, moving: Loopback):
    """ZTO locks no number that is asked about often."""
    assert all(len(ask(provider).events) == 2 for _ in range(60))


def test_account_check(make_provider: Callable[..., Zto], loop: Loopback):
    """A signature that is right is told so without a secret, and one that is wrong is refused."""
    assert "ztoTes" in make_provider().check().detail
    assert "secret" not in make_provider().check().detail.lower()
    for wrong in ({"app_secret": "other"}, {"app_key": "other"}):
        with pytest.raises(CredentialsRefused) as caught:
            make_provider(**wrong).check()
        assert (caught.value.code, caught.value.upstream_code) == ("signature_refused", "S211")
    assert all(request.write is False for request in loop.sent)


def test_account_check_is_judged_by_the_words_about_the_waybill(make_provider: Callable[..., Zto], moving: Loopback):
    """A waybill of one's own whose digits are wrong proves the signature as well."""
    assert make_provider(check_waybill=WAYBILL).check().detail


def test_time_stamped_calls_are_taken(make_provider: Callable[..., Zto], moving: Loopback):
    """The sandbox reads both variants of the digest."""
    assert len(ask(make_provider(send_timestamp=True)).events) == 2
