"""The rules about a spec as a whole, each on one that breaks it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest

from asctl.api import Capability, Setting, SettingType, WriteClass, WriteContract
from asctl.testing.catalogue import rules_for
from asctl.testing.examination import State
from asctl.testing.subject import Subject
from asctl_demo.sandbox import DemoSandbox
from tests.kit.conftest import Judge
from tests.kit.good import offering
from tests.kit.wrong import with_spec

pytestmark = pytest.mark.storeless
RULES = {one.name: one for one in rules_for(offering("Tracker").spec) if not one.capability}


@dataclass(frozen=True)
class Wrong:
    """A rule, a spec that breaks it, and words of what is told of that."""

    rule: str
    make: Callable[[Subject], Subject]
    told: str


class Bare:
    """A provider that can do nothing."""

    def __init__(self, _context: object) -> None:
        pass


class Forgetful(DemoSandbox):
    """A sandbox app that leaves out what its account needs."""

    changed: Mapping[str, object] = {"key": ""}

    def accounts(self, base_url: str) -> dict[str, dict[str, dict[str, object]]]:
        told = {"base_url": base_url, **self.changed}
        account = {**super().accounts(base_url)["couriers"]["demo"], **told}
        return {"couriers": {"demo": {name: value for name, value in account.items() if value is not None}}}


class Walled(Forgetful):
    """A sandbox app that nobody can be led to."""

    changed: Mapping[str, object] = {"base_url": None}


def adding(*capabilities: Capability) -> Callable[[Subject], Subject]:
    return lambda subject: with_spec(subject, capabilities=(*subject.spec.capabilities, *capabilities))


def promising(contract: WriteContract, method: str = "change_address") -> Callable[[Subject], Subject]:
    """With one capability alone, whose writes are these."""
    return lambda subject: with_spec(
        subject, capabilities=(Capability("AddressChanger", None, {method: contract}),), couriers=("demo",)
    )


def asking_for(
    name: str, kind: SettingType = SettingType.TEXT, help: str = "Something."
) -> Callable[[Subject], Subject]:
    return lambda subject: with_spec(subject, settings=(*subject.spec.settings, Setting(name, kind, help)))


def telling_waybills(*told: str) -> Callable[[Subject], Subject]:
    return lambda subject: replace(subject, conformance=replace(subject.conformance, waybills=told))


def exempt(**reasons: str) -> Callable[[Subject], Subject]:
    told = {name.replace("__", "."): reason for name, reason in reasons.items()}
    return lambda subject: replace(subject, conformance=replace(subject.conformance, exempt=told))


def _without_base_url(subject: Subject) -> Subject:
    others = tuple(one for one in subject.spec.settings if one.name != "base_url")
    return with_spec(subject, settings=others, sandbox=f"{__name__}:Walled")


WRONGS = (
    Wrong("known_capabilities", adding(Capability("Teleporter")), "no capability Teleporter"),
    Wrong("methods", lambda subject: with_spec(subject, factory=f"{__name__}:Bare"), "the provider has no track()"),
    Wrong("methods", adding(Capability("InvoiceFiles")), "the provider has no invoice_file()"),
    Wrong("contracts", promising(WriteContract(), "track"), "AddressChanger.track is no method that writes"),
    Wrong("contracts", promising(WriteContract(find="find_it")), "names find_it(), which is not there"),
    Wrong("contracts", promising(WriteContract(status="state_of_it")), "names state_of_it(), which is not there"),
    Wrong("contracts", promising(WriteContract(WriteClass.KEYED)), "not for how long (key_window)"),
    Wrong(
        "contracts",
        promising(WriteContract(WriteClass.KEYED, key_window=timedelta(1), authoritative=True)),
        "authoritative needs a find",
    ),
    *(
        Wrong("secrets", asking_for(name), f"{name}: say SettingType.SECRET")
        for name in ("app_secret", "passphrase", "checkword", "client_credential", "push_salt", "agree_session")
    ),
    Wrong("settings", asking_for("page", help="pages"), "the help of page is no sentence"),
    Wrong("settings", _without_base_url, "base_url is missing"),
    *(
        Wrong("waybills", telling_waybills(told), words)
        for told, words in (("12345", "is no waybill"), ("yt1234567890123", "is cleaned to 'YT1234567890123'"))
    ),
    Wrong("sandbox_account", lambda subject: with_spec(subject, sandbox=f"{__name__}:Forgetful"), "account"),
    Wrong(
        "sandbox_account",
        lambda subject: with_spec(subject, id="elsewhere"),
        "accounts() of the sandbox app writes no account of elsewhere into couriers, only of demo",
    ),
    Wrong("sandbox", lambda subject: with_spec(subject, sandbox=""), "sandbox app"),
    Wrong("capabilities", lambda subject: with_spec(subject, capabilities=()), "declares no capability"),
    Wrong(
        "recordings", lambda subject: replace(subject, flaws=("real/track.json: no case",)), "real/track.json: no case"
    ),
    Wrong("exemptions", exempt(Tracker__track__fuond="No."), "no rule Tracker.track.fuond"),
    Wrong("exemptions", exempt(Tracker__track__found=" "), "gives no reason"),
)
BROKEN = {RULES[wrong.rule].id for wrong in WRONGS} | {RULES["cheap_listing"].id}


@pytest.mark.parametrize("wrong", WRONGS, ids=lambda wrong: f"{wrong.rule}: {wrong.told}")
def test_who_breaks_a_rule_is_told_so(judge: Judge, wrong: Wrong) -> None:
    """The good spec keeps the rule; the wrong one does not, and is told what was seen."""
    subject = offering("Tracker")
    assert wrong.told in judge.told(subject, RULES[wrong.rule], wrong.make(subject))


@pytest.mark.parametrize("name", ["app_key", "token_url", "customer_code"])
def test_not_everything_is_a_secret(judge: Judge, name: str) -> None:
    """What names an account, and where tokens are to be had, may be seen."""
    kind = SettingType.URL if name.endswith("_url") else SettingType.TEXT
    assert judge(asking_for(name, kind)(offering("Tracker")), RULES["secrets"]).state is State.DONE


def test_listing_imports_nothing_that_it_does_not_need(
    judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plugin that imports its provider when it is listed is found out; one that only prints is not."""
    subject, tried = offering("Tracker"), RULES["cheap_listing"]
    (tmp_path / "kit_slow.py").write_text("class Provider: pass\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    hook = "def asctl_couriers(): return []\n"
    eager = listed(subject, tmp_path, "kit_eager", f"import kit_slow\n{hook}")
    assert "listing imports kit_slow" in judge.told(subject, tried, eager)
    chatty = listed(subject, tmp_path, "kit_chatty", f"print('kit_slow', end='')\n{hook}")
    assert judge(chatty, tried).state is State.DONE
    broken = listed(subject, tmp_path, "kit_broken", f"import nothing_of_that_name\n{hook}")
    assert "cannot be imported by itself" in judge.todo(tried, broken)


def test_a_plugin_is_listed_from_where_it_lies(judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was examined by its path is not on the import path any more."""
    subject = listed(offering("Tracker"), tmp_path, "kit_lying", "def asctl_couriers(): return []\n")
    with monkeypatch.context() as meanwhile:
        meanwhile.syspath_prepend(tmp_path)
        monkeypatch.setitem(sys.modules, "kit_lying", import_module("kit_lying"))
    assert judge(subject, RULES["cheap_listing"]).state is State.DONE


def listed(subject: Subject, folder: Path, module: str, code: str) -> Subject:
    """The subject in a plugin of its own."""
    (folder / f"{module}.py").write_text(code, "utf-8")
    changed = with_spec(subject, factory="kit_slow:Provider", sandbox=subject.spec.sandbox, conformance="")
    return replace(changed, module=module)
