"""Spoils the reconciling of every command that is started with this folder on its path: looks are made at once, and what is
not there yet counts as absent."""

from datetime import UTC, datetime

from asctl.services import evidence, journal

journal.first_look = lambda *_moments: datetime(2000, 1, 1, tzinfo=UTC)
evidence.proves_absence = lambda *_moments: True
