"""Invoice reversers: applied for is not reversed, and no more is taken back than was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from asctl.api.bureau import SandboxForm
from asctl.capabilities.invoices import FormTold, InvoiceFinding, Reversal
from asctl.capabilities.writes import Effect, Evidence
from asctl.domain.errors import BadInput, Refused
from asctl.domain.invoices import FormState, InvoiceKind, InvoiceLine, InvoiceState, Reason, Scope
from asctl.testing.bills import (
    ISSUED_AFTER,
    LINES,
    OTHER_RED_SERIAL,
    RED_SERIAL,
    SERIAL,
    bill,
    issued,
    known_rule,
    limits_of,
    look,
    made_in,
    particular_rules,
)
from asctl.testing.discretion import clean
from asctl.testing.exercises import Arguments, Exercise
from asctl.testing.rules import Missing, Rule, Tier, expect
from asctl.testing.site import Site
from asctl.testing.submissions import request_rules

_REFUSED_BY_BUYER = "05"
_LONGEST_WAIT = timedelta(hours=72)


def _reversal(site: Site, kind: InvoiceKind = InvoiceKind.DIGITAL_ORDINARY, serial: str = SERIAL) -> Reversal:
    """All of the kit's invoice, as long as it has no number yet."""
    blue = bill(site, serial, kind=kind)
    return Reversal(
        serial=f"R{serial[1:]}",
        seller=blue.seller,
        kind=blue.kind,
        buyer=blue.buyer,
        scope=Scope.FULL,
        reason=Reason.RETURN,
        blue_serial=blue.serial,
        blue_number="26990000000000000001",
        lines=(),
        net=-blue.net,
        tax=-blue.tax,
        gross=-blue.gross,
        requested_at=site.clock.now(),
        blue_net=blue.net,
        blue_tax=blue.tax,
    )


def _of_issued(site: Site, request: Reversal) -> Reversal:
    """The same reversal, of an invoice that was issued."""
    told = issued(site, bill(site, request.blue_serial, kind=request.kind))
    return replace(
        request,
        blue_number=told.number,
        blue_code=told.code,
        blue_reference=told.reference,
        blue_issued_at=told.issued_at,
        requested_at=site.clock.now(),
    )


def _half(site: Site, arguments: Arguments) -> Arguments:
    """One of the two mugs, of an invoice that its buyer uses: then the bureau takes parts, and the same once more."""
    request = _of_issued(site, arguments[0])
    made_in(site, request.blue_serial).used = True
    blue = LINES[0]
    line = replace(blue, net=-blue.net / 2, tax=-blue.tax / 2, gross=-blue.gross / 2, quantity=Decimal(-1), blue_line=1)
    part = replace(request, scope=Scope.PARTIAL, lines=(line,), net=line.net, tax=line.tax, gross=line.gross)
    return (part,)


def _other(arguments: Arguments) -> Arguments:
    return (replace(arguments[0], serial=OTHER_RED_SERIAL), *arguments[1:])


REVERSE = Exercise(
    "InvoiceReverser",
    "reverse_invoice",
    lambda site: (_reversal(site),),
    write=True,
    stranger=_other,
    before=_half,
)


def invoice_reverser_rules() -> Iterator[Rule]:
    """All rules for ``InvoiceReverser``."""
    yield from particular_rules(
        REVERSE,
        ("full", Tier.BRONZE, "without lines all of the named invoice is reversed", _full),
        ("part", Tier.BRONZE, "of a part its lines arrive as they were given, negative, to the cent", _part),
        ("reasons", Tier.BRONZE, "every reason arrives as itself", _reasons),
        ("kinds", Tier.BRONZE, "an invoice of every declared kind can be reversed", _kinds),
        ("applied_for", Tier.BRONZE, "nothing is called reversed before its red invoice is issued", _early),
        ("reversed", Tier.BRONZE, "the red invoice is told with its number and its negative sums", _reversed),
        ("waits", Tier.SILVER, "a form that waits for the buyer is told so, and until when with its zone", _waits),
        ("void", Tier.SILVER, "a form that the buyer refused is told as void, and reverses nothing", _void),
        ("turned_down", Tier.SILVER, "what the tax bureau turns down is a no, at once or in a look", _turned_down),
        ("red_failed", Tier.SILVER, "a form that was agreed on reverses nothing if its red one fails", _red_failed),
        ("nothing_left", Tier.SILVER, "an invoice that is reversed already is not reversed again", _nothing_left),
    )
    yield known_rule(REVERSE)
    yield from request_rules(REVERSE)


def _form(site: Site, serial: str = RED_SERIAL) -> SandboxForm:
    for form in site.world.bureau.forms:
        if form.serial == serial:
            return form
    raise Missing(
        f"world.bureau holds no form with the key that the kit gave, {serial}: the request carried another key or none, or the "
        "sandbox app does not apply for it there"
    )


def _applied(site: Site, request: Reversal) -> SandboxForm:
    REVERSE.done(site, (request,))
    return _form(site, request.serial)


def _found(site: Site, request: Reversal) -> InvoiceFinding:
    return look(site, "InvoiceReverser", "reverse_invoice", request)


def _told(found: InvoiceFinding) -> FormTold:
    expect(found.form is not None, f"nothing is told of the form: {found}")
    assert found.form is not None
    return found.form


def _full(site: Site) -> None:
    request = _of_issued(site, _reversal(site))
    form = _applied(site, request)
    expect(form.blue_number == request.blue_number, f"the reversed invoice is {form.blue_number!r}")
    expect(form.scope is Scope.FULL, f"all of it was asked for, and the form is about {form.scope}")
    sums = (form.net, form.tax)
    expect(
        sums == (request.net, request.tax), f"all of it are {request.net} and {request.tax}, and the form says {sums}"
    )


def _part(site: Site) -> None:
    (request,) = REVERSE.prepared(site)
    form = _applied(site, request)
    expect(form.scope is Scope.PARTIAL, f"a part was asked for, and the form is about {form.scope}")
    arrived, given = [_kept(line) for line in form.lines], [_kept(line) for line in request.lines]
    expect(arrived == given, f"the lines that arrived are {arrived}, and should be {given}")


def _kept(line: InvoiceLine) -> tuple[object, ...]:
    return (line.blue_line, line.name, line.code, line.rate, line.net, line.tax, line.gross, line.quantity)


def _reasons(site: Site) -> None:
    for number, reason in enumerate(Reason):
        request = _of_issued(site, _reversal(site, serial=f"B261120KITKIT26{number:02d}"))
        form = _applied(site, replace(request, reason=reason))
        expect(form.reason is reason, f"{reason} arrived as {form.reason}")


def _kinds(site: Site) -> None:
    for number, kind in enumerate(limits_of(site.spec).kinds):
        request = _of_issued(site, _reversal(site, kind, f"B261120KITKIT26{number:02d}"))
        _applied(site, request)
        site.pass_time(ISSUED_AFTER)
        effect = _found(site, request).effect
        expect(effect is Effect.EFFECTIVE, f"one of the kind {kind} is reversed, and told as {effect}")


def _early(site: Site) -> None:
    request = _of_issued(site, _reversal(site))
    form = _applied(site, request)
    _not_reversed(_found(site, request))
    site.pass_time(timedelta(seconds=1))
    red = site.world.bureau.red_of(form)
    if red is not None:
        red.fate = "stuck"
    site.pass_time(ISSUED_AFTER)
    _not_reversed(_found(site, request))


def _not_reversed(found: InvoiceFinding) -> None:
    state = found.form.state if found.form else None
    expect(found.effect is not Effect.EFFECTIVE, f"no red invoice is issued, and the reversal told as done ({state})")
    red = found.form.red if found.form else None
    expect(red is None or red.state is not InvoiceState.ISSUED, "a red invoice is told as issued that is not")


def _reversed(site: Site) -> None:
    request = _of_issued(site, _reversal(site))
    form = _applied(site, request)
    site.pass_time(ISSUED_AFTER)
    found = _found(site, request)
    expect(found.effect is Effect.EFFECTIVE, f"it is reversed, and told as {found.effect}: {found.form}")
    red, right = _told(found).red, site.world.bureau.red_of(form)
    assert right is not None
    site.world.bureau.phase(right)
    expect(red is not None and red.state is InvoiceState.ISSUED, f"the red invoice is issued, and told as {red}")
    assert red is not None
    expect(red.number == right.number, f"its number is {right.number}, and told as {red.number!r}")
    seen, wanted = (red.net, red.tax, red.gross), (right.net, right.tax, right.gross)
    expect(all(one in (None, two) for one, two in zip(seen, wanted, strict=True)), f"its sums are told as {seen}")


def _waits(site: Site) -> None:
    (request,) = REVERSE.prepared(site)
    form = _applied(site, request)
    site.pass_time(ISSUED_AFTER)
    found = _found(site, request)
    told = _told(found)
    expect(told.state is FormState.WAIT_BUYER, f"it waits for the buyer, and is told as {told.state!r}")
    expect(bool(told.raw_state), "the far side's own word is not kept (raw_state)")
    expect(found.effect is Effect.ACCEPTED, f"it waits for the buyer, and its effect is told as {found.effect}")
    if (deadline := told.deadline) is not None:
        expect(deadline.tzinfo is not None, "the deadline names no zone")
        right = form.begun_at + _LONGEST_WAIT
        expect(deadline == right, f"it lapses at {right}, and that is told as {deadline}")


def _void(site: Site) -> None:
    (request,) = REVERSE.prepared(site)
    form = _applied(site, request)
    site.pass_time(ISSUED_AFTER)
    _found(site, request)
    form.void = _REFUSED_BY_BUYER
    found = _found(site, request)
    expect(_told(found).state is FormState.VOID, f"the buyer refused, and the form is told as {_told(found).state!r}")
    expect(found.effect is Effect.INEFFECTIVE, f"the buyer refused, and the effect is told as {found.effect}")


def _turned_down(site: Site) -> None:
    """A part of what nobody uses is not reversed."""
    (request,) = REVERSE.prepared(site)
    made_in(site, request.blue_serial).used = False
    outcome = REVERSE.outcome(site, (request,))
    clean(site, outcome)
    if isinstance(outcome.error, BadInput | Refused):
        return
    expect(outcome.error is None, f"should be taken, or be a no, but there was {outcome.seen}")
    site.pass_time(ISSUED_AFTER)
    found = _found(site, request)
    expect(found.effect is Effect.INEFFECTIVE, f"it was turned down, and its effect is told as {found.effect}")
    why = _form(site, request.serial).complaint
    expect(why in found.message, f"why is told as {found.message!r}")


def _red_failed(site: Site) -> None:
    request = _of_issued(site, _reversal(site))
    form = _applied(site, request)
    site.pass_time(timedelta(seconds=1))
    red = site.world.bureau.red_of(form)
    assert red is not None
    red.fate = "fail"
    site.pass_time(ISSUED_AFTER)
    found = _found(site, request)
    expect(found.evidence is Evidence.PRESENT, f"it was applied for, and is told as {found.evidence}")
    _not_reversed(found)


def _nothing_left(site: Site) -> None:
    request = _of_issued(site, _reversal(site))
    _applied(site, request)
    site.pass_time(ISSUED_AFTER)
    again = replace(request, serial=OTHER_RED_SERIAL)
    outcome = REVERSE.outcome(site, (again,))
    clean(site, outcome)
    if isinstance(outcome.error, BadInput | Refused):
        return
    site.pass_time(ISSUED_AFTER)
    effect = _found(site, again).effect
    expect(effect is not Effect.EFFECTIVE, "the reversal of a reversed invoice is told as done")


EXERCISES = (REVERSE,)
