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
    """How a source of changes is polled: no window is longer than ``window``; windows overlap by ``overlap`` and end ``lag``
    before now, so that nothing that is still being written is missed. Nothing older than ``history`` can be asked for."""

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
    """Orders of one shop. Read only; limits are a :class:`ChangesLimits`."""

    def changed_orders(self, since: datetime, until: datetime) -> Iterator[tuple[Order | OrderRef | Unreadable, ...]]:
        """Orders changed in ``[since, until)``, both aware, in an order that loses none that change meanwhile.

        Returns pages, one after the other as they are read. An order comes whole, or as an :class:`OrderRef` that is then
        fetched with :meth:`order`; one that cannot be read is :class:`Unreadable` and holds up no other. Raises the read
        families; a page that fails ends the iteration with its error. May be called again.
        """
        ...

    def order(self, order_id: str) -> Order:
        """Returns one whole order. Raises the read families: :class:`NotFound` where the shop has none of that number, and
        :class:`Unavailable` with code ``odd_answer`` where this very order is not in the shape it should be: it is then set
        aside as :class:`Unreadable`, and the others of its page are stored. May be called again."""
        ...


class AfterSaleSource(Protocol):
    """Applications of one shop. Read only; limits are a :class:`ChangesLimits`."""

    def changed_after_sales(self, since: datetime, until: datetime) -> Iterator[tuple[AfterSale | Unreadable, ...]]:
        """Applications changed in ``[since, until)``, both aware.

        Returns pages, with the same promises as for orders. Raises the read families. May be called again.
        """
        ...

    def after_sale(self, after_sale_id: str) -> AfterSale:
        """Returns one application. Raises the read families: :class:`NotFound` where the shop has none of that number. May be
        called again."""
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
    somebody has to answer first, such as with a code by text message. ``message`` holds the marketplace's words."""

    after_sale_id: str
    error: AsctlError | None = None
    needs_person: bool = False
    message: str = ""


class AfterSaleDesk(Protocol):
    """Decisions on applications. Limits are a :class:`DeskLimits`; contracts (``VERSIONED``) are declared under
    ``agree_after_sales`` and ``refuse_after_sale``."""

    def agree_after_sales(self, after_sales: tuple[AfterSale, ...], code: str = "") -> tuple[AfterSaleOutcome, ...]:
        """Agree to each, within ``DeskLimits``, in the ``version`` that each has. ``code`` answers a second verification.

        Returns one :class:`AfterSaleOutcome` per application, in order; one whose outcome is not known has :class:`Unclear` as
        its ``error``. Raises the write families only where nothing at all was done. A write: called again only once a look,
        :meth:`AfterSaleSource.after_sale`, proved that nothing happened.
        """
        ...

    def refuse_after_sale(self, refusal: AfterSaleRefusal) -> Submission:
        """Refuse one application, in the ``version`` that it has.

        Returns a :class:`Submission`. Raises the write families: :class:`BadInput` for what the marketplace would not take,
        before anything is sent; :class:`Stale` where the application changed. A write: called again only once a look proved
        that nothing happened.
        """
        ...


@dataclass(frozen=True, slots=True)
class Remark:
    """An order's remark and flag as they stand, with the order's own time of change (aware)."""

    text: str
    flag: Flag
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class RemarkLimits:
    """The most bytes a remark may hold (GBK and UTF-8 are both counted)."""

    max_bytes: int = 1000


class RemarkWriter(Protocol):
    """Read and replace an order's remark. The core merges; a provider only reads and writes whole texts. Limits are a
    :class:`RemarkLimits`; the contract is declared under ``write_remark``."""

    def remark(self, order_id: str) -> Remark:
        """Returns the remark that stands. Raises the read families: :class:`NotFound` where there is no such order. May be
        called again; it is the look after :meth:`write_remark`, too."""
        ...

    def write_remark(self, order_id: str, text: str, flag: Flag) -> None:
        """Replace text and flag. Raises the write families. A write: called again only once the remark, read again, shows that
        it did not happen."""
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
    """Change the receiver of an order that is not shipped yet (R94). Its contract is declared under ``change_receiver``."""

    def check_receiver(self, receiver: Receiver) -> None:
        """Whether the marketplace would take these fields: lengths, characters. Sends nothing, may be called again.

        Raises :class:`BadInput`, which names the field and never what stands in it.
        """
        ...

    def change_receiver(self, request: ReceiverChange) -> Submission:
        """Put in the fields of ``request.receiver`` that are not empty; the others stay.

        Returns a :class:`Submission`. Raises the write families: :class:`Refused` is ``TOO_LATE`` where the order is shipped by
        now. A write: called again only as its :class:`WriteContract` allows, with the same ``key``.
        """
        ...


class OrderInterceptor(Protocol):
    """Ask the marketplace to have a parcel stopped, tied to an application. Its contract (``VERSIONED``) is declared under
    ``intercept_order``."""

    def intercept_order(self, after_sale: AfterSale) -> Submission:
        """Ask for it.

        Returns a :class:`Submission` when the request is accepted; what came of it is read with :meth:`order_interception`.
        Raises the write families. A write: called again only once that look proved that nothing happened.
        """
        ...

    def order_interception(self, after_sale: AfterSale) -> Finding:
        """Look whether one was asked for.

        Returns a :class:`Finding` (``ABSENT``: no) with its effect as the marketplace tells it. Raises the read families. May
        be called again.
        """
        ...
