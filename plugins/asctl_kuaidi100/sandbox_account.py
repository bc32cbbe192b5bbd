"""The one account that their sandbox side knows, as in the vectors of section 2, and reading and verifying what it sends."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from asctl.api.sandbox import SandboxWorld
from asctl_kuaidi100.client import sign

CUSTOMER = "ABCDEF0123456789ABCDEF0123456789"
KEY = "testKey100"
SECRET = "testSecret100"
SALT = "testsalt"
CLOCK_TOLERANCE_S = 600.0


class NotSigned(Exception):
    """Why the form of an order is turned away unread: ``incomplete``, ``signature`` or ``old``."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def check_signed(form: Mapping[str, str], world: SandboxWorld) -> None:
    """Completeness before signature, signature before time (section 2, family "order"). Raises :class:`NotSigned`."""
    key, t, param, signature = (form.get(name, "") for name in ("key", "t", "param", "sign"))
    if not (key and t and param and signature):
        raise NotSigned("incomplete")
    if key != KEY or not hmac.compare_digest(sign(param, t, KEY, SECRET).encode(), signature.encode()):
        raise NotSigned("signature")
    moment = _moment(t)
    if moment is None or not world.clock_agrees(moment, CLOCK_TOLERANCE_S):
        raise NotSigned("old")


def read_param(text: str) -> dict[str, Any]:
    """The JSON object of a ``param``; empty for anything else."""
    try:
        param = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return param if isinstance(param, dict) else {}


def _moment(t: str) -> datetime | None:
    """``t`` counts milliseconds."""
    try:
        return datetime.fromtimestamp(int(t) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
