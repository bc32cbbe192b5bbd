"""What trackers do wrong: a behaviour for each rule of the kit about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from asctl.api import Event, NotFound, ParcelStatus, TrackAnswer, Unavailable
from asctl.testing.answers import NEW_WORD
from asctl.testing.site import CUSTOMER, START
from tests.kit.wrong import Behaviour, Method, crashing, remembering, tried
from tests.kit.wrong_couriers import Wrong, meddling

_SCAN = Event(START, ParcelStatus.IN_TRANSIT, "快件已发出")


def of_events(change: Callable[[tuple[Event, ...]], tuple[Event, ...]]) -> Behaviour:
    """Tells the scans of each waybill otherwise."""

    def behaviour(method: Method, arguments: tuple[Any, ...]) -> Any:
        return tuple(replace(answer, events=change(answer.events)) for answer in method(*arguments))

    return behaviour


def of_each(**told: Any) -> Behaviour:
    """Tells something else of each scan."""
    return of_events(lambda events: tuple(replace(event, **told) for event in events))


def _swapped(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Gives the scans of one parcel to another that has some as well."""
    answers = method(*arguments)
    scans = [answer.events for answer in answers if answer.events]
    others = iter([*scans[1:], *scans[:1]])
    return tuple(replace(answer, events=next(others) if answer.events else ()) for answer in answers)


def _sorted(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Answers in an order of its own."""
    return tuple(sorted(method(*arguments), key=lambda answer: not answer.events))


def _failing(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Takes a waybill that nobody knows for trouble."""
    odd = Unavailable("nothing came", code="nothing")
    return tuple(answer if answer.events else replace(answer, error=odd) for answer in method(*arguments))


def _naming(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Tells whose parcel it does not know."""
    unknown = NotFound(f"{CUSTOMER.name} has no such parcel", code="unknown")
    return tuple(TrackAnswer(answer.query, error=unknown) for answer in method(*arguments))


def _knowing(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Asks with the digits that it was not given."""
    return method(tuple(replace(query, phone_tail=CUSTOMER.phone[-4:]) for query in arguments[0]))


def _all_or_none(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Drops all scans for one that it cannot read."""
    return tuple(replace(answer, events=() if answer.problems else answer.events) for answer in method(*arguments))


def _latest_told_first(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Ends where the courier begins to say the same again."""
    return events[: [*events].index(max(events, key=lambda event: event.at)) + 1] if events else ()


def _ended_early(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Takes a parcel that was refused for one that was taken."""
    taken = {ParcelStatus.REFUSED: ParcelStatus.DELIVERED}
    return _of_statuses(lambda status: taken.get(status, status))(method, arguments)


def _of_statuses(change: Callable[[ParcelStatus], ParcelStatus]) -> Behaviour:
    return of_events(lambda events: tuple(replace(event, status=change(event.status)) for event in events))


def _knowing_some_errors(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Takes an error that it does not know for a parcel without scans."""
    _answers, error = tried(method, arguments)
    if error is not None and error.upstream_code == NEW_WORD:
        return tuple(TrackAnswer(query) for query in arguments[0])
    return method(*arguments)


def _crashing_at_problems(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Lets Python's own error out for a scan that it cannot read."""
    answers = method(*arguments)
    if any(answer.problems for answer in answers):
        raise KeyError("time")
    return answers


to_the_minute = of_events(lambda events: tuple(replace(event, at=event.at.replace(second=0)) for event in events))
_TRACK = "Tracker.track"
WRONGS = (
    Wrong(f"{_TRACK}.found", of_each(text="x"), "the text of a scan is 'x'"),
    Wrong(f"{_TRACK}.found", of_each(raw_code=""), "raw_code"),
    Wrong(f"{_TRACK}.found", of_each(raw_code="SCAN"), "every scan has the same raw_code: 'SCAN'"),
    Wrong(f"{_TRACK}.found", of_each(status=ParcelStatus.CUSTOMS), "the world calls PICKED_UP is told as CUSTOMS"),
    Wrong(f"{_TRACK}.found", to_the_minute, "the scans' moments"),
    Wrong(f"{_TRACK}.found", of_events(lambda events: events[:4]), "the scans' moments"),
    Wrong(
        f"{_TRACK}.statuses", of_each(status=ParcelStatus.IN_TRANSIT), "the world calls DELIVERED is told as IN_TRANSIT"
    ),
    Wrong(f"{_TRACK}.statuses", _ended_early, "the world calls REFUSED is told as DELIVERED"),
    Wrong(f"{_TRACK}.anew", remembering(), "the scans' moments"),
    Wrong(f"{_TRACK}.found", of_each(at=START.replace(tzinfo=None)), "needs a zone"),
    Wrong(f"{_TRACK}.found", of_events(lambda events: events[1:]), "the scans' moments"),
    Wrong(f"{_TRACK}.places", of_each(location=""), "the places of the scans are ['', '', '', '', '', '']"),
    Wrong(f"{_TRACK}.unknown", of_events(lambda _events: (_SCAN,)), "there were scans of it"),
    Wrong(f"{_TRACK}.unknown", _failing, "should be an answer without events"),
    Wrong(f"{_TRACK}.unknown", _naming, "holds the name"),
    Wrong(f"{_TRACK}.out_of_order", of_events(_latest_told_first), "the scans' moments"),
    Wrong(f"{_TRACK}.odd_scan", _all_or_none, "one of 6 scans is odd, and 0 others are told"),
    Wrong(f"{_TRACK}.odd_scan", _crashing_at_problems, "KeyError"),
    Wrong(f"{_TRACK}.new_error", _knowing_some_errors, "should be an error, but there was an answer"),
    Wrong(f"{_TRACK}.batch", _swapped, "waybill 1 of 20 has another's answer: the scans' moments"),
    Wrong(f"{_TRACK}.batch", _sorted, "names another query"),
    Wrong(f"{_TRACK}.batch", of_events(lambda _events: ()), "waybill 1 of 20 has another's answer"),
    Wrong(f"{_TRACK}.batch", lambda method, arguments: method(arguments[0][:10]), "20 queries, 10 answers"),
    Wrong(f"{_TRACK}.reads_only", meddling, "a write reached the far side"),
)
OF_TAILS = (
    Wrong(f"{_TRACK}.phone_tail", _knowing, "without the phone's digits"),
    Wrong(f"{_TRACK}.phone_tail", crashing, "KeyError"),
)
"""Of a courier that wants the last digits of a phone."""
