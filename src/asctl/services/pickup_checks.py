"""What stands in the way of a pickup: another one for the same goods, or goods that are on their way already. Looked at when
it is planned, in the transaction that plans it, and again just before it leaves."""

from __future__ import annotations

from datetime import datetime

from asctl.domain.actions import Action, Wanted
from asctl.domain.errors import AsctlError, NotFound, Refused
from asctl.domain.rmas import Rma
from asctl.services.desk import Desk
from asctl.services.rmas import check_may_send
from asctl.store import pickups as stored_pickups
from asctl.store import rmas as stored_rmas
from asctl.store.opening import Transaction
from asctl.text import _


def in_the_way(tx: Transaction, wanted: Wanted) -> AsctlError | None:
    """Why nobody is to be sent for these goods: another pickup of one of the cases, through whichever account, or a parcel that
    brings them. Nobody else can plan one of them until the transaction ends."""
    numbers = stored_pickups.cases_in(wanted.payload)
    stored_pickups.take_turns(tx, numbers)
    pickups = stored_pickups.pickups_of_cases(tx, numbers)
    others = (each for each in pickups if each.intent != wanted.intent)
    standing = next((each for each in others if each.effect not in ("ineffective", "cancelled")), None)
    if standing is not None:
        shared = next(number for number in numbers if number in stored_pickups.cases_in(standing.payload))
        return ordered_already(standing, shared)
    own = {each.waybill for each in pickups}
    for rma in stored_rmas.get_rmas(tx, numbers).values():
        if rma.waybill and rma.waybill not in own:
            return _on_its_way(rma)
    return None


def check_again(desk: Desk, action: Action) -> None:
    """A pickup that was planned must still make sense when it leaves. Raises what :func:`check_may_send` raises for each of its
    cases, and :class:`Refused` where its goods have left by other means, or its hours are over."""
    numbers = stored_pickups.cases_in(action.payload)
    with desk.store.read() as tx:
        cases = stored_rmas.get_rmas(tx, numbers)
    now = desk.clock.now()
    for number in numbers:
        if number not in cases:
            raise NotFound(_("there is no RMA {number}").format(number=number), code="unknown_rma")
        rma = cases[number]
        check_may_send(rma, now)
        if rma.waybill and (rma.courier, rma.waybill) != (action.courier, action.waybill):
            raise _on_its_way(rma)
    _check_hours(action, now)


def ordered_already(standing: Action, number: str) -> Refused:
    """Somebody is to come, or was there, for the goods of this case."""
    if standing.effect == "effective":
        told = _("the goods of {rma} were fetched already, through {account} ({action})")
        hint = _("see: asctl pickup list --rma {rma}")
    elif standing.effect == "accepted":
        told = _("{account} was asked already to fetch the goods of {rma} ({action})")
        hint = _("to have another come, take it back first: asctl pickup cancel {rma}")
    else:
        told = _("whether {account} was asked to fetch the goods of {rma} is not settled yet ({action})")
        hint = _("settle that first: asctl action reconcile; asctl action show {action}")
    fields = {"rma": number, "account": standing.account, "action": standing.action}
    return Refused(told.format(**fields), code="pickup_ordered", hint=hint.format(**fields), account=standing.account)


def _on_its_way(rma: Rma) -> Refused:
    return Refused(
        _("the goods of {rma} are on their way already, as {courier} {waybill}").format(
            rma=rma.rma, courier=rma.courier, waybill=rma.waybill
        ),
        code="already_on_its_way",
        hint=_("see: asctl parcel show {waybill}").format(waybill=rma.waybill),
    )


def _check_hours(action: Action, now: datetime) -> None:
    until = str(action.payload.get("fetch_until") or "")
    if until and datetime.fromisoformat(until) <= now:
        raise Refused(
            _("the hours at which the goods of {rma} were to be fetched are over").format(rma=action.rma),
            code="window_over",
            hint=_("ask anew: asctl pickup request {rma} --courier {courier}").format(
                rma=action.rma, courier=action.courier
            ),
        )
