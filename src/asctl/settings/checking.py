"""Everything that is wrong with a configuration, found in one go."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from asctl.capabilities.specs import ProviderKind, ProviderSpec
from asctl.domain.errors import AsctlError, BadConfiguration
from asctl.settings.accounts import Account
from asctl.settings.declared import (
    ACCOUNT_SECTIONS,
    CORE,
    OWN_PHONES,
    ROUTED_VERBS,
    ROUTING,
    SECTIONS,
    common_settings,
    declaration,
)
from asctl.settings.mistakes import missing_key, unknown_key, wrong_type
from asctl.settings.origin import Found, KeyPath, dotted
from asctl.settings.resolved import Settings
from asctl.settings.sources import folded
from asctl.text import _

SpecOf = Callable[[Account], ProviderSpec]
"""Finds the spec that serves an account; raises :class:`AsctlError` where there is none."""

_ACCOUNT_NAME = re.compile(r"[\w-]+")


def core_problems(settings: Settings) -> Iterator[AsctlError]:
    """What is wrong without asking any plugin: unknown keys, wrong types, accounts without plugin or name."""
    for path, written in settings.layers.items():
        if problem := _key_problem(settings, path, written[0]):
            yield problem
    yield from _account_problems(settings.accounts())


def check(settings: Settings, spec_of: SpecOf) -> list[AsctlError]:
    """Every problem of the configuration, plugins' settings and secrets included."""
    problems = list(core_problems(settings))
    for account in settings.accounts():
        problems.extend(_spec_problems(settings, account, spec_of))
    if not problems:
        problems.extend(_policy_problems(settings))
        problems.extend(_routing_problems(settings))
        problems.extend(_phone_problems(settings))
    return problems


def _key_problem(settings: Settings, path: KeyPath, found: Found) -> AsctlError | None:
    section = path[0]
    if section not in SECTIONS:
        return unknown_key((section,), found.origin, SECTIONS)
    if section in ACCOUNT_SECTIONS and len(path) == 2:
        return None if isinstance(found.value, dict) else _no_table(path, found)
    if len(path) == 1:
        return _no_table(path, found)
    setting = declaration(path)
    if setting is None:
        plugins_own = section in ACCOUNT_SECTIONS and len(path) == 3
        return None if plugins_own else unknown_key(path, found.origin, _known_beside(section))
    try:
        settings.typed(path, setting)
    except AsctlError as problem:
        return problem
    return None


def _known_beside(section: str) -> Iterable[str]:
    return ROUTED_VERBS if section == ROUTING else [setting.name for setting in CORE.get(section, ())]


def _no_table(path: KeyPath, found: Found) -> AsctlError:
    given = "" if found.value is None else type(found.value).__name__
    return wrong_type(path, found, _("a table, that is a section [{name}]").format(name=dotted(path)), given)


def _account_problems(accounts: Iterable[Account]) -> Iterator[AsctlError]:
    seen: dict[str, str] = {}
    for account in accounts:
        section, name = account.path
        if not _ACCOUNT_NAME.fullmatch(name):
            yield BadConfiguration(
                _("{name!r} in [{section}] is not an account's name").format(name=name, section=section),
                code="bad_account_name",
                hint=_("use letters, digits, - and _"),
            )
        if not account.plugin:
            yield missing_key((*account.path, "plugin"), common_settings(section)[0].help)
        alike = folded(name)
        if alike in seen:
            yield BadConfiguration(
                _("{one} and {other} have the same name").format(one=seen[alike], other=account.key),
                code="duplicate_account",
                hint=_("rename one: commands and variables name accounts without their section"),
            )
        seen[alike] = account.key


def _spec_problems(settings: Settings, account: Account, spec_of: SpecOf) -> list[AsctlError]:
    if not account.plugin:
        return []
    try:
        spec = spec_of(account)
        settings.pace(account, spec)
    except AsctlError as problem:
        return [problem]
    return settings.read_account(account, spec)[1]


def _policy_problems(settings: Settings) -> Iterator[AsctlError]:
    try:
        settings.watch_policy()
    except AsctlError as problem:
        yield problem


def _routing_problems(settings: Settings) -> Iterator[AsctlError]:
    for path in settings.routes():
        found = settings.layers[path][0]
        try:
            settings.account(str(found.value))
        except AsctlError as problem:
            yield BadConfiguration(
                _("{key} ({where}) names the account {name!r}, which does not exist").format(
                    key=dotted(path), where=found.origin, name=found.value
                ),
                code="unknown_account",
                hint=problem.hint,
            )


def _phone_problems(settings: Settings) -> Iterator[AsctlError]:
    for account in settings.accounts():
        if account.kind is ProviderKind.ORDER_SOURCE:
            for name in OWN_PHONES:
                try:
                    settings.phone_tail(account, name)
                except AsctlError as problem:
                    yield problem
