"""The configuration examined: everything that is wrong with it, and what should be mended."""

from __future__ import annotations

from collections.abc import Iterator

from asctl.capabilities.specs import ProviderSpec
from asctl.host.plugins import Host
from asctl.services.findings import OK, WARN, Finding, bad
from asctl.settings import Account, Settings, SpecOf, cautions, check
from asctl.text import _

CHECK = "configuration"


def spec_finder(host: Host) -> SpecOf:
    """How the settings find out what an account's plugin declares."""

    def spec_of(account: Account) -> ProviderSpec:
        return host.spec(account.kind, account.plugin)

    return spec_of


def configuration_findings(settings: Settings, host: Host) -> Iterator[Finding]:
    """Each problem, each caution, and a last word where there is no problem. Reads secrets, calls nobody."""
    if not settings.layers and not settings.path.exists():
        yield _nothing(settings)
        return
    spec_of = spec_finder(host)
    problems = check(settings, spec_of)
    yield from (bad(CHECK, problem) for problem in problems)
    yield from (Finding(CHECK, WARN, caution.message, caution.hint) for caution in cautions(settings, spec_of))
    if not settings.path.exists():
        yield _nothing(settings)
    elif not problems:
        count = len(settings.accounts())
        yield Finding(CHECK, OK, _("{path}; accounts: {count}").format(path=settings.path, count=count))


def _nothing(settings: Settings) -> Finding:
    told = _("there is none at {path}; the defaults hold").format(path=settings.path)
    return Finding(CHECK, WARN, told, _("write one with: asctl init"))
