"""The control door as a script meets it: ledger, clock, latency, faults, and bodies that are wrong."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from asctl.domain.orders import Receiver
from asctl.domain.parcels import ParcelKey
from asctl.domain.times import CHINA

if TYPE_CHECKING:
    from tests.unit.sandbox.conftest import Client

LEDGER_FIELDS = {
    *("seq", "at", "plugin", "operation", "write", "target", "key", "applied", "fault", "body_sha256"),
}


def test_the_ledger_holds_every_request_in_order_and_repeats_too(client: Client) -> None:
    """A write told twice stands there twice, applied twice, under one body hash."""
    client.note("SF1", key="k1")
    client.note("SF1", key="k1")
    client.track("SF1")
    lines = client.ledger()
    assert [line["seq"] for line in lines] == [1, 2, 3]
    assert [line["applied"] for line in lines] == [True, True, False]
    assert all(line.keys() == LEDGER_FIELDS for line in lines)
    assert lines[0]["body_sha256"] == hashlib.sha256(b'{"target": "SF1", "key": "k1"}').hexdigest()
    assert client.office.notes == ["SF1", "SF1"]


def test_a_cleared_ledger_goes_on_counting(client: Client) -> None:
    """Numbers are never given twice, so a reader can tell old lines from new ones."""
    client.track("SF1")
    assert client.control("DELETE", "ledger") == {"removed": 1}
    client.track("SF1")
    assert [line["seq"] for line in client.ledger()] == [2]


def test_control_calls_are_no_provider_requests(client: Client) -> None:
    """The witness does not note who asks it."""
    client.control("GET", "state")
    assert client.ledger() == []


def test_the_clock_moves_for_the_whole_world(client: Client) -> None:
    """Parcels show what was to come, and the ledger writes the new time."""
    told = {"courier": "sf", "waybill": "SF1000000000001"}
    soon = (client.sandbox.world.now() + timedelta(hours=1)).isoformat()
    scan = {"time": soon, "status": "IN_TRANSIT", "text": "到达"}
    assert client.control("POST", "parcels", told | {"events": [scan]})["events"] == []
    assert client.track("SF1000000000001").json() == {"texts": []}
    moved = datetime.fromisoformat(client.control("POST", "clock", {"advance_s": 7200})["now"])
    assert moved - datetime.now(CHINA) > timedelta(minutes=119)
    assert client.track("SF1000000000001").json() == {"texts": ["到达"]}
    assert datetime.fromisoformat(client.ledger()[-1]["at"]) >= moved


def test_latency_is_set_and_told(client: Client) -> None:
    """Providers' answers are still given, and the door says what is set."""
    assert client.control("GET", "latency") == {"ms": 0}
    assert client.control("POST", "latency", {"ms": 20}) == {"ms": 20}
    assert client.control("GET", "latency") == {"ms": 20}
    assert client.note("SF1").json() == {"ok": True}


def test_a_posted_fault_is_answered_as_understood_and_ended_by_delete(client: Client) -> None:
    """Defaults are filled in; after DELETE nothing strikes, not even a fault for ever."""
    told = client.control("POST", "faults", {"route": "post:note", "fault": "status", "code": 502, "times": 0})
    understood = {"fault": "status", "route": "post:note", "times": 0, "match": "", "probability": 1, "seed": 0}
    assert told == understood | {"code": 502, "applied": False}
    assert client.note("SF1").status_code == 502
    assert client.control("DELETE", "faults") == {"removed": 1}
    assert client.note("SF1").status_code == 200


def test_the_control_door_answers_while_faults_and_latency_are_in_force(client: Client) -> None:
    """Whatever strikes the apps, the witness can be asked."""
    client.fault("refuse_connect", times=0)
    client.control("POST", "latency", {"ms": 600_000})
    assert client.control("GET", "ledger") == []


@pytest.mark.parametrize(
    ("name", "body", "word"),
    [
        ("faults", {"route": "post", "fault": "explode"}, "close_after"),
        ("faults", {"route": "nowhere", "fault": "auth"}, "post"),
        ("faults", {"route": "post", "fault": "status"}, "code"),
        ("faults", {"route": "post", "fault": "auth", "seconds": 3}, "seconds"),
        ("faults", {"route": "post", "fault": "auth", "times": -1}, "times"),
        ("faults", {"route": "post", "fault": "auth", "times": 1.5}, "times"),
        ("faults", {"route": "post", "fault": "auth", "probability": "often"}, "probability"),
        ("faults", {"route": "post", "fault": "status", "code": 500, "applied": "yes"}, "applied"),
        ("clock", {}, "advance_s"),
        ("clock", {"advance_s": True}, "advance_s"),
        ("clock", {"advance_s": 1e300}, "advance_s"),
        ("latency", {"ms": -1}, "ms"),
        ("orders", {"count": 0}, "count"),
        ("orders", {"status": "LOST_AT_SEA"}, "WAIT_BUYER_CONFIRM_GOODS"),
        ("orders", {"paid_at": "yesterday"}, "paid_at"),
        ("orders", {"paid_at": "2999-01-01"}, "paid_at"),
        ("orders", {"paid_at": "2026-01-01", "status": "unpaid"}, "paid_at"),
        ("orders", {"couriers": []}, "couriers"),
        ("orders", {"colour": "red"}, "colour"),
        ("orders", {"together": "yes"}, "together"),
        ("parcels", {"courier": "sf", "waybill": "SF1000000000001", "foreign": 1}, "foreign"),
        ("parcels", {"courier": "sf"}, "waybill"),
        ("parcels", {"courier": "sf", "waybill": "7.12E+13"}, "spreadsheet"),
        ("parcels", {"courier": "sf", "waybill": "SF1000000000001", "phone_tail": "12"}, "four digits"),
        ("parcels", {"courier": "sf", "waybill": "SF1000000000001", "events": {}}, "events"),
        ("parcels", {"courier": "sf", "waybill": "SF1000000000001", "events": [7]}, "events[0]"),
        (
            "parcels",
            {"courier": "sf", "waybill": "SF1000000000001", "events": [{"status": "FLYING", "time": "2026-01-01"}]},
            "IN_TRANSIT",
        ),
        ("parcels", {"courier": "sf", "waybill": "SF1000000000001", "events": [{"status": "LOST"}]}, "events[0].time"),
        ("aftersales", {"order_id": "404", "kind": "return"}, "404"),
        ("aftersales", {"order_id": "404", "kind": "revenge"}, "refund_only"),
        ("aftersales", [], "JSON object"),
    ],
)
def test_a_wrong_body_is_a_400_with_a_sentence_that_names_it(client: Client, name: str, body: Any, word: str) -> None:
    """Nothing is done, and whoever wrote the body can mend it."""
    before = client.control("GET", "state")["parcels"]
    answer = client.session.post(client.info.control + name, json=body, timeout=5)
    assert answer.status_code == 400
    assert word in answer.json()["error"] + answer.json()["hint"]
    assert client.control("GET", "state")["parcels"] == before
    assert client.track("SF1").json() == {"texts": []}


def test_a_body_that_is_no_json_is_a_400(client: Client) -> None:
    """A form or half a body is told as what it is."""
    answer = client.session.post(client.info.control + "clock", data="advance_s=3", timeout=5)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_body")


def test_an_unknown_call_is_told_which_there_are(client: Client) -> None:
    """The door lists its calls; a doubled slash on the way to it does no harm."""
    answer = client.session.get(client.info.control + "weather", timeout=5)
    assert answer.status_code == 404
    assert "POST clock" in answer.json()["calls"]
    assert client.session.get(client.info.control + "/ledger", timeout=5).json() == []


def test_the_state_is_the_world_as_it_stands(client: Client) -> None:
    """Orders, after-sales and parcels are there, linked with each other, in plain JSON."""
    state = client.control("GET", "state")
    assert {"now", "orders", "after_sales", "parcels"} <= state.keys()
    waybills = {(parcel["courier"], parcel["waybill"]) for parcel in state["parcels"]}
    lines = [line for order in state["orders"] for line in order["lines"] if line["waybill"]]
    assert lines
    assert all((line["courier"], line["waybill"]) in waybills for line in lines)
    assert {order["flag"] for order in state["orders"]} > {"gray"}


def test_the_state_tells_interceptions_and_what_came_of_them(client: Client) -> None:
    """Requests in their order, with the key that travelled along; a new receiver stands there in full."""
    body = {"count": 2, "couriers": ["sf"], "paid_at": client.sandbox.world.now().isoformat()}
    first, second = (one["waybills"][0] for one in client.control("POST", "orders", body))
    client.intercept(first, key="k1")
    world = client.sandbox.world
    receiver = Receiver(name="苏小满", phone="13800001234", province="四川省", city="成都市", detail="听雨路12号")
    with world.lock:
        redirected = world.intercept("sf", ParcelKey("sf", second), "redirect", receiver=receiver)
        assert world.cancel_interception(redirected)
    client.control("POST", "clock", {"advance_s": 7200})
    state = client.control("GET", "state")
    called_back, taken_back = state["interceptions"]
    assert called_back.keys() == {
        *("plugin", "number", "key", "courier", "waybill", "kind", "at", "effect", "receiver"),
    }
    assert [called_back[name] for name in ("plugin", "key", "waybill", "kind")] == ["post", "k1", first, "sender"]
    assert (called_back["effect"], called_back["receiver"]) == ("effective", None)
    assert datetime.fromisoformat(called_back["at"]) == world.interceptions[0].at
    assert (taken_back["effect"], taken_back["kind"]) == ("cancelled", "redirect")
    assert taken_back["receiver"]["detail"] == "听雨路12号"
    (parcel,) = (parcel for parcel in state["parcels"] if parcel["waybill"] == first)
    assert parcel["status"] == "RETURNING"
