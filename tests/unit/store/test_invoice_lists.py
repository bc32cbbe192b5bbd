"""The order of the queue, and how invoices are found."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from asctl.domain.invoices import NOT_YET, Colour, Invoice, InvoiceState, Purpose
from asctl.store import invoices as stored
from asctl.store.invoices import InvoiceFilter, InvoiceNote
from asctl.store.opening import Store
from tests.store_support import NOW
from tests.unit.store.book_entries import reversal, sale

MINUTE = timedelta(minutes=1)


def test_the_order_of_the_queue(store: Store) -> None:
    """Red ones first; then what finance promoted, the earliest promotion first; then by application, whoever was entered first."""
    with store.write() as tx:
        late = sale(tx, order_id="1", requested_at=NOW + MINUTE)
        early = sale(tx, order_id="2", requested_at=NOW)
        same = sale(tx, order_id="3", requested_at=NOW)
        second = sale(tx, order_id="4", requested_at=NOW + 5 * MINUTE, promoted_at=NOW + 2 * MINUTE)
        first = sale(tx, order_id="5", requested_at=NOW + 9 * MINUTE, promoted_at=NOW + MINUTE)
        reversed_ = sale(tx, InvoiceState.ISSUED, order_id="6")
        red_ = reversal(tx, reversed_, requested_at=NOW + 30 * MINUTE)
        sale(tx, InvoiceState.WAITING, order_id="6", requested_at=NOW - MINUTE)
        sale(tx, InvoiceState.FAILED, order_id="7", requested_at=NOW - MINUTE)
        other = sale(tx, order_id="8", account="other", requested_at=NOW - MINUTE)
    with store.read() as tx:
        in_line = [each.invoice for each in stored.queue(tx)]
        assert in_line == [each.invoice for each in (red_, first, second, other, early, same, late)]
        assert [each.invoice for each in stored.queue(tx, account="other")] == [other.invoice]
        assert [each.invoice for each in stored.queue(tx, limit=2)] == in_line[:2]


def test_urgent_is_not_promoted(store: Store) -> None:
    """A mark of urgency alone moves nothing in the queue: finance does (R108)."""
    with store.write() as tx:
        first = sale(tx, order_id="1", requested_at=NOW)
        urgent = sale(tx, order_id="2", requested_at=NOW + MINUTE, urgent_at=NOW, urgent_by="8012")
    with store.read() as tx:
        assert [each.invoice for each in stored.queue(tx)] == [first.invoice, urgent.invoice]
        assert list(stored.list_invoices(tx, InvoiceFilter(urgent=True))) == [urgent]


@pytest.mark.parametrize("name", ["serial", "reference", "number", "form_number"])
def test_what_a_callback_is_about(store: Store, name: str) -> None:
    """It may name our serial, the provider's number, the tax bureau's, or that of the form; of its own account alone."""
    with store.write() as tx:
        sale(tx, order_id="1")
        meant = sale(tx, InvoiceState.ISSUED, order_id="2", **{name: "N1"})
        assert stored.by_serial(tx, "demo", "N1") == meant
        assert stored.by_serial(tx, "other", "N1") is None
        assert stored.by_serial(tx, "demo", "N2") is None


def test_the_youngest_is_meant_where_two_have_a_number(store: Store) -> None:
    """A form's number may be told of two attempts: a callback is about the last."""
    with store.write() as tx:
        of = sale(tx, InvoiceState.ISSUED)
        reversal(tx, of, InvoiceState.FAILED, form_number="9999")
        second = reversal(tx, of, form_number="9999")
        assert stored.by_serial(tx, "demo", "9999") == second


def test_found_by_what_people_know(store: Store) -> None:
    """By the tax bureau's number, by our serial, by order, by many numbers at once."""
    with store.write() as tx:
        one = sale(tx, InvoiceState.ISSUED, number="26990000000000000001")
        red_ = reversal(tx, one)
        assert stored.by_number(tx, "26990000000000000001") == one
        assert stored.by_number(tx, red_.serial) == red_
        assert stored.by_number(tx, "26990000000000000009") is None
        assert stored.invoices_of_order(tx, "demo", "8801") == (one, red_)
        assert stored.get_invoices(tx, [red_.invoice, "I999", one.invoice]) == {
            one.invoice: one,
            red_.invoice: red_,
        }
        assert stored.get_invoices(tx, []) == {}


def test_which_orders_are_billed(store: Store) -> None:
    """Those of the named ones that have an invoice, whatever came of it, with their shop."""
    with store.write() as tx:
        sale(tx, InvoiceState.FAILED, order_id="1")
        sale(tx, order_id="2", shop="outlet")
        sale(tx, order_id="3")
        assert stored.billed_orders(tx, ["1", "2", "4"]) == {("demo", "1"), ("outlet", "2")}


def test_serials_that_are_used_up(store: Store) -> None:
    """Counted by their beginning, all but the attempt; no character of it stands for others."""
    with store.write() as tx:
        for attempt in ("01", "02"):
            sale(tx, InvoiceState.FAILED, serial=f"B260101AAAAAAAA{attempt}")
        assert stored.used_attempts(tx, "B260101AAAAAAAA") == 2
        assert stored.used_attempts(tx, "B260101AAAAAAA_") == 0
        assert stored.used_attempts(tx, "B260101BBBBBBBB") == 0


def test_what_waits_for_a_red_one(store: Store) -> None:
    """Only what still waits, and for that one."""
    with store.write() as tx:
        of = sale(tx, InvoiceState.ISSUED)
        red_ = reversal(tx, of)
        waiting = sale(tx, InvoiceState.WAITING, after=red_.invoice)
        sale(tx, InvoiceState.CANCELLED, after=red_.invoice)
        sale(tx, InvoiceState.WAITING, after="I999")
        assert stored.waiting_for(tx, red_.invoice) == (waiting,)


def test_forms_that_have_a_term(store: Store) -> None:
    """Those of reversals under way; a form that ended has none any more."""
    with store.write() as tx:
        one, other = (sale(tx, InvoiceState.ISSUED, order_id=order) for order in ("1", "2"))
        waiting = reversal(tx, one, InvoiceState.ISSUING, form_deadline=NOW)
        reversal(tx, other, InvoiceState.ISSUING)
        reversal(tx, other, InvoiceState.FAILED, form_deadline=NOW)
        assert stored.forms_waiting(tx) == (waiting,)


def test_a_list_is_narrowed(store: Store) -> None:
    """By each thing alone and by all together, in the order of application."""
    with store.write() as tx:
        late = sale(tx, order_id="1", requested_at=NOW + MINUTE, rma="RMA1")
        early = sale(tx, InvoiceState.FAILED, order_id="2", requested_at=NOW, account="other")
        fee = sale(tx, order_id="2", requested_at=NOW + 2 * MINUTE, purpose=Purpose.FEE, shop="outlet")

        def listed(**wanted: object) -> list[Invoice]:
            return list(stored.list_invoices(tx, InvoiceFilter(**wanted)))  # type: ignore[arg-type]

        assert listed() == [early, late, fee]
        assert listed(limit=1) == [early]
        assert listed(order_id="2") == [early, fee]
        assert listed(order_id="2", shop="outlet") == [fee]
        assert listed(account="other") == [early]
        assert listed(rma="RMA1") == [late]
        assert listed(states=NOT_YET) == [late, fee]
        assert {each.colour for each in listed()} == {Colour.BLUE}


def test_notes_of_an_invoice(store: Store) -> None:
    """The oldest first, of each its own."""
    first = InvoiceNote("I1", "RMA1", "endorsed", "exchange_same", NOW, "8012")
    second = replace(first, kind="given_back", said="")
    with store.write() as tx:
        for note in (first, second, replace(first, invoice="I2")):
            stored.add_note(tx, note)
        assert stored.notes_of(tx, ["I1", "I3"]) == {"I1": (first, second)}
