"""An outgoing write as house rules see it before it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """An outgoing write as house rules see it before it is sent (:func:`asctl_review_action`).

    - ``kind``: what is asked of the far side, such as ``remark``, ``redirect``, ``intercept``, ``agree``, ``pickup``,
      ``issue_invoice``
    - ``account``: the account that would send it, as the configuration names it
    - ``target``: the order, application or waybill that it is about
    - ``detail``: what would be written, by name; of an address no more than province, city and district, and nobody's name or
      phone
    """

    kind: str
    account: str
    target: str
    detail: Mapping[str, str]
