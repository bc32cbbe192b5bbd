"""Return labels: what stands on them and who draws them (T10, R11, R12)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol


@dataclass(frozen=True, slots=True)
class LabelGoods:
    """One line of goods on a label."""

    title: str
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class LabelContent:
    """All that a return label says; texts are ready for people, the contact is already masked.

    ``qr`` is the QR code's text. ``waybill`` is empty where the customer ships himself.
    """

    rma: str
    qr: str
    order_id: str
    shop: str
    kind: str
    reason: str
    customer: str
    contact: str
    return_name: str
    return_phone: str
    return_address: str
    goods: tuple[LabelGoods, ...]
    valid_until: datetime
    approved_by: str
    approved_at: datetime
    courier: str = ""
    waybill: str = ""
    reprint: bool = False


@dataclass(frozen=True, slots=True)
class LabelLimits:
    """Which sizes (width x height in mm, or a paper's name) a renderer knows, and the file's suffix."""

    sizes: tuple[str, ...]
    suffix: str


@dataclass(frozen=True, slots=True)
class RenderedLabels:
    """``pages`` per label, in order; ``missing`` are characters that no font has, each shown as a marked box."""

    pages: tuple[int, ...]
    missing: frozenset[str] = frozenset()


class LabelRenderer(Protocol):
    """Draw labels. No network, no clock; the same content gives the same picture."""

    def render(self, labels: Iterable[LabelContent], size: str, out: BinaryIO) -> RenderedLabels:
        """Write one file with every label in order. Raises :class:`BadInput` for a size it does not know."""
        ...
