"""A bureau with a clock in the hand, and the sample invoice of reference/invoices.md section 14: 203.40 with tax."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from asctl.api.bureau import SandboxForm, SandboxInvoice
from asctl.domain.invoices import Buyer, InvoiceKind, InvoiceLine, LineNature, Reason, Scope, TitleType
from asctl.domain.times import CHINA
from asctl.sandbox.world import World

NOW = datetime(2026, 1, 1, 10, 0, tzinfo=CHINA)
PLUGIN, SELLER = "nuonuo", "91990000MA0DEM0011"
ORDINARY = InvoiceKind.DIGITAL_ORDINARY
COMPANY = Buyer("演示购方有限公司", TitleType.COMPANY, "91990000MA0BUYER1T", email="buyer@example.invalid")
PERSON = Buyer("苏小满")
KETTLES = InvoiceLine(
    name="演示水壶", code="1090511030000000000", rate=Decimal("0.13"),
    net=Decimal("200.00"), tax=Decimal("26.00"), gross=Decimal("226.00"),
    quantity=Decimal(2), price=Decimal("113"), unit="件", nature=LineNature.DISCOUNTED,
)  # fmt: skip
DISCOUNT = replace(
    KETTLES, net=Decimal("-20.00"), tax=Decimal("-2.60"), gross=Decimal("-22.60"),
    quantity=None, price=None, unit="", nature=LineNature.DISCOUNT,
)  # fmt: skip
SAMPLE = (KETTLES, DISCOUNT)
ONE_KETTLE_BACK = replace(
    KETTLES, net=Decimal("-90.00"), tax=Decimal("-11.70"), gross=Decimal("-101.70"),
    quantity=Decimal(-1), price=Decimal("101.70"), nature=LineNature.NORMAL, blue_line=1,
)  # fmt: skip


class Books:
    """A world that moves only by hand, and its bureau."""

    def __init__(self) -> None:
        self.world = World(lambda: NOW)
        self.bureau = self.world.bureau

    def wait(self, **step: float) -> None:
        """Move the clock."""
        self.world.advance(timedelta(**step))

    def submit(self, serial: str = "B26010100000001", lines: tuple[InvoiceLine, ...] = SAMPLE) -> SandboxInvoice:
        """Hand in a blue invoice of the company."""
        return self.bureau.submit(PLUGIN, SELLER, serial, ORDINARY, COMPANY, lines, "4000000000000000101")

    def issued(self, *, used: bool = False, lines: tuple[InvoiceLine, ...] = SAMPLE) -> SandboxInvoice:
        """A blue invoice that is issued by now."""
        invoice = self.submit(lines=lines)
        self.wait(seconds=3)
        assert self.bureau.phase(invoice) == "issued"
        invoice.used = used
        return invoice

    def reverse(
        self,
        blue: SandboxInvoice,
        *lines: InvoiceLine,
        reason: Reason = Reason.RETURN,
        serial: str = "R26010100000001",
    ) -> SandboxForm:
        """Apply for a red invoice: of everything where no lines are named."""
        scope = Scope.PARTIAL if lines else Scope.FULL
        return self.bureau.apply_reversal(PLUGIN, SELLER, serial, blue.number, scope, reason, lines)

    def told(self, form: SandboxForm) -> tuple[str, str]:
        """What the bureau says of a form two seconds later."""
        self.wait(seconds=2)
        return self.bureau.form_code(form), form.complaint
