"""One provider per account whatever the number of threads, and rests that hold across processes."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from asctl.domain.errors import StoreTrouble
from asctl.host.plugins import Host
from asctl.services.accounts import REREAD_S, Accounts, StoreParking
from asctl.settings import load
from asctl.settings.clock import FixedClock, SystemClock
from asctl.store.opening import Store, open_store
from asctl.store.parking import park, parked
from tests.store_support import NOW

THREADS = 8
AT_NOW = FixedClock(NOW)
SHOP = """
[shops.{name}]
plugin = "taobao"
base_url = "http://127.0.0.1:9/"
app_key = "20990001"
app_secret = "not-real"
session = "not-real"
"""


class Watch:
    """A steady clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    """Two shops of one plugin that nobody has used yet."""
    config = tmp_path / "asctl.toml"
    config.write_text(SHOP.format(name="flagship") + SHOP.format(name="outlet"), "utf-8")
    host = Host(None, lambda _told: None)
    return Accounts(load(config, {}, {}), host, SystemClock(), lambda: None, False)


def test_threads_share_one_provider_per_account(accounts: Accounts) -> None:
    """The first calls of many threads make one provider, hence one pace, for each of two shops of one plugin."""
    together = threading.Barrier(THREADS)

    def first_use(number: int) -> tuple[str, int]:
        shop = ("flagship", "outlet")[number % 2]
        together.wait(5)
        return shop, id(accounts.provider(accounts.named(shop), "RemarkWriter"))

    with ThreadPoolExecutor(THREADS) as threads:
        made = set(threads.map(first_use, range(THREADS)))
    assert sorted(shop for shop, _provider in made) == ["flagship", "outlet"]
    assert len({provider for _shop, provider in made}) == 2


def test_a_rest_told_elsewhere_is_known_soon(store: Store) -> None:
    """What another process enters is known here a few seconds later, without a question to the store at every call."""
    watch = Watch()
    parking = StoreParking(lambda: store, AT_NOW, watch)
    assert parking.until("flagship") is None
    with store.write() as tx:
        park(tx, "flagship", NOW, "banned")
    assert parking.until("flagship") is None
    watch.at = REREAD_S
    assert parking.until("flagship") == NOW


def test_a_shorter_rest_never_replaces_a_longer_one(store: Store) -> None:
    """Of two processes that are told of different rests the longer counts, whoever writes last."""
    longer, shorter = NOW + timedelta(hours=1), NOW + timedelta(minutes=1)
    here, elsewhere = StoreParking(lambda: store, AT_NOW), StoreParking(lambda: store, AT_NOW)
    assert elsewhere.until("flagship") is None
    here.park("flagship", longer, "banned")
    elsewhere.park("flagship", shorter, "busy")
    with store.read() as tx:
        assert parked(tx) == {"flagship": (longer, "banned")}
    assert here.until("flagship") == longer


def test_without_a_store_a_rest_holds_for_the_run() -> None:
    """Nowhere to keep it: this run keeps it nevertheless."""
    parking = StoreParking(lambda: None, AT_NOW)
    parking.park("flagship", NOW, "busy")
    assert parking.until("flagship") == NOW


def test_a_store_that_fails_under_way_leaves_what_is_known(store_url: str) -> None:
    """The first look must succeed; later the work itself tells that its store fails, and rests hold on."""
    watch = Watch()
    with closing(open_store(store_url)) as store:
        failing = False

        def open_or_fail() -> Store:
            if failing:
                raise StoreTrouble("gone", code="store_unreachable")
            return store

        parking = StoreParking(open_or_fail, AT_NOW, watch)
        assert parking.until("flagship") is None
        failing, watch.at = True, REREAD_S
        parking.park("flagship", NOW, "busy")
        assert parking.until("flagship") == NOW
        with pytest.raises(StoreTrouble):
            StoreParking(open_or_fail, AT_NOW, watch).until("flagship")


def test_a_rest_beyond_all_reason_is_none(store: Store) -> None:
    """Entered under a clock that ran weeks ahead, a rest does not keep the account from working."""
    with store.write() as tx:
        park(tx, "flagship", NOW + timedelta(days=30), "banned")
    assert StoreParking(lambda: store, AT_NOW).until("flagship") is None
