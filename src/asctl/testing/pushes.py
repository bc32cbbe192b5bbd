"""Callbacks: ``PushReceiver``. Each rule needs some that are signed rightly, which only the author can make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from asctl.api.conformance import PushSample
from asctl.capabilities.specs import SettingType
from asctl.capabilities.tracking import Push, PushReply
from asctl.domain.errors import BadInput, CredentialsRefused
from asctl.testing.discretion import clean
from asctl.testing.exercises import Exercise
from asctl.testing.rules import Missing, Rule, Stage, Tier, expect
from asctl.testing.shapes import ODD_SHAPES
from asctl.testing.site import Outcome, Site

KINDS = frozenset({"tracks", "interception", "pickup", "invoice", "other"})
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "interception": ("courier", "waybill", "effect"),
    "pickup": ("reference", "courier"),
    "invoice": ("reference",),
}
EXERCISES: tuple[Exercise, ...] = ()
"""None of its methods goes over the network."""
_POSITIONS = 48
"""So many bytes of each callback are changed, one at a time."""
_BODIES = {
    **ODD_SHAPES,
    "a web page": b"<html><body>404</body></html>",
    "a form of nothing": b"=&=&&%%%&a",
    "every byte there is": bytes(range(256)),
}


def push_receiver_rules() -> Iterator[Rule]:
    """All rules for ``PushReceiver``."""
    for name, tier, says, check in (
        ("samples", Tier.BRONZE, "receive: a genuine callback is read as its kind", _samples),
        ("whole", Tier.BRONZE, "receive: what a kind must tell is there, and times name their zone", _whole),
        ("again", Tier.BRONZE, "receive: the same callback again is read as the same", _again),
        ("no_network", Tier.BRONZE, "receive: nothing is asked of the far side", _no_network),
        ("garbage", Tier.BRONZE, "receive: a body of any other shape is BadInput or CredentialsRefused", _garbage),
        (
            "changed",
            Tier.BRONZE,
            "receive: a callback with one changed byte is turned away, or means the same, or nothing",
            _changed,
        ),
        ("forged", Tier.BRONZE, "receive: a callback signed with another secret is CredentialsRefused", _forged),
    ):
        yield Rule(f"PushReceiver.receive.{name}", tier, says, check, "PushReceiver", stage=Stage.ANY)
    says = "reply: a PushReply, stored or not"
    yield Rule("PushReceiver.reply.bytes", Tier.BRONZE, says, _reply, "PushReceiver", stage=Stage.ANY)


def _made(site: Site, settings: Mapping[str, object]) -> tuple[PushSample, ...]:
    make = site.subject.conformance.pushes
    samples = site.given("Conformance.pushes", lambda: tuple(make(settings))) if make else ()
    if not samples:
        raise Missing(
            "give callbacks that are signed rightly: Conformance(pushes=...), named in the spec (conformance=)"
        )
    return samples


def _genuine(site: Site) -> Iterator[tuple[str, PushSample]]:
    """The author's callbacks with a name for each, for the account under examination."""
    for index, sample in enumerate(_made(site, site.settings), 1):
        yield f"callback {index} ({sample.kind})", sample


def _received(site: Site, headers: Mapping[str, str], body: bytes, **told: object) -> Outcome:
    """As the core hands callbacks over: the names of headers are in lower case."""
    return site.call("receive", {name.lower(): value for name, value in headers.items()}, body, **told)  # type: ignore[arg-type]


def _read(site: Site, name: str, sample: PushSample) -> Push:
    outcome = _received(site, sample.headers, sample.body)
    expect(isinstance(outcome.result, Push), f"{name} should be read, but there was {outcome.seen}")
    clean(site, outcome)
    push: Push = outcome.result
    return push


def _turned_away(site: Site, outcome: Outcome, what: str) -> None:
    away = isinstance(outcome.error, BadInput | CredentialsRefused)
    expect(away, f"{what}: should be BadInput or CredentialsRefused, but there was {outcome.seen}")
    clean(site, outcome)


def _samples(site: Site) -> None:
    for name, sample in _genuine(site):
        expect(sample.kind in KINDS, f"there is no kind {sample.kind!r}; it may be one of: {', '.join(sorted(KINDS))}")
        kind = _read(site, name, sample).kind
        expect(kind == sample.kind, f"{name} was read as {kind!r}")


def _whole(site: Site) -> None:
    for name, sample in _genuine(site):
        first = _read(site, name, sample)
        expect(
            all(not (each.more or each.answers) for each in first.more), f"{name}: one of its more has more of its own"
        )
        for push in (first, *first.more):
            lacking = ", ".join(_lacking(push))
            expect(not lacking, f"{name} lacks {lacking}")
            expect(all(at.tzinfo is not None for at in _moments(push)), f"{name}: a moment names no zone")


def _lacking(push: Push) -> Iterator[str]:
    yield from (name for name in _NEEDED.get(push.kind, ()) if not getattr(push, name))
    for answer in push.answers:
        if not (answer.query.courier and answer.query.waybill):
            yield "courier or waybill of its scans"
        if not (answer.events or answer.problems):
            yield "events, or problems in their place"


def _moments(push: Push) -> Iterator[datetime]:
    if push.at is not None:
        yield push.at
    for answer in push.answers:
        yield from (event.at for event in answer.events)


def _again(site: Site) -> None:
    for name, sample in _genuine(site):
        first = _read(site, name, sample)
        expect(_read(site, name, sample) == first, f"{name}: read twice, it is another")
        elsewhere = _received(site, sample.headers, sample.body, provider=site.another_provider())
        expect(elsewhere.result == first, f"{name}: read in another process, it is another")


def _no_network(site: Site) -> None:
    for name, sample in _genuine(site):
        _read(site, name, sample)
    expect(not site.far_side.requests(), "the far side was called")


def _garbage(site: Site) -> None:
    for name, sample in _genuine(site):
        for what, body in {**_BODIES, "half of a genuine one": sample.body[: len(sample.body) // 2]}.items():
            for headers in (sample.headers, {}):
                _turned_away(site, _received(site, headers, body), f"{what}, as {name}")


def _changed(site: Site) -> None:
    """What nobody signed may at most make a callback the same, or one that means nothing to us."""
    for name, sample in _genuine(site):
        genuine, size = _read(site, name, sample), len(sample.body)
        for place in range(0, size, max(size // _POSITIONS, 1)):
            body = bytearray(sample.body)
            body[place] ^= 1
            outcome = _received(site, sample.headers, bytes(body))
            if outcome.error is None:
                harmless = outcome.result == genuine or getattr(outcome.result, "kind", "") == "other"
                expect(harmless, f"{name}: byte {place + 1} was changed, and it was believed")
            else:
                _turned_away(site, outcome, f"{name} with byte {place + 1} changed")


def _forged(site: Site) -> None:
    secrets = {setting.name for setting in site.spec.settings if setting.type is SettingType.SECRET}
    others = {name: f"{value}-of-somebody-else" if name in secrets else value for name, value in site.settings.items()}
    for index, sample in enumerate(_made(site, others), 1):
        outcome = _received(site, sample.headers, sample.body)
        refused = isinstance(outcome.error, CredentialsRefused)
        expect(refused, f"callback {index}: should be CredentialsRefused, but there was {outcome.seen}")
        clean(site, outcome)


def _reply(site: Site) -> None:
    """Also to one that was turned away, and by a process that received nothing."""
    for name, sample in _genuine(site):
        for body in (sample.body, b""):
            _received(site, sample.headers, body)
            _answers(site, f"to {name}" if body else "to one that was turned away", site.provider)
    _answers(site, "to nothing", site.another_provider())


def _answers(site: Site, what: str, provider: object) -> None:
    for stored in (True, False):
        outcome = site.call("reply", stored, provider=provider)  # type: ignore[arg-type]
        told = outcome.result
        whole = isinstance(told, PushReply) and isinstance(told.body, bytes) and isinstance(told.status, int)
        expect(whole, f"the reply {what} should be a PushReply of bytes, but there was {outcome.seen}")
        found = site.privacy.unfit([told.body.decode("utf-8", "replace")])
        expect(found is None, f"the reply {what} or the log holds {found}")
