"""Sending planned actions: one call each, or as many as a marketplace takes at once, some at a time (design section 4)."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal

from asctl.api.actions import Action as ReviewedAction
from asctl.capabilities.orders import DeskLimits
from asctl.domain.actions import Action, ActionKind, ActionState, Family
from asctl.domain.errors import AsctlError, LockHeld, Refused, StoreTrouble, Unavailable
from asctl.host.guard import Guarded
from asctl.services.budget import Budget
from asctl.services.contracts import lock_name
from asctl.services.desk import Desk
from asctl.services.errands import Errand, NothingToDo, Ready, parcel_errands
from asctl.services.journal import Journal
from asctl.services.order_errands import order_errands
from asctl.services.outcomes import Outcome, failed, looks_down, stops_account
from asctl.services.parallel import work_through
from asctl.services.remarks import RemarkErrand
from asctl.store.actions import get_actions
from asctl.store.locks import hold
from asctl.text import _
from asctl.transport import writes_until

GIVE_UP_AFTER = 8
"""After so many sends in a row that an account did not answer, the rest waits."""

_REVIEWED = ("line", "flag", "return_to", "reason", "text", "amount")

ERRANDS: Mapping[ActionKind, Errand] = {
    errand.kind: errand for errand in (*parcel_errands(), *order_errands(), RemarkErrand())
}


@dataclass(frozen=True, slots=True)
class Sent:
    """An action as it stands now. ``error`` is what stood in the way; ``note`` says why nothing was left to do."""

    action: Action
    error: AsctlError | None = None
    note: tuple[str, str] | None = None
    shown: Mapping[str, object] = field(default_factory=dict)


class Unrecorded(StoreTrouble):
    """An action was sent, and the store failed before it could record what became of it."""


@contextmanager
def at_work(desk: Desk, journal: Journal, places: Iterable[tuple[str, Family]]) -> Iterator[None]:
    """Hold the lock of each account and family, and mark what dead runs left there as unclear.

    Remarks take turns one by one instead. Raises :class:`LockHeld` where another run is at one of the others.
    """
    with ExitStack() as held:
        for account, family in sorted(places):
            if family is Family.REMARK:
                sweep_if_free(desk, journal, account, family)
            else:
                held.enter_context(hold(desk.store, lock_name(account, family)))
                journal.sweep(account, family)
        yield


def sweep_if_free(desk: Desk, journal: Journal, account: str, family: Family) -> list[Action]:
    """Mark what a dead run left as unclear, unless a living one is at work there."""
    try:
        with hold(desk.store, lock_name(account, family)):
            return journal.sweep(account, family)
    except LockHeld:
        return []


class Sender:
    """Sends within a budget, ``jobs`` calls at a time. An account that throttles, locks out or seems down gets no more."""

    def __init__(self, desk: Desk, journal: Journal, jobs: int, budget: Budget, code: str = "") -> None:
        self._desk = desk
        self._journal = journal
        self._jobs = jobs
        self._budget = budget
        self._code = code
        self._lock = threading.Lock()
        self._stopped: dict[str, AsctlError] = {}
        self._silent: dict[str, int] = {}

    def send(self, actions: Sequence[Action]) -> Iterator[Sent]:
        """Each action as it stands at the end, as they end. What a limit left is told last, as it was.

        Raises :class:`StoreTrouble` after telling those under way: nothing was sent without its record.
        """
        granted = self._budget.take(len(actions)) if actions else 0
        left = {action.action: action for action in actions}
        groups = list(self._groups(actions[:granted]))
        own = Budget(stopped=lambda: bool(self._budget.over))
        for group, result in work_through(groups, self._work, self._jobs, own):
            for sent in self._told(group, result):
                left.pop(sent.action.action, None)
                yield sent
        for action in left.values():
            yield Sent(action)

    def _groups(self, actions: Sequence[Action]) -> Iterator[list[Action]]:
        """The actions of one call: one, or the decisions of one shop within its limits."""
        open_groups: dict[str, tuple[list[Action], Decimal]] = {}
        for action in actions:
            if action.kind is not ActionKind.AGREE:
                yield [action]
                continue
            limits = self._limits(action)
            group, total = open_groups.get(action.account, ([], Decimal(0)))
            amount = Decimal(str(action.payload.get("amount") or 0))
            if group and (len(group) >= limits.at_once or total + amount > (limits.total or total + amount)):
                yield group
                group, total = [], Decimal(0)
            open_groups[action.account] = [*group, action], total + amount
        yield from (group for group, _total in open_groups.values())

    def _limits(self, action: Action) -> DeskLimits:
        declared = self._desk.accounts.capability(self._desk.accounts.named(action.account), "AfterSaleDesk")
        limits = declared.limits if declared else None
        return limits if isinstance(limits, DeskLimits) else DeskLimits()

    def _work(self, group: list[Action]) -> list[Sent]:
        account = group[0].account
        if stopped := self._stopped.get(account):
            return [Sent(action, stopped) for action in group]
        errand = ERRANDS[group[0].kind]
        try:
            provider = errand.provider(self._desk, group[0])
            with errand.turn(self._desk, group[0]):
                sent = self._deliver(errand, provider, group)
        except StoreTrouble:
            raise
        except AsctlError as error:
            self._learn(account, [error])
            return [Sent(action, error) for action in group]
        self._learn(account, [each.error for each in sent])
        return sent

    def _deliver(self, errand: Errand, provider: Guarded, group: list[Action]) -> list[Sent]:
        told: list[Sent] = []
        ready: dict[str, Ready] = {}
        for action in group:
            try:
                review(self._desk, action)
                ready[action.action] = errand.ready(self._desk, provider, action)
            except NothingToDo as nothing:
                told.append(self._close(action, nothing))
            except StoreTrouble:
                raise
            except AsctlError as error:
                told.append(self._turned_down(action, error))
        with writes_until(self._journal.send_within.total_seconds()):  # begun before the deadline on record is
            begun = self._journal.begin(
                [action for action in group if action.action in ready],
                {number: each.before for number, each in ready.items()},
            )
            taken = {action.action for action in begun}
            told += [Sent(action, _waits(action)) for action in group if action.action in ready.keys() - taken]
            return told + (self._send_begun(errand, provider, begun, ready) if begun else [])

    def _send_begun(
        self, errand: Errand, provider: Guarded, begun: list[Action], ready: Mapping[str, Ready]
    ) -> list[Sent]:
        seen = [ready[action.action] for action in begun]
        outcomes = errand.send(provider, begun, seen, self._code)
        return [
            self._settle(action, outcome, each.shown)
            for action, outcome, each in zip(begun, outcomes, seen, strict=True)
        ]

    def _settle(self, action: Action, outcome: Outcome, shown: Mapping[str, object]) -> Sent:
        try:
            settled = self._journal.settle(action, outcome)
        except StoreTrouble as trouble:
            raise _unrecorded(action, outcome, trouble) from trouble
        if outcome.state is ActionState.UNCLEAR and outcome.error is not None:
            outcome.error.retry_at = settled.next_look_at
            outcome.error.hint = _("asctl action reconcile looks what became of it; it is not sent again before that")
        return Sent(settled, outcome.error, shown={**shown, **outcome.shown})

    def _close(self, action: Action, nothing: NothingToDo) -> Sent:
        closed = self._journal.settle(action, Outcome(ActionState.CANCELLED, message=nothing.sentence))
        return Sent(closed, note=(nothing.code, nothing.sentence), shown=nothing.shown)

    def _turned_down(self, action: Action, error: AsctlError) -> Sent:
        """What speaks against it before it was sent: a clear no ends it, trouble in looking leaves it planned."""
        outcome = failed(error)
        if outcome.state is not ActionState.REFUSED:
            return Sent(action, error)
        return Sent(self._journal.settle(action, outcome), error)

    def _learn(self, account: str, errors: Sequence[AsctlError | None]) -> None:
        """Note what a call says of its account: not answered it is one silence, however many rows it held."""
        with self._lock:
            silent = all(map(looks_down, errors))
            self._silent[account] = self._silent.get(account, 0) + 1 if silent else 0
            for error in errors:
                if error is not None and (stops_account(error) or self._silent[account] >= GIVE_UP_AFTER):
                    self._stopped.setdefault(account, _not_begun(error))

    def _told(self, group: list[Action], result: list[Sent] | AsctlError | None) -> list[Sent]:
        """What to tell of a call's actions. Where the store failed on the way they are told as far as it can still be read;
        else what may have been sent counts as being sent."""
        if isinstance(result, list):
            return result
        if result is None:
            return []
        try:
            with self._desk.store.read() as tx:
                standing = get_actions(tx, [action.action for action in group])
        except StoreTrouble:
            state = ActionState.SENDING if isinstance(result, Unrecorded) else ActionState.PLANNED
            standing = {action.action: replace(action, state=state) for action in group}
        return [Sent(standing.get(action.action, action), result) for action in group]


def review(desk: Desk, action: Action) -> None:
    """Ask the house rules. Raises :class:`Refused` where one objects, and :class:`PluginBroken` where one fails."""
    asked = ReviewedAction(action.kind.value, action.account, action.target, _reviewed(action))
    if reason := desk.host.first_objection("asctl_review_action", action=asked):
        raise Refused(
            reason,
            code="house_rule",
            reason="REFUSED_BY_RULE",
            hint=_("a plugin's rule stopped it; nothing was sent"),
            account=action.account,
        )


def _reviewed(action: Action) -> dict[str, str]:
    """What a house rule is shown: what would be written, of addresses no more than the district, and nobody's phone."""
    told = {name: str(action.payload.get(name) or "") for name in _REVIEWED}
    receiver = action.payload.get("receiver")
    if isinstance(receiver, Mapping):
        told |= {part: str(receiver.get(part) or "") for part in ("province", "city", "district")}
    return {name: value for name, value in told.items() if value}


def _waits(action: Action) -> Refused:
    return Refused(
        _("{action} waits: another action about {target} is not settled yet").format(
            action=action.action, target=action.target
        ),
        code="earlier_unsettled",
        hint=_("asctl action reconcile settles it; then asctl batch resume {batch}").format(batch=action.batch),
        account=action.account,
    )


def _not_begun(error: AsctlError) -> AsctlError:
    """The error of the send that stopped an account, for those that were not begun because of it."""
    if error.family == "unclear":
        return Unavailable(
            _("{account} did not answer {count} times in a row; the rest was not begun").format(
                account=error.account, count=GIVE_UP_AFTER
            ),
            code="account_silent",
            hint=_("run asctl batch resume when it answers again"),
            account=error.account,
        )
    return error


def _unrecorded(action: Action, outcome: Outcome, trouble: StoreTrouble) -> Unrecorded:
    return Unrecorded(
        _("{action} was sent ({outcome}), but that could not be recorded: {reason}").format(
            action=action.action, outcome=outcome.state.value, reason=trouble.message
        ),
        code="action_unrecorded",
        hint=_("mend the store (asctl doctor), then: asctl action reconcile"),
        account=action.account,
    )
