"""What a configuration lets through, although somebody will miss it later."""

from __future__ import annotations

from collections.abc import Iterator

from asctl.capabilities.specs import ProviderKind, ProviderSpec, SettingType
from asctl.capabilities.tracking import TrackerLimits
from asctl.domain.errors import AsctlError, BadConfiguration
from asctl.settings.accounts import Account
from asctl.settings.checking import SpecOf
from asctl.settings.origin import Found, KeyPath, Source, dotted
from asctl.settings.resolved import Settings
from asctl.text import _

ON_THE_LABEL = ("return_name", "return_phone", "return_address")


def cautions(settings: Settings, spec_of: SpecOf) -> list[AsctlError]:
    """What works but should be mended: secrets that others can read, and settings that a later step will want."""
    specs = dict(_specs(settings, spec_of))
    shops = [account for account in settings.accounts() if account.kind is ProviderKind.ORDER_SOURCE]
    return [*_open_secrets(settings, specs), *_nobody(settings), *_no_labels(shops), *_no_tails(shops, specs)]


def _specs(settings: Settings, spec_of: SpecOf) -> Iterator[tuple[str, ProviderSpec]]:
    """The spec of each account by its key; an account without one is told as a problem."""
    for account in settings.accounts():
        try:
            yield account.key, spec_of(account)
        except AsctlError:
            continue


def _open_secrets(settings: Settings, specs: dict[str, ProviderSpec]) -> Iterator[AsctlError]:
    if not settings.path.exists() or not settings.path.stat().st_mode & 0o077:
        return
    for account in settings.accounts():
        if account.key in specs:
            for name, found in _written_secrets(account, specs[account.key]):
                yield BadConfiguration(
                    _("{key} is written in {where}, which others can read").format(
                        key=dotted((*account.path, name)), where=found.origin
                    ),
                    code="secret_in_open_file",
                    hint=_("run `chmod 600 {path}`, or move the secret into a file of its own").format(
                        path=settings.path
                    ),
                )


def _written_secrets(account: Account, spec: ProviderSpec) -> Iterator[tuple[str, Found]]:
    for setting in spec.settings:
        found = account.table.get(setting.name)
        if (
            setting.type is SettingType.SECRET
            and found
            and isinstance(found.value, str)
            and found.origin.source is Source.FILE
        ):
            yield setting.name, found


def _nobody(settings: Settings) -> Iterator[AsctlError]:
    if not settings.accounts():
        yield BadConfiguration(
            _("no account is configured: there is no shop to pull orders from, and nobody to ask about parcels"),
            code="no_account",
            hint=_("take the comment signs off [shops.NAME] and [couriers.NAME], or write them"),
        )
    staff_no: KeyPath = ("operator", "staff_no")
    if not (staff_no in settings.layers and settings.layers[staff_no][0].value):
        yield BadConfiguration(
            _("operator.staff_no is not set, and whatever leaves an audit record asks for it"),
            code="staff_no_missing",
            hint=_("set staff_no in [operator]; it goes into remarks, too"),
        )


def _no_labels(shops: list[Account]) -> Iterator[AsctlError]:
    for shop in shops:
        if missing := [name for name in ON_THE_LABEL if not _has(shop, name)]:
            yield BadConfiguration(
                _("{shop} has no {names}: its return labels cannot be drawn").format(
                    shop=shop.key, names=_(" and no ").join(missing)
                ),
                code="return_address_missing",
                hint=_("set {names} in [{shop}]").format(names=", ".join(missing), shop=shop.key),
            )


def _no_tails(shops: list[Account], specs: dict[str, ProviderSpec]) -> Iterator[AsctlError]:
    couriers = sorted({courier for spec in specs.values() for courier in _wanting_tails(spec)})
    for shop in shops:
        if couriers and not _has(shop, "sender_phone"):
            yield BadConfiguration(
                _(
                    "{shop} has no sender_phone, and {couriers} tell nothing of a parcel without its last four digits"
                ).format(shop=shop.key, couriers=", ".join(couriers)),
                code="sender_phone_missing",
                hint=_("set sender_phone in [{shop}]").format(shop=shop.key),
            )


def _wanting_tails(spec: ProviderSpec) -> frozenset[str]:
    tracker = spec.capability("Tracker")
    limits = tracker.limits if tracker else None
    return limits.phone_tail if isinstance(limits, TrackerLimits) else frozenset()


def _has(account: Account, name: str) -> bool:
    return name in account.table and bool(account.table[name].value)
