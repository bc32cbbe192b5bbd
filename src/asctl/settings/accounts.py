"""Accounts as the configuration declares them: a shop, a courier account, an invoice account, a notifier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from asctl.capabilities.specs import ProviderKind
from asctl.domain.errors import BadInput
from asctl.domain.slips import nearest
from asctl.settings.declared import ACCOUNT_SECTIONS
from asctl.settings.origin import Found, KeyPath
from asctl.settings.sources import Layers
from asctl.text import _


@dataclass(frozen=True, slots=True)
class Account:
    """One account. ``key`` is its section (``shops.flagship``), ``plugin`` the id of the spec that serves it.

    ``table`` holds what is written for it, by setting, as written: secrets are still references.
    """

    name: str
    kind: ProviderKind
    key: str
    plugin: str
    table: Mapping[str, Found] = field(repr=False)

    @property
    def path(self) -> KeyPath:
        """Section and name, to which a setting's name is added."""
        section, _dot, name = self.key.partition(".")
        return (section, name)


def accounts_in(layers: Layers) -> tuple[Account, ...]:
    """Every account that a section or a variable names, shops first."""
    tables: dict[KeyPath, dict[str, Found]] = {}
    for path, found in layers.items():
        if path[0] in ACCOUNT_SECTIONS and len(path) > 1:
            table = tables.setdefault(path[:2], {})
            if len(path) == 3:
                table[path[2]] = found[0]
    order = list(ACCOUNT_SECTIONS)
    return tuple(_account(path, tables[path]) for path in sorted(tables, key=lambda path: order.index(path[0])))


def _account(path: KeyPath, table: dict[str, Found]) -> Account:
    section, name = path
    plugin = table["plugin"].value if "plugin" in table else ""
    return Account(name, ACCOUNT_SECTIONS[section], f"{section}.{name}", str(plugin), table)


def unknown_account(name: str, accounts: Iterable[Account]) -> BadInput:
    """No account has that name: the hint names the likely one, or all there are."""
    names = [account.name for account in accounts]
    likely = nearest(name, names) or names
    hint = _("did you mean {names}?") if len(likely) < len(names) or len(names) == 1 else _("there are: {names}")
    return BadInput(
        _("there is no account {name!r}").format(name=name),
        code="unknown_account",
        hint=hint.format(names=", ".join(likely)) if names else _("none is configured yet: run `asctl init`"),
    )
