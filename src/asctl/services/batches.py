"""Batches of outgoing writes: planned as a whole, then sent; whoever resumes them finishes them (design section 5, *Safety*)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from asctl.domain.actions import (
    FAMILY,
    Action,
    ActionState,
    Family,
    Wanted,
    batch_number,
)
from asctl.domain.errors import AsctlError, BadInput
from asctl.domain.masking import mask_numbers
from asctl.domain.wishes import contradicted
from asctl.services.budget import Budget
from asctl.services.desk import Desk
from asctl.services.errands import NothingToDo
from asctl.services.house_rules import review
from asctl.services.journal import Journal, settle, unapproved
from asctl.services.outcomes import Outcome
from asctl.services.planning import Standing, plan
from asctl.services.resuming import follow_up
from asctl.services.sending import ERRANDS, Sender, Sent, at_work
from asctl.store import actions as stored_actions
from asctl.store import batches as stored_batches
from asctl.store.batches import Batch, BatchItem
from asctl.store.opening import Transaction
from asctl.store.rows import chunks
from asctl.text import _

PLANNED_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One row of input: what it asks for, or why it cannot be done. ``error`` and ``skipped`` set it aside."""

    given: str
    wanted: Wanted | None = None
    error: AsctlError | None = None
    skipped: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a row. ``line`` is its place among the lines."""

    line: int
    sent: Sent | None = None
    error: AsctlError | None = None
    skipped: tuple[str, str] | None = None


@dataclass(slots=True)
class BatchRun:
    """One run of a writing verb over its lines. ``again`` repeats what was done before; ``code`` answers a second
    verification. ``batch`` is set once it is planned; ``extra`` are troubles of what followed from the rows."""

    desk: Desk
    verb: str
    lines: Sequence[Line]
    jobs: int
    budget: Budget
    again: bool = False
    code: str = ""
    batch: Batch | None = None
    extra: list[Sent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = _without_contradictions(self.lines)

    def rehearse(self) -> Iterator[Result]:
        """What would be sent, and nothing written: neither outside nor in the store."""
        for number, line in enumerate(self.lines):
            if line.wanted is None:
                yield Result(number, error=line.error, skipped=line.skipped)
            else:
                yield self._rehearsed(number, line.wanted)

    def run(self) -> Iterator[Result]:
        """Plan every line, then send: results as they come. Raises :class:`LockHeld` before anything is written, and
        :class:`StoreTrouble`."""
        journal = Journal(self.desk)
        with self._places(journal):
            standings = self._plan()
            rows: dict[str, tuple[int, Action]] = {}
            for number, line in enumerate(self.lines):
                standing = standings.get(number)
                if standing is None or standing.action is None or _settled(standing):
                    yield _unsent(number, line, standing)
                else:
                    rows[standing.action.action] = number, standing.action
            sender = Sender(self.desk, journal, self.jobs, self.budget, self.code)
            for sent in sender.send([action for _number, action in rows.values()]):
                yield Result(rows[sent.action.action][0], sent)
            earlier = {each.action.batch for each in standings.values() if each.action is not None}
            self.extra = list(follow_up(self.desk, journal, {self._number, *earlier}, self.jobs, self.budget))

    @property
    def _number(self) -> str:
        return self.batch.batch if self.batch else ""

    @contextmanager
    def _places(self, journal: Journal) -> Iterator[None]:
        wanted = [line.wanted for line in self.lines if line.wanted is not None]
        places = {(each.intent.account, FAMILY[each.intent.kind]) for each in wanted}
        remarks = {(each.about.shop, Family.REMARK) for each in wanted if each.afterwards.get("remark")}
        with at_work(self.desk, journal, places | remarks):
            yield

    def _plan(self) -> dict[int, Standing]:
        """Put the batch and its rows on record, some hundred at a time."""
        now, by = self.desk.clock.now(), self.desk.staff_no
        standings: dict[int, Standing] = {}
        firsts: dict[str, int] = {}
        with self.desk.store.write() as tx:
            self.batch = stored_batches.new_batch(tx, self.verb, now, by, len(self.lines))
        for page in chunks(enumerate(self.lines), PLANNED_AT_ONCE):
            with self.desk.store.write() as tx:
                items = []
                for number, line in page:
                    if line.wanted is not None:
                        standings[number] = self._once(self._planned(tx, line.wanted), number, firsts)
                    items.append(_item(number, line, standings.get(number)))
                stored_batches.add_items(tx, self.batch.batch, items)
        return standings

    def _planned(self, tx: Transaction, wanted: Wanted) -> Standing:
        """A row's action; one that an earlier batch left planned goes over to this one."""
        standing = plan(tx, self.desk, wanted, self._number, self.again)
        action = standing.action
        if action is None:
            return standing
        if self.code and unapproved(action):
            action = settle(tx, self.desk, action, Outcome(ActionState.PLANNED, message=_("a code was given")))
        if action.state is not ActionState.PLANNED:
            return standing
        if action.batch == self._number:
            return Standing(action)
        taken = stored_actions.change(tx, action, ActionState.PLANNED, {"batch_id": batch_number(self._number)})
        return Standing(taken or action)

    def _once(self, standing: Standing, number: int, firsts: dict[str, int]) -> Standing:
        """Two rows that ask for the same are one intent."""
        if standing.action is None or _settled(standing):
            return standing
        first = firsts.setdefault(standing.action.action, number)
        if first == number:
            return standing
        told = _("the same as {given}").format(given=self.lines[first].given)
        return Standing(standing.action, skipped=("duplicate", told))

    def _rehearsed(self, number: int, wanted: Wanted) -> Result:
        standing = self._tried(wanted)
        if standing.action is None or _settled(standing):
            return _unsent(number, self.lines[number], standing)
        action, errand = standing.action, ERRANDS[standing.action.kind]
        try:
            review(self.desk, action)
            ready = errand.ready(self.desk, errand.provider(self.desk, action), action)
        except NothingToDo as nothing:
            return Result(number, skipped=(nothing.code, nothing.sentence))
        except AsctlError as error:
            return Result(number, error=error)
        return Result(number, Sent(replace(action, action=""), shown=ready.shown))

    def _tried(self, wanted: Wanted) -> Standing:
        """What planning would find; its transaction is undone."""
        found: list[Standing] = []
        try:
            with self.desk.store.write() as tx:
                found.append(plan(tx, self.desk, wanted, "", self.again))
                raise _Undo
        except _Undo:
            return found[0]


class _Undo(Exception):
    """Rolls a transaction back."""


def _without_contradictions(lines: Sequence[Line]) -> list[Line]:
    """The lines; those whose wishes contradict each other are set aside."""
    at_odds = contradicted(line.wanted for line in lines if line.wanted is not None)
    return [
        replace(line, wanted=None, error=_contradicts(line))
        if line.wanted is not None and (line.wanted.intent.kind, line.wanted.intent.target) in at_odds
        else line
        for line in lines
    ]


def _contradicts(line: Line) -> BadInput:
    return BadInput(
        _("{given} stands in this input more than once, and not every time for the same").format(given=line.given),
        code="contradicting_rows",
        hint=_("keep the row that is meant; nothing was sent for any of them"),
    )


def _settled(standing: Standing) -> bool:
    return bool(standing.skipped or standing.error)


def _unsent(number: int, line: Line, standing: Standing | None) -> Result:
    """A row that is settled without a send."""
    if standing is None:
        return Result(number, error=line.error, skipped=line.skipped)
    sent = Sent(standing.action, standing.error, standing.skipped) if standing.action else None
    return Result(number, sent, standing.error, standing.skipped)


def _item(number: int, line: Line, standing: Standing | None) -> BatchItem:
    """The row as it is kept. What is settled without a send of this batch says so itself, whatever its action does later."""
    error = line.error or (standing.error if standing and standing.action is None else None)
    skipped = line.skipped or (standing.skipped if standing else None)
    code, told = skipped or ("", "")
    return BatchItem(
        position=number,
        input=line.given,
        action=standing.action.action if standing and standing.action else "",
        status="skipped" if skipped else (_status_of(error) if error else ""),
        error_family=error.family if error else "",
        error_code=error.code if error else code,
        error_message=mask_numbers(error.message) if error else told,
    )


def _status_of(error: AsctlError) -> str:
    return "refused" if error.family == "refused" else "failed"
