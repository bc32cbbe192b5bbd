"""What ``ProviderSpec.factory`` names: one class for each kind of account, put together from its capabilities.

One class may have many capabilities. No method of two of them has the same name, so each stands in a file of its own.
"""

from __future__ import annotations

from asctl_demo.applications import Applications
from asctl_demo.claims import Claims
from asctl_demo.decisions import Decisions
from asctl_demo.invoices import Invoices
from asctl_demo.notices import Notices
from asctl_demo.parcels import Parcels
from asctl_demo.pickups import Pickups
from asctl_demo.push import Callbacks


class DemoMarket(Decisions, Applications):
    """A shop: ``OrderSource``, ``AfterSaleSource``, ``AfterSaleDesk``, ``RemarkWriter``, ``OrderAddressChanger``,
    ``OrderInterceptor``, ``ApplicationSource``, ``ResultTaker``, ``AccountChecker``."""


class DemoParcels(Parcels, Pickups, Claims, Callbacks):
    """A courier: ``Tracker``, ``PushReceiver``, ``AddressChanger``, ``Interceptor``, ``ReverseShipper``, ``ClaimDesk``,
    ``AccountChecker``."""


class DemoInvoices(Invoices, Callbacks):
    """``InvoiceIssuer``, ``InvoiceReverser``, ``InvoiceDeliverer``, ``InvoiceFiles``, ``PushReceiver``, ``AccountChecker``."""


class DemoChat(Notices):
    """``Notifier``, ``AccountChecker``."""
