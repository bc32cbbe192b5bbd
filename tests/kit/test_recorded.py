"""A provider without a sandbox app, whose far side is known by recorded answers alone."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from asctl.api import (
    Capability,
    Conformance,
    Context,
    CredentialsRefused,
    HttpAnswer,
    HttpRequest,
    Notice,
    Refused,
    Throttled,
    Token,
    Unavailable,
    Unclear,
    WriteClass,
    WriteContract,
    as_text,
    read_object,
)
from asctl.capabilities.specs import ProviderKind
from asctl.domain.errors import AsctlError
from asctl.scaffold import PluginName, new_files, put
from asctl.testing.catalogue import rules_for
from asctl.testing.examination import Standing, State, stand, summary, tier_reached
from asctl.testing.far_side import Port
from asctl.testing.recording_files import read_recordings
from asctl.testing.rules import Stage, Tier
from asctl.testing.subject import Subject, subjects_in
from tests.kit.wrong import with_spec

pytestmark = pytest.mark.storeless
SCAN = {"time": "2026-11-01 09:12:44", "state": "MOVING", "text": "left Jiaxing", "place": "Jiaxing"}
ANSWERS: dict[tuple[str, str], tuple[dict[str, Any], dict[str, Any]]] = {
    ("track", "found"): ({"code": "OK", "rows": [SCAN]}, {"0.events.#": 1, "0.events.0.status": "IN_TRANSIT"}),
    ("track", "unknown"): ({"code": "OK", "rows": []}, {"0.events.#": 0}),
    ("track", "throttled"): ({"code": "TOO_FAST"}, {"error.family": "throttled"}),
    ("track", "expired"): ({"code": "BAD_SIGN"}, {"error.family": "credentials_refused"}),
    ("check", "found"): ({"code": "OK", "rows": []}, {"detail": "customer 1001"}),
    ("check", "throttled"): ({"code": "TOO_FAST"}, {"error.family": "throttled"}),
    ("check", "expired"): ({"code": "BAD_SIGN"}, {"error.family": "credentials_refused"}),
}
CASES = list(ANSWERS)
CAPABILITIES = {"track": "Tracker", "check": "AccountChecker"}
SETTINGS = {"customer": "1001", "secret": "not-a-real-secret"}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Subject]:
    """What ``plugin new`` makes, without its sandbox app and without recordings."""
    name, folder = PluginName.of("parrot"), tmp_path_factory.mktemp("parrot")
    put(new_files(name, "courier", one_file=True), folder / "it")
    sys.path.insert(0, str(folder / "it"))
    (subject,) = subjects_in(name.module)
    yield replace(with_spec(subject, sandbox=""), conformance=Conformance(settings=SETTINGS))
    sys.path.remove(str(folder / "it"))
    del sys.modules[name.module]


def recorded(subject: Subject, folder: Path, *leave_out: tuple[str, str]) -> Subject:
    """The subject with an answer for each case of each method, but those."""
    for method, case in ANSWERS.keys() - set(leave_out):
        body, expect = ANSWERS[method, case]
        write(folder, f"{method}-{case}", CAPABILITIES[method], method, case, [body], expect)
    return replace(subject, recordings=read_recordings(folder).recordings)


def write(
    folder: Path, name: str, capability: str, method: str, case: str, bodies: list[Any], expect: dict[str, Any]
) -> None:
    told = {"capability": capability, "method": method, "taken": "2026-11-02", "case": case, "expect": expect}
    request = {"waybill": "1234567890123"} if method == "track" else {}
    answers = [{"body": body} for body in bodies]
    (folder / f"{name}.json").write_text(json.dumps(told | {"request": request, "answers": answers}), "utf-8")


def examined(subject: Subject, port: Port) -> dict[str, Standing]:
    """All rules tried but one, which starts a process."""
    rules = (rule for rule in rules_for(subject.spec) if rule.name != "cheap_listing")
    return {rule.id: stand(subject, rule, port) for rule in rules}


def standing_of(name: str, subject: Subject, port: Port) -> Standing:
    (rule,) = [rule for rule in rules_for(subject.spec) if rule.id == name]
    return stand(subject, rule, port)


def to_do(standings: dict[str, Standing]) -> dict[str, str]:
    return {name: standing.why for name, standing in standings.items() if standing.state is State.TODO}


def test_gold_can_be_reached(fresh: Subject, tmp_path: Path, port: Port) -> None:
    """With an answer for each case nothing is to do, and the summary says on what it was shown."""
    subject = recorded(fresh, tmp_path)
    standings = examined(subject, port)
    assert to_do(standings) == {}
    assert tier_reached(list(standings.values())) is Tier.GOLD
    assert summary(subject, list(standings.values())) == "parrot has reached gold, on recorded answers alone"


def test_rules_that_need_a_world_are_not_pretended(fresh: Subject, tmp_path: Path, port: Port) -> None:
    """They are not applicable, and what stands in for them is named; all others are tried."""
    standings = examined(recorded(fresh, tmp_path), port)
    beside = {name: one for name, one in standings.items() if one.state is State.BESIDE and "world" in one.why}
    assert "Tracker.track.found" in beside
    assert "Tracker.track.recorded" in beside["Tracker.track.found"].why
    assert all(one.rule.stage is Stage.WORLD for one in beside.values())
    tried = {name.rpartition(".")[2] for name, one in standings.items() if one.state is State.DONE}
    assert {"garbage", "truncated", "html", "huge", "slow", "odd_shapes", "unknown", "throttled", "expired"} <= tried


@pytest.mark.parametrize(("method", "case"), CASES, ids=lambda value: value)
def test_without_one_case_only_its_rules_are_to_do(
    fresh: Subject, tmp_path: Path, port: Port, method: str, case: str
) -> None:
    """And each of them says which answer to record."""
    left = to_do(examined(recorded(fresh, tmp_path, (method, case)), port))
    assert {name.split(".")[1] for name in left} == {method}
    assert all(f"the case {case} is recorded for {CAPABILITIES[method]}.{method}" in why for why in left.values()), left
    if case != "found":
        assert {name.rpartition(".")[2] for name in left} == {case}


def test_without_any_answer_there_is_no_far_side(fresh: Subject, port: Port) -> None:
    """Every rule says what to add."""
    assert all("needs a far side" in why for why in to_do(examined(fresh, port)).values())


def test_who_misreads_an_answer_is_found_out(fresh: Subject, tmp_path: Path, port: Port) -> None:
    """A recording that is not read as its author expects breaks the gold rule, and says where."""
    subject = recorded(fresh, tmp_path)
    write(tmp_path, "odd", "Tracker", "track", "found", [{"code": "OK", "rows": [SCAN]}], {"0.events.0.location": "X"})
    subject = replace(subject, recordings=read_recordings(tmp_path).recordings)
    assert to_do(examined(subject, port)) == {
        "Tracker.track.recorded": "odd: 0.events.0.location is 'Jiaxing', and should be 'X'"
    }


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        ("2026-11-01T01:12:44Z", ""),
        ("2026-11-01 09:12:44+08:00", ""),
        ("2026-11-01T01:12:45Z", "moment: 0.events.0.at is '2026-11-01 09:12:44+08:00'"),
        ("2026-11-01 09:12:44", "moment: 0.events.0.at is"),
        ("this morning", "moment: 0.events.0.at is"),
    ],
)
def test_a_moment_is_the_same_in_every_zone(fresh: Subject, tmp_path: Path, port: Port, moment: str, why: str) -> None:
    """It is compared as a moment, and one without a zone is none."""
    write(tmp_path, "moment", "Tracker", "track", "found", [{"code": "OK", "rows": [SCAN]}], {"0.events.0.at": moment})
    told = standing_of("Tracker.track.recorded", replace(fresh, recordings=read_recordings(tmp_path).recordings), port)
    assert told.state is (State.TODO if why else State.DONE)
    assert told.why.startswith(why)


def test_what_cannot_be_played_is_a_wrong_recording(fresh: Subject, tmp_path: Path, port: Port) -> None:
    """There is an answer to be read, so it is not as if nothing was recorded: the author's tests fail."""
    told: dict[str, Any] = {
        "capability": "Tracker",
        "method": "track",
        "taken": "2026-11-02",
        "request": {"waybil": "1"},
    }
    told |= {"answers": [{"body": {"code": "OK", "rows": []}}], "expect": {"0.events.#": 0}}
    (tmp_path / "odd.json").write_text(json.dumps(told), "utf-8")
    one = standing_of("Tracker.track.recorded", replace(fresh, recordings=read_recordings(tmp_path).recordings), port)
    assert (one.state, one.untried) == (State.TODO, False)
    assert one.why.startswith("odd: track cannot be called with the request that is recorded")


def test_files_that_are_none_are_told_in_place_of_a_far_side(fresh: Subject, port: Port) -> None:
    """Where none can be used, the author reads why; not that there is nothing."""
    subject = replace(fresh, flaws=("real/track.json: case is missing",))
    assert "real/track.json: case is missing" in standing_of("Tracker.track.garbage", subject, port).why


def test_an_unknown_that_is_none_is_found_out(fresh: Subject, tmp_path: Path, port: Port) -> None:
    """The rule of that name is tried on the recorded case."""
    recorded(fresh, tmp_path, ("track", "unknown"))
    write(tmp_path, "no", "Tracker", "track", "unknown", [{"code": "OK", "rows": [SCAN]}], {"0.events.#": 1})
    left = to_do(examined(replace(fresh, recordings=read_recordings(tmp_path).recordings), port))
    assert set(left) == {"Tracker.track.unknown"}
    assert "there were scans" in left["Tracker.track.unknown"]


def test_settings_that_are_missing_are_named(fresh: Subject, tmp_path: Path, port: Port) -> None:
    """Without a sandbox app nobody else can write the account."""
    subject = replace(recorded(fresh, tmp_path), conformance=Conformance())
    assert all("Conformance.settings" in why for why in to_do(examined(subject, port)).values())
    assert len(to_do(examined(subject, port))) > 10


def test_a_promise_is_not_proven_by_recordings(fresh: Subject, tmp_path: Path, port: Port) -> None:
    """Whatever else was recorded: that repeats are dropped by a key, only a world shows."""
    keyed = {"intercept": WriteContract(WriteClass.KEYED, find="look")}
    subject = with_spec(recorded(fresh, tmp_path), capabilities=(Capability("Interceptor", writes=keyed),))
    promises = [rule for rule in rules_for(subject.spec) if (rule.stage, rule.method) == (Stage.PROOF, "intercept")]
    told = {rule.name: stand(subject, rule, port) for rule in promises}
    assert {"keyed", "key_window", "found", "absent", "look_fails"} <= set(told)
    assert {one.state for one in told.values()} == {State.TODO}
    assert all("sandbox=" in one.why for one in told.values())


def test_an_answer_is_played_with_its_headers(fresh: Subject, tmp_path: Path, port: Port) -> None:
    """How long to rest may stand in a header alone."""
    told = {
        "capability": "Tracker",
        "method": "track",
        "taken": "2026-11-02",
        "case": "throttled",
        "answers": [{"status": 429, "headers": {"Retry-After": "37"}, "body": ""}],
        "expect": {"error.family": "throttled", "error.retry_after": "0:00:37"},
    }
    (tmp_path / "throttled.json").write_text(json.dumps(told), "utf-8")
    subject = replace(fresh, recordings=read_recordings(tmp_path).recordings)
    standing = standing_of("Tracker.track.recorded", subject, port)
    assert standing.state is State.DONE, standing.why


FAMILIES: dict[str, Callable[[], AsctlError]] = {
    "TOO_FAST": lambda: Throttled("too fast", retry_after=timedelta(minutes=1)),
    "BAD_SIGN": lambda: CredentialsRefused("bad signature", code="bad_sign"),
    "NO": lambda: Refused("no", code="no", reason="OTHER"),
}


class Caller:
    """Fetches a token before it writes: two answers, of which the last is the write's."""

    def __init__(self, context: Context) -> None:
        self._text, self._http, self._tokens = context.text, context.http, context.tokens
        self._clock = context.clock

    def notify(self, notice: Notice) -> None:
        token = self._tokens.token(self._fetch)
        self._ask("send", token, write=True)

    def _fetch(self, _last: Token | None) -> Token:
        now = self._clock.now()
        return Token(as_text(self._ask("token", "")["token"]), now, now + timedelta(days=1))

    def _ask(self, call: str, token: str, *, write: bool = False) -> dict[str, Any]:
        form, url = {"token": token}, f"{self._text('base_url')}/{call}"
        return self._http.call(lambda: HttpRequest("POST", url, operation=call, form=form, write=write), self._read)

    def _read(self, answer: HttpAnswer) -> dict[str, Any]:
        told = read_object(answer)
        if error := FAMILIES.get(as_text(told.get("code"))):
            raise error()
        if told.get("code") != "OK":
            raise Unavailable("not understood", code="odd_answer")
        return told


class Insistent(Caller):
    """Writes again where the outcome is not known."""

    def notify(self, notice: Notice) -> None:
        try:
            super().notify(notice)
        except Unclear:
            super().notify(notice)


@pytest.mark.parametrize("factory", ["Caller", "Insistent"])
def test_of_a_write_the_last_answer_is_its_own(fresh: Subject, tmp_path: Path, port: Port, factory: str) -> None:
    """What is asked before it, such as a token, counts as no write, in no process of the rule; a second write does."""
    for case, code in {"found": "OK", "refused": "NO", "throttled": "TOO_FAST", "expired": "BAD_SIGN"}.items():
        bodies = [{"code": "OK", "token": "a-token-of-theirs"}, {"code": code}]
        expect = {"error.code": FAMILIES[code]().code} if code in FAMILIES else {"error": None}
        write(tmp_path, case, "Notifier", "notify", case, bodies, expect)
    spec = {"factory": f"{__name__}:{factory}", "capabilities": (Capability("Notifier"),), "couriers": ()}
    subject = replace(
        with_spec(fresh, **spec), kind=ProviderKind.NOTIFIER, recordings=read_recordings(tmp_path).recordings
    )
    told = to_do(examined(subject, port))
    assert {why for why in told.values() if "sent 2 times" not in why} == set()
    assert ("Notifier.notify.cut_off" in told) == (factory == "Insistent")
