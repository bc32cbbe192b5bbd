"""What every capability stands on: the account's calls, the look by key, and the check of the account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asctl.api import CheckResult, Context, Effect, Evidence, Finding, NotFound, Submission
from asctl.api import translate as _
from asctl_demo.client import Client
from asctl_demo.wire import Row

EFFECTS = {
    "accepted": Effect.ACCEPTED,
    "done": Effect.EFFECTIVE,
    "failed": Effect.INEFFECTIVE,
    "cancelled": Effect.CANCELLED,
}
"""Their words for how far a request is. Accepted is not done."""


class Account:
    """One account, and its ``AccountChecker``; thread-safe, as is every provider: nothing is kept between calls."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.client = Client(context)

    def check(self) -> CheckResult:
        """Ask whose account it is: signed, and without effect. The skew is our clock minus theirs."""
        name, theirs = self.client.ask("whoami", {}, lambda row: (row.needed("name"), row.moment("time")))
        skew = (self.context.clock.now() - theirs).total_seconds()
        return CheckResult(_("account of {name}").format(name=name), clock_skew_s=skew)

    def request(self, call: str, key: str, members: Mapping[str, Any], subject: str) -> Submission:
        """A write under our key. Demo drops a repeat of the key and gives the answer that it gave before."""
        return self.client.ask(call, {"key": key, **members}, _submission, subject=subject, write=True)

    def find(self, key: str) -> Finding:
        """What became of the request with our key.

        Demo answers for each key that it knows, so "not found" is ``ABSENT``. A look that could not be made raises: it
        never turns into ``ABSENT``.
        """
        try:
            return self.client.ask("request", {"key": key}, _finding, subject=key)
        except NotFound:
            return Finding(Evidence.ABSENT)

    def find_cancelled(self, key: str) -> Finding:
        """Whether the request with our key was taken back. Of one that is not known nobody can tell."""
        found = self.find(key)
        if found.evidence is Evidence.ABSENT:
            return Finding(Evidence.UNKNOWN)
        return found if found.effect is Effect.CANCELLED else Finding(Evidence.ABSENT, message=found.message)


def _submission(row: Row) -> Submission:
    return Submission(reference=row.needed("number"), message=row.text("text"), waybill=row.text("waybill"))


def _finding(row: Row) -> Finding:
    """A word for the state that nobody knows says that the request is there, and no more."""
    return Finding(
        Evidence.PRESENT,
        EFFECTS.get(row.needed("state")),
        reference=row.text("number"),
        message=row.text("text"),
        waybill=row.text("waybill"),
    )
