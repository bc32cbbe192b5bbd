"""What a blue invoice bills: the lines of an order, its freight, the fee of a repair (reference/invoices.md sections 4.1-4.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from asctl.domain.errors import BadInput
from asctl.domain.invoices import FREIGHT, InvoiceLine, LineNature
from asctl.domain.money import CENT
from asctl.domain.orders import Order, OrderLine
from asctl.domain.tax import add_up, split, spread
from asctl.text import _

_ONE = Decimal(1)
FREIGHT_NAME = "运费"
"""What freight is called on an invoice, whatever the operator's language, where the configuration has no name for it."""


@dataclass(frozen=True, slots=True)
class GoodsTax:
    """What the tax bureau must know of goods: the 19-digit category ``code`` and the ``rate`` (``0.13``). An empty ``name``
    leaves the goods the name that the order has."""

    sku: str
    code: str
    rate: Decimal
    name: str = ""
    unit: str = ""
    spec: str = ""


def sale_lines(
    order: Order, tax_of: Callable[[OrderLine], GoodsTax | None], freight: GoodsTax | None
) -> tuple[InvoiceLine, ...]:
    """Bill an order: a row for each line that was paid for, with its discount in a row after it, and one for the freight.

    They add up to what the buyer paid. Where the order's lines and freight do not, each counts in proportion: that spreads a
    discount on the whole order, and a surplus, which shows as a higher price. Without ``freight`` the freight is such a surplus
    on the goods. Raises :class:`BadInput`: ``goods_unknown`` for goods of which ``tax_of`` knows nothing, ``nothing_to_bill``.
    """
    goods = [line for line in order.lines if line.paid > 0]
    freight_billed = order.freight if freight is not None else Decimal(0)
    owed = [*(line.paid for line in goods), max(freight_billed, Decimal(0))]
    if order.amount <= 0 or not any(owed):
        raise BadInput(
            _("order {order} has nothing to bill: {amount} yuan were paid").format(
                order=order.order_id, amount=order.amount
            ),
            code="nothing_to_bill",
            hint=_("see what was paid: asctl order show ORDER"),
        )
    *shares, freight_share = _in_proportion(order.amount, owed)
    billed = [row for line, share in zip(goods, shares, strict=True) for row in _billed(line, share, tax_of)]
    if freight is not None and freight_share:
        billed.append(replace(fee_line(FREIGHT_NAME, freight, freight_share), line_id=FREIGHT))
    return tuple(billed)


def fee_line(name: str, goods: GoodsTax, gross: Decimal) -> InvoiceLine:
    """One service, with tax: such as the fee of a repair."""
    return priced(replace(goods, name=goods.name or name), gross, _ONE)


def priced(goods: GoodsTax, gross: Decimal, quantity: Decimal | None, line_id: str = "") -> InvoiceLine:
    """A normal row for an amount with tax; without ``quantity`` it has no price either."""
    net, tax = split(gross, goods.rate)
    return InvoiceLine(
        name=goods.name,
        code=goods.code,
        rate=goods.rate,
        net=net,
        tax=tax,
        gross=gross,
        quantity=quantity,
        price=None if quantity is None else unit_price(gross, quantity),
        unit=goods.unit,
        spec=goods.spec,
        sku=goods.sku,
        line_id=line_id,
    )


def unit_price(gross: Decimal, quantity: Decimal) -> Decimal:
    """The price of one, positive, with as few decimals as come out even; else with 8, which every provider takes."""
    exact = abs(gross / quantity)
    prices = [exact.quantize(_ONE.scaleb(-places), ROUND_HALF_UP) for places in range(2, 9)]
    return next((price for price in prices if price * abs(quantity) == abs(gross)), prices[-1])


def totals(lines: Iterable[InvoiceLine]) -> tuple[Decimal, Decimal, Decimal]:
    """Net, tax and gross of an invoice."""
    rows = tuple(lines)
    return add_up(row.net for row in rows), add_up(row.tax for row in rows), add_up(row.gross for row in rows)


def _in_proportion(amount: Decimal, owed: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Share an amount as :func:`asctl.domain.tax.spread` does, even one that is more than they are together."""
    larger = amount // add_up(owed) + 1
    return spread(amount, [part * larger for part in owed])


def _billed(line: OrderLine, share: Decimal, tax_of: Callable[[OrderLine], GoodsTax | None]) -> Iterator[InvoiceLine]:
    if not share:
        return
    known = tax_of(line)
    if known is None:
        raise _goods_unknown(line)
    goods = replace(known, name=known.name or line.title, sku=known.sku or line.sku)
    quantity = Decimal(line.quantity) or None
    full = line.price * line.quantity
    if full <= share:
        yield priced(goods, share, quantity, line.line_id)
        return
    discounted = replace(priced(goods, full, quantity, line.line_id), nature=LineNature.DISCOUNTED)
    yield discounted
    yield _discount(discounted, full - share)


def _discount(line: InvoiceLine, off: Decimal) -> InvoiceLine:
    """The row after ``line``. Both are split on their own, so that the tax of each fits its rate; what they leave together is the
    split of the paid amount to within a cent, but always has a net, since nothing could be reversed of it otherwise."""
    net = min(split(off, line.rate)[0], line.net - CENT)
    return replace(
        line,
        nature=LineNature.DISCOUNT,
        net=-net,
        tax=net - off,
        gross=-off,
        quantity=None,
        price=None,
        unit="",
        spec="",
        sku="",
    )


def _goods_unknown(line: OrderLine) -> BadInput:
    return BadInput(
        _("nothing is known of how SKU {sku} is taxed: its category and rate are missing").format(
            sku=line.sku or line.line_id
        ),
        code="goods_unknown",
        hint=_("tell it with: asctl goods set {sku}").format(sku=line.sku or "SKU"),
    )
