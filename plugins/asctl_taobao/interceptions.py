"""Parcels that the marketplace has stopped for a refund (reference/taobao-top.md sections 4.2, 4.5, 6.4)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial

from asctl.api import AfterSale, AfterSaleKind, Effect, Evidence, Finding, NotOffered, Refused, Submission, Unavailable
from asctl.api import translate as _
from asctl_taobao.attributes import read_attributes
from asctl_taobao.client import ODD_ANSWER
from asctl_taobao.versions import Versions, unchanged, versioned
from asctl_taobao.wire import text
from asctl_taobao.words import INTERCEPT_EFFECT, INTERCEPT_NOT_APPLIED

_RESULTS = "interceptItemListResult"


class Interceptions(Versions):
    """OrderInterceptor."""

    def intercept_order(self, after_sale: AfterSale) -> Submission:
        """``taobao.rp.refund.intercept``; the answer says nothing but that the request was taken.

        Raises :class:`NotOffered` for an exchange, :class:`Stale` where the application changed, :class:`Refused`, and
        :class:`Unclear`.
        """
        if after_sale.kind is AfterSaleKind.EXCHANGE:
            raise _only_refunds(after_sale)
        asked = {name: value for name, value in versioned(after_sale).items() if name != "refund_phase"}
        try:
            self.top.ask("taobao.rp.refund.intercept", asked, lambda _answer: None, write=True)
        except Refused as no:
            return Submission(message=self.after_no(after_sale, no, partial(self._intercepted, after_sale)))
        return Submission()

    def order_interception(self, after_sale: AfterSale) -> Finding:
        """What the application's attribute tells of its items. Raises the read families."""
        attribute = self.top.ask(
            "taobao.refund.get",
            {"refund_id": after_sale.after_sale_id, "fields": "refund_id,attribute"},
            lambda answer: read_attributes(text(answer["refund"].get("attribute"))),
        )
        return _finding(attribute)

    def _intercepted(self, after_sale: AfterSale) -> Finding:
        """What came of the request, and where none was taken, whether the application is as it was.

        Raises the read families, also where the attribute cannot be read.
        """
        found = self.order_interception(after_sale)
        if found.evidence is Evidence.UNKNOWN:
            raise _unreadable(after_sale)
        if found.evidence is Evidence.PRESENT:
            return found
        now = self.after_sale(after_sale.after_sale_id)
        return Finding(Evidence.ABSENT if unchanged(after_sale, now) else Evidence.UNKNOWN, message=now.raw_status)


def _finding(attribute: Mapping[str, str]) -> Finding:
    """Items that disagree are still under way as a whole; a word that is not known says nothing."""
    words = _item_words(attribute.get(_RESULTS, ""))
    if words is None or not words <= INTERCEPT_EFFECT.keys() | {INTERCEPT_NOT_APPLIED}:
        return Finding(Evidence.UNKNOWN, message=", ".join(sorted(words or ())))
    message = ", ".join(sorted(words))
    if words <= {INTERCEPT_NOT_APPLIED}:
        return Finding(Evidence.ABSENT, message=message)
    effect = INTERCEPT_EFFECT[next(iter(words))] if len(words) == 1 else Effect.ACCEPTED
    return Finding(Evidence.PRESENT, effect, message=message)


def _item_words(written: str) -> frozenset[str] | None:
    """The words of all items; none without an entry, ``None`` for one that is not in the documented shape."""
    if not written:
        return frozenset()
    try:
        return frozenset(text(item["logisticInterceptEnum"]) for item in json.loads(written))
    except (ValueError, TypeError, KeyError):
        return None


def _unreadable(after_sale: AfterSale) -> Unavailable:
    return Unavailable(
        _("what application {number} tells of its interception cannot be read").format(number=after_sale.after_sale_id),
        code=ODD_ANSWER,
        passing=False,
        hint=_("look at the application in the seller's back office"),
    )


def _only_refunds(after_sale: AfterSale) -> NotOffered:
    return NotOffered(
        _("Taobao stops parcels for refunds, and {number} is an exchange").format(number=after_sale.after_sale_id),
        code="interception_not_offered",
        hint=_("ask the courier: asctl intercept request WAYBILL"),
    )
