"""The warden of plugin code: whatever it raises, prints, changes or never finishes, only its own call is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeVar

from asctl.domain.errors import PluginBroken
from asctl.host.calls import Behalf, Call, Whose, leave_behind, plugin_thread, under_way
from asctl.host.surroundings import Surroundings
from asctl.text import _

T = TypeVar("T")

LOOK_EVERY_S = 0.25
"""How often it is looked how a call that takes long is doing."""
GRACE_S = 1.0
"""What is left, after a signal, to plugin code that is at work without sending anything."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Patience:
    """How long plugin code may be at work, in seconds: ``load`` until it is loaded, ``call`` for each call after that.
    ``stopped`` tells whether a signal came; a call then gets no more than :data:`GRACE_S`."""

    load: float = 10.0
    call: float = 180.0
    stopped: Callable[[], bool] = _never


def _tell_nobody(_line: str) -> None:
    return


USUAL = Patience()


class Warden:
    """Carries out calls into plugin code; threads may share it. ``warn`` gets each line once."""

    def __init__(self, patience: Patience = USUAL, warn: Callable[[str], None] = _tell_nobody) -> None:
        self._patience = patience
        self._warn = warn
        self._lock = threading.Lock()
        self._told: set[str] = set()
        self._surroundings: Surroundings | None = None
        self._under_way: set[Call[Any]] = set()
        self._hung: dict[Whose, float] = {}
        self._called: set[str] = set()

    def tell(self, line: str) -> None:
        """One line to the operator, once."""
        with self._lock:
            if line in self._told:
                return
            self._told.add(line)
        self._warn(line)

    def load(self, whose: Whose, work: Callable[[], T]) -> Call[T]:
        """Do ``work``, which makes a plugin ready; see :meth:`call`. What it left changed is the caller's to tell."""
        return self._run(whose, work, self._patience.load)

    def call(self, whose: Whose, work: Callable[[], T]) -> Call[T]:
        """Do ``work`` and return the call, ended or left behind; raises nothing that a plugin raised.

        Whoever hung once is not called again: the call then ends at once with the same error, :class:`PluginBroken`
        ``plugin_hangs``.
        """
        call = self._run(whose, work, self._patience.call)
        self.tell_changes(call)
        return call

    def tell_changes(self, call: Call[Any]) -> None:
        """Tell what a call left changed in the process, if anything."""
        self._tell_changed({call.whose.plugin}, call.changed)

    def behalf(self, whose: Whose) -> Behalf:
        """For which calls the plugin's thread that asks now works: its own, or where it is no call's all of the account's. One
        that is left behind, or is left by a call that hung, is too late."""
        call = under_way()
        at_work = tuple(self._under_way)
        if call is not None and call in at_work:
            return Behalf(whose, (call,), lambda: call.hung)
        return Behalf(whose, tuple(each for each in at_work if each.whose == whose), lambda: whose in self._hung)

    def _run(self, whose: Whose, work: Callable[[], T], seconds: float) -> Call[T]:
        call = Call(whose, work)
        if whose in self._hung:
            call.hung, call.error = (
                True,
                _hangs(whose, _("plugin {id} did not come back before and is not called again")),
            )
            return call
        surroundings, before, between = self._begun(call)
        thread, soon = plugin_thread(), min(seconds, LOOK_EVERY_S)
        try:
            # Nothing may stand between these two: the other thread would wake and find this one still at work.
            thread.begin(lambda: self._carried_out(call, surroundings))
            in_time = call.done.acquire(True, soon) or self._wait(call, seconds)
        except BaseException:
            self._leave(call)
            raise
        if not in_time:
            self._give_up(call, surroundings, seconds)
        self._tell_changed(before, between)
        self._tell_of(call)
        return call

    def _begun(self, call: Call[Any]) -> tuple[Surroundings, set[str], tuple[str, ...]]:
        """Count the call in. Where no other is under way, a thread that a plugin left behind may have changed the surroundings:
        which plugins that may have been, and what was put back."""
        with self._lock:
            before, between = set(self._called), tuple[str, ...]()
            if self._surroundings is None:
                self._surroundings = Surroundings()
            elif not self._under_way:
                between = self._surroundings.entered()
            self._under_way.add(call)
            self._called.add(call.whose.plugin)
            return self._surroundings, before, between

    def _carried_out(self, call: Call[Any], surroundings: Surroundings) -> bool:
        """On the plugin's thread: the work itself, and whether anybody waited for it. Nobody is told anything from here: what
        telling may raise is none of the plugin's."""
        call.carry_out(surroundings)
        self._note_others(call)
        self._under_way.discard(call)
        call.done.release()
        return not call.hung

    def _note_others(self, call: Call[Any]) -> None:
        """Who else may have changed what was found changed: whoever is at work, and whoever was left behind."""
        if call.changed:
            at_work = {each.whose.plugin for each in tuple(self._under_way)}
            call.beside = (at_work | {whose.plugin for whose in tuple(self._hung)}) - {call.whose.plugin}

    def _tell_of(self, call: Call[Any]) -> None:
        """Where several plugins were at work nobody knows which of them changed what they share."""
        if call.beside:
            self._tell_changed({*call.beside, call.whose.plugin}, call.changed)
            call.changed = ()
        if call.printed:
            self.tell(_("plugin {id} prints; what it prints goes to stderr").format(id=call.whose.plugin))

    def _tell_changed(self, suspects: Collection[str], changed: tuple[str, ...]) -> None:
        if not changed:
            return
        what, names = ", ".join(changed), ", ".join(sorted(suspects))
        if len(suspects) > 1:
            self.tell(_("one of {names} changed {what}; it was put back").format(names=names, what=what))
        else:
            self.tell(_("plugin {id} changed {what}; it was put back").format(id=names, what=what))

    def _wait(self, call: Call[Any], seconds: float) -> bool:
        """Whether the call ended in time. Another call of the same account that hung may hold what this one waits for: then
        all the time from there on counts."""
        stopped_at = 0.0
        while True:
            now = time.monotonic()
            left = seconds - call.time.seconds(now)
            if call.whose in self._hung:
                left = min(left, self._hung[call.whose] + seconds - now)
            if self._patience.stopped() and call.time.runs:
                stopped_at = stopped_at or now
                left = min(left, stopped_at + GRACE_S - now)
            if left <= 0:
                return False
            if call.done.acquire(True, min(max(left, 0.01), LOOK_EVERY_S)):
                return True

    def _leave(self, call: Call[Any]) -> None:
        leave_behind(call)
        self._hung.setdefault(call.whose, time.monotonic())

    def _give_up(self, call: Call[Any], surroundings: Surroundings, seconds: float) -> None:
        self._leave(call)
        call.changed = surroundings.mend()
        waited = min(seconds, round(call.time.seconds(time.monotonic()), 1))  # less where a signal cut it short
        call.error = _hangs(call.whose, _("plugin {id} did not come back within {seconds} seconds"), waited)
        self._note_others(call)


def _hangs(whose: Whose, sentence: str, seconds: float = 0.0) -> PluginBroken:
    return PluginBroken(
        sentence.format(id=whose.plugin, seconds=f"{seconds:g}"),
        code="plugin_hangs",
        hint=_("tell the plugin's author; how long it may take: plugins.load_timeout, plugins.call_timeout"),
        provider=whose.plugin,
        account=whose.account,
    )
