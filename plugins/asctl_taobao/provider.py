"""The capabilities of a Taobao or Tmall shop."""

from __future__ import annotations

from asctl.api import CheckResult
from asctl.api import translate as _
from asctl_taobao.agreements import Agreements
from asctl_taobao.applications import Applications
from asctl_taobao.interceptions import Interceptions
from asctl_taobao.invoice_results import InvoiceResults
from asctl_taobao.orders import Orders
from asctl_taobao.receivers import Receivers
from asctl_taobao.refusals import Refusals
from asctl_taobao.tracks import Tracks
from asctl_taobao.wire import moment, text

_SHOP_TYPES = {"B": "Tmall", "C": "Taobao"}


class Taobao(Orders, Receivers, Agreements, Refusals, Interceptions, Tracks, Applications, InvoiceResults):
    """One shop: every capability of the spec."""

    def check(self) -> CheckResult:
        """Ask the time (key and secret) and the seller (session). The skew is ours minus theirs, to the second."""
        theirs = self.top.ask("taobao.time.get", {}, lambda answer: moment(answer["time"]))
        skew = (self.context.clock.now() - theirs).total_seconds()
        seller = self.top.ask(
            "taobao.user.seller.get", {"fields": "user_id,nick,type"}, lambda answer: dict(answer["user"])
        )
        kind = text(seller.get("type"))
        detail = _("{kind} shop {nick}").format(kind=_SHOP_TYPES.get(kind, kind), nick=text(seller.get("nick")))
        return CheckResult(detail, clock_skew_s=skew)
