"""Tasks: opened and closed by the watch rules, or kept by people (R82)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from asctl.domain.errors import NotFound
from asctl.domain.looks import CLOCKS_APART
from asctl.domain.parcels import Direction, Parcel
from asctl.domain.remarks import COURIER_CONTACTED, one_line, stamped
from asctl.domain.tasks import Task, TaskState
from asctl.domain.watch import Finding, Judgement, TaskWanted
from asctl.services.desk import Desk
from asctl.store import action_lists as stored_lists
from asctl.store import audit as stored_audit
from asctl.store import tasks as stored_tasks
from asctl.store.opening import Transaction
from asctl.text import _

BY_ITSELF = "asctl"


def subject_of(parcel: Parcel) -> str:
    """The name under which a parcel's tasks are filed."""
    return f"parcel {parcel.courier} {parcel.waybill}"


def settle(tx: Transaction, judged: Iterable[tuple[Parcel, Judgement]], now: datetime) -> tuple[int, int]:
    """Make the open automatic tasks of these parcels those that the rules want; returns how many opened and closed.

    A task closes by itself when the parcel moved or another one took its place, and is opened again if that was too
    early. A cause whose task a person closed never opens another. That a parcel comes back which we called back is no trouble:
    what scans tell of interceptions must be known before.
    """
    pairs = _without_called_back(tx, judged)
    known = stored_tasks.tasks_of(tx, [subject_of(parcel) for parcel, _judgement in pairs])
    opened = closed = 0
    for parcel, judgement in pairs:
        wanted = {(want.kind, want.cause): want for want in judgement.wanted}
        for task in known.get(subject_of(parcel), ()):
            want = wanted.pop((task.kind, task.cause), None)
            if want is None and task.automatic and task.state is TaskState.OPEN:
                closed += _close_by_itself(tx, task, judgement, now)
            elif want is not None and task.closed_by == BY_ITSELF:
                stored_tasks.reopen_task(tx, task.task)
                opened += 1
        for want in wanted.values():
            opened += stored_tasks.open_task(tx, _task(stored_tasks.next_task_id(tx), parcel, want, now))
    return opened, closed


def _without_called_back(tx: Transaction, judged: Iterable[tuple[Parcel, Judgement]]) -> list[tuple[Parcel, Judgement]]:
    """The judgements; those of parcels that turned back since an interception was sent, which was taken on, want nothing done
    about it."""
    pairs = list(judged)
    turned = [parcel.key for parcel, judgement in pairs if _turned_back(judgement)]
    sent = stored_lists.called_back(tx, turned)
    return [
        (parcel, replace(judgement, wanted=()))
        if _turned_back(judgement) and parcel.key in sent and _since(judgement, sent[parcel.key])
        else (parcel, judgement)
        for parcel, judgement in pairs
    ]


def _turned_back(judgement: Judgement) -> bool:
    return any(want.finding is Finding.RETURNING for want in judgement.wanted)


def _since(judgement: Judgement, sent_at: datetime) -> bool:
    began = judgement.journey.trouble_since
    return began is not None and began >= sent_at - CLOCKS_APART


def _close_by_itself(tx: Transaction, task: Task, judgement: Judgement, now: datetime) -> bool:
    if judgement.wanted:
        outcome = _("another task took its place: {kind}").format(kind=judgement.wanted[0].kind)
        return stored_tasks.close_task(tx, task.task, TaskState.DROPPED, BY_ITSELF, now, outcome)
    outcome = _("settled by itself: {status}, {verdict}").format(
        status=judgement.status.value, verdict=judgement.verdict.value
    )
    return stored_tasks.close_task(tx, task.task, TaskState.DONE, BY_ITSELF, now, outcome)


def drop_tasks(tx: Transaction, parcel: Parcel, by: str, now: datetime, why: str) -> None:
    """Drop the open automatic tasks of a parcel that nobody watches any more."""
    for task in stored_tasks.tasks_of(tx, [subject_of(parcel)]).get(subject_of(parcel), ()):
        if task.automatic:
            stored_tasks.close_task(tx, task.task, TaskState.DROPPED, by, now, why)


def _task(number: str, parcel: Parcel, want: TaskWanted, now: datetime) -> Task:
    return Task(
        task=number,
        kind=want.kind,
        subject=subject_of(parcel),
        cause=want.cause,
        due_at=now,
        opened_at=now,
        automatic=True,
        shop=parcel.shop,
        order_id=parcel.order_id,
        courier=parcel.courier,
        waybill=parcel.waybill,
        rma=parcel.rma,
        why=_why(want, parcel),
        next=_next(want.kind, parcel),
    )


def _why(want: TaskWanted, parcel: Parcel) -> str:
    reasons = {
        Finding.IDLE: _("no movement"),
        Finding.STUCK_IN_PLACE: _("scanned again and again in {place} without leaving").format(
            place=parcel.location or "?"
        ),
        Finding.PICKUP_OVERDUE: _("the courier shows no pickup"),
        Finding.TRANSIT_OVERDUE: _("under way for too long"),
        Finding.SIGNATURE_OVERDUE: _("waiting for the customer's signature for too long"),
        Finding.COURIER_SAYS_LOST: _("the courier reports it lost"),
        Finding.REFUSED_BY_RECEIVER: _("the receiver refused it"),
        Finding.DAMAGED: _("the courier reports damage"),
        Finding.EXCEPTION: _("the courier reports trouble"),
        Finding.RETURNING: _("returning"),
    }
    reason, moment = reasons.get(want.finding, want.finding.value), want.cause.removeprefix("since ")
    return _("{reason}, since {moment}").format(reason=reason, moment=moment)


def _next(kind: str, parcel: Parcel) -> str:
    """The command that would settle it: the remark of R82, the reshipment by another courier of R106."""
    show = f"asctl parcel show {parcel.waybill}"
    if not parcel.order_id or parcel.direction is Direction.RETURN:
        return show
    if kind == "contact_courier":
        return f'asctl order remark {parcel.order_id} --text "{COURIER_CONTACTED}"'
    if kind == "treat_as_lost":
        return f"asctl rma open {parcel.order_id} --kind reship --reason lost"
    return f"asctl order show {parcel.order_id}" if kind == "remind_customer" else show


def add_task(
    desk: Desk, kind: str, subject: str, due_at: datetime, why: str, order_id: str = "", owner: str = ""
) -> Task:
    """Write down a follow-up of one's own."""
    now, staff = desk.clock.now(), desk.staff_no
    with desk.store.write() as tx:
        number = stored_tasks.next_task_id(tx)
        task = Task(
            task=number, kind=kind, subject=one_line(subject), cause=number, due_at=due_at, opened_at=now, order_id=order_id,
            owner=owner or staff, why=why, next=f"asctl task done {number}",
        )  # fmt: skip
        stored_tasks.open_task(tx, task)
        stored_audit.write_audit(tx, now, staff, "task add", number, {"kind": kind})
    return task


def close_task(desk: Desk, number: str, outcome: str) -> tuple[Task, bool]:
    """Mark a task done; returns it and whether this call closed it. Raises :class:`NotFound`."""
    now, staff = desk.clock.now(), desk.staff_no
    with desk.store.write() as tx:
        _found(stored_tasks.get_task(tx, number), number)
        closed = stored_tasks.close_task(tx, number, TaskState.DONE, staff, now, outcome)
        if closed:
            stored_audit.write_audit(tx, now, staff, "task done", number, {"outcome": outcome})
        return _found(stored_tasks.get_task(tx, number), number), closed


def note_task(desk: Desk, number: str, text: str) -> Task:
    """Add a note with staff number and time. Raises :class:`NotFound`."""
    with desk.store.write() as tx:
        _found(stored_tasks.get_task(tx, number), number)
        stored_tasks.add_note(tx, number, stamped(text, desk.staff_no, desk.clock.now()))
        return _found(stored_tasks.get_task(tx, number), number)


def _found(task: Task | None, number: str) -> Task:
    if task is None:
        raise NotFound(
            _("there is no task {number}").format(number=number), code="unknown_task", hint=_("see: asctl task list")
        )
    return task
