"""Which capability carries out an action of each kind, under which contract and under which lock."""

from __future__ import annotations

from collections.abc import Mapping

from asctl.capabilities.specs import WriteContract
from asctl.domain.actions import Action, ActionKind, Family
from asctl.domain.errors import AsctlError
from asctl.services.desk import Desk

WRITES: Mapping[ActionKind, tuple[str, str]] = {
    ActionKind.INTERCEPT: ("Interceptor", "intercept"),
    ActionKind.CANCEL_INTERCEPTION: ("Interceptor", "cancel_interception"),
    ActionKind.REDIRECT: ("AddressChanger", "change_address"),
    ActionKind.INTERCEPT_ORDER: ("OrderInterceptor", "intercept_order"),
    ActionKind.CHANGE_RECEIVER: ("OrderAddressChanger", "change_receiver"),
    ActionKind.AGREE: ("AfterSaleDesk", "agree_after_sales"),
    ActionKind.REFUSE: ("AfterSaleDesk", "refuse_after_sale"),
    ActionKind.REMARK: ("RemarkWriter", "write_remark"),
    ActionKind.PICKUP: ("ReverseShipper", "order_pickup"),
    ActionKind.CANCEL_PICKUP: ("ReverseShipper", "cancel_pickup"),
    ActionKind.ISSUE_INVOICE: ("InvoiceIssuer", "issue_invoice"),
    ActionKind.RETRY_INVOICE: ("InvoiceIssuer", "retry_invoice"),
    ActionKind.REVERSE_INVOICE: ("InvoiceReverser", "reverse_invoice"),
    ActionKind.DELIVER_INVOICE: ("InvoiceDeliverer", "deliver_invoice"),
    ActionKind.HAND_INVOICE_OVER: ("ResultTaker", "hand_invoice_over"),
}
"""Kind -> (capability, its writing method)."""


def lock_name(account: str, family: Family) -> str:
    """The lock under which actions of one account and family are sent."""
    return f"{family.value} {account}"


def contract_of(desk: Desk, action: Action) -> WriteContract:
    """The contract that the account's plugin declares; without one, or without the plugin, nothing can be relied on."""
    capability, method = WRITES[action.kind]
    try:
        declared = desk.accounts.capability(desk.accounts.named(action.account), capability)
    except AsctlError:
        return WriteContract()
    return declared.writes.get(method, WriteContract()) if declared else WriteContract()
