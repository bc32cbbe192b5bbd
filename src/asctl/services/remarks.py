"""Remarks on orders: read, append, check the budget of bytes, write, read back (R80, R82, T12, T13)."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from asctl.capabilities.orders import Remark, RemarkLimits
from asctl.capabilities.specs import WriteContract
from asctl.capabilities.writes import Evidence, Finding
from asctl.domain.actions import About, Action, ActionKind, ActionState, Intent, Wanted, digest
from asctl.domain.errors import AsctlError, PluginBroken, Stale, Unclear
from asctl.domain.orders import Flag
from asctl.domain.remarks import appended, dated, holds_line, one_line, stamped
from asctl.host.guard import Guarded
from asctl.services.contracts import lock_name
from asctl.services.desk import Desk
from asctl.services.errands import Errand, NothingToDo, Ready
from asctl.services.orders import one_order
from asctl.services.outcomes import Outcome, Seen, failed
from asctl.store import orders as stored_orders
from asctl.store.locks import hold
from asctl.store.opening import Transaction
from asctl.text import _

PATIENCE_S = 60.0
"""The marketplace has no compare-and-set: whoever wants to write waits for his turn at the shop, this long at most
(one write at a time per shop: reference/taobao-top.md section 1.6)."""
KEPT = "kept"
"""The flag of a remark that leaves the flag as it stands."""


def remark_wanted(desk: Desk, order_id: str, text: str, flag: Flag | None, shop: str = "") -> Wanted:
    """One line for an order, with staff number and date (R82). Text and flag make the intent, and the date does not: a
    remark that is still unclear at midnight is not written twice.

    Raises :class:`NotFound` or :class:`BadInput` about the order, and :class:`BadInput` for an empty text.
    """
    order = one_order(desk, order_id, shop)
    desk.accounts.provider(desk.accounts.named(order.shop), "RemarkWriter")
    line = dated(text, desk.staff_no, desk.clock.now())
    return _wanted(order.shop, order.order_id, one_line(text), line, flag.name.lower() if flag is not None else KEPT)


def change_remarks(after: Action, now: datetime) -> list[Wanted]:
    """The remarks that a change leaves on its orders: flag, reason, staff number, time (T13, R80); none where no order is
    known, or no remark was asked for."""
    text, flag = after.afterwards.get("remark", ""), after.afterwards.get("flag") or KEPT
    if not text:
        return []
    line = stamped(text, after.by, now)
    return [_wanted(shop, order_id, f"{text} {after.key}", line, flag) for shop, order_id in orders_of(after)]


def orders_of(action: Action) -> list[tuple[str, str]]:
    """The orders that a change concerns, as (shop, order number)."""
    words = (word.partition("/") for word in action.afterwards.get("orders", "").split())
    return [(shop, order_id) for shop, _slash, order_id in words]


def _wanted(shop: str, order_id: str, meaning: str, line: str, flag: str) -> Wanted:
    intent = Intent(shop, ActionKind.REMARK, order_id, purpose=digest(f"{meaning}\x1f{flag}"))
    return Wanted(intent, {"line": line, "flag": flag}, About(shop=shop, order_id=order_id))


@dataclass(frozen=True, slots=True)
class _Seen:
    """What stands, and what shall stand."""

    standing: Remark
    whole: str
    flag: Flag


class RemarkErrand(Errand):
    """Appends a line. What stands there afterwards decides, whatever the answer to the write was."""

    kind = ActionKind.REMARK
    judges = True

    def turn(self, desk: Desk, action: Action) -> contextlib.AbstractContextManager[None]:
        return hold(desk.store, lock_name(action.account, action.family), PATIENCE_S)

    def ready(self, desk: Desk, provider: Guarded, action: Action) -> Ready:
        """Read what stands and append. Raises :class:`BadInput` where the whole would be too long."""
        standing: Remark = provider.remark(action.order_id)
        line, flag = str(action.payload["line"]), _flag(action, standing)
        if holds_line(standing.text, line) and flag == standing.flag:
            told, shown = _("this line stands there already"), _shown(standing.text, standing.text, flag)
            raise NothingToDo("already_there", told, shown, _seen(action, standing))
        there = holds_line(standing.text, line)
        whole = standing.text if there else appended(standing.text, line, _limit(desk, action))
        seen = _Seen(standing, whole, flag)
        return Ready(Evidence.ABSENT.value, seen, _shown(whole, standing.text, flag))

    def send(self, provider: Guarded, actions: Sequence[Action], seen: Sequence[Ready], code: str) -> list[Outcome]:
        return [self._write(provider, action, each.seen) for action, each in zip(actions, seen, strict=True)]

    def look(self, provider: Guarded, contract: WriteContract, action: Action) -> Finding:
        standing: Remark = provider.remark(action.order_id)
        return _seen(action, standing) if _stands(action, standing) else Finding(Evidence.ABSENT)

    def _write(self, provider: Guarded, action: Action, seen: _Seen) -> Outcome:
        said: AsctlError | None = None
        try:
            provider.write_remark(action.order_id, seen.whole, seen.flag)
        except AsctlError as error:
            said = error
        doubtful = said is None or isinstance(said, Unclear | PluginBroken)
        try:
            standing: Remark = provider.remark(action.order_id)
        except AsctlError as error:
            return failed(_cannot_tell(action, said or error) if doubtful or said is None else said)
        if holds_line(standing.text, str(action.payload["line"])) and standing.flag == seen.flag:
            return _arrived(action, standing, seen)
        if said is not None:
            return failed(_cannot_tell(action, said) if doubtful else said)
        return failed(_overwritten(action))


def _seen(action: Action, standing: Remark) -> Seen:
    """The line stands there; the store shall know the whole text."""
    return Seen(Evidence.PRESENT, learned=partial(_keep, shop=action.shop, order_id=action.order_id, standing=standing))


def _arrived(action: Action, standing: Remark, seen: _Seen) -> Outcome:
    return Outcome(
        ActionState.DONE,
        effect="effective",
        learned=partial(_keep, shop=action.shop, order_id=action.order_id, standing=standing),
        shown=_shown(standing.text, seen.standing.text, standing.flag),
    )


def _keep(tx: Transaction, _now: datetime, shop: str, order_id: str, standing: Remark) -> None:
    stored_orders.put_remark(tx, shop, order_id, standing.text, standing.flag, standing.modified_at)


def _shown(text: str, before: str, flag: Flag) -> dict[str, object]:
    return {"remark": text, "remark_before": before, "flag": flag.name.lower()}


def _flag(action: Action, standing: Remark) -> Flag:
    named = str(action.payload["flag"])
    return standing.flag if named == KEPT else Flag[named.upper()]


def _stands(action: Action, standing: Remark) -> bool:
    return holds_line(standing.text, str(action.payload["line"])) and _flag(action, standing) == standing.flag


def _limit(desk: Desk, action: Action) -> int:
    declared = desk.accounts.capability(desk.accounts.named(action.account), "RemarkWriter")
    limits = declared.limits if declared else None
    return (limits if isinstance(limits, RemarkLimits) else RemarkLimits()).max_bytes


def _cannot_tell(action: Action, error: AsctlError) -> Unclear:
    return Unclear(
        _("the remark for order {order} was sent, but not seen to arrive: {reason}").format(
            order=action.order_id, reason=error.message
        ),
        code="remark_unclear",
        hint=_("asctl action reconcile looks whether it arrived; it is not sent again before that is known"),
        account=action.account,
        upstream_code=error.upstream_code,
        upstream_text=error.upstream_text,
        request_id=error.request_id,
    )


def _overwritten(action: Action) -> Stale:
    return Stale(
        _("somebody else changed the remark of order {order} at the same moment").format(order=action.order_id),
        code="remark_overwritten",
        hint=_("run the same command again: it appends to what stands there now"),
        account=action.account,
    )
