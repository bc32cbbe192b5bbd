"""``asctl action``: what is on record of outgoing writes, and how one that nobody heard of again is settled."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from asctl.store.audit import audit_about
from asctl.store.opening import open_store
from tests.command_support import Command, Result
from tests.interception_support import QUICK_TO_DOUBT, applied, effects, request, tasks, under_way
from tests.sandbox_support import SandboxSite

MINUTES = (1, 1, 1, 1, 1, 5, 10, 20, 30, 60, 60)
A_MOMENT = 0.02
"""Hours after which a write that left within a second may be looked for."""


@pytest.fixture(autouse=True)
def quick_to_doubt(sandbox: SandboxSite) -> None:
    sandbox.configure(QUICK_TO_DOUBT)


def unclear(sandbox: SandboxSite, asctl: Command, courier: str, fault: str = "close_before") -> str:
    """A parcel of that courier whose interception, A1, got no answer; its waybill."""
    (waybill,) = under_way(sandbox, asctl, courier)
    sandbox.fault(f"{courier}:intercept", fault)
    result = request(asctl, waybill)
    assert (result.code, result.record["status"], result.record["action_id"]) == (4, "unclear", "A1")
    return waybill


def resolve(asctl: Command, as_: str, *actions: str) -> Result:
    return asctl("action", "resolve", *actions, "--as", as_, "--reason", "电话问过客服")


def action(asctl: Command, number: str = "A1") -> dict[str, object]:
    return asctl("action", "show", number).record


def keys(sandbox: SandboxSite) -> list[str]:
    return [entry["key"] for entry in sandbox.ledger("intercept")]


def trail(store_url: str, number: str) -> list[tuple[str, str | None]]:
    """What the audit says of an action, oldest first: what was done, and the state it led to or the word that was given."""
    with closing(open_store(store_url)) as store, store.read() as tx:
        return [
            (entry.what, entry.detail.get("state") or entry.detail.get("as"))
            for entry in reversed(list(audit_about(tx, number)))
        ]


def test_filters_of_the_list(sandbox: SandboxSite, asctl: Command) -> None:
    """State, kind, effect, batch, parcel and order each keep what they name; the newest comes first."""
    first, second = under_way(sandbox, asctl, "sf", "yto")
    sandbox.fault("yto:intercept", "close_before")
    request(asctl, first)
    request(asctl, second)

    def listed(*options: str) -> list[object]:
        return [record["action"] for record in asctl("action", "list", *options).records]

    assert listed() == ["A3", "A2", "A1"]
    assert listed("--state", "unclear") == ["A3"]
    assert listed("--state", "unclear", "--state", "done") == ["A3", "A2", "A1"]
    assert listed("--kind", "remark") == ["A2"]
    assert listed("--effect", "accepted") == ["A1"]
    assert listed("--batch", "B2") == ["A3"]
    assert listed("--waybill", first) == ["A1"]
    assert listed("--order", str(action(asctl)["order_id"])) == ["A2", "A1"]
    assert listed("--limit", "1") == ["A3"]


def test_each_state_names_the_next_command(sandbox: SandboxSite, asctl: Command) -> None:
    """Planned: resume; unclear: reconcile; done and cancelled: nothing."""
    waybills = under_way(sandbox, asctl, "sf", "yto", "zto")
    sandbox.fault("yto:intercept", "close_before")
    request(asctl, *waybills, "--jobs", "1", "--max-items", "2")
    told = {record["state"]: record["next"] for record in asctl("action", "list", "--kind", "intercept").records}
    assert told == {
        "done": None,
        "unclear": "asctl action reconcile",
        "planned": "asctl batch resume B1 --yes",
    }


def test_an_authoritative_look_finds_what_arrived(sandbox: SandboxSite, asctl: Command) -> None:
    """ZTO carried it out and the answer was lost: the look says so, nothing is sent again."""
    waybill = unclear(sandbox, asctl, "zto", "close_after")
    sandbox.travel(A_MOMENT)
    result = asctl("action", "reconcile")
    assert (result.code, result.record["status"], result.record["effect"]) == (0, "done", "accepted")
    assert applied(sandbox) == [waybill]


@pytest.mark.parametrize("way", ["resume", "reconcile"])
def test_what_surely_did_not_arrive_is_sent_once_more(sandbox: SandboxSite, asctl: Command, way: str) -> None:
    """Looked for late enough and not there: planned again, and told so; resume, or ``reconcile --yes``, sends it under the
    same key, and the remark follows."""
    waybill = unclear(sandbox, asctl, "zto")
    assert asctl("action", "reconcile").record["status"] == "unclear"
    sandbox.travel(A_MOMENT)
    looked = asctl("action", "reconcile")
    assert (looked.record["status"], looked.record["attempt"]) == ("planned", 1)
    assert "asctl batch resume B1 --yes" in looked.err
    sent = asctl(*(("batch", "resume", "B1") if way == "resume" else ("action", "reconcile")), "--yes")
    assert (sent.code, sent.end["counts"]) == (0, {"done": 2})
    assert (len(keys(sandbox)), len(set(keys(sandbox)))) == (2, 1)
    assert applied(sandbox) == [waybill]
    assert action(asctl)["attempt"] == 2
    assert {record["state"] for record in asctl("action", "list").records} == {"done"}


def test_a_dry_run_sends_nothing_again(sandbox: SandboxSite, asctl: Command) -> None:
    """``reconcile --yes --dry-run`` looks, and leaves the sending to another run."""
    unclear(sandbox, asctl, "zto")
    sandbox.travel(A_MOMENT)
    assert asctl("action", "reconcile", "--yes", "--dry-run").record["status"] == "planned"
    assert len(keys(sandbox)) == 1


def test_a_look_that_fails_is_no_evidence(sandbox: SandboxSite, asctl: Command) -> None:
    """A look that was not answered is told with its reason and proves nothing; the next one does."""
    (waybill,) = under_way(sandbox, asctl, "zto")
    request(asctl, waybill)
    sandbox.fault("zto:cancel_interception", "close_before")
    assert asctl("intercept", "cancel", waybill, "--yes").code == 4
    sandbox.fault("zto:interception_status", "status", code=503, times=0)
    sandbox.travel(A_MOMENT)
    blind = asctl("action", "reconcile")
    assert (blind.code, blind.record["status"], blind.record["error_code"]) == (4, "unclear", "look_failed")
    assert "503" in blind.record["error_message"]
    sandbox.mend()
    sandbox.travel(A_MOMENT)
    assert asctl("action", "reconcile").record["status"] == "planned"
    assert applied(sandbox, "cancel_interception") == []


def test_the_schedule_of_looks_ends_with_a_person(sandbox: SandboxSite, asctl: Command) -> None:
    """SF can be asked by nobody: looked at from the deadline on, each minute five times, then after 5, 10, 20, 30 and 60
    minutes, hourly until 24 hours are over; then a task says what a person must do, and the person's word closes it."""
    unclear(sandbox, asctl, "sf")
    due, made = str(action(asctl)["next_look_at"]), []
    assert due == action(asctl)["deadline"]
    while due:
        made.append(datetime.fromisoformat(due))
        assert len(made) < 100, made[-3:]
        looked = asctl("action", "reconcile", now=due).record
        due = str(looked["next_look_at"] or "")
    gaps = [(later - earlier) / timedelta(minutes=1) for earlier, later in pairwise(made)]
    assert tuple(gaps[: len(MINUTES)]) == MINUTES
    assert set(gaps[len(MINUTES) :]) == {60}
    assert timedelta(hours=23) < made[-1] - made[0] <= timedelta(hours=24)
    assert (looked["state"], looked["error_code"]) == ("needs_person", "needs_person")
    (task,) = tasks(asctl, "settle_action")
    assert task["next"] == action(asctl)["next"] == "asctl action resolve A1 --as done|absent --reason TEXT"
    assert resolve(asctl, "done", "A1").record["state"] == "done"
    assert tasks(asctl, "settle_action") == []
    assert len(tasks(asctl, "settle_action", "done")) == 1


def test_each_action_is_told_once_a_run(sandbox: SandboxSite, asctl: Command) -> None:
    """One record per action that was looked at, and one per action whose look is not due yet."""
    first, second = under_way(sandbox, asctl, "sf", "zto")
    sandbox.fault("sf:intercept", "close_before")
    sandbox.fault("zto:intercept", "close_before")
    request(asctl, first, second)
    due = str(action(asctl)["next_look_at"])
    for _run in range(2):
        result = asctl("action", "reconcile", now=due)
        assert (result.code, sorted(record["action"] for record in result.records)) == (4, ["A1", "A2"])
        assert result.end["counts"] == {"unclear": 2}


def test_a_parcel_that_turns_back_settles_it(sandbox: SandboxSite, asctl: Command) -> None:
    """SF carried it out and cannot be asked: the scan that shows the way back proves that the request arrived."""
    waybill = unclear(sandbox, asctl, "sf", "close_after")
    sandbox.travel(2.1)
    asctl("parcel", "poll")
    assert (action(asctl)["state"], effects(asctl)) == ("done", {waybill: "effective"})
    assert applied(sandbox) == [waybill]


def test_a_delivery_settles_nothing(sandbox: SandboxSite, asctl: Command) -> None:
    """That the parcel was delivered does not tell whether the request arrived."""
    waybill = unclear(sandbox, asctl, "sf")
    sandbox.travel(1)
    sandbox.parcel(waybill, (0, "DELIVERED", "杭州市"), courier="sf")
    sandbox.travel(0.1)
    asctl("parcel", "poll")
    assert asctl("parcel", "show", waybill).record["status"] == "DELIVERED"
    assert action(asctl)["state"] == "unclear"


def test_resolved_as_done(sandbox: SandboxSite, asctl: Command, store_url: str) -> None:
    """A person's word settles it: the remark follows with the next resume, and the audit says who said so."""
    waybill = unclear(sandbox, asctl, "yto", "close_after")
    result = resolve(asctl, "done", "A1")
    assert (result.code, result.record["state"], result.record["effect"]) == (0, "done", "accepted")
    assert "8012" in result.record["message"]
    assert "asctl batch resume B1 --yes" in result.err
    assert trail(store_url, "A1")[-2:] == [("action intercept", "done"), ("action resolve", "done")]
    resumed = asctl("batch", "resume", "B1", "--yes")
    assert [record["kind"] for record in resumed.records] == ["remark"]
    assert applied(sandbox) == [waybill]


@pytest.mark.parametrize("fault", ["close_before", "close_after"])
def test_resolved_as_absent(sandbox: SandboxSite, asctl: Command, store_url: str, fault: str) -> None:
    """It is planned again and, after a look, sent once more under the same key; a mistaken word does no harm where one can
    look: what arrived after all is found, and not sent again."""
    waybill = unclear(sandbox, asctl, "zto", fault)
    assert resolve(asctl, "absent", "A1").record["state"] == "planned"
    assert trail(store_url, "A1")[-1] == ("action resolve", "absent")
    assert asctl("batch", "resume", "B1", "--yes").code == 0
    assert (len(keys(sandbox)), len(set(keys(sandbox)))) == (2 if fault == "close_before" else 1, 1)
    assert applied(sandbox) == [waybill]
    assert action(asctl)["state"] == "done"


def test_a_planned_one_is_taken_back(sandbox: SandboxSite, asctl: Command) -> None:
    """Cancelled, it is sent by no resume; the same command may begin it anew."""
    first, second = under_way(sandbox, asctl, "sf", "sf")
    request(asctl, first, second, "--max-items", "1", "--jobs", "1")
    result = asctl("action", "cancel", "A2", "--reason", "客户改主意")
    assert (result.code, result.record["state"], result.record["message"]) == (0, "cancelled", "客户改主意")
    assert asctl("batch", "resume", "B1", "--yes").code == 0
    assert applied(sandbox) == [first]
    assert request(asctl, second).record["status"] == "done"
    assert applied(sandbox) == sorted([first, second])


def test_what_cannot_be_resolved_or_cancelled(sandbox: SandboxSite, asctl: Command) -> None:
    """Done is not in doubt; done and unclear were sent; unknown and mistyped numbers are told. Others go on."""
    first, second = under_way(sandbox, asctl, "sf", "yto")
    sandbox.fault("yto:intercept", "close_before")
    request(asctl, first, second)
    cancelled = asctl("action", "cancel", "A1", "A2", "A99", "X7")
    assert (cancelled.code, cancelled.codes()) == (3, ["not_planned", "not_planned", "unknown_action", "bad_action"])
    resolved = resolve(asctl, "absent", "A1", "99", "A2")
    assert (resolved.code, resolved.codes()) == (3, ["not_unclear", "unknown_action", None])
    assert [record["status"] for record in resolved.records] == ["refused", "failed", "done"]
    assert asctl("action", "show", "A99").code == 3


def test_marketplace_and_courier_disagree(sandbox: SandboxSite, asctl: Command) -> None:
    """The marketplace says signed, the courier says under way: shown in both places, refused, and done where somebody says
    ``--allow-signed``."""
    (waybill,) = under_way(sandbox, asctl, "yto", status="TRADE_BUYER_SIGNED")
    asctl("parcel", "poll")
    assert asctl("parcel", "show", waybill).record["disagreement"] == "marketplace_says_signed"
    refused = request(asctl, waybill)
    assert (refused.code, refused.record["status"], refused.codes()) == (3, "refused", ["sources_disagree"])
    assert sandbox.writes() == []
    assert request(asctl, waybill, "--allow-signed").code == 0
    shown = asctl("intercept", "list").record
    assert (shown["disagreement"], shown["parcel_status"]) == ("marketplace_says_signed", "PICKED_UP")


def test_a_word_that_is_missing_is_told_in_one_line(asctl: Command) -> None:
    """Without ``--as`` the words that it takes are listed, as people write lists."""
    result = asctl("action", "resolve", "A1", "--reason", "电话问过客服", "-o", "table")
    assert result.code == 2
    assert result.err == (
        "asctl: Missing option '--as'. Choose from: done, absent\n  see: asctl action resolve --help\n"
    )
