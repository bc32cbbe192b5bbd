"""Remarks on orders: read, append, check the budget of bytes, write, read back (R80, R82, T12, T13).

That a line is about to be sent is on record before it leaves, and what became of it after: a crash between the two, or a
store that fails there, leaves a trace that the next run of the same command completes.
"""

from __future__ import annotations

from dataclasses import dataclass

from asctl.api.actions import Action
from asctl.capabilities.orders import Remark, RemarkLimits
from asctl.domain.errors import AsctlError, PluginBroken, Refused, Stale, StoreTrouble, Unclear
from asctl.domain.orders import Flag, Order
from asctl.domain.remarks import appended, dated, holds_line
from asctl.host.guard import Guarded
from asctl.services.desk import Desk
from asctl.services.orders import one_order
from asctl.settings import Account
from asctl.store import audit as stored_audit
from asctl.store import orders as stored_orders
from asctl.store.locks import hold
from asctl.store.opening import Transaction
from asctl.text import _

SENDING, SENT = "order remark sending", "order remark"
"""What the audit calls a line that is about to be sent, and one whose ``outcome`` is known: ``done`` or an error's code."""
DONE = "done"

PATIENCE_S = 60.0
"""The marketplace has no compare-and-set: whoever wants to write waits for his turn at the shop, this long at most
(one write at a time per shop: reference/taobao-top.md section 1.6)."""


class Unrecorded(StoreTrouble):
    """A remark was sent, and the store failed before it could note what became of it."""


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


@dataclass(frozen=True, slots=True)
class _Job:
    """A line for an order of one shop."""

    desk: Desk
    account: Account
    order: Order
    line: str


def remark_order(
    desk: Desk, order_id: str, text: str, flag: Flag | None, shop: str = "", dry_run: bool = False
) -> Remarked:
    """Append one line, stamped with staff number and date, to what stands on the marketplace.

    The line is the key: where it already stands nothing is written, so that the same command may be run again after an
    unclear answer. Raises :class:`BadInput` (too long), :class:`Stale` (somebody wrote meanwhile and our line is gone),
    :class:`Unclear` (it could not be read back), :class:`Refused` (a house rule objects), :class:`StoreTrouble` (nothing
    was sent), :class:`Unrecorded` (it was), and the read families.
    """
    order = one_order(desk, order_id, shop)
    job = _Job(desk, desk.accounts.named(order.shop), order, dated(text, desk.staff_no, desk.clock.now()))
    try:
        if dry_run:
            return _remark(job, flag, dry_run)
        with hold(desk.store, f"remark {order.shop}", PATIENCE_S):
            return _remark(job, flag, dry_run)
    except AsctlError as error:
        error.account = error.account or job.account.name
        error.provider = error.provider or job.account.plugin
        raise


def _remark(job: _Job, flag: Flag | None, dry_run: bool) -> Remarked:
    order, line = job.order, job.line
    writer = job.desk.accounts.provider(job.account, "RemarkWriter")
    standing: Remark = writer.remark(order.order_id)
    wanted_flag = standing.flag if flag is None else flag
    if holds_line(standing.text, line) and wanted_flag == standing.flag:
        if not dry_run:
            _complete(job, standing)
        return Remarked(order, "skipped", standing.text, standing.text, standing.flag)
    whole = standing.text if holds_line(standing.text, line) else appended(standing.text, line, _limit(job))
    if dry_run:
        return Remarked(order, "planned", standing.text, whole, wanted_flag)
    _review(job, wanted_flag)
    written = _send(job, writer, whole, wanted_flag)
    return Remarked(order, "done", standing.text, written.text, written.flag)


def _limit(job: _Job) -> int:
    declared = job.desk.accounts.capability(job.account, "RemarkWriter")
    limits = declared.limits if declared else None
    return (limits if isinstance(limits, RemarkLimits) else RemarkLimits()).max_bytes


def _review(job: _Job, flag: Flag) -> None:
    action = Action("remark", job.account.name, job.order.order_id, {"line": job.line, "flag": flag.name.lower()})
    if reason := job.desk.host.first_objection("asctl_review_action", action=action):
        raise Refused(
            reason,
            code="house_rule",
            reason="house_rule",
            hint=_("a plugin's rule stopped it; nothing was sent"),
        )


def _send(job: _Job, writer: Guarded, whole: str, flag: Flag) -> Remark:
    """Put it on record, write it, put on record what became of it."""
    with job.desk.store.write() as tx:
        _note(job, tx, SENDING, {"flag": flag.name.lower()})
    try:
        written = _write(job, writer, whole, flag)
    except AsctlError as error:
        _record(job, error.code)
        raise
    _record(job, DONE, written)
    return written


def _write(job: _Job, writer: Guarded, whole: str, flag: Flag) -> Remark:
    """Write once, then look. Whatever the write said, what stands there decides."""
    write = writer.write_remark
    said: AsctlError | None = None
    try:
        write(job.order.order_id, whole, flag)
    except AsctlError as error:
        said = error
    doubtful = said is None or isinstance(said, Unclear | PluginBroken)
    try:
        standing: Remark = writer.remark(job.order.order_id)
    except AsctlError as error:
        raise _cannot_tell(job, said or error) if doubtful or said is None else said from error
    if holds_line(standing.text, job.line) and standing.flag == flag:
        return standing
    if said is not None:
        raise _cannot_tell(job, said) if doubtful else said
    raise Stale(
        _("somebody else changed the remark of order {order} at the same moment").format(order=job.order.order_id),
        code="remark_overwritten",
        hint=_("run the same command again: it appends to what stands there now"),
    )


def _cannot_tell(job: _Job, error: AsctlError) -> Unclear:
    return Unclear(
        _("the remark for order {order} was sent, but not seen to arrive: {reason}").format(
            order=job.order.order_id, reason=error.message
        ),
        code="remark_unclear",
        hint=_("run the same command again in a minute: it looks first and writes only what is missing"),
        upstream_code=error.upstream_code,
        upstream_text=error.upstream_text,
        request_id=error.request_id,
    )


def _record(job: _Job, outcome: str, standing: Remark | None = None) -> None:
    """Note what became of a line that was sent, and what stands at the marketplace where it was seen."""
    try:
        with job.desk.store.write() as tx:
            if standing is not None:
                key = (job.order.shop, job.order.order_id)
                stored_orders.put_remark(tx, *key, standing.text, standing.flag, standing.modified_at)
            _note(job, tx, SENT, {"outcome": outcome})
    except StoreTrouble as trouble:
        raise Unrecorded(
            _("the remark for order {order} was sent ({outcome}), but that could not be recorded: {reason}").format(
                order=job.order.order_id, outcome=outcome, reason=trouble.message
            ),
            code="remark_unrecorded",
            hint=_("mend the store (asctl doctor), then run the same command again: it looks first, and records"),
        ) from trouble


def _complete(job: _Job, standing: Remark) -> None:
    """The line stands there. Where we sent it and the record does not say yet that it arrived, now it does."""
    with job.desk.store.read() as tx:
        told = (entry for entry in stored_audit.audit_about(tx, job.order.order_id) if entry.what in (SENDING, SENT))
        same = {"shop": job.order.shop, "line": job.line}.items()
        last = next((entry for entry in told if same <= dict(entry.detail).items()), None)
    if last is not None and last.detail.get("outcome") != DONE:
        _record(job, DONE, standing)


def _note(job: _Job, tx: Transaction, what: str, detail: dict[str, str]) -> None:
    about = {"shop": job.order.shop, "line": job.line}
    now, who = job.desk.clock.now(), job.desk.staff_no
    stored_audit.write_audit(tx, now, who, what, job.order.order_id, about | detail)
