"""What a spec declares, before anything of it is called: names, paths, settings, limits and contracts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import cache

from asctl.capabilities.specs import ProviderKind, SettingType, WriteClass
from asctl.domain.errors import BadInput
from asctl.domain.identifiers import clean_waybill
from asctl.host.plugins import LIST_HOOKS
from asctl.testing.methods import METHODS, WRITES
from asctl.testing.processes import root_of
from asctl.testing.rules import Broken, Missing, Rule, Tier, expect
from asctl.testing.site import Site

_MARK = "imported by listing:"
_TELLING = (
    *("secret", "password", "passwd", "passphrase", "pwd", "token", "private_key", "credential", "salt"),
    *("check_word", "checkword", "session", "cookie", "signature", "sign_key", "api_key", "access_key"),
)
"""Words in the names of what nobody may see. An ``app_key`` is an account's name at most far sides."""


def spec_rules() -> Iterator[Rule]:
    """The rules for every spec."""
    for name, says, check in (
        ("known_capabilities", "every declared capability is one that exists", _known),
        ("methods", "the provider has every method of what it declares", _methods),
        ("contracts", "contracts stand beside methods that write, and name methods that exist", _contracts),
        ("secrets", "a setting that is named like a secret is of type secret", _secrets),
        ("settings", "every setting says in one sentence what it is for", _settings),
        ("cheap_listing", "listing the plugin imports neither its provider nor its sandbox app", _cheap_listing),
        ("waybills", "the waybills that the kit was told are such as asctl takes", _waybills),
        ("sandbox_account", "the sandbox app writes an account that the spec accepts", _sandbox_account),
    ):
        yield Rule(f"spec.{name}", Tier.BRONZE, says, check)
    says = "it brings a sandbox app, or recorded answers, so that everybody can try it offline"
    yield Rule("spec.sandbox", Tier.SILVER, says, _sandbox)


def _known(site: Site) -> None:
    strange = [one.name for one in site.spec.capabilities if one.name not in METHODS]
    expect(not strange, f"there is no capability {', '.join(strange)}; see: asctl help api")


def _methods(site: Site) -> None:
    for capability in site.spec.capabilities:
        for method in METHODS.get(capability.name, ()):
            expect(
                callable(site.provided(method)), f"{capability.name} is declared, but the provider has no {method}()"
            )


def _contracts(site: Site) -> None:
    for capability in site.spec.capabilities:
        for method, contract in capability.writes.items():
            expect((capability.name, method) in WRITES, f"{capability.name}.{method} is no method that writes")
            for look in filter(None, (contract.find, contract.status)):
                expect(callable(site.provided(look)), f"the contract of {method} names {look}(), which is not there")
            expect(
                bool(contract.key_window) or contract.write is not WriteClass.KEYED,
                f"{method} is declared as keyed, but not for how long (key_window)",
            )
            expect(bool(contract.find) or not contract.authoritative, f"{method}: authoritative needs a find")


def _secrets(site: Site) -> None:
    open_ones = [
        setting.name
        for setting in site.spec.settings
        if setting.type in (SettingType.TEXT, SettingType.URL)
        and any(word in setting.name for word in _TELLING)
        and not setting.name.endswith("_url")
    ]
    expect(not open_ones, f"{', '.join(open_ones)}: say SettingType.SECRET")


def _settings(site: Site) -> None:
    for setting in site.spec.settings:
        expect(setting.help.strip().endswith("."), f"the help of {setting.name} is no sentence: {setting.help!r}")
    if site.subject.kind not in (ProviderKind.LABEL,):
        names = {setting.name for setting in site.spec.settings}
        expect("base_url" in names, "base_url is missing: a sandbox, a proxy or a test server cannot stand in")


def _cheap_listing(site: Site) -> None:
    module = site.subject.module
    if not module:
        raise Missing("the plugin's module is not known")
    paths = (site.spec.factory, site.spec.sandbox, site.spec.conformance)
    lazy = {path.partition(":")[0] for path in paths} - {"", module}
    early = sorted(lazy & _imported_by(module, (*filter(None, [root_of(module)]), *sys.path)))
    expect(not early, f"listing imports {', '.join(early)}: give import paths as text in the spec")


@cache
def _imported_by(module: str, path: tuple[str, ...]) -> frozenset[str]:
    """What listing a plugin imports, in a process of its own, because here everything is imported already."""
    code = (
        f"import sys; sys.path[:0] = {list(path)!r}\n"
        f"import {module} as plugin\n"
        f"[hook() for name, hook in vars(plugin).items() if name in {set(LIST_HOOKS.values())!r}]\n"
        f"print({_MARK!r}, *sys.modules)"
    )
    told = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=60, check=False)
    expect(told.returncode == 0, f"the plugin cannot be imported by itself: {told.stderr.strip()[-200:]}")
    _printed, _mark, names = told.stdout.rpartition(_MARK)  # a plugin may print what it likes before, and at its end
    return frozenset(names.partition("\n")[0].split())


def _waybills(site: Site) -> None:
    for told in site.subject.conformance.waybills:
        try:
            taken = clean_waybill(told)
        except BadInput as no:
            raise Broken(no.message) from no
        expect(
            taken == told, f"Conformance.waybills: {told!r} is cleaned to {taken!r} before anybody is asked about it"
        )


def _sandbox_account(site: Site) -> None:
    """The site exists, so the account was accepted; what it needs of a person is not left to chance."""
    if not site.spec.sandbox:
        return
    needed = {setting.name for setting in site.spec.settings if setting.required}
    expect(all(site.settings.get(name) not in (None, "") for name in needed), "a required setting is not written")


def _sandbox(site: Site) -> None:
    offline = site.spec.sandbox or site.subject.recordings or site.subject.kind is ProviderKind.LABEL
    expect(bool(offline), "the spec names no sandbox app")
