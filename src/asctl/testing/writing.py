"""Writes: what the declared contract promises, tried on the far side's own ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from asctl.capabilities.specs import ProviderSpec, WriteClass, WriteContract
from asctl.capabilities.writes import Evidence
from asctl.host.guard import Guarded
from asctl.testing.discretion import clean
from asctl.testing.exercises import Arguments, Exercise
from asctl.testing.new_errors import answered_with, noes
from asctl.testing.rules import Rule, Stage, Tier, always, expect
from asctl.testing.site import Outcome, Site

_AT_ITS_END = timedelta(seconds=1)
_Check = Callable[[Site, Exercise], None]


def write_rules(exercise: Exercise) -> Iterator[Rule]:
    """The rules about one write's success, its key and its looks."""
    done = _rule(exercise, "done", Tier.BRONZE, "what is asked for is carried out, in one write", _done)
    yield replace(done, stage=Stage.WORLD)
    says = "each request has a key of its own, by which the far side drops a repeat and nothing else"
    yield _rule(exercise, "keyed", Tier.BRONZE, says, _keyed, _beside_keyed)
    yield _rule(exercise, "key_window", Tier.SILVER, "it does so for as long as declared", _key_window, _beside_keyed)
    for name, says, check in (
        ("found", "a look finds what was carried out", _found),
        ("absent", "a look does not find what was never sent, and changes nothing", _absent),
        (
            "look_fails",
            "a look that cannot be made, or that is answered with a no, raises, and never answers ABSENT",
            _look_fails,
        ),
    ):
        yield _rule(exercise, name, Tier.SILVER, says, check, _beside_found)
    if exercise.stranger is not None:
        says = "a look does not take a stranger's request for ours"
        yield _rule(exercise, "not_ours", Tier.SILVER, says, _not_ours, _beside_found)


def _rule(
    exercise: Exercise,
    name: str,
    tier: Tier,
    says: str,
    check: _Check,
    beside: Callable[[WriteContract], str] = always,
) -> Rule:
    def tried(site: Site) -> None:
        check(site, exercise)

    def beside_of(spec: ProviderSpec) -> str:
        return beside(contract_of(spec, exercise))

    says = f"{exercise.method}: {says}"
    return Rule(f"{exercise.name}.{name}", tier, says, tried, exercise.capability, beside_of, stage=Stage.PROOF)


def _beside_keyed(contract: WriteContract) -> str:
    return "" if contract.write is WriteClass.KEYED else f"declared as {contract.write.value}"


def _beside_found(contract: WriteContract) -> str:
    return "" if contract.find else "declares no find"


def contract_of(spec: ProviderSpec, exercise: Exercise) -> WriteContract:
    """What a spec declares of a write; where it says nothing, nothing is relied on."""
    capability = spec.capability(exercise.capability)
    return capability.writes.get(exercise.method, WriteContract()) if capability else WriteContract()


def applied(site: Site) -> int:
    """How many writes were carried out."""
    return sum(entry.applied for entry in site.far_side.writes())


def _done(site: Site, exercise: Exercise) -> None:
    exercise.done(site, exercise.prepared(site))
    sent, done = len(site.far_side.writes()), applied(site)
    expect((sent, done) == (1, 1), f"{sent} writes were sent, {done} carried out")
    expect(site.privacy.unfit(()) is None, f"the log holds {site.privacy.unfit(())}")


def _keyed(site: Site, exercise: Exercise) -> None:
    arguments = exercise.prepared(site)
    exercise.done(site, arguments)
    outcome = exercise.outcome(site, arguments, provider=site.another_process())
    expect(applied(site) == 1, "declared as keyed, but the same key again was carried out again")
    keys = {entry.key for entry in site.far_side.writes()}
    expect(
        "" not in keys, "declared as keyed, but it went out without a key (the sandbox app tells it: SandboxCall.key)"
    )
    expect(len(keys) == 1, "declared as keyed, but the same request went out under two keys")
    clean(site, outcome)
    if exercise.stranger is not None:
        site.far_side.forget()
        exercise.outcome(site, exercise.stranger(arguments), provider=site.another_provider())
        others = {entry.key for entry in site.far_side.writes()}
        expect(not others & keys, "declared as keyed, but another request went out under the same key")


def _key_window(site: Site, exercise: Exercise) -> None:
    contract = contract_of(site.spec, exercise)
    arguments = exercise.prepared(site)
    exercise.done(site, arguments)
    site.pass_time(contract.key_window - _AT_ITS_END)
    outcome = exercise.outcome(site, arguments, provider=site.another_process())
    expect(len(site.far_side.writes()) == 2, f"the repeat never reached the far side; there was {outcome.seen}")
    expect(applied(site) == 1, f"after {contract.key_window - _AT_ITS_END} the same key was carried out again")


def _found(site: Site, exercise: Exercise) -> None:
    contract = contract_of(site.spec, exercise)
    arguments = exercise.prepared(site)
    exercise.done(site, arguments)
    site.pass_time(contract.visibility_lag)
    evidence = _look(site, exercise, contract, arguments)
    expect(evidence is Evidence.PRESENT, f"it was carried out, and {contract.find} says {evidence}")


def _absent(site: Site, exercise: Exercise) -> None:
    contract = contract_of(site.spec, exercise)
    arguments = exercise.prepared(site)
    evidence = _look(site, exercise, contract, arguments)
    wanted = {Evidence.ABSENT} if contract.authoritative else {Evidence.ABSENT, Evidence.UNKNOWN}
    expect(evidence in wanted, f"nothing was sent, and {contract.find} says {evidence}")
    expect(not site.far_side.writes(), f"{contract.find} changed something")


def _not_ours(site: Site, exercise: Exercise) -> None:
    contract = contract_of(site.spec, exercise)
    arguments = exercise.prepared(site)
    assert exercise.stranger is not None
    exercise.done(site, exercise.stranger(arguments))
    site.pass_time(contract.visibility_lag)
    evidence = _look(site, exercise, contract, arguments)
    expect(evidence is not Evidence.PRESENT, f"{contract.find} takes a request with another key for ours")


def _look_fails(site: Site, exercise: Exercise) -> None:
    contract = contract_of(site.spec, exercise)
    arguments = exercise.prepared(site)
    site.far_side.fault("html")
    _leaves_it_open(site, contract, exercise.look(site, contract.find, arguments))
    site.far_side.mend()

    def ask(provider: Guarded) -> Outcome:
        return exercise.look(site, contract.find, arguments, provider=provider)

    for outcome in answered_with(noes, site, ask, write=False):
        _leaves_it_open(site, contract, outcome)


def _leaves_it_open(site: Site, contract: WriteContract, outcome: Outcome) -> None:
    told = getattr(outcome.result, "evidence", None)
    expect(outcome.error is not None or told is Evidence.UNKNOWN, f"{contract.find} could not look, and says {told}")
    expect(getattr(outcome.error, "family", "") != "plugin_broken", f"{contract.find}: {outcome.seen}")
    clean(site, outcome)


def _look(site: Site, exercise: Exercise, contract: WriteContract, arguments: Arguments) -> Evidence | None:
    outcome = exercise.look(site, contract.find, arguments, provider=site.another_process())
    expect(outcome.error is None, f"{contract.find} should have answered, but there was {outcome.seen}")
    evidence: Evidence | None = getattr(outcome.result, "evidence", None)
    return evidence
