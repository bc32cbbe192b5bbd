from __future__ import annotations

from datetime import timedelta

from asctl.domain.strays import Stray, StrayState
from asctl.store.opening import Store
from asctl.store.strays import close_stray, get_stray, list_strays, park
from tests.store_support import NOW

LATER = NOW + timedelta(hours=1)


def test_a_scan_parks_and_further_scans_count(store: Store) -> None:
    """The first moment stays; the last moment, who scanned and a new note take the place of those before."""
    with store.write() as tx:
        assert park(tx, "YT1", NOW, "8012", "shelf 3") == Stray("YT1", NOW, NOW, 1, "8012", "shelf 3")
        park(tx, "YT1", LATER, "8013", "")
    with store.read() as tx:
        assert get_stray(tx, "YT1") == Stray("YT1", NOW, LATER, 2, "8013", "shelf 3")
        assert get_stray(tx, "YT2") is None


def test_a_stray_is_closed_once(store: Store) -> None:
    """What became of it stays as it was said first; a code that nobody parked is not closed."""
    with store.write() as tx:
        park(tx, "YT1", NOW, "8012", "")
        assert close_stray(tx, "YT1", StrayState.MATCHED, "8013", LATER, "RMA1")
        assert not close_stray(tx, "YT1", StrayState.DISMISSED, "8014", LATER, why="x")
        assert not close_stray(tx, "YT2", StrayState.DISMISSED, "8014", LATER, why="x")
        assert get_stray(tx, "YT1") == Stray(
            "YT1", NOW, NOW, 1, "8012", "", StrayState.MATCHED, "RMA1", LATER, "8013", ""
        )


def test_a_closed_one_that_lies_there_again_is_open(store: Store) -> None:
    """Another scan opens it, and nothing of its end is left."""
    with store.write() as tx:
        park(tx, "YT1", NOW, "8012", "")
        close_stray(tx, "YT1", StrayState.DISMISSED, "8013", NOW, why="neighbour")
        assert park(tx, "YT1", LATER, "8012", "") == Stray("YT1", NOW, LATER, 2, "8012")


def test_the_longest_waiting_first(store: Store) -> None:
    """In the order of their first scan; closed ones only where they are asked for."""
    with store.write() as tx:
        for code, moment in (("B", LATER), ("C", NOW), ("A", LATER)):
            park(tx, code, moment, "8012", "")
        park(tx, "C", LATER, "8012", "")
        close_stray(tx, "B", StrayState.FOUND, "asctl", LATER)
        assert [stray.code for stray in list_strays(tx, open_only=True)] == ["C", "A"]
        assert [stray.code for stray in list_strays(tx, open_only=False)] == ["C", "A", "B"]
