"""Marketplaces: orders, applications, remarks, addresses before shipping, interception by refund."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from asctl.capabilities.shipping import Submission
from asctl.capabilities.writes import Finding
from asctl.domain.aftersales import AfterSale
from asctl.domain.errors import AsctlError
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


@dataclass(frozen=True, slots=True)
class DeskLimits:
    """How many applications one call may agree to, and for how much in total (yuan; ``None``: no bound)."""

    at_once: int = 1
    total: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AfterSaleRefusal:
    """A refusal to send. ``text`` has 2 to 200 characters; ``reason_id`` is the marketplace's own number for the reason
    and ``proof`` a picture, where it wants them."""

    after_sale: AfterSale
    text: str
    reason_id: str = ""
    proof: bytes = b""


@dataclass(frozen=True, slots=True)
class AfterSaleOutcome:
    """What became of one application. Without ``error`` it is done; ``needs_person`` says that nothing was done yet and
    somebody has to answer first (a code by text message: reference/taobao-top.md section 4.4)."""

    after_sale_id: str
    error: AsctlError | None = None
    needs_person: bool = False
    message: str = ""


class AfterSaleDesk(Protocol):
    """Decisions on applications: writes (contracts ``versioned``, under ``agree_after_sales`` and ``refuse_after_sale``)."""

    def agree_after_sales(self, after_sales: tuple[AfterSale, ...], code: str = "") -> tuple[AfterSaleOutcome, ...]:
        """Agree to each, within ``DeskLimits``; one outcome per application, in order. ``code`` answers a second
        verification. Raises only where nothing at all was done; an outcome that is not known is :class:`Unclear` in
        ``AfterSaleOutcome.error``."""
        ...

    def refuse_after_sale(self, refusal: AfterSaleRefusal) -> Submission:
        """Raises :class:`BadInput` for what the marketplace would not take, :class:`Refused`, :class:`Unclear`."""
        ...


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


@dataclass(frozen=True, slots=True)
class ReceiverChange:
    """New receiver data for an order that is not shipped yet; only fields that are not empty are changed.

    ``standing`` is what the marketplace showed before. A look may call the change absent only while that still stands:
    where something else does, somebody else has written, and nobody can tell what became of ours.
    """

    key: str
    order_id: str
    receiver: Receiver
    standing: Receiver | None = None


class OrderAddressChanger(Protocol):
    """Change the receiver of an order that is not shipped yet (R94). A write, with its contract under ``change_receiver``."""

    def check_receiver(self, receiver: Receiver) -> None:
        """Raises :class:`BadInput` for a field that the marketplace would refuse (length, characters). Sends nothing."""
        ...

    def change_receiver(self, request: ReceiverChange) -> Submission:
        """Raises :class:`Refused` (``TOO_LATE`` where it is shipped by now), :class:`NotFound` or :class:`Unclear`."""
        ...


class OrderInterceptor(Protocol):
    """Ask the marketplace to have a parcel stopped, tied to an application. A write (contract ``versioned``, under
    ``intercept_order``)."""

    def intercept_order(self, after_sale: AfterSale) -> Submission:
        """Returns when the request is accepted; what came of it is read with :meth:`order_interception`."""
        ...

    def order_interception(self, after_sale: AfterSale) -> Finding:
        """Whether one was asked for (``ABSENT``: no), and its effect as the marketplace tells it."""
        ...
