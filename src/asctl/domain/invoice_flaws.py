"""What is wrong with an invoice, by the rules of reference/invoices.md section 10, and the refusal that comes of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from asctl.domain.errors import BadInput
from asctl.text import _


@dataclass(frozen=True, slots=True)
class Flaw:
    """One breach of a ``rule`` (``V11``). ``code`` is a stable word for scripts, ``field`` where it is (``lines[2].tax``, places
    from 1), ``sentence`` the numbers. Nothing is sent with a flaw, but where it is a ``warning``."""

    rule: str
    code: str
    field: str
    sentence: str
    warning: bool = False


def refuse_flaws(flaws: Iterable[Flaw], subject: str) -> None:
    """Raise :class:`BadInput` for the first flaw that is no warning, under its code, and tell how many more there are. ``subject``
    names the invoice: its number, or its order's."""
    errors = [flaw for flaw in flaws if not flaw.warning]
    if not errors:
        return
    first = errors[0]
    told = _("{subject}: {field}: {sentence} (rule {rule})").format(
        subject=subject, field=first.field, sentence=first.sentence, rule=first.rule
    )
    if more := len(errors) - 1:
        told += _("; {more} more flaws").format(more=more)
    raise BadInput(told, code=first.code, hint=_hint(first.rule))


def _hint(rule: str) -> str:
    match rule:
        case "V01":
            return _("set tax_no of the invoice account to the seller's tax ID")
        case "V02" | "V03" | "V04" | "V05" | "V06" | "V26":
            return _("ask the customer for the right data, and apply with them")
        case "V07" | "V08" | "V09" | "V25":
            return _("correct what is known of the goods: asctl goods set SKU")
        case "V20" | "V21" | "V22" | "V23" | "V24" | "V28":
            return _("see what was billed and reversed: asctl invoice show ORDER")
        case "V30":
            return _("reverse it instead: asctl invoice reverse INVOICE")
        case _:
            return _("nothing was sent; correct the amounts where they come from")
