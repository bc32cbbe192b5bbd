"""Remarks on orders: read, append, check the budget of bytes, write, read back (R80, R82, T12, T13)."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass

from asctl.api.actions import Action
from asctl.capabilities.orders import Remark, RemarkLimits
from asctl.domain.errors import AsctlError, Refused, Stale, Unclear
from asctl.domain.orders import Flag, Order
from asctl.domain.remarks import appended, dated, holds_line
from asctl.host.guard import Guarded
from asctl.services.desk import Desk
from asctl.services.orders import one_order
from asctl.settings import Account
from asctl.store import audit as stored_audit
from asctl.store import orders as stored_orders
from asctl.text import _

# The marketplace has no compare-and-set, and asks for one write at a time per shop (reference/taobao-top.md section 1.6).
_TURNS: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


@dataclass(frozen=True, slots=True)
class Remarked:
    """``status`` is ``done``, ``skipped`` (the line already stood there) or ``planned``.

    ``before`` is the text that stood there, ``remark`` the whole text now (or as planned).
    """

    order: Order
    status: str
    before: str
    remark: str
    flag: Flag


def remark_order(
    desk: Desk, order_id: str, text: str, flag: Flag | None, shop: str = "", dry_run: bool = False
) -> Remarked:
    """Append one line, stamped with staff number and date, to what stands on the marketplace.

    The line is the key: where it already stands nothing is written, so that the same command may be run again after an
    unclear answer. Raises :class:`BadInput` (too long), :class:`Stale` (somebody wrote meanwhile and our line is gone),
    :class:`Unclear` (it could not be read back), :class:`Refused` (a house rule objects), and the read families.
    """
    order = one_order(desk, order_id, shop)
    account = desk.accounts.named(order.shop)
    with _TURNS[order.shop]:
        return _remark(desk, order, account, text, flag, dry_run)


def _remark(desk: Desk, order: Order, account: Account, text: str, flag: Flag | None, dry_run: bool) -> Remarked:
    order_id = order.order_id
    writer = desk.accounts.provider(account, "RemarkWriter")
    line = dated(text, desk.staff_no, desk.clock.now())
    standing: Remark = writer.remark(order_id)
    wanted_flag = standing.flag if flag is None else flag
    if holds_line(standing.text, line) and wanted_flag == standing.flag:
        return Remarked(order, "skipped", standing.text, standing.text, standing.flag)
    whole = standing.text if holds_line(standing.text, line) else appended(standing.text, line, _limit(desk, account))
    if dry_run:
        return Remarked(order, "planned", standing.text, whole, wanted_flag)
    _review(desk, account, order_id, line, wanted_flag)
    written = _write(writer, order_id, whole, wanted_flag, line)
    _record(desk, order, line, written)
    return Remarked(order, "done", standing.text, written.text, written.flag)


def _limit(desk: Desk, account: Account) -> int:
    declared = desk.accounts.capability(account, "RemarkWriter")
    limits = declared.limits if declared else None
    return (limits if isinstance(limits, RemarkLimits) else RemarkLimits()).max_bytes


def _review(desk: Desk, account: Account, order_id: str, line: str, flag: Flag) -> None:
    action = Action("remark", account.name, order_id, {"line": line, "flag": flag.name.lower()})
    if reason := desk.host.first_objection("asctl_review_action", action=action):
        raise Refused(
            reason, code="house_rule", reason="house_rule", hint=_("a plugin's rule stopped it; nothing was sent")
        )


def _write(writer: Guarded, order_id: str, whole: str, flag: Flag, line: str) -> Remark:
    """Write once, then look. Whatever the write said, what stands there decides."""
    unclear: Unclear | None = None
    try:
        writer.write_remark(order_id, whole, flag)
    except Unclear as error:
        unclear = error
    try:
        standing: Remark = writer.remark(order_id)
    except AsctlError as error:
        raise _cannot_tell(order_id, unclear or error) from error
    if holds_line(standing.text, line) and standing.flag == flag:
        return standing
    if unclear is not None:
        raise _cannot_tell(order_id, unclear)
    raise Stale(
        _("somebody else changed the remark of order {order} at the same moment").format(order=order_id),
        code="remark_overwritten",
        hint=_("run the same command again: it appends to what stands there now"),
    )


def _cannot_tell(order_id: str, error: AsctlError) -> Unclear:
    return Unclear(
        _("the remark for order {order} was sent, but not seen to arrive").format(order=order_id),
        code="remark_unclear",
        hint=_("run the same command again in a minute: it looks first and writes only what is missing"),
        upstream_code=error.upstream_code,
        upstream_text=error.upstream_text,
        request_id=error.request_id,
    )


def _record(desk: Desk, order: Order, line: str, written: Remark) -> None:
    with desk.store.write() as tx:
        stored_orders.put_remark(tx, order.shop, order.order_id, written.text, written.flag, written.modified_at)
        detail = {"line": line, "flag": written.flag.name.lower()}
        stored_audit.write_audit(tx, desk.clock.now(), desk.staff_no, "order remark", order.order_id, detail)
