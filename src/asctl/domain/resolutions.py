"""What was agreed with the customer, told apart as the decision table does (reference/invoices.md section 11)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from asctl.domain.errors import BadInput, NeedsApproval, Refused
from asctl.domain.invoices import Buyer
from asctl.domain.money import CENT
from asctl.domain.orders import Order, OrderStatus
from asctl.domain.rmas import Rma, RmaKind, RmaState
from asctl.domain.settlements import GOODS_BACK, Resolution
from asctl.text import _

BOOKED_AS = ("goodwill", "price_reduction", "platform")
"""What a compensation is in the books."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the operator tells of a resolution. ``refund`` is the money that goes back; ``difference`` what the customer pays more
    (negative: gets back) for an exchange; ``goods`` and ``sku`` what went out instead; ``fee`` that of a repair; ``booked_as`` is
    one of :data:`BOOKED_AS`.

    ``freight``: the freight is refunded, too. ``unseen``: the goods need not be there. ``paper``: a paper original came along.
    ``used``: the buyer has used the invoice, as finance knows. ``approved_by`` is who in finance agreed. ``buyer`` is whom a new
    title, or a fee, is made out to.
    """

    refund: Decimal | None = None
    difference: Decimal = Decimal(0)
    goods: str = ""
    sku: str = ""
    fee: Decimal | None = None
    booked_as: str = ""
    freight: bool = False
    unseen: bool = False
    paper: bool = False
    used: bool = False
    approved_by: str = ""
    buyer: Buyer | None = field(default=None, repr=False)

    def facts(self) -> Mapping[str, str]:
        """What was told, by name, as the record keeps it; whom a title names is in the invoice alone."""
        told = {
            "refund": _text(self.refund),
            "difference": _text(self.difference or None),
            "goods": self.goods,
            "sku": self.sku,
            "fee": _text(self.fee),
            "booked_as": self.booked_as,
            "approved_by": self.approved_by,
        }
        flags = {name: "yes" for name in _FLAGS if getattr(self, name)}
        return {name: value for name, value in (told | flags).items() if value}

    @classmethod
    def of_facts(cls, facts: Mapping[str, str]) -> Wish:
        """The wish that was put on record."""
        amounts = {name: Decimal(facts[name]) for name in ("refund", "difference", "fee") if name in facts}
        words = {name: facts[name] for name in ("goods", "sku", "booked_as", "approved_by") if name in facts}
        flags = {name: True for name in _FLAGS if name in facts}
        return cls(**amounts, **words, **flags)  # type: ignore[arg-type]


_FLAGS = ("freight", "unseen", "paper", "used")


_AMOUNT = re.compile(r"[+-]?\d{1,9}(\.\d{1,2})?", re.ASCII)


def amount_of(text: str, name: str, negative: bool = False) -> Decimal:
    """An amount in yuan as an operator writes it, with at most two places. Raises :class:`BadInput`."""
    written = unicodedata.normalize("NFKC", text).strip()
    if not _AMOUNT.fullmatch(written) or (written.startswith("-") and not negative):
        raise BadInput(
            _("{text!r} is no amount for {name}").format(text=text[:40], name=name),
            code="bad_amount",
            hint=_("write yuan with at most two places, as 12.50"),
        )
    return Decimal(written).quantize(CENT)


def resolution_of(rma: Rma, order: Order, wish: Wish, left: Decimal | None) -> Resolution:
    """The row of the table. ``left`` is what of the invoice is not reversed; ``None`` without an invoice.

    Raises :class:`BadInput` where something must be told, or is told that does not belong to this kind of case.
    """
    _check_told(rma.kind, wish)
    match rma.kind:
        case RmaKind.REFUND_ONLY:
            return Resolution.REFUND_FULL if _whole(rma, order, wish, left) else Resolution.REFUND_PART
        case RmaKind.RETURN:
            return Resolution.RETURN_FULL if _whole(rma, order, wish, left) else Resolution.RETURN_PART
        case RmaKind.EXCHANGE:
            return _of_exchange(wish)
        case RmaKind.REPAIR:
            return Resolution.REPAIR_PAID if wish.fee else Resolution.REPAIR_FREE
        case RmaKind.RESHIP:
            return Resolution.RESHIP
    return _of_compensation(wish)


def check_ready(rma: Rma, resolution: Resolution, arrived: bool, wish: Wish) -> None:
    """A case is settled once it is approved, and a return once its goods are there. Raises :class:`NeedsApproval`,
    :class:`Refused`."""
    if rma.state is RmaState.CANCELLED:
        raise Refused(
            _("{rma} was cancelled; there is nothing to settle").format(rma=rma.rma),
            code="rma_cancelled",
            hint=_("open another one: asctl rma open {order} ...").format(order=rma.order_id),
        )
    if rma.state is not RmaState.APPROVED:
        raise NeedsApproval(
            _("{rma} is not approved yet").format(rma=rma.rma),
            code="rma_not_approved",
            hint=_("asctl rma approve {rma}").format(rma=rma.rma),
        )
    if resolution in GOODS_BACK and not (arrived or wish.unseen):
        raise Refused(
            _("the goods of {rma} are not back yet; the invoice is revised after they were received").format(
                rma=rma.rma
            ),
            code="goods_not_received",
            hint=_("asctl rma scan {rma} --receive; or, where they need not come, add --unseen").format(rma=rma.rma),
        )


def _whole(rma: Rma, order: Order, wish: Wish, left: Decimal | None) -> bool:
    """Whether everything of the order is given up: all goods, and the freight where there was one. Of an order that was never
    shipped nobody keeps the freight."""
    if wish.refund is not None:
        return wish.refund == (left or order.amount)
    wanted = {line.line_id: line.quantity for line in rma.lines}
    goods = all(wanted.get(line.line_id, 0) >= line.quantity for line in order.lines if line.paid)
    return goods and (wish.freight or not order.freight or order.status is OrderStatus.TO_SHIP)


def _of_exchange(wish: Wish) -> Resolution:
    other = bool(wish.goods or wish.sku)
    if wish.difference > 0:
        return Resolution.EXCHANGE_DEARER
    if wish.difference < 0:
        return Resolution.EXCHANGE_CHEAPER_OTHER if other else Resolution.EXCHANGE_CHEAPER
    return Resolution.EXCHANGE_NEW_FACE if other else Resolution.EXCHANGE_SAME


def _of_compensation(wish: Wish) -> Resolution:
    if wish.booked_as not in BOOKED_AS:
        raise BadInput(
            _("nobody says what the compensation is in the books"),
            code="booked_as_missing",
            hint=_("add --as goodwill, --as price_reduction --refund 10.00, or --as platform"),
        )
    if wish.booked_as == "price_reduction":
        if wish.refund is None:
            raise _lacking("refund", _("how much the price was reduced"))
        return Resolution.REFUND_PART
    return Resolution.GOODWILL if wish.booked_as == "goodwill" else Resolution.PLATFORM_PAYS


_BELONGS: Mapping[RmaKind, frozenset[str]] = {
    RmaKind.REFUND_ONLY: frozenset({"refund", "freight", "used", "sku"}),
    RmaKind.RETURN: frozenset({"refund", "freight", "unseen", "used", "sku"}),
    RmaKind.EXCHANGE: frozenset({"difference", "goods", "sku", "used", "approved_by"}),
    RmaKind.REPAIR: frozenset({"fee", "paper", "sku", "goods", "title"}),
    RmaKind.RESHIP: frozenset(),
    RmaKind.COMPENSATE: frozenset({"refund", "booked_as", "used"}),
}


def _check_told(kind: RmaKind, wish: Wish) -> None:
    told = set(wish.facts()) | ({"title"} if wish.buyer else set())
    if alien := sorted(told - _BELONGS[kind]):
        raise BadInput(
            _("{names} means nothing for a case of the kind {kind}").format(names=_options(alien), kind=kind.value),
            code="fact_out_of_place",
            hint=_("what belongs to it: {names}").format(names=_options(sorted(_BELONGS[kind])) or _("nothing")),
        )


def _options(facts: Iterable[str]) -> str:
    """Facts as the options that tell them."""
    return ", ".join("--as" if name == "booked_as" else f"--{name.replace('_', '-')}" for name in facts)


def _lacking(option: str, what: str) -> BadInput:
    return BadInput(
        _("nobody says {what}").format(what=what),
        code=f"{option}_missing",
        hint=_("add --{option} 10.00").format(option=option),
    )


def _text(amount: Decimal | None) -> str:
    return "" if amount is None else str(amount)
