"""TOP's gateway for the loopback world: one path, many methods, real signatures (reference/taobao-top.md section 1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count

from asctl.api import china_text
from asctl.api.sandbox import SENDER_PHONE, Complaint, SandboxCall, SandboxReply, SandboxRequest, SandboxWorld
from asctl_taobao.client import WITHOUT_SESSION
from asctl_taobao.multipart import unpacked
from asctl_taobao.sandbox_applications import Applications
from asctl_taobao.sandbox_decisions import Decisions
from asctl_taobao.sandbox_exchanges import Exchanges
from asctl_taobao.sandbox_gate import (
    Asked,
    Credentials,
    Declined,
    TopError,
    check_arguments,
    check_call,
    check_sub_account,
    service_error,
    session_refused,
)
from asctl_taobao.sandbox_interceptions import Interceptions
from asctl_taobao.sandbox_invoice_results import InvoiceResults
from asctl_taobao.sandbox_logistics import Logistics
from asctl_taobao.sandbox_refunds import Refunds
from asctl_taobao.sandbox_shapes import Member, chosen
from asctl_taobao.sandbox_states import no_such_exchange
from asctl_taobao.sandbox_trades import Trades
from asctl_taobao.wire import SUBJECTS, root_of

PATH = "/router/rest"
SHOP = "flagship"
NICK = "示例旗舰店"
CREDENTIALS = Credentials(
    "20990001", "sandbox-secret-not-real", "sandbox-session-not-real", "sandbox-sub-account-not-real"
)


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the gateway; ``write`` says that it changes the world, ``sub_account`` whose session it wants."""

    carry_out: Callable[[SandboxWorld, Asked], Member]
    required: tuple[str, ...] = ()
    write: bool = False
    sub_account: bool = False


class TaobaoSandbox:
    """The far side of :class:`asctl_taobao.provider.Taobao`, with the one shop ``flagship``."""

    def __init__(self) -> None:
        self._methods = {**_reading(), **_deciding(), **_invoicing()}
        self._requests = count(1)

    def accounts(self, base_url: str) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
        """The shop's section of the configuration; its secrets are invented."""
        shop = {
            "plugin": "taobao",
            "base_url": base_url.rstrip("/") + PATH,
            "app_key": CREDENTIALS.app_key,
            "app_secret": CREDENTIALS.app_secret,
            "session": CREDENTIALS.session,
            "agree_session": CREDENTIALS.sub_account_session,
            "return_name": "示例仓",
            "return_phone": SENDER_PHONE,
            "return_address": "浙江省杭州市余杭区示例路9号",
            "sender_phone": SENDER_PHONE,
            "calls_per_second": 1000,
        }
        return {"shops": {SHOP: shop}}

    def identify(self, request: SandboxRequest) -> SandboxCall:
        """The method, and the order or application it is about; of several refunds the first, with all as the key, and of an
        invoice its number as the key."""
        sent, _files = _sent(request)
        name = sent.get("method", "")
        method = self._methods.get(name)
        refunds = [info.partition("|")[0] for info in sent.get("refund_infos", "").split(",") if info]
        target = next((sent[number] for number in SUBJECTS if number in sent), next(iter(refunds), ""))
        return SandboxCall(
            name or "unknown", bool(method and method.write), target, ",".join(refunds) or sent.get("invoice_no", "")
        )

    def answer(self, request: SandboxRequest, call: SandboxCall, world: SandboxWorld) -> SandboxReply:
        """Every answer of the gateway has status 200, complaints too."""
        if request.path != PATH:
            return SandboxReply(b"<html><body>404</body></html>", status=404, content_type="text/html")
        sent, files = _sent(request)
        try:
            method = self._let_in(sent, world)
            member = method.carry_out(world, Asked(sent, files))
        except TopError as complaint:
            return self._complaint(complaint)
        except Declined as no:
            return self._reply(root_of(call.operation), no.member, applied=False)
        return self._reply(root_of(call.operation), member, applied=method.write)

    def complain(self, call: SandboxCall, complaint: Complaint) -> SandboxReply:
        """A fault in the gateway's words."""
        if complaint.kind == "throttle":
            words = f"This ban will last for {complaint.seconds} more seconds"
            return self._complaint(TopError(7, "App Call Limited", "accesscontrol.limited-by-api-access-count", words))
        if complaint.kind == "auth":
            return self._complaint(session_refused())
        if complaint.kind == "refuse":
            return self._complaint(service_error(f"isv.{complaint.reason or 'sandbox-refused'}", "业务校验未通过"))
        if call.operation == "tmall.exchange.get":
            return self._reply(root_of(call.operation), no_such_exchange(), applied=False)
        return self._complaint(service_error("isv.trade-not-exist", "交易订单不存在"))

    def _let_in(self, sent: Mapping[str, str], world: SandboxWorld) -> Method:
        """The method asked for, once the call has brought what it must. Raises :class:`TopError`."""
        name = sent.get("method", "")
        if not name:
            raise TopError(21, "Missing method")
        if name not in self._methods:
            raise TopError(22, "Invalid method")
        method = self._methods[name]
        check_call(sent, world, CREDENTIALS, session=name not in WITHOUT_SESSION)
        if method.sub_account:
            check_sub_account(sent, CREDENTIALS)
        check_arguments(sent, method.required)
        return method

    def _complaint(self, complaint: TopError) -> SandboxReply:
        return self._reply("error_response", complaint.member, applied=False)

    def _reply(self, root: str, member: Member, *, applied: bool) -> SandboxReply:
        return SandboxReply.of({root: {**member, "request_id": f"sandbox{next(self._requests):08d}"}}, applied=applied)


def _sent(request: SandboxRequest) -> tuple[dict[str, str], dict[str, bytes]]:
    """Texts and files. Texts may travel in the address, in the body or in both; empty ones count as not sent."""
    fields, files = unpacked(request.headers.get("content-type", ""), request.body)
    texts = {**request.query, **(fields or request.form())}
    return {name: value for name, value in texts.items() if value}, files


def _reading() -> dict[str, Method]:
    """What leaves the world as it is, and the orders' own writes."""
    trades, refunds, logistics = Trades(SHOP, NICK), Refunds(SHOP), Logistics(SHOP)
    one = ("fields", "tid")
    return {
        "taobao.time.get": Method(_time),
        "taobao.user.seller.get": Method(_seller, ("fields",)),
        "taobao.trades.sold.get": Method(trades.sold, ("fields",)),
        "taobao.trades.sold.increment.get": Method(trades.changed, ("fields", "start_modified", "end_modified")),
        "taobao.trade.get": Method(trades.trade, one),
        "taobao.trade.fullinfo.get": Method(trades.full, one),
        "taobao.trade.memo.add": Method(trades.add_memo, ("tid", "memo"), write=True),
        "taobao.trade.memo.update": Method(trades.update_memo, ("tid",), write=True),
        "taobao.trade.shippingaddress.update": Method(trades.change_receiver, ("tid",), write=True),
        "taobao.refunds.receive.get": Method(refunds.refunds, ("fields",)),
        "taobao.refund.get": Method(refunds.refund, ("fields", "refund_id")),
        "tmall.exchange.receive.get": Method(refunds.exchanges, ("fields",)),
        "tmall.exchange.get": Method(refunds.exchange, ("dispute_id", "fields")),
        "taobao.logistics.trace.get": Method(logistics.traces, ("tid",)),
        "taobao.logistics.trace.search": Method(logistics.trace, ("tid",)),
        "taobao.logistics.address.search": Method(logistics.addresses),
        "taobao.logistics.companies.get": Method(logistics.companies, ("fields",)),
    }


def _deciding() -> dict[str, Method]:
    """Decisions on applications; required is what a Tmall shop must send."""
    decisions, exchanges, interceptions = Decisions(SHOP), Exchanges(SHOP), Interceptions(SHOP)
    version = ("refund_id", "refund_phase", "refund_version")
    review = (*version, "operator", "message", "result")
    refusal = (*version, "refuse_message", "refuse_reason_id")
    place = (*version, "remark", "seller_address_id")
    exchange, reason = ("dispute_id", "fields"), ("dispute_id", "seller_refuse_reason_id")
    return {
        "taobao.rp.refund.review": Method(decisions.review, review, write=True),
        "taobao.rp.refunds.agree": Method(decisions.pay, ("refund_infos",), write=True, sub_account=True),
        "taobao.rp.returngoods.agree": Method(decisions.agree_return, place, write=True),
        "taobao.refund.refuse": Method(decisions.refuse, refusal, write=True),
        "taobao.refund.refusereason.get": Method(decisions.reasons, ("refund_id", "refund_phase", "fields")),
        "taobao.rp.refund.intercept": Method(interceptions.intercept, ("refund_id", "refund_version"), write=True),
        "tmall.exchange.agree": Method(exchanges.agree, (*exchange, "address_id"), write=True),
        "tmall.exchange.refuse": Method(exchanges.refuse, (*reason, "fields"), write=True),
        "tmall.exchange.refusereason.get": Method(exchanges.reasons, exchange),
        "tmall.exchange.returngoods.agree": Method(exchanges.take_back, exchange, write=True),
        "tmall.exchange.returngoods.refuse": Method(exchanges.refuse_goods, reason, write=True),
    }


def _invoicing() -> dict[str, Method]:
    """Applications for invoices, and what came of them."""
    applications, results = Applications(SHOP), InvoiceResults(SHOP)
    return {
        "alibaba.einvoice.apply.get": Method(applications.applications, ("platform_tid",)),
        "alibaba.einvoice.payout.get": Method(applications.overdue, ("page_no", "page_size")),
        "alibaba.einvoice.core.inv.upload": Method(results.upload, ("source",), write=True),
        "alibaba.einvoice.create.result.get": Method(results.results, ("payee_register_no",)),
    }


def _time(world: SandboxWorld, _asked: Asked) -> Member:
    return {"time": china_text(world.now())}


def _seller(_world: SandboxWorld, asked: Asked) -> Member:
    return {"user": chosen({"user_id": 2000000001, "nick": NICK, "type": "B"}, asked.names("fields"))}
