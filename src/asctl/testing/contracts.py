"""The contracts that an author's tests inherit; pytest finds and runs their rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, ClassVar

import pytest

from asctl.host.fitness import Unfit
from asctl.pytest_plugin import PROPERTY
from asctl.testing.catalogue import rules_for, rules_of
from asctl.testing.examination import Examiner, Standing, State, undeclared
from asctl.testing.far_side import Port
from asctl.testing.rules import Rule
from asctl.testing.subject import Subject, subjects_in

Record = Callable[[str, object], None]


class _Contract:
    """``module`` is the one that the entry point names; ``provider`` the spec's id, where the plugin has several.

    A test for each pair of provider and rule; what is not declared is skipped by name.
    """

    module: ClassVar[str] = ""
    provider: ClassVar[str] = ""
    capability: ClassVar[str] = ""

    @classmethod
    def subjects(cls) -> tuple[Subject, ...]:
        """Who is examined: every spec of the module, or the one that has the id."""
        if not cls.module:
            raise pytest.UsageError(f"{cls.__name__} needs module = 'the one that your entry point names'")
        found = tuple(one for one in _subjects(cls.module) if cls.provider in ("", one.spec.id))
        if not found:
            raise pytest.UsageError(f"{cls.__name__}: {cls.module} offers no provider {cls.provider!r}")
        return found

    @classmethod
    def pytest_generate_tests(cls, metafunc: pytest.Metafunc) -> None:
        if "kit_rule" in metafunc.fixturenames and metafunc.cls is not None:
            contract: type[_Contract] = metafunc.cls
            metafunc.parametrize(("kit_subject", "kit_rule"), [*contract._cases()] or [contract._nothing()])

    @classmethod
    def _cases(cls) -> Iterator[Any]:
        for subject in cls.subjects():
            provider = subject.spec.id
            for rule in rules_of(cls.capability) if cls.capability else rules_for(subject.spec):
                if rule.capability in ("", *(one.name for one in subject.spec.capabilities)):
                    yield pytest.param(subject, rule, id=f"{provider}:{rule.id}")
            for name in undeclared(subject):
                if cls.capability in ("", name):
                    yield _skipped(provider, name)

    @classmethod
    def _nothing(cls) -> Any:
        return _skipped(cls.module, cls.capability)

    def test_rule(self, kit_subject: Subject, kit_rule: Rule, kit_port: Port, record_property: Record) -> None:
        """The provider keeps this rule."""
        standing = _examiner(kit_subject, kit_port).stand(kit_rule)
        record_property(PROPERTY, (kit_subject.spec.id, kit_rule.tier.value, standing.state.value))
        _judge(standing)


class PluginContract(_Contract):
    """Every rule for everything that the plugin declares."""


class CapabilityContract(_Contract):
    """The rules for one capability, of every provider that declares it."""


def _skipped(who: str, capability: str) -> Any:
    skip = pytest.mark.skip(reason=f"{who} does not declare {capability}")
    return pytest.param(None, None, id=f"{who}:{capability}", marks=skip)


def _judge(standing: Standing) -> None:
    """Pass, fail or skip the running test; the summary of the run tells the tiers."""
    rule = standing.rule
    if standing.state is State.TODO and standing.untried and rule.tier.optional:
        pytest.skip(f"to do for {rule.tier}: {standing.why}")
    if standing.state is State.TODO:
        pytest.fail(f"{rule.id}: {rule.says}\nseen: {standing.why}", pytrace=False)
    if standing.state is not State.DONE:
        pytest.skip(f"{standing.state.replace('_', ' ')}: {standing.why}")


@cache
def _subjects(module: str) -> tuple[Subject, ...]:
    try:
        return subjects_in(module)
    except Unfit as unfit:
        raise pytest.UsageError(f"{module} cannot be examined: {unfit.words}") from unfit


_EXAMINERS: dict[tuple[int, int], Examiner] = {}


def _examiner(subject: Subject, port: Port) -> Examiner:
    """One for each subject of a run; it remembers that the plugin did not come back."""
    return _EXAMINERS.setdefault((id(subject), id(port)), Examiner(subject, port))


class OrderSourceContract(CapabilityContract):
    capability = "OrderSource"


class AfterSaleSourceContract(CapabilityContract):
    capability = "AfterSaleSource"


class AfterSaleDeskContract(CapabilityContract):
    capability = "AfterSaleDesk"


class RemarkWriterContract(CapabilityContract):
    capability = "RemarkWriter"


class OrderAddressChangerContract(CapabilityContract):
    capability = "OrderAddressChanger"


class OrderInterceptorContract(CapabilityContract):
    capability = "OrderInterceptor"


class ApplicationSourceContract(CapabilityContract):
    capability = "ApplicationSource"


class ResultTakerContract(CapabilityContract):
    capability = "ResultTaker"


class TrackerContract(CapabilityContract):
    capability = "Tracker"


class AccountCheckerContract(CapabilityContract):
    capability = "AccountChecker"


class ClaimDeskContract(CapabilityContract):
    capability = "ClaimDesk"


class InterceptorContract(CapabilityContract):
    capability = "Interceptor"


class ReverseShipperContract(CapabilityContract):
    capability = "ReverseShipper"


class PushReceiverContract(CapabilityContract):
    capability = "PushReceiver"


class AddressChangerContract(CapabilityContract):
    capability = "AddressChanger"


class InvoiceIssuerContract(CapabilityContract):
    capability = "InvoiceIssuer"


class InvoiceReverserContract(CapabilityContract):
    capability = "InvoiceReverser"


class InvoiceDelivererContract(CapabilityContract):
    capability = "InvoiceDeliverer"


class InvoiceFilesContract(CapabilityContract):
    capability = "InvoiceFiles"


class LabelRendererContract(CapabilityContract):
    capability = "LabelRenderer"


class LabelLayoutsContract(CapabilityContract):
    capability = "LabelLayouts"


class NotifierContract(CapabilityContract):
    capability = "Notifier"
