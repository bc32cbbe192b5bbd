"""Places of the user's own that no setting names."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_state_path


def state_folder() -> Path:
    """Where what survives a run, but is no data, is kept."""
    return user_state_path("asctl", appauthor=False)


def lookup_path() -> Path:
    """The count of questions per waybill for ``asctl track`` without a store."""
    return state_folder() / "lookups.db"
