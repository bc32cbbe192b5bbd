"""Sending planned actions: one call each, or as many as a marketplace takes at once, some at a time (design section 4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal

from asctl.capabilities.orders import DeskLimits
from asctl.capabilities.specs import WriteClass, WriteContract
from asctl.domain.actions import Action, ActionKind, ActionState, Family
from asctl.domain.errors import AsctlError, LockHeld, Refused, StoreTrouble
from asctl.domain.masking import strike_buyer, strike_out
from asctl.host.guard import Guarded
from asctl.services.budget import Budget
from asctl.services.contracts import contract_of, lock_name
from asctl.services.desk import Desk
from asctl.services.errands import Errand, NothingToDo, Ready
from asctl.services.frozen import buyer_words, thawed_receiver
from asctl.services.house_rules import review
from asctl.services.invoice_errands import invoice_errands
from asctl.services.journal import Journal
from asctl.services.order_errands import MovedOn, order_errands
from asctl.services.outcomes import Outcome, as_sent, failed, found, lesson_of, still_doubtful
from asctl.services.parallel import work_through
from asctl.services.parcel_errands import parcel_errands
from asctl.services.remarks import RemarkErrand
from asctl.services.stopping import Stops
from asctl.store.actions import get_actions
from asctl.store.locks import hold
from asctl.text import _
from asctl.transport import SendWindow, writes_until

RECORD_TRIES = 3

ERRANDS: Mapping[ActionKind, Errand] = {
    errand.kind: errand for errand in (*parcel_errands(), *order_errands(), *invoice_errands(), RemarkErrand())
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
        self._stops = Stops()

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
        """One call, in its turn. What came meanwhile, a signal or a rest of the account, leaves the actions planned."""
        account, errand = group[0].account, ERRANDS[group[0].kind]
        if stopped := self._stops.of(account):
            return [Sent(action, stopped) for action in group]
        try:
            provider = errand.provider(self._desk, group[0])
            with errand.turn(self._desk, group[0]):
                stopped = self._stops.of(account)
                if stopped or self._budget.over:
                    return [Sent(action, stopped) for action in group]
                sent = self._deliver(errand, provider, group)
        except StoreTrouble:
            raise
        except AsctlError as error:
            self._stops.learn(account, [error])
            return [Sent(action, error) for action in group]
        self._stops.learn(account, [each.error for each in sent])
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
        in_doubt = {action.action for action in group if action.state is ActionState.UNCLEAR}
        within = self._journal.send_within(group[0].account, self._jobs)
        with writes_until(within.total_seconds()) as window:  # it begins before the deadline on record
            begun = self._journal.begin(
                [action for action in group if action.action in ready],
                {number: each.before for number, each in ready.items()},
                within,
            )
            taken = {action.action for action in begun}
            told += [Sent(action, _waits(action)) for action in group if action.action in ready.keys() - taken]
            return told + (self._send_begun(errand, provider, begun, ready, window, in_doubt) if begun else [])

    def _send_begun(
        self,
        errand: Errand,
        provider: Guarded,
        begun: list[Action],
        ready: Mapping[str, Ready],
        window: SendWindow,
        in_doubt: Set[str],
    ) -> list[Sent]:
        """Send, and record every outcome, even where recording one of them fails. ``in_doubt`` are repeats under a key."""
        seen = [ready[action.action] for action in begun]
        outcomes = errand.send(provider, begun, seen, self._code)
        if not errand.judges:
            outcomes = [as_sent(each, window.left) for each in outcomes]
        outcomes = [
            still_doubtful(each) if action.action in in_doubt else each
            for action, each in zip(begun, outcomes, strict=True)
        ]
        settled: list[Sent] = []
        trouble: StoreTrouble | None = None
        for action, outcome, each in zip(begun, outcomes, seen, strict=True):
            try:
                settled.append(self._settle(action, outcome, each.shown))
            except StoreTrouble as failed_to_record:
                trouble = trouble or failed_to_record
        if trouble is not None:
            raise trouble
        return settled

    def _settle(self, action: Action, outcome: Outcome, shown: Mapping[str, object]) -> Sent:
        discreet(outcome.error, action)
        try:
            settled = self._recorded(action, outcome)
        except StoreTrouble as trouble:
            raise _unrecorded(action, outcome, trouble) from trouble
        if outcome.state is ActionState.UNCLEAR and outcome.error is not None:
            outcome.error.retry_at = settled.next_look_at
            outcome.error.hint = _way_out(contract_of(self._desk, action), action)
        return Sent(settled, outcome.error, shown={**shown, **outcome.shown})

    def _recorded(self, action: Action, outcome: Outcome) -> Action:
        """What is known must not get lost because somebody else is writing: a busy store is asked again."""
        for _time in range(RECORD_TRIES - 1):
            try:
                return self._journal.settle(action, outcome)
            except StoreTrouble as trouble:
                if trouble.code != "store_busy":
                    raise
        return self._journal.settle(action, outcome)

    def _close(self, action: Action, nothing: NothingToDo) -> Sent:
        """Nothing is sent. Where it was sent before, what stands there is its own doing."""
        if not action.attempt and not nothing.own:
            stands = Outcome(ActionState.CANCELLED, message=nothing.sentence, learned=lesson_of(nothing.finding))
            closed = self._journal.settle(action, stands)
            return Sent(closed, note=(nothing.code, nothing.sentence), shown=nothing.shown)
        arrived = found(action.kind, nothing.finding, nothing.sentence)
        return Sent(self._journal.settle(action, arrived), shown=nothing.shown)

    def _turned_down(self, action: Action, error: AsctlError) -> Sent:
        """What speaks against it before it was sent: a clear no ends it, trouble in looking leaves it planned."""
        discreet(error, action)
        outcome = failed(error)
        if outcome.state is not ActionState.REFUSED or action.state is not ActionState.PLANNED:
            return Sent(action, error)
        learned = error.learned if isinstance(error, MovedOn) else None
        return Sent(self._journal.settle(action, replace(outcome, learned=learned)), error)

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


def discreet(error: AsctlError | None, action: Action) -> None:
    """Far sides quote the people that they were sent: strike them out before anybody reads the error."""
    if error is None:
        return
    for kept in (action.payload.get(part) for part in ("receiver", "sender")):
        if isinstance(kept, Mapping):
            whom = thawed_receiver(kept)
            for name in ("message", "upstream_text", "upstream_code"):
                setattr(error, name, strike_out(getattr(error, name), whom))
    if words := buyer_words(action):
        for name in ("message", "upstream_text", "upstream_code"):
            setattr(error, name, strike_buyer(getattr(error, name), words))


def _way_out(contract: WriteContract, action: Action) -> str:
    """What settles a write whose outcome is not known."""
    if contract.find or contract.write is WriteClass.KEYED:
        return _("asctl action reconcile looks what became of it; it is not sent again before that")
    return _(
        "scans or a callback may tell; else ask the far side, then: asctl action resolve {action} --as done (or absent)"
        " --reason TEXT"
    ).format(action=action.action)


def _waits(action: Action) -> Refused:
    return Refused(
        _("{action} waits: another action about {target} is not settled yet").format(
            action=action.action, target=action.target
        ),
        code="earlier_unsettled",
        hint=_("asctl action reconcile settles it; then asctl batch resume {batch}").format(batch=action.batch),
        account=action.account,
    )


def _unrecorded(action: Action, outcome: Outcome, trouble: StoreTrouble) -> Unrecorded:
    return Unrecorded(
        _("{action} was sent ({outcome}), but that could not be recorded: {reason}").format(
            action=action.action, outcome=outcome.state.value, reason=trouble.message
        ),
        code="action_unrecorded",
        hint=_("mend the store (asctl doctor), then: asctl action reconcile"),
        account=action.account,
    )
