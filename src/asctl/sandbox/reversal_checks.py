"""What the tax bureau would not have reversed: a red one, more than is left, a part of what nobody uses
(reference/invoices.md sections 2.1, 2.4 and 13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from asctl.api.bureau import SandboxForm, SandboxInvoice
from asctl.domain.invoices import Colour, InvoiceLine, LineNature, Reason, Scope
from asctl.sandbox.bureau_checks import line_flaw, total

NO_SUCH_INVOICE = "演示：蓝字发票不存在"
IS_RED = "演示：红字发票不能再次冲红"
NOTHING_LEFT = "演示：该发票已全额冲红"
ONLY_WHOLE = "演示：购方未用途确认且未入账，只能全额冲红"
WRONG_REASON = "演示：冲红原因与冲红范围不符"
NO_LINES = "演示：部分冲红必须填写明细"
WRONG_PLACE = "演示：对应蓝字明细序号有误"
OTHER_GOODS = "演示：红字明细与蓝字明细不一致"
WRONG_AMOUNT = "演示：红字明细金额、税额或数量有误"
TOO_MUCH = "演示：红冲金额或数量超过可红冲余额"

_REASONS_OF_A_PART = frozenset({Reason.RETURN, Reason.ALLOWANCE})


def whole(lines: Sequence[InvoiceLine]) -> dict[int, InvoiceLine]:
    """The blue lines that a red one can take from, by their place counted from 1; discounts are netted in."""
    found: dict[int, InvoiceLine] = {}
    for place, line in enumerate(lines, start=1):
        if line.nature is LineNature.DISCOUNT:
            found[place - 1] = _discounted(found[place - 1], line)
        else:
            found[place] = replace(line, nature=LineNature.NORMAL)
    return found


def reversed_whole(lines: Sequence[InvoiceLine]) -> tuple[InvoiceLine, ...]:
    """The lines of a red invoice that takes all of a blue one; what a discount took entirely is not among them."""
    return tuple(
        replace(
            line,
            net=-line.net,
            tax=-line.tax,
            gross=-line.gross,
            quantity=None if line.quantity is None else -line.quantity,
            blue_line=place,
        )
        for place, line in whole(lines).items()
        if line.gross
    )


def is_gone(blue: Sequence[InvoiceLine], taken: Iterable[InvoiceLine]) -> bool:
    """Whether the red lines ``taken`` are all of it."""
    return total(line.gross for line in (*blue, *taken)) == 0


def excess(there: Mapping[int, InvoiceLine], taken: Sequence[InvoiceLine]) -> str:
    """:data:`TOO_MUCH` where the red lines ``taken`` are more than some blue line has; else empty."""
    for place, blue in there.items():
        reds = [red for red in taken if red.blue_line == place]
        left = (
            blue.net + total(red.net for red in reds),
            blue.tax + total(red.tax for red in reds),
            (blue.quantity or Decimal(0)) + total(red.quantity or Decimal(0) for red in reds),
        )
        if min(left) < 0:
            return TOO_MUCH
    return ""


def objection(form: SandboxForm, blue: SandboxInvoice | None, taken: Sequence[InvoiceLine], whole_only: bool) -> str:
    """Why an application is refused, beside what was ``taken`` from its blue invoice before; empty where it is not.

    ``whole_only`` says that an invoice which its buyer does not use is reversed in full or not at all.
    """
    if blue is None or blue.seller != form.seller:
        return NO_SUCH_INVOICE
    if blue.colour is Colour.RED:
        return IS_RED
    if is_gone(blue.lines, taken):
        return NOTHING_LEFT
    if form.scope is Scope.FULL:
        return TOO_MUCH if taken else ""
    if whole_only and not blue.used:
        return ONLY_WHOLE
    return _objection_to_part(form, whole(blue.lines), taken)


def _objection_to_part(form: SandboxForm, there: Mapping[int, InvoiceLine], taken: Sequence[InvoiceLine]) -> str:
    if form.reason not in _REASONS_OF_A_PART:
        return WRONG_REASON
    if not form.lines:
        return NO_LINES
    flaws = (_line_objection(line, there, form.reason) for line in form.lines)
    return next(filter(None, flaws), "") or excess(there, (*taken, *form.lines))


def _line_objection(line: InvoiceLine, there: Mapping[int, InvoiceLine], reason: Reason) -> str:
    blue = there.get(line.blue_line)
    if blue is None:
        return WRONG_PLACE
    if (_bare_name(line), line.code, line.rate) != (_bare_name(blue), blue.code, blue.rate):
        return OTHER_GOODS
    if line_flaw(line) or not _is_red(line) or (reason is Reason.ALLOWANCE and line.quantity is not None):
        return WRONG_AMOUNT
    return ""


def _is_red(line: InvoiceLine) -> bool:
    signed = line.net < 0 and line.tax <= 0 and (line.quantity is None or line.quantity < 0)
    return line.nature is LineNature.NORMAL and signed


def _discounted(line: InvoiceLine, row: InvoiceLine) -> InvoiceLine:
    gross = line.gross + row.gross
    price = round(gross / line.quantity, 8) if line.quantity else None
    return replace(line, net=line.net + row.net, tax=line.tax + row.tax, gross=gross, price=price)


def _bare_name(line: InvoiceLine) -> str:
    """Without the category that a provider prints before it: ``*谷物*燕麦`` as ``燕麦`` (section 1.4)."""
    return line.name.rpartition("*")[2] if line.name.startswith("*") else line.name
