"""What a call into a plugin costs because it is guarded: a thread of the plugin's own, limits, and what it leaves behind."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import ModuleType

import pytest

from asctl.api import Capability, Context, ProviderSpec, TrackerLimits
from asctl.host.guard import make_provider

pytestmark = pytest.mark.bench

CALLS = 2000
AIM_US = 100


class Provider:
    """A tracker that is asked about nothing."""

    def __init__(self, _context: object) -> None:
        pass

    def track(self, _queries: tuple[()]) -> tuple[()]:
        """Nothing, at once."""
        return ()


def microseconds(call: Callable[[], object]) -> float:
    """What one call takes, in wall time; the best of some rounds."""
    rounds = []
    for _round in range(7):
        began = time.perf_counter()
        for _call in range(CALLS):
            call()
        rounds.append((time.perf_counter() - began) / CALLS * 1e6)
    return min(rounds)


def test_a_guarded_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two switches between threads, and a look at what all share before and after; small against any call over a network."""
    module = ModuleType("fake_quick")
    module.Provider = Provider  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "fake_quick", module)
    spec = ProviderSpec(
        "quick", "Quick", 1, "fake_quick:Provider", capabilities=(Capability("Tracker", TrackerLimits()),)
    )
    bare = Provider(None)
    guarded = make_provider(spec, Context("quick", {}, None, None, None, None))  # type: ignore[arg-type]
    theirs, ours = microseconds(lambda: bare.track(())), microseconds(lambda: guarded.track(()))
    print(f"\na guarded call: {ours:.0f} µs (aim: at most {AIM_US}), bare: {theirs:.2f} µs")
    assert ours < 10 * AIM_US
