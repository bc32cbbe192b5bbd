"""The pytest plugin behind the contracts of :mod:`asctl.testing`. It is loaded into every test run of an environment that has
asctl, so it stands outside that package and imports nothing of ours before a contract is collected."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from asctl.testing.far_side import Port

PROPERTY = "asctl_rule"
"""The test property under which a contract notes (provider, tier, state) of each rule."""


@pytest.fixture(scope="session")
def kit_port() -> Iterator[Port]:
    """The loopback port of the far sides, for all contracts of the run."""
    from asctl.testing.far_side import Port

    with Port() as port:
        yield port


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line a provider: how it stands to the rules of each tier."""
    counts = _counts(terminalreporter)
    if counts:
        terminalreporter.section("asctl conformance")
        for provider, tiers in sorted(counts.items()):
            told = "; ".join(f"{tier}: {_told(states)}" for tier, states in tiers.items())
            terminalreporter.line(f"{provider}  {told}")


def _counts(reporter: pytest.TerminalReporter) -> dict[str, dict[str, Counter[str]]]:
    counts: dict[str, dict[str, Counter[str]]] = defaultdict(_none_of_any_tier)
    for outcome in ("passed", "failed", "skipped"):
        for report in reporter.stats.get(outcome, ()):
            for name, noted in getattr(report, "user_properties", ()):
                if name == PROPERTY:
                    provider, tier, state = noted
                    counts[provider][tier][state] += 1
    return counts


def _none_of_any_tier() -> dict[str, Counter[str]]:
    from asctl.testing.rules import Tier

    return {tier.value: Counter() for tier in Tier}


def _told(states: Counter[str]) -> str:
    return ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in sorted(states.items())) or "nothing asked"
