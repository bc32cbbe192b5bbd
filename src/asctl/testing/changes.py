"""Feeds of what changed: none is lost, whatever changes meanwhile, and one that is out of shape holds up no other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from asctl.api.sandbox import SandboxReply, SandboxRequest
from asctl.capabilities.orders import ChangesLimits, Unreadable
from asctl.domain.errors import Unavailable
from asctl.testing.answers import emptied, spoiled
from asctl.testing.discretion import clean
from asctl.testing.exercises import Arguments, Exercise
from asctl.testing.records import exact, zoned
from asctl.testing.rules import Rule, expect
from asctl.testing.shop import now_of, shop_rules
from asctl.testing.site import Site

_MANY = 230
"""More than fits on two pages of most far sides."""
_LONGEST = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed. ``put`` puts a record into the world that changed at that moment and answers with its number, ``move`` changes it
    again now; ``number`` reads the number of what was told."""

    exercise: Exercise
    put: Callable[[Site, datetime], str]
    move: Callable[[Site, str], None]
    number: Callable[[Any], str]


def window(site: Site, capability: str) -> tuple[datetime, datetime]:
    """A stretch of time that the core would ask for: not longer than declared, and over by what is declared as ``lag``."""
    declared = site.capability(capability).limits
    limits = declared if isinstance(declared, ChangesLimits) else ChangesLimits()
    until = now_of(site) - limits.lag
    return until - min(limits.window, _LONGEST), until


def in_the_middle(site: Site, capability: str) -> datetime:
    """A moment inside of :func:`window`."""
    since, until = window(site, capability)
    return (since + (until - since) / 2).replace(microsecond=0)


def feed_rules(feed: Feed) -> Iterator[Rule]:
    """The rules for a feed of changes."""
    rows: tuple[tuple[str, str, Callable[[Site, Feed], None]], ...] = (
        (
            "found",
            "what changed in the window is told, to its first second, and nothing that changed long before",
            _found,
        ),
        ("empty", "a window in which nothing changed has no pages with anything on them", _empty),
        ("paging", "changes that fill many pages are all told", _paging),
        ("same_second", "changes of one and the same second are all told", _same_second),
        ("moving", "what changes while the list is read pushes nothing else out of it", _moving),
        ("odd_row", "one of a page that is out of shape is told by its number, and holds up no other", _odd_row),
        ("numberless", "one of which not even the number can be read holds up no other of its page", _numberless),
        ("torn", "a list that breaks off between two answers is Unavailable, and not all that changed", _torn),
        ("reads_only", "asking changes nothing", _reads_only),
    )
    yield from shop_rules(feed.exercise, *((name, says, _on(feed, check)) for name, says, check in rows))


def _on(feed: Feed, check: Callable[[Site, Feed], None]) -> Callable[[Site], None]:
    return lambda site: check(site, feed)


def _window(site: Site, feed: Feed) -> tuple[datetime, datetime]:
    return window(site, feed.exercise.capability)


def _told(site: Site, feed: Feed) -> list[Any]:
    """Everything on all pages, page by page as it came."""
    pages: Arguments = feed.exercise.done(site, _window(site, feed))
    expect(all(isinstance(page, tuple) for page in pages), "a page is no tuple")
    return [item for page in pages for item in page]


def _must_hold(told: list[Any], feed: Feed, wanted: set[str]) -> None:
    lost = wanted - {_number(item, feed) for item in told}
    expect(not lost, f"{len(lost)} of {len(wanted)} are lost")


def _number(item: Any, feed: Feed) -> str:
    return item.number if isinstance(item, Unreadable) else feed.number(item)


def _found(site: Site, feed: Feed) -> None:
    since, until = _window(site, feed)
    moments = {feed.put(site, at): at for at in (since, since + (until - since) / 4, until - timedelta(seconds=1))}
    old = feed.put(site, since - timedelta(days=2))
    told = _told(site, feed)
    _must_hold(told, feed, set(moments))
    for item in told:
        expect(not isinstance(item, Unreadable), f"one was not readable: {getattr(item, 'reason', '')}")
        expect(feed.number(item) != old, "one that changed two days before the window is told, too")
        zoned(item)
        exact(item)
        seen, wanted = item.modified_at, moments[feed.number(item)].replace(microsecond=0)
        expect(seen.replace(microsecond=0) == wanted, f"modified_at is {seen}, and should be {wanted}")


def _empty(site: Site, feed: Feed) -> None:
    feed.put(site, _window(site, feed)[0] - timedelta(days=2))
    told = _told(site, feed)
    expect(not told, f"nothing changed, and {len(told)} are told")


def _many(site: Site, feed: Feed) -> list[str]:
    """Changed one after the other, evenly over the window."""
    since, until = _window(site, feed)
    step = (until - since) / (_MANY + 1)
    return [feed.put(site, (since + step * (place + 1)).replace(microsecond=0)) for place in range(_MANY)]


def _paging(site: Site, feed: Feed) -> None:
    numbers = _many(site, feed)
    _must_hold(_told(site, feed), feed, set(numbers))


def _same_second(site: Site, feed: Feed) -> None:
    at = in_the_middle(site, feed.exercise.capability)
    numbers = {feed.put(site, at) for _each in range(_MANY)}
    _must_hold(_told(site, feed), feed, numbers)


def _moving(site: Site, feed: Feed) -> None:
    """After each answer the oldest and the newest change again, and so leave the window."""
    staying = deque(_many(site, feed))

    def somebody_changes(_request: SandboxRequest, reply: SandboxReply) -> SandboxReply:
        if len(staying) > _MANY // 2:
            feed.move(site, staying.popleft())
            feed.move(site, staying.pop())
        return reply

    site.far_side.tamper = somebody_changes
    _must_hold(_told(site, feed), feed, set(staying))


def _three(site: Site, feed: Feed) -> list[str]:
    since, until = _window(site, feed)
    return [feed.put(site, since + (until - since) * share / 4) for share in (1, 2, 3)]


def _odd_row(site: Site, feed: Feed) -> None:
    numbers = _three(site, feed)
    site.far_side.tamper = rework = spoiled(numbers[1])
    told = _told(site, feed)
    rework.must_have_struck()
    _must_hold(told, feed, set(numbers))


def _numberless(site: Site, feed: Feed) -> None:
    first, odd, last = _three(site, feed)
    site.far_side.tamper = rework = emptied(odd)
    told = _told(site, feed)
    rework.must_have_struck()
    _must_hold(told, feed, {first, last})


def _torn(site: Site, feed: Feed) -> None:
    """Whatever is asked for second, and last, is answered with a gateway's web page, and so is all that follows."""
    _many(site, feed)
    _told(site, feed)
    asked = len(site.far_side.requests())
    for good in sorted({1, asked - 1} - {0}):
        site.far_side.tamper = _Breaking(site, good)
        outcome = feed.exercise.outcome(site, _window(site, feed), provider=site.another_provider())
        torn = f"{good} of {asked} answers came"
        expect(isinstance(outcome.error, Unavailable), f"{torn}: should be Unavailable, but there was {outcome.seen}")
        clean(site, outcome)
        site.far_side.mend()


class _Breaking:
    """As many good answers; behind the last of them stands a fault."""

    def __init__(self, site: Site, good: int) -> None:
        self._site = site
        self._left = good

    def __call__(self, _request: SandboxRequest, reply: SandboxReply) -> SandboxReply:
        self._left -= 1
        if self._left == 0:
            self._site.far_side.fault("html")
        return reply


def _reads_only(site: Site, feed: Feed) -> None:
    feed.put(site, in_the_middle(site, feed.exercise.capability))
    _told(site, feed)
    expect(not site.far_side.writes(), "a write reached the far side")
