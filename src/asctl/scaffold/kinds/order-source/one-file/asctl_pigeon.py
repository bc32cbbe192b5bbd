"""Pigeon Market: the orders of a shop. A whole plugin in one file.

It works as it stands, against its own make-believe far side at the end. Put your marketplace's facts in place of
Pigeon's, in the order of the numbers; after each, pytest tells what does not fit yet. Guide: asctl help authors
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, TypeVar

from asctl import api
from asctl.api.sandbox import Complaint, SandboxCall, SandboxReply, SandboxRequest, SandboxWorld

T = TypeVar("T")
Page = tuple[api.Order | api.OrderRef | api.Unreadable, ...]
# 1. Their address, and what a shop needs: each setting is a line in the user's configuration.
SETTINGS = (
    api.Setting("base_url", api.SettingType.URL, "Where Pigeon answers.", default="https://api.market.example"),
    api.Setting("customer", api.SettingType.TEXT, "The number that Pigeon gave your shop.", required=True),
    api.Setting("secret", api.SettingType.SECRET, "Signs every call.", required=True),
)
# 2. Their words for where an order stands, and ours.
STATUSES = {
    "NEW": api.OrderStatus.UNPAID,
    "PAID": api.OrderStatus.TO_SHIP,
    "PARTLY_SENT": api.OrderStatus.PART_SHIPPED,
    "SENT": api.OrderStatus.SHIPPED,
    "RECEIVED": api.OrderStatus.SIGNED,
    "COMPLETED": api.OrderStatus.FINISHED,
    "CLOSED": api.OrderStatus.CLOSED,
}


@api.hookimpl
def asctl_order_sources() -> list[api.ProviderSpec]:
    """What this plugin offers; the factory is called when a shop is used. The limits say how changes are asked for."""
    limits = api.ChangesLimits(window=timedelta(hours=6), overlap=timedelta(minutes=2), lag=timedelta(seconds=30))
    return [api.ProviderSpec(
        id="pigeon", title="Pigeon Market", api_version=1, factory="asctl_pigeon:PigeonMarket", settings=SETTINGS,
        capabilities=(api.Capability("OrderSource", limits), api.Capability("AccountChecker")),
        sandbox="asctl_pigeon:PigeonSandbox",
    )]  # fmt: skip


def sign(secret: str, form: dict[str, str]) -> str:
    """3. Their signature: HMAC-SHA256 over all fields but itself, sorted by name."""
    text = "&".join(f"{name}={value}" for name, value in sorted(form.items()) if name != "sign")
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def read(answer: api.HttpAnswer, make: Callable[[dict[str, Any]], T]) -> T:
    """4. Their errors, by code, and what ``make`` makes of an answer that says OK."""
    told = api.read_object(answer)  # raises Unavailable for what is no JSON object
    match api.as_text(told.get("code")):
        case "OK":
            try:
                return make(told)
            except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
                hint = "tell the plugin's author"
                raise api.Unavailable("an odd answer", code="odd_answer", passing=False, hint=hint) from None
        case "UNKNOWN":
            raise api.NotFound("Pigeon does not know the order", code="not_found", hint="check its number")
        case "BAD_SIGN":
            raise api.CredentialsRefused("Pigeon refuses the signature", code="bad_sign", hint="check the secret")
        case "TOO_FAST":
            raise api.Throttled("Pigeon says: too many calls", retry_after=timedelta(minutes=1), hint="run again later")
    raise api.Unavailable("Pigeon's answer is not understood", passing=False, hint="run again later")


def read_order(row: dict[str, Any], shop: str) -> api.Order:
    """5. Their order as ours. Times without a zone are China's; amounts are Decimal, in yuan."""
    return api.Order(
        order_id=api.as_text(row["number"]),
        shop=shop,
        status=STATUSES.get(api.as_text(row["state"]), api.OrderStatus.UNKNOWN),
        raw_status=api.as_text(row["state"]),
        created_at=api.china_time(row["created_at"]),
        modified_at=api.china_time(row["changed_at"]),
        paid_at=read_moment(row.get("paid_at")),
        shipped_at=read_moment(row.get("shipped_at")),
        amount=api.yuan(row["amount"]),
        receiver=api.Receiver(**{name: api.as_text(text) for name, text in row["receiver"].items()}),
        remark=api.as_text(row.get("remark")),
        lines=tuple(read_line(line) for line in row["lines"]),
    )


def read_line(row: dict[str, Any]) -> api.OrderLine:
    """6. Their line as ours. The courier is one of our codes, such as sf or zto: map theirs here."""
    return api.OrderLine(
        line_id=api.as_text(row["line_id"]),
        title=api.as_text(row["title"]),
        sku=api.as_text(row.get("sku")),
        quantity=int(row["quantity"]),
        paid=api.yuan(row["paid"]),
        courier=api.as_text(row.get("courier")),
        waybill=api.as_text(row.get("waybill")),
    )


def read_moment(text: Any) -> datetime | None:
    """Nothing where it has not come to that."""
    return api.china_time(text) if text else None


class PigeonMarket:
    """The provider: OrderSource and AccountChecker of one shop."""

    def __init__(self, context: api.Context) -> None:
        self._text, self._http, self._clock, self._shop = context.text, context.http, context.clock, context.account

    def changed_orders(self, since: datetime, until: datetime) -> Iterator[Page]:
        """Page after page, the longest unchanged first: what changes meanwhile goes to the end, and pushes none out."""
        span, after = {"since": api.china_text(since), "until": api.china_text(until)}, ""
        while True:
            page, after = self._ask("orders", self._page, after=after, **span)
            yield page
            if not after:
                return

    def order(self, order_id: str) -> api.Order:
        """One whole order."""
        return self._ask("order", lambda told: read_order(told["order"], self._shop), number=order_id)

    def check(self) -> api.CheckResult:
        """One harmless signed call."""
        return api.CheckResult(self._ask("shop", lambda told: f"shop {told['shop']}"))

    def _page(self, told: dict[str, Any]) -> tuple[Page, str]:
        return tuple(self._row(row) for row in told["orders"]), api.as_text(told["next"])

    def _row(self, row: Any) -> api.Order | api.Unreadable:
        """One that is odd is told by its number, and holds up no other."""
        try:
            return read_order(row, self._shop)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            number = api.as_text(row.get("number")) if isinstance(row, dict) else ""
            return api.Unreadable(number, "Pigeon tells it in another shape")

    def _ask(self, call: str, make: Callable[[dict[str, Any]], T], **question: str) -> T:
        def request() -> api.HttpRequest:  # made anew for each attempt, so that time and signature are fresh
            form = question | {"customer": self._text("customer"), "time": api.china_text(self._clock.now())}
            form["sign"] = sign(self._text("secret"), form)
            return api.HttpRequest("POST", f"{self._text('base_url')}/{call}", operation=call, form=form)

        return self._http.call(request, lambda answer: read(answer, make))


class PigeonSandbox:
    """7. Their side, for tests and asctl sandbox serve: it checks the signature and tells of a make-believe world."""

    def accounts(self, base_url: str) -> dict[str, Any]:
        account = {"plugin": "pigeon", "base_url": base_url, "customer": "1001", "secret": "not-a-real-secret"}
        return {"shops": {"pigeon": account}}

    def identify(self, request: SandboxRequest) -> SandboxCall:
        return SandboxCall(operation=request.path.strip("/"), target=request.form().get("number", ""))

    def answer(self, request: SandboxRequest, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        form = request.form()
        if form.get("sign") != sign("not-a-real-secret", form):
            return SandboxReply.of({"code": "BAD_SIGN"})
        if call.operation == "shop":
            return SandboxReply.of({"code": "OK", "shop": "pigeon"})
        own = [order for order in world.orders.values() if order.shop == "pigeon"]
        if call.operation == "orders":
            return SandboxReply.of({"code": "OK"} | page_of(own, form))
        rows = [order_row(order) for order in own if order.order_id == call.target]
        return SandboxReply.of({"code": "OK", "order": rows[0]} if rows else {"code": "UNKNOWN"})

    def complain(self, call: SandboxCall, complaint: Complaint) -> SandboxReply:
        return SandboxReply.of({"code": {"throttle": "TOO_FAST", "auth": "BAD_SIGN"}.get(complaint.kind, "REFUSED")})


def page_of(orders: list[api.Order], form: dict[str, str]) -> dict[str, Any]:
    """Fifty at most, behind the place where the last page ended: a place in time, not a page's number."""
    since, until = api.china_time(form["since"]), api.china_time(form["until"])
    places = {f"{api.china_text(order.modified_at)} {order.order_id}": order for order in orders}
    due = [place for place in sorted(places) if since <= places[place].modified_at < until and place > form["after"]]
    following = due[49] if len(due) > 50 else ""
    return {"orders": [order_row(places[place]) for place in due[:50]], "next": following}


def order_row(order: api.Order) -> dict[str, Any]:
    """An order of the world as Pigeon tells it."""
    words = {ours: theirs for theirs, ours in STATUSES.items()}
    moments = {"paid_at": order.paid_at, "shipped_at": order.shipped_at}
    return {
        "number": order.order_id,
        "state": words[order.status],
        "created_at": api.china_text(order.created_at),
        "changed_at": api.china_text(order.modified_at),
        "amount": str(order.amount),
        "receiver": {name: getattr(order.receiver, name) for name in ("name", "phone", "province", "city", "detail")},
        "remark": order.remark,
        "lines": [line_row(line) for line in order.lines],
        **{name: api.china_text(moment) if moment else "" for name, moment in moments.items()},
    }


def line_row(line: api.OrderLine) -> dict[str, Any]:
    """A line of an order as Pigeon tells it."""
    texts = {name: getattr(line, name) for name in ("line_id", "title", "sku", "courier", "waybill", "quantity")}
    return texts | {"paid": str(line.paid)}
