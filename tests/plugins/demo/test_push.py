"""Callbacks: verified as they came, then read."""

from __future__ import annotations

from typing import Any

import pytest

from asctl.api import BadInput, CredentialsRefused, Effect, ParcelStatus, compact_json
from asctl_demo.client import sign
from asctl_demo.conformance import conformance
from asctl_demo.provider import DemoInvoices, DemoParcels
from asctl_demo.sandbox_gate import SECRET

MOMENT = "2026-11-21T01:30:00+00:00"


def signed(told: Any) -> tuple[dict[str, str], bytes]:
    body = told if isinstance(told, bytes) else compact_json(told).encode()
    return {"X-Demo-Time": MOMENT, "X-Demo-Sign": sign(SECRET, MOMENT, body)}, body


def test_scans_are_read_as_a_track_is(parcels: DemoParcels) -> None:
    """With the parcel that they are of; one that is odd is set aside."""
    scans = [{"at": MOMENT, "code": "delivered", "text": "Signed for"}, {"at": "never", "code": "moving"}]
    push = parcels.receive(*signed({"about": "scans", "waybill": "7000000000001", "scans": scans}))
    (answer,) = push.answers
    assert (push.kind, answer.query.courier, answer.query.waybill) == ("tracks", "demo", "7000000000001")
    assert [event.status for event in answer.events] == [ParcelStatus.DELIVERED]
    assert len(answer.problems) == 1


def test_what_came_of_an_interception(parcels: DemoParcels) -> None:
    """Of which parcel, what was asked for, and when."""
    told = {"about": "interception", "waybill": "7", "asked": "redirect", "state": "failed", "at": MOMENT, "key": "k"}
    push = parcels.receive(*signed(told))
    assert (push.kind, push.effect, push.request, push.reference) == (
        "interception", Effect.INEFFECTIVE, "redirect", "k",
    )  # fmt: skip
    assert push.at is not None
    assert push.at.isoformat() == MOMENT


def test_what_came_of_a_pickup(parcels: DemoParcels) -> None:
    """By our key, with the waybill."""
    push = parcels.receive(*signed({"about": "pickup", "key": "k", "state": "done", "waybill": "7"}))
    assert (push.kind, push.reference, push.effect, push.waybill) == ("pickup", "k", Effect.EFFECTIVE, "7")


def test_an_invoice_is_a_hint(invoices: DemoInvoices) -> None:
    """Only the serial is taken from it."""
    push = invoices.receive(*signed({"about": "invoice", "serial": "B26112100000001", "state": "issued"}))
    assert (push.kind, push.reference, push.state) == ("invoice", "B26112100000001", "")


def test_what_nobody_knows_is_something_else(parcels: DemoParcels) -> None:
    """A new occasion, or a new word for a state, is answered and kept out of the books."""
    assert parcels.receive(*signed({"about": "weather"})).kind == "other"
    told = {"about": "interception", "waybill": "7", "state": "beamed_up"}
    assert parcels.receive(*signed(told)).kind == "other"


def test_a_forged_callback_is_turned_away(parcels: DemoParcels) -> None:
    """Without a signature, with a wrong one, with a right one over other bytes or another time."""
    headers, body = signed({"about": "pickup", "key": "k", "state": "done"})
    for told in ({}, headers | {"X-Demo-Sign": "0" * 64}, headers | {"X-Demo-Time": "2026-11-21T02:30:00+00:00"}):
        with pytest.raises(CredentialsRefused):
            parcels.receive(told, body)
    with pytest.raises(CredentialsRefused):
        parcels.receive(headers, body + b" ")


@pytest.mark.parametrize(
    "told", [b"", b"null", b"[]", b'{"about":"scans"}', b'{"about":"pickup"}', b"\xff", {"about": ""}]
)
def test_one_in_no_documented_shape_is_bad_input(parcels: DemoParcels, told: Any) -> None:
    """Although it is signed right."""
    with pytest.raises(BadInput) as caught:
        parcels.receive(*signed(told))
    assert caught.value.code == "push_unreadable"


def test_the_reply_says_whether_it_is_safe(parcels: DemoParcels) -> None:
    """Anything but 200 makes Demo send it again."""
    assert (parcels.reply(True).status, parcels.reply(False).status) == (200, 503)
    assert parcels.reply(True).body == b'{"stored":true}'


def test_the_kits_samples_are_genuine(parcels: DemoParcels) -> None:
    """Each callback that the conformance kit is given is taken, as the kind that it says."""
    make = conformance().pushes
    assert make is not None
    samples = make({"secret": SECRET})
    assert [parcels.receive(one.headers, one.body).kind for one in samples] == [one.kind for one in samples]
    assert len(samples) == 4
