"""Threads of ours. The end of the process waits for the calls under way in them, and for no thread of a plugin."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from asctl.host.shared import let_threads_begin

P = ParamSpec("P")
T = TypeVar("T")


class Pool(ThreadPoolExecutor):
    """So many threads, named after what they do; it is remembered until its last call has ended."""

    def __init__(self, jobs: int, name: str) -> None:
        super().__init__(jobs, thread_name_prefix=name)
        _ours.add(self)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """As of any pool, whatever a plugin is doing to the process meanwhile."""
        let_threads_begin()
        return super().submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As of any pool; a signal may break off the waiting."""
        super().shutdown(wait, cancel_futures=cancel_futures)
        if wait:
            _ours.discard(self)


_ours: set[Pool] = set()


def wait_for_calls() -> None:
    """Begin nothing more and wait for what is under way. A signal that breaks a run off may have left some."""
    for pool in tuple(_ours):
        pool.shutdown(cancel_futures=True)
