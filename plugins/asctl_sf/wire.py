"""Their shapes (section 3): an envelope of the platform around the service's own answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asctl.api import as_text, json_object

PLATFORM_OK = "A1000"
SERVICE_OK = "S0000"


def service_answer(envelope: Mapping[str, object]) -> dict[str, Any]:
    """What the service said: JSON text inside the envelope, in some replies an object. ``ValueError`` for neither."""
    data = envelope.get("apiResultData")
    if isinstance(data, dict):
        return data
    if isinstance(data, str):
        return json_object(data)
    raise ValueError("no answer of the service")


def verdict(answer: Mapping[str, object]) -> bool | None:
    """Whether the service did what it was asked; ``None`` where its words contradict each other or say nothing."""
    code, success = as_text(answer.get("errorCode")), answer.get("success")
    if success in (True, "true") and code in ("", SERVICE_OK):
        return True
    if success in (False, "false") and code != SERVICE_OK and (code or complaint(answer)):
        return False
    return None


def complaint(answer: Mapping[str, object]) -> str:
    """Why the service did not do it, in its own words; some services spell the member differently."""
    return as_text(answer.get("errorMsg")) or as_text(answer.get("errorMessage"))
