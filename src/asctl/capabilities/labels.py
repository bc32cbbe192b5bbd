"""Return labels: what stands on them and who draws them (R11, R12)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol


@dataclass(frozen=True, slots=True)
class LabelGoods:
    """One line of goods on a label. ``rma`` is the case it belongs to, where a label lists several."""

    title: str
    sku: str
    quantity: int
    rma: str = ""


@dataclass(frozen=True, slots=True)
class LabelCase:
    """Another case whose goods travel in the same parcel; texts are ready for people."""

    rma: str
    order_id: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class LabelContent:
    """All that a return label says; texts are ready for people, the contact is already masked.

    ``qr`` is the QR code's text. ``waybill`` is empty where the customer ships himself. ``others`` are further cases in the
    parcel; ``goods`` holds the goods of all of them.
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
    others: tuple[LabelCase, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelLimits:
    """Which sizes (width x height in mm, or a paper's name) and resolutions (dots per inch; none where the file has no dots)
    a renderer knows, its file's suffix, and whether one file holds many labels."""

    sizes: tuple[str, ...]
    suffix: str
    dpis: tuple[int, ...] = ()
    many: bool = True


@dataclass(frozen=True, slots=True)
class LabelForm:
    """How labels are to be drawn. ``layout`` is the text of the shop's own layout for this size, ``layout_name`` where it
    came from; both are empty for the renderer's own. ``dpi`` is 0 where the file has no dots."""

    size: str
    dpi: int = 0
    layout: str = ""
    layout_name: str = ""


@dataclass(frozen=True, slots=True)
class RenderedLabels:
    """What was drawn: how many ``pages`` each label has, in order; ``missing`` are characters that no font has, each shown as a
    marked box."""

    pages: tuple[int, ...]
    missing: frozenset[str] = frozenset()


class LabelLayouts(Protocol):
    """A renderer whose layouts can be changed by the shop."""

    def layout(self, size: str) -> str:
        """Returns its own layout, as text, of a size that its limits name; ``LabelForm.layout`` brings it back as the shop
        changed it. Raises nothing. May be called again."""
        ...


class LabelRenderer(Protocol):
    """Draw labels. Limits are a :class:`LabelLimits`. No network, no clock: the same content gives the same bytes."""

    def render(self, labels: Iterable[LabelContent], form: LabelForm, out: BinaryIO) -> RenderedLabels:
        """Write one file with every label, in order, into ``out``, which can seek.

        Returns how many pages each label has. Raises :class:`BadInput` for a size that it does not know,
        :class:`BadConfiguration` for a bad layout. May be called again.
        """
        ...
