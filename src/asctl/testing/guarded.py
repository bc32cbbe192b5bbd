"""What a plugin hands the kit beside its providers, asked for by the warden: a sandbox app, callbacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from asctl.host.blame import in_words
from asctl.host.calls import Whose
from asctl.host.warden import Patience, Warden
from asctl.testing.rules import Hung, Missing

T = TypeVar("T")

PATIENCE = Patience(load=10.0, call=30.0)
"""How long code of a plugin under examination may be at work."""


def given(warden: Warden, whose: Whose, what: str, work: Callable[[], T]) -> T:
    """The result of ``work``, which calls the plugin for ``what``. Raises :class:`Missing` with what it raised, and
    :class:`Hung`."""
    call = warden.load(whose, work)
    if call.hung:
        raise Hung(f"{what} did not come back")
    if isinstance(call.error, Missing):
        raise call.error
    if call.error is not None:
        raise Missing(f"{what} failed with {in_words(call.error)}") from call.error
    return call.result
