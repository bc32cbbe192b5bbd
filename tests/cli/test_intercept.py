"""``asctl intercept`` over the wire: who is asked, what it leaves behind, and what comes of it later. What was asked for is
taken from the ledger, what a courier did from the world."""

from __future__ import annotations

import pytest

from tests.command_support import Command
from tests.interception_support import applied, effects, orders_in, request, tasks, under_way
from tests.sandbox_support import SandboxSite

COURIERS = ("sf", "zto", "yto", "sto", "yunda")
CAN_TAKE_BACK = ("sf", "zto", "yto")
ACTED = 2.1
"""Hours after which the couriers of the world have acted on what was asked of them."""


def refunds(sandbox: SandboxSite, asctl: Command, waybill: str) -> str:
    """The buyer of a parcel applies for a refund, and we know; the number of the application."""
    order_id = orders_in(sandbox, waybill)[0]["order_id"]
    told = sandbox.control("POST", "aftersales", {"shop": "flagship", "order_id": order_id, "kind": "refund_only"})
    sandbox.travel(0.02)
    assert asctl("aftersale", "sync").code == 0
    sandbox.forget()
    return str(told["after_sale_id"])


def without_account(sandbox: SandboxSite, name: str) -> None:
    """Take a courier account out of the configuration."""
    parts = sandbox.info.config.read_text("utf-8").split("\n[")
    kept = [part for part in parts if not part.startswith(f"couriers.{name}]")]
    assert len(kept) == len(parts) - 1
    sandbox.info.config.write_text("\n[".join(kept), "utf-8")


def test_every_courier_is_asked_once(sandbox: SandboxSite, asctl: Command) -> None:
    """Own courier before aggregator; each far side carried out one write per waybill, and a yes is ``accepted``, not
    ``effective``; SF names its fee."""
    waybills = under_way(sandbox, asctl, *COURIERS)
    result = request(asctl, *waybills)
    assert (result.code, result.end["counts"]) == (0, {"done": 5})
    assert {(entry["plugin"], entry["target"]) for entry in sandbox.ledger("intercept")} == set(
        zip(("sf", "zto", "yto", "kuaidi100", "kuaidi100"), waybills, strict=True)
    )
    assert applied(sandbox) == sorted(waybills)
    assert {(record["submission"], record["effect"], record["route"]) for record in result.records} == {
        ("accepted", "accepted", "courier")
    }
    assert (result.of(waybills[0])["fee"], result.of(waybills[0])["currency"]) == ("12.00", "CNY")
    assert {result.of(waybill)["fee"] for waybill in waybills[1:]} == {None}


def test_the_remark_says_who_asked_and_when(sandbox: SandboxSite, asctl: Command) -> None:
    """T13: the order gets a line with waybill, reason, staff number and time, and a red flag, which ``--flag`` changes."""
    first, second = under_way(sandbox, asctl, "sf", "yto")
    begun = sandbox.now()
    assert request(asctl, first, "--reason", "地址写错").code == 0
    assert request(asctl, second, "--flag", "blue").code == 0
    orders = [*orders_in(sandbox, first), *orders_in(sandbox, second)]
    assert [order["flag"] for order in orders] == ["red", "blue"]
    wanted = (f"已申请拦截 {first}：地址写错 8012", f"已申请拦截 {second} 8012")
    for order, words in zip(orders, wanted, strict=True):
        assert order["remark"].splitlines()[-1] in {f"{words} {stamp}" for stamp in sandbox.stamps_since(begun)}


def test_every_order_of_the_parcel_gets_the_remark(sandbox: SandboxSite, asctl: Command) -> None:
    """A parcel of three orders, which must be allowed for, is asked for once and noted on all three."""
    waybill = under_way(sandbox, asctl, "yto", "yto", "yto", together=True)[0]
    assert request(asctl, waybill).codes() == ["several_orders"]
    assert sandbox.writes() == []
    assert request(asctl, waybill, "--allow-several-orders").code == 0
    assert applied(sandbox) == [waybill]
    lines = [order["remark"].splitlines()[-1] for order in orders_in(sandbox, waybill)]
    assert len(lines) == 3
    assert all(line.startswith(f"已申请拦截 {waybill} 8012 ") for line in lines)


def test_a_parcel_nobody_watched_is_watched_from_now_on(sandbox: SandboxSite, asctl: Command) -> None:
    """A parcel of no known order is asked for all the same, without a remark, and put under watch."""
    sandbox.parcel("YT1234567890123", (10, "PICKED_UP", "杭州市"), (2, "IN_TRANSIT", "嘉兴市"))
    result = request(asctl, "YT1234567890123")
    assert (result.code, result.record["order_id"]) == (0, None)
    assert [entry["operation"] for entry in sandbox.writes()] == ["intercept"]
    assert asctl("parcel", "show", "YT1234567890123").record["open"] is True


def test_a_repeat_asks_nobody(sandbox: SandboxSite, asctl: Command) -> None:
    """What was accepted is ``skipped`` when it is asked for again, and exit 0; with ``--again`` it is sent once more."""
    waybills = under_way(sandbox, asctl, *COURIERS)
    request(asctl, *waybills)
    sandbox.forget()
    repeat = request(asctl, *waybills)
    assert (repeat.code, repeat.end["counts"]) == (0, {"skipped": 5})
    assert set(repeat.codes()) == {"already_done"}
    assert sandbox.ledger() == []
    again = request(asctl, waybills[0], "--again")
    assert (again.code, again.record["status"]) == (0, "done")
    assert applied(sandbox) == [waybills[0]]


def test_a_dry_run_leaves_no_trace(sandbox: SandboxSite, asctl: Command) -> None:
    """``--dry-run`` shows the way each parcel would take, exits 0, and writes nothing: neither outside nor on record."""
    waybills = under_way(sandbox, asctl, *COURIERS)
    result = asctl("intercept", "request", *waybills, "--dry-run")
    assert (result.code, result.end["counts"], result.end["batch_id"]) == (0, {"planned": 5}, None)
    assert [result.of(waybill)["account"] for waybill in waybills] == ["sf", "zto", "yto", "kuaidi100", "kuaidi100"]
    assert {record["action_id"] for record in result.records} == {None}
    assert sandbox.writes() == []
    assert asctl("action", "list").records == asctl("batch", "list").records == []


def test_without_a_terminal_it_needs_yes(sandbox: SandboxSite, asctl: Command) -> None:
    """A script that does not say ``--yes`` gets exit 2, and nothing is sent or put on record."""
    waybills = under_way(sandbox, asctl, "sf", "zto")
    result = asctl("intercept", "request", *waybills)
    assert (result.code, result.error["code"]) == (2, "needs_yes")
    assert sandbox.ledger() == []
    assert asctl("action", "list").records == []


@pytest.mark.parametrize(("answer", "code", "sent"), [("y\n", 0, 2), ("n\n", 2, 0)])
def test_the_question_says_what_it_may_cost(
    sandbox: SandboxSite, asctl: Command, answer: str, code: int, sent: int
) -> None:
    """On a terminal it asks with the number of parcels, that it may cost, and that it mostly cannot be undone."""
    waybills = under_way(sandbox, asctl, "sf", "zto")
    result = asctl("intercept", "request", *waybills, stdin=answer, tty=True)
    assert result.code == code
    question = result.err.partition("[y/N]")[0]
    assert "2 parcels" in question
    assert "charge" in question
    assert "cannot undo" in question
    assert len(applied(sandbox)) == sent


def test_account_and_routing_choose(sandbox: SandboxSite, asctl: Command) -> None:
    """``--account`` and ``[routing]`` send a parcel of YTO to the aggregator, and the option wins over the routing."""
    first, second, third = under_way(sandbox, asctl, "yto", "yto", "yto")
    assert request(asctl, first, "--account", "kuaidi100").record["account"] == "kuaidi100"
    sandbox.configure('[routing.yto]\nintercept = "kuaidi100"')
    assert request(asctl, second).record["account"] == "kuaidi100"
    assert request(asctl, third, "--account", "yto").record["account"] == "yto"
    assert [entry["plugin"] for entry in sandbox.ledger("intercept")] == ["kuaidi100", "kuaidi100", "yto"]


def test_a_courier_that_nobody_intercepts_for(sandbox: SandboxSite, asctl: Command) -> None:
    """Without an account that can, the row is ``not_offered`` with exit 15, and the others go on."""
    mine, other = under_way(sandbox, asctl, "sto", "yto")
    without_account(sandbox, "kuaidi100")
    result = request(asctl, mine, other)
    assert (result.code, result.of(mine)["error_family"], result.of(mine)["error_code"]) == (
        15,
        "not_offered",
        "no_intercept",
    )
    assert applied(sandbox) == [other]


def test_an_account_of_another_courier(sandbox: SandboxSite, asctl: Command) -> None:
    """SF's account cannot call back a parcel of YTO: exit 15, nothing sent."""
    (waybill,) = under_way(sandbox, asctl, "yto")
    result = request(asctl, waybill, "--account", "sf")
    assert (result.code, result.codes()) == (15, ["no_intercept"])
    assert sandbox.writes() == []


def test_back_to_the_outlet(sandbox: SandboxSite, asctl: Command) -> None:
    """``--return-to outlet`` goes to whoever offers it: ZTO itself, the aggregator for SF; SF's own account: exit 15."""
    zto, sf, other = under_way(sandbox, asctl, "zto", "sf", "sf")
    result = request(asctl, zto, sf, "--return-to", "outlet")
    assert (result.code, result.of(zto)["account"], result.of(sf)["account"]) == (0, "zto", "kuaidi100")
    assert {made["kind"] for made in sandbox.state()["interceptions"]} == {"outlet"}
    named = request(asctl, other, "--return-to", "outlet", "--account", "sf")
    assert (named.code, named.codes()) == (15, ["no_intercept"])
    assert applied(sandbox) == sorted([zto, sf])


def test_a_shop_as_the_account(sandbox: SandboxSite, asctl: Command) -> None:
    """A shop asks its marketplace, on the ground of the refund; the result is read back from there."""
    (waybill,) = under_way(sandbox, asctl, "yto")
    refused = request(asctl, waybill, "--account", "flagship")
    assert (refused.code, refused.codes()) == (3, ["no_application"])
    application = refunds(sandbox, asctl, waybill)
    result = request(asctl, waybill, "--account", "flagship")
    assert (result.code, result.record["route"], result.record["effect"]) == (0, "marketplace", "accepted")
    assert applied(sandbox, "taobao.rp.refund.intercept") == [application]
    assert asctl("intercept", "status", waybill).record["effect"] == "accepted"
    sandbox.travel(ACTED)
    assert asctl("intercept", "status", waybill).record["effect"] == "effective"


def test_the_marketplace_where_no_courier_account_can(sandbox: SandboxSite, asctl: Command) -> None:
    """Without a courier account that can, the marketplace is asked where a refund was applied for; ``action reconcile``
    reads its answer."""
    (waybill,) = under_way(sandbox, asctl, "sto")
    application = refunds(sandbox, asctl, waybill)
    without_account(sandbox, "kuaidi100")
    result = request(asctl, waybill)
    assert (result.code, result.record["route"], result.record["account"]) == (0, "marketplace", "flagship")
    assert applied(sandbox, "taobao.rp.refund.intercept") == [application]
    sandbox.travel(ACTED)
    reconciled = asctl("action", "reconcile")
    assert (reconciled.code, reconciled.record["effect"]) == (0, "effective")


def test_scans_tell_what_came_of_it(sandbox: SandboxSite, asctl: Command) -> None:
    """``parcel poll`` moves every accepted interception to ``effective`` once the parcel turns back, and not before."""
    waybills = under_way(sandbox, asctl, *COURIERS)
    request(asctl, *waybills)
    asctl("parcel", "poll")
    assert set(effects(asctl).values()) == {"accepted"}
    sandbox.travel(6)
    asctl("parcel", "poll")
    assert effects(asctl) == dict.fromkeys(waybills, "effective")
    assert [record["waybill"] for record in asctl("intercept", "list", "--effect", "accepted").records] == []


@pytest.mark.parametrize("command", [("intercept", "status"), ("action", "reconcile")])
def test_zto_is_asked_what_came_of_it(sandbox: SandboxSite, asctl: Command, command: tuple[str, str]) -> None:
    """ZTO has a query: status and reconcile learn from it without a single scan in the store."""
    (waybill,) = under_way(sandbox, asctl, "zto")
    request(asctl, waybill)
    sandbox.travel(ACTED)
    sandbox.forget()
    result = asctl(*command, *([waybill] if command[1] == "status" else []))
    assert (result.code, result.record["effect"]) == (0, "effective")
    assert [entry["operation"] for entry in sandbox.ledger()] == ["interception_status"]
    assert asctl("intercept", "status", waybill, "--offline").record["effect"] == "effective"
    assert len(sandbox.ledger()) == 1


def test_what_shall_be_sent_instead_waits_for_the_parcel(sandbox: SandboxSite, asctl: Command) -> None:
    """R96: ``--ship-anew`` opens a task only when the interception is effective, and just one."""
    (waybill,) = under_way(sandbox, asctl, "yto")
    request(asctl, waybill, "--ship-anew", "SKU-1 红色")
    assert tasks(asctl, "ship_anew") == []
    sandbox.travel(ACTED)
    for _poll in range(2):
        asctl("parcel", "poll")
        sandbox.travel(1)
    (task,) = tasks(asctl, "ship_anew")
    assert (task["waybill"], task["order_id"]) == (waybill, orders_in(sandbox, waybill)[0]["order_id"])
    assert "SKU-1 红色" in task["why"]
    assert task["next"].startswith("asctl rma open")


def test_delivered_before_the_courier_could_act(sandbox: SandboxSite, asctl: Command) -> None:
    """Accepted and then delivered all the same is ``ineffective``: somebody must tell the customer, and nothing is sent anew."""
    (waybill,) = under_way(sandbox, asctl, "yto")
    request(asctl, waybill, "--ship-anew", "SKU-1")
    sandbox.travel(1)
    sandbox.parcel(waybill, (0, "DELIVERED", "杭州市"))
    sandbox.travel(ACTED)
    asctl("parcel", "poll")
    assert effects(asctl) == {waybill: "ineffective"}
    assert [task["waybill"] for task in tasks(asctl, "interception_failed")] == [waybill]
    assert tasks(asctl, "ship_anew") == []


def test_taken_back_and_asked_for_again(sandbox: SandboxSite, asctl: Command) -> None:
    """SF, ZTO and YTO take interceptions back before they have acted: the parcel goes on to its receiver, and a
    repeat is skipped. Asked for again, it is called back anew."""
    waybills = under_way(sandbox, asctl, *CAN_TAKE_BACK)
    request(asctl, *waybills)
    result = asctl("intercept", "cancel", *waybills, "--yes")
    assert (result.code, result.end["counts"]) == (0, {"done": 3})
    assert applied(sandbox, "cancel_interception") == sorted(waybills)
    assert {made["effect"] for made in sandbox.state()["interceptions"]} == {"cancelled"}
    assert effects(asctl) == dict.fromkeys(waybills, "cancelled")
    repeat = asctl("intercept", "cancel", *waybills, "--yes")
    assert (repeat.code, repeat.end["counts"]) == (0, {"skipped": 3})
    assert applied(sandbox, "cancel_interception") == sorted(waybills)
    again = request(asctl, *waybills)
    assert (again.code, again.end["counts"]) == (0, {"done": 3})
    standing = [made for made in sandbox.state()["interceptions"] if made["effect"] == "accepted"]
    assert sorted(made["waybill"] for made in standing) == sorted(waybills)


def test_the_aggregator_takes_nothing_back(sandbox: SandboxSite, asctl: Command) -> None:
    """Kuaidi100 offers no cancellation: exit 15, with a hint, and nothing is sent."""
    (waybill,) = under_way(sandbox, asctl, "sto")
    request(asctl, waybill)
    sandbox.forget()
    result = asctl("intercept", "cancel", waybill, "--yes")
    assert (result.code, result.codes()) == (15, ["cancel_not_offered"])
    assert sandbox.writes() == []
    assert effects(asctl) == {waybill: "accepted"}


def test_too_late_to_take_back(sandbox: SandboxSite, asctl: Command) -> None:
    """A courier that has acted refuses (``CANNOT_CANCEL``); once we know of it ourselves, nobody is asked."""
    waybills = under_way(sandbox, asctl, *CAN_TAKE_BACK)
    request(asctl, *waybills)
    sandbox.travel(ACTED)
    result = asctl("intercept", "cancel", *waybills, "--yes")
    assert (result.code, result.codes()) == (3, ["cannot_cancel"] * 3)
    assert {record["refusal"] for record in result.records} == {"CANNOT_CANCEL"}
    asctl("parcel", "poll")
    sandbox.forget()
    known = asctl("intercept", "cancel", *waybills, "--yes")
    assert (known.code, known.codes()) == (3, ["cannot_cancel"] * 3)
    assert sandbox.writes() == []
