"""What couriers' plugins, account checks and receivers of callbacks do wrong: a behaviour for each rule of the kit about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any

from asctl.api import (
    AsctlError,
    BadInput,
    CheckResult,
    Effect,
    Evidence,
    Finding,
    NotFound,
    PushReply,
    Refused,
    Submission,
)
from asctl.testing.site import CUSTOMER
from asctl_demo.client import sign
from asctl_demo.wire import SIGN, TIME
from tests.kit.wrong import Behaviour, Method, crashing

_calls = count(1)


@dataclass(frozen=True)
class Wrong:
    """A rule, how it is broken, and words of what is told of that. ``method`` misbehaves where it is not the rule's own."""

    rule: str
    behaviour: Behaviour
    told: str
    method: str = ""

    @property
    def culprit(self) -> str:
        return self.method or self.rule.split(".")[1]


def asking(change: Callable[[Any], Any]) -> Behaviour:
    """Asks the far side for something else than it was asked for."""
    return lambda method, arguments: method(change(arguments[0]))


def answering(**told: Any) -> Behaviour:
    """Tells something else than the far side told."""
    return lambda method, arguments: replace(method(*arguments), **told)


def pretending(result: Any) -> Behaviour:
    """Says the same whatever happens, and asks nobody."""
    return lambda _method, _arguments: result


def wanting(there: Callable[[Any], object]) -> Behaviour:
    """Refuses a request that is in order."""

    def behaviour(method: Method, arguments: tuple[Any, ...]) -> Any:
        if not there(arguments[0]):
            raise BadInput("something is missing", code="missing")
        return method(*arguments)

    return behaviour


def retelling(reason: str = "", words: str = "no") -> Behaviour:
    """Tells another reason for a no, or not what the far side said."""

    def behaviour(method: Method, arguments: tuple[Any, ...]) -> Any:
        try:
            return method(*arguments)
        except Refused as no:
            raise Refused("no", code="no", reason=reason or no.reason, upstream_text=words) from no

    return behaviour


def agreeing(result: Any) -> Behaviour:
    """Takes a no for a yes."""

    def behaviour(method: Method, arguments: tuple[Any, ...]) -> Any:
        try:
            return method(*arguments)
        except (Refused, BadInput, NotFound):
            return result

    return behaviour


def meddling(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Changes something before it looks."""
    with suppress(AsctlError):
        method.__self__.request("cancel", "nobody's", {}, "")  # type: ignore[attr-defined]
    return method(*arguments)


def inquiring(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Asks the far side before it reads a callback."""
    method.__self__.check()  # type: ignore[attr-defined]
    return method(*arguments)


def trusting(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Believes a callback whatever its signature says: it signs it itself."""
    headers, body = arguments
    secret = method.__self__.context.text("secret")  # type: ignore[attr-defined]
    return method({**headers, SIGN: sign(secret, headers.get(TIME, ""), body)}, body)


def counting(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Reads the same callback differently each time."""
    return replace(method(*arguments), message=f"callback {next(_calls)}")


def telling_secrets(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Shows what signs."""
    secret = method.__self__.context.text("secret")  # type: ignore[attr-defined]
    told = method(*arguments)
    return replace(told, detail=secret) if isinstance(told, CheckResult) else replace(told, body=secret.encode())


def turning_back_the_clock(method: Method, arguments: tuple[Any, ...]) -> Any:
    """Tells theirs minus ours."""
    told = method(*arguments)
    return replace(told, clock_skew_s=-told.clock_skew_s)


def _filled(request: Any) -> Any:
    """Makes up what is missing or masked."""
    made_up = {"name": "某某", "phone": "13600000000", "province": "江苏省", "detail": "某某路1号"}
    told = {part: getattr(request.receiver, part).replace("*", "某") or text for part, text in made_up.items()}
    return replace(request, receiver=replace(request.receiver, **told))


def _at(part: str, **changed: str) -> Callable[[Any], Any]:
    """The request with another sender or receiver in some of its parts."""
    return lambda request: replace(request, **{part: replace(getattr(request, part), **changed)})


def _known_kinds(method: Method, arguments: tuple[Any, ...]) -> Any:
    codes: Mapping[str, int] = {"urge": 1, "no_movement": 2, "damage": 3, "loss": 4, "missing": 5}
    assert codes[arguments[0].kind]
    return method(*arguments)


def _said_done(method: Method, arguments: tuple[Any, ...]) -> Any:
    return method(*arguments) if arguments[0].reference else Submission(message="done")


_WRITES = (
    "AddressChanger.change_address",
    "Interceptor.intercept",
    "Interceptor.cancel_interception",
    "ReverseShipper.order_pickup",
    "ReverseShipper.cancel_pickup",
    "ClaimDesk.file_claim",
)
_DONE = Submission(reference="1")
_SUBMISSIONS = (
    *(
        Wrong(f"{write}.submission", pretending({"reference": "1"}), "must be Submission, and is dict")
        for write in _WRITES
    ),
    *(Wrong(f"{write}.submission", answering(reference=4711), ".reference must be str") for write in _WRITES[:2]),
    Wrong("Interceptor.intercept.submission", answering(fee=12.5), ".fee must be Decimal"),
    Wrong("ReverseShipper.order_pickup.submission", answering(message=CUSTOMER.phone), "the phone"),
)
_ADDRESS = "AddressChanger.change_address"
_ADDRESSES = (
    Wrong(f"{_ADDRESS}.arrives", asking(_at("receiver", detail="平江路199号")), "the detail did not reach"),
    Wrong(f"{_ADDRESS}.arrives", asking(_at("receiver", name="顾先生")), "the name that reached"),
    Wrong(f"{_ADDRESS}.arrives", asking(_at("receiver", phone="13600000000")), "the phone that reached"),
    Wrong(f"{_ADDRESS}.county_city", wanting(lambda request: request.receiver.city), "should have succeeded"),
    Wrong(f"{_ADDRESS}.not_whole", asking(_filled), "should be Refused, NotFound or BadInput"),
    Wrong(f"{_ADDRESS}.reasons", retelling("LOST"), "refused as LOST, not ALREADY_DELIVERED"),
    Wrong(f"{_ADDRESS}.reasons", retelling(words=""), "what the far side itself said is not kept"),
    Wrong(f"{_ADDRESS}.reasons", agreeing(_DONE), "should be Refused"),
    Wrong(f"{_ADDRESS}.closed", retelling("BAD_ADDRESS"), "refused as BAD_ADDRESS"),
    Wrong(f"{_ADDRESS}.effect", answering(effect=Effect.EFFECTIVE), "just accepted", "find_address_change"),
)
_INTERCEPT, _CANCEL = "Interceptor.intercept", "Interceptor.cancel_interception"
_INTERCEPTIONS = (
    Wrong(f"{_INTERCEPT}.return_to", asking(lambda request: replace(request, return_to="sender")), "go back to outlet"),
    Wrong(f"{_INTERCEPT}.reasons", retelling("CANNOT_CANCEL"), "refused as CANNOT_CANCEL"),
    Wrong(f"{_INTERCEPT}.effect", answering(effect=Effect.INEFFECTIVE), "told to be ineffective", "find_interception"),
    Wrong(f"{_CANCEL}.goes_on", pretending(_DONE), "stands at the far side"),
    Wrong(f"{_CANCEL}.too_late", retelling("TOO_LATE"), "should be Refused as CANNOT_CANCEL"),
    Wrong(f"{_CANCEL}.too_late", agreeing(_DONE), "should be Refused (CANNOT_CANCEL)"),
    Wrong(f"{_CANCEL}.nothing_there", agreeing(_DONE), "nobody asked for it"),
    Wrong(f"{_CANCEL}.unnumbered", _said_done, "told as done, and it stands"),
)
_ORDER, _CALL_OFF = "ReverseShipper.order_pickup", "ReverseShipper.cancel_pickup"
_PICKUPS = (
    Wrong(f"{_ORDER}.arrives", asking(_at("sender", district="")), "the district did not reach"),
    Wrong(
        f"{_ORDER}.arrives",
        asking(lambda request: replace(request, sender=request.receiver, receiver=request.sender)),
        "did not reach",
    ),
    Wrong(f"{_ORDER}.county_city", wanting(lambda request: request.sender.city), "should have succeeded"),
    Wrong(
        f"{_ORDER}.remark", asking(lambda request: replace(request, remark=f"退货 {request.remark}")), "with the case"
    ),
    Wrong(f"{_ORDER}.remark", wanting(lambda request: len(request.remark) < 99), "should have succeeded"),
    Wrong(f"{_ORDER}.as_soon_as_can_be", wanting(lambda request: request.fetch_from), "should have succeeded"),
    Wrong(
        f"{_ORDER}.untitled",
        wanting(lambda request: all(each.title for each in request.goods)),
        "should have succeeded",
    ),
    Wrong(f"{_ORDER}.waybill", answering(waybill="1"), "and 1 is told"),
    Wrong(f"{_ORDER}.waybill", answering(waybill="2"), "and a look tells 2", "find_pickup"),
    Wrong(f"{_ORDER}.effect", answering(effect=Effect.CANCELLED), "told to be cancelled", "find_pickup"),
    Wrong(f"{_CALL_OFF}.nobody_comes", pretending(_DONE), "stands at the far side"),
    Wrong(f"{_CALL_OFF}.too_late", retelling("OTHER"), "should be Refused as CANNOT_CANCEL"),
    Wrong(f"{_CALL_OFF}.nothing_there", agreeing(_DONE), "nobody ordered it"),
    Wrong(
        f"{_CALL_OFF}.told",
        pretending(Finding(Evidence.PRESENT, Effect.ACCEPTED)),
        "told to be accepted",
        "find_pickup",
    ),
)
_CLAIMS = (
    Wrong("ClaimDesk.file_claim.numbered", answering(reference=""), "has no reference"),
    Wrong("ClaimDesk.file_claim.kinds", _known_kinds, "KeyError"),
    Wrong("ClaimDesk.claim_state.told", pretending("OPEN"), "its state is 'OPEN'"),
    Wrong("ClaimDesk.claim_state.unknown", agreeing("closed"), "a claim that nobody filed"),
    Wrong("ClaimDesk.claim_state.reads_only", meddling, "a write reached the far side"),
)
_CHECKS = (
    Wrong("AccountChecker.check.told", answering(detail=" "), "says nothing"),
    Wrong("AccountChecker.check.told", telling_secrets, "holds the secret"),
    Wrong("AccountChecker.check.told", pretending("fine"), "must be CheckResult, and is str"),
    Wrong("AccountChecker.check.reads_only", pretending(CheckResult("fine")), "nothing was asked"),
    Wrong("AccountChecker.check.reads_only", meddling, "a write reached the far side"),
    Wrong("AccountChecker.check.clock_skew", turning_back_the_clock, "clock_skew_s is -300"),
    Wrong("AccountChecker.check.clock_skew", answering(clock_skew_s=9.0), "clock_skew_s is 9.0"),
)
_CALLBACKS = (
    Wrong("PushReceiver.receive.samples", answering(kind="other"), "was read as 'other'"),
    Wrong("PushReceiver.receive.whole", answering(courier="", effect=None), "lacks courier"),
    Wrong("PushReceiver.receive.whole", answering(at=datetime(2026, 11, 20)), "at must be a datetime with its zone"),  # noqa: DTZ001
    Wrong("PushReceiver.receive.again", counting, "read twice"),
    Wrong("PushReceiver.receive.no_network", inquiring, "the far side was called"),
    Wrong("PushReceiver.receive.garbage", crashing, "should be BadInput or CredentialsRefused"),
    Wrong("PushReceiver.receive.changed", trusting, "and it was believed"),
    Wrong("PushReceiver.receive.forged", trusting, "should be CredentialsRefused"),
    Wrong("PushReceiver.reply.bytes", answering(body="ok"), "should be a PushReply of bytes"),
    Wrong("PushReceiver.reply.bytes", pretending(PushReply(200, "text/plain", b"ok").body), "should be a PushReply"),
    Wrong("PushReceiver.reply.bytes", telling_secrets, "holds the secret"),
)
WRONGS = (*_SUBMISSIONS, *_ADDRESSES, *_INTERCEPTIONS, *_PICKUPS, *_CLAIMS, *_CHECKS, *_CALLBACKS)
