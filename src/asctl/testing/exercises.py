"""How the kit calls one method of a capability: what it puts into the world first, and with which arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from asctl.domain.errors import AsctlError
from asctl.testing.recordings import RecordedApp
from asctl.testing.rules import Broken, expect
from asctl.testing.site import Outcome, Site

Arguments = tuple[Any, ...]


def _none(_result: Any) -> Sequence[AsctlError]:
    return ()


def _same_arguments(site: Site, find: str, arguments: Arguments, **told: Any) -> Outcome:
    return site.call(find, *arguments, **told)


@dataclass(frozen=True, slots=True)
class Exercise:
    """One method. ``arrange`` prepares the site's world and answers with the arguments of a call that must succeed.

    ``errors`` finds the errors that a result carries row by row instead of raising them. Of a write, ``stranger`` makes the
    arguments of another request for the same thing (another key). ``before`` makes the calls that must have gone well first,
    and answers with the arguments in their light; what it sends is not counted, and recordings do without it. ``look`` calls
    the method that the contract names as ``find`` where that does not take the write's own arguments; its result is a
    :class:`Finding`.
    """

    capability: str
    method: str
    arrange: Callable[[Site], Arguments]
    write: bool = False
    errors: Callable[[Any], Sequence[AsctlError]] = _none
    stranger: Callable[[Arguments], Arguments] | None = None
    before: Callable[[Site, Arguments], Arguments] | None = None
    look: Callable[..., Outcome] = _same_arguments

    @property
    def name(self) -> str:
        """As rules and people name it: ``Tracker.track``."""
        return f"{self.capability}.{self.method}"

    def prepared(self, site: Site) -> Arguments:
        """The arguments of a call that must succeed."""
        arguments = self.arrange(site)
        return arguments if isinstance(site.app, RecordedApp) else self._begun(site, arguments)

    def _begun(self, site: Site, arguments: Arguments) -> Arguments:
        if self.before is None:
            return arguments
        begun = self.before(site, arguments)
        site.far_side.forget()
        return begun

    def outcome(self, site: Site, arguments: Arguments, **told: Any) -> Outcome:
        """Call it; an error that the result carries counts as raised."""
        outcome = site.call(self.method, *arguments, **told)
        errors = () if outcome.error else self._errors(outcome)
        return replace(outcome, error=errors[0]) if errors else outcome

    def _errors(self, outcome: Outcome) -> Sequence[AsctlError]:
        try:
            return self.errors(outcome.result)
        except (TypeError, AttributeError) as shape:
            raise Broken(f"{self.method} should answer as its Protocol says, but there was {outcome.seen}") from shape

    def done(self, site: Site, arguments: Arguments, **told: Any) -> Any:
        """The result of a call that must succeed."""
        outcome = self.outcome(site, arguments, **told)
        expect(outcome.error is None, f"{self.method} should have succeeded, but there was {outcome.seen}")
        return outcome.result
