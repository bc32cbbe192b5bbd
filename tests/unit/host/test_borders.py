"""What a plugin of a class of its own may try at the border, and what our side makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from asctl.api import PluginBroken, Unavailable
from asctl.capabilities.specs import Capability, ProviderSpec
from asctl.domain.errors import AsctlError
from asctl.host import guard
from asctl.host.answers import Answers
from asctl.host.calls import Whose
from asctl.host.guard import Guarded
from asctl.host.plugins import Host
from asctl.host.warden import Warden
from tests.plugin_support import install

WHOSE = Whose("alpha", "a1")


@dataclass(frozen=True)
class Frozen(Unavailable):
    """An error that nothing can be written on."""

    message: str = "down"
    code: str = "odd"
    hint: str = ""
    provider: str = ""
    account: str = ""
    upstream_code: str = ""
    upstream_text: str = ""
    request_id: str = ""
    retry_at: None = None
    passing: bool = False


def guarded(**methods: Any) -> Guarded:
    """A provider with these methods, behind the guard."""
    spec = ProviderSpec("alpha", "Alpha", 1, "alpha:Provider", capabilities=(Capability("OrderSource"),))
    log: Any = SimpleNamespace(info=lambda *_told: None)
    return Guarded(SimpleNamespace(**methods), WHOSE, Warden(), Answers(WHOSE, spec), log)


def test_an_error_of_a_class_of_its_own_is_its_familys() -> None:
    """It learns whose it is, though its own class would not be written on; what it was is kept as the cause."""

    def fails() -> None:
        raise Frozen

    with pytest.raises(AsctlError) as caught:
        guarded(fails=fails).fails()
    error = caught.value
    assert type(error) is Unavailable
    assert (error.message, error.code, error.passing, error.account) == ("down", "odd", False, "a1")
    assert isinstance(error.__cause__, Frozen)


def test_pages_that_go_round_and_round_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same page over and over is a fault; a few empty ones in a row are none."""
    monkeypatch.setattr(guard, "SAME_PAGES", 3)

    def pages(times: int) -> Iterator[tuple[object, ...]]:
        yield from [()] * times

    assert len(list(guarded(changed_orders=pages).stream("changed_orders", 4))) == 4
    with pytest.raises(PluginBroken, match=r"changed_orders\(\) tells the same page over and over"):
        list(guarded(changed_orders=pages).stream("changed_orders", 5))


def test_a_reason_is_text_and_nothing_else(place: Path) -> None:
    """A house rule's reason brings no code of the plugin's into a message."""
    source = """
        from asctl.api import hookimpl
        class Loud(str):
            def __str__(self): return self
            def __format__(self, _spec): raise ValueError
        @hookimpl
        def asctl_review_action(action): return Loud("not on Sundays")
    """
    install(place, "rules", source)
    reason = Host(None, lambda _line: None).first_objection("asctl_review_action", action=None)
    assert (type(reason), f"{reason}") == (str, "not on Sundays")
