"""The books: what an invoice's row keeps, what the database itself refuses, what of many at once comes in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from asctl.domain.errors import StoreTrouble
from asctl.domain.invoices import (
    LIVING,
    OVER,
    UNDER_WAY,
    Buyer,
    BuyerUse,
    FormState,
    Invoice,
    InvoiceFile,
    InvoiceKind,
    InvoiceState,
    Purpose,
    Reason,
    Scope,
    TitleType,
)
from asctl.store import invoices as stored
from asctl.store.invoices import InvoiceFilter
from asctl.store.opening import Store
from tests.store_support import NOW
from tests.unit.domain.invoicing import KETTLES, blue
from tests.unit.store.book_entries import reversal, sale

_RED_UNDER_WAY = UNDER_WAY | {InvoiceState.QUEUED}


def test_an_invoice_survives_whole(store: Store) -> None:
    """Every field comes back as it was: amounts to the cent, times with their zone, words as what they stand for."""
    whole = blue(
        *KETTLES, kind=InvoiceKind.DIGITAL_SPECIAL, purpose=Purpose.FEE, rma="RMA1", attempt=3, raw_state="24",
        error_code="failed_at_provider", message="印章", reference="26010110000000000001", number="26990000000000000001",
        code="0123456789", issued_at=NOW, remark="订单 8801", blue="I7", replaces="I8", after="I9", application="A1",
        trigger="invoice_change", agreed_by="王", urgent_at=NOW, urgent_by="8012", urgent_reason="急", promoted_at=NOW,
        promoted_by="王", scope=Scope.PARTIAL, reason=Reason.ALLOWANCE, form_state=FormState.WAIT_BUYER, form_raw="02",
        form_number="9999", form_deadline=NOW + timedelta(hours=72), buyer_use=BuyerUse.USED, action="A17",
        files=(InvoiceFile("ofd", "https://example.invalid/1.ofd"), InvoiceFile("pdf", "u", "1.pdf", "ab" * 32)),
        buyer=Buyer("演示购方有限公司", TitleType.COMPANY, "91990000MA0BUYER1T", "路1号", "0", "行", "62", "a@b", "138"),
        delivered_at=NOW,
    )  # fmt: skip
    with store.write() as tx:
        kept = stored.add_invoice(tx, whole)
    with store.read() as tx:
        assert stored.get_invoice(tx, kept.invoice) == kept == replace(whole, invoice=kept.invoice)
        assert stored.get_invoice(tx, "I999") is None
    assert [line.gross for line in kept.lines] == [Decimal("226.00"), Decimal("-22.60")]
    unsaid = {field.name for field in fields(Invoice) if getattr(kept, field.name) == field.default}
    assert unsaid == {"currency"}


def test_a_serial_is_given_once(store: Store) -> None:
    """Not even for another order, and not after what it was given to has failed."""
    with store.write() as tx:
        sale(tx, InvoiceState.FAILED, serial="B260101AAAAAAAA01")
    with pytest.raises(StoreTrouble) as told, store.write() as tx:
        sale(tx, serial="B260101AAAAAAAA01", order_id="8802")
    assert isinstance(told.value.__cause__, IntegrityError)
    with store.read() as tx:
        found = stored.by_own_serial(tx, "B260101AAAAAAAA01")
        assert found is not None
        assert found.order_id == "8801"


@pytest.mark.parametrize("state", sorted(LIVING - {InvoiceState.WAITING}))
def test_no_second_living_invoice_of_a_sale(store: Store, state: InvoiceState) -> None:
    """The database refuses it, whatever the code above it does, and whatever state the first one is in as long as it lives."""
    with store.write() as tx:
        sale(tx, state)
    with pytest.raises(StoreTrouble), store.write() as tx:
        sale(tx)
    with store.read() as tx:
        assert [each.state for each in stored.list_invoices(tx, InvoiceFilter())] == [state]


@pytest.mark.parametrize("state", sorted(OVER))
def test_a_sale_whose_invoice_is_over_may_be_billed_anew(store: Store, state: InvoiceState) -> None:
    """What failed, was called off, voided or reversed is in nobody's way; it cannot come back to life beside the new one."""
    with store.write() as tx:
        over, anew = sale(tx, state), sale(tx)
        assert stored.sale_of_order(tx, "demo", "8801") == anew
    with pytest.raises(StoreTrouble), store.write() as tx:
        stored.change_invoice(tx, over, state=InvoiceState.ISSUED)


def test_what_is_no_second_sale(store: Store) -> None:
    """The fee of a repair, a new invoice that waits for the old one's reversal, and another shop's order of the same number stand
    beside the sale's invoice."""
    with store.write() as tx:
        first = sale(tx, InvoiceState.ISSUED)
        sale(tx, purpose=Purpose.FEE)
        sale(tx, purpose=Purpose.FEE)
        sale(tx, InvoiceState.WAITING, replaces=first.invoice)
        other = sale(tx, shop="outlet")
        assert stored.sale_of_order(tx, "demo", "8801") == first
        assert stored.sale_of_order(tx, "outlet", "8801") == other
        assert stored.sale_of_order(tx, "demo", "8802") is None


def test_what_waits_cannot_be_queued_too_early(store: Store) -> None:
    """A new invoice that comes in place of another is refused its place in the queue while the old one stands."""
    with store.write() as tx:
        old = sale(tx, InvoiceState.ISSUED)
        waiting = sale(tx, InvoiceState.WAITING, replaces=old.invoice)
    with pytest.raises(StoreTrouble), store.write() as tx:
        stored.change_invoice(tx, waiting, state=InvoiceState.QUEUED)
    with store.write() as tx:
        stored.change_invoice(tx, old, state=InvoiceState.REVERSED)
        assert stored.change_invoice(tx, waiting, state=InvoiceState.QUEUED) is not None


@pytest.mark.parametrize("state", sorted(_RED_UNDER_WAY))
def test_no_two_reversals_under_way(store: Store, state: InvoiceState) -> None:
    """The database refuses the second until the first is issued or has come to nothing."""
    with store.write() as tx:
        of = sale(tx, InvoiceState.ISSUED)
        first = reversal(tx, of, state)
    with pytest.raises(StoreTrouble), store.write() as tx:
        reversal(tx, of)
    with store.write() as tx:
        stored.change_invoice(tx, first, state=InvoiceState.ISSUED)
        second = reversal(tx, of)
        assert [each.invoice for each in stored.reds_of(tx, of.invoice)] == [first.invoice, second.invoice]


def test_another_invoice_may_be_reversed_meanwhile(store: Store) -> None:
    """Reversals of other invoices are in nobody's way, nor are failed ones of the same."""
    with store.write() as tx:
        one = sale(tx, InvoiceState.ISSUED)
        other = sale(tx, InvoiceState.ISSUED, order_id="8802")
        for of in (one, other):
            reversal(tx, of, InvoiceState.FAILED)
            reversal(tx, of)


def race(work: Callable[[Store], object], store: Store) -> list[str]:
    """What came of the same work, done by four at once."""
    start = threading.Barrier(4)

    def one(_number: int) -> str:
        start.wait()
        try:
            work(store)
        except StoreTrouble as trouble:
            assert isinstance(trouble.__cause__, IntegrityError)
            return "refused"
        return "entered"

    with ThreadPoolExecutor(4) as pool:
        return sorted(pool.map(one, range(4)))


def test_of_many_at_once_one_comes_into_the_books(store: Store) -> None:
    """Four that enter an application, then four that enter a reversal: one each, the others are refused."""

    def apply(store: Store) -> None:
        with store.write() as tx:
            sale(tx)

    assert race(apply, store) == ["entered", "refused", "refused", "refused"]
    with store.write() as tx:
        (queued,) = stored.list_invoices(tx, InvoiceFilter())
        of = stored.change_invoice(tx, queued, state=InvoiceState.ISSUED)
        assert of is not None

    def reverse(store: Store) -> None:
        with store.write() as tx:
            reversal(tx, of)

    assert race(reverse, store) == ["entered", "refused", "refused", "refused"]


def test_a_change_is_made_from_the_state_that_was_seen(store: Store) -> None:
    """Whoever comes second changes nothing, and is told so; what is not named stays."""
    with store.write() as tx:
        seen = sale(tx)
        first = stored.change_invoice(tx, seen, state=InvoiceState.SENDING, action="A1")
        assert first == replace(seen, state=InvoiceState.SENDING, action="A1")
        assert stored.change_invoice(tx, seen, state=InvoiceState.CANCELLED) is None
        assert stored.get_invoice(tx, seen.invoice) == first
