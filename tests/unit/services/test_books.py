"""How an invoice's record follows its action, and what its provider tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from asctl.domain.actions import Action, ActionKind, ActionState
from asctl.domain.invoices import Invoice, InvoiceFile, InvoiceState
from asctl.domain.tasks import TaskState
from asctl.services import books
from asctl.store import invoices as stored
from tests.store_support import NOW
from tests.unit.services.bookkeeping import ISSUED, LATER, NUMBER, REFERENCE, Books, about, new_books

SETTLED = (InvoiceState.ISSUED, InvoiceState.PARTLY_REVERSED, InvoiceState.REVERSED, InvoiceState.VOIDED)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Books]:
    with new_books(tmp_path) as opened:
        yield opened


def sent(kept: Books, was: InvoiceState = InvoiceState.QUEUED) -> tuple[Invoice, Action]:
    """An invoice that is being sent, and the action that sends it."""
    invoice = kept.sale(was)
    action = replace(about(invoice), state=ActionState.SENDING)
    books.begun(kept.tx, action, NOW)
    return kept.now(invoice), action


def test_from_its_send_on_it_may_have_arrived(kept: Books) -> None:
    """Whoever looks finds it under way, with the action that is at it."""
    invoice, action = sent(kept)
    assert (invoice.state, invoice.action, invoice.changed_at) == (InvoiceState.SENDING, action.action, NOW)


def test_a_copy_for_the_customer_moves_nothing(kept: Books) -> None:
    """An issued invoice that is delivered once more is issued all the while."""
    invoice = kept.sale(InvoiceState.ISSUED)
    books.begun(kept.tx, about(invoice, ActionKind.DELIVER_INVOICE), NOW)
    assert kept.now(invoice) == invoice


def test_what_another_run_sends_by_now_is_not_begun(kept: Books) -> None:
    """Nor what is being sent under another action."""
    _invoice, action = sent(kept)
    assert not books.may_begin(kept.tx, action)


def test_only_what_stands_as_it_was_planned_may_be_sent(kept: Books) -> None:
    """Neither what was called off meanwhile, nor what is not there; a write about something else always."""
    invoice = kept.sale()
    planned = about(invoice)
    assert books.may_begin(kept.tx, planned)
    other = replace(planned, kind=ActionKind.INTERCEPT, payload={})
    assert books.may_begin(kept.tx, other)
    books.change(kept.tx, invoice, NOW, state=InvoiceState.CANCELLED)
    assert not books.may_begin(kept.tx, planned)
    assert not books.may_begin(kept.tx, replace(planned, payload={"invoice": "I999", "was": "queued"}))


@pytest.mark.parametrize(
    ("state", "effect", "follows"),
    [
        (ActionState.DONE, "accepted", InvoiceState.ISSUING),
        (ActionState.DONE, "effective", InvoiceState.ISSUING),
        (ActionState.DONE, "ineffective", InvoiceState.FAILED),
        (ActionState.REFUSED, "", InvoiceState.FAILED),
        (ActionState.UNCLEAR, "", InvoiceState.SENDING),
        (ActionState.NEEDS_PERSON, "", InvoiceState.SENDING),
        (ActionState.PLANNED, "", InvoiceState.QUEUED),
        (ActionState.CANCELLED, "", InvoiceState.QUEUED),
    ],
)
def test_what_follows_from_its_action(kept: Books, state: ActionState, effect: str, follows: InvoiceState) -> None:
    """Accepted is not issued; what is not known stays on its way; what surely had no effect stands where it stood."""
    invoice, action = sent(kept)
    books.followed(kept.tx, action, replace(action, state=state, effect=effect), LATER)
    assert kept.now(invoice).state is follows


def test_a_retry_without_effect_leaves_it_failed(kept: Books) -> None:
    """It stands where it stood, and that was not in the queue."""
    invoice, action = sent(kept, InvoiceState.FAILED)
    books.followed(kept.tx, action, replace(action, state=ActionState.PLANNED), LATER)
    assert kept.now(invoice).state is InvoiceState.FAILED


def test_why_it_was_refused(kept: Books) -> None:
    """Code and sentence are kept, and somebody is told; once it is issued after all, nothing is owed any more."""
    invoice, action = sent(kept)
    refused = replace(action, state=ActionState.REFUSED, error_code="tax_id", error_message="税号有误")
    books.followed(kept.tx, action, refused, LATER)
    failed = kept.now(invoice)
    assert (failed.error_code, failed.message) == ("tax_id", "税号有误")
    assert kept.tasks(invoice) == {"invoice_failed": TaskState.OPEN}
    assert kept.learn(failed, ISSUED).error_code == ""
    assert kept.tasks(invoice) == {"invoice_failed": TaskState.DONE}


def test_the_provider_s_number_is_kept(kept: Books) -> None:
    """That of the answer, where there was one; an answer without one does not take it away."""
    invoice, action = sent(kept)
    done = replace(action, state=ActionState.DONE, effect="accepted", reference=REFERENCE)
    books.followed(kept.tx, action, done, LATER)
    assert kept.now(invoice).reference == REFERENCE
    issued = kept.learn(kept.now(invoice), replace(ISSUED, reference="", number=NUMBER))
    assert (issued.reference, issued.number) == (REFERENCE, NUMBER)


@pytest.mark.parametrize("state", [ActionState.REFUSED, ActionState.PLANNED, ActionState.CANCELLED, ActionState.DONE])
@pytest.mark.parametrize("settled", SETTLED)
def test_a_late_end_of_an_action_moves_nothing(kept: Books, state: ActionState, settled: InvoiceState) -> None:
    """What is settled stays settled, whatever an action comes to afterwards."""
    invoice = kept.sale(settled, action="A1")
    action = replace(about(invoice), state=ActionState.SENDING, payload={"invoice": invoice.invoice, "was": "queued"})
    books.followed(kept.tx, action, replace(action, state=state, effect="ineffective"), LATER)
    assert kept.now(invoice) == invoice


def test_an_earlier_action_has_no_say(kept: Books) -> None:
    """What became of another action than the one that is at it does not matter."""
    invoice = kept.sale(InvoiceState.SENDING, action="A7")
    books.followed(kept.tx, about(invoice), about(invoice, state=ActionState.REFUSED), LATER)
    assert kept.now(invoice) == invoice


def test_an_action_about_nothing(kept: Books) -> None:
    """What is about no invoice of the books, or of one that is gone, changes nothing."""
    invoice = kept.sale()
    for payload in ({}, {"invoice": "I999", "was": "queued"}):
        action = replace(about(invoice), payload=payload)
        books.begun(kept.tx, action, NOW)
        books.followed(kept.tx, action, replace(action, state=ActionState.DONE), NOW)
        books.learned(kept.tx, action, ISSUED, NOW)
    assert kept.now(invoice) == invoice


@pytest.mark.parametrize(
    "state", [InvoiceState.ISSUING, InvoiceState.ISSUED, InvoiceState.SEAL_FAILED, InvoiceState.FAILED]
)
@pytest.mark.parametrize("was", [InvoiceState.QUEUED, InvoiceState.SENDING, InvoiceState.ISSUING, InvoiceState.FAILED])
def test_what_a_provider_tells_is_taken_over(kept: Books, was: InvoiceState, state: InvoiceState) -> None:
    """Whatever of it is not settled: also what the books took for unsent, or for failed."""
    invoice = kept.sale(was)
    told = replace(ISSUED, state=state)
    after = kept.learn(invoice, told)
    assert after.state is state
    assert (after.number, after.reference, after.raw_state, after.message) == (NUMBER, REFERENCE, "2", "开票完成")
    assert (after.issued_at, after.changed_at, after.action) == (NOW, LATER, "A1")
    assert after.error_code == (books.NOT_ISSUED if state is InvoiceState.FAILED else "")


@pytest.mark.parametrize("state", [each for each in InvoiceState if each is not InvoiceState.QUEUED])
@pytest.mark.parametrize("settled", SETTLED)
def test_a_late_answer_moves_nothing(kept: Books, settled: InvoiceState, state: InvoiceState) -> None:
    """Whatever a look tells of what is settled, only addresses of files are news."""
    invoice = kept.sale(settled, number=NUMBER, action="A1")
    after = kept.learn(invoice, replace(ISSUED, state=state, number="26990000000000000009"))
    assert after == replace(invoice, files=(InvoiceFile("pdf", "https://example.invalid/1.pdf"),))
    assert kept.tasks(invoice) == {}


def test_a_failure_and_a_missing_seal_are_somebody_s(kept: Books) -> None:
    """Each opens its task, and both are done when it is issued."""
    invoice = kept.sale(InvoiceState.ISSUING)
    kept.learn(invoice, replace(ISSUED, state=InvoiceState.FAILED))
    kept.learn(invoice, replace(ISSUED, state=InvoiceState.SEAL_FAILED))
    assert kept.tasks(invoice) == {"invoice_failed": TaskState.OPEN, "invoice_not_sealed": TaskState.OPEN}
    kept.learn(invoice, ISSUED)
    assert set(kept.tasks(invoice).values()) == {TaskState.DONE}


@pytest.mark.parametrize("off", ["net", "tax", "gross"])
def test_other_sums_than_asked_for(kept: Books, off: str) -> None:
    """A cent too much in any of them, and finance has to know, once; sums that nobody told are not compared."""
    invoice = kept.sale(InvoiceState.ISSUING)
    told = replace(ISSUED, **{off: getattr(ISSUED, off) + Decimal("0.01")})
    assert kept.learn(invoice, told).state is InvoiceState.ISSUED
    assert kept.tasks(invoice) == {"invoice_finance": TaskState.OPEN}
    silent = kept.sale(InvoiceState.ISSUING, order_id="8802", serial="B2")
    kept.learn(silent, replace(ISSUED, net=None, tax=None, gross=None))
    assert kept.tasks(silent) == {}


def test_files_are_kept(kept: Books) -> None:
    """Addresses as they are told last; what was fetched of a format stays known, and an empty address is none."""
    fetched = InvoiceFile("pdf", "https://example.invalid/old.pdf", "8801.pdf", "ab" * 32)
    invoice = kept.sale(InvoiceState.ISSUED, files=(fetched, InvoiceFile("xml", "x")))
    told = replace(ISSUED, files={"pdf": "https://example.invalid/new.pdf", "xml": "", "ofd": "o"})
    assert kept.learn(invoice, told).files == (
        InvoiceFile("ofd", "o"),
        replace(fetched, url="https://example.invalid/new.pdf"),
        InvoiceFile("xml", "x"),
    )


def test_a_change_that_comes_too_late(kept: Books) -> None:
    """Made from a state that is not there any more, it changes nothing, and nothing follows from it."""
    seen = kept.sale(InvoiceState.ISSUING)
    kept.learn(seen, ISSUED)
    assert books.change(kept.tx, seen, LATER, state=InvoiceState.FAILED) is None
    assert kept.now(seen).state is InvoiceState.ISSUED
    assert kept.tasks(seen) == {}


@pytest.mark.parametrize(
    ("kind", "note"), [(ActionKind.HAND_INVOICE_OVER, "handed_over"), (ActionKind.DELIVER_INVOICE, "delivered")]
)
def test_an_issued_invoice_that_was_handed_on(kept: Books, kind: ActionKind, note: str) -> None:
    """Noted when it is done, and once; handed to the marketplace it is not due there any more."""
    invoice = kept.sale(InvoiceState.ISSUED)
    sending = about(invoice, kind, state=ActionState.SENDING)
    done = replace(sending, state=ActionState.DONE)
    for before, after in ((sending, replace(sending, state=ActionState.UNCLEAR)), (sending, done), (done, done)):
        books.followed(kept.tx, before, after, LATER)
    (noted,) = stored.notes_of(kept.tx, [invoice.invoice])[invoice.invoice]
    assert (noted.kind, noted.said, noted.at, noted.by) == (note, "A1", LATER, "8012")
    assert kept.now(invoice).delivered_at == (LATER if kind is ActionKind.HAND_INVOICE_OVER else None)
