"""Settings with their precedence applied: option, environment, file, default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from asctl.capabilities.specs import Pace, ProviderSpec, Setting, SettingType
from asctl.domain.errors import AsctlError, BadConfiguration, BadInput
from asctl.domain.identifiers import clean_phone_tail
from asctl.domain.policy import InvoicePolicy, RmaPolicy, WatchPolicy
from asctl.domain.slips import did_you_mean
from asctl.domain.times import duration_text
from asctl.settings.accounts import Account, accounts_in, unknown_account
from asctl.settings.declared import (
    ACCOUNT_SECTIONS,
    CORE,
    ROUTE,
    ROUTING,
    SECTIONS,
    common_settings,
    declaration,
    located,
)
from asctl.settings.mistakes import missing_key, unknown_key, wrong_type
from asctl.settings.origin import Found, KeyPath, Origin, Source, dotted
from asctl.settings.secrets import Vault
from asctl.settings.sources import Layers
from asctl.settings.values import convert
from asctl.text import _

DEFAULT = Origin(Source.DEFAULT)


class Settings:
    """Every value with its type and origin. ``path`` is where the configuration is, or would be."""

    def __init__(self, path: Path, layers: Layers, environ: Mapping[str, str]) -> None:
        self.path = path
        self.layers = layers
        self._vault = Vault(environ, path.parent)
        self._accounts = accounts_in(layers)

    def value(self, key: str) -> Any:
        """The typed value of a core setting, or of one that all accounts of a section share; ``None`` where none is set.

        Raises :class:`BadInput` ``unknown_key``.
        """
        path = tuple(key.split("."))
        setting = declaration(path)
        if setting is None:
            raise self.unknown(key)
        return self.typed(path, setting)

    def origin(self, key: str) -> Origin:
        """Which source won for a key."""
        written = self.layers.get(tuple(key.split(".")))
        return written[0].origin if written else DEFAULT

    def section(self, name: str) -> dict[str, Any]:
        """All values of a core section by their names: ``section("network")``."""
        return {setting.name: self.typed((name, setting.name), setting) for setting in CORE[name]}

    def watch_policy(self) -> WatchPolicy:
        """``[watch]`` as the rules want it. Raises :class:`BadConfiguration` where its grades do not rise."""
        policy = WatchPolicy(**self.section("watch"))
        grades = (policy.slow_after, policy.stalled_after, policy.lost_after)
        if sorted(grades) != list(grades):
            raise BadConfiguration(
                _("watch.slow_after, watch.stalled_after and watch.lost_after must rise, but are {values}").format(
                    values=", ".join(map(duration_text, grades))
                ),
                code="watch_order",
                hint=_("a parcel is slow first, then stalled, then lost"),
            )
        return policy

    def rma_policy(self) -> RmaPolicy:
        """``[rma]`` as the rules want it."""
        return RmaPolicy(**self.section("rma"))

    def invoice_policy(self) -> InvoicePolicy:
        """``[invoice]`` as the rules want it. Raises :class:`BadConfiguration` (``bad_rate``) for what is no number."""
        told = self.section("invoice")
        try:
            numbers = {
                "rates": tuple(Decimal(rate) for rate in told["rates"]),
                "line_tolerance": Decimal(told["line_tolerance"]),
            }
        except ArithmeticError as error:
            raise BadConfiguration(
                _("invoice.rates and invoice.line_tolerance are numbers, as 0.13"),
                code="bad_rate",
                hint=_("see what is set, and where: asctl config explain invoice.rates"),
            ) from error
        return InvoicePolicy(**told | numbers | {"tax_id_allow": frozenset(told["tax_id_allow"] or ())})

    def routed(self, courier: str, verb: str) -> str:
        """The name of the account that ``[routing]`` wants for a courier and verb (``track``...); empty where it is silent."""
        written = ((ROUTING, courier, verb), (ROUTING, courier))
        return next((str(self.typed(path, ROUTE)) for path in written if path in self.layers), "")

    def routes(self) -> tuple[KeyPath, ...]:
        """The keys of ``[routing]`` that are written."""
        return tuple(path for path in self.layers if path[0] == ROUTING and declaration(path))

    def common(self, account: str, name: str) -> Any:
        """A setting that every account of its section may hold, such as ``return_name``; ``None`` where it is not set."""
        return self.value(f"{self.account(account).key}.{name}")

    def phone_tail(self, shop: Account, name: str) -> str:
        """The last four digits of ``sender_phone`` or ``return_phone``; empty where it is not set.

        Raises :class:`BadConfiguration` ``bad_phone`` for one with fewer.
        """
        try:
            phone = self.value(f"{shop.key}.{name}")
            return clean_phone_tail(phone) if phone else ""
        except BadInput as problem:
            raise BadConfiguration(
                _("{key} is no phone: {why}").format(key=f"{shop.key}.{name}", why=problem.message),
                code="bad_phone",
                hint=_("write the whole number, or its last four digits"),
            ) from None

    def accounts(self) -> tuple[Account, ...]:
        """Every configured account, shops first."""
        return self._accounts

    def account(self, name: str) -> Account:
        """The account of that name. Raises :class:`BadInput` ``unknown_account`` with the nearest names."""
        for account in self._accounts:
            if account.name == name:
                return account
        raise unknown_account(name, self._accounts)

    def typed_account(self, account: Account, spec: ProviderSpec) -> dict[str, object]:
        """The spec's settings for one account, checked and typed, secrets resolved; ``None`` where none is set.

        Raises :class:`BadConfiguration` for the first thing that is wrong.
        """
        values, problems = self.read_account(account, spec)
        if problems:
            raise problems[0]
        return values

    def read_account(self, account: Account, spec: ProviderSpec) -> tuple[dict[str, object], list[AsctlError]]:
        """As :meth:`typed_account`, but with everything that is wrong."""
        known = {setting.name for setting in (*common_settings(account.path[0]), *spec.settings)}
        problems: list[AsctlError] = [
            unknown_key((*account.path, name), found.origin, known)
            for name, found in account.table.items()
            if name not in known
        ]
        values: dict[str, object] = {}
        for setting in spec.settings:
            try:
                values[setting.name] = self.typed((*account.path, setting.name), setting)
            except AsctlError as problem:
                problems.append(problem)
        return values, problems

    def pace(self, account: Account, spec: ProviderSpec) -> Pace:
        """How fast the account may be called: the plugin's word, unless the configuration has one of its own.

        Raises :class:`BadConfiguration` for a rate of nothing.
        """
        rate = self.value(f"{account.key}.calls_per_second")
        if rate is None:
            return spec.pace
        if not rate:
            path = (*account.path, "calls_per_second")
            raise wrong_type(path, self.layers[path][0], _("a number above zero"), "0")
        calls = max(int(rate), 1)
        return Pace(calls, timedelta(seconds=calls / rate), spec.pace.at_once)

    def typed(self, path: KeyPath, setting: Setting) -> object:
        """The winning value in its type, secrets resolved. Raises :class:`BadConfiguration`."""
        written = self.layers.get(path)
        if written and setting.type is SettingType.SECRET:
            return self._vault.resolve(written[0], path)
        if written:
            return located(path, convert(setting, written[0], path), self.path.parent)
        if setting.required:
            raise missing_key(path, _(setting.help))
        if setting.default is None:
            return None
        return located(path, convert(setting, Found(setting.default, DEFAULT), path), self.path.parent)

    def unknown(self, key: str) -> BadInput:
        """The error for a key that somebody asked about and that is no setting."""
        return BadInput(
            _("{key} is not a setting").format(key=key),
            code="unknown_key",
            hint=did_you_mean(key, self.known_keys())
            or _("sections are: {names}; see `asctl config show`").format(names=", ".join(SECTIONS)),
        )

    def known_keys(self) -> Iterator[str]:
        """The keys of all core settings, and those of accounts and routes that are written."""
        for section, settings in CORE.items():
            yield from (f"{section}.{setting.name}" for setting in settings)
        yield from (dotted(path) for path in self.layers if path[0] in (ROUTING, *ACCOUNT_SECTIONS) and len(path) > 1)
