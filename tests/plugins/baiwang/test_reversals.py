"""Reversals on the world's clock: the form, who must confirm it, and the red invoice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from asctl.api import (
    Effect,
    Evidence,
    FormState,
    FormTold,
    InvoiceFinding,
    Refused,
    Reversal,
    Unclear,
)
from asctl.api.sandbox import SandboxReply, SandboxRequest
from asctl_baiwang.provider import Baiwang
from asctl_baiwang.wire import REVERSE
from tests.plugins.baiwang.samples import (
    BLUE,
    body_of,
    issued,
    partial,
    reversal,
)
from tests.plugins.loopback import Loopback


def form_of(found: InvoiceFinding) -> FormTold:
    assert found.form is not None
    return found.form


def sums(found: InvoiceFinding) -> tuple[Decimal | None, ...]:
    red = form_of(found).red
    assert red is not None
    return red.net, red.tax, red.gross


def use(loop: Loopback) -> None:
    """The buyer has used the invoice: from now on he must confirm."""
    loop.world.bureau.invoices[0].used = True


@pytest.fixture
def full(provider: Baiwang, loop: Loopback) -> Reversal:
    """A reversal of all of an issued invoice."""
    return reversal(*issued(provider, loop))


def test_full_reversal_of_an_unused_invoice(provider: Baiwang, loop: Loopback, full: Reversal) -> None:
    """Nobody needs to confirm: the form is through after a second, the red invoice issued two seconds later, to the cent."""
    provider.reverse_invoice(full)
    assert provider.find_reversal(full).evidence is Evidence.PRESENT
    loop.clock.sleep(1.5)
    under_way = provider.find_reversal(full)
    assert (under_way.effect, form_of(under_way).state) == (Effect.ACCEPTED, FormState.NOT_NEEDED)
    loop.clock.sleep(3)
    done = provider.find_reversal(full)
    assert (done.evidence, done.effect) == (Evidence.PRESENT, Effect.EFFECTIVE)
    assert sums(done) == (Decimal("-180.00"), Decimal("-23.40"), Decimal("-203.40"))
    assert form_of(done).number == loop.world.bureau.forms[0].number != ""


def test_form_serial_is_neither_invoice_nor_form_number(provider: Baiwang, loop: Loopback, full: Reversal) -> None:
    """What fastRed answers with is the serial of the form: no invoice has it, and the bureau's number is another."""
    serial = provider.reverse_invoice(full).reference
    loop.clock.sleep(1.5)
    found = form_of(provider.find_reversal(replace(full, reference=serial)))
    assert found.reference == serial != found.number
    loop.clock.sleep(3)
    red = form_of(provider.find_reversal(replace(full, reference=serial))).red
    assert red is not None
    assert serial not in (red.reference, red.number)


def test_buyer_confirms(provider: Baiwang, loop: Loopback, full: Reversal) -> None:
    """A used invoice waits for its buyer, 72 hours; when he confirms, the red invoice follows."""
    use(loop)
    begun = loop.clock.moment
    provider.reverse_invoice(full)
    loop.clock.sleep(5)
    waiting = provider.find_reversal(full)
    assert (waiting.effect, form_of(waiting).state, form_of(waiting).raw_state) == (
        Effect.ACCEPTED,
        FormState.WAIT_BUYER,
        "02",
    )
    assert form_of(waiting).deadline == begun + timedelta(hours=72)
    loop.world.bureau.reversals.confirm(loop.world.bureau.forms[0])
    confirmed = provider.find_reversal(full)
    assert form_of(confirmed).state is FormState.CONFIRMED
    loop.clock.sleep(5)
    assert provider.find_reversal(full).effect is Effect.EFFECTIVE


def test_nobody_confirms_for_72_hours(provider: Baiwang, loop: Loopback, full: Reversal) -> None:
    """Then the form lapses (07); Baiwang learns it from the bureau because it is told to ask."""
    use(loop)
    provider.reverse_invoice(full)
    loop.clock.sleep(5)
    provider.find_reversal(full)
    loop.clock.moment += timedelta(hours=72)
    found = provider.find_reversal(full)
    assert (found.effect, form_of(found).raw_state) == (Effect.INEFFECTIVE, "07")


def test_waiting_form_is_fetched_from_the_bureau(provider: Baiwang, loop: Loopback, full: Reversal) -> None:
    """What Baiwang has stored is read first; a form that waits is downloaded, and what is stored read again."""
    use(loop)
    provider.reverse_invoice(full)
    loop.clock.sleep(5)
    loop.sent.clear()
    provider.find_reversal(full)
    bodies = [body_of(request) for request in loop.sent[1:]]
    assert [body["operatorType"] for body in bodies] == ["2", "1", "2"]
    assert bodies[0]["originalDigitInvoiceNo"] == full.blue_number
    assert (bodies[1]["beginDate"], bodies[1]["endDate"]) == ("2026-11-21", "2026-11-21")
    assert not any(request.write for request in loop.sent)


def test_partial_reversal(provider: Baiwang, loop: Loopback) -> None:
    """Of a used invoice one of two units goes back: 101.70 of 203.40."""
    number, reference = issued(provider, loop)
    use(loop)
    part = partial(number, reference)
    provider.reverse_invoice(part)
    loop.clock.sleep(5)
    loop.world.bureau.reversals.confirm(loop.world.bureau.forms[0])
    loop.clock.sleep(5)
    assert sums(provider.find_reversal(part)) == (Decimal("-90.00"), Decimal("-11.70"), Decimal("-101.70"))


def test_second_full_reversal_is_refused(provider: Baiwang, loop: Loopback, full: Reversal) -> None:
    """Nothing is left to reverse, and the far side says so at once."""
    provider.reverse_invoice(full)
    loop.clock.sleep(5)
    with pytest.raises(Refused) as caught:
        provider.reverse_invoice(replace(full, serial="R260102H3J5K7M902"))
    assert caught.value.upstream_code == "SANDBOX-REVERSED"


@pytest.mark.parametrize("seconds", [0, 1.5, 5])
def test_lost_answer_is_found_without_the_form_serial(
    provider: Baiwang, loop: Loopback, full: Reversal, seconds: float
) -> None:
    """It arrived and nobody heard of it: while the form is worked on, when it is through, and once the red one is there."""
    proper = loop.answer

    def cut(request: SandboxRequest) -> SandboxReply:
        reply = proper(request)
        return replace(reply, body=b"{") if request.query.get("method") == REVERSE else reply

    loop.answer = cut
    with pytest.raises(Unclear):
        provider.reverse_invoice(full)
    loop.answer = proper
    loop.clock.sleep(seconds)
    assert provider.find_reversal(full).evidence is Evidence.PRESENT


def test_wrong_blue_invoice_is_refused(provider: Baiwang, loop: Loopback, full: Reversal) -> None:
    """The blue one must be there, and be the one that the serials name."""
    for wrong in (replace(full, blue_number="26990000000000009999"), replace(full, blue_serial="B9")):
        with pytest.raises(Refused):
            provider.reverse_invoice(wrong)
    assert not loop.world.bureau.forms
    assert BLUE.serial == full.blue_serial
