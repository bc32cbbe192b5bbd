"""A desk for the journal's tests: a store, a courier in memory that is the witness, a clock that is moved by hand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from asctl.capabilities.shipping import AddressChange, Interception, Submission
from asctl.capabilities.specs import Capability, Pace, ProviderKind, WriteContract
from asctl.capabilities.writes import Evidence, Finding
from asctl.domain.actions import About, Action, ActionKind, ActionState, Intent, Wanted
from asctl.domain.errors import AsctlError
from asctl.domain.orders import Receiver
from asctl.services.desk import Desk
from asctl.services.frozen import frozen
from asctl.services.journal import Journal
from asctl.services.outcomes import Outcome
from asctl.services.planning import plan
from asctl.settings import Account
from asctl.store import actions as stored_actions
from asctl.store.opening import Store, Transaction
from tests.store_support import NOW

PATIENCE = timedelta(seconds=60)
LAG = timedelta(seconds=30)
LATE = timedelta(minutes=5)
LOOKABLE = WriteContract(find="find", authoritative=True, visibility_lag=LAG, late_window=LATE)
SURE = PATIENCE + LATE + LAG
"""So long after its sending a look that finds nothing is proof."""
Request = Interception | AddressChange


class HandClock:
    """Stands still until it is moved; waiting moves it."""

    def __init__(self, moment: datetime = NOW) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)

    def pass_by(self, span: timedelta) -> None:
        self.moment += span


def yes(request: Request) -> Submission:
    """The courier accepts."""
    return Submission("R1")


def saying(error: AsctlError) -> Callable[[Any], Any]:
    """A courier that answers, or does not, with ``error``."""

    def say(request: Request) -> Any:
        raise error

    return say


@dataclass
class FarSide:
    """One courier in place of all accounts. ``received`` are the writes that arrived, ``looks`` the looks."""

    contract: WriteContract = LOOKABLE
    say: Callable[[Request], Submission] = yes
    tell: Callable[[Request], Finding] = lambda _request: Finding(Evidence.ABSENT)
    unusable: AsctlError | None = None
    received: list[Request] = field(default_factory=list)
    looks: list[Request] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def named(self, name: str) -> Account:
        return Account(name, ProviderKind.COURIER, f"couriers.{name}", "sf", {})

    def spec(self, account: Account) -> None:
        """The house knows the pace without it."""

    def capability(self, account: Account, name: str) -> Capability:
        writes = dict.fromkeys(("intercept", "cancel_interception", "change_address"), self.contract)
        return Capability(name, None, writes)

    def provider(self, account: Account, capability: str) -> FarSide:
        if self.unusable is not None:
            raise self.unusable
        return self

    def intercept(self, request: Interception) -> Submission:
        return self._receive(request)

    def cancel_interception(self, request: Interception) -> Submission:
        return self._receive(request)

    def change_address(self, request: AddressChange) -> Submission:
        return self._receive(request)

    def find(self, request: Request) -> Finding:
        with self.lock:
            self.looks.append(request)
        return self.tell(request)

    def _receive(self, request: Request) -> Submission:
        with self.lock:
            self.received.append(request)
        return self.say(request)


@dataclass
class House:
    """Host and settings of the desk. ``objection`` is what a house rule has against every action,
    ``per`` the time between two calls."""

    objection: str | None = None
    per: timedelta = timedelta(0)

    def pace(self, account: Account, spec: object) -> Pace:
        """One call in ``per``."""
        return Pace(1, self.per)

    def first_objection(self, hook: str, **arguments: object) -> str | None:
        return self.objection

    def tell(self, event: str, **arguments: object) -> None:
        """Nobody listens."""

    def value(self, key: str) -> object:
        return {"network.total_timeout": PATIENCE, "operator.staff_no": "8012"}[key]


class FailingStore:
    """A store that can no longer commit once ``trouble`` is set; ``commits`` counts those that came through."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.place = store.place
        self.apart = store.apart
        self.trouble: AsctlError | None = None
        self.commits = 0

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        with self._store.read() as tx:
            yield tx

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        with self._store.write() as tx:
            yield tx
            if self.trouble is not None:
                raise self.trouble
        self.commits += 1


def a_desk(store: Any, far_side: FarSide, clock: HandClock, house: House | None = None) -> Desk:
    """The operator's desk with one courier behind every account."""
    house = house or House()
    return Desk(store, cast(Any, far_side), cast(Any, house), cast(Any, house), clock)


def wanted(
    waybill: str = "SF1", kind: ActionKind = ActionKind.INTERCEPT, purpose: str = "", account: str = "sf", **after: str
) -> Wanted:
    """What somebody wants done to a parcel of order ``30001``; ``after`` is what follows."""
    payload = {"receiver": frozen(Receiver("王小明", "13800001234", "浙江省", "杭州市")), "return_to": "sender"}
    about = About("flagship", "30001", "sf", waybill)
    return Wanted(Intent(account, kind, f"sf {waybill}", purpose=purpose), payload, about, after)


def planned(desk: Desk, each: Wanted | None = None, batch: str = "") -> Action:
    """A new action on record."""
    with desk.store.write() as tx:
        action = plan(tx, desk, each or wanted(), batch).action
    assert action is not None
    assert action.state is ActionState.PLANNED
    return action


def sending(desk: Desk, each: Wanted | None = None, before: str = "") -> Action:
    """An action on record as being sent."""
    action = planned(desk, each)
    (begun,) = Journal(desk).begin([action], {action.action: before}, timedelta(seconds=60))
    return begun


def settled(desk: Desk, state: ActionState, each: Wanted | None = None, effect: str = "", before: str = "") -> Action:
    """An action that was sent and came out as ``state``."""
    return Journal(desk).settle(sending(desk, each, before), Outcome(state, effect))


def standing(desk: Desk, action: Action) -> Action:
    """The action as it stands now."""
    with desk.store.read() as tx:
        found = stored_actions.get_action(tx, action.action)
    assert found is not None
    return found
