"""What marketplaces' plugins do wrong: a behaviour for each rule of the kit about shops."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from asctl.api import (
    AfterSaleKind,
    AfterSaleOutcome,
    AfterSaleRefusal,
    AfterSaleStatus,
    AsctlError,
    Effect,
    Evidence,
    Finding,
    Flag,
    OrderStatus,
    Submission,
    Unavailable,
    Unreadable,
)
from asctl.testing.site import NEW_PLACE, START
from tests.kit.wrong import Behaviour, Method, careless, crashing, dismayed
from tests.kit.wrong_couriers import (
    Wrong,
    agreeing,
    answering,
    meddling,
    pretending,
)

_SECOND, _DAY = timedelta(seconds=1), timedelta(days=1)
_NAIVE = datetime(2026, 11, 20)  # noqa: DTZ001
_PAGE = 50
_DONE = Submission(reference="1")
_THERE = pretending(Finding(Evidence.PRESENT))


def asking_about(since: timedelta, until: timedelta = timedelta()) -> Behaviour:
    """Asks for the changes of another stretch of time."""
    return lambda method, arguments: method(arguments[0] + since, arguments[1] + until)


def retold(change: Callable[[Any], Any]) -> Behaviour:
    """Tells each item of each page otherwise."""

    def behaviour(method: Method, arguments: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        for page in method(*arguments):
            yield tuple(change(item) for item in page)

    return behaviour


def first_page(method: Method, arguments: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Takes one page for all of them."""
    yield from [page for _number, page in zip(range(1), method(*arguments), strict=False)]


def by_time(method: Method, arguments: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Goes on behind the last second of a page."""
    since, until = arguments
    while page := next(method(since, until), ()):
        yield page
        since = page[-1].modified_at + _SECOND


def by_page_number(method: Method, arguments: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Reads a list that has the newest on top from its first page to its last."""
    for number in count():
        every = sorted((item for page in method(*arguments) for item in page), key=_changed_at, reverse=True)
        if not every[number * _PAGE :]:
            return
        yield tuple(every[number * _PAGE : (number + 1) * _PAGE])


def _changed_at(item: Any) -> datetime:
    moment: datetime = item.modified_at
    return moment


def silent(method: Method, arguments: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Leaves out what it cannot read."""
    for page in method(*arguments):
        yield tuple(item for item in page if not isinstance(item, Unreadable))


def squeamish(method: Method, arguments: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Gives up a whole page for one that it cannot read."""
    for page in method(*arguments):
        if any(isinstance(item, Unreadable) for item in page):
            raise Unavailable("odd", code="odd_answer")
        yield page


def counting_on_numbers(method: Method, arguments: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Gives up a whole page for one of which it cannot read the number."""
    for page in method(*arguments):
        if any(isinstance(item, Unreadable) and not item.number for item in page):
            raise Unavailable("odd", code="odd_answer")
        yield page


def ending_early(method: Method, arguments: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Takes what came until an error for all that there is."""
    pages = method(*arguments)
    yield next(pages, ())
    with suppress(AsctlError):
        yield from pages


def guessing(status: object) -> Behaviour:
    """Takes a word that it does not know for one that it knows."""

    def behaviour(method: Method, arguments: tuple[Any, ...]) -> Any:
        told = method(*arguments)
        return replace(told, status=status) if told.status == "unknown" else told

    return behaviour


def unversioned(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Decides on whatever stands now, not on what was looked at."""
    (asked,) = arguments
    read = method.__self__.after_sale  # type: ignore[attr-defined]
    if isinstance(asked, tuple):
        return method(tuple(read(sale.after_sale_id) for sale in asked))
    if isinstance(asked, AfterSaleRefusal):
        return method(replace(asked, after_sale=read(asked.after_sale.after_sale_id)))
    return method(read(asked.after_sale_id))


def _refusing(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Says no where it should say yes."""
    for sale in arguments[0]:
        method.__self__.refuse_after_sale(AfterSaleRefusal(sale, "不同意"))  # type: ignore[attr-defined]
    return tuple(AfterSaleOutcome(sale.after_sale_id) for sale in arguments[0])


def _agreeing_instead(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Says yes where it should say no."""
    method.__self__.agree_after_sales((arguments[0].after_sale,))  # type: ignore[attr-defined]
    return _DONE


def _never_mind(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Lets one that failed stop all."""
    outcomes = method(*arguments)
    if error := next((each.error for each in outcomes if each.error), None):
        raise error
    return outcomes


def of_result(change: Callable[[Any], Any]) -> Behaviour:
    """Tells something else of what it was told."""
    return lambda method, arguments: change(method(*arguments))


def _feed(name: str) -> tuple[Wrong, ...]:
    """What goes wrong with either feed of changes."""
    return (
        Wrong(f"{name}.found", asking_about(_SECOND), "1 of 3 are lost"),
        Wrong(f"{name}.found", asking_about(-3 * _DAY), "changed two days before"),
        Wrong(
            f"{name}.found",
            retold(lambda item: replace(item, modified_at=_NAIVE)),
            "modified_at must be a datetime with its zone",
        ),
        Wrong(f"{name}.found", retold(lambda item: replace(item, modified_at=START)), "modified_at is"),
        Wrong(f"{name}.empty", asking_about(-3 * _DAY), "nothing changed, and 1 are told"),
        Wrong(f"{name}.paging", first_page, "180 of 230 are lost"),
        Wrong(f"{name}.same_second", by_time, "180 of 230 are lost"),
        Wrong(f"{name}.moving", by_page_number, "are lost"),
        Wrong(f"{name}.odd_row", silent, "1 of 3 are lost"),
        Wrong(f"{name}.odd_row", squeamish, "should have succeeded"),
        Wrong(f"{name}.numberless", counting_on_numbers, "should have succeeded"),
        Wrong(f"{name}.numberless", squeamish, "should have succeeded"),
        Wrong(f"{name}.torn", ending_early, "should be Unavailable, but there was an answer"),
        Wrong(f"{name}.reads_only", meddling, "a write reached the far side"),
    )


_ORDER = "OrderSource.order"
_ORDERS = (
    *_feed("OrderSource.changed_orders"),
    Wrong(f"{_ORDER}.found", answering(shop="demo-shop"), "should be the account's name"),
    Wrong(f"{_ORDER}.found", answering(amount=Decimal(1)), "amount is Decimal('1')"),
    Wrong(f"{_ORDER}.found", answering(lines=()), "0 lines"),
    Wrong(f"{_ORDER}.found", answering(flag=Flag.PURPLE), "flag is <Flag.PURPLE: 5>"),
    Wrong(
        f"{_ORDER}.found",
        of_result(lambda order: replace(order, lines=tuple(replace(line, waybill="") for line in order.lines))),
        "lines.0.waybill is ''",
    ),
    Wrong(f"{_ORDER}.times", answering(created_at=_NAIVE), "created_at must be a datetime with its zone"),
    Wrong(f"{_ORDER}.exact", answering(amount=218.5), ".amount must be Decimal, and is float"),
    Wrong(f"{_ORDER}.exact", answering(freight=Decimal("0.125")), "freight has more than two places"),
    Wrong(f"{_ORDER}.receiver", answering(receiver=NEW_PLACE), "the receiver's name is another one"),
    Wrong(f"{_ORDER}.statuses", answering(status=OrderStatus.SHIPPED), "is told as shipped"),
    Wrong(f"{_ORDER}.statuses", answering(status=OrderStatus.UNKNOWN), "that is to_ship is told as unknown"),
    Wrong(f"{_ORDER}.statuses", answering(raw_status=""), "is not kept (raw_status)"),
    Wrong(f"{_ORDER}.new_status", guessing(OrderStatus.SHIPPED), "is told as (<OrderStatus.SHIPPED"),
    Wrong(f"{_ORDER}.odd", dismayed, "should be Unavailable (odd_answer)"),
    Wrong(f"{_ORDER}.unknown", agreeing(None), "should be NotFound"),
    Wrong(f"{_ORDER}.reads_only", meddling, "a write reached the far side"),
)
_SALE = "AfterSaleSource.after_sale"
_SALES = (
    *_feed("AfterSaleSource.changed_after_sales"),
    Wrong(f"{_SALE}.found", answering(shop=""), "should be the account's name"),
    Wrong(f"{_SALE}.found", answering(goods_back=False), "goods_back is False"),
    Wrong(f"{_SALE}.found", answering(return_waybill="1"), "return_waybill is '1'"),
    Wrong(f"{_SALE}.times", answering(deadline=_NAIVE), "deadline must be a datetime with its zone"),
    Wrong(f"{_SALE}.exact", answering(amount=1.5), ".amount must be Decimal, and is float"),
    Wrong(f"{_SALE}.kinds", answering(kind=AfterSaleKind.RETURN), "an application for refund_only is told as return"),
    Wrong(f"{_SALE}.statuses", answering(status=AfterSaleStatus.DONE), "that is applied is told as done"),
    Wrong(f"{_SALE}.statuses", answering(raw_status=""), "is not kept (raw_status)"),
    Wrong(f"{_SALE}.new_status", guessing(AfterSaleStatus.APPLIED), "is told as (<AfterSaleStatus.APPLIED"),
    Wrong(f"{_SALE}.version", answering(version="1", modified_at=START), "neither version nor time of change"),
    Wrong(f"{_SALE}.unknown", agreeing(None), "should be NotFound"),
    Wrong(f"{_SALE}.reads_only", meddling, "a write reached the far side"),
)
_AGREE, _REFUSE = "AfterSaleDesk.agree_after_sales", "AfterSaleDesk.refuse_after_sale"
_DECISIONS = (
    Wrong(f"{_AGREE}.moves_on", _refusing, "it was agreed to, and is refused"),
    Wrong(f"{_AGREE}.refunds", of_result(lambda outcomes: outcomes[::-1]), "and outcomes for"),
    Wrong(f"{_AGREE}.refunds", of_result(lambda outcomes: outcomes[:1]), "20 applications, and outcomes for"),
    Wrong(
        f"{_AGREE}.refunds",
        lambda _method, arguments: tuple(AfterSaleOutcome(sale.after_sale_id) for sale in arguments[0]),
        "and the application is applied",
    ),
    Wrong(f"{_AGREE}.row_by_row", careless, "one of them was withdrawn"),
    Wrong(f"{_AGREE}.row_by_row", _never_mind, "should have answered for each"),
    Wrong(f"{_AGREE}.stale", unversioned, "it was carried out, although"),
    Wrong(f"{_AGREE}.repeat", crashing, "should be Stale, Refused"),
    Wrong(f"{_AGREE}.not_ours", _THERE, "its customer withdrew it", "find_agreement"),
    Wrong(f"{_REFUSE}.not_ours", _THERE, "its customer withdrew it", "find_refusal"),
    Wrong(f"{_REFUSE}.moves_on", _agreeing_instead, "it was refused, and is awaiting_return"),
    Wrong(f"{_REFUSE}.stale", unversioned, "it was carried out, although"),
    Wrong(f"{_REFUSE}.repeat", dismayed, "should be Stale, Refused"),
)
_STOP, _STOPPED = "OrderInterceptor.intercept_order", "OrderInterceptor.order_interception"
_STOPS = (
    Wrong(f"{_STOP}.parcels", pretending(_DONE), "0 parcels were asked for"),
    Wrong(f"{_STOP}.delivered", agreeing(_DONE), "should be Refused"),
    Wrong(f"{_STOP}.stale", unversioned, "it was carried out, although"),
    Wrong(f"{_STOP}.repeat", unversioned, "was carried out again"),
    Wrong(f"{_STOP}.not_ours", _THERE, "its customer withdrew it", "order_interception"),
    Wrong(f"{_STOPPED}.none", answering(evidence=Evidence.PRESENT), "nobody asked, and it is present"),
    Wrong(f"{_STOPPED}.accepted", answering(evidence=Evidence.ABSENT), "it was asked for, and is absent"),
    Wrong(f"{_STOPPED}.accepted", answering(effect=Effect.EFFECTIVE), "is told to be effective"),
    Wrong(f"{_STOPPED}.effective", answering(effect=Effect.INEFFECTIVE), "the parcel was turned round"),
    Wrong(f"{_STOPPED}.ineffective", answering(effect=Effect.EFFECTIVE), "told to be turned round"),
)
_SUBMISSIONS = tuple(
    Wrong(f"{write}.submission", pretending({"reference": "1"}), "must be Submission, and is dict")
    for write in (_REFUSE, _STOP)
)
WRONGS = (*_ORDERS, *_SALES, *_DECISIONS, *_STOPS, *_SUBMISSIONS)
