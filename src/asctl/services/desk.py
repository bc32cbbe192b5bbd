"""What every use case needs at hand."""

from __future__ import annotations

from dataclasses import dataclass

from asctl.domain.errors import BadConfiguration
from asctl.domain.times import Clock
from asctl.host.plugins import Host
from asctl.services.accounts import Accounts
from asctl.settings import Settings
from asctl.store.opening import Store
from asctl.text import _


@dataclass(frozen=True, slots=True)
class Desk:
    """The operator's desk: store, accounts, plugins, rules and the clock."""

    store: Store
    accounts: Accounts
    host: Host
    settings: Settings
    clock: Clock

    @property
    def staff_no(self) -> str:
        """The operator's own number, which goes into remarks (R80, R82). Raises :class:`BadConfiguration` without one."""
        number = str(self.settings.value("operator.staff_no") or "")
        if not number:
            raise BadConfiguration(
                _("operator.staff_no is not set; remarks and cases carry the number of who made them"),
                code="staff_no_missing",
                hint=_("set it under [operator], or: export ASCTL_OPERATOR__STAFF_NO=8012"),
            )
        return number
