"""Pure functions from the rows of ``alibaba.einvoice.apply.get`` to our records (reference/taobao-top.md section 8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from asctl.api import ApplicationLine, Buyer, Colour, InvoiceApplication, LineNature, yuan
from asctl_taobao.wire import Row, figure, listed, moment, text, yes
from asctl_taobao.words import APPLICATION_STATE, INVOICE_COLOUR, INVOICE_KIND, ROW_TYPE, TITLE_TYPE

_CODE_DIGITS = 19


def applications(rows: Iterable[Row]) -> tuple[InvoiceApplication, ...]:
    """Those of one order, the oldest first, each under a number of its own. Raises as :func:`application`."""
    oldest_first = sorted(map(application, rows), key=lambda found: found.applied_at)
    return tuple(_told_apart(oldest_first))


def application(row: Row) -> InvoiceApplication:
    """One application. Raises ``LookupError``, ``ValueError`` or ``ArithmeticError`` for one that is out of shape.

    The platform tells its own number, ``apply_id``, by message; where a row has none, it gets one of ours.
    """
    order_id, applied_at = text(row["platform_tid"]), moment(row["gmt_create"])
    colour = INVOICE_COLOUR[text(row.get("invoice_type")) or Colour.BLUE.value]
    return InvoiceApplication(
        application=text(row.get("apply_id")) or _own_number(order_id, applied_at, colour),
        order_id=order_id,
        state=APPLICATION_STATE[text(row["status"])],
        trigger=text(row.get("trigger_status")),
        kind=INVOICE_KIND[text(row["invoice_kind"])],
        buyer=_buyer(row),
        amount=yuan(text(row["invoice_amount"])),
        colour=colour,
        applied_at=applied_at,
        lines=_lines(listed(row.get("invoice_items"))),
    )


def is_own_number(number: str, order_id: str) -> bool:
    """Whether an application's number is ours, which the platform does not know."""
    return number.startswith(f"{order_id}-")


def _own_number(order_id: str, applied_at: datetime, colour: Colour) -> str:
    return f"{order_id}-{applied_at:%Y%m%d%H%M%S}-{colour.value}"


def _told_apart(found: Iterable[InvoiceApplication]) -> Iterator[InvoiceApplication]:
    """Those of one second get a place behind our number, from the second on."""
    places: Counter[str] = Counter()
    for each in found:
        places[each.application] += 1
        place = places[each.application]
        again = place > 1 and is_own_number(each.application, each.order_id)
        yield replace(each, application=f"{each.application}-{place}") if again else each


def _buyer(row: Row) -> Buyer:
    return Buyer(
        title=text(row["payer_name"]),
        type=TITLE_TYPE[text(row["business_type"])],
        tax_id=text(row.get("payer_register_no")).upper(),
        address=text(row.get("payer_address")),
        phone=text(row.get("payer_phone")),
        bank=text(row.get("payer_bank")),
        bank_account=text(row.get("payer_bankaccount")),
    )


def _lines(rows: Iterable[Row]) -> tuple[ApplicationLine, ...]:
    """A discount row stands after the row that it belongs to, and is taken off that."""
    lines: list[ApplicationLine] = []
    for row in rows:
        amount = yuan(text(row["amount"]))
        if ROW_TYPE[text(row.get("row_type")) or "0"] is LineNature.DISCOUNT:
            lines[-1] = replace(lines[-1], gross=_discounted(lines[-1].gross, amount))
        else:
            lines.append(_line(row, amount))
    return tuple(lines)


def _discounted(gross: Decimal, discount: Decimal) -> Decimal:
    """Nearer to zero, with whatever sign the discount is told, and on a red application too."""
    return gross - abs(discount).copy_sign(gross)


def _line(row: Row, gross: Decimal) -> ApplicationLine:
    """``item_no`` may also be a number that the seller gave the goods: only 19 digits are a tax category."""
    code = text(row.get("item_no"))
    return ApplicationLine(
        name=text(row["item_name"]),
        gross=gross,
        line_id=text(row.get("biz_order_id")),
        code=code if len(code) == _CODE_DIGITS and code.isdecimal() else "",
        rate=figure(row.get("tax_rate")),
        quantity=figure(row.get("quantity")),
        unit=text(row.get("unit")),
        spec=text(row.get("specification")),
        freight=yes(row.get("is_post_fee_row")),
    )
