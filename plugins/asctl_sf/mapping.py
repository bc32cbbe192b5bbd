"""Theirs to ours: scans, and what they say to a request. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from asctl.api import Event, Submission, as_text, china_time, yuan
from asctl.api import translate as _
from asctl_sf.operations import meaning_of, operation_code

_YEARS = range(2000, 2100)


class _OddScan(ValueError):
    """A scan that cannot be an event; its text says why."""


def read_routes(routes: object, source: str) -> tuple[tuple[Event, ...], tuple[str, ...]]:
    """The scans of one waybill (section 4) or of a push (section 5.2) as events, in the order told, and what was odd
    about those set aside.

    ``source`` is the account that told us. Never raises: a scan without time or words loses only itself.
    """
    if routes is None:
        return (), ()
    if not isinstance(routes, list):
        return (), (_("the list of scans could not be read"),)
    events: list[Event] = []
    problems: list[str] = []
    for number, route in enumerate(routes, 1):
        try:
            events.append(_event(route, source))
        except _OddScan as odd:
            problems.append(
                _("scan {number} of {count} was set aside: {why}").format(number=number, count=len(routes), why=odd)
            )
    return tuple(events), tuple(problems)


def read_submission(msg_data: object) -> Submission:
    """What SF says to a request that it accepted; it may say nothing at all (section 7)."""
    told = msg_data if isinstance(msg_data, Mapping) else {}
    return Submission(reference=as_text(told.get("cusId")), fee=_amount(told.get("amount")))


def _event(route: object, source: str) -> Event:
    if not isinstance(route, Mapping):
        raise _OddScan(_("it is no record"))
    text = as_text(route.get("remark")) or as_text(route.get("opName")) or as_text(route.get("firstStatusName"))
    if not text:
        raise _OddScan(_("it has no words"))
    code = operation_code(route)
    meaning = meaning_of(code, route)
    return Event(
        at=_moment(as_text(route.get("acceptTime"))),
        status=meaning.status,
        text=text,
        raw_code=code or as_text(route.get("firstStatusCode")),
        location=as_text(route.get("acceptAddress")),
        flags=meaning.flags,
        informational=meaning.informational,
        source=source,
    )


def _moment(told: str) -> datetime:
    try:
        moment = china_time(told)
    except ValueError:
        raise _OddScan(_("it has no readable time")) from None
    if moment.year not in _YEARS:
        raise _OddScan(_("it has no readable time"))
    return moment


def _amount(told: object) -> Decimal | None:
    if isinstance(told, bool) or not isinstance(told, str | int | Decimal):
        return None
    try:
        return yuan(told)
    except (ValueError, ArithmeticError):
        return None
