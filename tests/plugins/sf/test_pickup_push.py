"""Order-state pushes: which pickup, how far, with which waybill; and the reply that is theirs alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api import AsctlError, BadInput, CredentialsRefused, Effect, Push, compact_json
from asctl_sf import push
from asctl_sf.pickup_push import STATES, effect_of_state, order_state_reply
from asctl_sf.provider import SF

ROW = {
    "orderNo": "K-1", "waybillNo": "SF1234567890123", "orderStateCode": "04-40001", "orderStateDesc": "调度成功/收派员信息",
    "empCode": "500003", "empPhone": "13600000003", "netCode": "755FG", "lastTime": "2024-05-01 15:12:33", "bookTime": "",
    "carrierCode": "SF", "createTm": "2024-05-01 15:12:33",
}  # fmt: skip
"""The row of the reference's sample (section 5.3)."""
ROUTE = {"mailno": "SF1234567890123", "acceptTime": "2024-05-02 07:12:40", "remark": "派送中", "opCode": "44"}


def body_of(*rows: object) -> bytes:
    return compact_json({"requestId": "39f6e309", "timestamp": 1747984353248, "orderState": list(rows)}).encode()


def received(*rows: object, form: str = "json") -> Push:
    return push.receive(body_of(*rows), form, True, "sf-main")


@pytest.mark.parametrize("form", ["json", "xml"])
def test_the_sample_is_read(form: str) -> None:
    """Our number, the waybill, the state in SF's words and its time in China, whichever format routes come in."""
    told = received(ROW, form=form)
    assert (told.kind, told.reference, told.courier, told.waybill) == ("pickup", "K-1", "sf", "SF1234567890123")
    assert (told.effect, told.state, told.message) == (Effect.ACCEPTED, "04-40001", "调度成功/收派员信息")
    assert told.at is not None
    assert told.at.isoformat() == "2024-05-01T15:12:33+08:00"


@pytest.mark.parametrize(
    ("state", "effect"),
    [
        *STATES.items(),
        ("04-40002-40004", Effect.ACCEPTED),
        ("04-40002-40005", Effect.ACCEPTED),
        ("04-40002-40014", Effect.CANCELLED),
        ("04-40002-40015", Effect.INEFFECTIVE),
        ("04-40002-40031", Effect.INEFFECTIVE),
        ("04-40002-49999", Effect.ACCEPTED),
        ("99-1", None),
        ("", None),
    ],
)
def test_states(state: str, effect: Effect | None) -> None:
    """Every state of the table; a trouble that ends nothing leaves the order standing, an unknown state says nothing."""
    assert effect_of_state(state) is effect
    assert received(ROW | {"orderStateCode": state}).effect is effect


def test_the_newest_row_of_an_order_counts() -> None:
    """Rows of one order may come together, in any order; a waybill that is not there yet is empty."""
    fetched = ROW | {"orderStateCode": "05-40003", "lastTime": "2024-05-01 17:00:00", "waybillNo": None}
    assert (received(fetched, ROW).effect, received(fetched, ROW).waybill) == (Effect.EFFECTIVE, "")


def test_a_push_about_several_orders_tells_of_each() -> None:
    """The first one carries the others; of each order the newest row counts, wherever it stands."""
    fetched = ROW | {
        "orderNo": "K-2",
        "orderStateCode": "05-40003",
        "waybillNo": "SF2",
        "lastTime": "2024-05-01 17:00:00",
    }
    first = received(ROW, fetched, ROW | {"orderNo": "K-2"}, ROW | {"orderNo": "K-3", "waybillNo": ""})
    told = [(each.kind, each.reference, each.waybill, each.effect) for each in (first, *first.more)]
    assert told == [
        ("pickup", "K-1", "SF1234567890123", Effect.ACCEPTED),
        ("pickup", "K-2", "SF2", Effect.EFFECTIVE),
        ("pickup", "K-3", "", Effect.ACCEPTED),
    ]
    assert [each.more for each in first.more] == [(), ()]
    assert received(ROW).more == ()


def test_order_states_are_unsigned_too(make_provider: Callable[..., SF]) -> None:
    """They are believed only where the operator vouches for the address."""
    with pytest.raises(CredentialsRefused) as caught:
        make_provider(push_accept_unsigned=False).receive({}, body_of(ROW))
    assert caught.value.code == "push_unsigned"


@pytest.mark.parametrize("rows", [(), ("odd",), ({"waybillNo": "SF1"},)])
def test_states_of_no_order_are_unreadable(rows: tuple[object, ...]) -> None:
    """A row without our number is about nothing."""
    with pytest.raises(BadInput) as caught:
        received(*rows)
    assert caught.value.code == "push_unreadable"


def test_each_kind_has_its_reply(make_provider: Callable[..., SF]) -> None:
    """What is answered follows what was received last, in this thread: states theirs, routes theirs, also after an error."""
    provider = make_provider()
    routes = compact_json({"Body": {"WaybillRoute": [ROUTE]}}).encode()
    provider.receive({}, body_of(ROW))
    assert provider.reply(True).body == b'{"success":"true","code":"0","msg":""}'
    elsewhere: list[bytes] = []
    other = threading.Thread(target=lambda: elsewhere.append(provider.reply(True).body))
    other.start()
    other.join()
    assert elsewhere == ['{"return_code":"0000","return_msg":"成功"}'.encode()]
    assert provider.reply(False) == order_state_reply(False)
    provider.receive({}, routes)
    assert provider.reply(True) == push.reply("json", True)
    provider.receive({}, body_of(ROW))
    with pytest.raises(BadInput):
        provider.receive({}, b"junk")
    assert provider.reply(False) == push.reply("json", False)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(list(ROW)), inner, max_size=4),
    max_leaves=8,
)


@given(told=json_values)
def test_any_order_state_is_read_or_refused_by_family(told: Any) -> None:
    """Whatever a stranger posts under the name never crashes the receiver."""
    for body in (compact_json({"orderState": told}).encode(), body_of(ROW | {"lastTime": told})):
        try:
            assert push.receive(body, "json", True, "sf-main").kind == "pickup"
        except AsctlError as error:
            assert error.code == "push_unreadable"
