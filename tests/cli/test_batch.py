"""Batches of outgoing writes: limits, faults in the middle, locks, and the resume that finishes them. Counted is what the far
side received."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import Any

import pytest

from asctl.domain.actions import Family
from asctl.services.contracts import lock_name
from asctl.store.locks import hold
from asctl.store.opening import open_store
from tests.command_support import Command, Result
from tests.interception_support import QUICK_TO_DOUBT, applied, request, under_way
from tests.sandbox_support import BOTH_STORES, SandboxSite

ONE_BY_ONE = ("--jobs", "1")


def resume(asctl: Command, batch: object, *options: str) -> Result:
    return asctl("batch", "resume", str(batch), "--yes", *options)


def counts(asctl: Command, batch: str = "B1") -> dict[str, object]:
    """How the rows of a batch stand, without the zeros."""
    record = next(record for record in asctl("batch", "list").records if record["batch"] == batch)
    names = ("done", "refused", "failed", "unclear", "skipped", "planned")
    return {name: record[name] for name in names if record[name]}


def asked(sandbox: SandboxSite) -> list[str]:
    """The parcels for which an interception was received, in order."""
    return [entry["target"] for entry in sandbox.ledger("intercept")]


def test_list_and_show_follow_the_actions(sandbox: SandboxSite, asctl: Command) -> None:
    """Rows are told in the order of the input with their reasons, and counted as they stand now, not as they stood then."""
    first, second, third = under_way(sandbox, asctl, "sf", "yto", "yto")
    sandbox.fault("yto:intercept", "close_before", match=second)
    sandbox.fault("yto:intercept", "refuse", reason="TOO_LATE", match=third)
    result = request(asctl, first, second, third, "123456789012")
    assert (result.code, result.end["batch_id"]) == (4, "B1")
    listed = asctl("batch", "list").record
    assert (listed["verb"], listed["total"], listed["by"]) == ("intercept request", 4, "8012")
    assert counts(asctl) == {"done": 1, "unclear": 1, "refused": 1, "failed": 1}
    assert listed["next"] == "asctl action reconcile"
    shown = asctl("batch", "show", "B1").records
    assert [record["input"] for record in shown] == [first, second, third, "123456789012"]
    assert [record["status"] for record in shown] == ["done", "unclear", "refused", "failed"]
    assert [record["error_code"] for record in shown] == [None, "lost_answer", "too_late", "courier_missing"]
    asctl("action", "resolve", str(shown[1]["action_id"]), "--as", "done", "--reason", "电话问过客服")
    assert counts(asctl) == {"done": 2, "refused": 1, "failed": 1}


def test_a_limit_leaves_the_rest_planned(sandbox: SandboxSite, asctl: Command) -> None:
    """``--max-items 2`` of five: exit 12 with the batch in the last line; resume sends the others, each once; a second resume
    does nothing and exits 0."""
    waybills = under_way(sandbox, asctl, "sf", "zto", "yto", "sto", "yunda")
    result = request(asctl, *waybills, "--max-items", "2")
    assert (result.code, result.end["exit_name"], result.end["batch_id"]) == (12, "limit", "B1")
    assert result.end["counts"] == {"done": 2, "planned": 3}
    assert len(applied(sandbox)) == 2
    assert asctl("batch", "list").record["next"] == "asctl batch resume B1 --yes"
    resumed = resume(asctl, "B1")
    assert resumed.code == 0
    assert sum(record["kind"] == "intercept" for record in resumed.records) == 3
    assert applied(sandbox) == sorted(waybills)
    assert counts(asctl) == {"done": 5}
    sandbox.forget()
    again = resume(asctl, "B1")
    assert (again.code, again.records, sandbox.ledger()) == (0, [], [])


def test_a_limited_resume_is_resumed(sandbox: SandboxSite, asctl: Command) -> None:
    """Resume keeps to ``--max-items`` as well, and ``--dry-run`` shows what is left without sending it."""
    waybills = under_way(sandbox, asctl, "sf", "sf", "sf")
    request(asctl, *waybills, "--max-items", "1", *ONE_BY_ONE)
    dry = asctl("batch", "resume", "B1", "--dry-run")
    assert (dry.code, dry.end["counts"]) == (0, {"planned": 2})
    assert resume(asctl, "B1", "--max-items", "1", *ONE_BY_ONE).code == 12
    assert asked(sandbox) == waybills[:2]
    assert resume(asctl, "B1").code == 0
    assert sorted(asked(sandbox)) == sorted(waybills)


def test_the_deadline_leaves_the_rest_planned(sandbox: SandboxSite, asctl: Command) -> None:
    """A run whose time is over begins no more sends: exit 12, and resume does the rest."""
    waybills = under_way(sandbox, asctl, *["yto"] * 6)
    sandbox.latency(500)
    result = request(asctl, *waybills, "--deadline", "1.2", *ONE_BY_ONE)
    sandbox.latency(0)
    assert result.code == 12
    assert 0 < result.end["counts"]["planned"] < 6
    assert len(asked(sandbox)) == 6 - result.end["counts"]["planned"]
    assert resume(asctl, "B1").code == 0
    assert sorted(asked(sandbox)) == sorted(waybills)


def test_the_remarks_are_resumed_too(sandbox: SandboxSite, asctl: Command) -> None:
    """A remark that the marketplace had no time for is part of what is left: the list names the resume that writes it."""
    (waybill,) = under_way(sandbox, asctl, "sf")
    sandbox.fault("taobao", "throttle", seconds=60)
    result = request(asctl, waybill)
    assert (result.code, result.record["status"]) == (5, "done")
    assert asctl("batch", "list").record["next"] == "asctl batch resume B1 --yes"
    sandbox.mend()
    sandbox.travel(0.1)
    assert [(record["kind"], record["status"]) for record in resume(asctl, "B1").records] == [("remark", "done")]
    assert asctl("batch", "list").record["next"] is None
    assert asked(sandbox) == [waybill]


def test_a_batch_that_is_not_there(asctl: Command) -> None:
    """An unknown batch exits 3, what is no batch number 2; nothing is sent."""
    unknown = resume(asctl, "B99")
    assert (unknown.code, unknown.error["code"]) == (3, "unknown_batch")
    mistyped = resume(asctl, "monday")
    assert (mistyped.code, mistyped.error["code"]) == (2, "bad_batch")
    assert asctl("batch", "show", "B99").error["code"] == "unknown_batch"


def test_resume_asks_as_well(sandbox: SandboxSite, asctl: Command) -> None:
    """Without a terminal it needs ``--yes``; the question on one names verb and number."""
    waybills = under_way(sandbox, asctl, "sf", "sf")
    request(asctl, *waybills, "--max-items", "1")
    assert asctl("batch", "resume", "B1").code == 2
    asking = asctl("batch", "resume", "B1", stdin="n\n", tty=True)
    assert asking.code == 2
    assert "intercept request" in asking.err
    assert len(asked(sandbox)) == 1


@BOTH_STORES
def test_one_run_at_a_time(sandbox: SandboxSite, asctl: Command, store_url: str) -> None:
    """While another process is at SF's parcels, request and resume exit 11 and leave no trace; ZTO's are free."""
    first, second, third, zto = under_way(sandbox, asctl, "sf", "sf", "sf", "zto")
    request(asctl, first, second, "--max-items", "1")
    sandbox.forget()
    with closing(open_store(store_url)) as store, hold(store, lock_name("sf", Family.PARCEL)):
        refused = request(asctl, third)
        assert (refused.code, refused.error["code"], refused.out) == (11, "lock_held", "")
        assert resume(asctl, "B1").code == 11
        assert sandbox.ledger() == []
        assert len(asctl("batch", "list").records) == 1
        assert request(asctl, zto).code == 0
    assert resume(asctl, "B1").code == 0
    assert request(asctl, third).code == 0


@pytest.mark.parametrize(
    ("fault", "arrives"),
    [
        ({"fault": "close_after"}, True),
        ({"fault": "close_before"}, False),
        ({"fault": "status", "code": 500, "applied": True}, True),
        ({"fault": "status", "code": 500}, False),
        ({"fault": "html"}, False),
        ({"fault": "garbage"}, True),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else "",
)
def test_no_clear_answer_is_never_sent_again(
    sandbox: SandboxSite, asctl: Command, fault: dict[str, Any], arrives: bool
) -> None:
    """Whatever the answer was that said nothing: ``unclear`` and exit 4; neither the same command nor resume sends it again
    or calls it finished, and the other rows are done."""
    first, second = under_way(sandbox, asctl, "yto", "yto")
    sandbox.fault("yto:intercept", match=first, **fault)
    result = request(asctl, first, second)
    assert (result.code, result.of(first)["status"], result.of(second)["status"]) == (4, "unclear", "done")
    assert result.end["retry_at"]
    again = request(asctl, first, second)
    assert (again.code, again.of(first)["error_code"], again.of(second)["status"]) == (4, "earlier_unclear", "skipped")
    resumed = resume(asctl, "B1")
    assert (resumed.code, [record["status"] for record in resumed.records]) == (4, ["unclear"])
    assert sorted(asked(sandbox)) == sorted([first, second])
    assert (first in applied(sandbox)) == arrives


def test_throttled_in_the_middle(sandbox: SandboxSite, asctl: Command) -> None:
    """The account rests: exit 5 with the moment to come back, the rest planned and not sent; resume then finishes it."""
    waybills = under_way(sandbox, asctl, *["sf"] * 5)
    sandbox.fault("sf:intercept", "throttle", seconds=1, match=waybills[2])
    result = request(asctl, *waybills, *ONE_BY_ONE)
    assert (result.code, result.end["counts"]) == (5, {"done": 2, "planned": 3})
    assert datetime.fromisoformat(result.end["retry_at"]) > sandbox.now()
    assert asked(sandbox) == waybills[:3]
    sandbox.mend()
    sandbox.travel(0.01)
    assert resume(asctl, "B1").code == 0
    assert applied(sandbox) == sorted(waybills)


def test_credentials_refused_in_the_middle(sandbox: SandboxSite, asctl: Command) -> None:
    """Exit 7, the rest planned: a wrong key is not tried on every row. Other accounts go on; resume finishes it."""
    waybills = under_way(sandbox, asctl, *["sf"] * 4, "zto")
    sandbox.fault("sf:intercept", "auth", match=waybills[1])
    result = request(asctl, *waybills, *ONE_BY_ONE)
    assert (result.code, result.end["counts"]) == (7, {"done": 2, "planned": 3})
    assert asked(sandbox) == [*waybills[:2], waybills[4]]
    assert resume(asctl, "B1").code == 0
    assert applied(sandbox) == sorted(waybills)


def test_a_refusal_stops_nobody_else(sandbox: SandboxSite, asctl: Command) -> None:
    """A clear no ends that row alone: exit 3; asked again it is sent anew, since nothing happened."""
    waybills = under_way(sandbox, asctl, "sf", "zto", "yto", "sto")
    for plugin, waybill in zip(("sf", "zto", "yto", "kuaidi100"), waybills, strict=True):
        sandbox.fault(f"{plugin}:intercept", "refuse", reason="TOO_LATE", match=waybill)
    result = request(asctl, *waybills)
    assert (result.code, set(result.codes())) == (3, {"too_late"})
    assert {(record["status"], record["refusal"]) for record in result.records} == {("refused", "TOO_LATE")}
    assert applied(sandbox) == []
    assert request(asctl, *waybills).code == 0
    assert applied(sandbox) == sorted(waybills)


def test_a_silent_account_is_given_up(sandbox: SandboxSite, asctl: Command) -> None:
    """After eight sends without an answer the rest stays planned: eight to look after, not all. Resume sends the rest,
    and still exits 4 for the eight."""
    sandbox.configure(QUICK_TO_DOUBT)
    waybills = under_way(sandbox, asctl, *["yto"] * 11)
    sandbox.fault("yto:intercept", "close_before", times=0)
    result = request(asctl, *waybills, *ONE_BY_ONE)
    assert (result.code, result.end["counts"]) == (4, {"unclear": 8, "planned": 3})
    assert {record["error_code"] for record in result.records} == {"lost_answer", "account_silent"}
    assert asked(sandbox) == waybills[:8]
    sandbox.mend()
    assert resume(asctl, "B1").code == 4
    assert sorted(asked(sandbox)) == sorted(waybills)
    assert applied(sandbox) == sorted(waybills[8:])
