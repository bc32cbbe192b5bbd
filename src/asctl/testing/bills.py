"""Invoices for the kit: what is billed to whom, and how rules look at what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from asctl.api.bureau import SandboxInvoice
from asctl.capabilities.invoices import InvoiceFinding, InvoiceLimits, InvoiceRequest, InvoiceTold
from asctl.capabilities.specs import ProviderSpec
from asctl.domain.errors import Unclear
from asctl.domain.invoices import Buyer, Colour, InvoiceKind, InvoiceLine, LineNature, Seller, TitleType
from asctl.testing.discretion import clean
from asctl.testing.exercises import Exercise
from asctl.testing.recordings import RecordedApp
from asctl.testing.rules import Missing, Rule, Tier, declared_limits, expect
from asctl.testing.site import CUSTOMER, EMAIL, Site
from asctl.testing.submissions import rule

SERIAL, OTHER_SERIAL, RED_SERIAL, OTHER_RED_SERIAL = (
    "B261120KITKIT2301",
    "B261120KITKIT2401",
    "R261120KITKIT2301",
    "R261120KITKIT2401",
)
ISSUED_AFTER = timedelta(minutes=2)
"""By then the tax bureau of the sandbox has issued, sealed or turned down whatever was submitted."""
PERSON = Buyer(CUSTOMER.name, email=EMAIL, mobile=CUSTOMER.phone)
COMPANY = Buyer("若溪示例贸易有限公司", TitleType.COMPANY, "91990000MA0K1T000W", email=EMAIL, mobile=CUSTOMER.phone)
_GOODS, _FREIGHT = "1090511030000000000", "3010502020200000000"
_THIRTEEN, _NINE = Decimal("0.13"), Decimal("0.09")


def _yuan(*amounts: str) -> tuple[Decimal, Decimal, Decimal]:
    net, tax, gross = map(Decimal, amounts)
    return net, tax, gross


LINES = (
    InvoiceLine(
        "陶瓷马克杯", _GOODS, _THIRTEEN, *_yuan("200.00", "26.00", "226.00"), Decimal(2), Decimal("113"), unit="个", sku="MUG-2"
    ),
    InvoiceLine(
        "棉麻桌布", _GOODS, _THIRTEEN, *_yuan("100.00", "13.00", "113.00"), Decimal(1), Decimal("113"),
        nature=LineNature.DISCOUNTED,
    ),
    InvoiceLine("棉麻桌布", _GOODS, _THIRTEEN, *_yuan("-10.00", "-1.30", "-11.30"), nature=LineNature.DISCOUNT),
    InvoiceLine("运费", _FREIGHT, _NINE, *_yuan("10.00", "0.90", "10.90"), Decimal(1), Decimal("10.9")),
)  # fmt: skip
"""Goods, goods with a discount in a row of its own, freight at another rate."""


def seller_of(site: Site) -> Seller:
    """As whom the account issues; from what the sandbox app writes for it. Raises :class:`Missing` where it lacks something."""
    told = {name: str(site.account.get(name) or "") for name in ("tax_no", "seller_name", "drawer")}
    lacking = [name for name, value in told.items() if not value]
    if lacking and not isinstance(site.app, RecordedApp):
        raise Missing(f"nobody can issue without {', '.join(lacking)}: write it into the account of the sandbox app")
    return Seller(told["tax_no"], told["seller_name"], told["drawer"])


def limits_of(spec: ProviderSpec) -> InvoiceLimits:
    """What the issuer declares that it takes."""
    return declared_limits(spec, "InvoiceIssuer", InvoiceLimits)


def bill(
    site: Site,
    serial: str = SERIAL,
    lines: tuple[InvoiceLine, ...] = LINES,
    kind: InvoiceKind = InvoiceKind.DIGITAL_ORDINARY,
    remark: str = "订单 4012345678901234567",
) -> InvoiceRequest:
    """A blue invoice: a special one for a company, any other for the kit's customer."""
    return InvoiceRequest(
        serial=serial,
        seller=seller_of(site),
        kind=kind,
        buyer=COMPANY if kind.special else PERSON,
        lines=lines,
        net=sum((line.net for line in lines), Decimal(0)),
        tax=sum((line.tax for line in lines), Decimal(0)),
        gross=sum((line.gross for line in lines), Decimal(0)),
        order_id="4012345678901234567",
        ordered_at=site.clock.now() - timedelta(days=3),
        remark=remark,
    )


def issue(site: Site, request: InvoiceRequest) -> InvoiceRequest:
    """Have it submitted by the provider; the same request, with the provider's number. Raises :class:`Missing` where nobody can
    take it."""
    if site.spec.capability("InvoiceIssuer") is None:
        raise Missing("needs an invoice, and the spec does not declare InvoiceIssuer")
    outcome = site.call("issue_invoice", request)
    expect(outcome.error is None, f"issue_invoice should have succeeded, but there was {outcome.seen}")
    return replace(request, reference=outcome.result.reference)


def issued(site: Site, request: InvoiceRequest) -> InvoiceTold:
    """What the provider tells of an invoice that was submitted, after the time that it takes to be issued."""
    issue(site, request)
    site.pass_time(ISSUED_AFTER)
    told = look(site, "InvoiceIssuer", "issue_invoice", request).invoice
    expect(told is not None and bool(told.number), f"an invoice is issued, and no number is told of it: {told}")
    assert told is not None
    return told


def look(site: Site, capability: str, method: str, request: Any) -> InvoiceFinding:
    """What the contract's ``find`` says, asked in another process."""
    find = site.contract(capability, method).find
    if not find:
        raise Missing(f"the contract of {method} names no find: nobody can tell what became of it")
    outcome = site.call(find, request, provider=site.another_process())
    expect(outcome.error is None, f"{find} should have answered, but there was {outcome.seen}")
    found = outcome.result
    expect(isinstance(found, InvoiceFinding), f"{find} should return an InvoiceFinding, and returns {outcome.seen}")
    assert isinstance(found, InvoiceFinding)
    return found


def made_in(site: Site, serial: str) -> SandboxInvoice:
    """The blue invoice in the world's tax bureau. Raises :class:`Missing` where the sandbox app keeps it elsewhere."""
    for made in site.world.bureau.invoices:
        if made.serial == serial and made.colour is Colour.BLUE:
            return made
    raise Missing(
        f"world.bureau holds no invoice with the key that the kit gave, {serial}: the request carried another key or none, or the "
        "sandbox app does not submit it there"
    )


def known_rule(exercise: Exercise) -> Rule:
    """The rule about a serial that the provider knows already: the core looks after it then, whereas after a no it would send the
    same thing under another serial."""
    says = "a serial that is known already is Unclear, or answered as before, and never a no"
    return rule(exercise, "known", Tier.SILVER, says, _known)


def _known(site: Site, exercise: Exercise) -> None:
    arguments = exercise.prepared(site)
    first = exercise.done(site, arguments)
    again = exercise.outcome(site, arguments, provider=site.another_process())
    clean(site, again)
    if again.error is None:
        expect(again.result.reference == first.reference, f"the repeat is told as another one: {again.seen}")
    else:
        unclear = isinstance(again.error, Unclear) and again.error.code == "serial_known"
        expect(unclear, f"should be Unclear (serial_known), but there was {again.seen}")


Particular = tuple[str, Tier, str, Callable[[Site], None]]


def particular_rules(exercise: Exercise, *rows: Particular) -> Iterator[Rule]:
    """The rules that are particular to one method: name, tier, what it says, how it is tried."""
    for name, tier, says, check in rows:
        yield rule(exercise, name, tier, says, _without_exercise(check))


def _without_exercise(check: Callable[[Site], None]) -> Callable[[Site, Exercise], None]:
    return lambda site, _exercise: check(site)
