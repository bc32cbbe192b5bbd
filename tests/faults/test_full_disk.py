"""The disk runs full at any write of a batch: nothing leaves without its durable row, and nothing is sent twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from asctl.store.opening import Store, Transaction
from tests.command_support import Command, no_traceback
from tests.faults.driver import Driver
from tests.faults.scene import Scene, parcels_under_way
from tests.faults.verdict import Verdict, in_between
from tests.sandbox_support import ON_A_FILE, SandboxSite

AT_MOST = 40
WRITE = Store.write


def fill(tx: Transaction) -> None:
    """Grow the store on a disk that has no room: the database itself gives up."""
    pages = tx.exec_driver_sql("PRAGMA page_count").scalar_one()
    tx.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    tx.exec_driver_sql("CREATE TABLE filler AS SELECT randomblob(1000000)")


@contextmanager
def full_from(monkeypatch: pytest.MonkeyPatch, first: int, lasting: bool) -> Iterator[None]:
    """Let the write number ``first`` fail for want of room, and with ``lasting`` all that come after it."""
    numbers = count(1)

    @contextmanager
    def write(store: Store) -> Iterator[Transaction]:
        with WRITE(store) as tx:
            yield tx
            number = next(numbers)
            if number == first or (lasting and number > first):
                fill(tx)

    with monkeypatch.context() as patched:
        patched.setattr(Store, "write", write)
        yield


@ON_A_FILE
@pytest.mark.parametrize("lasting", [True, False], ids=["lasting", "once"])
def test_full_at_any_write(
    sandbox: SandboxSite, asctl: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lasting: bool
) -> None:
    """Whichever commit of a batch finds no room, the run ends with 10, everything in the ledger has its row, and with room
    again the same command and reconciling finish it: every write once."""
    parcels = parcels_under_way(sandbox, 2 * AT_MOST)
    assert asctl("order", "sync").code == 0
    sandbox.forget()
    asked: list[str] = []
    for first in range(1, AT_MOST):
        waybills = [parcels.pop(), parcels.pop()]
        asked += waybills
        request = ("intercept", "request", *waybills, "--yes", "--jobs", "1")
        with full_from(monkeypatch, first, lasting):
            result = asctl(*request)
        no_traceback(result)
        assert in_between(Scene(sandbox, asctl, tmp_path, tuple(asked), ())) == Verdict()
        if result.code == 0:
            break
        assert result.code == 10, result
        assert "full" in result.err
        assert asctl(*request).code in (0, 4)
    else:
        pytest.fail("a batch of two parcels takes that many commits")
    assert first > 10
    operator = Driver(Scene(sandbox, asctl, tmp_path, tuple(asked), ()), seed=1, lives=0)
    operator.settle()
    assert operator.verdict == Verdict()
