"""A YTO account over the plugin's own sandbox app."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from asctl.api import (
    AddressChange,
    BadInput,
    CredentialsRefused,
    Effect,
    Interception,
    NotOffered,
    ParcelStatus,
    Receiver,
    Refused,
    TrackQuery,
)
from asctl.api.sandbox import Complaint, SandboxReply, SandboxRequest
from asctl.domain.parcels import status_of
from asctl_yto.provider import Yto
from asctl_yto.sandbox import TRACKING, WANTED, YtoSandbox
from tests.plugins.loopback import Loopback, refused
from tests.plugins.yto.conftest import WAYBILL, sent_body, settings

S = ParcelStatus
NEW_HOME = Receiver("王静怡", "13800001234", "江苏省", "苏州市", "吴中区", "木渎镇", "松月路8号3幢2单元1203室")
CHANGE = AddressChange("key-2", "yto", WAYBILL, NEW_HOME)
REQUEST = Interception("key-1", "yto", WAYBILL)


@pytest.fixture
def travelling(loopback: Loopback) -> Loopback:
    """A world with our parcel under way."""
    loopback.parcel(
        "yto", WAYBILL, (30, S.PICKED_UP), (10, S.IN_TRANSIT), (-40, S.OUT_FOR_DELIVERY), (-44, S.DELIVERED)
    )
    return loopback


def param_of(loopback: Loopback) -> dict[str, Any]:
    """The param of the last call sent."""
    param = json.loads(sent_body(loopback.sent[-1])["param"])
    assert isinstance(param, dict)
    return param


def status(provider: Yto) -> ParcelStatus:
    (answer,) = provider.track((TrackQuery("yto", WAYBILL),))
    return status_of(answer.events)[0]


def test_parcels_are_read_back_in_order(provider: Yto, travelling: Loopback):
    """One call and one answer per waybill; a waybill that nobody knows has no events and no error."""
    queries = (TrackQuery("yto", "YT0000000000001"), TrackQuery("yto", WAYBILL))
    unknown, known = provider.track(queries)
    assert (unknown.query, unknown.events, unknown.error) == (queries[0], (), None)
    assert [event.status for event in known.events] == [S.PICKED_UP, S.IN_TRANSIT]
    assert {event.source for event in known.events} == {"yto-main"}
    assert len(travelling.sent) == 2


def test_parcels_of_others_are_not_asked_about(provider: Yto, loopback: Loopback):
    """A waybill of another courier gets its own error, and nothing is sent for it."""
    (answer,) = provider.track((TrackQuery("zto", "73100012345678"),))
    assert isinstance(answer.error, NotOffered)
    assert (answer.error.code, loopback.sent) == ("courier_not_served", [])


def test_asked_again_and_again(provider: Yto, travelling: Loopback):
    """No lock stands on a waybill, and time brings what was to come."""
    assert [status(provider) for _ in range(3)] == [S.IN_TRANSIT] * 3
    travelling.pass_time(50)
    assert status(provider) is S.DELIVERED


def test_a_parcel_is_called_back(provider: Yto, travelling: Loopback):
    """Accepted is not done: the courier acts later, the tracks tell the return and then the arrival at the sender."""
    submission = provider.intercept(REQUEST)
    assert (submission.reference, submission.message) == ("", "成功")
    (interception,) = travelling.world.interceptions
    assert (interception.plugin, interception.kind, interception.waybill) == ("yto", "sender", WAYBILL)
    assert status(provider) is S.IN_TRANSIT
    travelling.pass_time(24 * 14)
    assert travelling.world.interception_effect(interception) is Effect.EFFECTIVE
    (answer,) = provider.track((TrackQuery("yto", WAYBILL),))
    assert status_of(answer.events) == (S.RETURNED, "SIGNED")
    assert "TMS_RETURN" in {event.raw_code for event in answer.events}


@pytest.mark.parametrize(("reason", "told"), [("买家退款，退回", "买家退款，退回"), ("", "客户要求退回")])
def test_the_description_is_never_empty(provider: Yto, travelling: Loopback, reason: str, told: str):
    """wantedDesc is the reason given, or a standing text; the param has no other members."""
    provider.intercept(replace(REQUEST, reason=reason))
    assert param_of(travelling) == {"waybillNo": WAYBILL, "wantedDesc": told}


def test_a_parcel_is_redirected(provider: Yto, travelling: Loopback):
    """The new receiver goes out under their odd names, with the town before the detail, and the tracks tell it later."""
    provider.change_address(CHANGE)
    assert param_of(travelling) == {
        "waybillNo": WAYBILL,
        "wantedDesc": "客户要求改地址",
        "receiveProvName": "江苏省",
        "receiveCityName": "苏州市",
        "receiveCountyName": "吴中区",
        "receiveAddress": "木渎镇松月路8号3幢2单元1203室",
        "receiverName": "王静怡",
        "receiverTel": "13800001234",
    }
    (interception,) = travelling.world.interceptions
    assert interception.kind == "redirect"
    assert interception.receiver == replace(NEW_HOME, town="", detail="木渎镇松月路8号3幢2单元1203室")
    travelling.pass_time(24 * 14)
    (answer,) = provider.track((TrackQuery("yto", WAYBILL),))
    assert ("redirected",) in {event.flags for event in answer.events if event.raw_code == "FORWARDING"}


def test_a_number_that_is_no_phone_is_not_sent(provider: Yto, travelling: Loopback):
    """No courier takes it."""
    with pytest.raises(BadInput) as caught:
        provider.change_address(replace(CHANGE, receiver=replace(NEW_HOME, phone="12345")))
    assert (caught.value.code, travelling.sent) == ("bad_phone", [])


@pytest.mark.parametrize("part", ["name", "phone", "province", "detail"])
@pytest.mark.parametrize("told", ["", "  ", "138****1234"])
def test_an_incomplete_receiver_is_not_sent(provider: Yto, travelling: Loopback, part: str, told: str):
    """What is missing or masked is named, without the person's data, and nothing is sent."""
    with pytest.raises(BadInput) as caught:
        provider.change_address(replace(CHANGE, receiver=replace(NEW_HOME, **{part: told})))
    assert caught.value.code == "incomplete_address"
    assert part in caught.value.message
    assert all(told not in caught.value.message for told in ("王静怡", "13800001234", "松月路", "****"))
    assert travelling.sent == []


def test_city_or_district_will_do(provider: Yto, travelling: Loopback):
    """Dongguan has no districts and Xiantao no city above it; with neither the address is incomplete."""
    provider.change_address(replace(CHANGE, receiver=replace(NEW_HOME, district="")))
    provider.change_address(replace(CHANGE, receiver=replace(NEW_HOME, city="", district="仙桃市")))
    with pytest.raises(BadInput):
        provider.change_address(replace(CHANGE, receiver=replace(NEW_HOME, city="", district="")))
    assert len(travelling.sent) == 2


def test_an_interception_is_taken_back(provider: Yto, travelling: Loopback):
    """While the courier has not acted, a request can be taken back; the parcel then goes on to its receiver."""
    provider.intercept(replace(REQUEST, reason="买家退款"))
    assert provider.cancel_interception(replace(REQUEST, reason="买家退款")).message == "成功"
    assert param_of(travelling) == {"waybillNo": WAYBILL, "dealRemark": "商家取消拦截"}
    assert travelling.world.interceptions[0].cancelled
    travelling.pass_time(24 * 14)
    assert status(provider) is S.DELIVERED


def test_too_late_to_take_back(provider: Yto, travelling: Loopback):
    """What was never asked for, or is done already, cannot be taken back."""
    for _attempt in range(2):
        with pytest.raises(Refused) as caught:
            provider.cancel_interception(REQUEST)
        assert refused(caught.value) == "CANNOT_CANCEL"
        if not travelling.world.interceptions:
            provider.intercept(REQUEST)
            travelling.pass_time(24 * 14)


def test_repeats_are_carried_out_again(provider: Yto, travelling: Loopback):
    """The declared contract is true: nothing at YTO keeps a repeat of a request from counting twice."""
    applied: list[bool] = []

    def witness(request: SandboxRequest) -> SandboxReply:
        reply = travelling.app.answer(request, travelling.app.identify(request), travelling.world)
        applied.append(reply.applied)
        return reply

    travelling.answer = witness
    for _attempt in range(2):
        provider.intercept(REQUEST)
    for _attempt in range(2):
        provider.cancel_interception(REQUEST)
    for _attempt in range(2):
        provider.change_address(CHANGE)
    assert applied == [True] * 6


@pytest.mark.parametrize(
    ("scans", "told", "reason"),
    [
        (((9, S.PICKED_UP), (2, S.DELIVERED)), {}, "ALREADY_DELIVERED"),
        (((9, S.PICKED_UP), (2, S.OUT_FOR_DELIVERY)), {}, "TOO_LATE"),
        (((2, S.CREATED),), {}, "NOT_PICKED_UP_YET"),
        (((9, S.PICKED_UP), (2, S.IN_TRANSIT)), {"foreign": True}, "NOT_AUTHORISED"),
    ],
)
@pytest.mark.parametrize("verb", ["intercept", "change_address"])
def test_parcels_that_cannot_be_stopped(
    provider: Yto, loopback: Loopback, scans: tuple[Any, ...], told: dict[str, Any], reason: str, verb: str
):
    """Where the parcel stands decides, and the world stays as it is."""
    loopback.parcel("yto", WAYBILL, *scans, **told)
    with pytest.raises(Refused) as caught:
        getattr(provider, verb)(REQUEST if verb == "intercept" else CHANGE)
    assert refused(caught.value) == reason
    assert loopback.world.interceptions == []


@pytest.mark.parametrize("verb", ["intercept", "change_address", "cancel_interception"])
def test_unknown_waybill(provider: Yto, verb: str):
    """Their own words for a waybill that does not exist are kept."""
    with pytest.raises(Refused) as caught:
        getattr(provider, verb)(CHANGE if verb == "change_address" else REQUEST)
    assert (refused(caught.value), caught.value.upstream_text) == ("NOT_AUTHORISED", "运单不存在")


def test_another_ones_interception_stands_in_the_way(provider: Yto, travelling: Loopback):
    """What an aggregator asked for already is refused in the words that section 6 confirms."""
    (key,) = travelling.world.parcels
    travelling.world.intercept("kuaidi100", key, "sender")
    with pytest.raises(Refused) as caught:
        provider.intercept(REQUEST)
    assert refused(caught.value) == "ALREADY_INTERCEPTED"
    assert caught.value.upstream_text == "已有有效拦截件，不能重复发起拦截"


def test_check_tells_whose_account_it_is(provider: Yto, loopback: Loopback):
    """An answer about the test waybill proves the track query's signature; the others' are not claimed."""
    result = provider.check()
    assert TRACKING.customer_code in result.detail
    assert "interceptions and pickups were not tried" in result.detail
    assert param_of(loopback) == {"NUMBER": "YT0000000000000"}
    assert not loopback.sent[0].write


def test_check_with_wrong_secret(loopback: Loopback):
    """A signature that is not accepted is told as such."""
    account = Yto(loopback.context("yto-main", settings(track_secret="wrong")))
    with pytest.raises(CredentialsRefused) as caught:
        account.check()
    assert caught.value.upstream_code == "401"


def test_check_takes_no_complaint_for_a_proof(answering: Callable[..., Yto]):
    """A gateway that finds fault with the call itself has not said that the signature is right."""
    with pytest.raises(Refused):
        answering({"success": False, "code": 200010003, "reason": "参数不合法; "}).check()


def test_credentials_of_one_interface_do_not_open_another(loopback: Loopback):
    """Interceptions under the track query's credentials are refused, as at YTO."""
    mixed = settings(customer_code=TRACKING.customer_code, secret=TRACKING.secret, url_key=TRACKING.url_key)
    with pytest.raises(CredentialsRefused):
        Yto(loopback.context("yto-main", mixed)).intercept(REQUEST)
    assert WANTED.customer_code not in loopback.sent[0].url


@pytest.mark.parametrize(
    "reason",
    [
        "ALREADY_DELIVERED", "TOO_LATE", "NOT_PICKED_UP_YET", "ALREADY_INTERCEPTED", "NOT_AUTHORISED", "NOT_SUPPORTED",
        "DESTINATION_CLOSED", "BAD_ADDRESS", "BAD_PHONE", "REFUSED_BY_RULE", "LOST", "CANNOT_CANCEL", "OTHER",
    ],
)  # fmt: skip
def test_refusals_asked_for_as_a_fault_come_back(provider: Yto, loopback: Loopback, reason: str):
    """Each reason that the control door names is told in their words and read as the same reason."""
    app = YtoSandbox()
    loopback.answer = lambda request: app.complain(app.identify(request), Complaint("refuse", reason=reason))
    with pytest.raises(Refused) as caught:
        provider.intercept(REQUEST)
    assert refused(caught.value) == reason
