"""Actions (操作): outgoing writes, each on record before it is sent (design section 4)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from asctl.domain.errors import BadInput
from asctl.text import _


class ActionKind(StrEnum):
    """What is asked of the far side."""

    INTERCEPT = "intercept"
    CANCEL_INTERCEPTION = "cancel_interception"
    REDIRECT = "redirect"
    INTERCEPT_ORDER = "intercept_order"
    CHANGE_RECEIVER = "change_receiver"
    AGREE = "agree"
    REFUSE = "refuse"
    REMARK = "remark"
    PICKUP = "pickup"
    CANCEL_PICKUP = "cancel_pickup"
    ISSUE_INVOICE = "issue_invoice"
    RETRY_INVOICE = "retry_invoice"
    REVERSE_INVOICE = "reverse_invoice"
    DELIVER_INVOICE = "deliver_invoice"
    HAND_INVOICE_OVER = "hand_invoice_over"


class Family(StrEnum):
    """Kinds that touch the same thing at the far side: one run at a time works on those of an account, and an action waits
    until an earlier one about the same target is settled."""

    PARCEL = "parcel"
    RECEIVER = "receiver"
    AFTER_SALE = "aftersale"
    REMARK = "remark"
    PICKUP = "pickup"
    INVOICE = "invoice"
    INVOICE_COPY = "invoice_copy"


FAMILY: Mapping[ActionKind, Family] = {
    ActionKind.INTERCEPT: Family.PARCEL,
    ActionKind.CANCEL_INTERCEPTION: Family.PARCEL,
    ActionKind.REDIRECT: Family.PARCEL,
    ActionKind.INTERCEPT_ORDER: Family.AFTER_SALE,
    ActionKind.CHANGE_RECEIVER: Family.RECEIVER,
    ActionKind.AGREE: Family.AFTER_SALE,
    ActionKind.REFUSE: Family.AFTER_SALE,
    ActionKind.REMARK: Family.REMARK,
    ActionKind.PICKUP: Family.PICKUP,
    ActionKind.CANCEL_PICKUP: Family.PICKUP,
    ActionKind.ISSUE_INVOICE: Family.INVOICE,
    ActionKind.RETRY_INVOICE: Family.INVOICE,
    ActionKind.REVERSE_INVOICE: Family.INVOICE,
    ActionKind.DELIVER_INVOICE: Family.INVOICE_COPY,
    ActionKind.HAND_INVOICE_OVER: Family.INVOICE_COPY,
}
INTERCEPTIONS = frozenset({ActionKind.INTERCEPT, ActionKind.INTERCEPT_ORDER})
INVOICING = frozenset({ActionKind.ISSUE_INVOICE, ActionKind.RETRY_INVOICE, ActionKind.REVERSE_INVOICE})
"""Writes by which an invoice comes into being."""
SLOW_KINDS = INTERCEPTIONS | INVOICING | {ActionKind.REDIRECT, ActionKind.PICKUP}
"""Accepted is not done: what came of these shows later."""
TAKING_BACK = frozenset({ActionKind.CANCEL_INTERCEPTION, ActionKind.CANCEL_PICKUP})
"""Requests that an earlier request be forgotten."""


class ActionState(StrEnum):
    """Where the write stands. ``planned`` has surely had no effect yet; ``sending`` and ``unclear`` may have had one."""

    PLANNED = "planned"
    SENDING = "sending"
    DONE = "done"
    REFUSED = "refused"
    UNCLEAR = "unclear"
    NEEDS_PERSON = "needs_person"
    CANCELLED = "cancelled"


NEXT: Mapping[ActionState, frozenset[ActionState]] = {
    ActionState.PLANNED: frozenset({ActionState.SENDING, ActionState.REFUSED, ActionState.CANCELLED, ActionState.DONE}),
    ActionState.SENDING: frozenset(
        {
            ActionState.DONE,
            ActionState.REFUSED,
            ActionState.UNCLEAR,
            ActionState.NEEDS_PERSON,
            ActionState.PLANNED,
        }
    ),
    ActionState.UNCLEAR: frozenset(
        {ActionState.DONE, ActionState.PLANNED, ActionState.NEEDS_PERSON, ActionState.SENDING}
    ),
    ActionState.NEEDS_PERSON: frozenset({ActionState.DONE, ActionState.PLANNED}),
    ActionState.DONE: frozenset(),
    ActionState.REFUSED: frozenset(),
    ActionState.CANCELLED: frozenset(),
}
"""Which state may follow which. From ``sending`` back to ``planned`` leads only what surely changed nothing: the call never
left this machine, or the far side turned it away unread (throttled, credentials). From ``planned`` to ``done`` leads only that
an earlier attempt has arrived after all; from ``unclear`` to ``sending`` only a repeat under a key that the far side
honours."""

OPEN_STATES = frozenset({ActionState.PLANNED, ActionState.SENDING, ActionState.UNCLEAR, ActionState.NEEDS_PERSON})
UNSETTLED_STATES = frozenset({ActionState.SENDING, ActionState.UNCLEAR, ActionState.NEEDS_PERSON})


@dataclass(frozen=True, slots=True)
class Intent:
    """What somebody wants done, once. ``target`` is normalised; ``scope`` is the RMA or after-sale it is done for, since an
    order may carry many; ``purpose`` tells apart what may rightly be done to one target in turn (two addresses, say)."""

    account: str
    kind: ActionKind
    target: str
    scope: str = ""
    purpose: str = ""

    def key(self, occasion: int) -> str:
        """The idempotency key, 32 hex digits: the same for every attempt, on every machine."""
        parts = (self.account, self.kind.value, self.target, self.scope, self.purpose, str(occasion))
        return digest("\x1f".join(parts))


def digest(text: str) -> str:
    """32 hex digits that stand for ``text``."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]


def payload_hash(payload: Mapping[str, object]) -> str:
    """What a frozen payload is recognised by."""
    return digest(json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


@dataclass(frozen=True, slots=True)
class About:
    """What an action concerns, for people and for lists; empty where it does not apply."""

    shop: str = ""
    order_id: str = ""
    courier: str = ""
    waybill: str = ""
    after_sale_id: str = ""
    rma: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An intent with what is to be sent. ``payload`` is frozen when planned; ``afterwards`` is what follows once it is done
    (``remark``, ``flag``) or effective (``ship_anew``)."""

    intent: Intent
    payload: Mapping[str, object]
    about: About
    afterwards: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Action:
    """One write on record. ``occasion`` counts how often the same intent was begun anew after it had come to an end;
    ``attempt`` how often this one was sent.

    ``deadline`` is until when a sent call may still leave this machine; ``next_look_at`` when to look what became of it.
    ``before`` is what a look found before it was sent. ``effect`` is the second axis: ``accepted``, ``effective``,
    ``ineffective``, ``cancelled``, empty while nothing is known.
    """

    action: str
    kind: ActionKind
    account: str
    target: str
    scope: str
    purpose: str
    occasion: int
    key: str
    payload: Mapping[str, object]
    payload_hash: str
    state: ActionState
    planned_at: datetime
    by: str
    batch: str = ""
    attempt: int = 0
    effect: str = ""
    effect_at: datetime | None = None
    first_sent_at: datetime | None = None
    sent_at: datetime | None = None
    deadline: datetime | None = None
    before: str = ""
    looks: int = 0
    next_look_at: datetime | None = None
    settled_at: datetime | None = None
    reference: str = ""
    fee: Decimal | None = None
    message: str = ""
    error_family: str = ""
    error_code: str = ""
    error_message: str = ""
    refusal: str = ""
    upstream_code: str = ""
    shop: str = ""
    order_id: str = ""
    courier: str = ""
    waybill: str = ""
    after_sale_id: str = ""
    rma: str = ""
    afterwards: Mapping[str, str] = field(default_factory=dict)

    @property
    def family(self) -> Family:
        return FAMILY[self.kind]

    @property
    def intent(self) -> Intent:
        return Intent(self.account, self.kind, self.target, self.scope, self.purpose)


def action_number(text: str) -> int:
    """``A17`` or ``17`` as 17. Raises :class:`BadInput`."""
    return _number(text, "A", _("{text!r} is no action; one is written as A17"), "bad_action")


def batch_number(text: str) -> int:
    """``B3`` or ``3`` as 3. Raises :class:`BadInput`."""
    return _number(text, "B", _("{text!r} is no batch; one is written as B3"), "bad_batch")


def _number(text: str, letter: str, sentence: str, code: str) -> int:
    digits = text.strip().upper().removeprefix(letter)
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 15:
        raise BadInput(
            sentence.format(text=text[:40]), code=code, hint=_("see: asctl action list, or: asctl batch list")
        )
    return int(digits)
