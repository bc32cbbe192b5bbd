"""Errands at invoice providers: issue, try again, reverse, deliver; and handing results to the marketplace."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from asctl.capabilities.applications import InvoiceResult
from asctl.capabilities.invoices import Delivery, FormTold, InvoiceFinding, InvoiceRequest, InvoiceTold, Reversal
from asctl.capabilities.specs import WriteContract
from asctl.capabilities.writes import Evidence, Finding
from asctl.domain.actions import Action, ActionKind
from asctl.domain.identifiers import storable
from asctl.domain.invoices import Colour, InvoiceKind, Reason, Scope, Seller
from asctl.domain.masking import strike_buyer
from asctl.host.guard import Guarded
from asctl.services.books import learned
from asctl.services.contracts import contract_of
from asctl.services.desk import Desk
from asctl.services.errands import Errand, NothingToDo, Ready, RequestErrand
from asctl.services.frozen import buyer_words, thawed_bytes
from asctl.services.invoicing import check_unchanged
from asctl.services.outcomes import Seen
from asctl.store.invoice_tables import buyer_of, line_of
from asctl.text import _

Made = Callable[[Action, Mapping[str, Any]], object]


class _AtProvider(RequestErrand):
    """A write about one invoice of the books. Our serial is its key, so what is there under it is its own doing, whenever it was
    sent: by an attempt that nobody remembers, too."""

    def __init__(self, kind: ActionKind, made: Made) -> None:
        self.kind = kind
        self._made = made

    def request(self, action: Action) -> object:
        kept: Any = action.payload["request"]
        return self._made(action, kept)

    def ready(self, desk: Desk, provider: Guarded, action: Action) -> Ready:
        check_unchanged(desk, action)
        contract = contract_of(desk, action)
        if not contract.find:
            return Ready()
        found = self.look(provider, contract, action)
        if found.evidence is Evidence.PRESENT:
            raise NothingToDo("there_already", _("it is there already, under our own number"), {}, found, own=True)
        return Ready(before=found.evidence.value)

    def look(self, provider: Guarded, contract: WriteContract, action: Action) -> Finding:
        return _kept(super().look(provider, contract, action), action)

    def ask(self, provider: Guarded, contract: WriteContract, action: Action) -> Finding:
        return _kept(super().ask(provider, contract, action), action)


class _HandOver(RequestErrand):
    """An issued invoice for the marketplace."""

    kind = ActionKind.HAND_INVOICE_OVER

    def request(self, action: Action) -> object:
        kept: Any = action.payload["request"]
        return _result_of(action, kept)


class _Deliver(RequestErrand):
    """A copy for the customer."""

    kind = ActionKind.DELIVER_INVOICE

    def request(self, action: Action) -> object:
        kept: Any = action.payload["request"]
        told = {name: str(kept[name]) for name in ("number", "code", "email", "mobile")}
        return Delivery(key=action.key, seller=Seller(**kept["seller"]), kind=InvoiceKind(kept["kind"]), **told)


def _kept(found: Finding, action: Action) -> Finding:
    """A finding that enters into the books what it saw."""
    if not isinstance(found, InvoiceFinding):
        return found
    whom = buyer_words(action)
    message = strike_buyer(found.message, whom)
    told = _storable(found.invoice or found.form, whom)
    if told is None:
        return replace(found, message=message)
    return Seen(
        found.evidence,
        found.effect,
        found.reference,
        message,
        learned=lambda tx, now: learned(tx, action, told, now),
    )


def _storable(told: InvoiceTold | FormTold | None, whom: Collection[str]) -> InvoiceTold | FormTold | None:
    """What every store takes, and everybody may read: far sides quote whom they were told of."""
    if told is None:
        return None
    texts: dict[str, Any] = {name: storable(getattr(told, name)) for name in ("raw_state", "reference", "number")}
    texts["message"] = storable(strike_buyer(told.message, whom))
    if isinstance(told, InvoiceTold):
        files = {storable(name): storable(url) for name, url in told.files.items()}
        return replace(told, **texts, code=storable(told.code), files=files)
    red = _storable(told.red, whom)
    return replace(told, **texts, red=red if isinstance(red, InvoiceTold) else None)


def _issue_of(action: Action, kept: Mapping[str, Any]) -> InvoiceRequest:
    return InvoiceRequest(
        **_document(kept),
        order_id=action.order_id,
        ordered_at=datetime.fromisoformat(kept["ordered_at"]),
        remark=str(kept["remark"]),
        case=action.rma,
        reference=action.reference or str(kept.get("reference") or ""),
    )


def _reversal_of(action: Action, kept: Mapping[str, Any]) -> Reversal:
    issued = kept.get("blue_issued_at")
    return Reversal(
        **_document(kept),
        scope=Scope(kept["scope"]),
        reason=Reason(kept["reason"]),
        blue_serial=str(kept["blue_serial"]),
        blue_number=str(kept["blue_number"]),
        requested_at=datetime.fromisoformat(kept["requested_at"]),
        blue_code=str(kept["blue_code"]),
        blue_reference=str(kept["blue_reference"]),
        blue_issued_at=datetime.fromisoformat(issued) if issued else None,
        blue_net=Decimal(kept["blue_net"]),
        blue_tax=Decimal(kept["blue_tax"]),
        case=action.rma,
        reference=action.reference,
    )


def _result_of(action: Action, kept: Mapping[str, Any]) -> InvoiceResult:
    document = _document(kept)
    seller: Seller = document.pop("seller")
    document.pop("serial")
    return InvoiceResult(
        **document,
        key=action.key,
        order_id=action.order_id,
        application=str(kept["application"]),
        colour=Colour(kept["colour"]),
        seller_tax_id=seller.tax_id,
        seller_name=seller.name,
        drawer=seller.drawer,
        number=str(kept["number"]),
        issued_at=datetime.fromisoformat(kept["issued_at"]),
        code=str(kept["code"]),
        blue_number=str(kept["blue_number"]),
        blue_code=str(kept["blue_code"]),
        file=thawed_bytes(kept, "file"),
        format=str(kept["format"]),
    )


def _document(kept: Mapping[str, Any]) -> dict[str, Any]:
    """What all of them say: who sells what to whom."""
    return {
        "serial": str(kept["serial"]),
        "seller": Seller(**kept["seller"]),
        "kind": InvoiceKind(kept["kind"]),
        "buyer": buyer_of(kept["buyer"]),
        "lines": tuple(line_of(line) for line in kept["lines"]),
        **{name: Decimal(kept[name]) for name in ("net", "tax", "gross")},
    }


def invoice_errands() -> tuple[Errand, ...]:
    """The errands about invoices."""
    return (
        _AtProvider(ActionKind.ISSUE_INVOICE, _issue_of),
        _AtProvider(ActionKind.RETRY_INVOICE, _issue_of),
        _AtProvider(ActionKind.REVERSE_INVOICE, _reversal_of),
        _Deliver(),
        _HandOver(),
    )
