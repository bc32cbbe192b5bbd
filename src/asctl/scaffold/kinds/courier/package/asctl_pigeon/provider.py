"""The capabilities: ``Tracker`` and ``AccountChecker``. What they must do: asctl help api Tracker"""

from asctl.api import CheckResult, Context, TrackAnswer, TrackQuery
from asctl_pigeon.client import Client
from asctl_pigeon.mapping import read_scans


class PigeonParcels:
    """One account."""

    def __init__(self, context: Context) -> None:
        self._client = Client(context)
        self._customer = context.text("customer")

    def track(self, queries: tuple[TrackQuery, ...]) -> tuple[TrackAnswer, ...]:
        """One answer per query, in order; no events where nothing is known yet."""
        return tuple(self._track(query) for query in queries)

    def check(self) -> CheckResult:
        """One harmless signed call."""
        self._client.ask("account", {}, lambda told: told["rows"])
        return CheckResult(f"customer {self._customer}")

    def _track(self, query: TrackQuery) -> TrackAnswer:
        question = {"waybill": query.waybill}
        events, problems = self._client.ask("track", question, lambda told: read_scans(told["rows"]))
        return TrackAnswer(query, events, problems=problems)
