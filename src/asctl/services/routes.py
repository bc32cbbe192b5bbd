"""Who can do a thing to a courier's parcels: the account that was named or routed, the courier's own, an aggregator."""

from __future__ import annotations

from collections.abc import Callable

from asctl.capabilities.specs import Capability, ProviderKind
from asctl.domain.errors import AsctlError, NotOffered
from asctl.services.desk import Desk
from asctl.settings import Account
from asctl.text import _


def courier_account(
    desk: Desk,
    courier: str,
    capability: str,
    verb: str,
    preferred: str = "",
    fits: Callable[[Capability], bool] = lambda _declared: True,
) -> Account:
    """The account that does ``verb`` (``intercept``, ``address``, ...) for a courier (design section 5).

    ``fits`` may ask for more than the capability's name. Raises :class:`BadInput` for an account that does not exist, and
    :class:`NotOffered` where none offers it, or the named one does not.
    """
    named = preferred or desk.settings.routed(courier, verb)
    candidates = [desk.settings.account(named)] if named else _own_first(desk, courier)
    broken: AsctlError | None = None
    for account in candidates:
        try:
            declared = desk.accounts.capability(account, capability) if _serves(desk, account, courier) else None
        except AsctlError as error:
            broken = broken or error
            continue
        if declared is not None and fits(declared):
            return account
    raise broken or _not_offered(courier, verb, named)


def _own_first(desk: Desk, courier: str) -> list[Account]:
    """Couriers' own accounts before aggregators, in the order of the configuration."""
    accounts = desk.accounts.of_kind(ProviderKind.COURIER)
    return sorted((each for each in accounts if _serves(desk, each, courier)), key=lambda each: _aggregates(desk, each))


def _serves(desk: Desk, account: Account, courier: str) -> bool:
    if account.kind is not ProviderKind.COURIER:
        return False
    try:
        return courier in desk.accounts.spec(account).couriers
    except AsctlError:
        return True


def _aggregates(desk: Desk, account: Account) -> bool:
    try:
        return desk.accounts.spec(account).aggregator
    except AsctlError:
        return True


def _not_offered(courier: str, verb: str, named: str) -> NotOffered:
    words = {
        "intercept": _("intercept"),
        "cancel": _("take back interceptions of"),
        "address": _("redirect"),
        "pickup": _("fetch"),
    }
    who = _("{account} does not").format(account=named) if named else _("no configured account can")
    return NotOffered(
        _("{who} {what} parcels of {courier}").format(who=who, what=words.get(verb, verb), courier=courier),
        code=f"no_{verb}",
        hint=_("see what each account offers: asctl account list; or call the courier"),
        account=named,
    )
