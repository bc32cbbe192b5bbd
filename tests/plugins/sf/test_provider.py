"""Tracking and the account check over the plugin's own sandbox app."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from asctl.api import (
    BadInput,
    CredentialsRefused,
    NotOffered,
    ParcelStatus,
    Refused,
    Throttled,
    TrackQuery,
)
from asctl.api.sandbox import SandboxReply, SandboxRequest
from asctl_sf.provider import SF
from tests.plugins.loopback import Loopback
from tests.plugins.sf.conftest import TAIL, WAYBILL, said_no, said_yes, told

P = ParcelStatus


def waybill(number: int) -> str:
    return f"SF{number:013d}"


def content(loop: Loopback, place: int = -1) -> Mapping[str, Any]:
    """The ``msgData`` of a call that was sent."""
    sent: Mapping[str, Any] = json.loads((loop.sent[place].form or {})["msgData"])
    return sent


def test_ten_waybills_in_one_call(provider: SF, loop: Loopback) -> None:
    """Ten are asked about at once, each with its tail in its place; the answers come in the order asked."""
    for number in range(10):
        loop.parcel("sf", waybill(number), (number + 1, P.IN_TRANSIT), phone_tail=f"{number:04d}")
    queries = tuple(TrackQuery("sf", waybill(number), f"{number:04d}") for number in reversed(range(10)))
    answers = provider.track(queries)
    assert [answer.query for answer in answers] == list(queries)
    assert [len(answer.events) for answer in answers] == [1] * 10
    assert len(loop.sent) == 1
    assert content(loop)["trackingNumber"] == [query.waybill for query in queries]
    assert content(loop)["checkPhoneNo"] == ",".join(query.phone_tail for query in queries)


def test_a_parcel_is_read_back(provider: SF, loop: Loopback) -> None:
    """What has happened in the world is what the provider tells, oldest first; what is still to come is not told."""
    parcel = loop.parcel("sf", WAYBILL, (30, P.PICKED_UP), (3, P.OUT_FOR_DELIVERY), (-2, P.DELIVERED), phone_tail=TAIL)
    (answer,) = provider.track((TrackQuery("sf", WAYBILL, TAIL),))
    assert [(event.at, event.status, event.text) for event in answer.events] == [
        (event.at, event.status, event.text) for event in parcel.script[:2]
    ]
    assert {event.source for event in answer.events} == {"sf-main"}
    assert (answer.error, answer.problems) == (None, ())


def test_asked_again_and_again(provider: SF, loop: Loopback) -> None:
    """SF has no lock rule: the same parcel may be asked about at once again."""
    loop.parcel("sf", WAYBILL, (3, P.IN_TRANSIT), phone_tail=TAIL)
    for _ in range(3):
        assert provider.track((TrackQuery("sf", WAYBILL, TAIL),))[0].events


@pytest.mark.parametrize("known", [True, False])
def test_no_routes_is_an_answer(provider: SF, loop: Loopback, known: bool) -> None:
    """A wrong tail and an unknown waybill both have no routes, which is no error."""
    if known:
        loop.parcel("sf", WAYBILL, (3, P.IN_TRANSIT), phone_tail="9876")
    (answer,) = provider.track((TrackQuery("sf", WAYBILL, TAIL),))
    assert (answer.events, answer.error, answer.problems) == ((), None, ())


def test_what_cannot_be_asked_is_not_sent(provider: SF, loop: Loopback) -> None:
    """No phone tail, or another courier: an error of that waybill alone, while the others are asked about."""
    loop.parcel("sf", WAYBILL, (3, P.IN_TRANSIT), phone_tail=TAIL)
    answers = provider.track(
        (TrackQuery("sf", waybill(1)), TrackQuery("zto", "78123456789012", TAIL), TrackQuery("sf", WAYBILL, TAIL))
    )
    assert [type(answer.error) for answer in answers] == [BadInput, NotOffered, type(None)]
    assert [answer.error.code for answer in answers if answer.error] == ["phone_tail_missing", "courier_not_served"]
    assert content(loop)["trackingNumber"] == [WAYBILL]
    assert provider.track((TrackQuery("sf", waybill(1)),))[0].error
    assert len(loop.sent) == 1


def test_one_odd_number_does_not_spoil_the_call(provider: SF, loop: Loopback) -> None:
    """Where SF turns a call down for the shape of a number, each is asked about alone."""
    loop.parcel("sf", WAYBILL, (3, P.IN_TRANSIT), phone_tail=TAIL)
    through = loop.answer

    def answer(request: SandboxRequest) -> SandboxReply:
        return said_no("8191", "运单号格式错误") if b"ODD000" in request.body else through(request)

    loop.answer = answer
    good, odd = provider.track((TrackQuery("sf", WAYBILL, TAIL), TrackQuery("sf", "ODD000", TAIL)))
    assert len(good.events) == 1
    assert isinstance(odd.error, BadInput)
    assert (odd.error.code, len(loop.sent)) == ("waybill_refused", 3)


def test_a_refusal_of_the_question_is_every_waybills(provider: SF, loop: Loopback) -> None:
    """A no that names no number is not asked again one by one."""
    loop.answer = lambda _request: said_no("8399", "请联系客服")
    answers = provider.track((TrackQuery("sf", WAYBILL, TAIL), TrackQuery("sf", waybill(1), TAIL)))
    assert [type(answer.error) for answer in answers] == [Refused, Refused]
    assert len(loop.sent) == 1


def test_a_waybill_left_out_has_no_routes(provider: SF, loop: Loopback) -> None:
    """An answer that does not speak of a waybill says nothing against it."""
    loop.answer = lambda _request: said_yes({"routeResps": [{"mailNo": waybill(1), "routes": None}, "odd", {}]})
    answers = provider.track((TrackQuery("sf", WAYBILL, TAIL), TrackQuery("sf", waybill(1), TAIL)))
    assert [(answer.events, answer.error) for answer in answers] == [((), None), ((), None)]


def test_wrong_check_word_ends_the_run(make_provider: Callable[..., SF]) -> None:
    """A wrong check word is found out by the signature and is no matter of one waybill."""
    with pytest.raises(CredentialsRefused) as caught:
        make_provider(check_word="other").track((TrackQuery("sf", WAYBILL, TAIL),))
    assert caught.value.code == "signature_refused"


def test_check_proves_the_signature(make_provider: Callable[..., SF], loop: Loopback) -> None:
    """One question about nobody's waybill: a right check word is confirmed, a wrong one refused; no write is sent, and
    the partner is not told whole."""
    result = make_provider().check()
    assert "ASC..." in result.detail
    assert "ASCTL" not in result.detail
    assert content(loop)["trackingNumber"] == ["SF0000000000000"]
    assert not loop.sent[0].write
    with pytest.raises(CredentialsRefused):
        make_provider(check_word="other").check()


def test_check_is_judged_honestly(provider: SF, loop: Loopback) -> None:
    """A word on the waybill came after the signature and proves it, though no right to intercept; flow control proves
    nothing."""
    loop.answer = lambda _request: said_no("8191")
    assert "writes were not tried" in provider.check().detail
    loop.answer = lambda _request: told(None, "A1005")
    with pytest.raises(Throttled):
        provider.check()
