"""The conformance kit for plugin authors: ``pip install "asctl[testing]"``.

A test file of an author holds one class::

    from asctl.testing import PluginContract


    class TestSwift(PluginContract):
        module = "asctl_swift"

and inherits every rule for what the plugin declares. Or one class per capability, :class:`TrackerContract` and so on. What the
kit needs to know beside the spec stands in :class:`asctl.api.Conformance`. The rules and their state are also told by
``asctl plugin check``, which needs no pytest: the contracts are imported when they are asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asctl.testing.contracts import (
        AccountCheckerContract,
        AddressChangerContract,
        AfterSaleDeskContract,
        AfterSaleSourceContract,
        ApplicationSourceContract,
        ClaimDeskContract,
        InterceptorContract,
        InvoiceDelivererContract,
        InvoiceFilesContract,
        InvoiceIssuerContract,
        InvoiceReverserContract,
        LabelLayoutsContract,
        LabelRendererContract,
        NotifierContract,
        OrderAddressChangerContract,
        OrderInterceptorContract,
        OrderSourceContract,
        PluginContract,
        PushReceiverContract,
        RemarkWriterContract,
        ResultTakerContract,
        ReverseShipperContract,
        TrackerContract,
    )

__all__ = [
    "AccountCheckerContract",
    "AddressChangerContract",
    "AfterSaleDeskContract",
    "AfterSaleSourceContract",
    "ApplicationSourceContract",
    "ClaimDeskContract",
    "InterceptorContract",
    "InvoiceDelivererContract",
    "InvoiceFilesContract",
    "InvoiceIssuerContract",
    "InvoiceReverserContract",
    "LabelLayoutsContract",
    "LabelRendererContract",
    "NotifierContract",
    "OrderAddressChangerContract",
    "OrderInterceptorContract",
    "OrderSourceContract",
    "PluginContract",
    "PushReceiverContract",
    "RemarkWriterContract",
    "ResultTakerContract",
    "ReverseShipperContract",
    "TrackerContract",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("asctl.testing.contracts"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
