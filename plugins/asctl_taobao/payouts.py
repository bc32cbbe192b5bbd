"""Agreeing to several refunds in one call: what is asked, and what became of each
(reference/taobao-top.md section 4.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from asctl.api import AfterSale, AfterSaleOutcome, AsctlError, Refused, Unclear, to_fen
from asctl.api import translate as _
from asctl_taobao.wire import Row, listed, text

METHOD = "taobao.rp.refunds.agree"
# The second is the old numeric form of the first.
_CODE_SENT = frozenset({"SEND_CODE_SUCC", "10000"})
_SAID = {"true": True, "false": False}


def refund_infos(refunds: Sequence[AfterSale], tmall: bool) -> str:
    """``number|fen|version`` each, at Tmall also the phase."""
    return ",".join("|".join(_info(sale, tmall)) for sale in refunds)


def outcomes(refunds: Sequence[AfterSale], answer: Row) -> tuple[AfterSaleOutcome, ...]:
    """One per refund, in order. A row is found by its number, or by its place where rows carry none; whatever cannot
    be told for sure is :class:`Unclear`."""
    message = text(answer.get("message"))
    if text(answer.get("msg_code")) in _CODE_SENT:
        return tuple(_needs_code(sale) for sale in refunds)
    rows = [row for row in listed(answer.get("results")) if isinstance(row, dict)]
    if not rows and _SAID.get(text(answer.get("succ")).lower()) is False:
        return tuple(AfterSaleOutcome(sale.after_sale_id, _refused(sale, message)) for sale in refunds)
    return tuple(
        AfterSaleOutcome(sale.after_sale_id, _error(sale, _row_of(sale, place, rows, len(refunds))))
        for place, sale in enumerate(refunds)
    )


def _info(sale: AfterSale, tmall: bool) -> tuple[str, ...]:
    parts = (sale.after_sale_id, str(to_fen(sale.amount)), sale.version)
    return (*parts, sale.phase) if tmall else parts


def _row_of(sale: AfterSale, place: int, rows: Sequence[Mapping[str, Any]], asked: int) -> Row | None:
    numbers = [text(row.get("refund_id")) for row in rows]
    if numbers.count(sale.after_sale_id) == 1:
        return rows[numbers.index(sale.after_sale_id)]
    in_place = len(rows) == asked and not numbers[place] and sale.after_sale_id not in numbers
    return rows[place] if in_place else None


def _error(sale: AfterSale, row: Row | None) -> AsctlError | None:
    said = _SAID.get(text(row.get("succ")).lower()) if row is not None else None
    if row is None or said is None:
        return _unclear(sale)
    return None if said else _refused(sale, text(row.get("message")))


def _refused(sale: AfterSale, words: str) -> Refused:
    return Refused(
        _("Taobao refused to pay refund {number}: {words}").format(number=sale.after_sale_id, words=words or "-"),
        hint=_("look at the application in the seller's back office"),
        upstream_text=words,
    )


def _unclear(sale: AfterSale) -> Unclear:
    return Unclear(
        _("Taobao's answer does not say what became of refund {number}").format(number=sale.after_sale_id),
        code="row_missing",
        hint=_("run `asctl action reconcile` later"),
    )


def _needs_code(sale: AfterSale) -> AfterSaleOutcome:
    told = _("Taobao sent the seller a code by text message and has agreed to nothing yet: say it, and ask again")
    return AfterSaleOutcome(sale.after_sale_id, needs_person=True, message=told)
