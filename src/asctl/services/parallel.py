"""Many items through one use case, some at a time; one item's error never stops the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from itertools import islice
from typing import Generic, TypeVar

from asctl.domain.errors import AsctlError, StoreTrouble
from asctl.services.budget import Budget
from asctl.services.pools import Pool
from asctl.text import _

Item = TypeVar("Item")
Result = TypeVar("Result")


def work_through(
    items: Iterable[Item], work: Callable[[Item], Result], jobs: int, budget: Budget
) -> Iterator[tuple[Item, Result | AsctlError | None]]:
    """Each item with its result or its error, as they end; ``None`` for the one that met the limit and was not begun.

    Items are taken only as fast as they are worked on, and none is begun once the budget is spent. A store in trouble, a
    bug and a source that breaks off end the run: nothing more is begun, what is under way is finished and told with its
    item, and only then the trouble is raised.
    """
    crew: _Crew[Item, Result] = _Crew(iter(items), budget)
    with Pool(jobs, "work") as pool:
        while crew.more or crew.running:
            while crew.more and len(crew.running) < jobs:
                for item in crew.next_item():
                    if crew.more:
                        crew.running[pool.submit(work, item)] = item
                    else:
                        yield item, None
            done, _pending = wait(crew.running, return_when=FIRST_COMPLETED)
            yield from map(crew.outcome, done)
    if crew.trouble is not None:
        raise crew.trouble


@dataclass(slots=True)
class _Crew(Generic[Item, Result]):
    """What is under way, whether ``more`` may begin, and the trouble that ends the run."""

    source: Iterator[Item]
    budget: Budget
    running: dict[Future[Result], Item] = field(default_factory=dict)
    more: bool = True
    trouble: BaseException | None = None

    def next_item(self) -> list[Item]:
        """The next item, if there is one. Once the time is over none is read; with ``more`` gone it must not begin."""
        try:
            found = [] if self.budget.over else list(islice(self.source, 1))
        except Exception as error:
            self._stop(error)
            return []
        self.more = bool(found) and self.budget.take() > 0
        return found

    def outcome(self, call: Future[Result]) -> tuple[Item, Result | AsctlError]:
        """An item whose work has ended, with what came of it."""
        item, error = self.running.pop(call), call.exception()
        if error is None:
            return item, call.result()
        if isinstance(error, AsctlError) and not isinstance(error, StoreTrouble):
            return item, error
        self._stop(error)
        return item, error if isinstance(error, AsctlError) else _bug(error)

    def _stop(self, error: BaseException) -> None:
        self.more, self.trouble = False, self.trouble or error


def _bug(error: BaseException) -> AsctlError:
    return AsctlError(_("a bug in asctl, or in a plugin: {type}").format(type=type(error).__name__), code="bug")
