"""Many threads, few commits, and nobody suffers from another's mistake."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest

from asctl.domain.errors import StoreTrouble
from asctl.services.commits import Commits
from asctl.store.audit import list_audit, write_audit
from asctl.store.opening import Store, Transaction
from tests.store_support import NOW
from tests.unit.services.far_side import FailingStore

CALLERS = 8


@pytest.fixture
def failing(store: Store) -> FailingStore:
    return FailingStore(store)


@pytest.fixture
def commits(failing: FailingStore) -> Commits:
    return Commits(cast(Any, failing))


def note(number: int) -> Callable[[Transaction], int]:
    """Work that leaves a row."""

    def work(tx: Transaction) -> int:
        write_audit(tx, NOW, "8012", "test", str(number), {})
        return number

    return work


def noted(store: Store) -> set[str]:
    """The rows that are durable, seen by another connection."""
    with store.read() as tx:
        return {entry.subject for entry in list_audit(tx, 100)}


def together(commits: Commits, works: list[Callable[[Transaction], Any]]) -> list[Any]:
    """Every work in a thread of its own, while the first holds the turn until the others wait; results or errors."""
    begun, go = threading.Semaphore(0), threading.Event()

    def first(tx: Transaction) -> None:
        assert go.wait(10)

    def one(work: Callable[[Transaction], Any]) -> Any:
        begun.release()
        try:
            return commits.do(work)
        except (StoreTrouble, ValueError) as error:
            return error

    with ThreadPoolExecutor(len(works) + 1) as pool:
        head = pool.submit(one, first)
        time.sleep(0.05)
        calls = [pool.submit(one, work) for work in works]
        for _call in range(len(works) + 1):
            assert begun.acquire(timeout=10)
        time.sleep(0.1)
        go.set()
        assert head.result() is None or isinstance(head.result(), StoreTrouble)
        return [call.result() for call in calls]


def test_a_result_is_told_once_it_is_durable(commits: Commits, store: Store) -> None:
    """Whoever gets a result can be sure that any other connection sees it."""
    assert commits.do(note(1)) == 1
    assert noted(store) == {"1"}


def test_those_who_wait_share_a_commit(commits: Commits, failing: FailingStore, store: Store) -> None:
    """Work that gathers while a commit is under way goes into fewer commits than callers; each gets its own result."""
    results = together(commits, [note(number) for number in range(CALLERS)])
    assert results == list(range(CALLERS))
    assert noted(store) == {str(number) for number in range(CALLERS)}
    assert failing.commits < CALLERS


def test_a_mistake_spoils_no_other(commits: Commits, store: Store) -> None:
    """Work that raises gets its own error and leaves nothing; all others are done, each exactly once."""

    def bad(tx: Transaction) -> None:
        write_audit(tx, NOW, "8012", "test", "bad", {})
        raise ValueError("my own")

    results = together(commits, [note(0), bad, note(2), bad, note(4)])
    assert results[::2] == [0, 2, 4]
    assert [str(error) for error in results[1::2]] == ["my own", "my own"]
    with store.read() as tx:
        assert sorted(entry.subject for entry in list_audit(tx, 100)) == ["0", "2", "4"]


def test_a_store_in_trouble_is_told_to_everyone(commits: Commits, failing: FailingStore, store: Store) -> None:
    """Nobody believes to have a row who has none; once it is mended work goes on."""
    failing.trouble = StoreTrouble("full", code="store_full")
    results = together(commits, [note(number) for number in range(CALLERS)])
    assert [getattr(error, "code", "") for error in results] == ["store_full"] * CALLERS
    assert noted(store) == set()
    failing.trouble = None
    assert commits.do(note(9)) == 9
    assert noted(store) == {"9"}


def test_a_whole_run_of_threads_loses_nothing(commits: Commits, failing: FailingStore, store: Store) -> None:
    """Without any order among them, each of many pieces of work is done once."""
    with ThreadPoolExecutor(CALLERS) as pool:
        assert list(pool.map(lambda number: commits.do(note(number)), range(60))) == list(range(60))
    with store.read() as tx:
        assert sorted(int(entry.subject) for entry in list_audit(tx, 100)) == list(range(60))
    assert failing.commits <= 60
