"""All rules of the kit: those for every spec, and those for each capability."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

from asctl.capabilities.specs import ProviderKind, ProviderSpec
from asctl.domain.slips import nearest
from asctl.testing.accounts import account_checker_rules
from asctl.testing.aftersales import after_sale_source_rules
from asctl.testing.applications import application_source_rules
from asctl.testing.claims import claim_desk_rules
from asctl.testing.decisions import after_sale_desk_rules
from asctl.testing.declarations import spec_rules
from asctl.testing.deliveries import invoice_deliverer_rules, invoice_files_rules
from asctl.testing.interceptions import interceptor_rules
from asctl.testing.invoices import invoice_issuer_rules
from asctl.testing.labels import label_layouts_rules, label_renderer_rules
from asctl.testing.notices import notifier_rules
from asctl.testing.order_interceptions import order_interceptor_rules
from asctl.testing.orders import order_source_rules
from asctl.testing.pickups import reverse_shipper_rules
from asctl.testing.pushes import push_receiver_rules
from asctl.testing.receivers import order_address_changer_rules
from asctl.testing.recorded import RECORDINGS
from asctl.testing.redirections import address_changer_rules
from asctl.testing.remarks import remark_writer_rules
from asctl.testing.results import result_taker_rules
from asctl.testing.reversals import invoice_reverser_rules
from asctl.testing.rules import Broken, Rule, Tier, expect
from asctl.testing.site import Site
from asctl.testing.tracking import tracker_rules

_RULES: Mapping[str, Callable[[], Iterable[Rule]]] = {
    "OrderSource": order_source_rules,
    "AfterSaleSource": after_sale_source_rules,
    "AfterSaleDesk": after_sale_desk_rules,
    "RemarkWriter": remark_writer_rules,
    "OrderAddressChanger": order_address_changer_rules,
    "OrderInterceptor": order_interceptor_rules,
    "ApplicationSource": application_source_rules,
    "ResultTaker": result_taker_rules,
    "Tracker": tracker_rules,
    "AccountChecker": account_checker_rules,
    "ClaimDesk": claim_desk_rules,
    "Interceptor": interceptor_rules,
    "ReverseShipper": reverse_shipper_rules,
    "PushReceiver": push_receiver_rules,
    "AddressChanger": address_changer_rules,
    "InvoiceIssuer": invoice_issuer_rules,
    "InvoiceReverser": invoice_reverser_rules,
    "InvoiceDeliverer": invoice_deliverer_rules,
    "InvoiceFiles": invoice_files_rules,
    "LabelRenderer": label_renderer_rules,
    "LabelLayouts": label_layouts_rules,
    "Notifier": notifier_rules,
}
KNOWN = tuple(_RULES)
"""The capabilities that the kit has rules for."""
CAPABILITIES: Mapping[ProviderKind, tuple[str, ...]] = {
    ProviderKind.ORDER_SOURCE: (
        "OrderSource",
        "AfterSaleSource",
        "AfterSaleDesk",
        "RemarkWriter",
        "OrderAddressChanger",
        "OrderInterceptor",
        "ApplicationSource",
        "ResultTaker",
        "Tracker",
        "AccountChecker",
    ),
    ProviderKind.COURIER: (
        "Tracker",
        "PushReceiver",
        "AddressChanger",
        "Interceptor",
        "ReverseShipper",
        "ClaimDesk",
        "AccountChecker",
    ),
    ProviderKind.INVOICE: (
        "InvoiceIssuer",
        "InvoiceReverser",
        "InvoiceDeliverer",
        "InvoiceFiles",
        "PushReceiver",
        "AccountChecker",
    ),
    ProviderKind.LABEL: ("LabelRenderer", "LabelLayouts"),
    ProviderKind.NOTIFIER: ("Notifier", "AccountChecker"),
}
"""What a provider of each kind may offer."""


@cache
def rules_of(capability: str) -> tuple[Rule, ...]:
    """The rules for a capability, in the order in which they are tried and told; none for a name that the kit does not know."""
    make = _RULES.get(capability)
    return tuple(make()) if make else ()


def rules_for(spec: ProviderSpec) -> Iterator[Rule]:
    """The rules for a spec and all that it declares."""
    yield from spec_rules()
    yield from BINDING
    for capability in spec.capabilities:
        yield from rules_of(capability.name)


def _exemptions(site: Site) -> None:
    """Several specs may share what they tell the kit, so a rule for what this one does not declare is one, too."""
    known = {rule.id for rules in (spec_rules(), *map(rules_of, _RULES)) for rule in rules}
    for name, reason in site.subject.conformance.exempt.items():
        if name not in known:
            likely = " or ".join(nearest(name, known))
            raise Broken(f"there is no rule {name} to be exempt from" + (f"; is it {likely}?" if likely else ""))
        expect(isinstance(reason, str) and bool(reason.strip()), f"the exemption from {name} gives no reason")


def _offers(site: Site) -> None:
    expect(bool(site.spec.capabilities), "it declares no capability, so there is nothing to try; see: asctl help api")


EXEMPTIONS = Rule("spec.exemptions", Tier.BRONZE, "every exemption names a rule, and gives its reason", _exemptions)
OFFERS = Rule("spec.capabilities", Tier.BRONZE, "it declares at least one capability", _offers)
BINDING = (OFFERS, EXEMPTIONS, RECORDINGS)
"""Nobody is exempt from these."""
