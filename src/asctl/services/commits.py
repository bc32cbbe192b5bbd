"""One durable commit for all who want one at the same moment."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

from asctl.store.opening import Store, Transaction

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Job:
    work: Callable[[Transaction], Any]
    done: bool = False
    result: Any = None
    error: BaseException | None = None


class Commits:
    """Runs pieces of work in write transactions of one store. Thread-safe.

    While one commit is under way the work of other threads gathers, and goes into the next one together: many threads cost
    few commits. Work that fails spoils no other: the rest is then done one by one.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._turn = Lock()
        self._waiting: deque[_Job] = deque()

    def do(self, work: Callable[[Transaction], T]) -> T:
        """Do ``work`` in a transaction and return its result once that is durable. Raises what it raises, and
        :class:`StoreTrouble`. ``work`` may be called twice, the first time in vain."""
        job = _Job(work)
        self._waiting.append(job)
        with self._turn:
            if not job.done:
                self._commit([self._waiting.popleft() for _ in range(len(self._waiting))])
        if job.error is not None:
            raise job.error
        result: T = job.result
        return result

    def _commit(self, jobs: list[_Job]) -> None:
        try:
            with self._store.write() as tx:
                for job in jobs:
                    job.result = job.work(tx)
        except BaseException as error:
            if len(jobs) > 1:
                for job in jobs:
                    self._commit([job])
                return
            jobs[0].error = error
        for job in jobs:
            job.done = True
