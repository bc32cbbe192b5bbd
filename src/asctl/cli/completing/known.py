"""What this installation knows that may stand on a command line: accounts, plugins, settings, numbers in the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asctl.settings import Settings

Candidates = Iterable[tuple[str, str]]
"""Words with what is said about each, often nothing."""

AT_MOST = 50
ACCOUNTS = {"account": "", "shop": "shops", "courier-account": "couriers", "invoice-account": "invoices"}
"""Kinds of values that are accounts, with their section; none: of any."""
STORED = {
    "rma": ("rma",),
    "waybill": ("waybill",),
    "order": ("order",),
    "after-sale": ("after-sale",),
    "action": ("action",),
    "task": ("task",),
    "batch": ("batch",),
    "invoice": ("invoice",),
    "invoice-or-order": ("invoice", "order"),
    "target": ("waybill", "order"),
}
"""Kinds of values that the store knows, with the kinds of numbers that each may be."""
OTHERS = ("courier", "plugin", "setting", "reason")


def known(kind: str, begun: str, config: str, environ: Mapping[str, str]) -> Candidates:
    """The words of a kind that may follow ``begun``; those of the store begin with it, the newest first.

    Raises what settings and store raise.
    """
    if kind == "courier":
        from asctl.domain.couriers import NAMES

        return NAMES.items()
    from asctl.settings import load_unchecked

    settings = load_unchecked(Path(config) if config else None, environ)
    if kind in ACCOUNTS:
        return _accounts(settings, ACCOUNTS[kind])
    if kind in STORED:
        return _numbers(settings, STORED[kind], begun)
    return [(word, "") for word in _words(settings, kind)]


def _accounts(settings: Settings, section: str) -> Candidates:
    return [(account.name, account.plugin) for account in settings.accounts() if section in ("", account.path[0])]


def _numbers(settings: Settings, kinds: tuple[str, ...], begun: str) -> Candidates:
    from asctl.store.completions import newest_known
    from asctl.store.opening import open_store

    with open_store(str(settings.value("store.url"))).read() as tx:
        return [(number, "") for number in newest_known(tx, kinds, begun, AT_MOST)]


def _words(settings: Settings, kind: str) -> Iterable[str]:
    if kind == "setting":
        return settings.known_keys()
    if kind == "reason":
        return settings.rma_policy().reasons
    from asctl.host.plugins import Host

    return Host(settings.value("plugins.allow"), lambda _line: None).names()
