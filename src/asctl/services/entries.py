"""What people enter about parcels: checked, put under watch or corrected, tied to the RMA whose goods are inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from asctl.domain.errors import BadInput
from asctl.domain.parcels import Direction, Parcel
from asctl.domain.remarks import one_line
from asctl.domain.rmas import Rma
from asctl.services.desk import Desk
from asctl.services.orders import one_order
from asctl.services.parcels import courier_of, show_parcel
from asctl.services.rmas import check_goods_back, find_rma, tie_parcel
from asctl.services.tasks import drop_tasks
from asctl.store import audit as stored_audit
from asctl.store import parcels as stored_parcels
from asctl.store import rmas as stored_rmas
from asctl.store.opening import Transaction
from asctl.store.parcels import ParcelEntry
from asctl.text import _


def checked_entry(desk: Desk, entry: ParcelEntry) -> ParcelEntry:
    """An entry with its courier, its order's shop and, for a parcel with an RMA, its way filled in.

    Raises :class:`BadInput` (courier, account, order of two shops), :class:`NotFound` (order, RMA) or :class:`Refused`
    where no goods come back for the RMA.
    """
    entry = replace(entry, courier=courier_of(desk.host, entry.waybill, entry.courier))
    if entry.account:
        desk.accounts.named(entry.account)
    if entry.order_id:
        entry = replace(entry, shop=one_order(desk, entry.order_id, entry.shop).shop)
    if not entry.rma:
        return entry
    rma = find_rma(desk, entry.rma)
    entry = replace(entry, rma=rma.rma, direction=entry.direction or Direction.RETURN)
    if entry.direction is Direction.RETURN:
        check_goods_back(rma)
    if entry.order_id and (entry.order_id, entry.shop) != (rma.order_id, rma.shop):
        raise _of_another_order(entry, rma)
    return entry


def forget_parcel(desk: Desk, waybill: str, courier: str, why: str) -> tuple[Parcel, bool]:
    """Take a parcel from the watch and drop its open tasks; what is known of it stays. Adding it again watches it again.

    Returns it and whether it was watched. Raises :class:`NotFound`, and :class:`BadInput` where two couriers have it.
    """
    found = [parcel for parcel, _events in show_parcel(desk, waybill, courier)]
    if len(found) > 1:
        raise BadInput(
            _("{waybill} is watched at several couriers: {couriers}").format(
                waybill=waybill, couriers=", ".join(parcel.courier for parcel in found)
            ),
            code="ambiguous_parcel",
            hint=_("say which one, as: --courier {courier}").format(courier=found[0].courier),
        )
    parcel, now, staff = found[0], desk.clock.now(), desk.staff_no
    with desk.store.write() as tx:
        closed = stored_parcels.close_parcel(tx, parcel.key)
        if closed:
            drop_tasks(tx, parcel, staff, now, one_line(why))
            detail = {"courier": parcel.courier, "why": one_line(why)}
            stored_audit.write_audit(tx, now, staff, "parcel forget", parcel.waybill, detail)
    return replace(parcel, open=False), closed


def enter_parcels(desk: Desk, entries: Sequence[ParcelEntry]) -> list[tuple[Parcel, bool]]:
    """Put parcels under watch, in one transaction; returns each as stored and whether it is new.

    What is given for a parcel that is watched already corrects it (a wrong phone tail, say), opens it again and makes it
    due at once. A return parcel's RMA learns its waybill. Raises :class:`BadConfiguration` where an RMA is given and
    nobody says who we are.
    """
    staff = desk.staff_no if any(entry.rma for entry in entries) else ""
    with desk.store.write() as tx:
        return put_entries(tx, desk, entries, staff)


def put_entries(tx: Transaction, desk: Desk, entries: Sequence[ParcelEntry], staff: str) -> list[tuple[Parcel, bool]]:
    """As :func:`enter_parcels`, in a transaction that is open already."""
    cases = {entry.rma: stored_rmas.get_rma(tx, entry.rma) for entry in entries if entry.rma}
    added = stored_parcels.add_parcels(tx, [_parcel(desk, entry, cases.get(entry.rma)) for entry in entries])
    stored_parcels.correct_parcels(tx, [entry for entry in entries if entry.key not in added])
    for entry in entries:
        if (rma := cases.get(entry.rma)) and entry.direction is Direction.RETURN:
            tie_parcel(tx, rma, entry.key, staff, desk.clock.now())
    stored = stored_parcels.get_parcels(tx, [entry.key for entry in entries])
    return [(stored[entry.key], entry.key in added) for entry in entries]


def _parcel(desk: Desk, entry: ParcelEntry, rma: Rma | None) -> Parcel:
    """The parcel as it is put under watch; its RMA tells its order and its shop the phone, where nobody else did."""
    shop, direction = entry.shop or (rma.shop if rma else ""), entry.direction or Direction.OUTBOUND
    return Parcel(
        courier=entry.courier,
        waybill=entry.waybill,
        added_at=desk.clock.now(),
        direction=direction,
        account=entry.account,
        shop=shop,
        order_id=entry.order_id or (rma.order_id if rma else ""),
        rma=entry.rma,
        phone_tail=entry.phone_tail or _our_tail(desk, shop, direction),
    )


def _our_tail(desk: Desk, shop: str, direction: Direction) -> str:
    """The shop's own phone opens tracking: it sent the parcel, or it is the one who gets it."""
    if not shop:
        return ""
    return desk.settings.phone_tail(
        desk.accounts.named(shop), "return_phone" if direction is Direction.RETURN else "sender_phone"
    )


def _of_another_order(entry: ParcelEntry, rma: Rma) -> BadInput:
    return BadInput(
        _("{rma} is a case on order {order} of {shop}, not on {given}").format(
            rma=rma.rma, order=rma.order_id, shop=rma.shop, given=entry.order_id
        ),
        code="rma_of_other_order",
        hint=_("leave the order out: it follows from the RMA"),
    )
