"""All rules tried on a provider: what is done, to do, exempt, or not applicable."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from asctl.host.blame import in_words
from asctl.testing.catalogue import BINDING, CAPABILITIES, rules_for
from asctl.testing.far_side import Port
from asctl.testing.rules import Broken, Hung, Missing, Rule, Stage, Tier
from asctl.testing.site import Site
from asctl.testing.subject import Subject
from asctl.text import _


class State(StrEnum):
    """How a provider stands to a rule. ``BESIDE``: what the rule is about is not declared, or nothing is needed."""

    DONE = "done"
    TODO = "todo"
    EXEMPT = "exempt"
    BESIDE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Standing:
    """What came of one rule; ``why`` tells what is to be done, or why nothing is. ``hung``: the plugin's code did not come back.
    ``untried``: nothing was seen of the plugin, because something is missing."""

    rule: Rule
    state: State
    why: str = ""
    hung: bool = False
    untried: bool = False


def stand(subject: Subject, rule: Rule, port: Port) -> Standing:
    """Try one rule. Whatever the plugin's own code raises is a rule not kept."""
    if rule not in BINDING and (reason := subject.exemption(rule)):
        return Standing(rule, State.EXEMPT, reason)
    if reason := rule.beside(subject.spec):
        return Standing(rule, State.BESIDE, reason)
    if subject.stands_in(rule):
        return Standing(rule, State.BESIDE, f"needs a world; {rule.capability}.{rule.method}.recorded stands in for it")
    try:
        _provable(subject, rule)
        with subject.site(port, rule) as site:
            return _tried(rule, site)
    except Hung as hung:
        return Standing(rule, State.TODO, str(hung), hung=True)
    except Missing as missing:
        return Standing(rule, State.TODO, str(missing), untried=True)


class Examiner:
    """Tries rules on one subject. Once its code did not come back, no other rule is tried."""

    def __init__(self, subject: Subject, port: Port) -> None:
        self._subject = subject
        self._port = port
        self._hung_at = ""

    def stand(self, rule: Rule) -> Standing:
        """As :func:`stand`."""
        if self._hung_at:
            why = f"not tried: at {self._hung_at} the plugin did not come back"
            return Standing(rule, State.TODO, why, untried=True)
        standing = stand(self._subject, rule, self._port)
        self._hung_at = rule.id if standing.hung else ""
        return standing


def examine(subject: Subject, port: Port, beginning: Callable[[Rule], None]) -> Iterator[Standing]:
    """Try every rule for what the spec declares; ``beginning`` is told each before it is tried."""
    examiner = Examiner(subject, port)
    for rule in rules_for(subject.spec):
        beginning(rule)
        yield examiner.stand(rule)


def undeclared(subject: Subject) -> tuple[str, ...]:
    """The capabilities of its kind that the spec does not declare."""
    return tuple(name for name in CAPABILITIES[subject.kind] if subject.spec.capability(name) is None)


def tier_reached(standings: Sequence[Standing]) -> Tier | None:
    """The highest tier of which something was shown of a capability and nothing is left to do; of those below it neither."""
    reached = None
    for tier in Tier:
        of_this = [one for one in standings if one.rule.tier is tier]
        shown = any(one.state is State.DONE and one.rule.capability for one in of_this)
        if not shown or any(one.state is State.TODO for one in of_this):
            break
        reached = tier
    return reached


def summary(subject: Subject, standings: Sequence[Standing]) -> str:
    """One line for people: the tier reached and with how many exemptions, what it was shown on, what is left of each tier."""
    exempt = sum(one.state is State.EXEMPT for one in standings)
    reached = [str(tier_reached(standings) or _("no tier yet"))]
    reached += [_("{count} exempt").format(count=exempt)] if exempt else []
    reached += [_("on recorded answers alone")] if subject.recorded_only else []
    left = {tier: sum(one.rule.tier is tier and one.state is State.TODO for one in standings) for tier in Tier}
    todo = ", ".join(_("{tier}: {count} to do").format(tier=tier, count=count) for tier, count in left.items() if count)
    parts = [_("{id} has reached {tier}").format(id=subject.spec.id, tier=", ".join(reached))]
    return _("; ").join([*parts, todo] if todo else parts)


def _tried(rule: Rule, site: Site) -> Standing:
    try:
        rule.check(site)
    except Hung:
        raise
    except Missing as missing:
        return Standing(rule, State.TODO, site.privacy.conceal(str(missing)), untried=True)
    except Broken as unkept:
        return Standing(rule, State.TODO, site.privacy.conceal(str(unkept)))
    except (Exception, SystemExit) as crash:
        return Standing(rule, State.TODO, site.privacy.conceal(f"the rule could not be tried: {in_words(crash)}"))
    return Standing(rule, State.DONE)


def _provable(subject: Subject, rule: Rule) -> None:
    if subject.recorded_only and rule.capability and rule.stage is Stage.PROOF:
        raise Missing(
            "a promise that no recorded answer shows: name a sandbox app in the spec (sandbox=), or declare no more than "
            "is sure"
        )
