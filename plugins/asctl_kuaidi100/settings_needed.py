"""A setting that a write cannot do without."""

from __future__ import annotations

from asctl.api import BadConfiguration
from asctl.api import translate as _


def setting_missing(setting: str, account: str, why: str) -> BadConfiguration:
    """The error (``SETTING_missing``) that is told before anything is sent."""
    return BadConfiguration(
        _("{setting} is not set for {account}: {why}").format(setting=setting, account=account, why=why),
        code=f"{setting}_missing",
        hint=_("set {setting} in [couriers.{account}]").format(setting=setting, account=account),
        provider="kuaidi100",
        account=account,
    )
