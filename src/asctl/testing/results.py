"""Issued invoices handed to the marketplace: the right one, at the right order, with its file."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from asctl.capabilities.applications import InvoiceResult
from asctl.domain.invoices import Buyer, Colour, InvoiceKind, InvoiceLine
from asctl.testing.applications import apply, of_order
from asctl.testing.bills import COMPANY, PERSON
from asctl.testing.exercises import Arguments, Exercise
from asctl.testing.files import PDF
from asctl.testing.rules import Missing, Rule, expect
from asctl.testing.shop import now_of, shop_rules
from asctl.testing.site import Site
from asctl.testing.submissions import KEY, key_of, request_rules, turned_down

_NUMBER, _ANOTHER, _RED = "26990000000000000001", "26990000000000000002", "26990000000000000003"
_CODE, _RATE, _CENT = "1090511030000000000", Decimal("0.13"), Decimal("0.01")


def _result(site: Site, buyer: Buyer = COMPANY, kind: InvoiceKind = InvoiceKind.DIGITAL_ORDINARY) -> InvoiceResult:
    """An issued invoice, of one row, for which a customer applied in the world."""
    made = apply(site, buyer, kind)
    net = (made.amount / (1 + _RATE)).quantize(_CENT)
    line = InvoiceLine("陶瓷马克杯", _CODE, _RATE, net, made.amount - net, made.amount, Decimal(1), made.amount, "个")
    return InvoiceResult(
        key=KEY,
        order_id=made.order_id,
        application=made.application,
        colour=Colour.BLUE,
        kind=kind,
        seller_tax_id="91990000MA0K1T0S0X",
        seller_name="套件示例卖家有限公司",
        drawer="示例开票员",
        buyer=buyer,
        lines=(line,),
        net=line.net,
        tax=line.tax,
        gross=line.gross,
        number=_NUMBER,
        issued_at=now_of(site),
        file=PDF,
    )


def _answering(site: Site, result: InvoiceResult) -> InvoiceResult:
    """The result under the number by which the provider tells the application."""
    if site.spec.capability("ApplicationSource") is None:
        return result
    return replace(result, application=of_order(site, result.order_id)[-1].application)


def _as_told(site: Site, arguments: Arguments) -> Arguments:
    return (_answering(site, arguments[0]),)


def _stranger(arguments: Arguments) -> Arguments:
    return (replace(arguments[0], key=key_of(1), number=_ANOTHER),)


HAND_OVER = Exercise(
    "ResultTaker",
    "hand_invoice_over",
    lambda site: (_result(site),),
    write=True,
    stranger=_stranger,
    before=_as_told,
)
EXERCISES = (HAND_OVER,)


def result_taker_rules() -> Iterator[Rule]:
    """All rules for ``ResultTaker``."""
    yield from request_rules(HAND_OVER)
    yield from shop_rules(
        HAND_OVER,
        ("whole", "the invoice's number, its amount and its file arrive at the order that it is for", _whole),
        ("kinds", "a person's invoice, and a company's special one, are handed over", _kinds),
        ("red", "a red invoice, which names its blue one, is handed over after it", _red),
        ("unknown", "an order that nobody knows is turned down", _unknown),
    )


def _handed_over(site: Site, result: InvoiceResult) -> None:
    """The world has it, whatever the far side calls its fields."""
    told = [taken for made in site.world.applications if made.order_id == result.order_id for taken in made.results]
    if not told:
        raise Missing(
            "needs a sandbox app that adds what was handed over to the application's results in world.applications"
        )
    values = told[-1].values()
    expect(result.number in values, "the invoice's number did not arrive at its order")
    expect(f"{result.gross:.2f}" in values, "the invoice's amount did not arrive at its order")
    expect(
        any(_holds_file(value, result.file) for value in values), "the invoice's file did not arrive as it was given"
    )


def _holds_file(value: str, file: bytes) -> bool:
    return value == b64encode(file).decode()


def _whole(site: Site) -> None:
    arguments = HAND_OVER.prepared(site)
    HAND_OVER.done(site, arguments)
    _handed_over(site, arguments[0])


def _kinds(site: Site) -> None:
    for buyer, kind in ((PERSON, InvoiceKind.DIGITAL_ORDINARY), (COMPANY, InvoiceKind.DIGITAL_SPECIAL)):
        result = _answering(site, _result(site, buyer, kind))
        HAND_OVER.done(site, (replace(result, key=key_of(len(site.world.orders))),))
        _handed_over(site, result)


def _red(site: Site) -> None:
    (blue,) = HAND_OVER.prepared(site)
    HAND_OVER.done(site, (blue,))
    amounts = {name: -getattr(blue, name) for name in ("net", "tax", "gross")}
    lines = tuple(replace(line, **amounts, quantity=Decimal(-1)) for line in blue.lines)
    red = replace(blue, key=key_of(1), colour=Colour.RED, number=_RED, blue_number=blue.number, lines=lines, **amounts)
    HAND_OVER.done(site, (red,))
    _handed_over(site, red)


def _unknown(site: Site) -> None:
    (result,) = HAND_OVER.prepared(site)
    del site.world.orders[result.order_id]
    site.world.applications.clear()
    turned_down(site, HAND_OVER.outcome(site, (result,)), "an order that nobody knows")
