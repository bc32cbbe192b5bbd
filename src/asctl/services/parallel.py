"""Many items through one use case, some at a time; one item's error never stops the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from asctl.domain.errors import AsctlError
from asctl.services.budget import Budget

Item = TypeVar("Item")
Result = TypeVar("Result")


def work_through(
    items: Iterable[Item], work: Callable[[Item], Result], jobs: int, budget: Budget
) -> Iterator[tuple[Item, Result | AsctlError]]:
    """Each item with its result or its error, as they end. Items are taken only as fast as they are worked on, and none
    is begun once the budget is spent; those under way are finished."""
    running: dict[Future[Result], Item] = {}
    source = iter(items)
    more = True
    with ThreadPoolExecutor(jobs, thread_name_prefix="work") as pool:
        while more or running:
            while more and len(running) < jobs:
                waiting = next(source, None)
                more = waiting is not None and budget.take() > 0
                if waiting is not None and more:
                    running[pool.submit(work, waiting)] = waiting
            done, _pending = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                item = running.pop(future)
                error = future.exception()
                yield item, error if isinstance(error, AsctlError) else future.result()
