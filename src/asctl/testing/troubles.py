"""What goes wrong between a provider and its far side, read or write, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from asctl.api.sandbox import SandboxReply, SandboxRequest
from asctl.domain.errors import AsctlError, CredentialsRefused, PluginBroken, Refused, Throttled, Unavailable, Unclear
from asctl.domain.refusals import RefusalReason
from asctl.testing.discretion import clean, discretion_rule
from asctl.testing.exercises import Arguments, Exercise
from asctl.testing.far_side import body_of, echo
from asctl.testing.new_errors import new_error_rule
from asctl.testing.recorded import recorded_rule
from asctl.testing.rules import HURRIED, PATIENT, Broken, Rule, Stage, Tier, expect
from asctl.testing.shapes import ODD_SHAPES, odd_inside
from asctl.testing.site import Outcome, Site

_LISTS = frozenset({b"[]", b"[null, null]"})
_SHORTEST_REST = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class _Trouble:
    """One thing that goes wrong. ``begin`` puts it in force; ``applied`` says that a write may have been carried out."""

    id: str
    tier: Tier
    says: str
    begin: Callable[[Site, bool], None]
    hurried: bool = False


def _fault(kind: str, **told: object) -> Callable[[Site, bool], None]:
    return lambda site, write: site.far_side.fault(kind, writes_only=write, **told)


def _debugging(site: Site, write: bool) -> None:
    site.far_side.tamper = echo
    site.far_side.tampers_writes_only = write


_TROUBLES = (
    _Trouble("garbage", Tier.BRONZE, "bytes that are no answer at all", _fault("garbage")),
    _Trouble("truncated", Tier.BRONZE, "an answer that breaks off", _fault("truncate", bytes=1)),
    _Trouble("html", Tier.BRONZE, "a gateway's web page in place of an answer", _fault("html")),
    _Trouble("huge", Tier.BRONZE, "an answer above the size limit", _fault("big", mib=2)),
    _Trouble("quoting", Tier.BRONZE, "an error page that quotes the request, secrets and all", _debugging),
    _Trouble("server_error", Tier.SILVER, "HTTP status 502", _fault("status", code=502, applied=True)),
    _Trouble("slow", Tier.SILVER, "an answer after the time limit", _fault("slow", seconds=2), hurried=True),
    _Trouble("cut_off", Tier.SILVER, "a connection that closes without an answer", _fault("close_after")),
)


def trouble_rules(exercise: Exercise) -> Iterator[Rule]:
    """The rules about everything that can go wrong with this method."""
    for trouble in _TROUBLES:
        yield Rule(
            id=f"{exercise.name}.{trouble.id}",
            tier=trouble.tier,
            says=_says(exercise, trouble),
            check=_check_of(exercise, trouble),
            capability=exercise.capability,
            patience=HURRIED if trouble.hurried else PATIENT,
            stage=Stage.ANY,
        )
    yield discretion_rule(exercise)
    yield new_error_rule(exercise)
    yield recorded_rule(exercise)
    for name, tier, says, check in _others(exercise):
        says = f"{exercise.method}: {says}"
        yield Rule(
            f"{exercise.name}.{name}", tier, says, partial(check, exercise), exercise.capability, stage=Stage.ANY
        )


def _others(exercise: Exercise) -> Iterator[tuple[str, Tier, str, Callable[[Exercise, Site], None]]]:
    """What is tried in a way of its own: name, tier, what the rule says, and how."""
    neat = "nothing is printed, the process is left as it was, and no setting is read that is not declared"
    yield "tidy", Tier.BRONZE, neat, _tidy
    shapes = f"JSON of another shape than agreed is {_family(exercise)}, never a crash"
    yield "odd_shapes", Tier.BRONZE, shapes, _odd_shapes
    inside = "JSON that is odd further inside is an error of our families, or an answer, and never a crash"
    yield "odd_inside", Tier.BRONZE, inside, _odd_inside
    too_many = _said(exercise, Throttled, RefusalReason.RATE_LIMITED)
    rest = "for a second at least, and the account is not asked again at once"
    yield "throttled", Tier.SILVER, f"'too many calls' is {too_many}, {rest}", _throttled
    not_taken = _said(exercise, CredentialsRefused, RefusalReason.SIGN_ERROR)
    yield "expired", Tier.SILVER, f"credentials that the far side does not take are {not_taken}", _expired


def _says(exercise: Exercise, trouble: _Trouble) -> str:
    once = ", and it is sent once" if exercise.write else ""
    return f"{exercise.method}: {trouble.says} is {_family(exercise)}{once}"


def _family(exercise: Exercise) -> str:
    return "Unclear" if exercise.write else "Unavailable"


def _check_of(exercise: Exercise, trouble: _Trouble) -> Callable[[Site], None]:
    def check(site: Site) -> None:
        arguments = exercise.prepared(site)
        trouble.begin(site, exercise.write)
        _ends_in_doubt(site, exercise, exercise.outcome(site, arguments))

    return check


def _odd_shapes(exercise: Exercise, site: Site) -> None:
    arguments = exercise.prepared(site)
    site.far_side.tampers_writes_only = exercise.write
    usual = _usual_answer(site, exercise, arguments) if not exercise.write else b""
    for name, body in ODD_SHAPES.items():
        if body in _LISTS and usual.lstrip().startswith(b"["):
            continue  # where answers are lists, an empty one says that there is nothing, and an odd row loses no other
        site.far_side.tamper = body_of(body)
        before = len(site.far_side.writes())
        outcome = exercise.outcome(site, arguments, provider=site.another_provider())
        try:
            _ends_in_doubt(site, exercise, outcome, before)
        except Broken as broken:
            raise Broken(f"{name}: {broken}") from None


def _tidy(exercise: Exercise, site: Site) -> None:
    exercise.outcome(site, exercise.prepared(site))
    expect(not site.told, "; ".join(dict.fromkeys(site.told)))


def _odd_inside(exercise: Exercise, site: Site) -> None:
    arguments = exercise.prepared(site)
    site.far_side.tampers_writes_only = exercise.write
    for name, tamper in odd_inside(_usual_answer(site, exercise, arguments)):
        site.far_side.tamper = tamper
        before = len(site.far_side.writes())
        outcome = exercise.outcome(site, arguments, provider=site.another_provider())
        expect(not isinstance(outcome.error, PluginBroken), f"{name}: there was {outcome.seen}")
        clean(site, outcome)
        sent = len(site.far_side.writes()) - before
        expect(sent <= 1 or not exercise.write, f"{name}: the write was sent {sent} times")


def _usual_answer(site: Site, exercise: Exercise, arguments: Arguments) -> bytes:
    """The last body that the far side answers with when all is well."""
    seen = [b""]

    def look(_request: SandboxRequest, reply: SandboxReply) -> SandboxReply:
        seen.append(reply.body)
        return reply

    site.far_side.tamper = look
    exercise.outcome(site, arguments, provider=site.another_provider())
    return seen[-1]


def _ends_in_doubt(site: Site, exercise: Exercise, outcome: Outcome, before: int = 0) -> None:
    """A read is known to have failed; of a write nobody knows, and it was sent once."""
    family = Unclear if exercise.write else Unavailable
    expect(isinstance(outcome.error, family), f"should be {family.__name__}, but there was {outcome.seen}")
    clean(site, outcome)
    if exercise.write:
        sent = len(site.far_side.writes()) - before
        expect(sent == 1, f"the write was sent {sent} times")


def _throttled(exercise: Exercise, site: Site) -> None:
    arguments = exercise.prepared(site)
    site.far_side.fault("throttle", seconds=90, writes_only=exercise.write)
    outcome = exercise.outcome(site, arguments)
    clean(site, outcome)
    if exercise.write and _is_no(outcome.error, RefusalReason.RATE_LIMITED):
        _sent_once(site, outcome.error)
        return
    error = outcome.error
    expect(
        isinstance(error, Throttled), f"should be Throttled, but there was {outcome.seen}{_taken(outcome, 'throttle')}"
    )
    assert isinstance(error, Throttled)
    expect(error.retry_after >= _SHORTEST_REST, f"retry_after is {error.retry_after}, and should be a second at least")
    asked = _asked(site, exercise)
    again = exercise.outcome(site, arguments)
    expect(isinstance(again.error, Throttled), f"asked again at once, there was {again.seen}")
    clean(site, again)
    expect(_asked(site, exercise) == asked, "the far side was asked again at once")


def _asked(site: Site, exercise: Exercise) -> int:
    return len(site.far_side.writes() if exercise.write else site.far_side.requests())


def _expired(exercise: Exercise, site: Site) -> None:
    arguments = exercise.prepared(site)
    site.far_side.fault("auth", writes_only=exercise.write)
    outcome = exercise.outcome(site, arguments)
    clean(site, outcome)
    if exercise.write and _is_no(outcome.error, RefusalReason.SIGN_ERROR):
        _sent_once(site, outcome.error)
        return
    refused = isinstance(outcome.error, CredentialsRefused)
    expect(refused, f"should be CredentialsRefused, but there was {outcome.seen}{_taken(outcome, 'auth')}")


def _said(exercise: Exercise, family: type[AsctlError], reason: RefusalReason) -> str:
    """What a rule says is expected. Some far sides tell trouble with the account among the reasons for which they refuse a write;
    the core knows these two."""
    return f"{family.__name__}, or Refused as {reason.value}" if exercise.write else family.__name__


def _taken(outcome: Outcome, kind: str) -> str:
    """What may have gone wrong where a complaint was taken for an answer."""
    no_complaint = f"; either complain(kind={kind!r}) of the sandbox app does not say so, or it was not read"
    return no_complaint if outcome.error is None else ""


def _is_no(error: AsctlError | None, reason: RefusalReason) -> bool:
    return isinstance(error, Refused) and error.reason == reason.value


def _sent_once(site: Site, error: AsctlError | None) -> None:
    sent = len(site.far_side.writes())
    expect(sent == 1, f"after {error.code if error else 'an answer'} the write was sent {sent} times")


def refusal_rule(exercise: Exercise) -> Rule:
    """The far side says no: that is Refused, with a reason of the closed list."""

    def check(site: Site) -> None:
        arguments = exercise.prepared(site)
        site.far_side.fault("refuse", reason="signed", writes_only=exercise.write)
        outcome = exercise.outcome(site, arguments)
        refused = isinstance(outcome.error, Refused)
        expect(refused, f"should be Refused, but there was {outcome.seen}{_taken(outcome, 'refuse')}")
        clean(site, outcome)

    return Rule(
        f"{exercise.name}.refused",
        Tier.SILVER,
        f"{exercise.method}: a clear no is Refused",
        check,
        exercise.capability,
        stage=Stage.ANY,
    )
