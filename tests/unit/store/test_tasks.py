from __future__ import annotations

from datetime import timedelta

from asctl.domain.tasks import TaskState
from asctl.store.opening import Store
from asctl.store.tasks import (
    TaskFilter,
    add_note,
    close_task,
    get_task,
    list_tasks,
    next_task_id,
    open_task,
    reopen_task,
    tasks_of,
)
from tests.store_support import NOW, a_task


def test_task_survives_whole(store: Store) -> None:
    """Every field of a task comes back as it was."""
    task = a_task(
        shop="a", order_id="1", rma="R", owner="8012", why="破损", notes=("一", "二"), closed_by="x", closed_at=NOW
    )
    with store.write() as tx:
        assert open_task(tx, task)
    with store.read() as tx:
        assert get_task(tx, task.task) == task
        assert get_task(tx, "T404") is None


def test_one_cause_opens_one_task_ever(store: Store) -> None:
    """The same cause never opens a second task, not even after the first was closed; another cause does."""
    with store.write() as tx:
        assert open_task(tx, a_task("T1"))
        assert not open_task(tx, a_task("T2"))
        close_task(tx, "T1", TaskState.DONE, "asctl", NOW, "parcel moved")
        assert not open_task(tx, a_task("T3"))
        assert open_task(tx, a_task("T4", cause="since 2026-11-21"))
        assert open_task(tx, a_task("T5", kind="treat_as_lost"))
        assert [task.task for task in list_tasks(tx, TaskFilter())] == ["T1", "T4", "T5"]


def test_closing_happens_once(store: Store) -> None:
    """A closed task keeps who closed it first, when and why."""
    with store.write() as tx:
        open_task(tx, a_task())
        close_task(tx, "T1", TaskState.DONE, "8012", NOW, "已联系")
        close_task(tx, "T1", TaskState.DROPPED, "8013", NOW + timedelta(hours=1), "other")
        closed = a_task(state=TaskState.DONE, closed_by="8012", closed_at=NOW, outcome="已联系")
        assert get_task(tx, "T1") == closed


def test_notes_are_added_behind(store: Store) -> None:
    """A note goes behind the others; one for a task that does not exist goes nowhere."""
    with store.write() as tx:
        open_task(tx, a_task(notes=("first",)))
        add_note(tx, "T1", "第二")
        add_note(tx, "T404", "x")
        assert get_task(tx, "T1") == a_task(notes=("first", "第二"))


def test_a_closed_task_may_open_again(store: Store) -> None:
    """Opened again, it has its old number and nothing of how it had ended."""
    with store.write() as tx:
        open_task(tx, a_task("T1"))
        assert close_task(tx, "T1", TaskState.DROPPED, "asctl", NOW, "another took its place")
        assert not close_task(tx, "T1", TaskState.DONE, "8012", NOW, "again")
        reopen_task(tx, "T1")
        again = get_task(tx, "T1")
    assert again == a_task("T1")


def test_tasks_by_subject(store: Store) -> None:
    """Each subject's tasks are told, open and closed, the first due first; subjects without any are left out."""
    later = a_task("T1", due_at=NOW + timedelta(days=1))
    sooner = a_task("T2", kind="treat_as_lost")
    with store.write() as tx:
        for task in (later, sooner, a_task("T3", subject="sf/X")):
            open_task(tx, task)
        close_task(tx, "T3", TaskState.DROPPED, "8012", NOW, "")
        subjects = [later.subject, "sf/X", *(f"sf/{n}" for n in range(1200))]
        found = tasks_of(tx, subjects)
    assert found[later.subject] == (sooner, later)
    assert [task.state for task in found["sf/X"]] == [TaskState.DROPPED]
    assert len(found) == 2


def test_filters(store: Store) -> None:
    """Each filter keeps what it names, the first due first."""
    with store.write() as tx:
        open_task(tx, a_task("T1", cause="1", due_at=NOW + timedelta(hours=2), order_id="7"))
        open_task(tx, a_task("T2", cause="2", due_at=NOW, kind="remind_customer", waybill="SF2"))
        open_task(tx, a_task("T3", cause="3", due_at=NOW + timedelta(hours=1), rma="R3"))
        close_task(tx, "T3", TaskState.DONE, "8012", NOW, "")

        def listed(**wanted: object) -> list[str]:
            return [task.task for task in list_tasks(tx, TaskFilter(**wanted))]  # type: ignore[arg-type]

        assert listed() == ["T2", "T3", "T1"]
        assert listed(state=TaskState.OPEN) == ["T2", "T1"]
        assert listed(due_before=NOW) == ["T2"]
        assert listed(kind="remind_customer") == ["T2"]
        assert listed(order_id="7") == ["T1"]
        assert listed(waybill="SF2") == ["T2"]
        assert listed(rma="R3") == ["T3"]
        assert listed(limit=1) == ["T2"]


def test_task_numbers_run(store: Store) -> None:
    """Tasks are numbered T1, T2, ..."""
    with store.write() as tx:
        assert [next_task_id(tx), next_task_id(tx)] == ["T1", "T2"]
