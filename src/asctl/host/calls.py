"""Plugin code runs on threads of its own: one that never comes back keeps its thread, and nothing else."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from queue import SimpleQueue
from typing import Any, Generic, NamedTuple, TypeVar, cast

from asctl.domain.errors import PluginBroken
from asctl.host.shared import let_threads_begin
from asctl.host.surroundings import Surroundings, apart
from asctl.text import _

T = TypeVar("T")
R = TypeVar("R")


class Whose(NamedTuple):
    """Whose code a call runs: a plugin, or a provider's id with the account that it works for."""

    plugin: str
    account: str = ""


class OwnTime:
    """How long a plugin's code has been at work: the time that counts while no thread of it is in a service of ours."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._with_us = 0
        self._counted: tuple[float, float | None] = (0.0, time.monotonic())
        """What is counted, and since when it goes on; in one, so that whoever looks never counts a stretch twice."""

    @property
    def runs(self) -> bool:
        """Whether the plugin's own code is at work; else it waits for us."""
        return self._counted[1] is not None

    def seconds(self, now: float) -> float:
        """What counts up to ``now``."""
        spent, since = self._counted
        return spent + (now - since if since is not None else 0.0)

    def step(self, more: int) -> None:
        """So many threads more are with us."""
        with self._lock:
            self._with_us += more
            spent, since = self._counted
            if self._with_us and since is not None:
                self._counted = (spent + time.monotonic() - since, None)
            elif not self._with_us and since is None:
                self._counted = (spent, time.monotonic())


class Call(Generic[T]):
    """One call into plugin code. ``error`` is what it raised, whatever that was; ``hung`` that its caller has gone on without it;
    ``changed`` what it left changed in the process, and ``beside`` which other plugins were at work then; ``printed`` that it
    wrote to stdout.
    """

    def __init__(self, whose: Whose, work: Callable[[], T]) -> None:
        self.whose = whose
        self.error: BaseException | None = None
        self.hung = False
        self.changed: tuple[str, ...] = ()
        self.beside: set[str] = set()
        self.printed = False
        self.time = OwnTime()
        self.done = threading.Lock()
        self.done.acquire()
        self._context = copy_context()  # what our side keeps per context is there for the services it calls
        self._work = work
        self._result: T | None = None

    @property
    def result(self) -> T:
        """What it returned; only where ``error`` is ``None``."""
        return cast(T, self._result)

    def carry_out(self, surroundings: Surroundings) -> None:
        """Do the work, on the plugin's thread, and put right what it changed in the process; one that is left behind leaves that
        to those who are at work now. Never raises."""
        try:
            self._context.run(self._inside)
            if not self.hung:
                self.changed += surroundings.mend()
        except BaseException as error:  # what a plugin did to the process may defeat the mending too
            self.error = self.error or error

    def _inside(self) -> None:
        _under_way.set(self)
        with apart() as noted:
            try:
                self._result = self._work()
            except BaseException as error:  # plugins raise what they like, also what ends threads and programs
                self.error = error
        self.changed, self.printed = noted.changed, noted.printed


class Behalf:
    """The calls for which a thread of a plugin asks for a service of ours: that takes none of their time. ``late`` tells whether
    nobody waits for it any more."""

    def __init__(self, whose: Whose, calls: tuple[Call[Any], ...], late: Callable[[], bool]) -> None:
        self._whose = whose
        self._calls = calls
        self._late = late

    @contextmanager
    def with_us(self) -> Iterator[None]:
        """A service of ours is at work for them. Raises :class:`PluginBroken` where it is too late."""
        self._go_on()
        self._step(1)
        try:
            yield
        finally:
            self._step(-1)

    def with_plugin(self, function: Callable[..., R]) -> Callable[..., R]:
        """A function of the plugin that a service of ours calls: it counts, and nothing is sent when it ended too late."""

        def counted(*arguments: Any) -> R:
            self._step(-1)
            try:
                result = function(*arguments)
            finally:
                self._step(1)
            self._go_on()
            return result

        return counted

    def _step(self, more: int) -> None:
        for call in self._calls:
            call.time.step(more)

    def _go_on(self) -> None:
        if self._late():
            raise PluginBroken(
                _("plugin {id} came back too late").format(id=self._whose.plugin),
                code="plugin_hangs",
                provider=self._whose.plugin,
                account=self._whose.account,
            )


class Thread:
    """The thread on which plugin code works for one thread of ours, so that what a plugin keeps per thread is there again."""

    def __init__(self) -> None:
        self._inbox: SimpleQueue[Callable[[], bool] | None] = SimpleQueue()
        self.begin: Callable[[Callable[[], bool]], None] = self._inbox.put
        """Have a task done there. The thread ends when the task says that nobody waits for it any more."""
        let_threads_begin()
        threading.Thread(target=_serve, args=(self._inbox,), name="plugin", daemon=True).start()

    def __del__(self) -> None:
        self._inbox.put(None)


_under_way: ContextVar[Call[Any] | None] = ContextVar("asctl_plugin_call", default=None)
_mine = threading.local()


def under_way() -> Call[Any] | None:
    """The call that this code is part of, where it is a plugin's or was called by one."""
    return _under_way.get()


def plugin_thread() -> Thread:
    """The one that belongs to this thread of ours."""
    if getattr(_mine, "thread", None) is None:
        _mine.thread = Thread()
    return cast(Thread, _mine.thread)


def leave_behind(call: Call[Any]) -> None:
    """Go on without a call; its thread stays its own."""
    call.hung = True
    _mine.thread = None


def _serve(inbox: SimpleQueue[Callable[[], bool] | None]) -> None:
    ours = os.getpid()
    while (task := inbox.get()) is not None:
        awaited = task()
        if os.getpid() != ours:  # the plugin forked: this is the other process, which nobody gives another task
            os._exit(0)
        if not awaited:
            return
        del task  # until the next one comes, nothing is kept
