"""Their side, for tests and ``asctl sandbox serve``: it checks what they check, and tells of a make-believe world."""

from typing import Any

from asctl.api import Order, OrderLine, china_text, china_time
from asctl.api.sandbox import Complaint, SandboxCall, SandboxReply, SandboxRequest, SandboxWorld
from asctl_pigeon.client import sign
from asctl_pigeon.mapping import STATUSES

SHOP = "pigeon"
_SECRET = "not-a-real-secret"
_PAGE = 50
_WORDS = {status: word for word, status in STATUSES.items()}
_COMPLAINTS = {"throttle": "TOO_FAST", "auth": "BAD_SIGN", "refuse": "REFUSED", "not_found": "UNKNOWN"}


class PigeonSandbox:
    """The far side of one shop."""

    def accounts(self, base_url: str) -> dict[str, Any]:
        """The account that the sandbox's configuration gets."""
        account = {"plugin": "pigeon", "base_url": base_url, "customer": "1001", "secret": _SECRET}
        return {"shops": {SHOP: account}}

    def identify(self, request: SandboxRequest) -> SandboxCall:
        """What is asked for, and about which order."""
        return SandboxCall(operation=request.path.strip("/"), target=request.form().get("number", ""))

    def answer(self, request: SandboxRequest, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        """The shop's own orders; those of other shops of the world are none of its business."""
        form = request.form()
        if form.get("sign") != sign(_SECRET, form):
            return SandboxReply.of({"code": "BAD_SIGN"})
        if call.operation == "shop":
            return SandboxReply.of({"code": "OK", "shop": SHOP})
        own = [order for order in world.orders.values() if order.shop == SHOP]
        if call.operation == "orders":
            return SandboxReply.of({"code": "OK"} | _page(own, form))
        rows = [_order(order) for order in own if order.order_id == call.target]
        return SandboxReply.of({"code": "OK", "order": rows[0]} if rows else {"code": "UNKNOWN"})

    def complain(self, call: SandboxCall, complaint: Complaint) -> SandboxReply:
        """A fault in their words."""
        return SandboxReply.of({"code": _COMPLAINTS[complaint.kind]})


def _page(orders: list[Order], form: dict[str, str]) -> dict[str, Any]:
    """Fifty at most, behind the place where the last page ended: a place in time, not a page's number."""
    since, until = china_time(form["since"]), china_time(form["until"])
    places = {f"{china_text(order.modified_at)} {order.order_id}": order for order in orders}
    due = [place for place in sorted(places) if since <= places[place].modified_at < until and place > form["after"]]
    following = due[_PAGE - 1] if len(due) > _PAGE else ""
    return {"orders": [_order(places[place]) for place in due[:_PAGE]], "next": following}


def _order(order: Order) -> dict[str, Any]:
    """An order of the world as Pigeon tells it."""
    moments = {"paid_at": order.paid_at, "shipped_at": order.shipped_at}
    return {
        "number": order.order_id,
        "state": _WORDS[order.status],
        "created_at": china_text(order.created_at),
        "changed_at": china_text(order.modified_at),
        "amount": str(order.amount),
        "receiver": {name: getattr(order.receiver, name) for name in ("name", "phone", "province", "city", "detail")},
        "remark": order.remark,
        "lines": [_line(line) for line in order.lines],
        **{name: china_text(moment) if moment else "" for name, moment in moments.items()},
    }


def _line(line: OrderLine) -> dict[str, Any]:
    """A line of an order as Pigeon tells it."""
    texts = {name: getattr(line, name) for name in ("line_id", "title", "sku", "courier", "waybill", "quantity")}
    return texts | {"paid": str(line.paid)}
