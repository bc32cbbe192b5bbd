"""What every request that a courier takes has in common: the record that answers it, what comes of it, and a clear no."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from asctl.capabilities.shipping import Submission
from asctl.capabilities.specs import ProviderSpec, WriteContract
from asctl.capabilities.writes import Effect, Evidence, Finding
from asctl.domain.errors import BadInput, NotFound, Refused
from asctl.domain.orders import Receiver
from asctl.domain.refusals import RefusalReason
from asctl.testing.discretion import clean
from asctl.testing.exercises import Arguments, Exercise
from asctl.testing.rules import Rule, Tier, always, expect
from asctl.testing.site import Outcome, Site
from asctl.testing.troubles import refusal_rule, trouble_rules
from asctl.testing.writing import contract_of, write_rules

KEY = "0c0ffee00c0ffee00c0ffee00c0ffee0"
_ANOTHER_KEY = "5eed5eed5eed5eed5eed5eed5eed5eed"
CASE = "RMA2611200001K"
"""An RMA number, for what is printed on a courier's label."""
COURIER_ACTS_AFTER = timedelta(hours=4)
"""By then the sandbox's couriers have done what they were asked for."""


def key_of(index: int) -> str:
    """Another key for each request of a rule."""
    return f"{KEY[:-2]}{index:02d}"


def with_another_key(arguments: Arguments) -> Arguments:
    """Another request for the same thing."""
    return (replace(arguments[0], key=_ANOTHER_KEY),)


def request_rules(exercise: Exercise) -> Iterator[Rule]:
    """The rules about a write that is answered with a :class:`Submission`, whatever it asks for."""
    yield rule(
        exercise, "submission", Tier.BRONZE, "the answer is a Submission of texts, and a fee in yuan", _submission
    )
    yield from write_rules(exercise)
    yield from trouble_rules(exercise)
    yield refusal_rule(exercise)


def rule(
    exercise: Exercise,
    name: str,
    tier: Tier,
    says: str,
    check: Callable[[Site, Exercise], None],
    beside: Callable[[ProviderSpec], str] = always,
) -> Rule:
    """A rule about one method that looks at what its sandbox app did in the world."""

    def tried(site: Site) -> None:
        check(site, exercise)

    return Rule(f"{exercise.name}.{name}", tier, f"{exercise.method}: {says}", tried, exercise.capability, beside)


def effect_rule(exercise: Exercise) -> Rule:
    """The rule that what came of a request is told as it is. Beside the point where nothing tells."""

    def beside(spec: ProviderSpec) -> str:
        contract = contract_of(spec, exercise)
        return "" if contract.status or contract.find else "declares neither status nor find"

    return rule(
        exercise, "effect", Tier.SILVER, "what came of it is told: accepted first, effective later", _effect, beside
    )


def accepted(result: Any) -> Submission:
    """The answer to a request, which must be a whole :class:`Submission`."""
    expect(isinstance(result, Submission), f"the answer is a {type(result).__name__}, and no Submission")
    assert isinstance(result, Submission)
    for name in ("reference", "message", "waybill"):
        expect(isinstance(getattr(result, name), str), f"{name} of the Submission is no text")
    is_fee = result.fee is None or (isinstance(result.fee, Decimal) and result.fee.is_finite())
    expect(is_fee, f"the fee is {result.fee!r}, and should be a Decimal, or None")
    return result


def known_by(request: Any, told: Submission) -> Any:
    """The request as it is asked about later: with the numbers that its answer gave it."""
    numbers = {"reference": told.reference, "waybill": told.waybill}
    return replace(request, **{name: value for name, value in numbers.items() if value})


def refused(site: Site, outcome: Outcome, wanted: RefusalReason, why: str) -> None:
    """A clear no with the right reason, or ``OTHER`` where the far side does not tell it, and with its own words."""
    error = outcome.error
    expect(isinstance(error, Refused), f"{why}: should be Refused ({wanted}), but there was {outcome.seen}")
    assert isinstance(error, Refused)
    expect(error.reason in (wanted.value, RefusalReason.OTHER.value), f"{why}: refused as {error.reason}, not {wanted}")
    expect(bool(error.upstream_code or error.upstream_text), f"{why}: what the far side itself said is not kept")
    clean(site, outcome)


def turned_down(site: Site, outcome: Outcome, why: str) -> None:
    """A no of the plugin or of the far side."""
    no = isinstance(outcome.error, Refused | BadInput | NotFound)
    expect(no, f"{why}: should be Refused, NotFound or BadInput, but there was {outcome.seen}")
    clean(site, outcome)


def too_late(site: Site, outcome: Outcome) -> None:
    """A request that cannot be taken back any more."""
    error = outcome.error
    expect(isinstance(error, Refused), f"should be Refused (CANNOT_CANCEL), but there was {outcome.seen}")
    reason = getattr(error, "reason", "")
    expect(reason == RefusalReason.CANNOT_CANCEL.value, f"should be Refused as CANNOT_CANCEL, and is as {reason}")
    clean(site, outcome)


def arrived_whole(told: Receiver | None, wanted: Receiver) -> None:
    """Somebody's name, phone and address as the far side has them; it may cut the address otherwise."""
    expect(told is not None, "the far side was told of nobody")
    assert told is not None
    place = told.province + told.city + told.district + told.town + told.detail
    for part in ("province", "city", "district", "town", "detail"):
        expect(getattr(wanted, part) in place, f"the {part} did not reach the far side")
    expect(told.name == wanted.name, "the name that reached the far side is another")
    expect(told.phone == wanted.phone, "the phone that reached the far side is another")


def _submission(site: Site, exercise: Exercise) -> None:
    told = accepted(exercise.done(site, exercise.prepared(site)))
    found = site.privacy.unfit([told.reference, told.message])
    expect(found is None, f"the Submission or the log holds {found}")


def _effect(site: Site, exercise: Exercise) -> None:
    arguments = exercise.prepared(site)
    contract = contract_of(site.spec, exercise)
    request = known_by(arguments[0], accepted(exercise.done(site, arguments)))
    site.pass_time(contract.visibility_lag)
    early = look(site, contract, request)
    expect(early.effect in (None, Effect.ACCEPTED), f"just accepted, and told to be {early.effect}")
    site.pass_time(COURIER_ACTS_AFTER)
    late = look(site, contract, request)
    wanted = {Effect.EFFECTIVE} if contract.status else {Effect.EFFECTIVE, Effect.ACCEPTED, None}
    expect(late.effect in wanted, f"it was done meanwhile, and is told to be {late.effect}")


def look(site: Site, contract: WriteContract, request: Any) -> Finding:
    """What the contract's status, or else its find, tells of a request that was accepted."""
    method = contract.status or contract.find
    outcome = site.call(method, request, provider=site.another_process())
    expect(isinstance(outcome.result, Finding), f"{method} should answer with a Finding, but there was {outcome.seen}")
    found: Finding = outcome.result
    expect(found.evidence is not Evidence.ABSENT, f"{method} does not find what was accepted")
    return found
