"""Accounts that get no more sends in this run: throttled, locked out, not usable, or plainly silent."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from asctl.domain.errors import AsctlError, Unavailable
from asctl.services.outcomes import looks_down, stops_account
from asctl.text import _

GIVE_UP_AFTER = 8
"""After so many calls in a row that an account did not answer, the rest waits."""


class Stops:
    """What the sends of a run have taught of each account. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stopped: dict[str, AsctlError] = {}
        self._silent: dict[str, int] = {}

    def of(self, account: str) -> AsctlError | None:
        """Why the account gets no more sends, if it does not."""
        return self._stopped.get(account)

    def learn(self, account: str, errors: Sequence[AsctlError | None]) -> None:
        """Note what a call says of its account: not answered it is one silence, however many rows it held."""
        with self._lock:
            silent = all(map(looks_down, errors))
            self._silent[account] = self._silent.get(account, 0) + 1 if silent else 0
            for error in errors:
                if error is not None and (stops_account(error) or self._silent[account] >= GIVE_UP_AFTER):
                    self._stopped.setdefault(account, _not_begun(error))


def _not_begun(error: AsctlError) -> AsctlError:
    """The error of the call that stopped an account, for those that were not begun because of it."""
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
