"""Marketplaces: orders, applications, remarks, addresses before shipping, interception by refund."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from asctl.domain.aftersales import AfterSale
from asctl.domain.orders import Flag, Order, OrderRef, Receiver


@dataclass(frozen=True, slots=True)
class ChangesLimits:
    """How a source of changes is polled: no window is longer than ``window``; windows overlap by ``overlap`` and end
    ``lag`` before now, so that nothing that is still being written is missed."""

    window: timedelta = timedelta(hours=1)
    overlap: timedelta = timedelta(minutes=2)
    lag: timedelta = timedelta(seconds=30)
    history: timedelta = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One of a page that is not in the shape it should be. It is told to a person and holds up no other one.

    ``number`` is the order's or application's, empty where even that cannot be read; ``reason`` is a sentence without
    personal data.
    """

    number: str
    reason: str


class OrderSource(Protocol):
    """Orders of one shop. Read only; every method may be called again."""

    def changed_orders(self, since: datetime, until: datetime) -> Iterator[tuple[Order | OrderRef | Unreadable, ...]]:
        """Pages of orders changed in ``[since, until)``, in an order that loses none that change meanwhile.

        An order comes whole, or as a reference that is then fetched with :meth:`order`. Raises any read family; a page
        that fails ends the iteration with its error.
        """
        ...

    def order(self, order_id: str) -> Order:
        """One whole order.

        Raises :class:`NotFound`, and :class:`Unavailable` with code ``odd_answer`` where this very order is not in the
        shape it should be: it is then set aside as :class:`Unreadable`, and the others of its page are stored.
        """
        ...


class AfterSaleSource(Protocol):
    """Applications of one shop. Read only."""

    def changed_after_sales(self, since: datetime, until: datetime) -> Iterator[tuple[AfterSale | Unreadable, ...]]:
        """Pages of applications changed in ``[since, until)``; the same promises as for orders."""
        ...

    def after_sale(self, after_sale_id: str) -> AfterSale:
        """One application. Raises :class:`NotFound`."""
        ...


class AfterSaleDesk(Protocol):
    """Decisions on applications: writes (contract ``versioned``)."""

    def agree(self, after_sales: tuple[AfterSale, ...], code: str = "") -> tuple[AfterSaleOutcome, ...]:
        """Agree; one outcome per application, in order. ``code`` answers a second verification."""
        ...

    def refuse(self, after_sale: AfterSale, reason: str) -> AfterSaleOutcome:
        """Refuse one application with a reason of 2 to 200 characters."""
        ...


@dataclass(frozen=True, slots=True)
class AfterSaleOutcome:
    """``status`` is ``done``, ``refused``, ``unclear`` or ``needs_person``; ``message`` is the far side's own words."""

    after_sale_id: str
    status: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """An order's remark and flag as they stand, with the order's time of change."""

    text: str
    flag: Flag
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class RemarkLimits:
    """The most bytes a remark may hold (GBK and UTF-8 are both counted)."""

    max_bytes: int = 1000


class RemarkWriter(Protocol):
    """Read and replace an order's remark. The core merges; a provider only reads and writes whole texts."""

    def remark(self, order_id: str) -> Remark:
        """The remark that stands. Raises :class:`NotFound`."""
        ...

    def write_remark(self, order_id: str, text: str, flag: Flag) -> None:
        """Replace text and flag. A write (contract ``unkeyed``): raises :class:`Unclear` when its outcome is not known."""
        ...


class OrderAddressChanger(Protocol):
    """Change the receiver of an order that is not shipped yet (R94). A write (contract ``unkeyed``, look by reading)."""

    def check_receiver(self, receiver: Receiver) -> None:
        """Raises :class:`BadInput` for a field that the marketplace would refuse (length, characters)."""
        ...

    def change_receiver(self, order_id: str, receiver: Receiver) -> None:
        """Only fields that are not empty are changed."""
        ...


class OrderInterceptor(Protocol):
    """Ask the marketplace to have a parcel stopped, tied to an application. A write (contract ``versioned``)."""

    def intercept_order(self, after_sale: AfterSale) -> None:
        """Returns when the request is accepted; the result is read back with :meth:`order_interception`."""
        ...

    def order_interception(self, after_sale_id: str) -> str:
        """``not_requested``, ``requested``, ``effective`` or ``ineffective``."""
        ...
