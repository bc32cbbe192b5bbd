"""Agreeing to applications (reference/taobao-top.md sections 4.4, 4.5 and 5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial

from asctl.api import (
    AfterSale,
    AfterSaleKind,
    AfterSaleOutcome,
    AfterSaleStatus,
    AsctlError,
    BadConfiguration,
    Context,
    Evidence,
    Finding,
    NotOffered,
    Refused,
)
from asctl.api import translate as _
from asctl_taobao import payouts
from asctl_taobao.client import Top
from asctl_taobao.versions import Versions, must_say, require_version, unchanged, versioned
from asctl_taobao.wire import Row, Value, listed, text
from asctl_taobao.words import EXCHANGE_TURNED

_REVIEWED_ALREADY = ("退款单已完结，无需审核", "当前退款状态不允许审核")
_EXCHANGE_MEMBERS = "dispute_id,biz_order_id,status,modified"
_Step = tuple[AfterSaleKind, AfterSaleStatus]
_MONEY = frozenset(
    {
        (AfterSaleKind.REFUND_ONLY, AfterSaleStatus.APPLIED),
        (AfterSaleKind.RETURN, AfterSaleStatus.RETURNING),
    }
)
_RETURN: _Step = (AfterSaleKind.RETURN, AfterSaleStatus.APPLIED)
_EXCHANGE: _Step = (AfterSaleKind.EXCHANGE, AfterSaleStatus.APPLIED)
_EXCHANGE_ARRIVED: _Step = (AfterSaleKind.EXCHANGE, AfterSaleStatus.RETURNING)
# How far an application may have come once it was agreed to.
_AFTER_ARRIVAL = frozenset({AfterSaleStatus.TO_SEND, AfterSaleStatus.SENT, AfterSaleStatus.DONE})
_AFTER_RETURN = frozenset({AfterSaleStatus.AWAITING_RETURN, AfterSaleStatus.RETURNING, AfterSaleStatus.DONE})
_AGREED = {
    **dict.fromkeys(_MONEY, frozenset({AfterSaleStatus.DONE})),
    _RETURN: _AFTER_RETURN,
    _EXCHANGE: _AFTER_RETURN | _AFTER_ARRIVAL,
    _EXCHANGE_ARRIVED: _AFTER_ARRIVAL,
}


class Agreements(Versions):
    """The agreeing half of AfterSaleDesk."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._payer = Top(context, "agree_session")

    def agree_after_sales(self, after_sales: tuple[AfterSale, ...], code: str = "") -> tuple[AfterSaleOutcome, ...]:
        """What agreeing means follows from kind and status. Never raises: each outcome has its own error.

        Refunds of money go in one call, after the shop's own approval at Tmall; all others one by one.
        """
        address = cache(self._return_address)
        each_once = {sale.after_sale_id: sale for sale in after_sales}
        told = {number: self._prepared(sale, address) for number, sale in each_once.items()}
        ready = tuple(each_once[number] for number, outcome in told.items() if outcome is None)
        paid = {outcome.after_sale_id: outcome for outcome in self._pay(ready, code)}
        return tuple(told[sale.after_sale_id] or paid[sale.after_sale_id] for sale in after_sales)

    def find_agreement(self, after_sale: AfterSale) -> Finding:
        """Read it again: further on as agreed, unchanged, or changed in another way. Raises the read families."""
        now = self.after_sale(after_sale.after_sale_id)
        if now.status in _AGREED.get((after_sale.kind, after_sale.status), frozenset()):
            return Finding(Evidence.PRESENT, message=now.raw_status)
        return Finding(Evidence.ABSENT if unchanged(after_sale, now) else Evidence.UNKNOWN, message=now.raw_status)

    def _prepared(self, sale: AfterSale, address: Callable[[], Row]) -> AfterSaleOutcome | None:
        """The outcome of an application; ``None`` for a refund that is ready to be paid."""
        if sale.raw_status in EXCHANGE_TURNED or (sale.kind, sale.status) not in _AGREED:
            return AfterSaleOutcome(sale.after_sale_id, _nothing_to_agree(sale))
        try:
            return self._single(sale, address)
        except Refused as no:
            return self._turned_down(sale, no)
        except AsctlError as error:
            return AfterSaleOutcome(sale.after_sale_id, error)

    def _turned_down(self, sale: AfterSale, no: Refused) -> AfterSaleOutcome:
        try:
            message = self.after_no(sale, no, partial(self.find_agreement, sale))
        except AsctlError as error:
            return AfterSaleOutcome(sale.after_sale_id, error)
        return AfterSaleOutcome(sale.after_sale_id, message=message)

    def _single(self, sale: AfterSale, address: Callable[[], Row]) -> AfterSaleOutcome | None:
        step = (sale.kind, sale.status)
        if step in _MONEY:
            self._review(sale)
            return None
        if step == _RETURN:
            self._agree_return(sale, address())
        else:
            self._agree_exchange(sale, address if step == _EXCHANGE else None)
        return AfterSaleOutcome(sale.after_sale_id)

    def _review(self, sale: AfterSale) -> None:
        """``taobao.rp.refund.review``: the shop's own approval, which Tmall wants before money moves."""
        require_version(sale)
        if not self.tmall or self.context.settings["review_refunds"] is not True:
            return
        approval: dict[str, Value] = {
            "operator": self.context.text("review_operator"),
            "message": "同意退款",
            "result": True,
        }
        try:
            self.top.ask(
                "taobao.rp.refund.review",
                {**versioned(sale), **approval},
                lambda answer: must_say(answer, "is_success", sale),
                write=True,
            )
        except Refused as refusal:
            if not refusal.upstream_text.startswith(_REVIEWED_ALREADY):
                raise

    def _pay(self, refunds: Sequence[AfterSale], code: str) -> tuple[AfterSaleOutcome, ...]:
        if not refunds:
            return ()
        try:
            outcomes = self._payer.ask(
                payouts.METHOD,
                {"refund_infos": payouts.refund_infos(refunds, self.tmall), "code": code},
                lambda answer: payouts.outcomes(refunds, answer),
                write=True,
            )
        except AsctlError as error:
            outcomes = tuple(AfterSaleOutcome(sale.after_sale_id, error) for sale in refunds)
        return tuple(
            self._turned_down(sale, outcome.error) if isinstance(outcome.error, Refused) else outcome
            for sale, outcome in zip(refunds, outcomes, strict=True)
        )

    def _agree_return(self, sale: AfterSale, address: Row) -> None:
        """``taobao.rp.returngoods.agree``: Tmall knows the address by its number, Taobao wants it in words, too."""
        words = {"remark": "同意退货"} if self.tmall else _address_in_words(address)
        self.top.ask(
            "taobao.rp.returngoods.agree",
            {**versioned(sale), **words, "seller_address_id": text(address["contact_id"])},
            lambda answer: must_say(answer, "is_success", sale),
            write=True,
        )

    def _agree_exchange(self, sale: AfterSale, address: Callable[[], Row] | None) -> None:
        """``tmall.exchange.agree`` with ``address``; without one the goods are back: ``tmall.exchange.returngoods.agree``."""
        if not self.tmall:
            raise exchange_not_offered(sale)
        method = "tmall.exchange.agree" if address else "tmall.exchange.returngoods.agree"
        place = {"address_id": text(address()["contact_id"])} if address else {}

        def read(answer: Row) -> None:
            self.top.refuse(method, sale.after_sale_id, answer["result"])
            must_say(answer["result"], "success", sale)

        named = {"dispute_id": sale.after_sale_id, "fields": _EXCHANGE_MEMBERS}
        self.top.ask(method, {**named, **place}, read, write=True)

    def _return_address(self) -> Row:
        """The shop's default return address. Raises :class:`BadConfiguration` where it has none."""
        rows = self.top.ask(
            "taobao.logistics.address.search",
            {"rdef": "cancel_def"},
            lambda answer: [row for row in listed(answer.get("addresses")) if text(row.get("contact_id"))],
        )
        if not rows:
            raise BadConfiguration(
                _("the shop {shop} has no default return address").format(shop=self.context.account),
                code="no_return_address",
                hint=_("mark one as return address in the seller's back office, then run again"),
            )
        return dict(rows[0])


def exchange_not_offered(sale: AfterSale) -> NotOffered:
    """Taobao shops have exchanges, and no methods for them (section 5.2)."""
    return NotOffered(
        _("only Tmall shops can decide on exchange {number} through the platform").format(number=sale.after_sale_id),
        code="exchange_not_offered",
        hint=_("decide in the seller's back office, or set tmall = true if it is a Tmall shop"),
    )


def _address_in_words(address: Row) -> dict[str, str]:
    place = "".join(text(address.get(part)) for part in ("province", "city", "country", "addr"))
    return {
        "name": text(address.get("contact_name")),
        "address": place,
        "post": text(address.get("zip_code")),
        "tel": text(address.get("phone")),
        "mobile": text(address.get("mobile_phone")),
    }


def _nothing_to_agree(sale: AfterSale) -> Refused:
    return Refused(
        _("there is nothing to agree to at application {number} ({kind}): it is {status} ({raw})").format(
            number=sale.after_sale_id, kind=sale.kind.value, status=sale.status.value, raw=sale.raw_status
        ),
        code="nothing_to_agree",
        hint=_("run `asctl aftersale sync` and look at it again, or decide in the seller's back office"),
    )
