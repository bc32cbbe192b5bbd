"""Scans as Kuaidi100 tells them."""

from __future__ import annotations

from typing import Any

from asctl.api import Event
from asctl_kuaidi100.mapping import read_events


def scan(**members: Any) -> dict[str, Any]:
    """A scan as told, with these members instead of the usual ones; ``...`` leaves one out."""
    usual = {"ftime": "2024-05-02 08:15:00", "context": "【杭州转运中心】已发出", "statusCode": "1002"}
    return {name: value for name, value in (usual | members).items() if value is not ...}


def only(**members: Any) -> Event:
    """What is read from such a scan alone."""
    events, problems = read_events({"data": [scan(**members)]}, "kd100")
    assert problems == ()
    (event,) = events
    return event
