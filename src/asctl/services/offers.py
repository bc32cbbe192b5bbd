"""What an account can do, and what it cannot, in the words of the commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from asctl.capabilities.invoices import InvoiceLimits
from asctl.capabilities.shipping import InterceptorLimits, PickupLimits
from asctl.capabilities.specs import Capability, ProviderKind, ProviderSpec
from asctl.domain.invoices import InvoiceKind

Test = Callable[[ProviderSpec], bool]


def _has(capability: str) -> Test:
    return lambda spec: spec.capability(capability) is not None


def _limits(spec: ProviderSpec) -> InterceptorLimits | None:
    declared = spec.capability("Interceptor")
    if declared is None:
        return None
    return declared.limits if isinstance(declared.limits, InterceptorLimits) else InterceptorLimits()


def _returns_to(place: str) -> Test:
    def test(spec: ProviderSpec) -> bool:
        limits = _limits(spec)
        return limits is not None and place in limits.return_to

    return test


def _cancels(spec: ProviderSpec) -> bool:
    limits = _limits(spec)
    return limits is not None and limits.cancel


def _cancels_pickups(spec: ProviderSpec) -> bool:
    declared = spec.capability("ReverseShipper")
    if declared is None:
        return False
    return declared.limits.cancel if isinstance(declared.limits, PickupLimits) else PickupLimits().cancel


def _tells_effect(spec: ProviderSpec) -> bool:
    declared: Capability | None = spec.capability("Interceptor")
    contract = declared.writes.get("intercept") if declared else None
    return contract is not None and bool(contract.find)


def _issues(kind: InvoiceKind) -> Test:
    def test(spec: ProviderSpec) -> bool:
        declared = spec.capability("InvoiceIssuer")
        if declared is None:
            return False
        return kind in (declared.limits if isinstance(declared.limits, InvoiceLimits) else InvoiceLimits()).kinds

    return test


VERBS: dict[ProviderKind, Sequence[tuple[str, Test]]] = {
    ProviderKind.COURIER: (
        ("track", _has("Tracker")),
        ("address change", _has("AddressChanger")),
        ("intercept request", _returns_to("sender")),
        ("intercept request --return-to outlet", _returns_to("outlet")),
        ("intercept cancel", _cancels),
        ("intercept status by query", _tells_effect),
        ("pickup request", _has("ReverseShipper")),
        ("pickup cancel", _cancels_pickups),
    ),
    ProviderKind.ORDER_SOURCE: (
        ("order sync", _has("OrderSource")),
        ("aftersale sync", _has("AfterSaleSource")),
        ("aftersale agree", _has("AfterSaleDesk")),
        ("order remark", _has("RemarkWriter")),
        ("address change", _has("OrderAddressChanger")),
        ("intercept request", _has("OrderInterceptor")),
        ("invoice sync", _has("ApplicationSource")),
        ("invoice shown at the order", _has("ResultTaker")),
    ),
    ProviderKind.INVOICE: (
        ("invoice issue", _issues(InvoiceKind.DIGITAL_ORDINARY)),
        ("invoice request --kind digital_special", _issues(InvoiceKind.DIGITAL_SPECIAL)),
        ("invoice reverse", _has("InvoiceReverser")),
        ("invoice resend", _has("InvoiceDeliverer")),
        ("invoice download", _has("InvoiceFiles")),
        ("invoice receive", _has("PushReceiver")),
    ),
}


def offers(kind: ProviderKind, spec: ProviderSpec) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The verbs that an account of this plugin can carry out, and those of its kind that it cannot."""
    verbs = VERBS.get(kind, ())
    return tuple(verb for verb, test in verbs if test(spec)), tuple(verb for verb, test in verbs if not test(spec))
