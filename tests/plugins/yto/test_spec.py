"""The spec: what the plugin declares before anything of it is imported, and that its README says the same."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import asctl_yto
from asctl.api import InterceptorLimits, Pace, PickupLimits, ProviderSpec, TrackerLimits, WriteClass
from asctl_yto.errors import REASON_WORDS

README = Path(asctl_yto.__file__).with_name("README.md").read_text(encoding="utf-8")


def spec() -> ProviderSpec:
    (only,) = asctl_yto.asctl_couriers()
    return only


def test_it_is_the_couriers_own():
    """The plugin serves YTO, and is asked before an aggregator."""
    assert (spec().id, spec().couriers, spec().aggregator) == ("yto", ("yto",), False)
    assert spec().pace == Pace(calls=200, per=timedelta(minutes=1))


def test_limits():
    """One waybill a call without a phone; back to the sender only; requests can be taken back; nobody must say when."""
    limits = {capability.name: capability.limits for capability in spec().capabilities}
    assert limits["Tracker"] == TrackerLimits(batch=1)
    assert limits["Interceptor"] == InterceptorLimits(return_to=("sender",), cancel=True)
    assert limits["ReverseShipper"] == PickupLimits(needs_window=False, cancel=True)


def test_writes_are_unprotected():
    """No write is declared safer than it is: that a pickup's number protects it is only reported, and nothing looks."""
    contracts = {name: contract for one in spec().capabilities for name, contract in one.writes.items()}
    assert set(contracts) == {"change_address", "intercept", "cancel_interception", "order_pickup", "cancel_pickup"}
    assert all(
        (one.write, one.find, one.status, one.authoritative) == (WriteClass.UNKEYED, "", "", False)
        for one in contracts.values()
    )


def test_secrets_are_declared_as_such():
    """What signs is secret; customer code, secret and URL key of the account must be given."""
    settings = spec().settings
    secrets = {setting.name for setting in settings if setting.type == "secret"}
    assert secrets == {"secret", "track_secret", "intercept_secret", "pickup_secret", "push_secret"}
    assert {setting.name for setting in settings if setting.required} == {"customer_code", "secret", "url_key"}


def rows(heading: str) -> list[list[str]]:
    """The cells of the table that follows a heading of the README."""
    part = README.split(heading, 1)[1]
    table = re.search(r"\n\n(\|.*?)\n\n", part, re.DOTALL)
    assert table is not None
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[1].splitlines()[2:]]


def test_readme_lists_every_capability():
    """The first table of the README is the spec's list, in its order."""
    assert [row[0].strip("`") for row in rows("# YTO Express")] == [one.name for one in spec().capabilities]


def test_readme_lists_every_setting():
    """Each setting stands there with its default; what has none names the setting that it falls back to."""
    told = {row[0].strip("`"): row[1:] for row in rows("## Settings")}
    assert list(told) == [setting.name for setting in spec().settings]
    for setting in spec().settings:
        meaning, default = told[setting.name]
        assert default.strip("`") == ("required" if setting.required else setting.default or "none")
        fallback = re.sub("^(track|intercept|pickup|push)_", "", setting.name)
        assert default != "none" or meaning.endswith(f"without it `{fallback}`")


def test_readme_lists_every_word_of_a_refusal():
    """The table of refusals has the words of the code, in their order."""
    told = [word for row in rows("## Refusals")[:-1] for word in row[0].split(", ")]
    assert told == [word for word, _reason in REASON_WORDS]


def test_readme_says_what_it_cannot_do():
    """The table of verbs agrees with limits and contracts."""
    offered = {row[0].strip("`"): row[1].split()[0] == "yes" for row in rows("## What it cannot do")}
    interceptor = spec().capability("Interceptor")
    assert interceptor is not None
    assert offered == {
        "track": True,
        "address change": True,
        "intercept request --return-to sender": True,
        "intercept request --return-to outlet": False,
        "intercept cancel": True,
        "interception told by query": bool(interceptor.writes["intercept"].find),
        "interception told by callback": True,
        "pickup request": True,
        "pickup cancel": True,
    }
