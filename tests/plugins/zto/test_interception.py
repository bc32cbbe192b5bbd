"""Interception, redirection and their cancellation: once each, whatever is lost on the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from asctl.api import (
    AddressChange,
    BadInput,
    Effect,
    Event,
    Evidence,
    Interception,
    ParcelKey,
    ParcelStatus,
    Receiver,
    Refused,
    TrackQuery,
    Unclear,
)
from asctl.api.sandbox import SandboxReply, SandboxRequest
from asctl_zto.provider import Zto
from asctl_zto.sandbox import ZtoSandbox
from asctl_zto.sandbox_interceptions import REQUEST_ID_KEPT
from tests.plugins.loopback import Loopback, refused
from tests.plugins.zto.conftest import BASE, WAYBILL, refusing, signed

S = ParcelStatus
KEY = "0123456789abcdef0123456789abcdef"
CALL_BACK = Interception(KEY, "zto", WAYBILL)
KNOWN = replace(CALL_BACK, reference=KEY)
RECEIVER = Receiver("测试丙", "13800000003", "上海市", "上海市", "浦东新区", "花木街道", "示例路1号")
REDIRECTION = AddressChange(KEY, "zto", WAYBILL, RECEIVER)


def applied(loop: Loopback, request: SandboxRequest) -> bool:
    return loop.app.answer(request, loop.app.identify(request), loop.world).applied


@pytest.mark.parametrize("place", ["sender", "outlet"])
def test_from_request_to_effective(provider: Zto, moving: Loopback, place: str):
    """An accepted request stands until the courier acts; then it is effective and the track turns back."""
    request = replace(CALL_BACK, return_to=place)
    submission = provider.intercept(request)
    assert (submission.reference, submission.fee) == (KEY, None)
    assert moving.world.interceptions[0].kind == place
    known = replace(request, reference=submission.reference)
    assert provider.interception_status(known).effect is Effect.ACCEPTED
    moving.clock.sleep(6 * 3600)
    found = provider.interception_status(known)
    assert (found.evidence, found.effect, found.reference) == (Evidence.PRESENT, Effect.EFFECTIVE, KEY)
    newest = moving.world.parcels[ParcelKey("zto", WAYBILL)].events(moving.clock.moment)[-1]
    assert newest.status is S.RETURNING


def test_from_request_to_ineffective(provider: Zto, loop: Loopback):
    """A parcel that is delivered before the courier acts was not intercepted."""
    loop.parcel("zto", WAYBILL, (8, S.IN_TRANSIT), (-0.5, S.DELIVERED))
    provider.intercept(CALL_BACK)
    loop.clock.sleep(6 * 3600)
    assert provider.interception_status(KNOWN).effect is Effect.INEFFECTIVE


@pytest.mark.parametrize(
    ("scans", "reason"),
    [
        ([(2, S.DELIVERED)], "ALREADY_DELIVERED"),
        ([], "NOT_PICKED_UP_YET"),
        ([(2, S.CREATED)], "NOT_PICKED_UP_YET"),
        ([(2, S.OUT_FOR_DELIVERY)], "TOO_LATE"),
        ([(2, S.READY_FOR_PICKUP)], "TOO_LATE"),
        ([(2, S.RETURNING)], "ALREADY_INTERCEPTED"),
        ([(2, S.LOST)], "LOST"),
        ([(2, S.CANCELLED)], "REFUSED_BY_RULE"),
    ],
)
def test_refusals_by_where_the_parcel_stands(
    provider: Zto, loop: Loopback, scans: list[tuple[float, ParcelStatus]], reason: str
):
    """What the world objects to comes back as the reason that it was, and nothing is there afterwards."""
    loop.parcel("zto", WAYBILL, *scans)
    with pytest.raises(Refused) as caught:
        provider.intercept(CALL_BACK)
    assert refused(caught.value) == reason
    assert provider.interception_status(CALL_BACK).evidence is Evidence.ABSENT


def test_unknown_and_foreign_waybills(provider: Zto, loop: Loopback):
    """ZTO has no data of a number that nobody has, and no right over another's parcel."""
    with pytest.raises(Refused) as unknown:
        provider.intercept(CALL_BACK)
    loop.parcel("zto", WAYBILL, (2, S.IN_TRANSIT), foreign=True)
    with pytest.raises(Refused) as foreign:
        provider.intercept(CALL_BACK)
    assert (unknown.value.upstream_code, refused(unknown.value)) == ("E23102", "NOT_PICKED_UP_YET")
    assert (foreign.value.upstream_code, refused(foreign.value)) == ("E23153", "NOT_AUTHORISED")


def test_a_lost_answer_and_the_same_key_again(provider: Zto, moving: Loopback):
    """The repeat is dropped by its request id, and told as what it is: done by the earlier attempt."""
    served = moving.answer

    def cut_off(request: SandboxRequest) -> SandboxReply:
        served(request)
        return SandboxReply(b"")

    moving.answer = cut_off
    with pytest.raises(Unclear):
        provider.intercept(CALL_BACK)
    moving.answer = served
    assert provider.interception_status(CALL_BACK).evidence is Evidence.PRESENT
    assert provider.intercept(CALL_BACK).reference == KEY
    assert len(moving.world.interceptions) == 1


@pytest.mark.parametrize("code", ["E23127", "E23151"])
def test_both_words_for_the_same_request(provider: Zto, loop: Loopback, code: str):
    """Either code about our own request id means that it has arrived; the submission says so."""
    refusing(loop, code, "已存在相同的请求")
    for submission in (provider.intercept(CALL_BACK), provider.change_address(REDIRECTION)):
        assert (submission.reference, submission.message) == (KEY, "已存在相同的请求")
    refusing(loop, code, "")
    assert provider.intercept(CALL_BACK).message


def test_the_same_request_about_a_cancellation_is_a_refusal(provider: Zto, loop: Loopback):
    """Only a creation carries a request id."""
    refusing(loop, "E23127")
    with pytest.raises(Refused):
        provider.cancel_interception(KNOWN)


def test_the_keyed_route_drops_repeats_of_a_key_for_a_while(moving: Loopback):
    """A repeat of the request id is applied once, another id and a repeat long after again."""
    body = {"billCode": WAYBILL, "requestId": "R-1", "thirdBizNo": "B-1", "destinationType": 2}
    create = "thirdcenter.createIntercept"
    moving.world.parcels[ParcelKey("zto", WAYBILL)].script.pop()
    assert [applied(moving, signed(create, body)) for _ in range(3)] == [True, False, False]
    assert applied(moving, signed(create, body | {"requestId": "R-2"}))
    moving.world.interceptions[0].at -= REQUEST_ID_KEPT
    assert applied(moving, signed(create, body))


def test_the_unkeyed_route_drops_no_repeats(moving: Loopback):
    """A cancellation is applied as often as it comes: the ledger is the witness."""
    body = {"billCode": WAYBILL, "requestId": "R-1", "thirdBizNo": "B-1", "destinationType": 1}
    assert applied(moving, signed("thirdcenter.createIntercept", body))
    cancel = signed("thirdcenter.cancelIntercept", {"billCode": WAYBILL, "thirdBizNo": "B-1"})
    assert [applied(moving, cancel) for _ in range(2)] == [True, True]


def test_a_request_is_taken_back(provider: Zto, moving: Loopback):
    """Before the courier acts; the look then finds the cancellation, and the request cancelled."""
    reference = provider.intercept(CALL_BACK).reference
    known = replace(CALL_BACK, reference=reference)
    assert provider.cancellation_status(known).evidence is Evidence.ABSENT
    assert provider.cancel_interception(known).reference == KEY
    assert provider.cancellation_status(known).evidence is Evidence.PRESENT
    assert provider.interception_status(known).effect is Effect.CANCELLED


def test_an_earlier_cancelled_request_proves_nothing_of_a_new_one(provider: Zto, moving: Loopback):
    """A new request whose answer was lost must not take an old one's end for its own."""
    provider.intercept(CALL_BACK)
    provider.cancel_interception(KNOWN)
    anew = replace(CALL_BACK, key="another intent")
    assert provider.interception_status(anew).evidence is Evidence.UNKNOWN
    provider.intercept(anew)
    assert provider.interception_status(anew).effect is Effect.ACCEPTED


def test_too_late_or_not_ours_to_take_back(provider: Zto, moving: Loopback):
    """Nothing asked for, a number that is not the initiator's, and a parcel on its way back: CANNOT_CANCEL."""
    with pytest.raises(Refused) as nothing:
        provider.cancel_interception(KNOWN)
    provider.intercept(CALL_BACK)
    with pytest.raises(Refused) as anothers:
        provider.cancel_interception(replace(KNOWN, reference="AS-2"))
    moving.clock.sleep(6 * 3600)
    with pytest.raises(Refused) as acted:
        provider.cancel_interception(KNOWN)
    assert {refused(error.value) for error in (nothing, anothers, acted)} == {"CANNOT_CANCEL"}


def test_a_redirection_to_its_end(provider: Zto, moving: Loopback):
    """The new receiver arrives whole, the parcel takes the new way, and the look and the track tell it."""
    reference = provider.change_address(REDIRECTION).reference
    (made,) = moving.world.interceptions
    assert (made.kind, made.key) == ("redirect", KEY)
    assert made.receiver == Receiver(
        "测试丙", "13800000003", "上海市", "上海市", "浦东新区", detail="花木街道示例路1号"
    )
    known = replace(REDIRECTION, reference=reference)
    assert provider.address_change_status(known).effect is Effect.ACCEPTED
    moving.clock.sleep(6 * 3600)
    assert provider.address_change_status(known).effect is Effect.EFFECTIVE
    assert "redirected" in _newest(provider).flags


def _newest(provider: Zto) -> Event:
    (answer,) = provider.track((TrackQuery("zto", WAYBILL, "1234"),))
    return max(answer.events, key=lambda event: event.at)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"province": "台湾省"}, "NOT_SUPPORTED"),
        ({"province": "海南省", "city": "三沙市"}, "DESTINATION_CLOSED"),
        ({"town": "", "detail": "1号"}, "REFUSED_BY_RULE"),
    ],
)
def test_receivers_that_the_courier_refuses(provider: Zto, moving: Loopback, changed: dict[str, str], reason: str):
    """Their words for it; ZTO has no code for a bad address, which is a rule of its own there."""
    with pytest.raises(Refused) as caught:
        provider.change_address(replace(REDIRECTION, receiver=replace(RECEIVER, **changed)))
    assert refused(caught.value) == reason
    assert moving.world.interceptions == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": ""}, "incomplete_address"),
        ({"phone": " "}, "incomplete_address"),
        ({"province": ""}, "incomplete_address"),
        ({"city": "", "district": ""}, "incomplete_address"),
        ({"detail": ""}, "incomplete_address"),
        ({"phone": "138****0003"}, "incomplete_address"),
        ({"phone": "12345"}, "bad_phone"),
        ({"phone": "13800000003-123456"}, "bad_phone"),
    ],
)
def test_receivers_that_are_surely_refused_are_not_sent(
    provider: Zto, moving: Loopback, changed: dict[str, str], code: str
):
    """They are told at home, without repeating what they are."""
    with pytest.raises(BadInput) as caught:
        provider.change_address(replace(REDIRECTION, receiver=replace(RECEIVER, **changed)))
    assert caught.value.code == code
    assert "138" not in caught.value.message
    assert moving.sent == []


def test_none_told_by_a_code():
    """Where the far side has a code for "no interception", a look still reads absence."""
    loop = Loopback(ZtoSandbox(no_interception="E23130"), BASE)
    settings = {"base_url": BASE, "app_key": "ztoTestCompany", "app_secret": "ztoTestSecret"}
    provider = Zto(loop.context("zto", settings))
    loop.parcel("zto", WAYBILL, (2, S.IN_TRANSIT))
    assert provider.interception_status(CALL_BACK).evidence is Evidence.ABSENT
    assert provider.cancellation_status(CALL_BACK).evidence is Evidence.ABSENT
    provider.intercept(CALL_BACK)
    assert provider.interception_status(CALL_BACK).evidence is Evidence.PRESENT
