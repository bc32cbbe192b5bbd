"""``asctl pickup`` over the wire: the courier is asked once, the parcel is expected, watched, and given up again. What was
asked for is taken from the ledger and the world."""

from __future__ import annotations

import pytest

from tests.command_support import Command
from tests.pickup_support import CANCEL, FETCHED, HOME, ORDER, cases, pickups, request
from tests.sandbox_support import SandboxSite

ACCOUNTS = (("sf", "sf"), ("zto", "zto"), ("yto", "yto"), ("kuaidi100", "jd"))
TYPO = "RMA2601010001X"
AT_ONCE = ("sf", "zto", "yto")
"""Couriers that give the waybill with the order."""


@pytest.mark.parametrize(("account", "courier"), ACCOUNTS)
def test_a_courier_is_asked_once(sandbox: SandboxSite, asctl: Command, account: str, courier: str) -> None:
    """R10: one order reaches the courier, with the customer as sender and the warehouse as receiver; the same command again
    sends nothing."""
    (rma,) = cases(sandbox, asctl)
    result = request(asctl, rma, "--account", account, "--courier", courier)
    assert (result.code, result.record["submission"], result.record["effect"]) == (0, "accepted", "accepted")
    (made,) = pickups(sandbox)
    assert (made["plugin"], made["courier"], made["sender"]["phone"]) == (account, courier, "13900001111")
    assert (made["sender"]["name"], made["receiver"]["city"]) == ("李雷", "杭州市")
    assert rma in made["remark"]
    again = request(asctl, rma, "--account", account, "--courier", courier)
    assert (again.code, again.record["status"], again.record["error_code"]) == (0, "skipped", "already_done")
    assert len([entry for entry in sandbox.ledger(ORDER) if entry["applied"]]) == 1


@pytest.mark.parametrize("courier", AT_ONCE)
def test_its_parcel_is_expected_and_watched(sandbox: SandboxSite, asctl: Command, courier: str) -> None:
    """The waybill stands on the case at once, its parcel is a return under watch, and its scans make the pickup effective."""
    (rma,) = cases(sandbox, asctl)
    waybill = request(asctl, rma, "--courier", courier).record["waybill"]
    case = asctl("rma", "show", rma).record
    assert (case["waybill"], case["courier"]) == (waybill, courier)
    parcel = asctl("parcel", "show", waybill).record
    assert (parcel["direction"], parcel["rma"]) == ("return", rma)
    sandbox.travel(FETCHED)
    assert asctl("parcel", "poll").code == 0
    (listed,) = asctl("pickup", "list").records
    assert (listed["effect"], listed["parcel_status"], listed["rma"]) == ("effective", "PICKED_UP", rma)


@pytest.mark.parametrize("courier", AT_ONCE)
def test_taken_back_before_the_door(sandbox: SandboxSite, asctl: Command, courier: str) -> None:
    """A cancelled pickup leaves the case without a parcel, free for another courier; once fetched it is too late."""
    (rma,) = cases(sandbox, asctl)
    waybill = request(asctl, rma, "--courier", courier).record["waybill"]
    assert asctl("pickup", "cancel", rma, "--yes").code == 0
    assert [made["effect"] for made in pickups(sandbox)] == ["cancelled"]
    assert asctl("rma", "show", rma).record["waybill"] in (None, "")
    assert asctl("parcel", "show", waybill).record["open"] is False
    assert asctl("pickup", "cancel", rma, "--yes").record["status"] == "skipped"
    other = "yto" if courier != "yto" else "sf"
    assert request(asctl, rma, "--courier", other).code == 0
    sandbox.travel(FETCHED)
    late = asctl("pickup", "cancel", rma, "--yes")
    assert late.code == 3, late.err
    assert (late.code, late.record["status"], late.record["refusal"]) == (3, "refused", "CANNOT_CANCEL")


def test_nobody_comes_twice(sandbox: SandboxSite, asctl: Command) -> None:
    """While one courier is to come, another is not asked; nor where the customer has sent the goods himself."""
    first, second = cases(sandbox, asctl, 2)
    assert request(asctl, first, "--courier", "sf").code == 0
    elsewhere = request(asctl, first, "--courier", "yto")
    assert (elsewhere.code, elsewhere.record["error_code"]) == (3, "pickup_ordered")
    asctl("parcel", "add", "YT5555555555555", "--rma", second)
    sent = request(asctl, second, "--courier", "sf")
    assert (sent.code, sent.record["error_code"]) == (3, "already_on_its_way")
    assert len(pickups(sandbox)) == 1


def test_several_cases_in_one_parcel(sandbox: SandboxSite, asctl: Command) -> None:
    """R5: cases of one order travel together where that is said: one order at the courier, one waybill for both."""
    (rma,) = cases(sandbox, asctl)
    order = asctl("rma", "show", rma).record["order_id"]
    other = asctl("rma", "open", order, "--kind", "exchange", "--reason", "damaged").record["rma"]
    asctl("rma", "approve", other)
    result = request(asctl, rma, other, "--courier", "sf", "--together")
    assert result.end["counts"] == {"done": 1, "skipped": 1}
    (made,) = pickups(sandbox)
    assert rma in made["remark"]
    assert other in made["remark"]
    found = {asctl("rma", "show", number).record["waybill"] for number in (rma, other)}
    assert found == {made["waybill"]}
    assert {record["rma"] for record in asctl("rma", "scan", made["waybill"]).records} == {rma, other}


def test_before_approval_nobody_comes(sandbox: SandboxSite, asctl: Command) -> None:
    """R9, and what else speaks against it: an unapproved case, a withdrawn one, one that no goods come back for, a masked
    address, a courier that nobody named; each row says so and the good one is carried out."""
    good, withdrawn = cases(sandbox, asctl, 2)
    order = asctl("rma", "show", good).record["order_id"]
    raw = asctl("rma", "open", order, "--kind", "repair", "--reason", "quality").record["rma"]
    refund = asctl("rma", "open", order, "--kind", "refund_only", "--reason", "late").record["rma"]
    asctl("rma", "approve", refund)
    asctl("rma", "cancel", withdrawn, "--reason", "客户不退了")
    result = request(asctl, good, raw, refund, withdrawn, TYPO, "--courier", "sf")
    told = {record["rma"]: record["error_code"] for record in result.records}
    assert told == {
        good: None, raw: "not_approved", refund: "no_goods_back", withdrawn: "rma_cancelled", TYPO: "bad_rma_number",
    }  # fmt: skip
    assert len(pickups(sandbox)) == 1


def test_what_the_marketplace_masks_must_be_said(sandbox: SandboxSite, asctl: Command) -> None:
    """Without an address the courier would stand before the wrong door: the missing parts are named as options."""
    (rma,) = cases(sandbox, asctl)
    result = asctl("pickup", "request", rma, "--courier", "sf", "--yes")
    assert (result.code, result.record["error_code"]) == (3, "incomplete_address")
    assert "--phone" in result.err
    nobody = asctl("pickup", "request", rma, *HOME, "--yes")
    assert (nobody.code, nobody.record["error_code"]) == (3, "no_courier")
    assert sandbox.writes() == []


def test_a_lost_answer_is_looked_for(sandbox: SandboxSite, asctl: Command) -> None:
    """SF can be asked for our order number: an order whose answer was lost is found, and its waybill learned, without a
    second one."""
    (rma,) = cases(sandbox, asctl)
    sandbox.fault(f"sf:{ORDER}", "close_after")
    unclear = request(asctl, rma, "--courier", "sf")
    assert (unclear.code, unclear.record["status"]) == (4, "unclear")
    sandbox.travel(1)
    assert asctl("action", "reconcile").code == 0
    (made,) = pickups(sandbox)
    assert asctl("rma", "show", rma).record["waybill"] == made["waybill"]


def test_a_repeat_under_the_key(sandbox: SandboxSite, asctl: Command) -> None:
    """Kuaidi100 cannot be asked for our number, but drops repeats of it: ``reconcile --yes`` sends it once more, and one parcel
    is made."""
    (rma,) = cases(sandbox, asctl)
    sandbox.fault(f"kuaidi100:{ORDER}", "close_after")
    assert request(asctl, rma, "--courier", "jd").code == 4
    sandbox.travel(0.5)
    assert asctl("action", "reconcile", "--yes").code == 0
    (made,) = pickups(sandbox)
    assert asctl("rma", "show", rma).record["waybill"] == made["waybill"]


def test_a_withdrawn_case_stops_its_pickup(sandbox: SandboxSite, asctl: Command) -> None:
    """What was planned and is withdrawn before it leaves is not ordered."""
    first, second = cases(sandbox, asctl, 2)
    cut = request(asctl, first, second, "--courier", "sf", "--max-items", "1")
    assert cut.code == 12
    left = next(record for record in cut.records if record["status"] == "planned")
    asctl("rma", "cancel", left["rma"], "--reason", "客户不退了")
    resumed = asctl("batch", "resume", cut.end["batch_id"], "--yes")
    assert resumed.codes() == ["rma_cancelled"]
    assert len(pickups(sandbox)) == 1


def test_the_courier_gives_up(sandbox: SandboxSite, asctl: Command) -> None:
    """An order that the courier cancels by itself frees the case and leaves a task with the command for another one."""
    (rma,) = cases(sandbox, asctl)
    assert request(asctl, rma, "--account", "kuaidi100", "--courier", "jd").code == 0
    (made,) = pickups(sandbox)
    sandbox.parcel(made["waybill"], (0, "CANCELLED", "苏州市"), courier="jd")
    sandbox.travel(1)
    assert asctl("action", "reconcile").code == 0
    assert asctl("pickup", "list").record["effect"] == "ineffective"
    (task,) = [task for task in asctl("task", "list").records if task["kind"] == "pickup_failed"]
    assert task["next"].startswith(f"asctl pickup request {rma}")
    assert asctl("rma", "show", rma).record["waybill"] in (None, "")


def test_dry_run_orders_nothing(sandbox: SandboxSite, asctl: Command) -> None:
    """A rehearsal tells which account would be asked, and writes neither there nor here."""
    (rma,) = cases(sandbox, asctl)
    result = asctl("pickup", "request", rma, "--courier", "zto", *HOME, "--dry-run")
    assert (result.code, result.record["status"], result.record["account"]) == (0, "planned", "zto")
    assert sandbox.writes() == []
    assert asctl("action", "list").records == []
    assert CANCEL not in {entry["operation"] for entry in sandbox.ledger()}


def test_the_customer_ships_himself_while_a_courier_is_to_come(sandbox: SandboxSite, asctl: Command) -> None:
    """His waybill is refused until the courier is called off: nobody may choose between two parcels unseen."""
    (rma,) = cases(sandbox, asctl)
    request(asctl, rma, "--courier", "sf")
    for more in ((), ("--replace",)):
        refused = asctl("rma", "waybill", rma, "YT5555555555555", *more)
        assert (refused.code, refused.record["error_code"]) == (3, "pickup_ordered")
    assert f"asctl pickup cancel {rma}" in refused.err
    asctl("pickup", "cancel", rma, "--yes")
    assert asctl("rma", "waybill", rma, "YT5555555555555").code == 0


def test_a_companion_is_not_fetched_twice(sandbox: SandboxSite, asctl: Command) -> None:
    """Two cases whose pickup is not known to have arrived: neither of them is ordered alone elsewhere."""
    (rma,) = cases(sandbox, asctl)
    order = asctl("rma", "show", rma).record["order_id"]
    other = asctl("rma", "open", order, "--kind", "exchange", "--reason", "damaged").record["rma"]
    asctl("rma", "approve", other)
    sandbox.fault(f"sf:{ORDER}", "close_after")
    assert request(asctl, rma, other, "--courier", "sf", "--together").code == 4
    elsewhere = request(asctl, other, "--courier", "yto")
    assert (elsewhere.code, elsewhere.record["error_code"]) == (3, "pickup_ordered")
    assert len(pickups(sandbox)) == 1


def test_a_withdrawn_case_leaves_a_task(sandbox: SandboxSite, asctl: Command) -> None:
    """Whoever withdraws a case that a courier is to come for is told, and a task names the command until it is done."""
    (rma,) = cases(sandbox, asctl)
    request(asctl, rma, "--courier", "sf")
    told = asctl("rma", "cancel", rma, "--reason", "客户不退了")
    assert f"asctl pickup cancel {rma}" in told.err
    (task,) = [task for task in asctl("task", "list").records if task["kind"] == "call_off_pickup"]
    assert task["next"] == f"asctl pickup cancel {rma}"
    assert asctl("pickup", "cancel", rma, "--yes").code == 0
    assert "call_off_pickup" not in {task["kind"] for task in asctl("task", "list").records}


def test_what_nobody_can_look_for_needs_a_person(sandbox: SandboxSite, asctl: Command) -> None:
    """ZTO tells nothing of an order whose answer was lost: the hint says so, and the first look hands it to a person."""
    (rma,) = cases(sandbox, asctl)
    sandbox.fault(f"zto:{ORDER}", "close_after")
    lost = request(asctl, rma, "--courier", "zto")
    assert lost.code == 4
    assert "asctl action resolve" in lost.err
    sandbox.travel(1)
    asctl("action", "reconcile")
    assert asctl("action", "list", "--kind", "pickup").record["state"] == "needs_person"


def test_what_comes_next_for_a_case(sandbox: SandboxSite, asctl: Command) -> None:
    """While the courier is to come without a waybill, the pickup; once he is called off, the label again."""
    (rma,) = cases(sandbox, asctl)
    assert request(asctl, rma, "--account", "kuaidi100", "--courier", "yunda").code == 0
    assert asctl("rma", "show", rma).record["next"] == f"asctl pickup list --rma {rma}"
    assert asctl("pickup", "list", "--rma", rma).record["rma"] == rma
    assert asctl("pickup", "cancel", rma, "--yes").code == 0
    assert asctl("rma", "show", rma).record["next"] == f"asctl label render {rma}"


@pytest.mark.parametrize(("account", "courier"), ACCOUNTS)
def test_told_to_call_less_often(sandbox: SandboxSite, asctl: Command, account: str, courier: str) -> None:
    """Whatever words a courier has for it: nothing is ordered, the row stays planned, exit 5, and a resume sends it."""
    (rma,) = cases(sandbox, asctl)
    sandbox.fault(f"{account}:{ORDER}", "throttle", seconds=5)
    told = request(asctl, rma, "--account", account, "--courier", courier)
    assert (told.code, told.record["status"], told.record["error_family"]) == (5, "planned", "throttled")
    sandbox.mend()
    sandbox.travel(0.2)
    assert asctl("batch", "resume", told.end["batch_id"], "--yes").code == 0
    assert len(pickups(sandbox)) == 1


def test_what_is_fetched_alone_brings_no_companion(sandbox: SandboxSite, asctl: Command) -> None:
    """Once a courier is to come for one case, asking for it together with another is no repeat: the other's goods were never
    ordered, and nobody is told so."""
    (rma,) = cases(sandbox, asctl)
    assert request(asctl, rma, "--account", "kuaidi100", "--courier", "yunda").code == 0
    order = asctl("rma", "show", rma).record["order_id"]
    other = asctl("rma", "open", order, "--kind", "exchange", "--reason", "damaged").record["rma"]
    asctl("rma", "approve", other)
    both = request(asctl, rma, other, "--account", "kuaidi100", "--courier", "yunda", "--together")
    assert (both.code, both.codes()) == (3, ["pickup_ordered", "pickup_ordered"])
    assert request(asctl, other, "--courier", "sf").code == 0
    assert len(pickups(sandbox)) == 2
