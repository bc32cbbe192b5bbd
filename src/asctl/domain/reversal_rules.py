"""What must be right of a red invoice before anything is sent: rules V18 to V24 of reference/invoices.md section 10, and those
that hold of every invoice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from asctl.domain.invoice_flaws import Flaw
from asctl.domain.invoice_rules import IssuerLimits, flaws_of_heading
from asctl.domain.invoices import (
    ISSUED_HERE,
    NOT_YET,
    UNDER_WAY,
    Colour,
    Invoice,
    InvoiceLine,
    InvoiceState,
    LineNature,
    Reason,
    Scope,
)
from asctl.domain.line_rules import flaws_of_red_rows, flaws_of_rows, flaws_of_sums, reckonable
from asctl.domain.policy import InvoicePolicy
from asctl.domain.reversals import Rest, rests
from asctl.domain.tax import add_up
from asctl.text import _

_REVERSIBLE = frozenset({InvoiceState.ISSUED, InvoiceState.SEAL_FAILED, InvoiceState.PARTLY_REVERSED})
_CATEGORY = re.compile(r"^\*[^*]*\*")


def flaws_of_red(
    red: Invoice, blue: Invoice, reds: Iterable[Invoice], policy: InvoicePolicy, limits: IssuerLimits
) -> tuple[Flaw, ...]:
    """The flaws of a red invoice, in the order of the rules. ``reds`` are those of the same blue one; ``red`` itself may be among
    them. Both have their lines, a full one too."""
    others = [other for other in reds if other.invoice != red.invoice]
    return tuple(_flaws_of_red(red, blue, others, policy, limits))


def _flaws_of_red(
    red: Invoice, blue: Invoice, others: Sequence[Invoice], policy: InvoicePolicy, limits: IssuerLimits
) -> Iterator[Flaw]:
    yield from _of_its_blue(red, blue)
    yield from _why(red)
    yield from _one_at_a_time(others)
    yield from flaws_of_rows(red, policy, limits)
    yield from flaws_of_heading(red, limits.remark)
    if not reckonable(red):
        return
    yield from flaws_of_sums(red, policy)
    yield from flaws_of_red_rows(red.lines)
    left = rests(blue, others)
    for place, line in enumerate(red.lines, 1):
        yield from _of_its_line(line, blue.lines, place)
    yield from _beyond(red.lines, left)
    yield from _not_whole(red, blue, left)


def _of_its_blue(red: Invoice, blue: Invoice) -> Iterator[Flaw]:
    """V20."""
    if blue.colour is Colour.RED:
        yield Flaw("V20", "red_of_red", "blue", _("a red invoice cannot be reversed; issue a new blue one"))
        return
    if blue.kind not in ISSUED_HERE:
        told = _("an invoice of kind {kind} is not reversed by this tool").format(kind=blue.kind.value)
        yield Flaw("V20", "kind_not_reversed", "kind", told)
    if blue.state is InvoiceState.REVERSED:
        yield Flaw("V20", "already_reversed", "blue", _("the blue invoice was reversed fully already"))
    elif blue.state not in _REVERSIBLE:
        told = _("the blue invoice is {state}, not issued").format(state=blue.state.value)
        yield Flaw("V20", "blue_not_issued", "blue", told)
    same = {
        "account": red.account == blue.account,
        "kind": red.kind is blue.kind,
        "buyer.title": red.buyer.title == blue.buyer.title,
        "buyer.tax_id": red.buyer.tax_id == blue.buyer.tax_id,
    }
    for name, agrees in same.items():
        if not agrees:
            yield Flaw("V20", "differs_from_blue", name, _("is not that of the blue invoice"))


def _why(red: Invoice) -> Iterator[Flaw]:
    """V23. A full reversal is sent without rows, so that units in its rows on record say nothing."""
    if red.reason is None or red.scope is None:
        yield Flaw("V23", "reason_missing", "reason", _("a reversal needs its reason and its scope"))
    elif red.scope is Scope.PARTIAL and red.reason not in (Reason.RETURN, Reason.ALLOWANCE):
        told = _("a reversal for the reason {reason} is of the whole invoice").format(reason=red.reason.value)
        yield Flaw("V23", "reason_needs_full", "scope", told)
    elif red.scope is Scope.PARTIAL and red.reason is Reason.ALLOWANCE:
        for place, line in enumerate(red.lines, 1):
            if line.quantity is not None:
                told = _("an allowance has no quantity, not {quantity}").format(quantity=line.quantity)
                yield Flaw("V23", "allowance_quantity", f"lines[{place}].quantity", told)


def _one_at_a_time(others: Iterable[Invoice]) -> Iterator[Flaw]:
    """V24."""
    for other in others:
        if other.state in NOT_YET | UNDER_WAY:
            told = _("another reversal of it, {serial}, is {state}").format(
                serial=other.serial, state=other.state.value
            )
            yield Flaw("V24", "reversal_under_way", "blue", told)


def _of_its_line(line: InvoiceLine, blue: Sequence[InvoiceLine], place: int) -> Iterator[Flaw]:
    """V21. Providers print the category before the name, as ``*...*``; it is no part of it (section 1.4)."""
    if not 1 <= line.blue_line <= len(blue):
        told = _("the blue invoice has no row {row}").format(row=line.blue_line)
        yield Flaw("V21", "blue_line_unknown", f"lines[{place}].blue_line", told)
        return
    origin = blue[line.blue_line - 1]
    if origin.nature is LineNature.DISCOUNT:
        told = _("row {row} of the blue invoice is a discount, taken with its line").format(row=line.blue_line)
        yield Flaw("V21", "blue_line_discount", f"lines[{place}].blue_line", told)
    elif _identity(line) != _identity(origin):
        told = _("name, category or rate is not that of row {row} of the blue invoice").format(row=line.blue_line)
        yield Flaw("V21", "blue_line_differs", f"lines[{place}]", told)


def _identity(line: InvoiceLine) -> tuple[object, ...]:
    return _CATEGORY.sub("", line.name), line.code, line.rate


def _beyond(lines: Sequence[InvoiceLine], left: Sequence[Rest]) -> Iterator[Flaw]:
    """V22, line by line; so the total cannot go beyond what is left of the total."""
    for rest in left:
        taken = [line for line in lines if line.blue_line == rest.place]
        units = sum(-(line.quantity or 0) for line in taken)
        for name, most in (("net", rest.net), ("tax", rest.tax), ("gross", rest.gross)):
            asked = -add_up(getattr(line, name) for line in taken)
            if asked > most:
                told = _("{name} {asked} of row {row} is more than the {left} that are left of it").format(
                    name=name, asked=asked, row=rest.place, left=most
                )
                yield Flaw("V22", "exceeds_rest", f"blue.lines[{rest.place}].{name}", told)
        if units > (rest.quantity or 0):
            told = _("{units} units of row {row} are more than the {left} that are left of it").format(
                units=units, row=rest.place, left=rest.quantity or 0
            )
            yield Flaw("V22", "exceeds_rest", f"blue.lines[{rest.place}].quantity", told)


def _not_whole(red: Invoice, blue: Invoice, left: Sequence[Rest]) -> Iterator[Flaw]:
    """V22 of a full reversal: the provider takes all of the blue invoice, whatever the record says."""
    if red.scope is not Scope.FULL:
        return
    if add_up(rest.gross for rest in left) != blue.gross:
        yield Flaw("V22", "not_whole", "scope", _("a part was reversed already: only the rest can be, line by line"))
    elif (red.net, red.tax, red.gross) != (-blue.net, -blue.tax, -blue.gross):
        told = _("a full reversal over {gross} yuan is not the blue invoice's {whole}").format(
            gross=red.gross, whole=blue.gross
        )
        yield Flaw("V22", "not_whole", "gross", told)
