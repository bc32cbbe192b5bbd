"""Settling the invoice of a case: the table decides, the books are changed, and what must be sent is left in the queue
(R21-R23, T11; reference/invoices.md section 11)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from asctl.domain.errors import Refused
from asctl.domain.invoices import LIVING, NOT_YET, Buyer, BuyerUse, Colour, Invoice, InvoiceState
from asctl.domain.orders import Order
from asctl.domain.resolutions import Wish, check_ready, resolution_of
from asctl.domain.reversals import rests
from asctl.domain.rmas import Rma, RmaKind
from asctl.domain.settlements import (
    CHANGES_NO_INVOICE,
    Circumstances,
    Resolution,
    Standing,
    Step,
    decide,
    standing_of,
)
from asctl.services.carrying_out import CarryingOut, Matter
from asctl.services.desk import Desk
from asctl.services.invoice_accounts import invoice_account, known_goods
from asctl.services.invoice_checks import check_free
from asctl.services.invoicing import check_red
from asctl.services.orders import one_order
from asctl.services.refunds import asked_at_marketplace, check_refund
from asctl.services.renewing import renew
from asctl.services.rmas import find_rma
from asctl.services.settlement_words import told_in_one_line
from asctl.store import actions as stored_actions
from asctl.store import audit as stored_audit
from asctl.store import invoices as stored_invoices
from asctl.store import settlements as stored_settlements
from asctl.store.invoice_tables import buyer_of, plain
from asctl.store.opening import Transaction
from asctl.store.settlements import Settlement
from asctl.text import _

PARTIAL_REFUSED = "partial_refused"
"""The fact that the provider reversed no part: the whole is reversed then, and the rest billed anew."""
TITLE = "title"
"""The fact that keeps whom a held invoice shall be made out to."""
_KEPT_ASIDE = (PARTIAL_REFUSED, TITLE)
_UNDECIDED = frozenset({Step.HOLD, Step.ASK_FINANCE})
_REVERSING = frozenset({Step.REVERSE_ALL, Step.REVERSE_GOODS, Step.REVERSE_AMOUNT})


@dataclass(frozen=True, slots=True)
class Settled:
    """What was decided, and the invoices that it touched as they stand: the one it is about first. ``known`` says that it was
    decided before; ``dropped`` are the facts by name that were told then, and are not any more."""

    settlement: Settlement
    invoices: tuple[Invoice, ...]
    known: bool = False
    dropped: Mapping[str, str] = field(default_factory=dict)


def settle_case(desk: Desk, number: str, wish: Wish, rehearse: bool = False) -> Settled:
    """Decide what the resolution of a case means for the invoice of its order, and enter it into the books; once.

    With ``rehearse`` nothing is kept. Raises :class:`NeedsApproval` and :class:`Refused` where the case is not so far, or was
    settled otherwise, :class:`BadInput` where something must be told, and what the checks of an invoice raise.
    """
    rma = find_rma(desk, number)
    order = one_order(desk, rma.order_id, rma.shop)
    wish = _as_before(desk, rma, wish)
    asked = asked_at_marketplace(desk, rma)

    def resolution(left: Decimal | None) -> Resolution:
        found = resolution_of(rma, order, wish, left)
        check_ready(rma, found, rma.received_at is not None, wish)
        return found

    return _settled(desk, rma.rma, order, rma, wish, resolution, rehearse, asked)


def _as_before(desk: Desk, rma: Rma, wish: Wish) -> Wish:
    """Who tells nothing means what was told before: a case that is held, or waits for finance, keeps its facts."""
    if wish.facts():
        return wish
    with desk.store.read() as tx:
        earlier = stored_settlements.get_settlement(tx, rma.rma)
    return replace(Wish.of_facts(earlier.facts), buyer=wish.buyer) if earlier else wish


def change_title(desk: Desk, order: Order, buyer: Buyer, rehearse: bool = False) -> Settled:
    """Issue an order's invoice with other words about its buyer; once, as long as that invoice stands. As :func:`settle_case`."""
    with desk.store.read() as tx:
        standing = stored_invoices.sale_of_order(tx, order.shop, order.order_id)
    told = "\x1f".join(str(value) for value in plain(buyer).values())
    stands_for = hashlib.sha256(told.encode()).hexdigest()[:12]
    subject = f"title {order.shop} {order.order_id} {standing.serial if standing else 'none'} {stands_for}"
    return _settled(desk, subject, order, None, Wish(buyer=buyer), lambda _left: Resolution.TITLE_CHANGE, rehearse)


def settle_again(desk: Desk, settlement: Settlement) -> Settled:
    """Decide anew about what was held. Raises as :func:`settle_case`."""
    if settlement.rma:
        return settle_case(desk, settlement.rma, Wish.of_facts(settlement.facts))
    order = one_order(desk, settlement.order_id, settlement.shop)
    return change_title(desk, order, buyer_of(json.loads(settlement.facts[TITLE])))


def partial_refused(desk: Desk, settlement: Settlement) -> Settled | None:
    """The provider reverses no part: reverse all and bill the rest. ``None`` where that was done before."""
    if PARTIAL_REFUSED in settlement.facts:
        return None
    marked = replace(settlement, facts={**settlement.facts, PARTIAL_REFUSED: "yes"}, held=True)
    with desk.store.write() as tx:
        stored_settlements.save_settlement(tx, marked)
    return settle_again(desk, marked)


def _bills_other_goods(rma: Rma | None, wish: Wish) -> bool:
    """Whether a tax category must be known that the invoice does not tell. A return names by its SKU what comes back."""
    return bool(wish.fee) or (bool(wish.sku) and rma is not None and rma.kind is RmaKind.EXCHANGE)


class _Undo(Exception):
    """Rolls a transaction back."""


def _settled(
    desk: Desk,
    subject: str,
    order: Order,
    rma: Rma | None,
    wish: Wish,
    resolution: Callable[[Decimal | None], Resolution],
    rehearse: bool,
    asked: Decimal | None = None,
) -> Settled:
    account = invoice_account(desk, order.shop)
    goods = known_goods(desk, account, wish.sku, named=bool(wish.goods)) if _bills_other_goods(rma, wish) else None
    found: list[Settled] = []
    try:
        with desk.store.write() as tx:
            stored_actions.take_turn(tx, f"invoice {order.shop} {order.order_id}")
            matter = Matter(desk, tx, subject, order, rma, wish, account.name, goods, asked)
            found.append(_decided(matter, resolution))
            if rehearse:
                raise _Undo
    except _Undo:
        pass
    return found[0]


def _decided(matter: Matter, resolution: Callable[[Decimal | None], Resolution]) -> Settled:
    tx, wish = matter.tx, matter.wish
    earlier = stored_settlements.get_settlement(tx, matter.subject)
    blue = stored_invoices.sale_of_order(tx, matter.order.shop, matter.order.order_id)
    if blue is not None and matter.rma is None and blue.buyer == wish.buyer and blue.state in LIVING:
        return Settled(_nothing_new(matter, blue), (blue,), known=True)
    edited_since = matter.rma is None and blue is not None and blue.state in NOT_YET
    if earlier is not None and not edited_since and _stands(matter, earlier):
        return _known(matter, earlier)
    if blue is not None and wish.used and blue.buyer_use is not BuyerUse.USED:
        blue = stored_invoices.change_invoice(tx, blue, buyer_use=BuyerUse.USED) or blue
    standing = standing_of(blue)
    reds = stored_invoices.reds_of(tx, blue.invoice) if blue else ()
    left = sum((rest.gross for rest in rests(blue, reds)), Decimal(0)) if blue else None
    row = resolution(left if standing is not Standing.NONE else None)
    partial = _tries_partial(matter, standing, earlier)
    cell = decide(row, standing, Circumstances(bool(wish.approved_by), wish.paper, partial))
    if wish.refund == 0 and row in (Resolution.REFUND_PART, Resolution.RETURN_PART):
        cell = (Step.NOTHING,)
    if blue is not None and _REVERSING & set(cell):
        check_free([red for red in reds if not matter.case or red.rma != matter.case])
    carrying = CarryingOut(matter, row, blue if standing is not Standing.NONE else None, reds)
    check_refund(matter, row, carrying, cell)
    touched = carrying.out(cell)
    settlement = _entered(matter, row, standing, cell, carrying.about, earlier)
    before = _told(earlier) if earlier else {}
    dropped = {name: value for name, value in before.items() if name not in settlement.facts}
    return Settled(settlement, touched, dropped=dropped)


def _nothing_new(matter: Matter, blue: Invoice) -> Settlement:
    """The title that is wanted stands already. It is told, and not put on record."""
    now, order, cell = matter.desk.clock.now(), matter.order, (Step.NOTHING,)
    row, standing = Resolution.TITLE_CHANGE, standing_of(blue)
    return Settlement(
        matter.subject, "", order.shop, order.order_id, row, standing, tuple(cell), {}, False, blue.invoice,
        told_in_one_line(row, standing, cell), now, matter.desk.staff_no,
    )  # fmt: skip


def _entered(
    matter: Matter,
    row: Resolution,
    standing: Standing,
    cell: tuple[Step, ...],
    about: str,
    earlier: Settlement | None,
) -> Settlement:
    now, by, order = matter.desk.clock.now(), matter.desk.staff_no, matter.order
    kept = {PARTIAL_REFUSED: "yes"} if earlier and PARTIAL_REFUSED in earlier.facts else {}
    if Step.HOLD in cell and matter.wish.buyer is not None:
        kept[TITLE] = json.dumps(plain(matter.wish.buyer), ensure_ascii=False)
    settlement = Settlement(
        subject=matter.subject,
        rma=matter.rma.rma if matter.rma else "",
        shop=order.shop,
        order_id=order.order_id,
        resolution=row,
        standing=standing,
        steps=tuple(step.value for step in cell),
        facts={**matter.wish.facts(), **kept},
        held=Step.HOLD in cell,
        invoice=about,
        why=told_in_one_line(row, standing, cell),
        decided_at=now,
        decided_by=by,
    )
    stored_settlements.save_settlement(matter.tx, settlement)
    told = {"resolution": row.value, "standing": standing.value, "steps": " ".join(settlement.steps)}
    stored_audit.write_audit(matter.tx, now, by, "invoice settle", matter.subject, told)
    return settlement


def _touched(tx: Transaction, settlement: Settlement) -> tuple[Invoice, ...]:
    """The invoices that came of a decision, and the one it was about."""
    order = stored_invoices.invoices_of_order(tx, settlement.shop, settlement.order_id)
    if settlement.rma:
        made = [each for each in order if each.rma == settlement.rma]
    else:
        made = [each for each in order if settlement.invoice in (each.blue, each.replaces) and settlement.invoice]
    about = [each for each in order if each.invoice == settlement.invoice and each not in made]
    return (*about, *made)


def _known(matter: Matter, earlier: Settlement) -> Settled:
    """What was decided before. A reversal of it that came to nothing, and that nobody is at, is asked for anew."""
    touched = _touched(matter.tx, earlier)
    reds = [each for each in touched if each.colour is Colour.RED and each.state is not InvoiceState.CANCELLED]
    if not reds or any(red.state is not InvoiceState.FAILED for red in reds):
        return Settled(earlier, touched, known=True)
    blue = stored_invoices.get_invoice(matter.tx, reds[-1].blue)
    assert blue is not None
    others = [each for each in stored_invoices.reds_of(matter.tx, blue.invoice) if each.invoice != reds[-1].invoice]
    check_free(others)
    check_red(matter.desk, replace(reds[-1], state=InvoiceState.QUEUED), blue, others)
    anew = renew(matter.tx, reds[-1], matter.desk.clock.now())
    return Settled(earlier, tuple(anew if each is reds[-1] else each for each in touched if each not in reds[:-1]))


def _tries_partial(matter: Matter, standing: Standing, earlier: Settlement | None) -> bool:
    policy = matter.desk.settings.invoice_policy()
    unused = standing in (Standing.ORDINARY, Standing.SPECIAL)
    refused = earlier is not None and PARTIAL_REFUSED in earlier.facts
    return unused and policy.partial_when_unused == "try_partial" and not refused


def _told(settlement: Settlement) -> Mapping[str, str]:
    """The facts of a decision that the operator told."""
    return {name: value for name, value in settlement.facts.items() if name not in _KEPT_ASIDE}


def _stands(matter: Matter, earlier: Settlement) -> bool:
    """Whether a decision stands: not one that was left open, nor one that changed no invoice and was made with other facts. Raises
    :class:`Refused` for other facts once it is too late."""
    if earlier.held or _UNDECIDED & set(earlier.cell):
        return False
    told = _told(earlier)
    if dict(matter.wish.facts()) == told:
        return True
    if set(earlier.cell) <= CHANGES_NO_INVOICE:
        return False
    raise Refused(
        _("{subject} was settled on {date} as {resolution}, with other facts ({told})").format(
            told=", ".join(f"{name}={value}" for name, value in told.items()) or _("none"),
            subject=matter.rma.rma if matter.rma else matter.order.order_id,
            date=f"{earlier.decided_at:%Y-%m-%d}",
            resolution=earlier.resolution.value,
        ),
        code="settled_otherwise",
        hint=_("see what came of it: asctl invoice show {order}; what is wrong in it, finance mends").format(
            order=matter.order.order_id
        ),
    )
