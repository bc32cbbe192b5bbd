"""Parcels that nobody knows: set aside, matched with their case, or dismissed; those that become known leave by themselves."""

from __future__ import annotations

from datetime import datetime

from asctl.domain.errors import NotFound, Refused
from asctl.domain.remarks import one_line
from asctl.domain.strays import Stray, StrayState
from asctl.services.arrivals import Behind
from asctl.services.desk import Desk
from asctl.services.return_parcels import Registered, Told, register_parcel
from asctl.services.rmas import AUTOMATIC
from asctl.store import arrivals as stored_arrivals
from asctl.store import audit as stored_audit
from asctl.store import strays as stored_strays
from asctl.store.opening import Transaction
from asctl.text import _


def park(desk: Desk, code: str, note: str) -> Stray:
    """Set a parcel aside under the code on it; another scan of it is counted. Raises :class:`BadConfiguration` where nobody
    says who scans."""
    now, staff = desk.clock.now(), desk.staff_no
    with desk.store.write() as tx:
        return stored_strays.park(tx, code, now, staff, one_line(note) if note else "")


def leave_if_parked(desk: Desk, found: Behind) -> None:
    """Close the stray whose code leads to a case by now; an order without one is no answer to whose the goods are."""
    with desk.store.read() as tx:
        stray = stored_strays.get_stray(tx, found.code) if found.rmas else None
    if stray is not None and stray.state is StrayState.OPEN:
        with desk.store.write() as tx:
            _found_out(tx, found.code, found.rmas[0].rma, desk.clock.now())


def _found_out(tx: Transaction, code: str, rma: str, now: datetime) -> None:
    stored_strays.close_stray(tx, code, StrayState.FOUND, AUTOMATIC, now, rma)


def strays(desk: Desk, closed_too: bool) -> tuple[Stray, ...]:
    """Parked parcels, the longest waiting first; those that became known meanwhile have left."""
    with desk.store.read() as tx:
        waiting = [stray.code for stray in stored_strays.list_strays(tx, open_only=True)]
        known = stored_arrivals.cases_meant(tx, waiting)
    if known:
        with desk.store.write() as tx:
            for code, meant in known.items():
                _found_out(tx, code, meant.rmas[0], desk.clock.now())
    with desk.store.read() as tx:
        return tuple(stored_strays.list_strays(tx, open_only=not closed_too))


def match_stray(desk: Desk, number: str, told: Told) -> tuple[Stray, Registered]:
    """Say whose parcel the stray with the waybill ``told.waybill`` is: it becomes the return parcel of that case.

    Returns the stray, which may have been matched so before, and what was registered. Raises what :func:`register_parcel`
    raises, and :class:`NotFound` or :class:`Refused` where nothing waits under that code.
    """
    stray = _stray(desk, told.waybill)
    if stray.state is StrayState.DISMISSED:
        raise Refused(
            _("{code} was dismissed: {why}").format(code=stray.code, why=stray.why),
            code="stray_dismissed",
            hint=_("scan it again where it is on the bench after all: asctl rma scan {code}").format(code=stray.code),
        )
    registered = register_parcel(desk, number, told)
    with desk.store.write() as tx:
        now, staff, rma = desk.clock.now(), desk.staff_no, registered.rma.rma
        if stored_strays.close_stray(tx, stray.code, StrayState.MATCHED, staff, now, rma):
            stored_audit.write_audit(tx, now, staff, "rma match", stray.code, {"rma": rma})
    return _stray(desk, stray.code), registered


def dismiss_stray(desk: Desk, code: str, reason: str) -> tuple[Stray, bool]:
    """Take a stray from the list because no case of ours is behind it; returns it and whether this call did so.

    Raises :class:`NotFound`.
    """
    stray, why, now, staff = _stray(desk, code), one_line(reason), desk.clock.now(), desk.staff_no
    with desk.store.write() as tx:
        dismissed = stored_strays.close_stray(tx, stray.code, StrayState.DISMISSED, staff, now, why=why)
        if dismissed:
            stored_audit.write_audit(tx, now, staff, "rma dismiss", stray.code, {"reason": why})
    return _stray(desk, stray.code), dismissed


def _stray(desk: Desk, code: str) -> Stray:
    with desk.store.read() as tx:
        stray = stored_strays.get_stray(tx, code)
    if stray is None:
        raise NotFound(
            _("no parcel is parked under {code}").format(code=code[:60]),
            code="unknown_stray",
            hint=_("see: asctl rma strays; a waybill that a customer told: asctl rma waybill RMA WAYBILL"),
        )
    return stray
