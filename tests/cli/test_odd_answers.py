"""What a marketplace or a courier tells out of shape is set aside and told; all else goes on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from asctl.api import HttpAnswer, HttpRequest
from asctl.transport.wire import Wire
from tests.command_support import Command
from tests.plugin_support import install
from tests.sandbox_support import BOTH_STORES, SandboxSite

LIST, ORDER = "taobao.trades.sold.increment.get", "taobao.trade.fullinfo.get"
REFUNDS, REFUND = "taobao.refunds.receive.get", "taobao.refund.get"
STO = "773012345678901"
STALL = """
from asctl.api import API_VERSION, Capability, ChangesLimits, OrderRef, ProviderSpec, hookimpl

@hookimpl
def asctl_order_sources():
    sources = (Capability("OrderSource", ChangesLimits()), Capability("AfterSaleSource", ChangesLimits()))
    return [ProviderSpec(id="stall", title="", api_version=API_VERSION, factory="fake_stall:Stall", capabilities=sources)]

class Stall:
    def __init__(self, context):
        self.context = context

    def changed_orders(self, since, until):
        yield {page}

    def changed_after_sales(self, since, until):
        yield {page}

    def order(self, order_id):
        return order_id
"""
Spoil = Callable[..., None]


@pytest.fixture
def spoil(monkeypatch: pytest.MonkeyPatch) -> Spoil:
    """``spoil(operation, member, value, **members)``: in its answers, objects whose ``member`` is ``value`` (or that
    have it at all, for ``None``) get these members."""
    send = Wire.exchange
    spoilt: list[tuple[str, str, str | None, dict[str, object]]] = []

    def exchange(self: Wire, request: HttpRequest, *rest: Any) -> HttpAnswer:
        answer = send(self, request, *rest)
        for operation, member, value, members in spoilt:
            if request.operation == operation:
                whole = json.loads(answer.body)
                for part in objects(whole):
                    if member in part and value in (None, str(part[member])):
                        part.update(members)
                answer = replace(answer, body=json.dumps(whole).encode())
        return answer

    def spoil(operation: str, member: str, value: str | None, **members: object) -> None:
        spoilt.append((operation, member, value, members))

    monkeypatch.setattr(Wire, "exchange", exchange)
    return spoil


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object within a JSON value."""
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(part)


def returning(sandbox: SandboxSite) -> list[dict[str, Any]]:
    """The refunds whose goods come back with a waybill."""
    sales = sandbox.state()["after_sales"]
    return [sale for sale in sales if sale["kind"] == "return" and sale["return_waybill"]]


@BOTH_STORES
def test_half_an_emoji_is_stored_as_a_mark(sandbox: SandboxSite, asctl: Command, spoil: Spoil) -> None:
    """Half characters and NUL in what buyers write reach the store as U+FFFD and stop nothing."""
    spoil(ORDER, "buyer_message", None, buyer_message="杯\ud83d盖\0")
    result = asctl("order", "sync")
    assert (result.code, result.record["stored"]) == (0, len(sandbox.state()["orders"]))
    messages = {record["buyer_message"] for record in asctl("order", "list", "--reveal").records}
    assert "杯\ufffd盖\ufffd" in messages


def test_an_order_out_of_shape_is_set_aside(
    sandbox: SandboxSite, asctl: Command, spoil: Spoil, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told by its number with exit 3, all others are stored and the cursor moves; once it can be read, ``--since``
    brings it."""
    world = {order["order_id"] for order in sandbox.state()["orders"]}
    odd = max(world)
    spoil(ORDER, "tid", odd, created="yesterday")
    result = asctl("order", "sync")
    assert (result.code, result.record["status"], result.record["stored"]) == (3, "done", len(world) - 1)
    assert result.record["cursor"] is not None
    assert f"flagship: {odd} was set aside" in result.err
    assert {record["order_id"] for record in asctl("order", "list").records} == world - {odd}
    monkeypatch.undo()
    assert asctl("order", "sync", "--since", "2000-01-01").code == 0
    assert {record["order_id"] for record in asctl("order", "list").records} == world


def test_an_odd_row_of_the_list_of_orders_is_set_aside(sandbox: SandboxSite, asctl: Command, spoil: Spoil) -> None:
    """A row without a readable time is told by its number with exit 3, and holds up none of the others."""
    odd = max(sandbox.state()["orders"], key=lambda order: order["modified_at"])["order_id"]
    spoil(LIST, "tid", odd, modified="yesterday")
    result = asctl("order", "sync")
    assert (result.code, result.record["status"]) == (3, "done")
    assert f"flagship: {odd} was set aside" in result.err
    world = {order["order_id"] for order in sandbox.state()["orders"]}
    assert {record["order_id"] for record in asctl("order", "list").records} == world - {odd}


@pytest.mark.parametrize("operation", [REFUND, REFUNDS])
def test_an_application_out_of_shape_is_set_aside(
    sandbox: SandboxSite, asctl: Command, spoil: Spoil, operation: str
) -> None:
    """As a whole or as a row of its list: it is told by its number with exit 3, and all others arrive."""
    odd = returning(sandbox)[0]["after_sale_id"]
    spoil(operation, "refund_id", odd, created="yesterday")
    result = asctl("aftersale", "sync")
    assert (result.code, result.record["status"]) == (3, "done")
    assert result.record["cursor"] is not None
    assert f"flagship: {odd} was set aside" in result.err
    everything = {sale["after_sale_id"] for sale in sandbox.state()["after_sales"]}
    assert {record["after_sale_id"] for record in asctl("aftersale", "list").records} == everything - {odd}


def test_parcels_of_unknown_couriers_are_told_and_not_watched(
    sandbox: SandboxSite, asctl: Command, spoil: Spoil
) -> None:
    """A return sent with a courier nobody has a code for is counted on stderr; polls go on without it."""
    stray = returning(sandbox)[0]
    spoil(REFUND, "refund_id", stray["after_sale_id"], company_name="跨越速运")
    synced = asctl("aftersale", "sync")
    assert synced.code == 0
    assert "flagship: 1 parcels of couriers without a code of ours are not watched" in synced.err
    watched = {record["waybill"] for record in asctl("parcel", "list").records}
    assert watched
    assert stray["return_waybill"] not in watched
    assert asctl("parcel", "poll").code == 0


def test_odd_scans_are_counted_and_logged(sandbox: SandboxSite, asctl: Command, spoil: Spoil) -> None:
    """A scan without a readable time is counted by the poll; the log tells which, and ``track`` logs it as well."""
    sandbox.parcel(STO, (10, "PICKED_UP", "杭州市"), (2, "IN_TRANSIT", "嘉兴市"), courier="sto")
    asctl("parcel", "add", STO, "--courier", "sto")
    spoil("query", "areaName", "嘉兴市", time="soon", ftime="soon")
    spoil("query", "location", "嘉兴市", time="soon", ftime="soon")
    polled = asctl("parcel", "poll", "-v")
    assert (polled.code, polled.record["status"]) == (0, "PICKED_UP")
    assert "1 odd scans set aside" in polled.err
    assert f"kuaidi100: {STO}: scan" in polled.err
    sandbox.travel(1)
    assert f"kuaidi100: {STO}: scan" in asctl("track", STO, "--courier", "sto", "-v").err


@pytest.mark.parametrize("page", ["{}", "[OrderRef]", "({},)", "None"])
@pytest.mark.parametrize("group", ["order", "aftersale"])
def test_a_page_that_is_none_is_the_plugins_fault(
    sandbox: SandboxSite, asctl: Command, plugin_folder: Path, group: str, page: str
) -> None:
    """A plugin that returns something else than it promised is exit 15, told by its name, and moves no cursor."""
    install(plugin_folder, "stall", STALL.replace("{page}", page))
    sandbox.configure('[shops.stall]\nplugin = "stall"\n')
    result = asctl(group, "sync", "--shop", "stall")
    assert (result.code, result.record["error_family"], result.record["cursor"]) == (15, "plugin_broken", None)
    assert "plugin stall" in result.err


def test_an_order_that_is_none_is_the_plugins_fault(sandbox: SandboxSite, asctl: Command, plugin_folder: Path) -> None:
    """The same for a whole order that is no order."""
    install(plugin_folder, "stall", STALL.replace("{page}", '(OrderRef("1", until),)'))
    sandbox.configure('[shops.stall]\nplugin = "stall"\n')
    result = asctl("order", "sync", "--shop", "stall")
    assert (result.code, result.record["error_code"], result.record["cursor"]) == (15, "plugin_failed", None)
