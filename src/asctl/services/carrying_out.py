"""The steps of a settlement, each as what it does to the books; what must be sent is queued there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from asctl.domain.billing import GoodsTax, fee_line, totals
from asctl.domain.errors import BadInput, Stale
from asctl.domain.given_back import changed_before, given_back
from asctl.domain.invoices import (
    LIVING,
    Buyer,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    InvoiceState,
    Purpose,
    Reason,
    Scope,
)
from asctl.domain.orders import Order, OrderStatus
from asctl.domain.resolutions import Wish
from asctl.domain.reversals import (
    Rest,
    amounts_only,
    balance,
    exchanged,
    rests,
    reverse_all,
)
from asctl.domain.rmas import Rma, RmaLine
from asctl.domain.settlements import Cell, Resolution, Step, reason_of
from asctl.services import books, invoice_tasks
from asctl.services.desk import Desk
from asctl.services.invoicing import Draft, blue_of, check_blue, check_red, enter, red_of, successor_of
from asctl.services.open_cases import given_up_by
from asctl.store import invoices as stored_invoices
from asctl.store.invoices import InvoiceNote
from asctl.store.opening import Transaction
from asctl.text import _


@dataclass(frozen=True, slots=True)
class Matter:
    """What is settled: a case (``rma``), or an order's title. ``goods`` is what is known of the goods that were sent instead, or of
    all goods; ``asked`` what the customer's application at the marketplace says goes back."""

    desk: Desk
    tx: Transaction
    subject: str
    order: Order
    rma: Rma | None
    wish: Wish
    account: str
    goods: GoodsTax | None
    asked: Decimal | None = None

    @property
    def day(self) -> datetime:
        """The day that serials carry: the case's, else the order's."""
        return self.rma.opened_at if self.rma else self.order.paid_at or self.order.created_at

    @property
    def case(self) -> str:
        """The number of the case; empty for a title."""
        return self.rma.rma if self.rma else ""


class CarryingOut:
    """One settlement. ``about`` is the number of the invoice that it is about, empty where there is none."""

    def __init__(self, matter: Matter, row: Resolution, blue: Invoice | None, reds: tuple[Invoice, ...]) -> None:
        self._matter = matter
        self._row = row
        self._blue = blue
        self._reds = reds
        self._red: Invoice | None = None
        self._touched: list[Invoice] = []
        self._steps: Mapping[Step, Callable[[], None]] = {
            Step.NOTHING: lambda: None,
            Step.HOLD: lambda: None,
            Step.CANCEL_APPLICATION: self._cancel,
            Step.BILL_LESS: lambda: self._bill_otherwise(balance(self._left, self.taken())),
            Step.BILL_ANEW: lambda: self._bill_otherwise(self._new_content(self._left)),
            Step.EDIT_TITLE: self._edit_title,
            Step.REVERSE_ALL: lambda: self._reverse(Step.REVERSE_ALL, reverse_all(self._left)),
            Step.REVERSE_GOODS: lambda: self._reverse(Step.REVERSE_GOODS, self.taken()),
            Step.REVERSE_AMOUNT: lambda: self._reverse(Step.REVERSE_AMOUNT, self.taken()),
            Step.REISSUE_REST: lambda: self._reissue(balance(self._left, self.taken())),
            Step.REISSUE_NEW: lambda: self._reissue(self._new_content(self._left)),
            Step.REISSUE_TITLE: lambda: self._reissue(balance(self._left, ())),
            Step.ENDORSE: self._endorse,
            Step.GIVE_BACK: self._give_back,
            Step.BILL_FEE: self._bill_fee,
            Step.BILL_NEW: self._bill_new,
            Step.ASK_FINANCE: self._ask_finance,
        }

    @property
    def about(self) -> str:
        return self._blue.invoice if self._blue else ""

    def out(self, cell: Cell) -> tuple[Invoice, ...]:
        """Carry the steps out; returns the invoices that were touched: the one it is about first."""
        for step in cell:
            self._steps[step]()
        if self._row is Resolution.TITLE_CHANGE and self._blue is not None and Step.HOLD not in cell:
            invoice_tasks.retitled(self._matter.tx, self._blue, self._matter.desk.clock.now())
        standing = () if self._blue is None or self._blue in self._touched else (self._blue,)
        return (*standing, *self._touched)

    @cached_property
    def _left(self) -> tuple[Rest, ...]:
        return rests(self._standing, self._reds)

    @property
    def _standing(self) -> Invoice:
        assert self._blue is not None, "a cell without an invoice has no such step"
        return self._blue

    def taken(self) -> tuple[InvoiceLine, ...]:
        """What of the invoice does not stand any more, as red lines. Raises as :func:`given_back`."""
        return given_back(self._row, self._left, self._matter.rma, self._matter.wish)

    def changed_before(self) -> bool:
        """Whether an earlier case changed what the goods of this one are billed with."""
        rma = self._matter.rma
        return rma is not None and changed_before(self._left, rma, self._matter.order)

    def _new_content(self, left: tuple[Rest, ...]) -> tuple[InvoiceLine, ...]:
        line = self._exchanged_line()
        rest = next((each for each in left if each.line.line_id == line.line_id and each.gross > 0), None)
        return exchanged(
            left, line.line_id, self._new_goods(rest), self._matter.wish.difference, Decimal(line.quantity)
        )

    def _new_goods(self, rest: Rest | None) -> GoodsTax:
        """What is billed instead: other goods by their SKU, else the same goods, under another name where one is told."""
        wish, known = self._matter.wish, self._matter.goods
        if known is not None and wish.sku:
            return replace(known, sku=wish.sku, name=wish.goods or known.name or wish.sku)
        if rest is None:
            return GoodsTax("", "", Decimal(0))  # exchanged() says that the line is not billed
        old = rest.line
        return GoodsTax(old.sku, old.code, old.rate, wish.goods or old.name, old.unit, "" if wish.goods else old.spec)

    def _exchanged_line(self) -> RmaLine:
        rma = self._matter.rma
        assert rma is not None
        if len(rma.lines) == 1:
            return rma.lines[0]
        raise self._which_line(_("{rma} exchanges {count} lines").format(rma=rma.rma, count=len(rma.lines)))

    def _which_line(self, why: str) -> BadInput:
        return BadInput(
            _("{why}, and nobody can tell which of them has another price or name").format(why=why),
            code="which_line",
            hint=_("open a case for each line (--line SKU=QTY); what was exchanged before, finance mends"),
        )

    def _cancel(self) -> None:
        self._change(state=InvoiceState.CANCELLED, message=_("settled: {subject}").format(subject=self._matter.subject))

    def _bill_otherwise(self, lines: tuple[InvoiceLine, ...]) -> None:
        if not lines:
            self._cancel()
            return
        net, tax, gross = totals(lines)
        self._edit(lines=lines, net=net, tax=tax, gross=gross)

    def _edit_title(self) -> None:
        self._edit(buyer=self._new_buyer())

    def _edit(self, **news: Any) -> None:
        """Change what is not issued. One that failed has used its number up: another one comes in its place."""
        blue, matter = self._standing, self._matter
        check_blue(matter.desk, replace(blue, **news))
        if blue.state is not InvoiceState.FAILED:
            self._change(**news)
            return
        self._cancel()
        self._touched.append(enter(matter.tx, successor_of(blue, matter.desk.clock.now(), **news)))

    def _change(self, **news: object) -> None:
        changed = books.change(self._matter.tx, self._standing, self._matter.desk.clock.now(), **news)
        if changed is None:
            raise Stale(
                _("{invoice} has just moved on").format(invoice=self._standing.invoice),
                code="invoice_moved_on",
                hint=_("run the same command again"),
            )
        self._blue = changed
        self._touched.append(changed)

    def _reverse(self, step: Step, lines: tuple[InvoiceLine, ...]) -> None:
        """Queue the red invoice. What is left of an invoice that was reversed in part goes line by line."""
        matter, blue = self._matter, self._standing
        untouched = not any(red.state in LIVING for red in self._reds)
        scope = Scope.FULL if step is Step.REVERSE_ALL and untouched else Scope.PARTIAL
        shipped = matter.order.status is not OrderStatus.TO_SHIP
        reason = reason_of(self._row, step, shipped)
        if scope is Scope.PARTIAL and reason is Reason.ALLOWANCE:
            lines = amounts_only(lines)
        occasion = f"{matter.order.shop} {matter.order.order_id} {matter.subject} {step.value}"
        red = replace(red_of(matter.desk, blue, lines, scope, reason, occasion, 1), rma=matter.case)
        check_red(matter.desk, red, blue, self._reds)
        self._red = enter(matter.tx, red)
        self._touched.append(self._red)

    def _reissue(self, lines: tuple[InvoiceLine, ...]) -> None:
        """Have a blue invoice wait for the red one; none where nothing stays."""
        if lines and self._red is not None:
            self._bill(lines, "reissue", self._standing.kind, after=self._red.invoice, replaces=self._standing.invoice)

    def _bill_new(self) -> None:
        """The invoice is gone: bill what stands of the sale, which is what no case gave back."""
        stands = rests(self._standing, [red for red in self._reds if red.rma])
        gone = self._matter.order.status is OrderStatus.CLOSED or given_up_by(self._matter.tx, self._standing)
        if gone or not any(rest.gross for rest in stands):
            self._ask_finance()
            return
        plain = self._row in (Resolution.EXCHANGE_SAME, Resolution.TITLE_CHANGE)
        lines = balance(stands, ()) if plain else self._new_content(stands)
        self._bill(lines, "anew", self._standing.kind, replaces=self._standing.invoice)

    def _bill_fee(self) -> None:
        """The fee of a repair, on an invoice of its own."""
        matter, fee = self._matter, self._matter.wish.fee
        assert fee is not None, "a repair without a fee has no such step"
        if known := self._fee_invoice():
            self._touched.append(known)
            return
        if matter.goods is None:
            raise BadInput(
                _("nobody says under which tax category a repair is billed"),
                code="goods_unknown",
                hint=_("name it, as --sku REPAIR, after: asctl goods set REPAIR --code 19-DIGITS --rate 0.13"),
            )
        name = matter.wish.goods or matter.goods.name or _("维修费")
        kind = self._blue.kind if self._blue else InvoiceKind.DIGITAL_ORDINARY
        self._bill((fee_line(name, matter.goods, fee),), "fee", kind, purpose=Purpose.FEE)

    def _fee_invoice(self) -> Invoice | None:
        """The invoice over the fee that an earlier decision about the case made."""
        of_order = stored_invoices.invoices_of_order(
            self._matter.tx, self._matter.order.shop, self._matter.order.order_id
        )
        fees = [each for each in of_order if each.purpose is Purpose.FEE and each.rma == self._matter.case]
        return next((each for each in fees if each.state in LIVING), None)

    def _bill(
        self,
        lines: tuple[InvoiceLine, ...],
        why: str,
        kind: InvoiceKind,
        purpose: Purpose = Purpose.SALE,
        after: str = "",
        replaces: str = "",
    ) -> None:
        matter = self._matter
        draft = Draft(
            order=matter.order,
            account=self._blue.account if self._blue else matter.account,
            kind=kind,
            buyer=self._new_buyer(),
            lines=lines,
            occasion=f"{matter.order.shop} {matter.order.order_id} {matter.subject} {why}",
            day=matter.day,
            requested_at=self._blue.requested_at if self._blue and purpose is Purpose.SALE else matter.desk.clock.now(),
            purpose=purpose,
            rma=matter.case,
            replaces=replaces,
            after=after,
            application=self._blue.application if self._blue and purpose is Purpose.SALE else "",
        )
        blue = blue_of(matter.desk, draft)
        check_blue(matter.desk, blue)
        self._touched.append(enter(matter.tx, blue))

    def _new_buyer(self) -> Buyer:
        if self._matter.wish.buyer is not None:
            return self._matter.wish.buyer
        if self._blue is not None:
            return self._blue.buyer
        raise BadInput(
            _("nobody says whom the invoice shall be made out to"),
            code="title_missing",
            hint=_("add --title NAME, and --tax-id ID for a company"),
        )

    def _endorse(self) -> None:
        wish, matter = self._matter.wish, self._matter
        said = " ".join(part for part in (self._row.value, wish.sku, wish.goods) if part)
        note = InvoiceNote(self.about, matter.case, "endorsed", said, matter.desk.clock.now(), matter.desk.staff_no)
        stored_invoices.add_note(matter.tx, note)

    def _give_back(self) -> None:
        matter = self._matter
        invoice_tasks.give_back(matter.tx, self._standing, matter.case, matter.desk.clock.now())

    def _ask_finance(self) -> None:
        matter = self._matter
        why = _("{subject}: the table leaves invoice {invoice} to finance ({row})").format(
            subject=matter.case or matter.order.order_id, invoice=self.about, row=self._row.value
        )
        invoice_tasks.ask_finance(matter.tx, self._standing, why, matter.desk.clock.now(), matter.subject)
