"""Demo's server side for the loopback world: one door for market, courier, invoices and chat.

A sandbox app reads a request and makes a reply. Ledger, faults, clock, latency and HTTP are the sandbox's. Everything is in
memory: orders, parcels and invoices are the world's, the rest is kept here.
"""

from __future__ import annotations

from collections.abc import Mapping

from asctl.api import as_text, json_object
from asctl.api.sandbox import SENDER_PHONE, Complaint, SandboxCall, SandboxReply, SandboxRequest, SandboxWorld
from asctl_demo import ID
from asctl_demo.errors import BAD_MEMBER, BAD_SIGN, NOT_FOUND, REFUSALS, TOO_FAST
from asctl_demo.sandbox_gate import ACCOUNT_KEY, SECRET, Keys, No, Result, let_in
from asctl_demo.sandbox_invoices import DRAWER, SELLER, SELLER_NAME, Desk
from asctl_demo.sandbox_market import SHOP, Market
from asctl_demo.sandbox_parcels import Courier
from asctl_demo.wire import OddShape, Row, time_text

PATH, FILES = "/api", "/files"
PARCELS, INVOICES, CHAT = "demo", "demo-invoices", "demo-chat"
"""The names of the accounts, beside the shop's: a name stands once in a configuration, whatever its section."""
_TARGETS = ("order", "after_sale", "waybill", "serial", "number", "key")
_FILE_STATUS = {"throttle": 429, "auth": 401, "not_found": 404}
_NOTHING: Mapping[str, Result] = {"track": {"parcels": []}, "applications": {"applications": []}}


class DemoSandbox:
    """The sandbox app of courier, invoices and chat. It serves the market as well, and names no account for it."""

    def __init__(self) -> None:
        self.notices: list[dict[str, str]] = []
        self._keys = Keys()
        self._desk = Desk()
        market, courier, desk = Market(), Courier(), self._desk
        self._reads = {**market.reads, **courier.reads, **desk.reads}
        self._writes = {**market.writes, **desk.writes}
        self._keyed = {**market.keyed, **courier.keyed, **desk.keyed}

    def accounts(self, base_url: str) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
        """Courier, invoices and chat. Files are told to be below ``base_url`` from here on."""
        self._desk.files = base_url.rstrip("/") + FILES
        seller = {
            "tax_no": SELLER,
            "seller_name": SELLER_NAME,
            "drawer": DRAWER,
            "goods_code": "1090511030000000000",
            "tax_rate": "0.13",
            "freight_code": "3010502020200000000",
            "freight_rate": "0.09",
        }
        account = _account(base_url)
        return {
            "couriers": {PARCELS: account},
            "invoices": {INVOICES: account | seller},
            "notifiers": {CHAT: account},
        }

    def identify(self, request: SandboxRequest) -> SandboxCall:
        """The call by its own name, with what it is about, for ledger and faults."""
        if request.path.startswith(FILES + "/"):
            return SandboxCall("file", target=request.path.rpartition("/")[2])
        asked = _asked(request)
        call = asked.text("call")
        write = call in self._writes or call in self._keyed or call in ("cancel", "notice")
        waybills = asked.members.get("waybills")
        told = [as_text(each) for each in waybills] if isinstance(waybills, list) else []
        target = ",".join(told) or next((text for name in _TARGETS if (text := asked.text(name))), "")
        return SandboxCall(call or "unknown", write, target, asked.text("key"))

    def answer(self, request: SandboxRequest, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        """Check as the real side would, then carry out. The status is 200 wherever the call was read."""
        if call.operation == "file":
            return self._file(call.target, world)
        if request.path != PATH or request.method != "POST":
            return SandboxReply(b"", status=404)
        try:
            let_in(request, world)
            result, applied = self._carry_out(call.operation, _asked(request), world)
        except No as no:
            return SandboxReply.of({"error": no.told})
        except OddShape as odd:
            return SandboxReply.of({"error": No(BAD_MEMBER, member=str(odd)).told})
        return SandboxReply.of({"result": result}, applied=applied)

    def complain(self, call: SandboxCall, complaint: Complaint) -> SandboxReply:
        """A fault in Demo's words: what the sandbox says where a rehearsal wants trouble. Files speak no JSON."""
        if call.operation == "file":
            return SandboxReply(b"", status=_FILE_STATUS.get(complaint.kind, 403))
        match complaint.kind:
            case "throttle":
                return SandboxReply.of({"error": {"code": TOO_FAST, "text": "slow down", "wait_s": complaint.seconds}})
            case "auth":
                return SandboxReply.of({"error": No(BAD_SIGN).told})
            case "not_found" if call.operation in _NOTHING:
                return SandboxReply.of({"result": _NOTHING[call.operation]})
            case "not_found":
                return SandboxReply.of({"error": No(NOT_FOUND).told})
        code = complaint.reason.lower()
        return SandboxReply.of({"error": No(code if code in REFUSALS else "refused", complaint.reason).told})

    def _carry_out(self, call: str, asked: Row, world: SandboxWorld) -> tuple[Result, bool]:
        """The result, and whether something was changed: a repeat under a key changes nothing."""
        if call in self._reads:
            return self._reads[call](asked, world), False
        if call in self._writes:
            return self._writes[call](asked, world), True
        if call in self._keyed:
            return self._keys.once(asked, lambda: self._keyed[call](asked, world))
        match call:
            case "whoami":
                return {"name": "Demo", "time": time_text(world.now())}, False
            case "request":
                return self._keys.look(asked), False
            case "cancel":
                return self._keys.cancel(asked)
            case "notice":
                return self._notice(asked), True
        raise No(BAD_MEMBER, member="call")

    def _notice(self, asked: Row) -> Result:
        self.notices.append({name: asked.text(name) for name in ("title", "text", "severity")})
        return {"number": f"N{len(self.notices)}"}

    def _file(self, name: str, world: SandboxWorld) -> SandboxReply:
        found = self._desk.file(name, world)
        if found is None:
            return SandboxReply(b"", status=404)
        body, media_type = found
        return SandboxReply(body, content_type=media_type)


class DemoMarketSandbox(DemoSandbox):
    """The same far side for a world of the market's own: with the shop among its accounts.

    The sandbox of all plugins is about one shop, since a second one makes half of all commands ask which is meant. Of the apps
    that a plugin names under one id the last is served there, and this is the first.
    """

    def accounts(self, base_url: str) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
        """The others' accounts and the shop."""
        shop = {
            "return_name": "演示仓",
            "return_phone": SENDER_PHONE,
            "return_address": "浙江省杭州市余杭区示例路10号",
            "sender_phone": SENDER_PHONE,
            "invoices": INVOICES,
        }
        return {**super().accounts(base_url), "shops": {SHOP: _account(base_url) | shop}}


def _account(base_url: str) -> dict[str, object]:
    return {"plugin": ID, "base_url": base_url, "key": ACCOUNT_KEY, "secret": SECRET, "calls_per_second": 1000}


def _asked(request: SandboxRequest) -> Row:
    """The body; empty where it is no JSON object."""
    try:
        return Row(json_object(request.body))
    except ValueError:
        return Row({})
