"""The one account that their sandbox side knows, as in the vectors of section 2, and reading what it sends."""

from __future__ import annotations

import json
from typing import Any

CUSTOMER = "ABCDEF0123456789ABCDEF0123456789"
KEY = "testKey100"
SECRET = "testSecret100"
SALT = "testsalt"


def read_param(text: str) -> dict[str, Any]:
    """The JSON object of a ``param``; empty for anything else."""
    try:
        param = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return param if isinstance(param, dict) else {}
