"""The course of return pickups: ordered as often as asked, followed by ZTO's number, taken back while nobody came."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asctl.api import (
    AsctlError,
    CredentialsRefused,
    Effect,
    Event,
    Evidence,
    ParcelKey,
    ParcelStatus,
    RefusalReason,
    Refused,
    Throttled,
    TrackQuery,
    Unavailable,
    Unclear,
)
from asctl.api.sandbox import SandboxReply, SandboxRequest
from asctl_zto.provider import Zto
from tests.plugins.loopback import START, Loopback, refused
from tests.plugins.zto.conftest import CASE, KEY, PICKUP, WAYBILL, refusing, telling


def body(loop: Loopback) -> dict[str, Any]:
    """What was sent last."""
    told: dict[str, Any] = json.loads(loop.sent[-1].body or b"")
    return told


def ordered(provider: Zto) -> Any:
    """The order, with the numbers that ZTO gave it."""
    made = provider.order_pickup(PICKUP)
    return replace(PICKUP, reference=made.reference, waybill=made.waybill)


def orders(*rows: dict[str, object]) -> dict[str, object]:
    """An answer about orders."""
    return {"status": True, "statusCode": "SYS000", "message": "", "result": list(rows)}


def test_ordered_with_its_waybill(provider: Zto, loop: Loopback):
    """ZTO's number is the reference; the parcel is one of the world, to be tracked with the customer's phone."""
    submission = provider.order_pickup(PICKUP)
    (made,) = loop.world.pickups
    assert (submission.reference, submission.waybill) == (made.number, made.waybill)
    assert (made.key, made.sender.name, made.receiver.name, made.remark) == (KEY, "测试甲", "退货组", CASE)
    (answer,) = provider.track((TrackQuery("zto", submission.waybill, "0004"),))
    assert answer.error is None


def test_a_repeat_is_another_order(provider: Zto, loop: Loopback):
    """As the contract says: the same key again makes a second pickup."""
    references = {provider.order_pickup(PICKUP).reference for _ in range(2)}
    assert len(references) == len(loop.world.pickups) == 2


def test_a_lost_answer_leaves_it_unclear(provider: Zto, loop: Loopback):
    """The order stands, and nothing tells its number: a person decides."""
    served = loop.answer

    def cut_off(request: SandboxRequest) -> SandboxReply:
        served(request)
        return SandboxReply(b"")

    loop.answer = cut_off
    with pytest.raises(Unclear):
        provider.order_pickup(PICKUP)
    loop.answer = served
    assert len(loop.world.pickups) == 1
    assert provider.pickup_status(PICKUP).evidence is Evidence.UNKNOWN


@pytest.mark.parametrize("result", [None, {}, [], "made", {"siteName": "上海"}])
def test_an_order_without_any_number_is_unclear(provider: Zto, loop: Loopback, result: object):
    """A yes that names neither order nor waybill can never be followed."""
    telling(loop, {"status": True, "statusCode": "0000", "result": result})
    with pytest.raises(Unclear) as caught:
        provider.order_pickup(PICKUP)
    assert caught.value.code == "odd_answer"


def test_from_order_to_fetched(provider: Zto, loop: Loopback):
    """Accepted until a scan shows the goods in ZTO's hands."""
    known = ordered(provider)
    found = provider.pickup_status(known)
    assert (found.evidence, found.effect, found.reference) == (Evidence.PRESENT, Effect.ACCEPTED, known.reference)
    loop.pass_time(4)
    found = provider.pickup_status(known)
    assert (found.effect, found.waybill) == (Effect.EFFECTIVE, known.waybill)


def test_waybill_that_comes_at_the_door(make_provider: Callable[..., Zto], loop: Loopback):
    """Orders without a waybill need no account; the status brings it once the goods are fetched."""
    provider = make_provider(pickup_waybill=False, account_id=None, account_password=None)
    known = ordered(provider)
    assert (body(loop)["orderType"], "accountInfo" in body(loop), known.waybill) == ("3", False, "")
    found = provider.pickup_status(known)
    assert (found.effect, found.waybill) == (Effect.ACCEPTED, "")
    loop.pass_time(4)
    found = provider.pickup_status(known)
    assert (found.effect, found.waybill) == (Effect.EFFECTIVE, loop.world.pickups[0].waybill)


@pytest.mark.parametrize(
    ("row", "states", "effect"),
    [
        ({"orderStatus": 0}, ("-2",), Effect.ACCEPTED),
        ({"orderStatus": 99}, ("-2",), Effect.ACCEPTED),
        ({"orderStatus": 99}, ("-2", "99"), Effect.CANCELLED),
        ({"orderStatus": -2}, ("-2",), Effect.CANCELLED),
        ({"orderStatus": 99, "cancelReason": "不想寄了"}, ("-2",), Effect.CANCELLED),
        ({}, ("-2",), Effect.ACCEPTED),
    ],
)
def test_states_of_an_order(
    make_provider: Callable[..., Zto],
    loop: Loopback,
    row: dict[str, object],
    states: tuple[str, ...],
    effect: Effect,
):
    """A setting says which states mean that nobody comes; a reason for it does so whatever the state. No state, not even
    the last, is taken for fetched goods."""
    telling(loop, orders({"orderCode": 200824000005397109, **row}))
    provider = make_provider(pickup_cancelled_states=states)
    found = provider.pickup_status(replace(PICKUP, reference="200824000005397109"))
    assert (found.effect, found.message) == (effect, row.get("cancelReason", ""))


def test_the_order_is_asked_for_by_its_number_else_its_waybill(make_provider: Callable[..., Zto], loop: Loopback):
    """The kind of order is a setting; a record of another order is no answer."""
    provider = make_provider(pickup_query_type="1")
    telling(loop, orders({"orderCode": "another"}))
    assert provider.pickup_status(replace(PICKUP, reference="O-1", waybill=WAYBILL)).evidence is Evidence.UNKNOWN
    assert body(loop) == {"type": 1, "orderCode": "O-1"}
    telling(loop, orders({"billCode": WAYBILL, "orderStatus": -2}))
    assert provider.pickup_status(replace(PICKUP, waybill=WAYBILL)).effect is Effect.CANCELLED
    assert body(loop) == {"type": 1, "billCode": WAYBILL}


def test_a_single_record_is_read_as_well(provider: Zto, loop: Loopback):
    """The answer is said to be a list."""
    telling(loop, {"status": True, "statusCode": "SYS000", "result": {"orderCode": "O-1", "orderStatus": -2}})
    assert provider.pickup_status(replace(PICKUP, reference="O-1")).effect is Effect.CANCELLED


@pytest.mark.parametrize(("code", "effect"), [("E409", Effect.ACCEPTED), ("E416", Effect.ACCEPTED), ("S221", None)])
def test_scans_that_cannot_be_had(provider: Zto, loop: Loopback, code: str, effect: Effect | None):
    """A waybill that may not be asked about is no news; trouble with the account is told."""
    told = orders({"orderCode": "O-1", "billCode": WAYBILL, "orderStatus": 2})
    answers = iter([told, {"status": False, "statusCode": code, "message": "", "result": None}])
    loop.answer = lambda _request: SandboxReply.of(next(answers))
    if effect:
        assert provider.pickup_status(replace(PICKUP, reference="O-1")).effect is effect
    else:
        with pytest.raises(Throttled):
            provider.pickup_status(replace(PICKUP, reference="O-1"))


def test_taken_back_before_the_courier_came(make_provider: Callable[..., Zto], loop: Loopback):
    """By ZTO's number, with the reason of the setting; both looks see it, and a repeat is carried out again."""
    provider = make_provider(pickup_cancel_type="2")
    known = ordered(provider)
    assert provider.pickup_cancellation(known).evidence is Evidence.ABSENT
    for _ in range(2):
        assert provider.cancel_pickup(known).reference == known.reference
    assert body(loop) == {"cancelType": "2", "orderCode": known.reference}
    assert provider.pickup_cancellation(known).evidence is Evidence.PRESENT
    assert provider.pickup_status(known).effect is Effect.CANCELLED


def test_taken_back_by_its_waybill(provider: Zto, loop: Loopback):
    """Where ZTO's number is not known."""
    provider.cancel_pickup(replace(ordered(provider), reference=""))
    assert body(loop) == {"cancelType": "1", "billCode": loop.world.pickups[0].waybill}
    assert loop.world.pickups[0].cancelled


def test_nothing_to_take_back_by(provider: Zto, loop: Loopback):
    """Without a number there is no way, and nothing is sent; nor can anybody look."""
    with pytest.raises(Refused) as caught:
        provider.cancel_pickup(PICKUP)
    assert (refused(caught.value), loop.sent) == ("CANNOT_CANCEL", [])
    assert provider.pickup_cancellation(PICKUP).evidence is Evidence.UNKNOWN


def test_too_late_to_take_back(provider: Zto, loop: Loopback):
    """After the fetching ZTO refuses, with its code and words beside our reason."""
    known = ordered(provider)
    loop.pass_time(4)
    with pytest.raises(Refused) as caught:
        provider.cancel_pickup(known)
    assert (refused(caught.value), caught.value.upstream_code) == ("CANNOT_CANCEL", "E23130")
    assert caught.value.upstream_text == "快件已揽收，无法取消"
    assert CASE in caught.value.message
    assert "asctl pickup list" in caught.value.hint
    assert provider.pickup_cancellation(known).evidence is Evidence.ABSENT


@pytest.mark.parametrize(
    ("code", "reason"), [("E23999", RefusalReason.CANNOT_CANCEL), ("E418", RefusalReason.NOT_AUTHORISED)]
)
def test_a_no_to_a_cancellation(provider: Zto, loop: Loopback, code: str, reason: RefusalReason):
    """A no that nobody explains means that it cannot be taken back; one that is explained keeps its reason."""
    refusing(loop, code)
    with pytest.raises(Refused) as caught:
        provider.cancel_pickup(replace(PICKUP, reference="O-1"))
    assert refused(caught.value) == reason.value


@pytest.mark.parametrize(
    ("code", "family", "word"),
    [
        ("E418", Refused, "not_authorised"),
        ("E500", Refused, "refused"),
        ("E404", CredentialsRefused, "account_unbound"),
        ("S210", CredentialsRefused, "interface_not_granted"),
        ("S211", CredentialsRefused, "signature_refused"),
        ("S206", Throttled, "quota_used_up"),
        ("S221", Throttled, "busy"),
        ("S203", Unclear, "server_error"),
        ("B001", Unclear, "unknown_status_code"),
    ],
)
def test_what_zto_says_no_to(provider: Zto, loop: Loopback, code: str, family: type[AsctlError], word: str):
    """Each code in its family; trouble, and a code that nobody knows, leave the order open."""
    refusing(loop, code, "原文")
    with pytest.raises(family) as caught:
        provider.order_pickup(PICKUP)
    assert (caught.value.code, caught.value.upstream_code, caught.value.upstream_text) == (word, code, "原文")
    assert caught.value.hint
    assert len(loop.sent) == 1


def test_the_case_is_named_where_a_pickup_is_refused(provider: Zto, loop: Loopback):
    """There is no waybill yet that could be."""
    refusing(loop, "E418")
    with pytest.raises(Refused) as caught:
        provider.order_pickup(PICKUP)
    assert CASE in caught.value.message


def test_a_look_that_fails_is_no_evidence(provider: Zto, loop: Loopback):
    """Trouble and odd records are raised."""
    for result in ("orders", [1], 7):
        telling(loop, {"status": True, "statusCode": "SYS000", "result": result})
        with pytest.raises(Unavailable):
            provider.pickup_cancellation(replace(PICKUP, reference="O-1"))


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = st.sampled_from(["orderCode", "billCode", "orderStatus", "cancelReason"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(result=junk | st.dictionaries(MEMBERS, junk) | st.lists(st.dictionaries(MEMBERS, junk), max_size=2))
def test_junk_raises_only_our_families(provider: Zto, loop: Loopback, result: Any):
    """Whatever comes back, a caller meets an answer or one of our errors."""
    telling(loop, {"status": True, "statusCode": "SYS000", "message": "", "result": result})
    known = replace(PICKUP, reference="O-1", waybill=WAYBILL)
    for call in (provider.order_pickup, provider.pickup_status, provider.cancel_pickup, provider.pickup_cancellation):
        try:
            call(known)
        except AsctlError as error:
            assert error.code


@pytest.mark.parametrize(
    ("status", "effect"),
    [
        (ParcelStatus.EXCEPTION, Effect.ACCEPTED),
        (ParcelStatus.PICKUP_FAILED, Effect.ACCEPTED),
        (ParcelStatus.IN_TRANSIT, Effect.EFFECTIVE),
        (ParcelStatus.LOST, Effect.EFFECTIVE),
    ],
)
def test_only_goods_in_hand_are_fetched(provider: Zto, loop: Loopback, status: ParcelStatus, effect: Effect):
    """A lost parcel was fetched; trouble may come before the fetching as well, and says nothing."""
    known = ordered(provider)
    loop.world.parcels[ParcelKey("zto", known.waybill)].script = [Event(START, status, "扫描")]
    assert provider.pickup_status(known).effect is effect
