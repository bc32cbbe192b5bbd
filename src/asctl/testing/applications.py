"""Customers' applications for an invoice: whose they are, what they ask for, and which is which."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from asctl.api.bureau import SandboxApplication
from asctl.capabilities.applications import InvoiceApplication
from asctl.domain.errors import NotFound
from asctl.domain.invoices import Buyer, InvoiceKind
from asctl.domain.orders import OrderStatus
from asctl.testing.bills import COMPANY, PERSON
from asctl.testing.discretion import clean
from asctl.testing.exercises import Arguments, Exercise
from asctl.testing.records import exact, same, zoned
from asctl.testing.rules import Rule, expect
from asctl.testing.shop import now_of, put_order, shop_rules
from asctl.testing.site import Site
from asctl.testing.troubles import trouble_rules

_STATES = ((0, "refused"), (1, "applied"), (2, "accepted"))
"""As the world counts them, and as we call them."""
_PAID = "buyer_payed"
_OVERDUE = timedelta(days=40)
"""Longer than any marketplace lets a customer wait."""
_MANY = 120


def apply(
    site: Site,
    buyer: Buyer = COMPANY,
    kind: InvoiceKind = InvoiceKind.DIGITAL_ORDINARY,
    *,
    order_id: str = "",
    at: datetime | None = None,
    status: int = 1,
) -> SandboxApplication:
    """An application put into the world: an hour ago, for all that its order cost; on an order of its own if none is named."""
    order = site.world.orders[order_id] if order_id else put_order(site, OrderStatus.FINISHED)
    made = SandboxApplication(
        application=str(7 * 10**12 + len(site.world.applications) + 1),
        shop=order.shop,
        order_id=order.order_id,
        trigger=_PAID,
        kind=kind,
        buyer=buyer,
        amount=order.amount,
        at=at or now_of(site) - timedelta(hours=1),
        status=status,
    )
    site.world.applications.append(made)
    return made


def _arrange(site: Site) -> Arguments:
    return (apply(site).order_id,)


def _arrange_overdue(site: Site) -> Arguments:
    _overdue_application(site)
    return ()


def _overdue_application(site: Site, status: int = 1) -> str:
    return apply(site, at=now_of(site) - _OVERDUE, status=status).order_id


APPLICATIONS = Exercise("ApplicationSource", "invoice_applications", _arrange)
OVERDUE = Exercise("ApplicationSource", "overdue_invoices", _arrange_overdue)
EXERCISES = (APPLICATIONS, OVERDUE)


def application_source_rules() -> Iterator[Rule]:
    """All rules for ``ApplicationSource``."""
    yield from shop_rules(
        APPLICATIONS,
        ("found", "order, buyer, kind, amount and time are as the customer gave them, and it has a number", _found),
        ("buyers", "a person and a company, an ordinary and a special invoice are told apart", _buyers),
        ("states", "refused, applied and accepted are told apart", _states),
        ("lines", "rows, where they are told, come to the amount", _lines),
        ("none", "an order for which nobody applied has none", _none),
        ("in_order", "several of one order come in the order of their coming", _in_order),
        (
            "told_apart",
            "several of one order have numbers of their own, the same whenever they are asked for",
            _told_apart,
        ),
        ("unknown", "a number that nobody knows is NotFound, or has none", _unknown),
    )
    yield from trouble_rules(APPLICATIONS)
    yield from shop_rules(
        OVERDUE,
        (
            "found",
            "an order whose customer has waited for weeks is told, and one whose invoice is there is not",
            _overdue,
        ),
        ("paging", "more than fit on a page are all told, each once", _overdue_pages),
        ("none", "where no invoice is due there is none", _nothing_overdue),
    )
    yield from trouble_rules(OVERDUE)


def of_order(site: Site, order_id: str) -> tuple[InvoiceApplication, ...]:
    """The applications of an order, as the provider tells them."""
    told: tuple[InvoiceApplication, ...] = APPLICATIONS.done(site, (order_id,), provider=site.another_process())
    return told


def _one(site: Site, made: SandboxApplication) -> InvoiceApplication:
    told = of_order(site, made.order_id)
    expect(len(told) == 1, f"one application, and {len(told)} are told")
    return told[0]


def _found(site: Site) -> None:
    made = apply(site)
    told = _one(site, made)
    same(told, made, ("order_id", "kind", "amount"))
    expect(told.applied_at == made.at, f"applied_at is {told.applied_at}, and should be {made.at}")
    expect(bool(told.application), "it has no number")
    _same_buyer(told.buyer, made.buyer)
    zoned(told)
    exact(told.amount)


def _same_buyer(told: Buyer, wanted: Buyer) -> None:
    """What stands on an invoice; the rest the customer may not have been asked for."""
    for name in ("title", "type", "tax_id"):
        expect(getattr(told, name) == getattr(wanted, name), f"the buyer's {name} is another")


def _buyers(site: Site) -> None:
    for buyer, kind in (
        (PERSON, InvoiceKind.DIGITAL_ORDINARY),
        (COMPANY, InvoiceKind.DIGITAL_ORDINARY),
        (COMPANY, InvoiceKind.DIGITAL_SPECIAL),
    ):
        told = _one(site, apply(site, buyer, kind))
        _same_buyer(told.buyer, buyer)
        expect(told.kind is kind, f"a {kind} is told as {told.kind}")


def _states(site: Site) -> None:
    for status, state in _STATES:
        told = _one(site, apply(site, status=status))
        expect(told.state == state, f"one that is {state} is told as {told.state!r}")


def _lines(site: Site) -> None:
    told = _one(site, apply(site))
    exact(tuple(line.gross for line in told.lines))
    total = sum((line.gross for line in told.lines), Decimal(0))
    expect(not told.lines or total == told.amount, f"the rows come to {total}, and the application to {told.amount}")


def _none(site: Site) -> None:
    order = put_order(site)
    apply(site)
    told = of_order(site, order.order_id)
    expect(told == (), f"nobody applied for it, and {len(told)} are told")


def _several(site: Site, *, same_second: bool) -> str:
    """Three of one order, the newest of them first in the world."""
    first = apply(site)
    for hours in (3, 2):
        at = first.at if same_second else first.at - timedelta(hours=hours)
        apply(site, PERSON, order_id=first.order_id, at=at)
    return first.order_id


def _in_order(site: Site) -> None:
    told = of_order(site, _several(site, same_second=False))
    moments = [each.applied_at for each in told]
    expect(len(told) == 3 and moments == sorted(moments), f"three, and they are told in the order {moments}")


def _told_apart(site: Site) -> None:
    order_id = _several(site, same_second=True)
    numbers = [each.application for each in of_order(site, order_id)]
    expect(len(set(numbers)) == 3, f"three, and their numbers are {numbers}")
    again = [each.application for each in of_order(site, order_id)]
    expect(numbers == again, f"the numbers were {numbers}, and are {again} when asked for again")


def _unknown(site: Site) -> None:
    order = put_order(site)
    del site.world.orders[order.order_id]
    outcome = APPLICATIONS.outcome(site, (order.order_id,))
    kept = isinstance(outcome.error, NotFound) or outcome.result == ()
    expect(kept, f"should be NotFound, or no application, but there was {outcome.seen}")
    clean(site, outcome)


def _overdue(site: Site) -> None:
    due, there = _overdue_application(site), _overdue_application(site, status=2)
    told = OVERDUE.done(site, ())
    expect(due in told, "an order whose customer has waited for weeks is not told")
    expect(there not in told, "an order whose invoice is there already is told")


def _overdue_pages(site: Site) -> None:
    due = {_overdue_application(site) for _each in range(_MANY)}
    told = OVERDUE.done(site, ())
    expect(due <= set(told), f"{len(due - set(told))} of {len(due)} are lost")
    expect(len(told) == len(set(told)), f"{len(told) - len(set(told))} are told twice")


def _nothing_overdue(site: Site) -> None:
    put_order(site)
    told = OVERDUE.done(site, ())
    expect(told == (), f"nothing is due, and {len(told)} are told")
