"""Many items through one use case: what ends a run, and that nothing under way is lost then."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator

import pytest

from asctl.domain.errors import AsctlError, Refused, StoreTrouble
from asctl.services.budget import Budget
from asctl.services.parallel import work_through

Told = list[tuple[int, object]]


def work_off(
    items: Iterable[int], work: Callable[[int], int], jobs: int = 4, budget: Budget | None = None
) -> tuple[Told, BaseException | None]:
    """What was told of each item, errors by their code, and what ended the run."""
    told: Told = []
    try:
        for item, result in work_through(items, work, jobs, budget or Budget()):
            told.append((item, result.code if isinstance(result, AsctlError) else result))
    except Exception as error:
        return told, error
    return told, None


def test_one_error_stops_nobody() -> None:
    """Every item has its own result or error."""

    def work(item: int) -> int:
        if item % 2:
            raise Refused("odd")
        return item * 10

    told, ended_by = work_off(range(5), work)
    assert sorted(told) == [(0, 0), (1, "refused"), (2, 20), (3, "refused"), (4, 40)]
    assert ended_by is None


@pytest.mark.parametrize(
    ("trouble", "code"), [(StoreTrouble("full", code="store_full"), "store_full"), (KeyError("x"), "bug")]
)
def test_trouble_ends_the_run_and_loses_no_record(trouble: Exception, code: str) -> None:
    """A store in trouble or a bug: nothing more is begun, what is under way is finished and told, then it is raised."""
    met = threading.Event()
    begun: list[int] = []

    def work(item: int) -> int:
        begun.append(item)
        if item == 0:
            met.set()
            raise trouble
        assert met.wait(5)
        return item

    told, ended_by = work_off(range(100), work, jobs=3)
    assert ended_by is trouble
    assert len(begun) < 10
    assert sorted(told) == [(0, code), *((item, item) for item in sorted(begun)[1:])]


def test_a_source_that_breaks_off_loses_no_record() -> None:
    """A file that turns out unreadable half way: what is under way is finished and told first."""
    reading = threading.Event()

    def rows() -> Iterator[int]:
        yield from (1, 2)
        reading.set()
        raise ValueError("not text")

    def work(item: int) -> int:
        assert reading.wait(5)
        return item

    told, ended_by = work_off(rows(), work)
    assert sorted(told) == [(1, 1), (2, 2)]
    assert isinstance(ended_by, ValueError)


def test_the_item_that_meets_the_limit_is_told_as_not_begun() -> None:
    """Three are allowed of five: the fourth was read and is told without a result, the fifth stays in the source."""
    source = iter(range(5))
    told, _ended_by = work_off(source, lambda item: item, jobs=1, budget=Budget(max_items=3))
    assert told == [(0, 0), (1, 1), (2, 2), (3, None)]
    assert list(source) == [4]


def test_a_limit_that_is_just_enough_is_not_met() -> None:
    """As many items as allowed: all done, and nothing was left out."""
    budget = Budget(max_items=3)
    assert work_off(range(3), lambda item: item, 1, budget)[0] == [(0, 0), (1, 1), (2, 2)]
    assert budget.cut_by == ""


def test_after_a_signal_nothing_is_read() -> None:
    """Once the run must stop, the source keeps what was not begun."""
    source = iter(range(5))
    stopped = threading.Event()

    def work(item: int) -> int:
        if item == 1:
            stopped.set()
        return item

    assert [item for item, _result in work_off(source, work, 1, Budget(stopped=stopped.is_set))[0]] == [0, 1]
    assert list(source) == [2, 3, 4]
