"""Notifiers: colleagues are told what happened, once, whatever stands in it."""

from __future__ import annotations

from collections.abc import Iterator

from asctl.api.sandbox import SandboxReply, SandboxRequest
from asctl.capabilities.notices import Notice
from asctl.domain.errors import BadInput, Refused
from asctl.testing.bills import particular_rules
from asctl.testing.discretion import clean
from asctl.testing.exercises import Arguments, Exercise
from asctl.testing.hostile import HOSTILE
from asctl.testing.rules import Rule, Tier, expect
from asctl.testing.site import Site
from asctl.testing.troubles import refusal_rule, trouble_rules
from asctl.testing.writing import write_rules

_SEVERITIES = ("info", "warning", "alarm")
_TITLE, _TEXT = "kittitle4711", "kittext4712"


def _notice(_site: Site) -> Arguments:
    return (Notice("3 parcels stand still", "shop flagship: see asctl watch list", "warning"),)


NOTIFY = Exercise("Notifier", "notify", _notice, write=True)


def notifier_rules() -> Iterator[Rule]:
    """All rules for ``Notifier``."""
    yield from particular_rules(
        NOTIFY,
        ("told", Tier.BRONZE, "title and text reach the far side", _told),
        ("severities", Tier.BRONZE, "info, warning and alarm are all sent", _severities),
        ("hostile", Tier.BRONZE, "whatever stands in it, it is sent, or BadInput or Refused", _hostile),
    )
    yield from write_rules(NOTIFY)
    yield from trouble_rules(NOTIFY)
    yield refusal_rule(NOTIFY)


def _told(site: Site) -> None:
    seen: list[bytes] = []

    def note(request: SandboxRequest, reply: SandboxReply) -> SandboxReply:
        seen.append(f"{request.path} {dict(request.query)} ".encode() + request.body)
        return reply

    site.far_side.tamper = note
    NOTIFY.done(site, (Notice(_TITLE, _TEXT),))
    for what, word in (("the title", _TITLE), ("the text", _TEXT)):
        expect(any(word.encode() in one for one in seen), f"{what} reached nobody")


def _severities(site: Site) -> None:
    for severity in _SEVERITIES:
        NOTIFY.done(site, (Notice("3 parcels stand still", "see asctl watch list", severity),))
    sent = len(site.far_side.writes())
    expect(sent == len(_SEVERITIES), f"of {len(_SEVERITIES)} notices {sent} were sent")


def _hostile(site: Site) -> None:
    for what, text in HOSTILE.items():
        for notice in (Notice(text, "text"), Notice("title", text)):
            outcome = NOTIFY.outcome(site, (notice,))
            fine = outcome.error is None or isinstance(outcome.error, BadInput | Refused)
            expect(fine, f"{what}: should be sent, or be a no, but there was {outcome.seen}")
            clean(site, outcome)


EXERCISES = (NOTIFY,)
