"""The control door about invoices: fates, what buyers do, the bureau's switch, applications, and the state."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from asctl.domain.invoices import Reason, Scope
from asctl.domain.orders import OrderStatus
from tests.unit.sandbox.bureau_support import COMPANY, ONE_KETTLE_BACK, ORDINARY, PLUGIN, SAMPLE, SELLER

if TYPE_CHECKING:
    from asctl.api.bureau import SandboxForm, SandboxInvoice
    from tests.unit.sandbox.conftest import Client


def submit(client: Client, serial: str = "B1") -> SandboxInvoice:
    """An invoice as an app hands it in."""
    world = client.sandbox.world
    with world.lock:
        return world.bureau.submit(PLUGIN, SELLER, serial, ORDINARY, COMPANY, SAMPLE, "4000000000000000101")


def issued(client: Client) -> str:
    """The number of an invoice that is issued by now."""
    submit(client)
    client.control("POST", "clock", {"advance_s": 4})
    number: str = client.control("GET", "state")["invoices"][-1]["number"]
    return number


def reverse(client: Client, number: str) -> SandboxForm:
    """A part of it applied for, and worked on."""
    world = client.sandbox.world
    with world.lock:
        form = world.bureau.apply_reversal(
            PLUGIN, SELLER, "R1", number, Scope.PARTIAL, Reason.RETURN, (ONE_KETTLE_BACK,)
        )
    client.control("POST", "clock", {"advance_s": 2})
    return form


def test_a_fate_strikes_what_is_submitted_next(client: Client) -> None:
    """It is answered as understood, with its defaults."""
    told = client.control("POST", "invoices", {"fate": "fail", "text": "演示：购方税号有误"})
    assert told == {"fate": "fail", "text": "演示：购方税号有误", "times": 1, "match": ""}
    struck, spared = submit(client, "B1"), submit(client, "B2")
    assert (struck.fate, struck.complaint, spared.fate) == ("fail", "演示：购方税号有误", "")


@pytest.mark.parametrize(("deed", "code", "reds"), [("confirm", "04", 1), ("refuse", "05", 0)])
def test_a_buyer_uses_an_invoice_and_decides_on_its_reversal(client: Client, deed: str, code: str, reds: int) -> None:
    """The state tells the form and the red invoice that came of it, in the sample's amounts."""
    number = issued(client)
    assert client.control("POST", "invoices", {"number": number, "buyer": "use"})["number"] == number
    reverse(client, number)
    assert client.control("GET", "state")["forms"][0]["code"] == "02"
    assert client.control("POST", "invoices", {"number": number, "buyer": deed})["code"] == code
    client.control("POST", "clock", {"advance_s": 2})
    state = client.control("GET", "state")
    (form,) = state["forms"]
    assert (form["code"], form["net"], form["tax"], form["complaint"]) == (code, "-90.00", "-11.70", "")
    red = state["invoices"][1:]
    assert [one["gross"] for one in red] == ["-101.70"] * reds
    assert [(one["serial"], one["number"]) for one in red] == [(form["red_serial"], form["red_number"])] * reds


def test_the_switch_lets_a_part_of_an_unused_invoice_be_reversed(client: Client) -> None:
    """As section 2.4 leaves open; the answer says how it stands."""
    number = issued(client)
    told = client.control("POST", "invoices", {"switch": "strict_full_when_unused", "on": False})
    assert told == {"switch": "strict_full_when_unused", "on": False}
    reverse(client, number)
    assert client.control("GET", "state")["forms"][0]["code"] == "01"


def test_the_state_tells_an_invoice_with_its_lines(client: Client) -> None:
    """Money as decimal text; no number before it is issued."""
    submit(client)
    (told,) = client.control("GET", "state")["invoices"]
    assert told.keys() == {
        *("plugin", "seller", "serial", "reference", "number", "colour", "kind", "order_id", "net", "tax", "gross"),
        *("phase", "blue_number", "form_number", "deliveries", "buyer_title", "lines"),
    }
    assert [told[name] for name in ("phase", "number", "colour", "gross")] == ["issuing", "", "blue", "203.40"]
    assert told["buyer_title"] == "演示购方有限公司"
    assert [line["gross"] for line in told["lines"]] == ["226.00", "-22.60"]


def test_a_customer_applies_inside_an_order(client: Client) -> None:
    """A tax ID makes him a company; what he does not say is what the order says."""
    (made,) = client.control("POST", "orders", {})
    order = client.sandbox.world.orders[made["order_id"]]
    before = len(client.control("GET", "state")["applications"])
    body = {"order_id": order.order_id, "title": "演示购方有限公司", "tax_id": "91990000MA0BUYER1T"}
    first = client.control("POST", "applications", body)
    assert (first["buyer"]["type"], first["amount"], first["trigger"]) == ("company", str(order.amount), "buyer_payed")
    assert (first["kind"], first["status"], first["results"]) == ("digital_ordinary", 1, [])
    told = {"title": "苏小满", "email": "a@example.invalid", "amount": "203.40", "trigger": "invoice_change"}
    second = client.control("POST", "applications", {"order_id": order.order_id, "kind": "digital_special", **told})
    assert (second["buyer"]["type"], second["buyer"]["email"]) == ("person", "a@example.invalid")
    assert (second["amount"], second["trigger"], second["kind"]) == ("203.40", "invoice_change", "digital_special")
    assert client.control("GET", "state")["applications"][before:] == [first, second]
    assert first["application"] != second["application"]


def test_the_seeded_shop_has_applications_of_both_sorts(client: Client) -> None:
    """Made in the last hours, on orders that were paid, for what they cost."""
    world = client.sandbox.world
    assert {made.buyer.type for made in world.applications} == {"company", "person"}
    for made in world.applications:
        order = world.orders[made.order_id]
        assert order.paid_at is not None
        assert order.status is not OrderStatus.CLOSED
        assert (made.shop, made.amount) == (order.shop, order.amount)
        assert timedelta() < world.now() - made.at < timedelta(hours=24)
    told = client.control("GET", "state")["applications"][0]
    assert datetime.fromisoformat(told["at"]) == world.applications[0].at


@pytest.mark.parametrize(
    ("name", "body", "word"),
    [
        ("invoices", {}, "fate, buyer, switch"),
        ("invoices", {"fate": "lost"}, "stuck, fail, seal_fail"),
        ("invoices", {"fate": "fail", "times": 0}, "times"),
        ("invoices", {"fate": "fail", "number": "1"}, "'number'"),
        ("invoices", {"buyer": "use"}, "number"),
        ("invoices", {"buyer": "pay", "number": "1"}, "use, confirm, refuse"),
        ("invoices", {"buyer": "use", "number": "2699"}, "2699"),
        ("invoices", {"switch": "lights"}, "strict_full_when_unused"),
        ("invoices", {"switch": "strict_full_when_unused", "on": "no"}, "on"),
        ("applications", {"order_id": "4"}, "title"),
        ("applications", {"order_id": "4", "title": "苏小满"}, "no order 4"),
        ("applications", {"order_id": "4", "title": "苏小满", "kind": "paper"}, "digital_ordinary"),
        ("applications", {"order_id": "4", "title": "苏小满", "trigger": "whim"}, "buyer_payed"),
        ("applications", {"order_id": "4", "title": "苏小满", "amount": "much"}, "203.40"),
        ("applications", {"order_id": "4", "title": "苏小满", "amount": "0"}, "more than 0"),
        ("applications", {"order_id": "4", "title": "苏小满", "colour": "red"}, "'colour'"),
    ],
)
def test_a_wrong_body_is_a_400_that_says_what_is_wrong(client: Client, name: str, body: Any, word: str) -> None:
    """Nothing is done, and whoever wrote it can mend it."""
    before = client.control("GET", "state")["applications"]
    answer = client.session.post(client.info.control + name, json=body, timeout=5)
    assert answer.status_code == 400
    assert word in answer.json()["error"]
    assert client.control("GET", "state")["applications"] == before
    assert submit(client).fate == ""


def test_a_buyer_cannot_confirm_what_does_not_wait_for_him(client: Client) -> None:
    """An unused invoice's form needs nobody, and a red invoice is nobody's to use."""
    number = issued(client)
    with client.sandbox.world.lock:
        client.sandbox.world.bureau.apply_reversal(PLUGIN, SELLER, "R1", number, Scope.FULL, Reason.RETURN)
    client.control("POST", "clock", {"advance_s": 5})
    (form,) = client.control("GET", "state")["forms"]
    for told, word in (
        ({"buyer": "confirm", "number": number}, "waits"),
        ({"buyer": "use", "number": form["red_number"]}, "blue"),
    ):
        answer = client.session.post(client.info.control + "invoices", json=told, timeout=5)
        assert (answer.status_code, word in answer.json()["error"]) == (400, True)
