"""An outgoing write as house rules see it before it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """``kind`` is the verb (``remark``), ``target`` the order, after-sale or waybill, ``detail`` what would be written."""

    kind: str
    account: str
    target: str
    detail: Mapping[str, str]
