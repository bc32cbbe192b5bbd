"""The harmless call that tells whether an account is in order: ``AccountChecker``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from asctl.capabilities.accounts import CheckResult
from asctl.capabilities.specs import ProviderSpec, SettingType
from asctl.domain.errors import BadConfiguration, CredentialsRefused
from asctl.testing.discretion import clean
from asctl.testing.exercises import Exercise
from asctl.testing.rules import Rule, Stage, Tier, always, expect
from asctl.testing.site import Site
from asctl.testing.troubles import trouble_rules

CHECK = Exercise("AccountChecker", "check", lambda _site: ())
EXERCISES = (CHECK,)
_AHEAD = timedelta(minutes=5)
_NEAR = 2.0


def account_checker_rules() -> Iterator[Rule]:
    """All rules for ``AccountChecker``."""
    for name, says, check, stage in (
        ("told", "it says in words what the far side told of the account, and no secret", _told, Stage.ANY),
        ("reads_only", "it changes nothing, and does ask the far side", _reads_only, Stage.ANY),
        ("wrong_secret", "with another secret the far side does not take the account", _wrong_secret, Stage.WORLD),
        ("clock_skew", "clock_skew_s is ours minus theirs in seconds, or None", _clock_skew, Stage.WORLD),
    ):
        beside = _BESIDE.get(name, always)
        yield Rule(f"{CHECK.name}.{name}", Tier.BRONZE, f"check: {says}", check, CHECK.capability, beside, stage=stage)
    yield from trouble_rules(CHECK)


def _checked(site: Site) -> CheckResult:
    result = CHECK.done(site, CHECK.prepared(site))
    expect(isinstance(result, CheckResult), f"the answer is a {type(result).__name__}, and no CheckResult")
    assert isinstance(result, CheckResult)
    return result


def _told(site: Site) -> None:
    told = _checked(site)
    expect(isinstance(told.detail, str) and bool(told.detail.strip()), "the CheckResult says nothing (detail)")
    found = site.privacy.unfit([told.detail])
    expect(found is None, f"the detail or the log holds {found}")


def _reads_only(site: Site) -> None:
    _checked(site)
    expect(bool(site.far_side.requests()), "nothing was asked of the far side")
    expect(not site.far_side.writes(), "a write reached the far side")


def _secrets(spec: ProviderSpec) -> list[str]:
    return [setting.name for setting in spec.settings if setting.type is SettingType.SECRET]


def _beside_secret(spec: ProviderSpec) -> str:
    return "" if _secrets(spec) else "declares no secret"


_BESIDE = {"wrong_secret": _beside_secret}


def _wrong_secret(site: Site) -> None:
    """A sandbox app that lets everybody in shows nothing of how a provider signs."""
    told = {name: str(site.settings.get(name) or "") for name in _secrets(site.spec)}
    wrong = {name: value[:-1] + ("1" if value.endswith("0") else "0") for name, value in told.items() if value}
    outcome = CHECK.outcome(site, (), provider=site.another_provider(**wrong))
    refused = isinstance(outcome.error, CredentialsRefused | BadConfiguration)
    expect(
        refused,
        f"should be CredentialsRefused, but there was {outcome.seen}: does the sandbox app check what is signed?",
    )
    clean(site, outcome)


def _clock_skew(site: Site) -> None:
    """Their clock is set back, so ours is ahead of it."""
    for ahead in (timedelta(), _AHEAD):
        site.world.advance(-ahead)
        skew = _checked(site).clock_skew_s
        wanted = ahead.total_seconds()
        right = skew is None or abs(skew - wanted) <= _NEAR
        expect(right, f"our clock is {wanted:g} s ahead of theirs, and clock_skew_s is {skew}")
