"""Demo Invoices: issued, tried again, reversed, delivered, fetched; and customers' applications at the market."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from asctl.api import (
    BadInput,
    Colour,
    Delivery,
    Effect,
    Evidence,
    FormState,
    InvoiceResult,
    InvoiceState,
    InvoiceTold,
    NotFound,
    Unclear,
)
from asctl.sandbox.applications import apply
from asctl.sandbox.fates import FAIL, Fate
from asctl_demo.provider import DemoInvoices, DemoMarket
from tests.plugins.demo.conftest import BLUE, BUYER, FULL, KEY, LINE, ORDER, SELLER, Scene
from tests.plugins.loopback import START

RESULT = InvoiceResult(
    KEY, ORDER.order_id, "", Colour.BLUE, BLUE.kind, SELLER.tax_id, SELLER.name, SELLER.drawer, BUYER, (LINE,),
    Decimal("200.00"), Decimal("26.00"), Decimal("226.00"), "26990000000000000001", START, file=b"%PDF-1.4",
)  # fmt: skip


def issued(invoices: DemoInvoices, scene: Scene) -> InvoiceTold:
    invoices.issue_invoice(BLUE)
    scene.wait(seconds=4)
    told = invoices.find_invoice(BLUE).invoice
    assert told is not None
    return told


def test_an_invoice_is_issued_under_our_serial(invoices: DemoInvoices, scene: Scene) -> None:
    """Absent, issuing, issued: with its number, its sums and the addresses of its files."""
    assert invoices.find_invoice(BLUE).evidence is Evidence.ABSENT
    made = invoices.issue_invoice(BLUE)
    assert invoices.find_invoice(BLUE).effect is Effect.ACCEPTED
    scene.wait(seconds=4)
    found = invoices.find_invoice(BLUE)
    told = found.invoice
    assert told is not None
    assert (found.effect, told.state, told.reference) == (Effect.EFFECTIVE, InvoiceState.ISSUED, made.reference)
    assert (len(told.number), told.gross, set(told.files)) == (20, Decimal("226.00"), {"pdf", "ofd", "xml"})


def test_sent_twice_it_is_one_invoice(invoices: DemoInvoices, scene: Scene) -> None:
    """The serial is the key; with other data under it nobody may take it for ours."""
    scene.loses_one()
    with pytest.raises(Unclear):
        invoices.issue_invoice(BLUE)
    invoices.issue_invoice(BLUE)
    assert len(scene.world.bureau.invoices) == 1
    with pytest.raises(Unclear) as caught:
        invoices.issue_invoice(replace(BLUE, order_id="another"))
    assert caught.value.code == "serial_known"


def test_what_the_bureau_would_not_take_is_named(invoices: DemoInvoices) -> None:
    """The member, and nothing of what stands in it."""
    with pytest.raises(BadInput, match="buyer_tax_id") as caught:
        invoices.issue_invoice(replace(BLUE, buyer=replace(BUYER, tax_id="")))
    assert BUYER.title not in caught.value.message + caught.value.hint


def test_one_that_failed_is_tried_again(invoices: DemoInvoices, scene: Scene) -> None:
    """That it failed proves no retry; that it is under way does."""
    scene.world.bureau.fates.lay_down(Fate(FAIL, "演示：税号有误"))
    told = issued(invoices, scene)
    assert (told.state, told.message) == (InvoiceState.FAILED, "演示：税号有误")
    assert invoices.find_retried(BLUE).evidence is Evidence.UNKNOWN
    invoices.retry_invoice(BLUE)
    assert invoices.find_retried(BLUE).evidence is Evidence.PRESENT


def test_a_used_invoice_is_reversed_when_its_red_one_is_issued(invoices: DemoInvoices, scene: Scene) -> None:
    """The form waits for the buyer and says until when; confirmed, it is still not the red invoice."""
    reversal = replace(FULL, blue_number=issued(invoices, scene).number)
    blue = scene.world.bureau.issued(reversal.blue_number)
    assert blue is not None
    blue.used = True
    invoices.reverse_invoice(reversal)
    scene.wait(seconds=2)
    waiting = invoices.find_reversal(reversal)
    assert waiting.form is not None
    assert (waiting.form.state, waiting.effect) == (FormState.WAIT_BUYER, Effect.ACCEPTED)
    assert waiting.form.deadline is not None
    scene.world.bureau.reversals.confirm(scene.world.bureau.forms[0])
    confirmed = invoices.find_reversal(reversal)
    assert confirmed.form is not None
    assert (confirmed.form.state, confirmed.effect) == (FormState.CONFIRMED, Effect.ACCEPTED)
    scene.wait(seconds=4)
    red = invoices.find_reversal(reversal).form
    assert red is not None
    assert red.red is not None
    assert (red.red.state, red.red.gross) == (InvoiceState.ISSUED, Decimal("-226.00"))


def test_a_copy_goes_out_once(invoices: DemoInvoices, scene: Scene) -> None:
    """The key drops a repeat, and finds it."""
    request = Delivery(KEY, SELLER, BLUE.kind, issued(invoices, scene).number, email="buyer@example.invalid")
    assert invoices.find_delivery(request).evidence is Evidence.ABSENT
    invoices.deliver_invoice(request)
    invoices.deliver_invoice(request)
    assert scene.world.bureau.invoices[0].deliveries == ["buyer@example.invalid"]
    assert invoices.find_delivery(request).effect is Effect.EFFECTIVE
    with pytest.raises(NotFound):
        invoices.deliver_invoice(replace(request, key="k2", number="0"))


def test_a_file_is_fetched_from_the_address_that_was_told(invoices: DemoInvoices, scene: Scene) -> None:
    """And from no other one."""
    assert invoices.invoice_file(issued(invoices, scene).files["pdf"], "pdf").startswith(b"%PDF")
    with pytest.raises(BadInput):
        invoices.invoice_file("https://elsewhere.example/1.pdf", "pdf")


def test_an_application_is_read_with_its_rows(market: DemoMarket, scene: Scene) -> None:
    """Who asks for what, and what the market proposes to bill; overdue after a day."""
    apply(scene.world, ORDER, BUYER)
    (told,) = market.invoice_applications(ORDER.order_id)
    assert (told.state, told.buyer, told.amount) == ("applied", BUYER, ORDER.amount)
    assert sum(line.gross for line in told.lines) == told.amount
    assert market.overdue_invoices() == ()
    scene.wait(hours=25)
    assert market.overdue_invoices() == (ORDER.order_id,)


def test_a_result_is_handed_over_once(market: DemoMarket, scene: Scene) -> None:
    """The customer finds it at the order, and the application is accepted."""
    application = apply(scene.world, ORDER, BUYER)
    assert market.find_handed_over(RESULT).evidence is Evidence.ABSENT
    market.hand_invoice_over(RESULT)
    market.hand_invoice_over(RESULT)
    assert [told["number"] for told in application.results] == [RESULT.number]
    assert market.invoice_applications(ORDER.order_id)[0].state == "accepted"
    assert market.find_handed_over(RESULT).effect is Effect.EFFECTIVE
