from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from asctl.domain.errors import LockHeld, StoreTrouble
from asctl.store.locks import hold
from asctl.store.opening import Store, open_store

HOLDER = """
import sys
from asctl.store.locks import hold
from asctl.store.opening import open_store
with hold(open_store(sys.argv[1]), "parcel poll"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def holder(url: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock ``parcel poll``."""
    command = [sys.executable, "-c", HOLDER, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_lock_of_another_process(store_url: str, store: Store) -> None:
    """A lock that another process holds is refused at once, naming lock, place, process and since when."""
    with holder(store_url) as process:
        with pytest.raises(LockHeld) as caught, hold(store, "parcel poll"):
            pass
        assert "parcel poll" in caught.value.message
        assert store.url_shown in caught.value.message
        assert f"process {process.pid}, since 20" in caught.value.message
        with hold(store, "order sync"):
            pass


def test_lock_ends_with_its_process(store_url: str, store: Store) -> None:
    """A process that is killed leaves no lock behind."""
    with holder(store_url) as process:
        process.kill()
        process.wait()
    for _attempt in range(100):
        try:
            with hold(store, "parcel poll"):
                return
        except LockHeld:
            time.sleep(0.05)
    pytest.fail("the lock outlived its process")


def test_nobody_else_in_this_process_has_it(store_url: str, store: Store) -> None:
    """A lock is also refused to another user of it in the same process, and can be had again after the block."""
    other = open_store(store_url)
    with hold(store, "parcel poll"), pytest.raises(LockHeld) as caught, hold(other, "parcel poll"):
        pass
    assert f"process {os.getpid()}" in caught.value.message
    with hold(other, "parcel poll"):
        pass
    other.close()


def test_failure_gives_the_lock_back(store: Store) -> None:
    """A block that fails lets go of its lock, and its error comes out as it was."""
    for _time in range(2):
        with pytest.raises(KeyError), hold(store, "parcel poll"):
            raise KeyError


def test_work_goes_on_under_a_lock(store: Store) -> None:
    """Holding a lock does not hinder transactions."""
    with hold(store, "parcel poll"), store.write() as tx:
        assert tx.exec_driver_sql("SELECT 1").scalar_one() == 1


def test_lock_in_an_impossible_place(store: Store, tmp_path: Path) -> None:
    """Where no lock file can be made, one sentence says so."""
    if store.place.path is None:
        pytest.skip("PostgreSQL keeps locks without files")
    (tmp_path / "asctl.db.parcel%20poll.lock").mkdir()
    with pytest.raises(StoreTrouble) as caught, hold(store, "parcel poll"):
        pass
    assert str(tmp_path) in caught.value.message


def test_a_patient_one_gets_the_lock_when_it_is_free(store: Store) -> None:
    """With patience the second waits for the first; without, or when it runs out, he is sent away."""
    held, release = threading.Event(), threading.Event()

    def first() -> None:
        with hold(store, "remark flagship"):
            held.set()
            release.wait(5)

    one = threading.Thread(target=first)
    one.start()
    assert held.wait(5)
    with pytest.raises(LockHeld), hold(store, "remark flagship", patience_s=0.05):
        pass
    threading.Timer(0.1, release.set).start()
    with hold(store, "remark flagship", patience_s=5):
        assert release.is_set()
    one.join(5)
