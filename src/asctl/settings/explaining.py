"""What `config show` and `config explain` tell: a setting's value, which source won, and what it overrode."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from asctl.capabilities.specs import Setting, SettingType
from asctl.domain.errors import AsctlError
from asctl.settings.accounts import Account
from asctl.settings.checking import SpecOf
from asctl.settings.declared import ACCOUNT_SECTIONS, CORE, ROUTE, common_settings, declaration
from asctl.settings.origin import Found, KeyPath, dotted
from asctl.settings.resolved import DEFAULT, Settings
from asctl.settings.values import SECRET_SHOWN, shown
from asctl.text import _


@dataclass(frozen=True, slots=True)
class Explained:
    """One setting for people. ``overridden`` holds (origin, value) of what lost, strongest first; secrets are ``***``."""

    key: str
    value: str
    origin: str
    default: str
    help: str
    overridden: tuple[tuple[str, str], ...] = ()


def explain(settings: Settings, key: str, spec_of: SpecOf) -> Explained:
    """One setting by its dotted key. Raises :class:`BadInput` ``unknown_key``, and what ``spec_of`` raises."""
    path = tuple(key.split("."))
    setting = declaration(path)
    if setting is None and path[0] in ACCOUNT_SECTIONS and len(path) == 3:
        account = settings.account(path[1])
        setting = next((item for item in spec_of(account).settings if item.name == path[2]), None)
    if setting is None:
        raise settings.unknown(key)
    return _explained(settings, path, setting)


def everything(settings: Settings, spec_of: SpecOf) -> Iterator[Explained]:
    """Every core setting, and those of every account; values of a plugin that cannot be asked are hidden."""
    for section, declared in CORE.items():
        for setting in declared:
            yield _explained(settings, (section, setting.name), setting)
    for path in settings.routes():
        yield _explained(settings, path, ROUTE)
    for account in settings.accounts():
        yield from _account(settings, account, spec_of)


def _account(settings: Settings, account: Account, spec_of: SpecOf) -> Iterator[Explained]:
    declared = list(common_settings(account.path[0]))
    try:
        declared.extend(spec_of(account).settings)
    except AsctlError:
        known = {setting.name for setting in declared}
        declared.extend(Setting(name, SettingType.SECRET, "") for name in account.table if name not in known)
    for setting in declared:
        yield _explained(settings, (*account.path, setting.name), setting)


def _explained(settings: Settings, path: KeyPath, setting: Setting) -> Explained:
    written = [*settings.layers.get(path, []), Found(setting.default, DEFAULT)]
    winner, losers = written[0], written[1:]
    return Explained(
        key=dotted(path),
        value=_effective(settings, path, setting, winner),
        origin=str(winner.origin),
        default=shown(setting, setting.default),
        help=_(setting.help),
        overridden=tuple(
            (str(loser.origin), shown(setting, loser.value)) for loser in losers if loser.value is not None
        ),
    )


def _effective(settings: Settings, path: KeyPath, setting: Setting, winner: Found) -> str:
    """The value in use; as written where it is wrong, so that looking at a bad configuration works."""
    if setting.type is SettingType.SECRET:
        return SECRET_SHOWN if winner.value is not None else ""
    try:
        return shown(setting, settings.typed(path, setting))
    except AsctlError:
        return shown(setting, winner.value)
