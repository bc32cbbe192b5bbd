"""``asctl intercept`` some time after the request: what was planned is checked again, what comes back is no trouble, and the
list tells when it was asked."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from asctl.domain.tasks import TaskState
from tests.command_support import Command, Result
from tests.interception_support import QUICK_TO_DOUBT, applied, effects, request, tasks, under_way
from tests.sandbox_support import SandboxSite

LEFT = ("--max-items", "1", "--jobs", "1")
PLACE = ("--province", "浙江省", "--city", "杭州市", "--district", "西湖区", "--detail", "文三路90号")
WHO = ("--name", "李雷", "--phone", "13800001111")
VERBS = {"intercept": ("intercept", "request"), "address_change": ("address", "change")}


def left_planned(sandbox: SandboxSite, asctl: Command, operation: str, *options: str) -> str:
    """Ask for two parcels with a limit of one; the waybill of the other one, which was delivered before the resume."""
    _first, second = waybills = under_way(sandbox, asctl, "yto", "yto")
    told = (*PLACE, *WHO) if operation == "address_change" else ()
    assert asctl(*VERBS[operation], *waybills, *told, *options, "--yes", *LEFT).code == 12
    delivered(sandbox, asctl, second)
    return second


def delivered(sandbox: SandboxSite, asctl: Command, waybill: str) -> None:
    """The parcel is signed for, and the store learns it; the ledger is empty."""
    sandbox.parcel(waybill, (0, "DELIVERED", "杭州市"))
    sandbox.travel(0.5)
    assert asctl("parcel", "poll").code == 0
    sandbox.forget()


def resumed(asctl: Command, waybill: str) -> Result:
    """Resume the only batch; its record of one parcel is what counts."""
    result = asctl("batch", "resume", "B1", "--yes")
    assert [record["input"] for record in result.records if record["input"]] == [waybill]
    return result


@pytest.mark.parametrize("operation", VERBS)
def test_signed_since_it_was_planned(sandbox: SandboxSite, asctl: Command, operation: str) -> None:
    """A resume sends nothing for a parcel that was delivered meanwhile: the row ends ``already_delivered``."""
    waybill = left_planned(sandbox, asctl, operation)
    result = resumed(asctl, waybill)
    (row,) = [record for record in result.records if record["input"]]
    assert (result.code, row["status"], row["error_code"]) == (3, "refused", "already_delivered")
    assert sandbox.ledger(operation) == []
    assert asctl("batch", "show", "B1").records[1]["status"] == "refused"


@pytest.mark.parametrize("operation", VERBS)
def test_what_was_allowed_then_is_allowed_now(sandbox: SandboxSite, asctl: Command, operation: str) -> None:
    """``--allow-signed`` is on record with the action: the courier itself is asked, and refuses."""
    waybill = left_planned(sandbox, asctl, operation, "--allow-signed")
    assert resumed(asctl, waybill).code == 3
    assert [entry["target"] for entry in sandbox.ledger(operation)] == [waybill]


def test_allowed_after_it_was_planned(sandbox: SandboxSite, asctl: Command) -> None:
    """The same command with ``--allow-signed`` takes the place of what was planned without."""
    waybill = left_planned(sandbox, asctl, "intercept")
    assert request(asctl, waybill, "--allow-signed").code == 3
    assert [entry["target"] for entry in sandbox.ledger("intercept")] == [waybill]


def troubles(asctl: Command, *waybills: str) -> list[tuple[str, str, str]]:
    """The ``solve_trouble`` tasks, open or closed, of these parcels: number, waybill, state."""
    told = [task for state in TaskState for task in tasks(asctl, "solve_trouble", state.value)]
    return [(task["task"], task["waybill"], task["state"]) for task in told if task["waybill"] in waybills]


def test_what_we_called_back_is_no_trouble(sandbox: SandboxSite, asctl: Command) -> None:
    """The way back of an intercepted parcel opens no ``solve_trouble``, until it is with us; that of another one does."""
    ours, theirs = under_way(sandbox, asctl, "yto", "yto")
    request(asctl, ours)
    sandbox.parcel(theirs, (0, "RETURNING", "杭州市"))
    for _poll in range(4):
        sandbox.travel(12)
        asctl("parcel", "poll")
        assert [waybill for _task, waybill, _state in troubles(asctl, ours, theirs)] == [theirs]
    assert effects(asctl) == {ours: "effective"}


def test_the_scan_itself_may_prove_that_we_called_it_back(sandbox: SandboxSite, asctl: Command) -> None:
    """An interception whose answer was lost turns out to have arrived when the parcel turns back: that is no trouble either."""
    (waybill,) = under_way(sandbox, asctl, "yto")
    sandbox.configure(QUICK_TO_DOUBT)
    sandbox.fault("yto:intercept", "close_after")
    assert request(asctl, waybill).code == 4
    sandbox.travel(6)
    asctl("parcel", "poll")
    assert effects(asctl) == {waybill: "effective"}
    assert troubles(asctl, waybill) == []


def test_the_list_tells_when_it_was_asked(sandbox: SandboxSite, asctl: Command) -> None:
    """``--since`` takes a moment or a distance, and leaves out what was asked before; the table shows the moment."""
    first, second = under_way(sandbox, asctl, "yto", "yto")
    request(asctl, first)
    sandbox.travel(30)
    between = sandbox.now().isoformat()
    sandbox.travel(1)
    assert request(asctl, second).code == 0
    asked = asctl("intercept", "list").of(second)["requested_at"]
    assert timedelta() <= sandbox.now() - datetime.fromisoformat(asked) < timedelta(minutes=1)
    for since in ("2h", between, asked):
        assert [record["waybill"] for record in asctl("intercept", "list", "--since", since).records] == [second]
    assert len(asctl("intercept", "list", "--since", "2d").records) == 2
    heads = asctl("intercept", "list", "-o", "table").out.splitlines()[0].split()
    assert "requested_at" in heads


def test_what_is_no_moment_is_misuse(asctl: Command) -> None:
    """As at the other lists: exit 2, and how to write one."""
    result = asctl("intercept", "list", "--since", "yesterday")
    assert (result.code, result.error["code"]) == (2, "bad_time")


def test_a_planned_one_counts_from_its_planning(sandbox: SandboxSite, asctl: Command) -> None:
    """What a limit left is in the list as well, at the time when it was planned."""
    waybills = under_way(sandbox, asctl, "yto", "yto")
    request(asctl, *waybills, *LEFT)
    sandbox.travel(3)
    assert len(asctl("intercept", "list", "--since", "4h").records) == 2
    assert asctl("intercept", "list", "--since", "1h").records == []
    assert len(applied(sandbox)) == 1
