"""Red-letter forms of the world: worked on for a second, confirmed by the buyer where he uses the invoice, void after 72 hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from asctl.api.bureau import SandboxForm, SandboxInvoice
from asctl.domain.invoices import FORM_EXPIRED, Colour, InvoiceLine, Reason, Scope
from asctl.domain.times import CHINA
from asctl.sandbox.bureau_checks import total
from asctl.sandbox.invoicing import FAILED, Invoices
from asctl.sandbox.reversal_checks import excess, objection, reversed_whole, whole

WORKED_ON_FOR, CONFIRMED_WITHIN = timedelta(seconds=1), timedelta(hours=72)
"""From the application, on the sandbox's clock (reference/invoices.md section 13)."""
NOT_NEEDED, WAITS_FOR_BUYER, WAITS_FOR_SELLER, CONFIRMED = "01", "02", "03", "04"
REFUSED_BY_BUYER, APPLYING, APPLY_FAILED = "05", "15", "16"
"""State codes (section 2.2)."""
_AGREED = frozenset({NOT_NEEDED, CONFIRMED})
_STANDING = _AGREED | {APPLYING, WAITS_FOR_BUYER, WAITS_FOR_SELLER}


class Reversals:
    """The forms of one world, in the order of their coming. Whoever calls holds the world's lock."""

    def __init__(self, invoices: Invoices, now: Callable[[], datetime]) -> None:
        self.all: list[SandboxForm] = []
        self.strict_full_when_unused = True
        self._invoices = invoices
        self._now = now
        self._verdicts: dict[str, str] = {}
        self._numbers = count(1)

    def apply(
        self,
        plugin: str,
        seller: str,
        serial: str,
        blue_number: str,
        scope: Scope,
        reason: Reason,
        lines: tuple[InvoiceLine, ...],
    ) -> SandboxForm:
        """Take an application in. It is judged as things stand now; the verdict is told when it was worked on."""
        blue = self._invoices.issued(blue_number)
        asked = reversed_whole(blue.lines) if blue and scope is Scope.FULL else lines
        form = SandboxForm(
            plugin, seller, serial, self._invoices.new_reference(), "", "", blue_number, scope, reason, lines,
            net=total(line.net for line in asked), tax=total(line.tax for line in asked),
            begun_at=self._now(), needs_buyer=blue is not None and blue.used,
        )  # fmt: skip
        before = self.taken_from(blue) if blue else []
        self._verdicts[form.reference] = objection(form, blue, before, self.strict_full_when_unused)
        self.all.append(form)
        return form

    def code(self, form: SandboxForm) -> str:
        """Its state code by now."""
        now = self._now()
        if form.void:
            return form.void
        if now < form.begun_at + WORKED_ON_FOR:
            return APPLYING
        self._tell_verdict(form)
        if form.complaint:
            return APPLY_FAILED
        if not form.needs_buyer:
            return NOT_NEEDED
        if form.confirmed_at is not None:
            return CONFIRMED
        if now >= form.begun_at + CONFIRMED_WITHIN:
            return FORM_EXPIRED
        return WAITS_FOR_SELLER if form.by_buyer else WAITS_FOR_BUYER

    def red_of(self, form: SandboxForm) -> SandboxInvoice | None:
        """The red invoice, begun when the form needed nobody, or the buyer agreed."""
        if form.red is None and self.code(form) in _AGREED:
            blue = self._invoices.issued(form.blue_number)
            assert blue is not None
            form.red = self._invoices.add(self._red(form, blue))
        return form.red

    def begin_reds(self) -> None:
        """Have the red invoice of every form that is agreed on by now among the others."""
        for form in self.all:
            self.red_of(form)

    def taken_from(self, blue: SandboxInvoice) -> list[InvoiceLine]:
        """The red lines of every form about it that stands: issued or under way."""
        forms = [form for form in self.all if form.blue_number == blue.number and self._stands(form)]
        return [line for form in forms for line in _lines(form, blue)]

    def leave_room_for(self, red: SandboxInvoice) -> bool:
        """Whether a red invoice that failed can still come, beside the forms that were applied for since."""
        blue = self._invoices.issued(red.blue_number)
        assert blue is not None
        return not excess(whole(blue.lines), (*self.taken_from(blue), *red.lines))

    def waiting(self, blue_number: str) -> SandboxForm | None:
        """The form about an invoice that waits for its buyer, the oldest first."""
        forms = (form for form in self.all if form.blue_number == blue_number)
        return next((form for form in forms if self.code(form) == WAITS_FOR_BUYER), None)

    def confirm(self, form: SandboxForm) -> None:
        """The buyer agrees."""
        form.confirmed_at = self._now()

    def refuse(self, form: SandboxForm) -> None:
        """The buyer does not agree."""
        form.void = REFUSED_BY_BUYER

    def _stands(self, form: SandboxForm) -> bool:
        failed = form.red is not None and self._invoices.phase(form.red) == FAILED
        return not failed and self.code(form) in _STANDING and not self._verdicts.get(form.reference)

    def _tell_verdict(self, form: SandboxForm) -> None:
        """What was found, or the numbers that the bureau gave; once."""
        verdict = self._verdicts.pop(form.reference, None)
        if verdict is None:
            return
        form.complaint = verdict
        if not verdict:
            running, day = next(self._numbers), form.begun_at.astimezone(CHINA)
            form.number, form.uuid = f"9999{day:%y%m%d}{running:010d}", f"demo{running:028d}"

    def _red(self, form: SandboxForm, blue: SandboxInvoice) -> SandboxInvoice:
        lines = _lines(form, blue)
        return SandboxInvoice(
            form.plugin, form.seller, form.serial, self._invoices.new_reference(), "",
            Colour.RED, blue.kind, blue.buyer, lines, form.net, form.tax, form.net + form.tax,
            begun_at=form.confirmed_at or form.begun_at + WORKED_ON_FOR,
            order_id=blue.order_id,
            remark=f"被红冲蓝字数电发票号码：{blue.number} 红字发票信息确认单编号：{form.number}",
            blue_number=blue.number,
            form_number=form.number,
        )  # fmt: skip


def _lines(form: SandboxForm, blue: SandboxInvoice) -> tuple[InvoiceLine, ...]:
    return form.lines if form.scope is Scope.PARTIAL else reversed_whole(blue.lines)
