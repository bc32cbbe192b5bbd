"""Which requests a fault strikes, how often and for how long."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asctl.api.sandbox import SandboxCall, SandboxRequest
from asctl.sandbox.faults import Ban, Fault, Faults, Hiding, Sighting


def sighting(target: str = "SF1", *, plugin: str = "sf", operation: str = "intercept", body: bytes = b"") -> Sighting:
    """A write about ``target``."""
    call = SandboxCall(operation, write=operation == "intercept", target=target, key=f"key-{target}")
    return Sighting(plugin, call, SandboxRequest("POST", "/", {"page": "7"}, {}, body))


class Clock:
    """Seconds that only the test moves."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.mark.parametrize(
    ("route", "hit"),
    [("sf", True), ("sf:intercept", True), ("sf:query", False), ("zto", False), ("zto:intercept", False)],
)
def test_a_route_is_a_plugin_or_one_operation_of_it(route: str, hit: bool) -> None:
    """``sf`` hits all of a plugin's operations, ``sf:intercept`` that one."""
    assert Fault(kind="auth", route=route).strikes(sighting(), 0) is hit


@pytest.mark.parametrize(
    ("match", "hit"), [("SF1", True), ("key-SF", True), ("7", True), ("运单", True), ("SF2", False)]
)
def test_a_match_is_looked_for_in_target_key_query_and_body(match: str, hit: bool) -> None:
    """A batch call that names the waybill only in its body is hit, too."""
    assert Fault(kind="auth", route="sf", match=match).strikes(sighting(body="运单".encode()), 0) is hit


@given(times=st.integers(0, 5), requests=st.integers(0, 12))
def test_a_fault_strikes_as_often_as_told(times: int, requests: int) -> None:
    """``times`` requests and no more; 0 is for ever."""
    fault = Fault(kind="auth", route="sf", times=times)
    hits = sum(fault.strikes(sighting(), 0) for _request in range(requests))
    assert hits == (requests if times == 0 else min(times, requests))
    assert fault.spent(0) is (times != 0 and requests >= times)


@given(seed=st.integers(0, 1 << 53), probability=st.floats(0, 1))
def test_chances_repeat_with_their_seed(seed: int, probability: float) -> None:
    """Two faults of one seed strike the same requests."""
    one, other = (Fault(kind="auth", route="sf", times=0, seed=seed, probability=probability) for _copy in range(2))
    assert [one.strikes(sighting(), 0) for _n in range(30)] == [other.strikes(sighting(), 0) for _n in range(30)]


def test_the_fault_posted_first_strikes_first_and_alone() -> None:
    """One request meets one fault; the second is kept for the next."""
    faults = Faults(Clock())
    faults.add(Fault(kind="auth", route="sf"))
    faults.add(Fault(kind="html", route="sf"))
    struck = [faults.strike(sighting()) for _request in range(3)]
    assert [fault.kind if fault else None for fault in struck] == ["auth", "html", None]


def test_a_ban_turns_its_route_away_until_its_seconds_are_over() -> None:
    """One hit begins one ban, whatever comes in between; the time left counts down to one."""
    clock = Clock()
    faults = Faults(clock)
    ban = Ban(kind="throttle", route="sf", seconds=10)
    faults.add(ban)
    told = []
    for moment in (100.0, 103.5, 109.99, 110.0):
        clock.seconds = moment
        told.append(ban.seconds_left(moment) if faults.strike(sighting()) else None)
    assert told == [10, 7, 1, None]
    assert faults.clear() == 0


def test_a_ban_for_ever_begins_anew_when_it_ends() -> None:
    """With ``times`` 0 the request after a ban begins the next."""
    ban = Ban(kind="throttle", route="sf", times=0, seconds=10)
    assert ban.strikes(sighting(), 0)
    assert ban.strikes(sighting(), 11)
    assert ban.seconds_left(12) == 9


def test_a_ban_spares_what_it_does_not_match() -> None:
    """Another operation is served while the ban is in force."""
    ban = Ban(kind="throttle", route="sf:intercept", seconds=10)
    assert ban.strikes(sighting(), 0)
    assert not ban.strikes(sighting(operation="query"), 1)


def test_hiding_begins_with_the_write_and_ends_by_itself() -> None:
    """Reads of the same target miss within the seconds, counted from the last write."""
    hiding = Hiding(kind="hide", route="sf:intercept", seconds=10)
    look = sighting(operation="query")
    assert not hiding.strikes(look, 0)
    assert hiding.strikes(sighting(), 1)
    assert hiding.strikes(look, 5)
    assert hiding.strikes(sighting(), 8)
    assert hiding.strikes(look, 17)
    assert not hiding.strikes(look, 18)
    assert hiding.spent(18)


def test_hiding_may_be_asked_for_reads_alone() -> None:
    """Without a write the first read begins the time."""
    hiding = Hiding(kind="hide", route="sf:query", seconds=10, match="SF1")
    assert hiding.strikes(sighting(operation="query"), 0)
    assert not hiding.strikes(sighting("SF2", operation="query"), 1)
    assert hiding.strikes(sighting(operation="query"), 9)


def test_looks_by_their_own_operation_can_be_hidden() -> None:
    """A fault on ``interception_status`` spares the other reads until one of its own has begun the time."""
    hiding = Hiding(kind="hide", route="sf:interception_status", seconds=10)
    assert not hiding.strikes(sighting(), 0)
    assert not hiding.strikes(sighting(operation="track"), 0)
    assert hiding.strikes(sighting(operation="interception_status"), 1)
    assert hiding.strikes(sighting(operation="interception_status"), 10)
    assert not hiding.strikes(sighting(operation="track"), 12)


@pytest.mark.parametrize(("target", "hidden"), [("A1", True), ("A2", True), ("A3", True), ("A", False), ("A4", False)])
def test_a_write_about_several_hides_each_of_them(target: str, hidden: bool) -> None:
    """One call agrees to many applications: its key lists them with commas, and each is looked at by itself."""
    hiding = Hiding(kind="hide", route="taobao:agree", seconds=10)
    call = SandboxCall("agree", write=True, target="A1", key="A1,A2,A3")
    assert hiding.strikes(Sighting("taobao", call, SandboxRequest("POST", "/", {}, {}, b"")), 0)
    assert hiding.strikes(sighting(target, plugin="taobao", operation="look"), 1) is hidden


def test_ending_all_faults_ends_bans() -> None:
    """After a clear nothing strikes, and the number ended is told."""
    faults = Faults(Clock())
    faults.add(Ban(kind="throttle", route="sf", seconds=10))
    assert faults.strike(sighting()) is not None
    assert faults.clear() == 1
    assert faults.strike(sighting()) is None
