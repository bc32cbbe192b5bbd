"""Accounts: which one answers for a courier or a shop, and its provider, made when it is first used."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from asctl.api.context import Context
from asctl.api.tokens import OwnTokens, Tokens
from asctl.capabilities.specs import Capability, ProviderKind, ProviderSpec
from asctl.domain.errors import AsctlError, BadConfiguration, BadInput, NotOffered, StoreTrouble
from asctl.domain.times import Clock
from asctl.host.guard import Guarded, make_provider
from asctl.host.plugins import Host
from asctl.services.contexts import Learn, context_of
from asctl.services.tokens import StoreTokens
from asctl.settings import Account, Settings
from asctl.store import parking as stored_parking
from asctl.store.opening import Store
from asctl.text import _
from asctl.transport import NetworkLimits

REREAD_S = 5.0
"""How soon a ban that another process was told of is known here."""


LONGEST_REST = timedelta(days=2)
"""No far side orders a longer one (a courier's lock on a waybill lasts a day); what would wait longer, a wrong clock set."""


class StoreParking:
    """Which accounts are parked and until when; kept in the store, so that other processes and the next one know it too.

    A store that fails while work is going on is left to that work to tell, since it writes there itself: what is known
    already holds on.
    """

    def __init__(
        self, store: Callable[[], Store | None], clock: Clock, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._store = store
        self._clock = clock
        self._steady = steady
        self._lock = threading.Lock()
        self._parked: dict[str, datetime] = {}
        self._read_at: float | None = None

    def until(self, account: str) -> datetime | None:
        """When the account may be called again, or ``None``. A rest that no far side orders was set by a wrong clock."""
        with self._lock:
            self._reread()
            until = self._parked.get(account)
            return until if until is None or until - self._clock.now() <= LONGEST_REST else None

    def park(self, account: str, until: datetime, reason: str) -> None:
        """Let an account rest; the longer of two rests counts."""
        with self._lock:
            if self._keep(account, until):
                with contextlib.suppress(StoreTrouble):
                    self._write(account, until, reason)

    def _write(self, account: str, until: datetime, reason: str) -> None:
        if store := self._store():
            with store.write() as tx:
                stored_parking.park(tx, account, until, reason)

    def _keep(self, account: str, until: datetime) -> bool:
        """Whether this was news."""
        news = account not in self._parked or self._parked[account] < until
        if news:
            self._parked[account] = until
        return news

    def _reread(self) -> None:
        now = self._steady()
        if self._read_at is not None and now - self._read_at < REREAD_S:
            return
        try:
            self._read()
        except StoreTrouble:
            if self._read_at is None:
                raise
        self._read_at = now

    def _read(self) -> None:
        if store := self._store():
            with store.read() as tx:
                for account, (until, _reason) in stored_parking.parked(tx).items():
                    self._keep(account, until)


class Accounts:
    """The configured accounts and their providers. Thread-safe."""

    def __init__(
        self,
        settings: Settings,
        host: Host,
        clock: Clock,
        store: Callable[[], Store | None],
        rehearsal: bool,
    ) -> None:
        self._settings = settings
        self._host = host
        self._clock = clock
        self._store = store
        self._rehearsal = rehearsal
        self.parking = StoreParking(store, clock)
        self._making = threading.Lock()
        self._providers: dict[str, Guarded] = {}

    def named(self, name: str) -> Account:
        """The account of that name. Raises :class:`BadInput` (``unknown_account``)."""
        return self._settings.account(name)

    def shops(self, names: tuple[str, ...] = ()) -> tuple[Account, ...]:
        """The shops of these names, or all of them. Raises :class:`BadInput` for a name that is no shop."""
        if not names:
            shops = self.of_kind(ProviderKind.ORDER_SOURCE)
            if not shops:
                raise BadConfiguration(
                    _("no shop is configured"), code="no_shop", hint=_("add a [shops.NAME] section; see: asctl init")
                )
            return shops
        chosen = tuple(self._settings.account(name) for name in dict.fromkeys(names))
        for account in chosen:
            if account.kind is not ProviderKind.ORDER_SOURCE:
                raise BadInput(
                    _("{name} is no shop").format(name=account.name),
                    code="no_shop",
                    hint=_("shops are: {names}").format(names=", ".join(a.name for a in self.shops())),
                )
        return chosen

    def of_kind(self, kind: ProviderKind) -> tuple[Account, ...]:
        """All configured accounts of a kind, in the order of the configuration."""
        return tuple(account for account in self._settings.accounts() if account.kind is kind)

    def spec(self, account: Account) -> ProviderSpec:
        """The spec behind an account. Raises :class:`NotOffered` or :class:`PluginBroken`."""
        return self._host.spec(account.kind, account.plugin)

    def capability(self, account: Account, name: str) -> Capability | None:
        """What the account's plugin declares of a capability, or ``None``."""
        return self.spec(account).capability(name)

    def provider(self, account: Account, capability: str) -> Guarded:
        """The account's provider. Raises :class:`NotOffered` where the plugin does not offer the capability."""
        spec = self.spec(account)
        if spec.capability(capability) is None:
            raise NotOffered(
                _("{account} ({plugin}) does not offer {capability}").format(
                    account=account.name, plugin=spec.id, capability=capability
                ),
                code="capability_missing",
                hint=_("see what each account offers: asctl account list"),
                account=account.name,
                provider=spec.id,
            )
        with self._making:  # two clients of one account would each keep a pace of their own
            if account.name not in self._providers:
                self._providers[account.name] = make_provider(spec, self._context(account, spec), self._host.warden)
            return self._providers[account.name]

    def trackers(self, courier: str, preferred: str = "", shop: str = "") -> tuple[Account, ...]:
        """The accounts to ask about a courier's parcels, best first (design section 5).

        The preferred one, the one that ``[routing]`` names, the courier's own plugin, aggregators, then the shop that
        sent the parcel as a last source (R53). Plugins that cannot be loaded are passed over while others answer.
        """
        named = preferred or self._settings.routed(courier, "track")
        first = [self._settings.account(named)] if named else []
        ranked: list[tuple[int, Account]] = []
        broken: AsctlError | None = None
        for account in self._settings.accounts():
            try:
                rank = self._rank(account, courier, shop)
            except AsctlError as error:
                broken = broken or error
                continue
            if rank is not None and account not in first:
                ranked.append((rank, account))
        chosen = (*first, *(account for _rank, account in sorted(ranked, key=lambda pair: pair[0])))
        if not chosen:
            raise broken or NotOffered(
                _("no configured account can track {courier}").format(courier=courier),
                code="no_tracker",
                hint=_("add a [couriers.NAME] section for it or for an aggregator; see: asctl plugin list"),
            )
        return chosen

    def _rank(self, account: Account, courier: str, shop: str) -> int | None:
        if account.kind is ProviderKind.COURIER:
            spec = self.spec(account)
            if courier in spec.couriers and spec.capability("Tracker"):
                return 1 if spec.aggregator else 0
        elif account.kind is ProviderKind.ORDER_SOURCE and account.name == shop and self.capability(account, "Tracker"):
            return 2
        return None

    def _context(self, account: Account, spec: ProviderSpec) -> Context:
        values = self._settings.typed_account(account, spec)

        def tokens(learn: Learn) -> Tokens:
            """Shared through the store; without one, for this process alone."""
            store = self._store()
            if store is None:
                return OwnTokens(self._clock, learn)
            return StoreTokens(store, self._clock, account.name, values, learn)

        return context_of(
            account.name,
            spec,
            values,
            pace=self._settings.pace(account, spec),
            limits=NetworkLimits.from_settings(self._settings),
            clock=self._clock,
            parking=self.parking,
            rehearsal=self._rehearsal,
            tokens=tokens,
        )
