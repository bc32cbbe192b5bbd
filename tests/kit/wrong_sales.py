"""What marketplaces' plugins do wrong with remarks, receivers and invoices: a behaviour for each rule of the kit about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any

from asctl.api import (
    AsctlError,
    BadInput,
    Buyer,
    Colour,
    Flag,
    InvoiceApplication,
    InvoiceKind,
    Receiver,
    Remark,
    Submission,
)
from asctl.testing.remarks import WANTED
from asctl.testing.site import NEW_PLACE, START
from tests.kit.wrong import Behaviour, Method
from tests.kit.wrong_couriers import (
    Wrong,
    agreeing,
    answering,
    asking,
    inquiring,
    pretending,
    retelling,
    wanting,
)
from tests.kit.wrong_orders import of_result

_NAIVE = datetime(2026, 11, 20)  # noqa: DTZ001
_PAGE = 50
_DONE = Submission(reference="1")
_PICTURE = b"\x89PNG\r\n\x1a\n"
_calls = count(1)


def of_each(**told: Any) -> Behaviour:
    """Tells something else of each."""
    return of_result(lambda result: tuple(replace(each, **told) for each in result))


def writing(change: Callable[[str, Flag], tuple[str, Flag]]) -> Behaviour:
    """Writes another remark."""
    return lambda method, arguments: method(arguments[0], *change(arguments[1], arguments[2]))


def _seeing_nothing(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Takes an order that it could not read for one without a remark."""
    try:
        return method(*arguments)
    except AsctlError:
        return Remark("", Flag.GRAY, START)


def _never_clearing(method: Method, arguments: tuple[Any, ...]) -> Any:
    return method(*arguments) if arguments[1] else None


def _telling_all(_method: Method, arguments: tuple[Any, ...]) -> Any:
    """Says what stands in a field that it does not take."""
    raise BadInput(f"{arguments[0].detail} {arguments[0].name} is too long", code="too_long")


def _unmasked(receiver: Receiver) -> Receiver:
    return Receiver(**{each.name: getattr(receiver, each.name).replace("*", "0") for each in fields(receiver)})


def _numbering(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Numbers them anew each time."""
    return tuple(replace(each, application=f"A{next(_calls)}") for each in method(*arguments))


def _too_dear(told: Any) -> Any:
    """An application's rows at twice their price."""
    return tuple(
        replace(each, lines=tuple(replace(line, gross=line.gross * 2) for line in each.lines)) for each in told
    )


_SOMEBODYS = InvoiceApplication(
    "1", "1", "applied", "", InvoiceKind.DIGITAL_ORDINARY, Buyer("某某"), Decimal(1), Colour.BLUE, START
)


_REMARK, _WRITE = "RemarkWriter.remark", "RemarkWriter.write_remark"
_REMARKS = (
    Wrong(f"{_REMARK}.found", answering(flag=Flag.GREEN), "flag is <Flag.GREEN: 3>"),
    Wrong(f"{_REMARK}.found", answering(modified_at=_NAIVE), "modified_at must be a datetime with its zone"),
    Wrong(f"{_REMARK}.unknown", agreeing(Remark("", Flag.GRAY, START)), "should be NotFound"),
    Wrong(f"{_WRITE}.whole", writing(lambda text, flag: (" ".join(text.split()), flag)), "stands there"),
    Wrong(f"{_WRITE}.whole", writing(lambda text, flag: (text.replace("🙂", "?"), flag)), "stands there"),
    Wrong(f"{_WRITE}.flags", writing(lambda text, flag: (text, flag or Flag.RED)), "flag GRAY was written"),
    Wrong(f"{_WRITE}.longest", writing(lambda text, flag: (text[:300], flag)), "stands there"),
    Wrong(f"{_WRITE}.cleared", _never_clearing, "stands there"),
    Wrong(f"{_WRITE}.unknown", agreeing(None), "should be NotFound or Refused"),
    Wrong(f"{_WRITE}.found", answering(text=""), "remark says absent", "remark"),
    Wrong(f"{_WRITE}.absent", pretending(WANTED), "remark says present", "remark"),
    Wrong(f"{_WRITE}.not_ours", pretending(WANTED), "remark takes a request", "remark"),
    Wrong(f"{_WRITE}.look_fails", _seeing_nothing, "could not look, and says absent", "remark"),
)
_CHECK, _CHANGE = "OrderAddressChanger.check_receiver", "OrderAddressChanger.change_receiver"
_RECEIVERS = (
    Wrong(f"{_CHECK}.good", wanting(lambda receiver: receiver.name), "should have been taken"),
    Wrong(f"{_CHECK}.good", inquiring, "the check sent something"),
    Wrong(f"{_CHECK}.masked", pretending(None), "a name with stars: should be BadInput"),
    Wrong(f"{_CHECK}.too_long", pretending(None), "should be BadInput"),
    Wrong(f"{_CHECK}.too_long", _telling_all, "a message or the log holds the name"),
    Wrong(
        f"{_CHANGE}.whole",
        asking(lambda request: replace(request, receiver=replace(request.receiver, detail="平江路199号"))),
        "the detail at the order",
    ),
    Wrong(
        f"{_CHANGE}.part",
        asking(lambda request: replace(request, receiver=replace(NEW_PLACE, phone=request.receiver.phone))),
        "the name at the order",
    ),
    Wrong(f"{_CHANGE}.shipped", retelling("OTHER"), "should be Refused as TOO_LATE"),
    Wrong(f"{_CHANGE}.shipped", agreeing(_DONE), "should be Refused as TOO_LATE"),
    Wrong(
        f"{_CHANGE}.bad",
        asking(lambda request: replace(request, receiver=_unmasked(request.receiver))),
        "should be BadInput",
    ),
    Wrong(f"{_CHANGE}.unknown", agreeing(_DONE), "should be NotFound or Refused"),
)
_APPLIED, _DUE = "ApplicationSource.invoice_applications", "ApplicationSource.overdue_invoices"
_APPLICATIONS = (
    Wrong(f"{_APPLIED}.found", of_each(amount=Decimal(1)), "amount is Decimal('1')"),
    Wrong(f"{_APPLIED}.found", of_each(applied_at=_NAIVE), "applied_at must be a datetime with its zone"),
    Wrong(f"{_APPLIED}.found", of_each(application=""), "it has no number"),
    Wrong(f"{_APPLIED}.found", of_each(buyer=Buyer("某某")), "the buyer's title is another"),
    Wrong(f"{_APPLIED}.buyers", of_each(kind=InvoiceKind.DIGITAL_ORDINARY), "a digital_special is told as"),
    Wrong(f"{_APPLIED}.states", of_each(state="applied"), "one that is refused is told as 'applied'"),
    Wrong(f"{_APPLIED}.lines", of_result(_too_dear), "the rows come to"),
    Wrong(f"{_APPLIED}.none", of_result(lambda told: told or (_SOMEBODYS,)), "nobody applied for it"),
    Wrong(f"{_APPLIED}.in_order", of_result(lambda told: told[::-1]), "told in the order"),
    Wrong(f"{_APPLIED}.told_apart", of_each(application="1"), "their numbers are ['1', '1', '1']"),
    Wrong(f"{_APPLIED}.told_apart", _numbering, "when asked for again"),
    Wrong(f"{_APPLIED}.unknown", agreeing((_SOMEBODYS,)), "should be NotFound, or no application"),
    Wrong(f"{_DUE}.found", pretending(()), "is not told"),
    Wrong(f"{_DUE}.paging", of_result(lambda told: told[:_PAGE]), "70 of 120 are lost"),
    Wrong(f"{_DUE}.paging", of_result(lambda told: told * 2), "120 are told twice"),
    Wrong(f"{_DUE}.none", pretending(("1",)), "nothing is due, and 1 are told"),
)
_HAND_OVER = "ResultTaker.hand_invoice_over"
_RESULTS = (
    Wrong(f"{_HAND_OVER}.whole", asking(lambda result: replace(result, number="1")), "number did not arrive"),
    Wrong(f"{_HAND_OVER}.whole", asking(lambda result: replace(result, file=_PICTURE)), "file did not arrive"),
    Wrong(
        f"{_HAND_OVER}.whole",
        asking(lambda result: replace(result, net=Decimal(1), tax=Decimal(1), gross=Decimal(2))),
        "amount did not arrive",
    ),
    Wrong(f"{_HAND_OVER}.kinds", wanting(lambda result: not result.kind.special), "should have succeeded"),
    Wrong(f"{_HAND_OVER}.red", wanting(lambda result: result.colour is Colour.BLUE), "should have succeeded"),
    Wrong(f"{_HAND_OVER}.unknown", agreeing(_DONE), "an order that nobody knows"),
)
_SUBMISSIONS = tuple(
    Wrong(f"{write}.submission", pretending({"reference": "1"}), "must be Submission, and is dict")
    for write in (_CHANGE, _HAND_OVER)
)
WRONGS = (*_REMARKS, *_RECEIVERS, *_APPLICATIONS, *_RESULTS, *_SUBMISSIONS)
