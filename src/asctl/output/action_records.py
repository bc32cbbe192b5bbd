"""Records of outgoing writes: the action itself, and how a row that asked for one fared."""

from __future__ import annotations

from asctl.domain.actions import Action, ActionKind, ActionState
from asctl.domain.times import iso
from asctl.output.records import Record
from asctl.output.schemas import masked_text
from asctl.output.write_schemas import ACTION

_MARKETPLACE = frozenset({ActionKind.CHANGE_RECEIVER, ActionKind.INTERCEPT_ORDER})


def action_record(action: Action) -> Record:
    """An action. Its payload is never shown: it holds names and addresses."""
    return ACTION.of(
        action,
        target=masked_text(action.target),
        message=masked_text(action.message),
        error_family=action.error_family,
        error_code=action.error_code,
        error_message=masked_text(action.error_message),
        next=next_command(action),
    )


def submission_of(action: Action) -> str:
    """How far the request itself is; ``accepted`` where the far side said yes."""
    return "accepted" if action.state is ActionState.DONE else action.state.value


def route_of(kind: ActionKind) -> str:
    """Which way an address change or an interception takes."""
    return "marketplace" if kind in _MARKETPLACE else "courier"


def request_fields(action: Action) -> Record:
    """What every row that became an action tells of it."""
    return {
        "account": action.account,
        "route": route_of(action.kind),
        "action_id": action.action or None,
        "submission": submission_of(action),
        "effect": action.effect or None,
        "refusal": action.refusal or None,
        "fee": None if action.fee is None else format(action.fee, "f"),
        "currency": None if action.fee is None else "CNY",
        "order_id": action.order_id or None,
        "waybill": action.waybill or None,
        "courier": action.courier or None,
        "after_sale_id": action.after_sale_id or None,
        "shop": action.shop or None,
        "kind": action.kind.value,
        "target": action.target,
    }


def standing_fields(action: Action) -> Record:
    """What a list of requests tells of each besides: when it was asked for, what came of it when, and what went wrong."""
    return request_fields(action) | {
        "reference": action.reference or None,
        "requested_at": iso(action.first_sent_at or action.planned_at),
        "effect_at": iso(action.effect_at),
        "next_look_at": iso(action.next_look_at),
        "error_family": action.error_family or None,
        "error_code": action.error_code or None,
        "error_message": action.error_message or None,
    }


def next_command(action: Action) -> str:
    """The command that takes an action further, where there is one."""
    if action.state is ActionState.PLANNED:
        return f"asctl batch resume {action.batch} --yes" if action.batch else ""
    if action.state in (ActionState.SENDING, ActionState.UNCLEAR):
        return "asctl action reconcile"
    if action.state is ActionState.NEEDS_PERSON and action.error_family == "needs_approval":
        return f"asctl aftersale agree {action.after_sale_id} --code CODE --yes"
    if action.state is ActionState.NEEDS_PERSON:
        return f"asctl action resolve {action.action} --as done|absent --reason TEXT"
    return ""
