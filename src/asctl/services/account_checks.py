"""How the configured accounts stand: without a call, or by one harmless signed call each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from asctl.capabilities.accounts import CheckResult
from asctl.domain.errors import AsctlError, CredentialsRefused
from asctl.domain.times import iso
from asctl.services.accounts import Accounts
from asctl.services.offers import offers
from asctl.services.pools import Pool
from asctl.settings import Account, Settings
from asctl.text import _

CHECKER = "AccountChecker"
AT_ONCE = 8
SKEW_WORTH_TELLING = timedelta(seconds=60)
SKEW_TOO_LARGE = timedelta(seconds=600)
"""TOP refuses time stamps that are further off (reference/taobao-top.md section 1)."""


class Standing(StrEnum):
    """How an account stands. ``ready``: nothing speaks against using it; ``unchecked``: its plugin offers no check."""

    READY = "ready"
    PARKED = "parked"
    MISCONFIGURED = "misconfigured"
    BROKEN = "broken"
    REFUSED = "refused"
    CLOCK_OFF = "clock_off"
    UNAVAILABLE = "unavailable"
    UNCHECKED = "unchecked"


_BY_FAMILY = {
    "bad_configuration": Standing.MISCONFIGURED,
    "plugin_broken": Standing.BROKEN,
    "not_offered": Standing.BROKEN,
    "credentials_refused": Standing.REFUSED,
    "throttled": Standing.PARKED,
}


@dataclass(frozen=True, slots=True)
class AccountState:
    """One account: what its plugin offers, how it stands, and ``error`` where it cannot be used. ``can`` and ``cannot`` are
    verbs of the command line.

    ``caution`` tells what works but should be mended.
    """

    account: Account
    standing: Standing
    capabilities: tuple[str, ...] = ()
    detail: str = ""
    can: tuple[str, ...] = ()
    cannot: tuple[str, ...] = ()
    caution: str = ""
    error: AsctlError | None = None


def account_states(accounts: Accounts, settings: Settings, now: datetime) -> Iterator[AccountState]:
    """Every account as far as this machine can tell; no call is made."""
    for account in settings.accounts():
        yield _state(accounts, settings, account, now)


def check_accounts(
    accounts: Accounts, settings: Settings, chosen: Iterable[Account], now: datetime
) -> Iterator[AccountState]:
    """Let the plugin of each account make its harmless call, some at a time; the results keep the order of ``chosen``.

    Raises nothing that concerns one account: it comes with that account.
    """
    states = [_state(accounts, settings, account, now) for account in chosen]
    with Pool(AT_ONCE, "check") as pool:
        yield from pool.map(lambda state: _checked(accounts, state), states)


def _state(accounts: Accounts, settings: Settings, account: Account, now: datetime) -> AccountState:
    state = AccountState(account, Standing.READY)
    try:
        spec = accounts.spec(account)
        can, cannot = offers(account.kind, spec)
        names = tuple(capability.name for capability in spec.capabilities)
        state = replace(state, capabilities=names, can=can, cannot=cannot)
        settings.pace(account, spec)
        settings.typed_account(account, spec)
        until = accounts.parking.until(account.name)
    except AsctlError as error:
        return _failed(state, error)
    if until is not None and until > now:
        return replace(state, standing=Standing.PARKED, detail=_("until {moment}").format(moment=iso(until)))
    return state


def _checked(accounts: Accounts, state: AccountState) -> AccountState:
    if state.error is not None:
        return state
    if CHECKER not in state.capabilities:
        return replace(state, standing=Standing.UNCHECKED, detail=_("its plugin offers no check"))
    try:
        result: CheckResult = accounts.provider(state.account, CHECKER).check()
    except AsctlError as error:
        return _failed(state, error)
    return judged_by_clock(replace(state, standing=Standing.READY, detail=result.detail), result.clock_skew_s or 0.0)


def judged_by_clock(state: AccountState, skew_s: float) -> AccountState:
    """An account that answered, in the light of our clock against theirs; ``skew_s`` is ours minus theirs in seconds."""
    skew = abs(timedelta(seconds=skew_s))
    if skew <= SKEW_WORTH_TELLING:
        return state
    sentence = (
        _("this machine's clock is {count} s ahead") if skew_s > 0 else _("this machine's clock is {count} s slow")
    )
    told = sentence.format(count=round(skew.total_seconds()))
    if skew < SKEW_TOO_LARGE:
        return replace(state, caution=told)
    error = CredentialsRefused(
        _("{account}: {told}").format(account=state.account.name, told=told),
        code="clock_off",
        hint=_("set the machine's clock (or unset ASCTL_NOW), then run again"),
        account=state.account.name,
    )
    return _failed(state, error)


def _failed(state: AccountState, error: AsctlError) -> AccountState:
    standing = _BY_FAMILY.get(error.family, Standing.UNAVAILABLE)
    return replace(state, standing=Standing.CLOCK_OFF if error.code == "clock_off" else standing, error=error)
