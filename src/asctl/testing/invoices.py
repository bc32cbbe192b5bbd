"""Invoice issuers: what is billed arrives to the cent, once, and nothing is called issued before it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from asctl.api.bureau import SandboxInvoice
from asctl.capabilities.invoices import InvoiceFinding, InvoiceRequest
from asctl.capabilities.writes import Effect, Evidence
from asctl.domain.errors import NotFound, Refused
from asctl.domain.invoices import InvoiceKind, InvoiceLine, InvoiceState
from asctl.testing.bills import (
    ISSUED_AFTER,
    LINES,
    OTHER_SERIAL,
    SERIAL,
    bill,
    issue,
    known_rule,
    limits_of,
    look,
    made_in,
    particular_rules,
)
from asctl.testing.discretion import clean
from asctl.testing.exercises import Arguments, Exercise
from asctl.testing.rules import Rule, Tier, expect
from asctl.testing.site import Site
from asctl.testing.submissions import request_rules

_WHY = "演示：开票失败，请核对后重试"
_MOST_LINES = 100
_A_WHILE = timedelta(hours=1)


def _bill(site: Site) -> Arguments:
    return (bill(site),)


def _failed(site: Site, arguments: Arguments) -> Arguments:
    """The same invoice, which the tax bureau did not issue; nor did it issue another one."""
    (request,) = arguments
    known, _another = issue(site, request), issue(site, replace(request, serial=OTHER_SERIAL))
    for serial in (request.serial, OTHER_SERIAL):
        made = made_in(site, serial)
        made.fate, made.complaint = "fail", _WHY
    site.pass_time(ISSUED_AFTER)
    return (known,)


def _other(arguments: Arguments) -> Arguments:
    return (replace(arguments[0], serial=OTHER_SERIAL, reference=""), *arguments[1:])


ISSUE = Exercise("InvoiceIssuer", "issue_invoice", _bill, write=True, stranger=_other)
RETRY = Exercise("InvoiceIssuer", "retry_invoice", _bill, write=True, stranger=_other, before=_failed)


def invoice_issuer_rules() -> Iterator[Rule]:
    """All rules for ``InvoiceIssuer``."""
    yield from particular_rules(
        ISSUE,
        ("whole", Tier.BRONZE, "rows, sums, buyer and remark arrive as they were given, to the cent", _whole),
        ("limits", Tier.BRONZE, "as many rows, as long a remark and as fine prices as declared are taken", _limits),
        ("kinds", Tier.BRONZE, "an invoice of every declared kind is issued as that kind", _kinds),
        ("issuing", Tier.BRONZE, "what is accepted is not called issued before it is", _issuing),
        ("issued", Tier.BRONZE, "it is told with its number, its sums, and its moment with its zone", _issued),
        ("failed", Tier.SILVER, "an invoice that failed is told as failed, with why, and not as absent", _told_failed),
        ("unsealed", Tier.SILVER, "an invoice whose file was not sealed is issued all the same", _unsealed),
    )
    yield known_rule(ISSUE)
    yield from request_rules(ISSUE)
    yield from particular_rules(
        RETRY,
        ("again", Tier.BRONZE, "the same invoice is tried again, and no other one made", _again),
        ("without_reference", Tier.BRONZE, "our serial is enough where the provider's number is not known", _by_serial),
        ("failed_again", Tier.SILVER, "one that failed again is not told as never tried again", _failed_again),
        ("nobodys", Tier.SILVER, "an invoice that is not there is NotFound or Refused, and none is made", _nobodys),
    )
    yield from request_rules(RETRY)


def _submitted(site: Site, request: InvoiceRequest) -> SandboxInvoice:
    issue(site, request)
    return made_in(site, request.serial)


def _found(site: Site, request: InvoiceRequest) -> InvoiceFinding:
    return look(site, "InvoiceIssuer", "issue_invoice", request)


def _whole(site: Site) -> None:
    request = bill(site)
    made = _submitted(site, request)
    _same_lines(made.lines, request.lines)
    sums = (made.net, made.tax, made.gross)
    expect(sums == (request.net, request.tax, request.gross), f"the sums that arrived are {sums}")
    told, buyer = made.buyer, request.buyer
    expect((told.title, told.tax_id) == (buyer.title, buyer.tax_id), "the buyer that arrived is another one")
    expect((told.email, told.mobile) == (buyer.email, buyer.mobile), "where it is to be delivered did not arrive")
    expect(made.remark == request.remark, f"the remark that arrived is {made.remark!r}")


def _same_lines(arrived: tuple[InvoiceLine, ...], sent: tuple[InvoiceLine, ...]) -> None:
    expect(len(arrived) == len(sent), f"{len(sent)} rows were given, and {len(arrived)} arrived")
    names = ("name", "code", "rate", "net", "tax", "gross", "quantity", "price", "nature")
    for place, (theirs, ours) in enumerate(zip(arrived, sent, strict=True), start=1):
        for name in names:
            seen, given = getattr(theirs, name), getattr(ours, name)
            expect(seen == given, f"{name} of row {place} arrived as {seen}, and is {given}")


def _limits(site: Site) -> None:
    limits = limits_of(site.spec)
    price = Decimal(1) + Decimal(1).scaleb(-limits.places)
    rows = (replace(LINES[-1], quantity=Decimal(1), price=price),) * min(limits.lines, _MOST_LINES)
    request = bill(site, lines=rows, remark="备" * limits.remark)
    made = _submitted(site, request)
    _same_lines(made.lines, rows)
    expect(made.remark == request.remark, f"of a remark of {limits.remark} characters {len(made.remark)} arrived")


def _kinds(site: Site) -> None:
    for number, kind in enumerate(limits_of(site.spec).kinds):
        made = _submitted(site, bill(site, f"B261120KITKIT26{number:02d}", kind=InvoiceKind(kind)))
        expect(made.kind is kind, f"{kind} arrived as {made.kind}")


def _issuing(site: Site) -> None:
    request = bill(site)
    _submitted(site, request).fate = "stuck"
    for waited in (timedelta(), _A_WHILE):
        site.pass_time(waited)
        found = _found(site, request)
        state = found.invoice.state if found.invoice else None
        early = found.effect in (Effect.EFFECTIVE, Effect.INEFFECTIVE)
        expect(not early, f"after {waited} it is still being issued, and told as {found.effect} ({state})")
    expect(found.evidence is Evidence.PRESENT, f"it is being issued, and told as {found.evidence}")


def _issued(site: Site) -> None:
    request, other = bill(site), bill(site, OTHER_SERIAL, lines=LINES[:1])
    made, beside = _submitted(site, request), _submitted(site, other)
    site.pass_time(ISSUED_AFTER)
    for asked, right in ((other, beside), (request, made)):
        found = _found(site, asked)
        told = found.invoice
        expect(found.effect is Effect.EFFECTIVE and told is not None, f"it is issued, and told as {found.effect}")
        assert told is not None
        expect(told.state is InvoiceState.ISSUED, f"its state is told as {told.state}")
        expect(told.number == right.number, f"its number is {right.number}, and told as {told.number!r}")
        expect(bool(told.raw_state), "the far side's own word is not kept (raw_state)")
        seen = (told.net, told.tax, told.gross)
        wanted = (right.net, right.tax, right.gross)
        expect(all(one in (None, two) for one, two in zip(seen, wanted, strict=True)), f"its sums are told as {seen}")
        at = told.issued_at
        expect(at is not None and at.tzinfo is not None, f"when it was issued is told as {at}, without a zone")
        assert at is not None
        expect(abs(at - right.begun_at) < ISSUED_AFTER, f"it was issued at {right.begun_at}, and that is told as {at}")


def _told_failed(site: Site) -> None:
    _known_failed, found = RETRY.prepared(site), _found(site, bill(site))
    expect(found.evidence is Evidence.PRESENT, f"it failed, and is told as {found.evidence}")
    expect(found.effect is Effect.INEFFECTIVE, f"it failed, and its effect is told as {found.effect}")
    told = found.invoice
    expect(told is not None and told.state is InvoiceState.FAILED, f"it failed, and is told as {told}")
    assert told is not None
    expect(_WHY in told.message, f"why it failed is told as {told.message!r}")


def _unsealed(site: Site) -> None:
    request = bill(site)
    made = _submitted(site, request)
    made.fate = "seal_fail"
    site.pass_time(ISSUED_AFTER)
    found = _found(site, request)
    expect(found.effect is Effect.EFFECTIVE, f"it is issued without a seal, and its effect is told as {found.effect}")
    expect(found.invoice is not None and found.invoice.number == made.number, "its number is not told")


def _again(site: Site) -> None:
    _retried(site, RETRY.prepared(site))


def _by_serial(site: Site) -> None:
    (known,) = RETRY.prepared(site)
    _retried(site, (replace(known, reference=""),))


def _retried(site: Site, arguments: Arguments) -> None:
    RETRY.done(site, arguments)
    count = len(site.world.bureau.invoices)
    expect(count == 2, f"one of two invoices was to be tried again, and now there are {count}")
    expect(made_in(site, SERIAL).retries == 1, f"it was tried again {made_in(site, SERIAL).retries} times")
    site.pass_time(ISSUED_AFTER)
    found = _found(site, bill(site))
    expect(found.effect is Effect.EFFECTIVE, f"it was tried again and issued, and is told as {found.effect}")


def _failed_again(site: Site) -> None:
    arguments = RETRY.prepared(site)
    contract = site.contract("InvoiceIssuer", "retry_invoice")
    RETRY.done(site, arguments)
    made = made_in(site, SERIAL)
    made.fate, made.complaint = "fail", _WHY
    site.pass_time(ISSUED_AFTER)
    if contract.find:
        found = look(site, "InvoiceIssuer", "retry_invoice", arguments[0])
        proof = found.evidence is Evidence.ABSENT and contract.authoritative
        expect(not proof, "it was tried again and failed again, and that is told as proof that nobody tried")


def _nobodys(site: Site) -> None:
    for reference in ("", "26112010000000009999"):
        outcome = RETRY.outcome(site, (replace(bill(site), reference=reference),))
        no = isinstance(outcome.error, NotFound | Refused)
        expect(no, f"should be NotFound or Refused, but there was {outcome.seen}")
        clean(site, outcome)
    expect(not site.world.bureau.invoices, "there is an invoice now")


EXERCISES = (ISSUE, RETRY)
