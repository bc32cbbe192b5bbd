"""Scans of pickups of ours, as callbacks: they bring the number that we gave the order, and so tell its waybill."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from asctl.api import Effect, Push, compact_json
from asctl_yto.client import sign
from asctl_yto.push import Callbacks
from tests.plugins.yto.conftest import WAYBILL

SECRET = "ytoTestSecret"
KEY = "0123456789abcdef0123456789abcdef"
SCAN = {
    "txLogisticID": f"RET{KEY}",
    "mailNo": WAYBILL,
    "infoType": "STATUS",
    "infoContent": "GOT",
    "acceptTime": "2024-05-01 10:00:00.0 CST",
    "remark": "已收件",
}


def receive(**changed: str) -> Push:
    text = compact_json(SCAN | changed)
    form = {"logistics_interface": text, "data_digest": sign(text, SECRET), "clientId": "TEST01", "type": "online"}
    return Callbacks(SECRET, "yto-main").receive(urlencode(form).encode())


@pytest.mark.parametrize(
    ("code", "effect"),
    [
        ("ACCEPT", Effect.ACCEPTED),
        ("UNACCEPT", Effect.ACCEPTED),
        ("NOT_SEND", Effect.ACCEPTED),
        ("NEVER_HEARD", Effect.ACCEPTED),
        ("FAILED", Effect.ACCEPTED),
        ("GOT", Effect.EFFECTIVE),
        ("ARRIVAL", Effect.EFFECTIVE),
        ("SIGNED", Effect.EFFECTIVE),
    ],
)
def test_a_scan_tells_waybill_and_effect(code: str, effect: Effect):
    """Our key, the waybill and how far it is; an attempt that failed is not the end, and says
    nothing of goods in hand; the scan itself is kept."""
    push = receive(infoContent=code)
    assert (push.kind, push.reference, push.courier, push.waybill, push.effect) == (
        "pickup",
        KEY,
        "yto",
        WAYBILL,
        effect,
    )
    assert [event.raw_code for answer in push.answers for event in answer.events] == [code]


def test_an_odd_scan_still_tells_the_waybill():
    """Without a readable time nothing is said of the effect, and what is wrong stands in the problems."""
    push = receive(acceptTime="gestern")
    assert (push.kind, push.waybill, push.effect) == ("pickup", WAYBILL, None)
    assert push.answers[0].problems


@pytest.mark.parametrize("number", ["AS-1", "", "4000000010000004400"])
def test_parcels_of_other_orders_stay_tracks(number: str):
    """A number that is not of our making is an order that went out, not a pickup."""
    push = receive(txLogisticID=number)
    assert (push.kind, push.reference, push.waybill, push.effect) == ("tracks", number, "", None)


def test_the_reply_repeats_their_number_and_not_our_key():
    """YTO wants to read the number as it sent it."""
    callbacks = Callbacks(SECRET, "yto-main")
    text = compact_json(SCAN)
    callbacks.receive(urlencode({"logistics_interface": text, "data_digest": sign(text, SECRET)}).encode())
    assert callbacks.reply(True).body.decode() == (
        f'{{"logisticProviderID":"YTO","txLogisticID":"RET{KEY}","success":true}}'
    )
