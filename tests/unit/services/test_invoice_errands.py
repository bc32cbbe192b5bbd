"""What invoice providers and marketplaces are handed, and what their looks enter into the books."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from asctl.capabilities.applications import InvoiceResult
from asctl.capabilities.invoices import (
    Delivery,
    FormTold,
    InvoiceFinding,
    InvoiceRequest,
    InvoiceTold,
    Reversal,
)
from asctl.capabilities.shipping import Submission
from asctl.capabilities.specs import WriteContract
from asctl.capabilities.writes import Effect, Evidence, Finding
from asctl.domain.actions import ActionKind, ActionState
from asctl.domain.errors import BadInput, PluginBroken, Refused, Unavailable, Unclear
from asctl.domain.invoices import (
    Colour,
    FormState,
    InvoiceFile,
    InvoiceKind,
    InvoiceState,
    Reason,
    Scope,
)
from asctl.services.errands import NothingToDo, Ready
from asctl.services.handing_over import delivering, handing_over
from asctl.store import invoices as stored
from tests.store_support import NOW
from tests.unit.domain.invoicing import COMPANY, KETTLES, amounts, blue, red
from tests.unit.services.invoice_counter import SELLER, Counter, new_counter, planned

NUMBER, REFERENCE = "26990000000000000001", "26010110000000000001"
SALE = replace(blue(*KETTLES), state=InvoiceState.QUEUED, remark="订单 8801", rma="RMA1")
ISSUED = InvoiceTold(InvoiceState.ISSUED, "2", "开票完成", REFERENCE, NUMBER, issued_at=NOW)


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with new_counter(tmp_path) as opened:
        yield opened


def test_what_is_issued_is_what_the_books_say(counter: Counter) -> None:
    """After it was written down and read again, line by line and to the cent; under our serial, for the seller of the account."""
    invoice = counter.enter(SALE)
    outcome = counter.send(counter.action(invoice))
    assert (outcome.state, outcome.effect, outcome.reference) == (ActionState.DONE, "accepted", "P1")
    (request,) = counter.provider.handed
    assert request == InvoiceRequest(
        serial=invoice.serial, seller=SELLER, kind=invoice.kind, buyer=COMPANY, lines=KETTLES, net=Decimal("180.00"),
        tax=Decimal("23.40"), gross=Decimal("203.40"), order_id="8801", ordered_at=invoice.requested_at,
        remark="订单 8801", case="RMA1",
    )  # fmt: skip


def test_a_failed_one_is_tried_again_there(counter: Counter) -> None:
    """Once the provider has taken it: with its own number, so that it is the same one. What it turned away is submitted anew."""
    taken = counter.enter(replace(SALE, state=InvoiceState.FAILED, reference=REFERENCE))
    action = counter.action(taken)
    assert action.kind is ActionKind.RETRY_INVOICE
    counter.send(action)
    turned_away = counter.enter(replace(SALE, state=InvoiceState.FAILED, serial="B2", order_id="8802"))
    assert counter.action(turned_away).kind is ActionKind.ISSUE_INVOICE
    (request,) = counter.provider.handed
    assert (request.serial, request.reference) == (SALE.serial, REFERENCE)


@pytest.mark.parametrize("scope", list(Scope))
def test_what_is_reversed(counter: Counter, scope: Scope) -> None:
    """A part goes line by line; all of it goes without lines, and the sums are told in either case."""
    of = counter.enter(replace(blue(*KETTLES), number=NUMBER, reference=REFERENCE, issued_at=NOW, code="0123456789"))
    line = replace(amounts("-90.00", "-11.70", "-101.70"), blue_line=1, quantity=Decimal(-1), price=Decimal("101.70"))
    told = counter.enter(replace(red(line), blue=of.invoice, scope=scope, reason=Reason.RETURN, rma="RMA1"))
    action = counter.action(told)
    assert action.kind is ActionKind.REVERSE_INVOICE
    counter.send(action)
    (request,) = counter.provider.handed
    assert request == Reversal(
        serial=told.serial, seller=SELLER, kind=of.kind, buyer=COMPANY, scope=scope, reason=Reason.RETURN,
        blue_serial=of.serial, blue_number=NUMBER, lines=(line,) if scope is Scope.PARTIAL else (),
        net=Decimal("-90.00"), tax=Decimal("-11.70"), gross=Decimal("-101.70"), requested_at=told.requested_at,
        blue_code="0123456789", blue_reference=REFERENCE, blue_issued_at=NOW, blue_net=of.net, blue_tax=of.tax,
        case="RMA1",
    )  # fmt: skip


def test_a_repeat_knows_the_provider_s_number(counter: Counter) -> None:
    """What an earlier answer told is handed to the look."""
    counter.look(counter.action(counter.enter(SALE), reference=REFERENCE))
    assert counter.provider.asked[0].reference == REFERENCE


def test_a_copy_for_the_customer(counter: Counter) -> None:
    """Goes where it was asked to, under the key of the write."""
    invoice = counter.enter(replace(SALE, state=InvoiceState.ISSUED, number=NUMBER))
    action = planned(delivering(counter.desk, invoice, email="a@example.invalid"))
    counter.send(action)
    (request,) = counter.provider.handed
    assert request == Delivery(action.key, SELLER, invoice.kind, NUMBER, "", "a@example.invalid", "")


def test_an_invoice_for_the_marketplace(counter: Counter) -> None:
    """With its file, byte by byte, and the application that it answers."""
    invoice = counter.enter(
        replace(
            SALE, state=InvoiceState.ISSUED, number=NUMBER, issued_at=NOW, application="A9",
            files=(InvoiceFile("pdf", "https://example.invalid/1.pdf"),),
        )
    )  # fmt: skip
    action = planned(handing_over(counter.desk, invoice))
    counter.send(action)
    (result,) = counter.provider.handed
    assert isinstance(result, InvoiceResult)
    assert (result.key, result.order_id, result.application) == (action.key, "8801", "A9")
    assert (result.colour, result.kind, result.number) == (Colour.BLUE, InvoiceKind.DIGITAL_ORDINARY, NUMBER)
    assert (result.seller_tax_id, result.seller_name, result.drawer) == (SELLER.tax_id, SELLER.name, SELLER.drawer)
    assert (result.lines, result.gross, result.issued_at) == (KETTLES, Decimal("203.40"), NOW)
    assert (result.file, result.format) == (b"pdf at https://example.invalid/1.pdf", "pdf")


def test_nothing_there_is_sent(counter: Counter) -> None:
    """The look before a send is made under our serial, and what it found is noted."""
    invoice = counter.enter(SALE)
    assert counter.ready(counter.action(invoice)) == Ready(before="absent")
    assert [request.serial for request in counter.provider.asked] == [invoice.serial]
    assert counter.provider.handed == []


@pytest.mark.parametrize("attempt", [0, 1])
def test_what_is_there_is_not_sent_again(counter: Counter, attempt: int) -> None:
    """Whoever sent it: an attempt that is on record, or one that nobody remembers. It is our own, and the books learn of it."""
    invoice = counter.enter(SALE)
    counter.provider.tell = lambda _request: InvoiceFinding.of_invoice(ISSUED)
    with pytest.raises(NothingToDo) as nothing:
        counter.ready(counter.action(invoice, attempt=attempt))
    assert nothing.value.own
    assert nothing.value.finding.effect is Effect.EFFECTIVE
    counter.learn(nothing.value.finding)
    assert (counter.now(invoice).state, counter.now(invoice).number) == (InvoiceState.ISSUED, NUMBER)


def test_without_a_look_nothing_is_asked(counter: Counter) -> None:
    """Where the contract names none."""
    counter.accounts.contract = WriteContract()
    assert counter.ready(counter.action(counter.enter(SALE))) == Ready()
    assert (
        counter.look(counter.action(counter.enter(replace(SALE, serial="B2", order_id="2")))).evidence
        is Evidence.UNKNOWN
    )
    assert counter.provider.asked == []


def test_where_nobody_can_look_nothing_is_sent(counter: Counter) -> None:
    """What the look raises stands in the way."""

    def out_of_order(_request: Any) -> Any:
        raise Unavailable("no answer", code="no_answer", hint="")

    counter.provider.tell = out_of_order
    with pytest.raises(Unavailable):
        counter.ready(counter.action(counter.enter(SALE)))


@pytest.mark.parametrize("news", [{"gross": Decimal("1.00")}, {"state": InvoiceState.CANCELLED}, {"remark": "neu"}])
def test_what_was_changed_since_is_not_sent(counter: Counter, news: dict[str, Any]) -> None:
    """A batch may be resumed long after it was planned: the provider is not even asked."""
    invoice = counter.enter(SALE)
    action = counter.action(invoice)
    with counter.desk.store.write() as tx:
        stored.change_invoice(tx, invoice, **news)
    with pytest.raises(Refused) as refused:
        counter.ready(action)
    assert refused.value.code == "invoice_moved_on"
    assert counter.provider.asked == []


@pytest.mark.parametrize(
    ("state", "effect"),
    [
        (InvoiceState.ISSUING, Effect.ACCEPTED),
        (InvoiceState.ISSUED, Effect.EFFECTIVE),
        (InvoiceState.SEAL_FAILED, Effect.EFFECTIVE),
        (InvoiceState.FAILED, Effect.INEFFECTIVE),
    ],
)
def test_a_look_at_a_blue_invoice(counter: Counter, state: InvoiceState, effect: Effect) -> None:
    """Found is found, whatever its state; what came of it is told beside that, and entered."""
    invoice = counter.enter(SALE)
    counter.provider.tell = lambda _request: InvoiceFinding.of_invoice(replace(ISSUED, state=state))
    found = counter.look(counter.action(invoice))
    assert (found.evidence, found.effect, found.reference) == (Evidence.PRESENT, effect, REFERENCE)
    counter.learn(found)
    assert counter.now(invoice).state is state


@pytest.mark.parametrize(
    ("form", "red_", "effect", "stands"),
    [
        (FormState.APPLYING, None, Effect.ACCEPTED, InvoiceState.ISSUING),
        (FormState.WAIT_BUYER, None, Effect.ACCEPTED, InvoiceState.ISSUING),
        (FormState.CONFIRMED, InvoiceState.ISSUING, Effect.ACCEPTED, InvoiceState.ISSUING),
        (FormState.CONFIRMED, InvoiceState.ISSUED, Effect.EFFECTIVE, InvoiceState.ISSUED),
        (FormState.VOID, None, Effect.INEFFECTIVE, InvoiceState.FAILED),
        (FormState.APPLY_FAILED, None, Effect.INEFFECTIVE, InvoiceState.FAILED),
    ],
)
def test_a_look_at_a_reversal(
    counter: Counter, form: FormState, red_: InvoiceState | None, effect: Effect, stands: InvoiceState
) -> None:
    """Its effect is that of the red invoice, never of the form alone."""
    of = counter.enter(replace(blue(*KETTLES), number=NUMBER))
    line = replace(amounts("-180.00", "-23.40", "-203.40"), blue_line=1)
    told = counter.enter(replace(red(line), blue=of.invoice, scope=Scope.FULL))
    action = counter.action(told)
    with counter.desk.store.write() as tx:
        stored.change_invoice(tx, told, state=InvoiceState.ISSUING)
    issued = InvoiceTold(red_, number="26990000000000000002") if red_ else None
    counter.provider.tell = lambda _request: InvoiceFinding.of_form(FormTold(form, "x", reference="F1", red=issued))
    found = counter.look(action)
    assert (found.evidence, found.effect, found.reference) == (Evidence.PRESENT, effect, "F1")
    counter.learn(found)
    assert counter.now(told).state is stands
    reversed_ = counter.now(of).state is InvoiceState.REVERSED
    assert reversed_ is (stands is InvoiceState.ISSUED)


@pytest.mark.parametrize("told", [InvoiceFinding(Evidence.ABSENT, message="无"), Finding(Evidence.UNKNOWN)])
def test_a_look_that_tells_of_no_invoice_teaches_nothing(counter: Counter, told: Finding) -> None:
    """What is absent, or not known, leaves the books as they are."""
    counter.provider.tell = lambda _request: told
    found = counter.look(counter.action(counter.enter(SALE)))
    assert found.evidence is told.evidence
    assert getattr(found, "learned", None) is None


def test_what_no_store_takes_is_not_kept(counter: Counter) -> None:
    """Texts of the far side are made fit for every store before they are entered: lone surrogates, zero bytes."""
    odd = replace(ISSUED, message="ok\x00\ud842", raw_state="2\x00", files={"pdf": "https://example.invalid/\x00"})
    invoice = counter.enter(SALE)
    counter.provider.tell = lambda _request: InvoiceFinding.of_invoice(odd)
    counter.learn(counter.look(counter.action(invoice)))
    kept = counter.now(invoice)
    texts = (kept.message, kept.raw_state, kept.files[0].url)
    assert not any("\x00" in text or "\ud842" in text for text in texts)


def test_nobody_reads_of_whom_it_was(counter: Counter) -> None:
    """Providers quote whom they were told of: that is struck out of what is kept, of an invoice as of a form."""
    quoted = f"{COMPANY.title} ({COMPANY.tax_id}, {COMPANY.email}) 税号有误"
    invoice = counter.enter(SALE)
    failed = replace(ISSUED, state=InvoiceState.FAILED, message=quoted)
    counter.provider.tell = lambda _request: InvoiceFinding.of_invoice(failed)
    found = counter.look(counter.action(invoice))
    counter.learn(found)
    for text in (found.message, counter.now(invoice).message):
        assert "税号有误" in text
        assert not any(told in text for told in (COMPANY.title, COMPANY.tax_id, COMPANY.email))


def test_an_answer_that_is_none(counter: Counter) -> None:
    """A look of which something else comes back, whatever method the contract names for it, is the plugin's fault."""
    counter.provider.tell = lambda _request: "there"
    with pytest.raises(PluginBroken):
        counter.look(counter.action(counter.enter(replace(SALE, serial="B2", order_id="2"))))


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (Unclear("known", code="serial_known", hint=""), ActionState.UNCLEAR),
        (Refused("no", code="tax_id", hint=""), ActionState.REFUSED),
    ],
)
def test_what_an_error_means(counter: Counter, error: Any, state: ActionState) -> None:
    """A serial that is known there already was sent before: that is looked at, never taken for a refusal."""

    def turn_down(_request: Any) -> Submission:
        raise error

    counter.provider.say = turn_down
    assert counter.send(counter.action(counter.enter(SALE))).state is state


@pytest.mark.parametrize("broken", [{"kind": "paper"}, {"net": "many"}, {"lines": [{}]}, {"seller": {}}])
def test_a_payload_of_another_version(counter: Counter, broken: dict[str, Any]) -> None:
    """What cannot be read is not sent, and said so."""
    action = counter.action(counter.enter(SALE))
    request: Any = action.payload["request"]
    unreadable = replace(action, payload={**action.payload, "request": request | broken})
    outcome = counter.send(unreadable)
    assert isinstance(outcome.error, BadInput)
    assert outcome.error.code == "payload_unreadable"
    assert counter.provider.handed == []
