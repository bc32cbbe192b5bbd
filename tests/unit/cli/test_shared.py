from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from asctl.cli.run import Run
from asctl.cli.shared import stored, tried
from asctl.domain.errors import AsctlError, BadInput, StoreTrouble
from asctl.store.opening import Store, open_store
from tests.store_support import fresh_store_url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: object) -> Iterator[Store]:
    with fresh_store_url(request.param, tmp_path) as url:  # type: ignore[arg-type]
        opened = open_store(url)
        yield opened
        opened.close()


def test_a_list_holds_up_no_writer(store: Store) -> None:
    """A SQLite store is read whole before anything is shown; a server's rows come as they are wanted."""
    nobody = io.TextIOWrapper(io.BytesIO())
    run = Run({}, nobody, nobody, nobody)
    run.store = store
    read: list[int] = []

    def count(_tx: object) -> Iterator[int]:
        for number in range(3):
            read.append(number)
            yield number

    listed = stored(run, count)
    assert next(listed) == 0
    assert read == ([0, 1, 2] if store.place.path else [0])
    assert list(listed) == [1, 2]


@pytest.mark.parametrize("error", [BadInput("wrong", code="wrong", hint="")])
def test_one_error_stops_no_other(error: AsctlError) -> None:
    """What is wrong with one of many is handed back; what goes well comes as it is."""

    def work(fails: bool) -> str:
        if fails:
            raise error
        return "well"

    assert tried(work, True) is error
    assert tried(work, False) == "well"


def test_a_store_in_trouble_stops_all() -> None:
    """Every one after it would fail alike."""

    def work(_given: int) -> str:
        raise StoreTrouble("gone", code="store_missing", hint="")

    with pytest.raises(StoreTrouble):
        tried(work, 1)
